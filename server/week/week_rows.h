// Reads the rows that SQL gives of a week (schema/api/53_tour.sql) into the problem's terms.
//
// Columns of a day: member, day, opens, closes, lunch_from, lunch_to, lunch, lon, lat, density,
// most. Columns of a wish: kind, establishment, visit, promise, member, minutes, at, lon, lat,
// density, rank, worth, windows (an array of integers as text), past_at, past_member, past_left,
// locked.
#pragma once

#include "base/db.h"
#include "week/week.h"

// Fills days and their count, or wishes and theirs; they live in the arena.
void week_read_days(const struct result *rows, struct arena *a, struct week *into);
void week_read_wishes(const struct result *rows, struct arena *a, struct week *into);
