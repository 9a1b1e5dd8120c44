// The report of a visit: written, corrected, its former texts; and what a telephone takes along.
#pragma once

#include "http/req.h"

// POST /api/visits/{id}/report: outcome, needs, next action, notes. With If-Match, refused when the
// visit was moved meanwhile; `despite` "cancelled": it took place although it had been cancelled.
enum err report_post(struct req *r);
// POST /api/visits/{id}/report/correct: If-Match required, the version of the report. The former
// text goes to the history.
enum err report_correct(struct req *r);
// GET /api/visits/{id}/report/history: the former texts, the oldest first.
enum err report_history(struct req *r);
// GET /api/field: my visits of the next seven days and those still to report, with their employers.
enum err field_get(struct req *r);
