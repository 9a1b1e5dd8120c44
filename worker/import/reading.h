// A partner's file opened: its bytes, its table, its layout. Shared by preview and import.
//
// One thread. reading_open takes the row that the queries partner_file and partner_look give.
#pragma once

#include "base/db.h"
#include "import/layout.h"

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

// Everything seen as a JSON object without its last brace: kind, sheets, header, columns, the first
// lines. Impact is for the caller to add.
void reading_describe(const struct reading *r, struct buf *ret);
