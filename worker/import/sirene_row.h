// One row of a register file (Sirene), read and put in order: from CSV fields to a COPY line.
//
// Pure: no database, no file. The kinds of files are told by their header:
//   establishments  StockEtablissement (48, 48 + 9 geo_*, 54 columns...) and the extracts of the
//                   "Annuaire des entreprises"; columns are found by name, in any order
//   units           StockUniteLegale: the names of the companies
//   successions     StockEtablissementLiensSuccession: who took over from whom
#pragma once

#include "import/copyline.h"
#include "import/csv.h"

enum sirene_kind { SIRENE_ESTABLISHMENTS, SIRENE_UNITS, SIRENE_SUCCESSIONS };

enum { SIRENE_COLUMNS_MAX = 64 };

// What a layout gives; what it does not give is left as it is in the database.
struct sirene_layout {
    enum sirene_kind kind;
    int              found[SIRENE_COLUMNS_MAX]; // index in the file of each known column, or -1
    bool             has_name;
    bool             has_location;
    bool             has_head;
    bool             has_opened;
    bool             has_size;
    bool             has_brand;
    bool             has_usual;
};

// A value that is odd without making the file wrong, counted by code.
struct sirene_notes {
    uint64_t              count[PROBLEM__COUNT];
    struct import_problem first[PROBLEM__COUNT];
};

// State kept from row to row.
struct sirene_run {
    struct sirene_layout layout;
    struct sirene_notes  notes;
    uint64_t             read;
    uint64_t             closed;
    uint64_t             partial;   // units under partial diffusion
    bool                 is_sorted; // keys have been strictly increasing: no key comes twice
    char                 last[16];
};

// Reads the header the reader has just set. False with p filled when it is not a known one.
bool sirene_begin(struct sirene_run *run, const struct csv *csv, struct import_problem *p);

// Turns the current record into one COPY line for the staging table of its kind (see sirene.sql).
// False with p filled when the row is wrong; the buf may then hold a part of a line.
bool sirene_row(struct sirene_run *run, const struct csv *csv, struct buf *line,
                struct import_problem *p);
