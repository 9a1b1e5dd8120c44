// What an employer answers by a link, without an account: pages that need no script.
//
// The token in the address is the right, works once, and is logged nowhere. A GET changes nothing, since mail servers look at
// links; no cookie counts, so that another site has nothing to borrow.
#pragma once

#include "http/req.h"

// GET /employeur/{link}: the offer, and what may be answered: is this draft right, or does the offer still stand.
enum err confirmation_page(struct req *r);
// POST /employeur/{link}: the answer, from the form of that page.
enum err confirmation_answer(struct req *r);
