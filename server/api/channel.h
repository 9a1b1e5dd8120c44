// Channels: where an organisation has things sent, and what was sent when, with what answer.
#pragma once

#include "http/req.h"

// GET /api/channels: of the organisation and its sandbox.
enum err channel_list(struct req *r);
// POST /api/channels: makes one; the secret that signs leaves in this answer and never again. A file has none, but a rhythm.
enum err channel_post(struct req *r);
// PATCH /api/channels/{id}: name, address, events, or its state: active, paused, removed.
enum err channel_patch(struct req *r);
// POST /api/channels/{id}/rotate: a new secret; the one before signs too for a day.
enum err channel_rotate(struct req *r);
// POST /api/channels/{id}/test: sends a word, or has the file written now; answers with the delivery.
enum err channel_test(struct req *r);
// POST /api/channels/{id}/replay: sends again all that is dead of it, five hundred at most: {replayed, dropped, left}.
enum err channel_replay(struct req *r);
// GET /api/channels/{id}/file: what its file holds at this moment.
enum err channel_file(struct req *r);
// GET /api/outlets: what the agreement of one's network names.
enum err outlet_list(struct req *r);
// GET /api/offers/{id}/outlets: where an offer of one's own was published, when, with what answer.
enum err offer_outlet_list(struct req *r);
// GET /api/deliveries: what was sent (?channel=, ?state=, ?offer=), newest first, with each try.
enum err delivery_list(struct req *r);
// GET /api/deliveries/{id}
enum err delivery_get(struct req *r);
// POST /api/deliveries/{id}/replay: sends again what is dead.
enum err delivery_replay(struct req *r);
