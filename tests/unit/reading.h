// What the tests of the file readers share: a file in memory, and a check that says what it is
// about.
#pragma once

#include "import/csv.h"
#include "tap.h"

// CHECK with a sentence, printf-like, shown when it fails.
#define check(condition, ...)         \
    do {                              \
        bool is_right_ = (condition); \
        if (!is_right_) {             \
            printf("# " __VA_ARGS__); \
            putchar('\n');            \
        }                             \
        CHECK(is_right_);             \
    } while (0)

// A file that is given piece bytes at a time; 0: as many as asked for.
struct memory {
    struct str text;
    size_t     at;
    size_t     piece;
};

static inline ssize_t memory_read(void *context, char *into, size_t most, struct import_problem *p)
{
    struct memory *m = context;
    size_t         n = m->text.len - m->at;

    (void)p;
    n = n < most ? n : most;
    n = m->piece && m->piece < n ? m->piece : n;
    if (n) {
        memcpy(into, m->text.at + m->at, n);
    }
    m->at += n;
    return (ssize_t)n;
}
