// The review desk: is this row of our file that establishment?
#pragma once

#include "http/req.h"

// POST /api/reviews/next: the next doubtful pair, held for the person; 204 when nothing is left.
enum err review_next(struct req *r);
// GET /api/reviews: pairs, newest first (?state=open|decided).
enum err review_list(struct req *r);
// GET /api/reviews/figures: how far the desk is.
enum err review_count(struct req *r);
// GET /api/reviews/labels.csv: decisions, for measuring.
enum err review_export(struct req *r);
// GET /api/reviews/{id}: one pair.
enum err review_get(struct req *r);
// POST /api/reviews/{id}/decide: same, different or skip; what is left to do comes back.
enum err review_post(struct req *r);
// POST /api/reviews/{id}/undo: the pair is open again, nothing is lost.
enum err review_back(struct req *r);
