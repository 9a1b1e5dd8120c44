#include "link/naf.h"

uint32_t naf_read(struct str text)
{
    uint32_t digits = 0, letter = 0;
    size_t   count = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9' && !letter) {
            digits = digits * 10 + (uint32_t)(c - '0');
            count++;
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && count && !letter) {
            letter = (uint32_t)((c | 0x20) - 'a' + 1);
        } else if (c != ' ' && c != '.' && c != '\t') {
            break; // "43.21A Travaux d'installation": what follows is a label
        }
        if (count > 4 || letter) {
            break;
        }
    }
    // Three digits and a letter: a spreadsheet took the zero in front.
    return letter && (count == 4 || count == 3) && digits >= 100 ? digits * 32 + letter : 0;
}
