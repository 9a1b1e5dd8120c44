#include "plan/number.h"

bool number_add(int64_t a, int64_t b, int64_t *ret_value)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *ret_value = sum;
    return true;
}

bool number_multiply(int64_t a, int64_t b, int64_t *ret_value)
{
    int64_t product;

    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *ret_value = product;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool number_at_end(struct number_reader *r)
{
    for (; r->at < r->text.len && is_blank(r->text.at[r->at]); r->at++) {
        r->line += r->text.at[r->at] == '\n';
    }
    return r->at >= r->text.len;
}

static bool refuse(struct number_reader *r, const char *why)
{
    r->why = why;
    return false;
}

bool number_next(struct number_reader *r, const char *what, int64_t least, int64_t most,
                 int64_t *ret_value)
{
    r->what = what;
    if (number_at_end(r)) {
        return refuse(r, "le fichier s’arrête avant");
    }
    const char *p     = r->text.at + r->at;
    const char *end   = r->text.at + r->text.len;
    bool        minus = *p == '-';
    int64_t     value = 0;

    p += minus;
    if (p == end || *p < '0' || *p > '9') {
        return refuse(r, "un nombre entier est attendu");
    }
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        if (value > (INT64_MAX - 9) / 10) {
            return refuse(r, "nombre trop grand");
        }
        value = value * 10 + (*p - '0');
    }
    if (p < end && !is_blank(*p)) {
        return refuse(r, "un nombre entier est attendu");
    }
    value = minus ? -value : value;
    if (value < least || value > most) {
        return refuse(r, value < least ? "nombre trop petit" : "nombre trop grand");
    }
    r->at      = (size_t)(p - r->text.at);
    *ret_value = value;
    return true;
}
