#include "base/buf.h"

struct buf buf_init(size_t max)
{
    return (struct buf){ .max = max };
}

void buf_done(struct buf *b)
{
    if (b) {
        free(b->at);
        *b = buf_init(b->max);
    }
}

void buf_clear(struct buf *b)
{
    b->len  = 0;
    b->full = false;
}

// True when `more` bytes and a NUL fit, growing if the maximum allows.
static bool make_room(struct buf *b, size_t more)
{
    if (b->full || more > b->max - b->len) {
        b->full = true;
        return false;
    }
    size_t need = b->len + more + 1;
    if (need > b->room) {
        size_t room = b->room ? b->room : 64;
        while (room < need) {
            room *= 2;
        }
        b->room = room < b->max + 1 ? room : b->max + 1;
        b->at   = memory_resize(b->at, b->room);
    }
    return true;
}

void buf_reserve(struct buf *b, size_t more)
{
    size_t need = b->len + more + 1;
    if (more <= b->max - b->len && need > b->room) {
        b->room = need;
        b->at   = memory_resize(b->at, need);
    }
}

void buf_add(struct buf *b, struct str s)
{
    if (make_room(b, s.len)) {
        if (s.len) {
            memcpy(b->at + b->len, s.at, s.len);
        }
        b->len += s.len;
        b->at[b->len] = 0;
    }
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, (struct str){ &c, 1 });
}

void buf_add_int(struct buf *b, int64_t n)
{
    buf_printf(b, "%lld", (long long)n);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        DIE("buf_printf: bad format");
    }
    if (make_room(b, (size_t)length)) {
        va_start(args, format);
        vsnprintf(b->at + b->len, (size_t)length + 1, format, args);
        va_end(args);
        b->len += (size_t)length;
    }
}

// Escape of one byte inside a JSON string; NULL when it stands for itself.
static const char *json_escape(char c, char text[static 8])
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        if ((unsigned char)c >= 0x20) {
            return NULL;
        }
        snprintf(text, 8, "\\u%04x", (unsigned)(unsigned char)c);
        return text;
    }
}

void buf_add_json(struct buf *b, struct str s)
{
    char text[8];
    if (str_is_absent(s)) {
        buf_add(b, STR("null"));
        return;
    }
    buf_add_char(b, '"');
    bool   is_clean = str_is_utf8(s);
    size_t from     = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char *escape = json_escape(s.at[i], text);
        // Whole sequences are checked only when the text as a whole is broken: it never is, except
        // in log lines about broken requests.
        if (!escape && !is_clean && (unsigned char)s.at[i] >= 0x80) {
            escape = "\xEF\xBF\xBD";
        }
        if (escape) {
            buf_add(b, str_sub(s, from, i - from));
            buf_add(b, str_of(escape));
            from = i + 1;
        }
    }
    buf_add(b, str_sub(s, from, s.len));
    buf_add_char(b, '"');
}

void buf_add_hex(struct buf *b, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        buf_add(b, (struct str){ (char[]){ digits[c >> 4], digits[c & 15] }, 2 });
    }
}

void buf_add_base64(struct buf *b, struct str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t   n     = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t group = 0;
        for (size_t j = 0; j < 3; j++) {
            group = group << 8 | (j < n ? (unsigned char)bytes.at[i + j] : 0u);
        }
        for (size_t j = 0; j <= n; j++) {
            buf_add_char(b, digits[group >> (18 - 6 * j) & 63]);
        }
    }
}

bool buf_is_full(const struct buf *b)
{
    return b->full;
}

struct str buf_str(const struct buf *b)
{
    return (struct str){ b->at ? b->at : "", b->len };
}
