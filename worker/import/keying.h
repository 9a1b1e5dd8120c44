// Gives establishments the keys under which linkage finds them (link/candidate.h).
//
// What changes is noted by triggers in data.establishment_unkeyed; whoever calls takes some of it
// and writes the keys in a transaction of its own. Callers wait for each other.
#pragma once

#include "base/db.h"

enum { KEYING_BATCH = 40000 };

// Takes establishments, KEYING_BATCH at a time, until none is left or `most` were done; with
// and_rows then the rows tied to some. *ret_left (may be NULL): establishments still waiting, at
// most 100,001.
enum err keying_run(struct db *db, int64_t most, bool and_rows, int64_t *ret_left) MUST_USE;

// Before the rows of an imported file are compared: as keying_run for all, when some wait that this
// file says nothing of. Of those that it changed a moment ago linkage takes the keys from its rows.
enum err keying_before(struct db *db, int64_t file) MUST_USE;
