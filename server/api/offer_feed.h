// Feeds of offers: where they come from, how they are read, what came of each reading, and what waits for a person.
#pragma once

#include "http/req.h"

enum { FEED_FILE_MOST = 20 << 20 }; // bytes of a file given by hand

// GET /api/feeds: of the organisation.
enum err feed_list(struct req *r);
// POST /api/feeds: a name, and an address that is asked every so many minutes; without one, files are given.
enum err feed_post(struct req *r);
// GET, PATCH /api/feeds/{id}: name, address, agreement of its sender; paused, resumed, removed.
enum err feed_get(struct req *r);
enum err feed_patch(struct req *r);
// PUT /api/feeds/{id}/file?name=: the bytes as body; they are read when the feed is described.
enum err feed_file_put(struct req *r);
// PUT /api/feeds/{id}/layout: how it is read from now on.
enum err feed_layout_put(struct req *r);
// POST /api/feeds/{id}/preview: what a layout makes of the last bytes; without one, what is proposed.
enum err feed_preview(struct req *r);
// POST /api/feeds/{id}/read: asks for a reading now.
enum err feed_read_post(struct req *r);
// GET /api/feeds/{id}/runs: newest first.
enum err feed_runs(struct req *r);
// GET /api/feeds/{id}/runs/{run_id}/faults and /faults.csv
enum err feed_faults(struct req *r);
enum err feed_faults_csv(struct req *r);
// POST /api/feeds/{id}/runs/{run_id}/decide: what becomes of the offers it no longer found.
enum err feed_decide(struct req *r);
// GET /api/feeds/{id}/offers?state=: what the feed names, what waits first.
enum err feed_offers(struct req *r);
// PATCH /api/feed-offers/{id}: what the feed does not say; POST .../aside, .../take.
enum err feed_offer_patch(struct req *r);
enum err feed_offer_aside(struct req *r);
enum err feed_offer_take(struct req *r);
// POST /api/feeds/{id}/aside: several of its offers that wait, at once.
enum err feed_aside(struct req *r);
