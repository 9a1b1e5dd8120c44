// How the table of a partner's file is laid out: which line is its header, what each column means.
//
// Guessed from the first lines, by the names people give to columns and, where those say nothing,
// by what the columns hold; corrected by a person; found again by the fingerprint of the header.
// Pure functions but for the arena; any thread.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "import/table.h"

enum partner_field {
    PARTNER_SIRET,
    PARTNER_SIREN,
    PARTNER_NIC,
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
    PARTNER_CONTACT_PHONE,
    PARTNER_CONTACT_EMAIL,
    PARTNER_NOTES,
    PARTNER_OWN_KEY,
    PARTNER_FIELDS
};

enum {
    LAYOUT_TOP    = 20,  // a header is looked for in so many records
    LAYOUT_SAMPLE = 120, // records looked at
    LAYOUT_PRINT  = 32,  // bytes of a fingerprint
    LAYOUT_NONE   = -1,  // a column whose meaning is unknown or left aside
};

// Who says what a column means.
enum layout_source { LAYOUT_NOBODY, LAYOUT_NAME, LAYOUT_CONTENT, LAYOUT_SAVED, LAYOUT_PERSON };

struct layout {
    uint64_t header; // line of the header, the lower one of two; 0: there is none
    int      lines;  // 2 when names of groups stand above those of columns
    size_t   count;  // columns
    int      twice;  // a column with the name and meaning of an earlier one, or LAYOUT_NONE
    int8_t   meaning[CSV_COLUMN_MAX]; // enum partner_field or LAYOUT_NONE
    uint8_t  source[CSV_COLUMN_MAX];  // enum layout_source
};

struct layout_row {
    uint64_t    line;
    size_t      count;
    struct str *fields;
};

// The beginning of a table, kept in an arena.
struct layout_view {
    struct arena     *arena;
    struct layout_row rows[LAYOUT_SAMPLE];
    size_t            count;
};

// Reads the beginning of a table. False with p filled when it is wrong or has no record.
bool layout_look(struct layout_view *v, struct arena *a, struct table *t,
                 struct import_problem *p) MUST_USE;

// The best guess.
void layout_guess(const struct layout_view *v, struct layout *ret);
// The guess for a header on that line (0: none) of one or two lines.
void layout_guess_at(const struct layout_view *v, uint64_t header, int lines, struct layout *ret);

// Takes meanings as layout_columns writes them; what it does not know is left aside.
void layout_apply(struct layout *l, struct str columns, enum layout_source source);
// The wire names of the meanings, in the order of the columns: "siret|name||phone".
void layout_columns(const struct layout *l, struct buf *ret);

// True when rows can be told apart: a column has the SIRET, the name or the brand.
bool layout_is_usable(const struct layout *l);

// The names of the columns, unique and not empty, in the arena of the view.
struct str *layout_names(const struct layout_view *v, const struct layout *l);

// The fingerprint of a record taken as header: SHA-256 of its names without accents, case and
// blanks.
void layout_fingerprint(const struct layout_row *row, unsigned char ret[LAYOUT_PRINT]);

// The record that is the header; NULL when there is none.
const struct layout_row *layout_header(const struct layout_view *v, const struct layout *l);

// The wire name of a meaning ("siret"), and its French label ("SIRET").
const char *layout_field_name(enum partner_field field);
const char *layout_field_label(enum partner_field field);
