// Absences of members and closures of organisations: the clock of their promises stops. Why is not asked.
#pragma once

#include "http/req.h"

// GET /api/absences: running and coming ones of our organisation; ?past=true those of six months.
enum err absence_list(struct req *r);
// POST /api/absences: one's own; a manager also a colleague's, or the closure of the organisation.
enum err absence_post(struct req *r);
// PATCH /api/absences/{id}: ends earlier or later.
enum err absence_patch(struct req *r);
// POST /api/absences/{id}/cancel: one that has not begun.
enum err absence_cancel(struct req *r);
