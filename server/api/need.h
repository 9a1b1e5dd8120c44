// Needs: what employers mean to hire, and what came of it.
#pragma once

#include "http/req.h"

// GET /api/needs: of the employers one sees, newest first (?establishment=, ?state=, ?scope=,
// ?source=, ?rome=, ?q=, ?commune=, ?expiring=).
enum err need_list(struct req *r);
// POST /api/needs: declares one, outside a visit.
enum err need_post(struct req *r);
// GET /api/needs/{id}: with its steps, its offer and who is asked to call the employer.
enum err need_get(struct req *r);
// PATCH /api/needs/{id}: what is meant, with If-Match.
enum err need_patch(struct req *r);
// POST /api/needs/{id}/move: confirmed, zero (vacant posts) on a day, filled or abandoned with a
// reason.
enum err need_move_post(struct req *r);
// GET /api/needs/figures: declared, offered and filled posts, by employer, occupation or area.
enum err need_count(struct req *r);
// GET /api/needs/survey: the published survey, bassin by family of occupations, beside what
// partners know.
enum err need_survey_get(struct req *r);
// POST /api/needs/import?name=: answers to the survey, as a partner has them; 202, the worker reads
// it. Followed and its faults read at /api/imports/{id}. The same file again answers 200 with the
// first one.
enum err need_import_post(struct req *r);
