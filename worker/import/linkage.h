// Linkage of the rows of a partner's file that no SIRET placed.
//
// Each row is compared with the few establishments of its organisation's territory that share most
// keys with it (link/candidate.h), all rows and candidates of a file in one group of records
// (link/link.h). What people of the organisation said of rows like these binds. Establishments
// whose keys are not computed yet are not found: call keying_run (import/keying.h) before.
#pragma once

#include "base/db.h"

struct linkage_report {
    int64_t linked;   // tied to an establishment, with certainty
    int64_t review;   // resemble one or several: a person will say
    int64_t created;  // not known: came into the list
    int64_t unplaced; // not known, and without name or commune: stay with their file
};

// Ties the waiting rows of an imported file, in the transaction under way, which it expects. A file
// without waiting rows, or not imported, is left alone.
enum err linkage_run(struct db *db, int64_t file, struct linkage_report *ret) MUST_USE;

// Says what linkage_run would do with the rows that a preview has staged (partner_decide), among
// them those that resemble what the file itself would create. Changes nothing but what the preview
// says of its rows.
enum err linkage_foresee(struct db *db, int64_t file, struct linkage_report *ret) MUST_USE;
