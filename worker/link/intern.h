// Strings as numbers: each distinct string gets the next number, and keeps it.
//
// Numbers depend on the order of arrival; hashes do not, so whatever must not depend on the order
// of files goes by hash. Owned by one thread.
#pragma once

#include "base/str.h"

// Private but for the functions below.
struct intern_entry {
    uint64_t hash;
    uint32_t at, len, letters;
};

struct intern {
    char                *text;
    size_t               size, room;
    struct intern_entry *entries; // entry 0 is the empty string
    uint32_t             count, entries_room;
    uint64_t            *slots; // high bits of the hash, then the number; 0 = free
    uint32_t             mask;
};

// An empty table, and its end (accepts NULL).
struct intern *intern_new(void) MUST_USE;
void           intern_free(struct intern *t);

// The number of a string, from 1; 0 for the empty string. A new one is copied.
uint32_t intern_add(struct intern *t, struct str s);
// The number of a string, 0 when it was never added.
uint32_t intern_find(const struct intern *t, struct str s);

// Highest number given so far.
uint32_t intern_count(const struct intern *t);
// The string of a number ("" for 0) and its hash; the view lives until the next addition.
static inline struct str intern_str(const struct intern *t, uint32_t number)
{
    const struct intern_entry *e = &t->entries[number];
    return (struct str){ t->text + e->at, e->len };
}
static inline uint64_t intern_hash(const struct intern *t, uint32_t number)
{
    return t->entries[number].hash;
}

// The set of letters (and digits) of a string, as bits: strings at an edit distance of d differ by
// 2d of them at most.
static inline uint32_t intern_letters(const struct intern *t, uint32_t number)
{
    return t->entries[number].letters;
}

// A hash of bytes, the same on every machine (multiply and fold), and of two numbers.
uint64_t hash_str(struct str s);
uint64_t hash_pair(uint64_t a, uint64_t b);
