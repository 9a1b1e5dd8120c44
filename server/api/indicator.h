// Indicators: figures of coverage, means and results; the same for map, table, files and programs.
//
// Filters, all optional: level (commune, epci, bassin, departement, region, all, month, network, organisation, sector,
// size), within ("level:code", several comma-separated for where they overlap), from and to (YYYY-MM; the last twelve months), network, organisation, segment, naf, size,
// codes (comma-separated; all of them).
#pragma once

#include "http/req.h"

// GET /api/indicators: what each one means.
enum err indicator_list(struct req *r);
// GET /api/indicators/figures: one item per area, and the whole.
enum err indicator_figures(struct req *r);
// GET /api/indicators/figures.csv, .xlsx, .geojson: the same figures in files.
enum err indicator_csv(struct req *r);
enum err indicator_xlsx(struct req *r);
enum err indicator_geojson(struct req *r);
// GET /api/indicators/employers: those behind one figure (?indicator=), for partners.
enum err indicator_employers(struct req *r);
enum err indicator_employers_csv(struct req *r);

// GET /api/diagnosis: all that is known of an area (?within=), with sources.
enum err diagnosis_get(struct req *r);

// Whether a month is absent or YYYY-MM, an area absent or as above; a wrong one is told as a wrong field.
bool month_check(struct req *r, const char *name, struct str month);
bool within_check(struct req *r, struct str within);

enum { WITHIN_MAX = 220 }; // bytes of it
