#include "link/phone.h"

enum { RUN_MAX = 32, FRENCH = 9 };

// One digit only, over and over: somebody had to fill the field.
static bool is_filler(const char *digits, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (digits[i] != digits[1]) {
            return false;
        }
    }
    return count > 1;
}

static uint64_t value(const char *digits, size_t count)
{
    uint64_t n = 0;

    for (size_t i = 0; i < count; i++) {
        n = n * 10 + (uint64_t)(digits[i] - '0');
    }
    return n;
}

static void add(struct phones *p, uint64_t number)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->number[i] == number) {
            return;
        }
    }
    if (number && p->count < PHONES_MAX) {
        p->number[p->count++] = number;
    }
}

// Takes one number from the beginning of a run of digits; returns how many digits it took.
static size_t take(const char *d, size_t n, bool is_foreign, struct phones *ret)
{
    size_t skip = 0;

    if (n >= 4 && d[0] == '0' && d[1] == '0') { // 0033...
        skip       = 2;
        is_foreign = true;
    }
    if (is_foreign && n >= skip + 2 && d[skip] == '3' && d[skip + 1] == '3') {
        skip += 2;
        skip += n > skip && d[skip] == '0' && n >= skip + 10; // +33 (0)1
        if (n >= skip + FRENCH) {
            if (!is_filler(d + skip, FRENCH)) {
                add(ret, value(d + skip, FRENCH));
            }
            return skip + FRENCH;
        }
        return n;
    }
    if (is_foreign) { // another country: the whole run, up to the 15 digits of E.164
        size_t most = n - skip > 15 ? 15 : n - skip;
        if (most >= 8 && d[skip] != '0' && !is_filler(d + skip, most)) { // no country begins with 0
            add(ret, value(d + skip, most) + 10000000000ULL * (most < 11));
        }
        return skip + most;
    }
    if (n >= 11 && d[0] == '3' && d[1] == '3' && d[2] != '0') { // 33... without its +
        if (!is_filler(d + 2, FRENCH)) {
            add(ret, value(d + 2, FRENCH));
        }
        return 11;
    }
    if (n >= 10 && d[0] == '0') {
        if (!is_filler(d + 1, FRENCH)) {
            add(ret, value(d + 1, FRENCH));
        }
        return 10;
    }
    if (n >= FRENCH && d[0] != '0') { // the zero was lost
        if (!is_filler(d, FRENCH)) {
            add(ret, value(d, FRENCH));
        }
        return FRENCH;
    }
    if (n == 4 && (d[0] == '3' || d[0] == '1')) { // 3631, 3949, 1014
        add(ret, value(d, n));
    }
    return n;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Signs that may stand inside a number; anything else ends it.
static bool is_joint(struct str text, size_t i)
{
    unsigned char c = (unsigned char)text.at[i];
    return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '\t' || c == '_' ||
           c == 0xC2 || c == 0xA0 || c == 0xE2 || c == 0x80 || c == 0xAF || c == 0x89;
}

void phones_read(struct str text, struct phones *ret)
{
    char   digits[RUN_MAX];
    size_t n          = 0;
    bool   is_foreign = false;

    *ret = (struct phones){ .count = 0 };
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && is_digit(text.at[i]) && n < RUN_MAX) {
            digits[n++] = text.at[i];
            continue;
        }
        bool ends = i == text.len || n == RUN_MAX || !is_joint(text, i);
        if (!ends) {
            continue;
        }
        for (size_t from = 0; from < n;) {
            from += take(digits + from, n - from, is_foreign && from == 0, ret);
        }
        n          = 0;
        is_foreign = i < text.len && text.at[i] == '+';
        if (i < text.len && is_digit(text.at[i])) {
            digits[n++] = text.at[i];
        }
    }
}

bool phone_is_mobile(uint64_t number)
{
    return number / 100000000 == 6 || number / 100000000 == 7;
}

bool phone_is_service(uint64_t number)
{
    return number < 10000 || number / 100000000 == 8 || number / 10000000 == 96 ||
           number / 10000000 == 97;
}
