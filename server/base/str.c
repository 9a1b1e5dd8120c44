#include "base/str.h"

#include <errno.h>
#include <math.h>

struct str str_of(const char *text)
{
    return (struct str){ text, text ? strlen(text) : 0 };
}

bool str_is_absent(struct str s)
{
    return s.at == NULL;
}

bool str_is_empty(struct str s)
{
    return s.len == 0;
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char lower(char c)
{
    return (c >= 'A' && c <= 'Z') ? (char)(c + 32) : c;
}

bool str_eq_case(struct str a, struct str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.at[i]) != lower(b.at[i])) {
            return false;
        }
    }
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t n     = a.len < b.len ? a.len : b.len;
    int    order = n ? memcmp(a.at, b.at, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

size_t str_index(struct str s, char c)
{
    const char *found = s.len ? memchr(s.at, c, s.len) : NULL;
    return found ? (size_t)(found - s.at) : s.len;
}

size_t str_find(struct str s, struct str part)
{
    const char *found = s.len && part.len ? memmem(s.at, s.len, part.at, part.len) : NULL;
    return found ? (size_t)(found - s.at) : s.len;
}

struct str str_sub(struct str s, size_t from, size_t len)
{
    if (!s.at) {
        return s;
    }
    from = from < s.len ? from : s.len;
    len  = len < s.len - from ? len : s.len - from;
    return (struct str){ s.at + from, len };
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len && is_space(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len && is_space(s.at[s.len - 1])) {
        s.len--;
    }
    return s;
}

bool str_cut(struct str *rest, char c, struct str *ret_part)
{
    if (!rest->at) {
        return false;
    }
    size_t at = str_index(*rest, c);
    *ret_part = str_sub(*rest, 0, at);
    *rest     = at < rest->len ? str_sub(*rest, at + 1, rest->len) : (struct str){ 0 };
    return true;
}

bool str_int(struct str s, int64_t *ret_value)
{
    bool     is_negative = s.len && s.at[0] == '-';
    size_t   i           = s.len && (s.at[0] == '-' || s.at[0] == '+');
    uint64_t limit       = (uint64_t)INT64_MAX + is_negative;
    uint64_t value       = 0;
    if (i == s.len) {
        return false;
    }
    for (; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(s.at[i] - '0');
        if (value > (limit - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *ret_value = (int64_t)(is_negative ? 0 - value : value);
    return true;
}

bool str_double(struct str s, double *ret_value)
{
    char text[64];
    if (s.len == 0 || s.len >= sizeof text) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!strchr("+-.eE0123456789", s.at[i]) || s.at[i] == 0) {
            return false;
        }
    }
    memcpy(text, s.at, s.len);
    text[s.len]  = 0;
    char  *end   = NULL;
    double value = strtod(text, &end);
    if (*end || !isfinite(value)) {
        return false;
    }
    *ret_value = value;
    return true;
}

// Length of the UTF-8 sequence at the start of s; 0 when it is not valid.
static size_t sequence(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.at;
    if (p[0] < 0x80) {
        return p[0] != 0;
    }
    size_t   n     = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    uint32_t least = n == 4 ? 0x10000 : n == 3 ? 0x800 : 0x80;
    uint32_t code  = p[0] & (0x7Fu >> n);
    if (p[0] < 0xC2 || p[0] > 0xF4 || s.len < n) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (p[i] & 0x3Fu);
    }
    bool is_valid = code >= least && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    return is_valid ? n : 0;
}

bool str_is_utf8(struct str s)
{
    while (s.len) {
        size_t n = sequence(s);
        if (n == 0) {
            return false;
        }
        s = str_sub(s, n, s.len);
    }
    return true;
}

size_t str_utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) {
        count += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    }
    return count;
}
