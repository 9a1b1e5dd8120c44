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
// says of its rows. stands is asked between two steps whether it is still wanted; when it is not,
// *ret is all zeros. The verdicts are then in the temporary table `verdict`.
typedef bool linkage_stands(void *context);
enum err     linkage_foresee(struct db *db, int64_t file, linkage_stands *stands, void *context,
                             struct linkage_report *ret) MUST_USE;

// Ties the rows of a file that is being imported (they are staged, kept and numbered) as its preview
// foresaw, when nothing changed since that could make it otherwise; *ret_adopted says whether. The
// values of the establishments (data.golden) are left to the caller, who finds them in the temporary
// table `verdict`, empty when nothing was adopted.
enum err linkage_adopt(struct db *db, int64_t file, bool *ret_adopted,
                       struct linkage_report *ret) MUST_USE;

// Compares the employers that the offers of a feed name (data.feed_offer, those that no SIRET tied)
// with the list of the organisation of its file, in the transaction under way. The verdicts are
// then in the temporary table `verdict`, under the number of the first offer of each employer;
// changes nothing else. *ret_any: there was somebody to compare.
enum err linkage_employers(struct db *db, int64_t feed, int64_t file, bool *ret_any) MUST_USE;
