#include "link/value.h"

double value_date(struct str text)
{
    unsigned part[3] = { 0, 0, 0 }, digits[3] = { 0, 0, 0 };
    size_t   n = 0;

    for (size_t i = 0; i < text.len && n < 3; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9' && digits[n] < 8) {
            part[n] = part[n] * 10 + (unsigned)(c - '0');
            digits[n]++;
        } else if (digits[n]) {
            n++;
            if (c == 'T') {
                break;
            }
        }
    }
    if (digits[0] == 8) {
        return part[0];
    }
    if (!digits[0] || !digits[1] || !digits[2]) {
        return 0;
    }
    if (digits[0] == 4) {
        return part[0] * 10000.0 + part[1] * 100.0 + part[2];
    }
    if (digits[2] == 4) {
        return part[2] * 10000.0 + part[1] * 100.0 + part[0];
    }
    return 0;
}

bool value_number(struct str text, double *ret_number)
{
    char   clean[64];
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == ' ' || c == '\t' || (unsigned char)c >= 0x80) {
            continue;
        }
        if (n == sizeof clean) {
            return false;
        }
        clean[n++] = c == ',' ? '.' : c;
    }
    return str_double((struct str){ clean, n }, ret_number);
}
