// Keys of the API: made and ended by those who answer for an organisation, used by its programs.
#pragma once

#include "http/req.h"

// GET /api/keys: of the organisation and its sandbox, newest first; never a secret.
enum err key_list(struct req *r);
// POST /api/keys: makes one; its secret leaves in this answer and never again.
enum err key_post(struct req *r);
// PATCH /api/keys/{id}: other scopes, another end.
enum err key_patch(struct req *r);
// POST /api/keys/{id}/rotate: a second secret; the first ends after `hours` (24 unless given).
enum err key_rotate(struct req *r);
// POST /api/keys/{id}/revoke: it ends now.
enum err key_revoke(struct req *r);
// GET /api/key: what the key that asks is and may do.
enum err key_get(struct req *r);
