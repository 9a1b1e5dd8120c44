// Merges: two rows of the list that are one employer made one, and two again.
#pragma once

#include "http/req.h"

// GET /api/establishments/{id}/merge?with=N: both sides, what would move, what is in the way.
enum err merge_look(struct req *r);
// POST /api/establishments/{id}/merge: makes one of it and another.
enum err merge_post(struct req *r);
// POST /api/merges/{id}/undo
enum err merge_back(struct req *r);
