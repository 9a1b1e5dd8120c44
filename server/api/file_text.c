#include "api/file_text.h"

// Windows-1252 from 0x80 to 0x9F.
static const uint16_t high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static char byte_of(uint32_t c)
{
    if (c < 0x80 || (c >= 0xA0 && c <= 0xFF)) {
        return (char)c;
    }
    for (unsigned i = 0; i < LENGTH(high); i++) {
        if (high[i] && high[i] == c) {
            return (char)(0x80 + i);
        }
    }
    return c == 0x202F ? (char)0xA0 : '?';
}

void text_as_1252(struct buf *into, struct str text)
{
    const unsigned char *s = (const unsigned char *)text.at;

    for (size_t i = 0; i < text.len;) {
        unsigned n = s[i] < 0x80 ? 1 : s[i] < 0xE0 ? 2 : s[i] < 0xF0 ? 3 : 4;
        uint32_t c = n == 1 ? s[i] : s[i] & (0xFFU >> (n + 1));
        for (unsigned k = 1; k < n && i + k < text.len; k++) {
            c = c << 6 | (s[i + k] & 0x3FU);
        }
        buf_add_char(into, byte_of(c));
        i += n;
    }
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

struct str text_download(struct arena *a, struct str name, const char *suffix, const char *kind)
{
    struct buf b    = buf_init(KIB(8));
    size_t     base = name.len;

    for (size_t i = name.len; i > 1 && name.len - i < 6; i--) {
        if (name.at[i - 1] == '.') {
            base = i - 1;
            break;
        }
    }
    buf_add(&b, STR("attachment; filename=\""));
    for (size_t i = 0; i < base; i++) {
        buf_add_char(&b, is_plain(name.at[i]) ? name.at[i] : '_');
    }
    buf_printf(&b, "-%s.%s\"; filename*=UTF-8''", suffix, kind);
    for (size_t i = 0; i < base; i++) {
        if (is_plain(name.at[i])) {
            buf_add_char(&b, name.at[i]);
        } else {
            buf_printf(&b, "%%%02X", (unsigned)(unsigned char)name.at[i]);
        }
    }
    buf_printf(&b, "-%s.%s", suffix, kind);
    struct str text = arena_str(a, buf_str(&b));
    buf_done(&b);
    return text;
}
