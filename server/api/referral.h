// Referrals: candidates proposed for an offer by a reference, and the collector's answers.
#pragma once

#include "http/req.h"

// POST /api/offers/{id}/referrals: proposes; nothing of the person but the proposer's file number.
enum err referral_post(struct req *r);
// GET /api/referrals: made by us or received by us, newest first (?scope=made|received, ?state=).
enum err referral_list(struct req *r);
// GET /api/referrals/{id}: one of them.
enum err referral_get(struct req *r);
// GET /api/referrals/figures: what became of them, by partner.
enum err referral_count(struct req *r);
// POST /api/referrals/{id}/answer: met, hired, or refused with a reason, by who collected the offer.
enum err referral_answer(struct req *r);
// POST /api/referrals/{id}/withdraw: by who proposed.
enum err referral_withdraw(struct req *r);
