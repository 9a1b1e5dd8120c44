#include "import/charset.h"

#include <stdlib.h>
#include <string.h>

// Windows-1252, 0x80 to 0x9F; 0 where nothing is assigned.
static const uint16_t high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

// The text of MS-DOS and the one of the first Macintosh, 0x80 to 0xFF, with the euro in the place
// that both gave it later.
static const uint16_t dos[128] = {
        0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8,
        0x00EF, 0x00EE, 0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2,
        0x00FB, 0x00F9, 0x00FF, 0x00D6, 0x00DC, 0x00F8, 0x00A3, 0x00D8, 0x00D7, 0x0192, 0x00E1,
        0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA, 0x00BA, 0x00BF, 0x00AE, 0x00AC, 0x00BD,
        0x00BC, 0x00A1, 0x00AB, 0x00BB, 0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x00C1, 0x00C2,
        0x00C0, 0x00A9, 0x2563, 0x2551, 0x2557, 0x255D, 0x00A2, 0x00A5, 0x2510, 0x2514, 0x2534,
        0x252C, 0x251C, 0x2500, 0x253C, 0x00E3, 0x00C3, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560,
        0x2550, 0x256C, 0x00A4, 0x00F0, 0x00D0, 0x00CA, 0x00CB, 0x00C8, 0x20AC, 0x00CD, 0x00CE,
        0x00CF, 0x2518, 0x250C, 0x2588, 0x2584, 0x00A6, 0x00CC, 0x2580, 0x00D3, 0x00DF, 0x00D4,
        0x00D2, 0x00F5, 0x00D5, 0x00B5, 0x00FE, 0x00DE, 0x00DA, 0x00DB, 0x00D9, 0x00FD, 0x00DD,
        0x00AF, 0x00B4, 0x00AD, 0x00B1, 0x2017, 0x00BE, 0x00B6, 0x00A7, 0x00F7, 0x00B8, 0x00B0,
        0x00A8, 0x00B7, 0x00B9, 0x00B3, 0x00B2, 0x25A0, 0x00A0,
};
static const uint16_t mac[128] = {
        0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4,
        0x00E3, 0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF,
        0x00F1, 0x00F3, 0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC, 0x2020,
        0x00B0, 0x00A2, 0x00A3, 0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4,
        0x00A8, 0x2260, 0x00C6, 0x00D8, 0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202,
        0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA, 0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1,
        0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB, 0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3,
        0x00D5, 0x0152, 0x0153, 0x2013, 0x2014, 0x201C, 0x201D, 0x2018, 0x2019, 0x00F7, 0x25CA,
        0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02, 0x2021, 0x00B7, 0x201A,
        0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE, 0x00CF, 0x00CC,
        0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC, 0x00AF,
        0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

// Where ISO 8859-15 differs from ISO 8859-1.
static const struct {
    uint8_t  byte;
    uint16_t code;
} latin_9[] = { { 0xA4, 0x20AC }, { 0xA6, 0x0160 }, { 0xA8, 0x0161 }, { 0xB4, 0x017D },
                { 0xB8, 0x017E }, { 0xBC, 0x0152 }, { 0xBD, 0x0153 }, { 0xBE, 0x0178 } };

static const char *const names[CHARSET__COUNT] = {
    [CHARSET_1252]    = "Windows-1252",
    [CHARSET_LATIN_9] = "ISO-8859-15",
    [CHARSET_DOS]     = "CP850",
    [CHARSET_MAC]     = "MacRoman",
};

const char *charset_name(enum charset set)
{
    return names[set];
}

enum charset charset_of(struct str name)
{
    unsigned set = 0;

    while (set < CHARSET__COUNT && !str_eq(name, str_of(names[set]))) {
        set++;
    }
    return (enum charset)set;
}

static unsigned code_1252(unsigned char byte)
{
    return byte <= 0x9F ? high[byte - 0x80] : byte;
}

static unsigned code_latin_9(unsigned char byte)
{
    for (size_t i = 0; i < LENGTH(latin_9); i++) {
        if (latin_9[i].byte == byte) {
            return latin_9[i].code;
        }
    }
    return byte < 0xA0 ? 0 : byte;
}

unsigned charset_code(enum charset set, unsigned char byte)
{
    if (byte < 0x80) {
        return byte;
    }
    switch (set) {
    case CHARSET_LATIN_9:
        return code_latin_9(byte);
    case CHARSET_DOS:
        return dos[byte - 0x80];
    case CHARSET_MAC:
        return mac[byte - 0x80];
    default:
        return code_1252(byte);
    }
}

unsigned charset_to_1252(unsigned code)
{
    if (code >= 0xA0 && code <= 0xFF) {
        return code;
    }
    for (unsigned i = 0; code && i < 32; i++) {
        if (high[i] == code) {
            return 0x80 + i;
        }
    }
    return 0;
}

// --- which one ----------------------------------------------------------------------------------

static bool is_upper(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(unsigned char c)
{
    return c >= 'a' && c <= 'z';
}

enum letter { LETTER_NONE, LETTER_SMALL, LETTER_CAPITAL, LETTER_ANY };

// Letters of French beyond ASCII, small and capital, and what stands between its letters.
static enum letter letter_of(unsigned code)
{
    static const uint16_t small[]   = { 0xE9, 0xE8, 0xEA, 0xEB, 0xE0, 0xE2, 0xE7,  0xEE,
                                        0xEF, 0xF4, 0xF9, 0xFB, 0xFC, 0xE6, 0x153, 0xFF };
    static const uint16_t capital[] = { 0xC9, 0xC8, 0xCA, 0xCB, 0xC0, 0xC2, 0xC7,  0xCE,
                                        0xCF, 0xD4, 0xD9, 0xDB, 0xDC, 0xC6, 0x152, 0x178 };

    for (size_t i = 0; i < LENGTH(small); i++) {
        if (small[i] == code || capital[i] == code) {
            return small[i] == code ? LETTER_SMALL : LETTER_CAPITAL;
        }
    }
    return code == 0x2019 ? LETTER_ANY : LETTER_NONE;
}

// Whether a letter may stand between these bytes: beside a letter, and no capital amid small ones.
static bool stands(enum letter letter, unsigned char before, unsigned char after)
{
    bool is_beside = is_lower(before) || is_upper(before) || is_lower(after) || is_upper(after);

    switch (letter) {
    case LETTER_SMALL:
        return is_beside && !is_upper(after);
    case LETTER_CAPITAL:
        return is_beside && !is_lower(before);
    case LETTER_ANY:
        return is_beside;
    default:
        return false;
    }
}

enum charset charset_guess(struct str bytes)
{
    const unsigned char *s = (const unsigned char *)bytes.at;
    size_t               right[CHARSET__COUNT] = { 0 };
    enum charset         best                  = CHARSET_1252;

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char before = i ? s[i - 1] : 0, after = i + 1 < bytes.len ? s[i + 1] : 0;
        for (unsigned set = 0; s[i] >= 0x80 && set < CHARSET__COUNT; set++) {
            unsigned code = charset_code((enum charset)set, s[i]);
            // A price stands behind its figures.
            right[set] += stands(letter_of(code), before, after) ||
                          (code == 0x20AC && (before == ' ' || (before >= '0' && before <= '9')));
        }
    }
    for (unsigned set = 0; set < CHARSET__COUNT; set++) {
        best = right[set] > right[best] ? (enum charset)set : best;
    }
    return best;
}

// --- from and to UTF-8 --------------------------------------------------------------------------

size_t charset_put(char *into, uint32_t code)
{
    if (code < 0x80) {
        into[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        into[0] = (char)(0xC0 | (code >> 6));
        into[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        into[0] = (char)(0xE0 | (code >> 12));
        into[1] = (char)(0x80 | ((code >> 6) & 0x3F));
        into[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    into[0] = (char)(0xF0 | (code >> 18));
    into[1] = (char)(0x80 | ((code >> 12) & 0x3F));
    into[2] = (char)(0x80 | ((code >> 6) & 0x3F));
    into[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

void charset_from_1252(struct str bytes, struct buf *ret)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        unsigned      code = charset_code(CHARSET_1252, byte);
        char          room[4];
        buf_add(ret, (struct str){ room, charset_put(room, byte && !code ? 0xFFFD : code) });
    }
}

bool charset_is_utf16(struct str bytes)
{
    if (bytes.len < 4) {
        return false;
    }
    if (memcmp(bytes.at, "\xFF\xFE", 2) == 0 || memcmp(bytes.at, "\xFE\xFF", 2) == 0) {
        return true;
    }
    return (bytes.at[0] && !bytes.at[1] && bytes.at[2] && !bytes.at[3]) ||
           (!bytes.at[0] && bytes.at[1] && !bytes.at[2] && bytes.at[3]);
}

char *charset_from_utf16(struct str bytes, size_t *ret_len)
{
    const unsigned char *s = (const unsigned char *)bytes.at;
    size_t               n = bytes.len / 2, len = 0;
    bool                 has_mark = s[0] + s[1] == 0xFE + 0xFF && s[0] && s[1];
    // Which byte of a unit is the high one.
    unsigned high_byte = has_mark ? s[0] != 0xFE : s[1] == 0;
    bool     is_right  = bytes.len % 2 == 0;
    char    *text      = memory_new(3 * n + 4);

    for (size_t i = has_mark; is_right && i < n; i++) {
        uint32_t c = (uint32_t)s[2 * i + high_byte] << 8 | s[2 * i + 1 - high_byte];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < n) {
            uint32_t low = (uint32_t)s[2 * i + 2 + high_byte] << 8 | s[2 * i + 3 - high_byte];
            is_right     = low >= 0xDC00 && low < 0xE000;
            c            = 0x10000 + ((c - 0xD800) << 10) + (low & 0x3FF);
            i++;
        } else if (c >= 0xD800 && c < 0xE000) {
            is_right = false;
        }
        len += is_right ? charset_put(text + len, c) : 0;
    }
    if (!is_right) {
        free(text);
        return NULL;
    }
    *ret_len = len;
    return text;
}
