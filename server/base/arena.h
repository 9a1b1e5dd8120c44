// An arena hands out memory that is given back all at once.
//
// One arena per request: nothing taken from it is freed alone. Memory is aligned for any type and
// zeroed. Out of memory aborts, so no caller checks. An arena belongs to one thread at a time.
#pragma once

#include "base/str.h"

struct arena; // opaque

// A new arena; free it with arena_free (accepts NULL).
struct arena *arena_new(void) MUST_USE;
void          arena_free(struct arena *a);

// Gives back everything but the first block, ready for the next request.
void arena_reset(struct arena *a);

// Zeroed memory that lives until the reset.
void *arena_alloc(struct arena *a, size_t size) MUST_USE;
#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array((a), sizeof(type), (n)))
void *arena_array(struct arena *a, size_t size, size_t count) MUST_USE;

// Copies into the arena; both end with a NUL that is not counted. An absent str stays absent.
struct str arena_str(struct arena *a, struct str s) MUST_USE;
// The NUL-terminated copy itself, "" for an absent str.
const char *arena_text(struct arena *a, struct str s) MUST_USE;
struct str  arena_printf(struct arena *a, const char *format, ...) MUST_USE PRINTF(2, 3);

// Bytes held, for tests and metrics.
size_t arena_size(const struct arena *a);
