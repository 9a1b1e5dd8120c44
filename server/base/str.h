// A str is a view of characters: where they are and how many. It owns nothing.
//
// Invariants: `at` may be NULL only when `len` is 0; such a str is "absent" (SQL null, field not
// given), which is_absent tells from the empty string. The characters need not end with NUL; keep
// the owner (arena, body, PGresult) alive as long as the view. Every call is pure and thread-safe.
#pragma once

#include "base/base.h"

struct str {
    const char *at;
    size_t      len;
};

// A str over a string literal.
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
// The same for static initialisers.
#define STR_INIT(literal)               \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }
// printf("%.*s", STR_ARG(s))
#define STR_ARG(s) (int)(s).len, (s).at ? (s).at : ""

// A str over a NUL-terminated string; absent for NULL.
struct str str_of(const char *text);

bool str_is_absent(struct str s);
bool str_is_empty(struct str s);

// Equality by bytes; the _case variant ignores the case of ASCII letters.
bool str_eq(struct str a, struct str b);
bool str_eq_case(struct str a, struct str b);
// memcmp order, shorter first.
int str_compare(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

// Index of the first c or of the first occurrence of part; s.len when there is none.
size_t str_index(struct str s, char c);
size_t str_find(struct str s, struct str part);

// The part from `from` (clamped), of at most `len` characters.
struct str str_sub(struct str s, size_t from, size_t len);

// Without the ASCII white space at both ends.
struct str str_trim(struct str s);

// Takes the part of *rest before c and moves *rest behind it; false when *rest was absent already.
// for (struct str part; str_cut(&rest, ',', &part);) visits every part, empty ones included.
bool str_cut(struct str *rest, char c, struct str *ret_part);

// Whole decimal number, optional sign, nothing else; false when it is none or does not fit.
bool str_int(struct str s, int64_t *ret_value);
// Finite decimal number with a point; false otherwise.
bool str_double(struct str s, double *ret_value);

// True when the bytes are valid UTF-8 (no overlong form, no surrogate) without NUL.
bool str_is_utf8(struct str s);
// Number of code points of valid UTF-8.
size_t str_utf8_count(struct str s);
