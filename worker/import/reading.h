// A partner's file opened: its bytes, its table, its layout. Shared by preview and import.
//
// One thread. reading_open takes the row that the queries partner_file and partner_look give.
#pragma once

#include "base/db.h"
#include "import/partner_row.h"

struct reading {
    struct arena      *arena;
    char              *bytes;
    size_t             size;
    struct table      *table;
    struct layout_view view;
    struct layout      layout;
    bool               by_person; // the layout was said, not guessed
    bool               is_known;  // the organisation had named the columns of this header
    unsigned char      print[LAYOUT_PRINT];
};

// Opens the file of a row. 1: done; 0: the file is wrong, p says why; -1: the database failed.
int  reading_open(struct reading *r, struct db *db, const struct result *row,
                  struct import_problem *p) MUST_USE;
void reading_close(struct reading *r);

// Says how the rows of an import are kept: sealed for the file, but for columns that may stay
// readable. run->arena is the caller's to free. False when the database failed.
bool reading_keep(const struct reading *r, struct db *db, int64_t file,
                  struct partner_run *run) MUST_USE;

// What was seen, as two JSON objects without their last braces: what any reader of the database may
// know of it (kind, usable, known), and what is to be sealed: sheets, header, columns with samples,
// the first lines. Impact is for the caller to add to the first.
void reading_describe(const struct reading *r, struct buf *ret_open, struct buf *ret_seen);

// The names of the columns as a JSON array.
void reading_names(const struct reading *r, struct buf *ret);

// The second of these, ended and sealed for a file; in the arena of the reading.
struct str reading_seal(const struct reading *r, int64_t file, struct buf *seen);
