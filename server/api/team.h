// Teams across organisations: each partner agrees by a manager, any of their members visits for the team.
#pragma once

#include "http/req.h"

// GET /api/teams: of the territory; ?ended=true those that ended.
enum err team_list(struct req *r);
// POST /api/teams: proposed by a manager to other partners.
enum err team_post(struct req *r);
// POST /api/teams/{id}/agree: by a manager of a partner, who names its members; later on, names them anew.
enum err team_agree(struct req *r);
// POST /api/teams/{id}/end: any partner ends it, or refuses one that was proposed.
enum err team_end(struct req *r);
