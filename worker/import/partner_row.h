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
};

// Makes a table ready to be read by a layout: after its header, with the names of its columns. v is
// what layout_look saw of it. False with p filled when a record before that is wrong.
bool partner_begin(struct partner_run *run, struct table *t, const struct layout_view *v,
                   const struct layout *l, struct import_problem *p) MUST_USE;

// Why a guessed layout cannot be trusted without a person: false with p filled.
bool partner_is_plain(const struct layout_view *v, const struct layout *l,
                      struct import_problem *p) MUST_USE;

// Turns the current record into one COPY line for the staging table (see partner.sql). A row is
// never refused: what is wrong with it is part of the line. note is filled with it
// (PROBLEM_NONE when nothing is).
void partner_row(struct partner_run *run, const struct table *t, struct buf *line,
                 struct import_problem *note);

// What is read from loosely written values; ret is "" when it cannot be used.
enum { PHONE_ROOM = 20, EMAIL_ROOM = 200 };
void partner_phone(struct str text, char ret[PHONE_ROOM]);
void partner_email(struct str text, char ret[EMAIL_ROOM]);
// "6202a" is 62.02A; absent when it is no code.
struct str partner_naf(struct str text, char room[6]);
// Without the stars, quotes and blanks around it: "***GSK***" is GSK.
struct str partner_name(struct str text);
