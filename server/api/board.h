// The public board: what anybody may read without an account.
#pragma once

#include "http/req.h"

// GET /api/public/site: name of the installation, whether its data are fictitious.
enum err board_site(struct req *r);
// GET /api/public/offers: open offers, newest first.
enum err board_list(struct req *r);
// GET /api/public/offers/{id}: 404 when it is not, or no longer, open.
enum err board_get(struct req *r);
