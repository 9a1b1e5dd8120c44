// Candidates: the keys by which a database finds which of many records are worth comparing.
//
// link_group proposes pairs among records that are all in memory. Where a few records meet a stock
// of millions, the stock keeps the keys of each of its records, sorted; whoever shares one with a
// new record is a candidate, and only candidates come to memory. They are the keys of link/block.h
// that a stock can keep: they depend on the record alone (no weights of words), and where block.h
// has a value once by commune and once by postcode, here the caller names the place (an INSEE code,
// equal on both sides however the commune was written). A key borne by more than CANDIDATE_MOST
// records of the stock tells nothing; finer ones stand beside it.
//
// How much a key tells falls with the number of records n that bear it: candidate_weight(n), the
// logarithm of 2 * CANDIDATE_MOST / n; the weights of the shared keys of a pair are added
// (probabilistic blocking in the manner of the inverse document frequency, Spärck Jones 1972).
//
// Pure; a keyer belongs to one thread.
#pragma once

#include "link/schema.h"

enum {
    CANDIDATE_KEYS_MAX = 64, // keys of a record at most
    CANDIDATE_MOST     = 48, // bearers of a key beyond which it is left out
};

// A candidate that shares less than this part of what the best one shares is left out.
#define CANDIDATE_LEAST 0.25

struct candidate_keyer; // opaque

// The schema must live as long as the keyer; its unit must be LINK_ESTABLISHMENT. Free with
// candidate_keyer_free (accepts NULL).
struct candidate_keyer *candidate_keyer_new(const struct link_schema *schema) MUST_USE;
void                    candidate_keyer_free(struct candidate_keyer *k);

// The keys of a record: its fields in the order of the schema, and its place (may be empty).
// Returns how many; sorted, each once. The same on every machine.
size_t candidate_keys(struct candidate_keyer *k, const struct str *fields, struct str place,
                      uint64_t ret[CANDIDATE_KEYS_MAX]);
// Those among them that tell most, for what a stock knows besides: names in their place, telephone
// and mail.
size_t candidate_chief_keys(struct candidate_keyer *k, const struct str *fields, struct str place,
                            uint64_t ret[CANDIDATE_KEYS_MAX]);

// What sharing a key is worth that n records of the stock bear: more than 0 up to CANDIDATE_MOST,
// else 0.
double candidate_weight(size_t n);
