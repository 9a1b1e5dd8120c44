// Numbers and words in what a feed says: what its values are read with. Pure, any thread.
#pragma once

#include <string.h>

#include "base/arena.h"

// What words mean to us, in a list of which the first that is found counts.
struct feed_meaning {
    const char *words, *meant;
};

static inline bool feed_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Behind the first run of digits, with what follows a point or a comma when `with_fraction`; *ret_start is where it begins.
size_t feed_number_end(struct str text, bool with_fraction, size_t *ret_start);

// That number, with a point; absent when there is none.
struct str feed_number(struct arena *a, struct str text, bool with_fraction);

// The first run of so many digits, no more and no less; absent when there is none.
struct str feed_digits(struct str text, size_t wanted);

// Whether a folded text holds these words, whole and side by side.
bool feed_has_words(struct str text, struct str words);

// The first of `words` that the folded text has gives its meaning; absent when it has none. A code of one letter counts alone.
struct str feed_meant(struct arena *a, struct str text, const struct feed_meaning *list, size_t count);
