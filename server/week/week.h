// A week of visits as a problem of tours (plan/tour.h): built from rows, solved, told back.
//
// Rows speak of days on which somebody works and of wishes: employers with an appointment, which
// stays; promised ones; others nearby that are worth a detour of so many minutes. Appointments are
// made at quarters of an hour: the problem counts in quarters, ways are rounded up to them (two
// minutes are forgiven), while what a way costs is its true length in seconds.
//
// What people put in their agenda is never argued with. An appointment outside the working hours
// widens the day, for itself alone; one over lunch takes its place; appointments that nobody can
// keep one after the other count as one, and it is told how late one comes. Nothing is ever put
// over what stands. Times are seconds of the clock since the first day at midnight.
//
// Pure, deterministic for a seed and an amount of work, any thread. Rows and what is told back
// live in the arena given.
#pragma once

#include "plan/tour.h"

enum { WEEK_QUARTER = 900, WEEK_DAY = 86400 };

struct week_place {
    double  lon, lat;
    int32_t density;  // 1 dense, 2 intermediate, 3 rural
    bool    is_known; // otherwise the employer could not be found on the map
};

// One member on one day.
struct week_day {
    int64_t           member;
    int32_t           day; // 0 is the first
    int64_t           opens, closes;
    int64_t           lunch_from, lunch_to, lunch; // within which, how long; lunch 0: none
    struct week_place base;                        // where one leaves from and comes back to
    int32_t           most;                        // visits
};

enum week_kind { WEEK_VISIT, WEEK_PROMISE, WEEK_NEARBY };

struct week_wish {
    enum week_kind    kind;
    int64_t           establishment, visit, promise; // 0: none
    int64_t           member;                        // the only one who may go; 0: any
    int64_t           service;                       // seconds
    int64_t           at;                            // it stands there; -1: to be placed
    struct week_place place;
    int32_t           rank;         // 3 an appointment, 2 and 1 to be made, 0 when worth its detour
    int32_t           worth;        // minutes of detour
    const int64_t    *windows;      // opens, closes, opens, closes...: of its start, sorted
    int32_t           window_count; // of numbers; 0: any time
    int64_t           past_at;      // in the suggestion to stay close to; -1: not there
    int64_t           past_member;
    bool              past_left, is_locked;
};

struct week {
    const struct week_day  *days;
    int32_t                 day_count;
    const struct week_wish *wishes;
    int32_t                 wish_count;
    // Ways between the places of week_places, row by row, as a routing service gives them: seconds
    // (TOUR_NEVER: no way) and metres. NULL: estimated.
    const int32_t *seconds, *metres;
};

enum week_reason {
    WEEK_UNPLACED, // not on the map
    WEEK_NO_DAY,   // nobody works who could go
    WEEK_HOURS,    // hours of the employer and of the adviser do not meet
    WEEK_FULL,     // no room is left
    WEEK_DETOUR,   // costs more than it is worth
    WEEK_MOVES,    // would move what was suggested before
    WEEK_TIME,     // the search ended before
};

struct week_stop {
    int32_t wish;
    int64_t member;
    int64_t at;
    int32_t position;    // in the day, 1 first; 0: on a day on which nobody works
    int64_t way, metres; // from the stop before, or from the base
    int64_t late;        // seconds by which one arrives after it, from the stop before; 0: in time
};

struct week_left {
    int32_t          wish;
    enum week_reason reason;
    int64_t          cost; // minutes of detour, WEEK_DETOUR; otherwise -1
};

struct week_round {
    int64_t leaves, returns, way, metres; // with the ways from and to the base
    int32_t visits;                       // 0: stays
};

struct week_plan {
    const struct week_stop  *stops; // of every wish that stands, by day and time
    int32_t                  stop_count;
    const struct week_left  *left;
    int32_t                  left_count;
    const struct week_round *rounds; // one per day
    int32_t                  moved;  // that stood elsewhere in the suggestion before
};

// The places of a week, each once: what a routing service is asked about. *ret_count may be 0.
const struct week_place *week_places(const struct week *w, struct arena *a, int32_t *ret_count);

// Plans. NULL, or the French sentence of what makes it too large.
const char *week_solve(const struct week *w, const struct tour_options *options, struct arena *a,
                       struct week_plan *ret_plan) MUST_USE;

// A moment at which a visit could begin, and what it adds to the ways of that day.
struct week_slot {
    int64_t member, at;
    int64_t cost; // seconds
};

// Every half hour at which the wish with this number (to be placed) fits among what stands, the
// cheapest first, then the earliest. Wishes that do not stand are left aside.
const char *week_slots(const struct week *w, int32_t wish, struct arena *a,
                       const struct week_slot **ret_slots, int32_t *ret_count) MUST_USE;

// The stable code of a reason.
struct str week_reason_code(enum week_reason reason);
