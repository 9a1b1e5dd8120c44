// Blocking: which pairs are worth comparing.
//
// Each feature has some keys, such as the number of its telephone or a rare word with its commune;
// features that share one are a candidate pair. Keys shared by too many are left out: each of them
// comes with finer ones (telephone and commune), so that the work grows with the number of records
// rather than with its square. Owned by one thread.
#pragma once

#include "link/stock.h"

enum { BLOCK_KEYS_MAX = 256, BLOCK_MOST = 48, BLOCK_FEATURE_BITS = 24 };

struct block; // keys of all features, sorted

// The consonants of a text, doubled ones once, at most six, as a hash: stable under most typing
// errors. 0 when it has fewer than two.
uint64_t block_skeleton(struct str text);

// The keys of a feature; returns how many.
size_t block_keys(const struct stock *s, const struct feature *f, uint64_t ret[BLOCK_KEYS_MAX]);

// Sorts the keys of all features of the stock; free with block_free (accepts NULL).
struct block *block_new(const struct stock *s) MUST_USE;
void          block_free(struct block *b);

// Adds a feature afterwards: block_find will find it, block_pairs not.
void block_add(struct block *b, const uint64_t *keys, size_t count, uint32_t feature);

// All candidate pairs, a << BLOCK_FEATURE_BITS | b with a < b, sorted, each once; freed by the
// caller.
uint64_t *block_pairs(const struct block *b, size_t *ret_count) MUST_USE;

// The features that share a key with the given ones, `most` at most, sorted, each once; returns how
// many.
size_t block_find(const struct block *b, const uint64_t *keys, size_t count, uint32_t *ret,
                  size_t most);
