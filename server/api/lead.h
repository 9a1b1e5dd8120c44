// Leads: what contributors hear of employers, and what partners make of it.
#pragma once

#include "http/req.h"

// GET /api/leads: that I may read, newest first (?scope=sent|received|all, ?state=).
enum err lead_list(struct req *r);
// POST /api/leads: sends one, of an employer of the register or of a name.
enum err lead_post(struct req *r);
// GET /api/leads/employers?q=: employers as the register shows them, by SIRET or words.
enum err lead_employers_get(struct req *r);
// GET /api/leads/recipients: to whom one may be sent.
enum err lead_recipients_get(struct req *r);
// GET /api/leads/{id}: with its steps and what became of it.
enum err lead_get(struct req *r);
// POST /api/leads/{id}/move: taken, done with an answer, declined with one.
enum err lead_move_post(struct req *r);
// POST /api/leads/{id}/withdraw: by who sent it.
enum err lead_withdraw_post(struct req *r);
// PUT /api/leads/{id}/employer: which employer of the list it speaks of.
enum err lead_employer_put(struct req *r);
// POST /api/leads/{id}/need, /promise, /task: what it is made into, by its recipient.
enum err lead_need_post(struct req *r);
enum err lead_promise_post(struct req *r);
enum err lead_task_post(struct req *r);
