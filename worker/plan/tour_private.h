// The inside of the tour engine: one group of vehicles and jobs that touches no other, in dense
// arrays (struct core), tours with what makes insertions cheap to test (struct route), the search.
#pragma once

#include "plan/tour.h"

enum {
    NEVER      = 1 << 29, // later than any time; sums of two still fit
    LAYERS_MAX = TOUR_BREAKS_MAX + 1,
    NEAR_MAX   = 256,
};

struct window32 {
    int32_t open, close;
};

// How vehicles of one profile, speed and cost travel. The _to tables are transposed and are the
// same memory when the table is symmetric.
struct road {
    int32_t *time, *time_to, *cost, *cost_to, *distance, *distance_to;
};

struct core_break {
    const struct window32 *windows;
    int32_t                window_count;
    int32_t                service;
    int32_t                opening; // a tour that ends by then does without
};

struct core_vehicle {
    int32_t           original; // index in the problem
    int32_t           road, start, end, type;
    int32_t           open, close;
    int32_t           kind; // vehicles of one kind are interchangeable
    int32_t           break_count;
    struct core_break breaks[TOUR_BREAKS_MAX];
    const int64_t    *capacity;
    int64_t           fixed; // scaled as costs are
    int64_t           max_tasks, max_travel, max_distance;
    int64_t           task_hour; // cost of an hour of service, not scaled
};

struct core {
    struct arena              *arena;
    const struct tour_problem *problem;
    int32_t                    n, m, places; // jobs, vehicles, places
    int32_t                    layers;       // most breaks of a vehicle, plus one
    int32_t                    dimensions;
    bool    plain; // one window a job, no break, no setup, sums of loads: the fast tests apply
    bool    has_limits, has_mixed_loads, has_task_cost, has_ranks, has_prizes;
    bool    is_selective; // visits are of unequal rank: some will be left out
    int64_t origin;       // time 0 of the core
    int64_t cost_scale;   // internal cost = cost * scale
    int64_t stability;    // internal cost of one moved visit, 0 = none

    struct road         *roads;
    int32_t              road_count;
    struct core_vehicle *vehicles;
    uint8_t             *may; // m rows of n: the vehicle has the skills for the job and is allowed

    // Jobs, one array per property.
    int32_t                *original, *place, *open, *close, *past_vehicle, *past_start;
    int32_t                *service, *setup; // type rows of n
    const struct window32 **windows;
    int32_t                *window_count;
    int64_t                *rank, *prize;
    int64_t                *delivery, *pickup; // dimension rows of n
    double                 *worth;             // what the search loses when it is left out
    int32_t                 near_count;        // how many are among the nearest of a job
};

// The tour of a vehicle. Stop 0 is its start, stops 1..len its jobs, stop len + 1 its end.
struct route {
    int32_t  len, room;
    int32_t *id; // jobs; -1 at both ends
    int32_t *place;
    int32_t *leg;   // cost from here to the next stop
    int32_t *early; // earliest departure, `layers` values a stop: after b breaks
    int32_t *late;  // plain: latest arrival. Otherwise latest departure, after b breaks
    int32_t *due;   // latest arrival, setup included, after b breaks; not when plain
    int64_t *load, *most_before, *most_after; // mixed loads, one row per dimension; see tour_load.c
    int64_t  sum_delivery[TOUR_DIMENSIONS_MAX], sum_pickup[TOUR_DIMENSIONS_MAX];
    int64_t  cost, travel, distance, moved;
    uint64_t version;
    // Whether it keeps its constraints. Where the direct way is not the soonest, it may not once a
    // visit is gone.
    bool holds;
};

// tour_travel.c: as tour_travel, with the product of the cosines of both latitudes (TOUR_EARTH
// only), which is worth keeping when there are many pairs.
double tour_cosine(const struct tour_place *place);
void   tour_travel_with(const struct tour_problem *problem, const struct tour_vehicle *vehicle,
                        int32_t from, int32_t to, double cosines, int64_t *ret_duration,
                        int64_t *ret_distance);

// tour_core.c: cuts the problem into groups; fills a core from the jobs and vehicles of one.
struct group {
    int32_t *jobs, *vehicles;
    int32_t  job_count, vehicle_count;
};
// tour_may: whether skills and named vehicles let this vehicle serve this job.
bool          tour_may(const struct tour_problem *p, int32_t vehicle, int32_t job);
struct group *groups_find(const struct tour_problem *p, struct arena *a, int32_t *ret_count);
// core_fill: adds what it did to the work.
const char *core_fill(struct core *c, const struct tour_problem *p, const struct group *g,
                      struct arena *a, double *ret_work);

// tour_route.c: keeps the numbers of a tour. route_refresh answers false when it breaks a
// constraint (possible only for tours that were not made by insertions).
void route_copy(const struct core *c, struct route *to, const struct route *from);
void route_done(struct route *r);
// Room for so many stops; when it grows, only the jobs keep.
void route_reserve(const struct core *c, struct route *r, int32_t stops);
bool route_refresh(const struct core *c, int32_t v, struct route *r);
void route_insert(const struct core *c, int32_t v, struct route *r, int32_t k, int32_t at);
void route_remove(const struct core *c, int32_t v, struct route *r, const uint8_t *gone);
// Adds k at the end if the tour holds then; otherwise leaves it as it was.
void route_append(const struct core *c, int32_t v, struct route *r, int32_t k);
// What a whole plan is worth: rank left out first, then cost (with prizes left out and moves).
void route_score(const struct core *c, const struct route *routes, int64_t *ret_rank,
                 int64_t *ret_cost);

// tour_insert.c: the cheapest place for job k in the tour of vehicle v, position `skip` not tried.
struct place {
    int64_t cost; // INT64_MAX when there is none
    int32_t at;   // to be inserted before this stop
    int32_t tried;
};
struct place route_place(const struct core *c, int32_t v, const struct route *r, int32_t k,
                         int32_t skip);

// tour_exact.c: the best plan of few visits; false when they are too many.
bool core_exact(const struct core *c, struct route *routes, double *ret_work);

// tour_search.c: from the plan in `best` (m routes, initialised) to a better one.
struct search_limits {
    uint64_t seed;
    double   work;
    bool (*stop)(void *context);
    void *context;
};
struct search_end {
    int64_t iterations;
    bool    stopped;
    double  work; // done
};
struct search_end core_search(struct core *c, struct route *best,
                              const struct search_limits *limits);

// tour_polish.c: inserts what is left out wherever that is worth it, until nothing is or the limits
// (NULL: none) stop it.
void core_polish(const struct core *c, struct route *routes, const struct search_limits *limits);

// tour_plan.c: how many visits of a tour that holds are not where and when they were in the past;
// times of the tours, one per vehicle of the core; why jobs were left out. Negative, or false, when
// a tour cannot be made.
int32_t plan_moved(const struct core *c, int32_t v, const struct route *r);
bool    plan_write(const struct core *c, const struct route *routes, struct arena *a,
                   struct tour_route *tours, struct tour_left *left, int32_t *left_count,
                   int32_t *moved);
