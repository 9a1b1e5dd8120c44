// Values of an establishment: who gave each, by which rule it stands, and choosing one for good.
#pragma once

#include "http/req.h"

// GET /api/establishments/{id}/values: every field with the value that stands and the others.
enum err value_list(struct req *r);
// POST /api/establishments/{id}/pin: chooses a value, with a reason.
enum err value_post(struct req *r);
// POST /api/establishments/{id}/release: the rules decide again.
enum err value_back(struct req *r);
