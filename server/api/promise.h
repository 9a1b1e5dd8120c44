// Promises: one organisation will see this employer before a date.
#pragma once

#include "http/req.h"

// POST /api/promises: at most one active promise per establishment; the second is told who holds it.
enum err promise_post(struct req *r);
// GET /api/promises: active ones, soonest due first.
enum err promise_list(struct req *r);
// POST /api/promises/{id}/extend: a later date, with a reason.
enum err promise_extend(struct req *r);
// POST /api/promises/{id}/return: given back, with a reason.
enum err promise_return(struct req *r);
