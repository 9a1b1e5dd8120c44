// Between the files of week: the problem as it is being built.
#pragma once

#include "week/week.h"

enum {
    WEEK_QUARTERS = WEEK_DAY / WEEK_QUARTER, // in a day
    WEEK_FORGIVEN = 120,                     // seconds of a way beyond a quarter of an hour
};

// A place of its own for appointments that count as one: where one comes to it, where one leaves
// it. As a place it is where the first of them is.
struct week_gate {
    int32_t place, enter, leave, base;
};

// The problem and what its numbers stand for.
struct week_build {
    const struct week   *week;
    struct arena        *arena;
    struct tour_problem  problem;
    struct tour_profile  profile;
    struct tour_vehicle *vehicles;
    struct tour_job     *jobs;
    struct tour_place   *places;
    int32_t             *place_of;    // of each wish, -1: unknown
    int32_t             *base_of;     // of each day
    int32_t             *wish_of;     // of each job
    int32_t             *block_of;    // of each wish that stands: the job that holds it, else -1
    int32_t             *day_of;      // of each wish that stands: its day, else -1
    int32_t              place_count; // of week_places, then the gates
    struct week_gate    *gates;
    int32_t              gate_count;
    bool                 is_widened; // a day is longer than its hours, for an appointment
    int32_t             *duration, *cost, *distance;
    int64_t              zero; // one service time for all that need none
};

// Places, ways, days with their appointments, and a job for each appointment.
void week_build(struct week_build *b, const struct week *w, struct arena *a);

// Days with their appointments: the vehicles, and a job for each appointment, all of which fit by
// themselves. Opens the gates that they need.
void week_stand(struct week_build *b);

// Gives the gates their ways, once all of them are known.
void week_open_gates(struct week_build *b);

// One more job, of this wish, that may stand on these days (all of its member when NULL).
struct tour_job *week_job(struct week_build *b, int32_t wish);

// The index of a way in the matrices.
static inline size_t week_way(const struct week_build *b, int32_t from, int32_t to)
{
    return (size_t)from * (size_t)b->place_count + (size_t)to;
}

static inline int64_t quarter_up(int64_t seconds)
{
    return (seconds + WEEK_QUARTER - 1) / WEEK_QUARTER;
}

static inline int64_t quarter_down(int64_t seconds)
{
    return seconds / WEEK_QUARTER;
}
