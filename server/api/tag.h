// Tags on employers, and the columns of an organisation's files that hold its own codes.
#pragma once

#include "http/req.h"

// GET /api/codes: columns that may be codes, those that are, and the codes met in them.
enum err code_list(struct req *r);
// PUT /api/codes: which columns are codes.
enum err code_put(struct req *r);
// PUT /api/establishments/{id}/tags: exactly these of one's own tags.
enum err establishment_tags_put(struct req *r);
// GET /api/tags: those the person may see.
enum err tag_list(struct req *r);
// POST /api/tags: a new one of one's organisation.
enum err tag_post(struct req *r);
