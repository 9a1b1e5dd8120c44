// Suggested weeks: asked for, computed by the worker, accepted line by line by those they are for.
#pragma once

#include "http/req.h"

// POST /api/tours: for oneself, or by a manager for several.
enum err tour_post(struct req *r);
// GET /api/tours/{id}
enum err tour_get(struct req *r);
// POST /api/tours/{id}/end: cancelled while it is computed, else closed.
enum err tour_end_post(struct req *r);
// POST /api/tours/{id}/again: computed anew around what was locked, refused or moved.
enum err tour_again_post(struct req *r);
// POST /api/tours/{id}/accept: lines become visits; what became of each.
enum err tour_accept_post(struct req *r);
// POST /api/tours/{id}/refuse: not that employer this week; without a reason, again.
enum err tour_refuse_post(struct req *r);
// POST /api/tours/{id}/place: a line stays where it is, or where it is put.
enum err tour_place_post(struct req *r);
