// Establishments: the shared list, its counts and points, one sheet and its timeline.
#pragma once

#include "http/req.h"

// GET /api/establishments: one page of the filtered list.
enum err establishment_list(struct req *r);
// GET /api/establishments/counts: how many the filters leave, by state and by commune.
enum err establishment_count(struct req *r);
// GET /api/establishments/points: their places within ?bbox=west,south,east,north, at most 5 000.
enum err establishment_points(struct req *r);
// GET /api/establishments/{id}
enum err establishment_get(struct req *r);
// GET /api/establishments/{id}/potential: its hiring potential, part by part, with what each was made from.
enum err establishment_potential(struct req *r);
// GET /api/establishments/{id}/timeline: newest first.
enum err establishment_history(struct req *r);

// The employer that a body names, by its number or by its SIRET: one of the two. Wrong fields are kept for the answer.
enum err establishment_named(struct req *r, const int64_t *id, struct str siret, int64_t *ret_id) MUST_USE;
