// A buf is a growing piece of text with a maximum declared at birth.
//
// Additions beyond the maximum are refused and remembered: write everything, then ask buf_is_full
// once. Out of memory aborts. `at` ends with a NUL that `len` does not count once something was
// added. A buf belongs to one thread.
#pragma once

#include "base/str.h"

struct buf {
    char  *at; // NULL until the first addition
    size_t len;
    // private
    size_t room;
    size_t max;
    bool   full;
};

// An empty buf of at most max bytes; nothing is allocated yet.
struct buf buf_init(size_t max);
// Frees the memory; the buf is empty and usable again. Accepts NULL.
void buf_done(struct buf *b);
// Empties it, keeps the memory.
void buf_clear(struct buf *b);
// Makes room for `more` further bytes in one allocation.
void buf_reserve(struct buf *b, size_t more);

void buf_add(struct buf *b, struct str s);
void buf_add_char(struct buf *b, char c);
void buf_add_int(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *format, ...) PRINTF(2, 3);
// A JSON string with its quotes; invalid UTF-8 becomes U+FFFD. Absent gives null.
void buf_add_json(struct buf *b, struct str s);
// Lower-case hexadecimal and unpadded base64url of raw bytes.
void buf_add_hex(struct buf *b, struct str bytes);
void buf_add_base64(struct buf *b, struct str bytes);

// True when an addition was refused.
bool buf_is_full(const struct buf *b);
// What has been written; a view, valid until the next addition.
struct str buf_str(const struct buf *b);
