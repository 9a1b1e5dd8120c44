// Scenarios of a joint plan: asked here, computed by the worker, read line by line.
#pragma once

#include "http/req.h"

// POST /api/plans/{id}/scenarios: asks for one; `settings` holds what differs from the plan.
enum err scenario_post(struct req *r);
// GET /api/scenarios/{id}: state, progress, figures.
enum err scenario_get(struct req *r);
// POST /api/scenarios/{id}/cancel, /archive.
enum err scenario_cancel_post(struct req *r);
enum err scenario_archive_post(struct req *r);
// GET /api/scenarios/{id}/lines: by falling worth (?organisation=, member=, place=, first=, commune=, q=).
enum err scenario_lines_get(struct req *r);
// GET /api/scenarios/{id}/lines.csv: all of them, for a spreadsheet.
enum err scenario_lines_csv(struct req *r);
enum err scenario_lines_xlsx(struct req *r);
// GET /api/scenarios/{id}/points: every line that somebody visits, for the map.
enum err scenario_points_get(struct req *r);
// GET /api/scenarios/{id}/against?with=: what each partner keeps, gains and loses.
enum err scenario_against_get(struct req *r);
