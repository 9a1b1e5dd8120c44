#include "link/ident.h"

#include "base/siren.h"

enum { DIGITS_MAX = 20, VAT_LEN = 11 };

// Digits of a number, signs and blanks apart. False when there is anything else in it, such as the
// E of scientific notation. The letters of a VAT number are accepted in front.
static bool gather(struct str text, char digits[DIGITS_MAX], size_t *ret_count, bool *ret_is_vat)
{
    size_t n = 0;

    *ret_is_vat = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9') {
            if (n == DIGITS_MAX) {
                return false;
            }
            digits[n++] = c;
        } else if ((c == 'F' || c == 'f') && !n && i + 1 < text.len &&
                   (text.at[i + 1] | 0x20) == 'r') {
            *ret_is_vat = true;
            i++;
        } else if ((c == '.' || c == ',') && n >= SIREN_LEN && i + 2 == text.len &&
                   text.at[i + 1] == '0') {
            break; // "12345678900012.0"
        } else if (((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '+' || c == ',') {
            return false;
        }
    }
    *ret_count = n;
    return n > 0;
}

static uint64_t value(const char *digits, size_t count)
{
    uint64_t n = 0;

    for (size_t i = 0; i < count; i++) {
        n = n * 10 + (uint64_t)(digits[i] - '0');
    }
    return n;
}

void ident_read(struct str text, struct ident *ret)
{
    char   digits[DIGITS_MAX], full[SIRET_LEN];
    size_t n, len;
    bool   is_vat;

    *ret = (struct ident){ 0, 0, false };
    if (!gather(text, digits, &n, &is_vat)) {
        return;
    }
    const char *at = digits;
    if ((is_vat && n == VAT_LEN) || (is_vat && n == SIREN_LEN)) {
        at += n - SIREN_LEN;
        n = SIREN_LEN;
    }
    len = n <= SIREN_LEN ? SIREN_LEN : SIRET_LEN;
    if (n + 2 < len || n > len) {
        return;
    }
    memset(full, '0', len - n);
    memcpy(full + len - n, at, n);
    bool is_valid = len == SIREN_LEN ? siren_is_valid(full) : siret_is_valid(full);
    if (!is_valid && (n < len || value(full, SIREN_LEN) == 0)) {
        return;
    }
    ret->siren  = (uint32_t)value(full, SIREN_LEN);
    ret->nic    = len == SIRET_LEN ? (uint32_t)value(full + SIREN_LEN, SIRET_LEN - SIREN_LEN) : 0;
    ret->is_bad = !is_valid;
}

bool ident_is_near(uint64_t a, uint64_t b, unsigned digits)
{
    unsigned wrong = 0, last = 0;
    uint64_t da[2] = { 0, 0 }, db[2] = { 0, 0 };

    for (unsigned i = 0; i < digits; i++, a /= 10, b /= 10) {
        if (a % 10 != b % 10) {
            if (wrong == 2 || (wrong == 1 && last + 1 != i)) {
                return false;
            }
            da[wrong] = a % 10;
            db[wrong] = b % 10;
            wrong++;
            last = i;
        }
    }
    return wrong == 1 || (wrong == 2 && da[0] == db[1] && da[1] == db[0]);
}
