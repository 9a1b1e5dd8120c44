// The agenda: one's week, the team's, working and opening hours, moments for a visit by what they cost.
#pragma once

#include "http/req.h"

// GET /api/week: visits, promises without an appointment, days away, suggestions.
enum err week_get(struct req *r);
// GET /api/week/team: every adviser of the organisation, day by day.
enum err week_team_get(struct req *r);
// GET and PUT /api/week/hours: how one works.
enum err week_hours_get(struct req *r);
enum err week_hours_put(struct req *r);
// GET and PUT /api/establishments/{id}/hours: when an employer receives.
enum err opening_hours_get(struct req *r);
enum err opening_hours_put(struct req *r);
// GET /api/establishments/{id}/slots: the half hours of a week that suit, the cheapest detour first.
enum err slot_list(struct req *r);
