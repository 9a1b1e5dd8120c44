// Segments: saved rules over the list, their versions, and what a rule keeps, counted while it is
// written.
#pragma once

#include "http/req.h"

// GET /api/segments: those the person may see, by name; ?archived=true for the others.
enum err segment_list(struct req *r);
// POST /api/segments: a name, who leads, who sees it, the rule of version 1.
enum err segment_post(struct req *r);
// GET /api/segments/fields: the criteria a rule may be made of.
enum err segment_fields(struct req *r);
// POST /api/segments/count: how many a rule keeps.
enum err segment_count(struct req *r);
// POST /api/segments/places: how many it keeps in each commune.
enum err segment_places(struct req *r);
// POST /api/segments/effects: how many it would keep without each criterion of its root.
enum err segment_effects(struct req *r);
// POST /api/segments/sample: some of the employers it keeps, those with the highest potential.
enum err segment_sample(struct req *r);
// GET /api/segments/{id}: with every version.
enum err segment_get(struct req *r);
// PATCH /api/segments/{id}: name, lead, sharing, archive; If-Match required.
enum err segment_patch(struct req *r);
// POST /api/segments/{id}/versions: the version after the one it was written from.
enum err segment_version_post(struct req *r);
