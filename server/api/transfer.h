// Transfers: a promise that goes from one organisation to another, given or asked for.
#pragma once

#include "http/req.h"

// GET /api/transfers: those of our organisation; ?open=false those that had an answer.
enum err transfer_list(struct req *r);
// POST /api/promises/{id}/transfers: proposed to an organisation, or asked for when it holds it.
enum err transfer_post(struct req *r);
// POST /api/transfers/{id}/answer: accepted or refused; accepted, the promise has changed hands.
enum err transfer_answer(struct req *r);
// POST /api/transfers/{id}/withdraw: by who proposed it.
enum err transfer_withdraw(struct req *r);
