// Promises: one organisation will see this employer before a date.
#pragma once

#include "http/req.h"

// POST /api/promises: at most one active promise per establishment; the second is told who holds it.
enum err promise_post(struct req *r);
// GET /api/promises: active ones, soonest due first.
enum err promise_list(struct req *r);
// GET /api/promises/counts: how many are due soon, late, suspended..., and what waits for our answer.
enum err promise_count(struct req *r);
// GET /api/promises/figures: twelve months, partner by partner, the last line their total.
enum err promise_figures(struct req *r);
// POST /api/promises/bulk: the same act on many employers, each by itself; who was refused and why.
enum err promise_bulk(struct req *r);
// POST /api/promises/bulk/{id}/undo: takes back what was just done to many, for a minute.
enum err promise_bulk_undo(struct req *r);
// POST /api/promises/{id}/extend: a later date, with a reason.
enum err promise_extend(struct req *r);
// POST /api/promises/{id}/return: given back, with a reason.
enum err promise_return(struct req *r);
