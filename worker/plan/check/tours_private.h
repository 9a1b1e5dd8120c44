// The inside of the checker of tours: the instance as the checker reads it.
#pragma once

#include <jansson.h>

#include "check/tours.h"

enum { LOADS = 8, BREAKS = 8 };

struct spot { // a place: coordinates or a row; absent when neither
    double x, y;
    int    row, density;
    bool   is_there;
};

struct span {
    int64_t from, to;
};

struct spans {
    struct span *at;
    size_t       count; // 0: always
};

struct pause_rule {
    int64_t      id, length;
    struct spans start;
};

struct car {
    int64_t           id;
    struct spot       start, end;
    struct span       day;
    struct pause_rule pauses[BREAKS]; // by first opening
    size_t            pause_count;
    const json_t     *skills, *durations, *distances, *costs; // matrices, or NULL
    const char       *type;
    int64_t           capacity[LOADS];
    double            speed_factor;
    int64_t           fixed, per_hour, per_km, per_task_hour, max_tasks, max_travel, max_distance;
};

struct visit {
    int64_t       id, prize, rank100, priority; // rank100: hundredths of the profit of orienteering
    struct spot   spot;
    const json_t *source; // NULL in text formats
    int64_t       setup, service;
    struct spans  start;
    int64_t       delivery[LOADS], pickup[LOADS];
    bool          is_optional, is_locked;
    int64_t       past_car, past_start; // of the previous plan, when has_past
    bool          has_past;
    int           seen; // times in the result
};

struct world {
    struct check_report *report;
    json_t              *instance, *result, *previous;
    struct car          *cars;
    struct visit        *visits;
    size_t               car_count, visit_count, loads;
    bool                 is_plane, is_nearest, has_past;
    double               scale, detour, speed[4];
};

// tours_read.c: false when the instance cannot be read (the report says why).
bool world_read(struct world *w, struct str instance, struct str result, struct str previous);
void world_done(struct world *w);

// Both need world_sort before.
void          world_sort(struct world *w);
struct car   *world_car(struct world *w, int64_t id);
struct visit *world_visit(struct world *w, int64_t id);
// A number of an object, cut to a size whose sums fit; MISSING is below all of them.
#define MISSING INT64_C(-1000000000000001)
int64_t whole(const json_t *object, const char *key, int64_t otherwise);

// tours_time.c: travel between spots for a car; setup and service of a visit by it; whether it has
// the skills and is allowed.
struct way {
    int64_t time, distance;
    double  cost; // by the table of costs; otherwise 0
    bool    is_open;
};
struct way way_between(const struct world *w, const struct car *c, const struct spot *a,
                       const struct spot *b);
bool       is_same_spot(const struct spot *a, const struct spot *b);
int64_t    setup_for(const struct car *c, const struct visit *v);
int64_t    service_for(const struct car *c, const struct visit *v);
bool       is_allowed(const struct car *c, const struct visit *v);
bool       is_within(const struct spans *s, int64_t t);

// Whether the car can do these visits in this order; what that costs but for prizes.
bool   can_do(const struct world *w, const struct car *c, struct visit *const *order, size_t count,
              double *ret_cost);
double cost_of(const struct car *c, int64_t travel, int64_t distance, double table, int64_t work);

// tours_left.c: the reasons of the visits left out. routes: the visits of each car in order.
struct round {
    struct visit **order;
    size_t         count;
};
void check_left(struct world *w, const struct round *rounds);
