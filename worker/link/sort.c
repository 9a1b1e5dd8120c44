#include "link/sort.h"

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, SMALL = 64 };

static void sort_few(uint64_t *numbers, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t n = numbers[i];
        size_t   k = i;
        for (; k && numbers[k - 1] > n; k--) {
            numbers[k] = numbers[k - 1];
        }
        numbers[k] = n;
    }
}

void sort_numbers(uint64_t *numbers, size_t count, unsigned bits)
{
    if (count < SMALL) {
        sort_few(numbers, count);
        return;
    }
    uint64_t *other = memory_new(count * sizeof *other), *from = numbers, *to = other;
    for (unsigned shift = 0; shift < bits; shift += DIGIT_BITS) {
        size_t at[DIGITS] = { 0 };
        for (size_t i = 0; i < count; i++) {
            at[from[i] >> shift & (DIGITS - 1)]++;
        }
        size_t sum = 0;
        for (size_t d = 0; d < DIGITS; d++) {
            size_t here = at[d];
            at[d]       = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++) {
            to[at[from[i] >> shift & (DIGITS - 1)]++] = from[i];
        }
        uint64_t *swap = from;
        from           = to;
        to             = swap;
    }
    if (from != numbers) {
        memcpy(numbers, from, count * sizeof *numbers);
    }
    free(other);
}

size_t sort_unique(uint64_t *numbers, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (!i || numbers[i] != numbers[i - 1]) {
            numbers[kept++] = numbers[i];
        }
    }
    return kept;
}
