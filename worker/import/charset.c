#include "import/charset.h"

#include <stdlib.h>
#include <string.h>

// Windows-1252, 0x80 to 0x9F; 0 where nothing is assigned.
static const uint16_t high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

unsigned charset_1252(unsigned char byte)
{
    return byte >= 0x80 && byte <= 0x9F ? high[byte - 0x80] : byte;
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
        unsigned      code = byte < 0x80 ? byte : charset_1252(byte);
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
