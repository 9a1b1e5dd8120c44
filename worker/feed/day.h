// Days as feeds write them: 2026-09-01, 01/09/2026, 20260901, « mardi 1er septembre 2026 », RFC 822, /Date(…)/, seconds since 1970.
//
// An instant (with its zone, or since 1970) is the day that it is in Paris. A month alone is its first day. Pure, any thread.
#pragma once

#include "base/arena.h"

// How a layout says that days are written in figures.
enum feed_days {
    FEED_DAYS_FOUND,       // the day first, unless it can only be the month
    FEED_DAYS_DAY_FIRST,   // jj/mm/aaaa
    FEED_DAYS_MONTH_FIRST, // mm/jj/aaaa
};

// YYYY-MM-DD from 2000 to 2099; absent when the text is no day.
struct str feed_day(struct arena *a, struct str text, enum feed_days days);

// Whether a text that is no day says that there is none: « dès que possible », ASAP.
bool feed_day_is_soon(struct arena *a, struct str text);
