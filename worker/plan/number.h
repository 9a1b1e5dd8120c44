// Whole numbers that never wrap: sums, products and the reading of digits say when they do not fit.
//
// Pure; every call is thread-safe.
#pragma once

#include "base/str.h"

// a + b and a * b; false, and *ret_value untouched, when the result does not fit.
bool number_add(int64_t a, int64_t b, int64_t *ret_value) MUST_USE;
bool number_multiply(int64_t a, int64_t b, int64_t *ret_value) MUST_USE;

// A reader of numbers separated by blanks, which knows its line. `what` is the name of the number
// read last, for the sentence of a refusal.
struct number_reader {
    struct str  text;
    size_t      at;
    int64_t     line;
    const char *what;
    const char *why; // of a refusal, French
};

// The next number into *ret_value, between least and most; false with why, what and line set.
bool number_next(struct number_reader *r, const char *what, int64_t least, int64_t most,
                 int64_t *ret_value) MUST_USE;
// Skips blanks and line ends; true when nothing is left.
bool number_at_end(struct number_reader *r);
