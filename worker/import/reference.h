// Reference data: communes, NAF, ROME. Rows are added or renamed, never removed.
#pragma once

#include "import/partner.h"

struct reference_report {
    uint64_t read, fresh, changed;
};

// communes.json of the npm package @etalab/decoupage-administratif: communes and municipal
// districts.
enum import_result communes_import(struct db *db, const char *path, struct reference_report *ret,
                                   struct import_problem *p) MUST_USE;

// Centres of communes: CSV with columns code, lon, lat. Communes without an official contour get
// the Voronoi cell of their centre among those that have one.
enum import_result centres_import(struct db *db, const char *path, struct reference_report *ret,
                                  struct import_problem *p) MUST_USE;

// NAF rév. 2: index.json of the npm package @socialgouv/codes-naf, or CSV with columns code and
// libelle (or label), and section where it is a letter.
enum import_result naf_import(struct db *db, const char *path, struct reference_report *ret,
                              struct import_problem *p) MUST_USE;

// ROME, as France Travail publishes it: CSV with columns code_rome and libelle_rome (version 3);
// with code_rome_parent too (4.0), where a row under another code is kept as what it is folded to,
// and its label as a title; or code_rome and libelle_appellation: titles, of either version.
enum import_result rome_import(struct db *db, const char *path, struct reference_report *ret,
                               struct import_problem *p) MUST_USE;

// epci.json, departements.json or regions.json of the npm package @etalab/decoupage-administratif: zones
// with their names and, of inter-communal groups, their communes; then every zoning is made anew.
enum import_result zones_import(struct db *db, const char *path, struct reference_report *ret,
                                struct import_problem *p) MUST_USE;

// The pure parts, for tests and fuzzing: COPY lines of the staging tables, and how many; or p filled.
bool communes_read(struct str json, struct buf *lines, uint64_t *ret_count,
                   struct import_problem *p);
bool zones_read(struct str json, struct buf *lines, uint64_t *ret_count, struct import_problem *p);
bool naf_read_json(struct str json, struct buf *lines, uint64_t *ret_count,
                   struct import_problem *p);

// The level (1 to 5) of a NAF code and its section: false when it is not one.
bool naf_place(struct str code, int *ret_level, char *ret_section);
