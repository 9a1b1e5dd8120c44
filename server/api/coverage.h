// Coverage: share of establishments visited, by commune; the same figures as JSON and as a file.
#pragma once

#include "http/req.h"

// GET /api/coverage: ?months=12&network=&naf=&size=
enum err coverage_get(struct req *r);
// GET /api/coverage.csv: the same, for a spreadsheet.
enum err coverage_csv(struct req *r);
