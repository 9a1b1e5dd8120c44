// Calls for an appointment: whom to call with which numbers, attempts and what came of them.
#pragma once

#include "http/req.h"

// GET /api/calls: mine, or the organisation's; those to call now first.
enum err call_list(struct req *r);
// POST /api/establishments/{id}/calls: what came of a call.
enum err call_post(struct req *r);
