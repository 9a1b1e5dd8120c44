#include "import/mend.h"

#include <string.h>

#include "import/charset.h"

// The character at text, of up to three bytes: its code and length; 0 when there is none.
static unsigned character(const unsigned char *s, size_t left, size_t *ret_len)
{
    *ret_len = left == 0 ? 0 : s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    if (*ret_len > left || *ret_len == 4) {
        *ret_len = 0;
    }
    return *ret_len == 0   ? 0
           : *ret_len == 1 ? s[0]
           : *ret_len == 2 ? (s[0] & 0x1FU) << 6 | (s[1] & 0x3FU)
                           : (s[0] & 0x0FU) << 12 | (s[1] & 0x3FU) << 6 | (s[2] & 0x3FU);
}

// The byte that a character is in Windows-1252, as the continuation of a sequence; 0 when none.
// Where nothing is assigned, other programs write the byte itself.
static unsigned continuation(unsigned code)
{
    unsigned byte = code >= 0x80 && code <= 0x9F ? code : charset_to_1252(code);

    return byte >= 0x80 && byte <= 0xBF ? byte : 0;
}

static bool is_ours(unsigned lead, unsigned second, unsigned third)
{
    switch (lead) {
    case 0xC2:
        return second >= 0xA0;
    case 0xC3:
        return true;
    case 0xC5:
        return second == 0x92 || second == 0x93 || second == 0xB8;
    default: // E2: dashes, quotes, dots, bullets; the euro; the trade mark
        return second == 0x80 || (second == 0x82 && third == 0xAC) ||
               (second == 0x84 && third == 0xA2);
    }
}

// What stands at s when it was encoded twice: its bytes in ret, how many were taken in *ret_taken.
// Returns how many bytes it has, 0 when it was not.
static size_t twice(const unsigned char *s, size_t left, char ret[3], size_t *ret_taken)
{
    static const unsigned char leads[] = { 0x82, 0x83, 0x85, 0xA2 }; // Â Ã Å â, behind C3
    size_t                     a, b;

    if (left < 2 || s[0] != 0xC3 || !memchr(leads, s[1], sizeof leads)) {
        return 0;
    }
    unsigned lead   = 0xC0U | (s[1] & 0x3FU);
    unsigned second = continuation(character(s + 2, left - 2, &a));
    // The no-break space of "Ã " is often a plain one, or was trimmed away.
    if (lead == 0xC3 && (left == 2 || s[2] == ' ')) {
        memcpy(ret, "\xC3\xA0", 2);
        *ret_taken = left == 2 ? 2 : 3;
        return 2;
    }
    unsigned third =
        lead == 0xE2 && second ? continuation(character(s + 2 + a, left - 2 - a, &b)) : 0;
    if (!second || (lead == 0xE2 && !third) || !is_ours(lead, second, third)) {
        return 0;
    }
    ret[0]     = (char)lead;
    ret[1]     = (char)second;
    ret[2]     = (char)third;
    *ret_taken = 2 + a + (third ? b : 0);
    return third ? 3 : 2;
}

static size_t mend_once(char *at, size_t len)
{
    const unsigned char *s = (const unsigned char *)at;
    size_t               n = 0;

    for (size_t i = 0; i < len;) {
        char   c[3];
        size_t taken = 0, given = s[i] == 0xC3 ? twice(s + i, len - i, c, &taken) : 0;
        if (given) {
            memcpy(at + n, c, given); // shorter than what it replaces
            n += given;
            i += taken;
        } else {
            at[n++] = at[i++];
        }
    }
    return n;
}

struct str mend_text(char *at, size_t len)
{
    for (int i = 0; i < 2 && len && memchr(at, 0xC3, len); i++) {
        size_t n = mend_once(at, len);
        if (n == len) {
            break;
        }
        len = n;
    }
    return (struct str){ at, len };
}

bool mend_is_lost(struct str text)
{
    return text.len >= 3 && str_find(text, STR("\xEF\xBF\xBD")) < text.len;
}
