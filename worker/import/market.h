// The labour market as public files tell it: what criteria of segments and the hiring potential
// read.
//
// Each file is CSV, gzipped or not, found by the names of its columns. Rows are added or changed,
// never removed; "*" (statistical secrecy) and empty cells are unknown, never 0. After each load
// the figures of every activity in every bassin are computed anew (data.outlook_refresh). Results
// and problems are told as for the other reference data (import/reference.h).
#pragma once

#include "import/reference.h"

// Communes of the bassins d'emploi: code_commune (or code_insee), code_bassin, libelle_bassin.
enum import_result bassins_import(struct db *db, const char *path, struct reference_report *ret,
                                  struct import_problem *p) MUST_USE;
// Survey BMO of France Travail: annee, Code métier BMO, Nom métier BMO, BE.., NOMBE.., met, xmet,
// smet.
enum import_result bmo_import(struct db *db, const char *path, struct reference_report *ret,
                              struct import_problem *p) MUST_USE;
// Tension by occupation and bassin: annee, ROME, cbassin, ind_tension_d (1 to 5).
enum import_result tension_import(struct db *db, const char *path, struct reference_report *ret,
                                  struct import_problem *p) MUST_USE;
// Hirings by activity and occupation: rome_code, naf_code, embauches.
enum import_result hirings_import(struct db *db, const char *path, struct reference_report *ret,
                                  struct import_problem *p) MUST_USE;
// Families of occupations: fap_code, rome_code.
enum import_result families_import(struct db *db, const char *path, struct reference_report *ret,
                                   struct import_problem *p) MUST_USE;
