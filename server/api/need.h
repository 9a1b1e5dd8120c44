// Needs: what employers mean to hire.
#pragma once

#include "http/req.h"

// GET /api/needs: of the employers one sees, newest first (?establishment=, ?state=).
enum err need_list(struct req *r);
// POST /api/needs: declares one, outside a visit.
enum err need_post(struct req *r);
