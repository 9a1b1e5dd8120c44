// Visits: planned, moved, cancelled, reported; and what is due today.
#pragma once

#include "http/req.h"

// POST /api/visits: plans a visit, and promises it when nobody has.
enum err visit_post(struct req *r);
// GET /api/visits: of the organisation or mine, between two days.
enum err visit_list(struct req *r);
// GET /api/visits/{id}
enum err visit_get(struct req *r);
// PATCH /api/visits/{id}: moves it; If-Match required.
enum err visit_patch(struct req *r);
// POST /api/visits/{id}/cancel: with a reason.
enum err visit_cancel(struct req *r);
// POST /api/visits/{id}/report: outcome, needs, next action, notes.
enum err visit_report(struct req *r);
// GET /api/today: promises due, visits to do or report, next actions, offers about to open.
enum err visit_today(struct req *r);
