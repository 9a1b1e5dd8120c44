// What looking at a partner's file and importing it share: from its bytes to the staging table,
// what its SIRET tell of each row, and the end of the transaction.
#pragma once

#include "import/partner.h"
#include "import/reading.h"

static inline bool failed(struct result res)
{
    return result_end(res) != OK;
}

// From the file to the staging table; fills what the report says of reading. file: rows are kept for
// it; 0: they are only looked at.
enum import_result partner_take_in(struct db *db, struct reading *r, int64_t file,
                                   struct partner_watch watch,
                                   struct partner_report *ret, struct import_problem *p) MUST_USE;

// Says what becomes of each row that was staged: what its SIRET and its commune tell.
bool partner_match(struct db *db) MUST_USE;

// Counts what becomes of the rows; then as the beginning of a JSON object, without its last brace.
bool partner_count_all(struct db *db, struct partner_report *ret) MUST_USE;
void partner_add_counts(const struct partner_report *report, struct buf *ret);
// What was noted while reading, as a member of an object.
void partner_add_notes(const struct partner_report *report, const struct table *t, struct buf *ret);

// Ends the transaction as the outcome says, and says so in the file.
enum import_result partner_conclude(struct db *db, int64_t file, enum import_result outcome,
                                    struct import_problem *p) MUST_USE;
