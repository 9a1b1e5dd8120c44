// From a problem to dense arrays.
#include "plan/tour_private.h"

#include <math.h>

static int64_t at_most(int64_t x, int64_t most)
{
    return x < most ? x : most;
}

// Moments of the problem in the time of the core: from 0 to TOUR_TIME_MAX.
static int32_t moment(const struct core *c, int64_t t)
{
    if (t <= c->origin) {
        return 0;
    }
    return (int32_t)at_most(t - c->origin, TOUR_TIME_MAX);
}

// Windows that lie before the core's time vanish; those beyond its end keep a moment nobody
// reaches.
static const struct window32 *windows_fill(const struct core *c, struct tour_windows w,
                                           int32_t *ret_count)
{
    int32_t          count = 0;
    struct window32 *own   = ARENA_ARRAY(c->arena, struct window32, (size_t)w.count + 1);
    for (int i = 0; i < w.count; i++) {
        if (w.at[i].close >= c->origin && w.at[i].open <= c->origin + TOUR_TIME_MAX) {
            own[count++] = (struct window32){ moment(c, w.at[i].open), moment(c, w.at[i].close) };
        }
    }
    if (!w.count) {
        own[count++] = (struct window32){ 0, (int32_t)TOUR_TIME_MAX };
    }
    if (!count) {
        own[count++] = (struct window32){ NEVER, NEVER };
    }
    *ret_count = count;
    return own;
}

// Time 0 of the core: nothing happens before. A vehicle whose day has no beginning may leave as
// early as needed for the first window.
static int64_t find_origin(const struct tour_problem *p, const struct group *g)
{
    int64_t first    = INT64_MAX;
    bool    is_bound = true;
    for (int32_t i = 0; i < g->vehicle_count; i++) {
        const struct tour_vehicle *v = &p->vehicles[g->vehicles[i]];
        is_bound &= v->time.open > 0;
        first = v->time.open > 0 ? at_most(v->time.open, first) : first;
    }
    if (is_bound) {
        return first == INT64_MAX ? 0 : first;
    }
    for (int32_t i = 0; i < g->job_count; i++) {
        const struct tour_job *j = &p->jobs[g->jobs[i]];
        first                    = j->start.count ? at_most(j->start.at[0].open, first) : first;
    }
    return first == INT64_MAX || first < TOUR_TIME_MAX / 2 ? 0 : first - TOUR_TIME_MAX / 4;
}

static bool is_symmetric(const int32_t *table, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            if (table[i * n + j] != table[j * n + i]) {
                return false;
            }
        }
    }
    return true;
}

static int32_t *transposed(const struct core *c, int32_t *table)
{
    size_t n = (size_t)c->places;
    if (is_symmetric(table, n)) {
        return table;
    }
    int32_t *to = ARENA_ARRAY(c->arena, int32_t, n * n);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            to[j * n + i] = table[i * n + j];
        }
    }
    return to;
}

// Travel costs what the time costs and no more: then both are one table.
static bool costs_time(const struct tour_problem *p, const struct tour_vehicle *v)
{
    return !p->profiles[v->profile].costs && v->per_hour == 3600 && !v->per_km;
}

static int32_t leg_cost(const struct core *c, const struct tour_vehicle *v,
                        const struct tour_place *from, const struct tour_place *to,
                        int64_t duration, int64_t distance)
{
    const struct tour_profile *profile = &c->problem->profiles[v->profile];
    double                     cost;
    if (profile->costs) {
        cost = profile->costs[(size_t)from->index * (size_t)profile->size + (size_t)to->index];
    } else {
        cost = (double)v->per_hour * (double)duration / 3600 +
               (double)v->per_km * (double)distance / 1000;
    }
    cost *= (double)c->cost_scale;
    return (int32_t)(cost < NEVER / 2 ? lround(cost) : NEVER / 2);
}

// Fills the cell of a pair of places; indices into the problem, -1 = nowhere, 0 from everything.
static void pair_fill(const struct core *c, const struct tour_vehicle *v, struct road *road,
                      size_t at, int32_t from, int32_t to, double cosines)
{
    const struct tour_problem *p        = c->problem;
    int64_t                    duration = 0, distance = 0;
    if (from >= 0 && to >= 0) {
        tour_travel_with(p, v, from, to, cosines, &duration, &distance);
        road->time[at] = (int32_t)at_most(duration, NEVER);
        if (road->cost != road->time) {
            road->cost[at] = leg_cost(c, v, &p->places[from], &p->places[to], duration, distance);
        }
    }
    if (road->distance) {
        road->distance[at] = (int32_t)at_most(distance, NEVER);
    }
}

static void mirror(int32_t *table, size_t n)
{
    for (size_t i = 0; table && i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            table[i * n + j] = table[j * n + i];
        }
    }
}

// `places`: the last one may be -1. Without a matrix there and back are the same.
static void road_fill(const struct core *c, const struct tour_vehicle *v, const int32_t *places,
                      struct road *road)
{
    const struct tour_problem *p      = c->problem;
    size_t                     n      = (size_t)c->places;
    bool                       one    = costs_time(p, v) && c->cost_scale == 1;
    enum tour_metric           metric = p->profiles[v->profile].metric;
    double                    *cosine = memory_new((n + 1) * sizeof *cosine);

    road->time     = ARENA_ARRAY(c->arena, int32_t, n * n);
    road->cost     = one ? road->time : ARENA_ARRAY(c->arena, int32_t, n * n);
    road->distance = c->has_limits ? ARENA_ARRAY(c->arena, int32_t, n * n) : NULL;
    for (size_t i = 0; i < n; i++) {
        cosine[i] = metric == TOUR_EARTH && places[i] >= 0 ? tour_cosine(&p->places[places[i]]) : 1;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < (metric == TOUR_MATRIX ? n : i + 1); j++) {
            pair_fill(c, v, road, i * n + j, places[i], places[j], cosine[i] * cosine[j]);
        }
    }
    free(cosine);
    if (metric != TOUR_MATRIX) {
        mirror(road->time, n);
        mirror(one ? NULL : road->cost, n);
        mirror(road->distance, n);
    }
    road->time_to = transposed(c, road->time);
    road->cost_to = one ? road->time_to : transposed(c, road->cost);
}

// Places of the group in their order of appearance, nowhere last when somebody needs it.
static int32_t *places_fill(struct core *c, const struct group *g)
{
    const struct tour_problem *p      = c->problem;
    int32_t                   *number = memory_new(((size_t)p->place_count + 1) * sizeof(int32_t));
    int32_t                   *places =
        ARENA_ARRAY(c->arena, int32_t, (size_t)g->job_count + 2 * (size_t)g->vehicle_count + 1);
    bool needs_nowhere = false;
    memset(number, -1, ((size_t)p->place_count + 1) * sizeof(int32_t));
    c->places = 0;
    for (int32_t i = 0; i < g->job_count; i++) {
        int32_t at = p->jobs[g->jobs[i]].place;
        if (number[at] < 0) {
            number[at]          = c->places;
            places[c->places++] = at;
        }
        c->place[i] = number[at];
    }
    for (int32_t i = 0; i < g->vehicle_count; i++) {
        const struct tour_vehicle *v       = &p->vehicles[g->vehicles[i]];
        int32_t                    ends[2] = { v->start, v->end };
        for (int e = 0; e < 2; e++) {
            needs_nowhere |= ends[e] < 0;
            if (ends[e] >= 0 && number[ends[e]] < 0) {
                number[ends[e]]     = c->places;
                places[c->places++] = ends[e];
            }
        }
        c->vehicles[i].start = v->start >= 0 ? number[v->start] : -1;
        c->vehicles[i].end   = v->end >= 0 ? number[v->end] : -1;
    }
    for (int32_t i = 0; needs_nowhere && i < g->vehicle_count; i++) {
        c->vehicles[i].start = c->vehicles[i].start < 0 ? c->places : c->vehicles[i].start;
        c->vehicles[i].end   = c->vehicles[i].end < 0 ? c->places : c->vehicles[i].end;
    }
    if (needs_nowhere) {
        places[c->places++] = -1;
    }
    free(number);
    return places;
}

static void roads_fill(struct core *c, const struct group *g, const int32_t *places)
{
    const struct tour_problem *p     = c->problem;
    int32_t                   *model = memory_new(((size_t)c->m + 1) * sizeof(int32_t));
    c->roads                         = ARENA_ARRAY(c->arena, struct road, (size_t)c->m + 1);
    for (int32_t i = 0; i < c->m; i++) {
        const struct tour_vehicle *v = &p->vehicles[g->vehicles[i]];
        int32_t                    r = 0;
        for (; r < c->road_count; r++) {
            const struct tour_vehicle *o = &p->vehicles[model[r]];
            if (o->profile == v->profile && o->speed_factor == v->speed_factor &&
                o->per_hour == v->per_hour && o->per_km == v->per_km) {
                break;
            }
        }
        if (r == c->road_count) {
            model[c->road_count++] = g->vehicles[i];
            road_fill(c, v, places, &c->roads[r]);
        }
        c->vehicles[i].road = r;
    }
    free(model);
}

static void vehicle_fill(struct core *c, int32_t i, int32_t original)
{
    const struct tour_vehicle *v   = &c->problem->vehicles[original];
    struct core_vehicle       *own = &c->vehicles[i];

    own->original     = original;
    own->type         = v->type;
    own->open         = moment(c, v->time.open);
    own->close        = v->time.close < c->origin ? -1 : moment(c, v->time.close);
    own->capacity     = v->capacity;
    own->fixed        = v->fixed * c->cost_scale;
    own->max_tasks    = v->max_tasks < 0 ? INT64_MAX : v->max_tasks;
    own->max_travel   = v->max_travel < 0 ? INT64_MAX : v->max_travel;
    own->max_distance = v->max_distance < 0 ? INT64_MAX : v->max_distance;
    own->task_hour    = v->per_task_hour;
    own->break_count  = v->break_count;
    for (int b = 0; b < v->break_count; b++) {
        struct core_break *r = &own->breaks[b];
        r->windows           = windows_fill(c, v->breaks[b].start, &r->window_count);
        r->service           = (int32_t)at_most(v->breaks[b].service, TOUR_TIME_MAX);
        r->opening           = v->breaks[b].start.at[0].open < c->origin
                                   ? -1
                                   : moment(c, v->breaks[b].start.at[0].open);
    }
}

static void job_fill(struct core *c, int32_t i, int32_t original)
{
    const struct tour_problem *p = c->problem;
    const struct tour_job     *j = &p->jobs[original];
    size_t                     n = (size_t)c->n, k = (size_t)i;

    c->original[i] = original;
    c->windows[i]  = windows_fill(c, j->start, &c->window_count[i]);
    c->open[i]     = c->windows[i][0].open;
    c->close[i]    = c->windows[i][c->window_count[i] - 1].close;
    for (int32_t t = 0; t < p->type_count; t++) {
        c->service[(size_t)t * n + k] = (int32_t)at_most(j->service[t], TOUR_TIME_MAX);
        c->setup[(size_t)t * n + k]   = (int32_t)at_most(j->setup[t], TOUR_TIME_MAX);
        c->plain &= !j->setup[t];
    }
    c->plain &= c->window_count[i] == 1;
    c->rank[i]  = j->rank;
    c->prize[i] = j->prize * c->cost_scale;
    c->has_ranks |= j->rank > 0;
    c->has_prizes |= j->prize > 0;
    for (int32_t d = 0; d < p->dimension_count; d++) {
        c->delivery[(size_t)d * n + k] = j->delivery[d];
        c->pickup[(size_t)d * n + k]   = j->pickup[d];
    }
    c->past_vehicle[i] = -1;
    if (p->has_past && j->past_vehicle >= 0) {
        c->past_vehicle[i] = -2; // elsewhere, unless found below
        for (int32_t v = 0; v < c->m; v++) {
            c->past_vehicle[i] =
                c->vehicles[v].original == j->past_vehicle ? v : c->past_vehicle[i];
        }
        c->past_start[i] = moment(c, j->past_start);
    }
}

static void what_is_there(struct core *c, const struct group *g)
{
    const struct tour_problem *p = c->problem;
    c->layers                    = 1;
    c->cost_scale                = 1;
    for (int32_t i = 0; i < g->vehicle_count; i++) {
        const struct tour_vehicle *v = &p->vehicles[g->vehicles[i]];
        c->layers                    = v->break_count >= c->layers ? v->break_count + 1 : c->layers;
        c->has_limits |= v->max_tasks >= 0 || v->max_travel >= 0 || v->max_distance >= 0;
        c->has_task_cost |= v->per_task_hour > 0;
        if (!p->profiles[v->profile].costs && (v->per_hour % 3600 || v->per_km)) {
            c->cost_scale = 100;
        }
        if (v->per_task_hour % 3600) {
            c->cost_scale = 100;
        }
    }
    for (int32_t d = 0; d < p->dimension_count; d++) {
        bool delivers = false, picks_up = false;
        for (int32_t i = 0; i < g->job_count; i++) {
            delivers |= p->jobs[g->jobs[i]].delivery[d] > 0;
            picks_up |= p->jobs[g->jobs[i]].pickup[d] > 0;
        }
        c->has_mixed_loads |= delivers && picks_up;
    }
    c->plain = c->layers == 1 && !c->has_limits && !c->has_mixed_loads && !c->has_task_cost;
}

static bool has(const int32_t *sorted, int count, int32_t x)
{
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (sorted[middle] < x) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && sorted[low] == x;
}

static bool has_skills(const struct tour_vehicle *v, const struct tour_job *j)
{
    for (int i = 0; i < j->skill_count; i++) {
        if (!has(v->skills, v->skill_count, j->skills[i])) {
            return false;
        }
    }
    return true;
}

bool tour_may(const struct tour_problem *p, int32_t vehicle, int32_t job)
{
    const struct tour_job *j = &p->jobs[job];
    return has_skills(&p->vehicles[vehicle], j) &&
           (!j->vehicle_count || has(j->vehicles, j->vehicle_count, vehicle));
}

static bool is_same_kind(const struct core *c, int32_t a, int32_t b)
{
    const struct core_vehicle *x = &c->vehicles[a], *y = &c->vehicles[b];
    bool same = x->road == y->road && x->start == y->start && x->end == y->end &&
                x->type == y->type && x->open == y->open && x->close == y->close &&
                x->break_count == y->break_count && x->fixed == y->fixed &&
                x->max_tasks == y->max_tasks && x->max_travel == y->max_travel &&
                x->max_distance == y->max_distance && x->task_hour == y->task_hour;
    for (int32_t d = 0; same && d < c->dimensions; d++) {
        same = x->capacity[d] == y->capacity[d];
    }
    for (int32_t i = 0; same && i < x->break_count; i++) {
        same = x->breaks[i].service == y->breaks[i].service &&
               x->breaks[i].window_count == y->breaks[i].window_count &&
               x->breaks[i].opening == y->breaks[i].opening &&
               !memcmp(x->breaks[i].windows, y->breaks[i].windows,
                       (size_t)x->breaks[i].window_count * sizeof(struct window32));
    }
    return same && !memcmp(c->may + (size_t)a * (size_t)c->n, c->may + (size_t)b * (size_t)c->n,
                           (size_t)c->n);
}

static void may_fill(struct core *c)
{
    c->may = ARENA_ARRAY(c->arena, uint8_t, (size_t)c->m * (size_t)c->n + 1);
    for (int32_t v = 0; v < c->m; v++) {
        uint8_t *row = c->may + (size_t)v * (size_t)c->n;
        for (int32_t k = 0; k < c->n; k++) {
            row[k] = tour_may(c->problem, c->vehicles[v].original, c->original[k]);
        }
        c->vehicles[v].kind = v;
        for (int32_t o = 0; o < v && !c->stability; o++) {
            if (c->vehicles[o].kind == o && is_same_kind(c, v, o)) {
                c->vehicles[v].kind = o;
                break;
            }
        }
    }
}

// A moved visit costs as much as a whole tour unless told otherwise: nothing moves without need.
static int64_t find_stability(const struct core *c)
{
    if (!c->problem->has_past) {
        return 0;
    }
    if (c->problem->stability >= 0) {
        return c->problem->stability * c->cost_scale;
    }
    int64_t sum = 0;
    for (int32_t k = 0; k < c->n && c->m; k++) {
        size_t at = (size_t)c->vehicles[0].start * (size_t)c->places + (size_t)c->place[k];
        sum += c->roads[c->vehicles[0].road].cost[at];
    }
    return 1 + 4 * sum / (c->n ? c->n : 1);
}

// Units of work: what a pair of places costs.
static const double work_per_pair = 35;

// To leave out what was planned is to move it, too. What was left out before may come back, but not
// at the price of the order of the day.
static void weigh_past(struct core *c)
{
    for (int32_t k = 0; k < c->n && c->stability; k++) {
        if (c->past_vehicle[k] != -1) {
            c->prize[k] += c->stability;
        } else if (c->problem->jobs[c->original[k]].past_left && c->rank[k]) {
            c->rank[k] = 0;
            c->prize[k] += 2 * c->stability;
        }
    }
}

const char *core_fill(struct core *c, const struct tour_problem *p, const struct group *g,
                      struct arena *a, double *ret_work)
{
    *c       = (struct core){ .arena = a, .problem = p, .n = g->job_count, .m = g->vehicle_count };
    size_t n = (size_t)c->n + 1, types = (size_t)p->type_count;
    c->dimensions = p->dimension_count;
    c->origin     = find_origin(p, g);
    what_is_there(c, g);
    c->vehicles     = ARENA_ARRAY(a, struct core_vehicle, (size_t)c->m + 1);
    c->original     = ARENA_ARRAY(a, int32_t, n);
    c->place        = ARENA_ARRAY(a, int32_t, n);
    c->open         = ARENA_ARRAY(a, int32_t, n);
    c->close        = ARENA_ARRAY(a, int32_t, n);
    c->past_vehicle = ARENA_ARRAY(a, int32_t, n);
    c->past_start   = ARENA_ARRAY(a, int32_t, n);
    c->service      = ARENA_ARRAY(a, int32_t, n * types);
    c->setup        = ARENA_ARRAY(a, int32_t, n * types);
    c->windows      = ARENA_ARRAY(a, const struct window32 *, n);
    c->window_count = ARENA_ARRAY(a, int32_t, n);
    c->rank         = ARENA_ARRAY(a, int64_t, n);
    c->prize        = ARENA_ARRAY(a, int64_t, n);
    c->delivery     = ARENA_ARRAY(a, int64_t, n * (size_t)(c->dimensions + 1));
    c->pickup       = ARENA_ARRAY(a, int64_t, n * (size_t)(c->dimensions + 1));
    c->worth        = ARENA_ARRAY(a, double, n);
    for (int32_t i = 0; i < c->m; i++) {
        vehicle_fill(c, i, g->vehicles[i]);
    }
    int32_t *places = places_fill(c, g);
    if (c->places > TOUR_PLACES_TOGETHER) {
        return "trop de lieux pour un même groupe de véhicules (8 000 au plus) : "
               "séparez les secteurs par des compétences";
    }
    for (int32_t i = 0; i < c->n; i++) {
        job_fill(c, i, g->jobs[i]);
    }
    roads_fill(c, g, places);
    c->stability = find_stability(c);
    weigh_past(c);
    may_fill(c);
    c->near_count = c->n < 2 || !c->m ? 0 : c->n - 1 < NEAR_MAX ? c->n - 1 : NEAR_MAX;
    double pairs  = (double)c->places * c->places;
    *ret_work += pairs * c->road_count * work_per_pair + 4.0 * c->n * c->m;
    return NULL;
}
