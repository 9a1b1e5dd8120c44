// Offers: drafted, confirmed with the employer, reserved, opened, filled.
#pragma once

#include "http/req.h"

// POST /api/offers: a draft, from an establishment, a visit or a need.
enum err offer_post(struct req *r);
// GET /api/offers: those that I may see, newest first.
enum err offer_list(struct req *r);
// GET /api/offers/networks: where our agreement sends an offer of these publics, contract and occupation.
enum err offer_network_list(struct req *r);
// GET /api/offers/{id}: with its steps.
enum err offer_get(struct req *r);
// PATCH /api/offers/{id}: a draft only; If-Match required.
enum err offer_patch(struct req *r);
// POST /api/offers/{id}/confirm: with whom it was confirmed; reserved from now.
enum err offer_confirm(struct req *r);
// POST /api/offers/{id}/open: early, by the collector, with a reason.
enum err offer_open(struct req *r);
// POST /api/offers/{id}/fill: some posts, or all that are left.
enum err offer_fill(struct req *r);
// POST /api/offers/{id}/prolong: an open offer, as the employer has just said.
enum err offer_prolong(struct req *r);
// POST /api/offers/{id}/link: what the employer confirms a draft with; the former link dies.
enum err offer_link(struct req *r);
// POST /api/offers/{id}/withdraw: with a reason.
enum err offer_withdraw(struct req *r);
// GET /api/offers/withdrawals: the reasons that one may give.
enum err offer_withdrawal_list(struct req *r);
// POST /api/offers/{id}/same, /apart: it is, or is not, the same offer as one that came by another way.
enum err offer_same_post(struct req *r);
enum err offer_apart_post(struct req *r);
