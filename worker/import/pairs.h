// Pairs of establishments of the shared list that may be one employer: found by record linkage, for
// the review desk.
#pragma once

#include "base/db.h"

// Compares the establishments of a territory (link/link.h), with the rows of partners' files tied
// to them, and puts what a person should look at into data.review: those that linkage holds for the
// same, and those it doubts, among establishments without a SIRET, of one company, with one phone
// or at one address. What people said of a pair binds. In the transaction under way; the number of
// new pairs in *ret.
enum err pairs_run(struct db *db, int64_t territory, int64_t *ret) MUST_USE;
