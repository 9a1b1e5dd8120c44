// One row of a partner's file, as received and put in order: from CSV fields to a COPY line.
//
// Pure: no database. Columns are recognised by the names people give them; whatever they are, every
// value is kept as received beside what was understood.
#pragma once

#include "import/copyline.h"
#include "import/layout.h"

struct partner_run {
    int      found[PARTNER_FIELDS]; // index in the file, or -1
    uint64_t read, restored;

    // How rows are kept; the caller sets it after partner_begin. Nothing is kept of a file that is
    // only looked at.
    int64_t       file; // rows are sealed for it; 0: not kept
    struct arena *arena; // for sealing; emptied with each row
    bool          plain[CSV_COLUMN_MAX]; // columns that stay readable
};

// Makes a table ready to be read by a layout: after its header, with the names of its columns. v is
// what layout_look saw of it. False with p filled when a record before that is wrong.
bool partner_begin(struct partner_run *run, struct table *t, const struct layout_view *v,
                   const struct layout *l, struct import_problem *p) MUST_USE;

// Why a guessed layout cannot be trusted without a person: false with p filled.
bool partner_is_plain(const struct layout_view *v, const struct layout *l,
                      struct import_problem *p) MUST_USE;

// Turns the current record into one COPY line for the staging table (see partner.sql). A row is
// never refused: what is wrong with it is part of the line. note is filled with the first of it
// (PROBLEM_NONE when nothing is). False with note filled when the file ends within this row.
bool partner_row(struct partner_run *run, const struct table *t, struct buf *line,
                 struct import_problem *note) MUST_USE;
