// Aliases: names that are known to be of one organisation.
//
// A company and its sign have different names; where identifier, telephone or address show that two
// records are the same all the same, their names are learned as aliases, and other records that
// bear them are no longer held apart by it. Owned by one thread, read by any.
#pragma once

#include "base/base.h"

struct alias;

// An empty set, and its end (accepts NULL).
struct alias *alias_new(void) MUST_USE;
void          alias_free(struct alias *a);

// Adds a pair of names by their keys, in any order; asks for it.
void alias_add(struct alias *a, uint64_t x, uint64_t y);
bool alias_has(const struct alias *a, uint64_t x, uint64_t y);

// Number of pairs.
size_t alias_count(const struct alias *a);
