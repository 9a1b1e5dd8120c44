// Linkage of the rows of a partner's file that no SIRET placed.
#pragma once

#include "base/db.h"

struct linkage_report {
    int64_t linked;   // tied to an establishment, with certainty
    int64_t review;   // resemble one or several: a person will say
    int64_t created;  // not known: came into the list
    int64_t unplaced; // not known, and without name or commune: stay with their file
};

// Compares the waiting rows of a file with the establishments of its organisation's territory (one
// group of records, link/link.h) in the transaction under way, which it expects. What people said of
// rows like these binds. A file without waiting rows, or not imported, is left alone.
enum err linkage_run(struct db *db, int64_t file, struct linkage_report *ret) MUST_USE;
