// Claims about an employer: closed, moved, unreachable; a second partner confirms.
#pragma once

#include "http/req.h"

// GET /api/claims: said by other partners and waiting for a second one.
enum err claim_list(struct req *r);
// POST /api/establishments/{id}/claims: says so, or confirms what another partner said.
enum err claim_post(struct req *r);
// POST /api/claims/{id}/confirm, /deny (with a reason), /withdraw.
enum err claim_confirm(struct req *r);
enum err claim_deny(struct req *r);
enum err claim_withdraw(struct req *r);
