// Visits: planned, moved, cancelled, reported; and what is due today.
#pragma once

#include "http/req.h"

// Answers the visit of the path, as it is now.
enum err visit_answer(struct req *r, int status);
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
// POST /api/visits/{id}/invite: a second partner at our visit, or us at another's.
enum err visit_invite(struct req *r);
// POST /api/visits/{id}/invitation: accepted, declined, withdrawn.
enum err visit_invitation(struct req *r);
// POST /api/visits/{id}/note: the private part of the second partner, once the report is there.
enum err visit_note(struct req *r);
// GET /api/today: promises due, visits to do or report, next actions, offers about to open.
enum err visit_today(struct req *r);
