#include "feed/value.h"

#include "feed/text.h"

size_t feed_number_end(struct str text, bool with_fraction, size_t *ret_start)
{
    size_t start = 0, end;
    while (start < text.len && !feed_is_digit(text.at[start])) {
        start++;
    }
    for (end = start; end < text.len && feed_is_digit(text.at[end]);) {
        end++;
    }
    if (with_fraction && end + 1 < text.len && strchr(".,", text.at[end]) && feed_is_digit(text.at[end + 1])) {
        for (end++; end < text.len && feed_is_digit(text.at[end]);) {
            end++;
        }
    }
    *ret_start = start;
    return end;
}

struct str feed_number(struct arena *a, struct str text, bool with_fraction)
{
    size_t start, end = feed_number_end(text, with_fraction, &start);
    char  *copy = arena_alloc(a, end - start + 1);
    for (size_t i = start; i < end; i++) {
        copy[i - start] = text.at[i] == ',' ? '.' : text.at[i];
    }
    return end > start ? (struct str){ copy, end - start } : (struct str){ 0 };
}

struct str feed_digits(struct str text, size_t wanted)
{
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        for (end = at; end < text.len && feed_is_digit(text.at[end]);) {
            end++;
        }
        if (end - at == wanted) {
            return str_sub(text, at, wanted);
        }
    }
    return (struct str){ 0 };
}

bool feed_has_words(struct str text, struct str words)
{
    for (size_t i = 0; i + words.len <= text.len; i++) {
        bool starts = i == 0 || text.at[i - 1] == ' ';
        bool ends   = i + words.len == text.len || text.at[i + words.len] == ' ';
        if (starts && ends && memcmp(text.at + i, words.at, words.len) == 0) {
            return true;
        }
    }
    return false;
}

struct str feed_meant(struct arena *a, struct str text, const struct feed_meaning *list, size_t count)
{
    struct str folded = feed_fold(a, text);
    for (size_t i = 0; i < count; i++) {
        struct str words = str_of(list[i].words);
        if (words.len == 1 ? str_eq(folded, words) : feed_has_words(folded, words)) {
            return str_of(list[i].meant);
        }
    }
    return (struct str){ 0 };
}
