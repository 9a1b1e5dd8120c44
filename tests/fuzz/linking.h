// What the fuzz targets of the normalisers share: the shape of folded words, other spellings of a
// text.
#pragma once

#include "fuzz.h"
#include "link/fold.h"

#define MUST(condition)     \
    do {                    \
        if (!(condition)) { \
            abort();        \
        }                   \
    } while (0)

// Folded text: a-z, 0-9, single blanks between words and none at the ends.
static inline void fuzz_folded(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        MUST((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ');
        MUST(c != ' ' || (i > 0 && i + 1 < s.len && s.at[i - 1] != ' '));
    }
}

// Words: as many as they say, one after the other in the text.
static inline void fuzz_words(const struct words *w)
{
    MUST(w->count <= WORDS_MAX && w->size <= WORDS_TEXT_MAX && w->text[w->size] == '\0');
    fuzz_folded((struct str){ w->text, w->size });
    size_t end = 0;
    for (size_t i = 0; i < w->count; i++) {
        MUST(w->len[i] > 0 && w->at[i] >= end);
        end = (size_t)w->at[i] + w->len[i];
        MUST(end <= w->size);
        MUST(!memchr(w->text + w->at[i], ' ', w->len[i]));
    }
    MUST(str_is_empty(words_at(w, w->count)));
}

static inline bool fuzz_same_words(const struct words *a, const struct words *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = str_eq(words_at(a, i), words_at(b, i));
    }
    return same;
}

// The input with the case of its ASCII letters turned round, on the heap; free it.
static inline char *fuzz_other_case(const uint8_t *data, size_t size)
{
    char *other = memory_new(size + 1);
    for (size_t i = 0; i < size; i++) {
        bool letter = (data[i] | 0x20) >= 'a' && (data[i] | 0x20) <= 'z';
        other[i]    = (char)(letter ? data[i] ^ 0x20 : data[i]);
    }
    return other;
}

// Cuts the input at the first line end into two fields.
static inline void fuzz_two(const uint8_t *data, size_t size, struct str *ret_a, struct str *ret_b)
{
    struct str whole = { (const char *)data, size };
    if (!str_cut(&whole, '\n', ret_a)) {
        *ret_a = whole;
    }
    *ret_b = whole;
}
