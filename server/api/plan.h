// Joint plans: what partners agree to do, version by version, their signatures, and what came of it.
//
// A plan's JSON carries `edit`, which a change names in If-Match: somebody else's change since is
// answered with plan_edit_taken and what they made. Rules: schema/api/74_plan.sql.
#pragma once

#include "http/req.h"

// GET /api/plans: those of the territory, newest first (?state=, ?mine=true: we are a partner,
// ?deadlocked=true: refused by one, and none agreed since).
enum err plan_list(struct req *r);
// POST /api/plans: a first draft.
enum err plan_post(struct req *r);
// GET /api/plans/weights: what a visit is worth, and which employers suit whom: the tables.
enum err plan_weights(struct req *r);
// GET /api/plans/{id}: with versions, answers, scenarios and comments.
enum err plan_get(struct req *r);
// PUT /api/plans/{id}/content: the draft anew, or a new version; If-Match required.
enum err plan_content_put(struct req *r);
// POST /api/plans/{id}/choose: the scenario whose lines are signed; If-Match required.
enum err plan_choose_post(struct req *r);
// POST /api/plans/{id}/propose: the draft goes to the partners; If-Match required.
enum err plan_propose_post(struct req *r);
// POST /api/plans/{id}/sign, /refuse: one version, named by its number and its hash.
enum err plan_sign_post(struct req *r);
enum err plan_refuse_post(struct req *r);
// POST /api/plans/{id}/activate: an agreed version starts, its lines become promises.
enum err plan_activate_post(struct req *r);
// POST /api/plans/{id}/abandon, /evaluate: the two ends, with a reason or a conclusion.
enum err plan_abandon_post(struct req *r);
enum err plan_evaluate_post(struct req *r);
// POST /api/plans/{id}/comments: of the whole, a part, a segment or a line.
enum err plan_comment_post(struct req *r);
// GET /api/plans/{id}/history: who did what, newest first; and every change of the content.
enum err plan_history_get(struct req *r);
// GET /api/plans/{id}/results: objectives beside what happened.
enum err plan_results_get(struct req *r);
// GET /api/plans/{id}/skipped: lines that made no promise, and why.
enum err plan_skipped_get(struct req *r);
