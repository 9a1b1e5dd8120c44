// One row of a partner's file, as received and put in order: from CSV fields to a COPY line.
//
// Pure: no database. Columns are recognised by the names people give them; whatever they are, every
// value is kept as received beside what was understood.
#pragma once

#include "import/copyline.h"
#include "import/csv.h"

enum partner_field {
    PARTNER_SIRET,
    PARTNER_SIREN,
    PARTNER_NAME,
    PARTNER_BRAND,
    PARTNER_ADDRESS,
    PARTNER_POSTCODE,
    PARTNER_CITY,
    PARTNER_COMMUNE,
    PARTNER_PHONE,
    PARTNER_EMAIL,
    PARTNER_NAF,
    PARTNER_CONTACT,
    PARTNER_GIVEN_NAME,
    PARTNER_POSITION,
    PARTNER_NOTES,
    PARTNER_OWN_KEY,
    PARTNER_FIELDS
};

struct partner_layout {
    int found[PARTNER_FIELDS]; // index in the file, or -1
};

struct partner_run {
    struct partner_layout layout;
    uint64_t              read, restored;
};

// Looks for the header among the first lines (titles may stand above it) and sets it on the
// reader. False with p filled when no line has a known column, or the file is wrong before that.
bool partner_begin(struct partner_run *run, struct csv *csv, struct import_problem *p);

// Turns the current record into one COPY line for the staging table (see partner.sql). A row is
// never refused: what is wrong with it is part of the line. note is filled with it
// (PROBLEM_NONE when nothing is).
void partner_row(struct partner_run *run, const struct csv *csv, struct buf *line,
                 struct import_problem *note);

// What is read from loosely written values; ret is "" when it cannot be used.
enum { PHONE_ROOM = 20, EMAIL_ROOM = 200 };
void partner_phone(struct str text, char ret[PHONE_ROOM]);
void partner_email(struct str text, char ret[EMAIL_ROOM]);
// Without the stars, quotes and blanks around it: "***GSK***" is GSK.
struct str partner_name(struct str text);
