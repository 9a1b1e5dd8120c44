// Targets: what an organisation, or all together, want a figure to be over a period, and how far it
// is. Rules: schema/api/78_target.sql.
#pragma once

#include "http/req.h"

// GET /api/targets: those of a period (?from=, ?to=) with what they come to, and the objectives of
// plans.
enum err target_list(struct req *r);
// POST /api/targets: a target, or its figure anew; the list comes back.
enum err target_post(struct req *r);
// DELETE /api/targets/{id}
enum err target_delete(struct req *r);
