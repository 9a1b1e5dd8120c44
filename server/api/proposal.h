// Employers that were given back or let go, proposed to the next best partner.
#pragma once

#include "http/req.h"

// GET /api/proposals: to our organisation; ?open=false those that had an answer.
enum err proposal_list(struct req *r);
// POST /api/proposals/{id}/answer: a manager accepts for a member, who promises at once, or declines with a reason.
enum err proposal_answer(struct req *r);
