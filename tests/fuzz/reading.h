// What the fuzz targets of the file readers share: a source of bytes over the input.
#pragma once

#include "fuzz.h"
#include "import/csv.h"

struct fuzz_memory {
    const uint8_t *data;
    size_t         size, at, piece;
};

static inline ssize_t fuzz_read(void *context, char *into, size_t most, struct import_problem *p)
{
    struct fuzz_memory *m = context;
    size_t              n = m->size - m->at;

    (void)p;
    n = n < most ? n : most;
    n = n < m->piece ? n : m->piece;
    if (n) {
        memcpy(into, m->data + m->at, n);
    }
    m->at += n;
    return (ssize_t)n;
}

// The first byte of the input chooses the size of the pieces it is given in.
static inline struct csv_source fuzz_source(struct fuzz_memory *m, const uint8_t *data, size_t size)
{
    *m = (struct fuzz_memory){ .data = data, .size = size, .piece = 1 << 16 };
    if (size) {
        m->piece = (size_t)1 << (data[0] & 15);
        m->data++;
        m->size--;
    }
    return (struct csv_source){ fuzz_read, m };
}
