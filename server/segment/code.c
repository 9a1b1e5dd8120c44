#include "segment/code.h"

#include <stdlib.h>

enum { NAF_LETTERS = 32 };

// Divisions of each section of the NAF rév. 2 (INSEE, 2008), first and last; every section is one
// run.
static const struct span sections['U' - 'A' + 1] = {
    { 1, 3 },   { 5, 9 },   { 10, 33 }, { 35, 35 }, { 36, 39 }, { 41, 43 }, { 45, 47 },
    { 49, 53 }, { 55, 56 }, { 58, 63 }, { 64, 66 }, { 68, 68 }, { 69, 75 }, { 77, 82 },
    { 84, 84 }, { 85, 85 }, { 86, 88 }, { 90, 93 }, { 94, 96 }, { 97, 98 }, { 99, 99 },
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// What every number of `width` digits that begins with the given ones lies between.
static struct span digits_span(const char *digits, size_t count, size_t width)
{
    struct span s = { 0, 0 };
    for (size_t i = 0; i < width; i++) {
        s.low  = s.low * 10 + (i < count ? digits[i] - '0' : 0);
        s.high = s.high * 10 + (i < count ? digits[i] - '0' : 9);
    }
    return s;
}

bool code_naf(struct str text, struct span *ret)
{
    char   digits[4];
    size_t count  = 0;
    char   letter = 0;

    if (text.len == 1 && text.at[0] >= 'A' && text.at[0] <= 'U') {
        struct span s = sections[text.at[0] - 'A'];
        *ret          = (struct span){ s.low * 100 * NAF_LETTERS,
                                       (s.high * 100 + 99) * NAF_LETTERS + NAF_LETTERS - 1 };
        return true;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (letter || (c == '.' && i != 2)) {
            return false;
        }
        if (is_digit(c) && count < 4) {
            digits[count++] = c;
        } else if (c >= 'A' && c <= 'Z' && count == 4) {
            letter = c;
        } else if (c != '.') {
            return false;
        }
    }
    if (count == 0 || (text.len == 3 && text.at[2] == '.')) {
        return false;
    }
    struct span s = digits_span(digits, count, 4);
    *ret          = letter ? (struct span){ s.low * NAF_LETTERS + (letter - '@'),
                                            s.low * NAF_LETTERS + (letter - '@') }
                           : (struct span){ s.low * NAF_LETTERS, s.high * NAF_LETTERS + NAF_LETTERS - 1 };
    return true;
}

// The two characters that name a département, in base 12: Corsica's letters come behind the digits.
static bool read_pair(struct str text, int32_t *ret)
{
    char second    = text.at[1];
    bool is_letter = second == 'A' || second == 'B';
    if (!is_digit(text.at[0]) || !(is_digit(second) || is_letter)) {
        return false;
    }
    *ret = (text.at[0] - '0') * 12 + (is_letter ? second - 'A' + 10 : second - '0');
    return true;
}

bool code_commune(struct str text, int32_t *ret)
{
    int32_t pair;
    if (text.len != 5 || !read_pair(text, &pair)) {
        return false;
    }
    int32_t rest = 0;
    for (size_t i = 2; i < 5; i++) {
        if (!is_digit(text.at[i])) {
            return false;
        }
        rest = rest * 10 + (text.at[i] - '0');
    }
    *ret = pair * 1000 + rest;
    return true;
}

bool code_department(struct str text, struct span *ret)
{
    int32_t pair;
    if ((text.len != 2 && text.len != 3) || !read_pair(text, &pair)) {
        return false;
    }
    bool is_overseas = pair == 9 * 12 + 7 || pair == 9 * 12 + 8;
    if (is_overseas != (text.len == 3)) {
        return false;
    }
    *ret = (struct span){ pair * 1000, pair * 1000 + 999 };
    if (text.len == 3) {
        if (!is_digit(text.at[2])) {
            return false;
        }
        ret->low += (text.at[2] - '0') * 100;
        ret->high = ret->low + 99;
    }
    return true;
}

bool code_legal(struct str text, struct span *ret)
{
    if (text.len < 1 || text.len > 4) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.at[i])) {
            return false;
        }
    }
    *ret = digits_span(text.at, text.len, 4);
    return true;
}

static int by_low(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return x->low != y->low ? (x->low > y->low) - (x->low < y->low)
                            : (x->high > y->high) - (x->high < y->high);
}

size_t spans_merge(struct span *spans, size_t count)
{
    size_t kept = 0;
    if (count == 0) {
        return 0;
    }
    qsort(spans, count, sizeof *spans, by_low);
    for (size_t i = 1; i < count; i++) {
        if (spans[i].low <= spans[kept].high + 1) {
            spans[kept].high = spans[i].high > spans[kept].high ? spans[i].high : spans[kept].high;
        } else {
            spans[++kept] = spans[i];
        }
    }
    return kept + 1;
}
