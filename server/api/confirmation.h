// The employer's answer to an offer, by a link, without an account. The token comes in the body: addresses are logged.
#pragma once

#include "http/req.h"

// POST /api/public/confirmation: the offer as it will be, or why the link no longer works.
enum err confirmation_post(struct req *r);
// POST /api/public/confirmation/answer: confirmed, or what is to be corrected; once.
enum err confirmation_answer(struct req *r);
