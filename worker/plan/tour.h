// Tours: who is visited by which adviser-day ("vehicle"), in which order and when.
//
// The problem. A vehicle is one adviser on one day: a place where the day starts and one where it
// ends (each optional), a working time window, breaks, skills. A job is a visit: a place, a service
// time, windows for its start, skills, an order of priority or a prize. Minimised, in this order:
// the rank of the visits left out, then travel cost plus the prizes left out. All constraints hold.
//
// The method. Ruin and recreate with annealing after Christiaens and Vanden Berghe, "Slack
// Induction by String Removals for Vehicle Routing Problems", Transportation Science 54(2), 2020,
// extended to visits that may be left out; insertions are tested in O(1) by the earliest departure
// and latest arrival at each place (Savelsbergh, "The Vehicle Routing Problem with Time Windows:
// Minimizing Route Duration", ORSA Journal on Computing 4(2), 1992), one layer per number of breaks
// taken.
//
// Times, distances and costs are whole numbers in units of the caller's choice. A problem is plain
// memory that the caller owns and keeps unchanged during the call. Pure: no clock, no I/O; the same
// problem, options and seed give the same plan unless the stop callback cuts the search.
// Several calls may run at once in different threads.
#pragma once

#include "base/arena.h"

enum tour_limit {
    TOUR_JOBS_MAX        = 200000,
    TOUR_VEHICLES_MAX    = 20000,
    TOUR_BREAKS_MAX      = 4,    // per vehicle
    TOUR_WINDOWS_MAX     = 64,   // per job or break
    TOUR_DIMENSIONS_MAX  = 8,    // of loads
    TOUR_PLACES_TOGETHER = 8000, // places that one group of vehicles may share
};
#define TOUR_TIME_MAX \
    ((int64_t)1 << 28)       // longest horizon, from the first opening to the last close
#define TOUR_NEVER INT32_MAX // duration between places with no way between them

struct tour_window {
    int64_t open, close; // both included
};

struct tour_windows {
    const struct tour_window *at;    // sorted, disjoint
    int                       count; // 0: any time
};

// Where somebody goes. With matrices x is not used and `index` is the row; otherwise x, y are
// coordinates: of a plane or degrees of longitude and latitude, as the profile says.
struct tour_place {
    double  x, y;
    int32_t index;
    int32_t density; // 1 dense, 2 intermediate, 3 rural: the class of its speed
};

enum tour_metric { TOUR_MATRIX, TOUR_PLANE, TOUR_EARTH };

// How one means of transport gets from a place to another.
struct tour_profile {
    enum tour_metric metric;
    const int32_t   *durations; // TOUR_MATRIX: size * size, row by row
    const int32_t   *distances; // may be NULL: distances are 0
    const int32_t   *costs;     // may be NULL: cost is made of duration and distance
    int32_t          size;
    double           scale;    // TOUR_PLANE: distance = duration = floor(scale * euclid)
    bool             nearest;  // TOUR_PLANE: rounded to the nearest instead
    double           detour;   // TOUR_EARTH: road metres per metre of great circle
    double           speed[4]; // TOUR_EARTH: metres per second by density class 1 to 3
};

struct tour_break {
    int64_t             id;
    int64_t             service;
    struct tour_windows start; // at least one window
};

struct tour_vehicle {
    int64_t                  id;
    int32_t                  profile;
    int32_t                  start, end; // places, -1 = none
    int32_t                  type;       // index into per-type times, 0 when there are no types
    struct tour_window       time;
    const struct tour_break *breaks; // sorted by first opening
    int                      break_count;
    const int32_t           *skills; // sorted
    int                      skill_count;
    const int64_t           *capacity;     // one per dimension
    double                   speed_factor; // 1: as the profile says
    int64_t                  fixed, per_hour, per_km, per_task_hour;
    int64_t                  max_tasks, max_travel, max_distance; // -1 = none
};

struct tour_job {
    int64_t             id;
    int32_t             place;
    const int64_t      *setup, *service; // one per vehicle type
    struct tour_windows start;
    const int32_t      *skills; // sorted
    int                 skill_count;
    const int32_t      *vehicles; // sorted; the only ones that may serve it; count 0 = any
    int                 vehicle_count;
    const int64_t      *delivery, *pickup; // one per dimension
    int64_t             rank;              // what leaving it out costs before anything else
    int64_t             prize;             // what leaving it out costs, in the unit of travel cost
    int32_t             past_vehicle;      // in the plan to stay close to; -1 = none
    int64_t             past_start;        // start of service there, when past_vehicle >= 0
    int32_t             past_order;        // position there
    bool past_left; // left out there: not worth moving more than one other visit for, whatever its
                    // rank
};

struct tour_problem {
    const struct tour_place   *places;
    int32_t                    place_count;
    const struct tour_profile *profiles;
    int32_t                    profile_count;
    const struct tour_vehicle *vehicles;
    int32_t                    vehicle_count;
    const struct tour_job     *jobs;
    int32_t                    job_count;
    int32_t                    type_count;      // at least 1
    int32_t                    dimension_count; // of loads
    bool                       has_past;        // jobs carry a plan to stay close to
    int64_t                    stability;       // what each moved visit costs; -1 = chosen by us
};

struct tour_options {
    uint64_t seed;
    double   work;               // units, see tour_work_rate; what each thread may spend
    bool (*stop)(void *context); // asked now and then, by any thread; true ends the search at once
    void *context;
    // Runs task(tasks, 0) to task(tasks, count - 1), in any order or at once, and waits for all.
    // NULL: one after the other. The plan does not depend on it, only on `threads`, the number of
    // searches it is worth having (0 is 1).
    void (*run)(void (*task)(void *tasks, int index), void *tasks, int count, int threads);
    int threads;
};

// Work units that a second of CPU time of a common machine surely does.
double tour_work_rate(void);

enum tour_reason {
    TOUR_NO_VEHICLE, // there is none at all
    TOUR_NO_SKILL,   // no vehicle has the skills, or those named for the job have not
    TOUR_TOO_LATE,   // even alone, no vehicle can be there in its windows and finish its day
    TOUR_TOO_FAR,    // alone it breaks the longest travel or distance
    TOUR_TOO_HEAVY,  // alone it breaks the capacity
    TOUR_FULL,       // fits in no tour of the plan as it stands
    TOUR_COST,       // fits, but costs more than it is worth
    TOUR_STABLE,     // fits and is worth it, but would move visits of the past plan
    TOUR_NO_TIME,    // fits and is worth it, but the stop callback came first
};

struct tour_stop {
    int32_t job;                              // or -1 - b for break b of the vehicle
    int64_t arrival, start, travel, distance; // travel and distance since the start of the tour
    int64_t setup, service;
};

struct tour_route {
    const struct tour_stop *stops;
    int                     count; // 0: the vehicle stays
    int64_t                 start, end, travel, distance;
};

struct tour_left {
    int32_t          job;
    enum tour_reason reason;
    int32_t
        vehicle;  // TOUR_COST, TOUR_STABLE, TOUR_NO_TIME: where it would cost least; otherwise -1
    int64_t cost; // likewise: what serving it there would add
};

struct tour_plan {
    const struct tour_route *routes; // one per vehicle
    const struct tour_left  *left;
    int32_t                  left_count;
    int64_t                  iterations;
    double                   work;    // units spent
    bool                     stopped; // by the callback: another run may differ
    int32_t                  moved;   // visits of the past plan that changed vehicle or time
};

// Solves. The plan lives in the arena. Returns NULL, or the French sentence of what makes the
// problem too large to solve, or says that the engine failed (plan is then untouched).
const char *tour_solve(const struct tour_problem *problem, const struct tour_options *options,
                       struct arena *arena, struct tour_plan *ret_plan) MUST_USE;

// Duration and distance from one place to another for a vehicle; TOUR_NEVER when there is no way.
void tour_travel(const struct tour_problem *problem, const struct tour_vehicle *vehicle,
                 int32_t from, int32_t to, int64_t *ret_duration, int64_t *ret_distance);

// What a tour costs but for prizes: fixed part, travel, work, rounded to the nearest unit.
int64_t tour_cost(const struct tour_problem *problem, const struct tour_vehicle *vehicle,
                  const struct tour_route *route);
