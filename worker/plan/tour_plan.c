// When everything of a tour happens; why a job is left out.
#include "plan/tour_clock_private.h"

struct timing {
    const struct core         *c;
    const struct core_vehicle *v;
    const struct route        *r;
    int32_t                   *early; // earliest departure, layers values a stop
    int32_t                   *from;  // the layer of the stop before that gives it
    int32_t                   *taken; // breaks taken when leaving a stop, on the chosen way
    int32_t                   *late;  // latest departure on that way
};

static int32_t leg_time(const struct timing *t, int32_t i)
{
    size_t p = (size_t)t->c->places;
    return t->c->roads[t->v->road].time[(size_t)t->r->place[i] * p + (size_t)t->r->place[i + 1]];
}

static int64_t leg_distance(const struct timing *t, int32_t i)
{
    const struct tour_problem *p    = t->c->problem;
    const struct tour_vehicle *v    = &p->vehicles[t->v->original];
    int32_t                    from = i ? p->jobs[t->c->original[t->r->id[i]]].place : v->start;
    int32_t to = i < t->r->len ? p->jobs[t->c->original[t->r->id[i + 1]]].place : v->end;
    int64_t duration, distance = 0;
    if (from >= 0 && to >= 0) {
        tour_travel(p, v, from, to, &duration, &distance);
    }
    return distance;
}

static int32_t work_at(const struct timing *t, int32_t i, int32_t *ret_setup)
{
    size_t row = (size_t)t->v->type * (size_t)t->c->n + (size_t)t->r->id[i];
    *ret_setup = t->r->place[i - 1] != t->r->place[i] ? t->c->setup[row] : 0;
    return t->c->service[row];
}

// When job k begins, if it can be begun at `ready`: at its time in the past plan where that is
// later.
static int32_t keep_time(const struct timing *t, int32_t k, int32_t ready)
{
    const struct core *c    = t->c;
    const int32_t      past = c->past_start[k];
    bool               same = c->past_vehicle[k] >= 0 && &c->vehicles[c->past_vehicle[k]] == t->v;

    return same && ready < past && windows_next(c->windows[k], c->window_count[k], past) == past
               ? past
               : ready;
}

// Earliest times by breaks taken, visits at their past times when those are to be kept; then the
// way that ends first. False when none does.
static bool choose_breaks(struct timing *t, bool keeps)
{
    const int32_t layers = t->c->layers, used = t->v->break_count, last = t->r->len + 1;
    for (int32_t b = 0; b < layers; b++) {
        t->early[b] = b ? NEVER : t->v->open;
        t->from[b]  = 0;
    }
    for (int32_t i = 1; i <= last; i++) {
        for (int32_t b = 0; b < layers; b++) {
            int32_t best = NEVER, way = 0, setup;
            for (int32_t a = 0; a <= b && b <= used; a++) {
                int32_t left = t->early[(i - 1) * layers + a];
                int32_t time =
                    left < NEVER ? leg_arrive(t->v, left, leg_time(t, i - 1), a, b) : NEVER;
                if (time < best) {
                    best = time;
                    way  = a;
                }
            }
            if (i < last && best < NEVER) {
                int32_t k       = t->r->id[i];
                best            = windows_next(t->c->windows[k], t->c->window_count[k], best);
                best            = keeps ? keep_time(t, k, best) : best;
                int32_t service = work_at(t, i, &setup);
                best += best < NEVER ? service + setup : 0;
            }
            t->early[i * layers + b] = best;
            t->from[i * layers + b]  = way;
        }
    }
    int32_t end = 0, best = NEVER;
    for (int32_t b = 0; b <= used; b++) {
        int32_t time = t->early[last * layers + b];
        if (time < best && time <= t->v->close && (b == used || time <= t->v->breaks[b].opening)) {
            best = time;
            end  = b;
        }
    }
    if (best >= NEVER) {
        return false;
    }
    for (int32_t i = last; i >= 0; i--) {
        t->taken[i] = end;
        end         = t->from[i * layers + end];
    }
    return true;
}

// Latest departures on the chosen way that still end at `end`.
static void latest(struct timing *t, int32_t end)
{
    int32_t time = end, setup;
    for (int32_t i = t->r->len + 1; i > 0; i--) {
        if (i <= t->r->len) {
            int32_t k = t->r->id[i], service = work_at(t, i, &setup);
            t->late[i] = time;
            time = windows_last(t->c->windows[k], t->c->window_count[k], time - service - setup);
        }
        time = leg_leave(t->v, time, leg_time(t, i - 1), t->taken[i - 1], t->taken[i]);
    }
    t->late[0] = time;
}

struct clock_now {
    int32_t time;
    int64_t travel, distance;
};

// The breaks of a leg. A break comes right after a visit when its window is open then, otherwise on
// arrival at the next one, otherwise on the road when the window opens.
static void write_leg(const struct timing *t, int32_t i, struct clock_now *now,
                      struct tour_stop *stops, int *count)
{
    int32_t travel = leg_time(t, i), whole = travel;
    int64_t distance = leg_distance(t, i);
    int64_t begin    = now->distance;
    for (int32_t b = t->taken[i]; b < t->taken[i + 1]; b++) {
        const struct core_break *r = &t->v->breaks[b];
        int32_t start = windows_next(r->windows, r->window_count, now->time), driven = 0;
        if (start > now->time) {
            int32_t there = windows_next(r->windows, r->window_count, now->time + travel);
            // Not when another break follows on this leg: it might then come too late.
            bool is_last = b + 1 == t->taken[i + 1];
            start        = is_last && there == now->time + travel ? there : start;
            driven       = travel < start - now->time ? travel : start - now->time;
        }
        travel -= driven;
        now->travel += driven;
        if (whole) {
            now->distance = begin + distance * (whole - travel) / whole;
        }
        stops[(*count)++] = (struct tour_stop){ .job      = -1 - b,
                                                .arrival  = t->c->origin + now->time + driven,
                                                .start    = t->c->origin + start,
                                                .travel   = now->travel,
                                                .distance = now->distance,
                                                .service  = r->service };
        now->time         = start + r->service;
    }
    now->time += travel;
    now->travel += travel;
    now->distance = begin + distance;
}

static int32_t write_stops(const struct timing *t, struct tour_stop *stops, struct tour_route *tour,
                           int32_t leave, int32_t vehicle)
{
    const struct core *c     = t->c;
    struct clock_now   now   = { .time = leave };
    int32_t            moved = 0;

    tour->start = c->origin + leave;
    for (int32_t i = 0; i <= t->r->len; i++) {
        write_leg(t, i, &now, stops, &tour->count);
        if (i == t->r->len) {
            break;
        }
        int32_t k = t->r->id[i + 1], setup, service = work_at(t, i + 1, &setup);
        int32_t start = windows_next(c->windows[k], c->window_count[k], now.time);
        if (c->stability && c->past_vehicle[k] != -1) {
            int32_t past = c->past_start[k];
            if (c->past_vehicle[k] == vehicle && start <= past &&
                past + service + setup <= t->late[i + 1] &&
                windows_next(c->windows[k], c->window_count[k], past) == past) {
                start = past;
            }
            moved += c->past_vehicle[k] != vehicle || start != past;
        }
        stops[tour->count++] = (struct tour_stop){ .job      = c->original[k],
                                                   .arrival  = c->origin + now.time,
                                                   .start    = c->origin + start,
                                                   .travel   = now.travel,
                                                   .distance = now.distance,
                                                   .setup    = setup,
                                                   .service  = service };
        now.time             = start + setup + service;
    }
    tour->stops    = stops;
    tour->end      = c->origin + now.time;
    tour->travel   = now.travel;
    tour->distance = now.distance;
    return moved;
}

// Writes one tour with the breaks where they are chosen; answers how many of its visits moved from
// the past plan.
static int32_t write_chosen(struct timing *t, struct tour_stop *stops, struct tour_route *tour)
{
    const struct core *c = t->c;

    *tour = (struct tour_route){ 0 };
    // No waiting that a later departure avoids, unless times of the past are to be kept: then
    // everything may be as late as the day and the breaks left out allow.
    int32_t last = t->r->len + 1, end = t->early[last * c->layers + t->taken[last]];
    int32_t leave = t->v->open;
    if (c->stability) {
        end = t->v->close;
        if (t->taken[last] < t->v->break_count && t->v->breaks[t->taken[last]].opening < end) {
            end = t->v->breaks[t->taken[last]].opening;
        }
    }
    latest(t, end);
    if (!c->stability) {
        leave = t->late[0];
    }
    return write_stops(t, stops, tour, leave, (int32_t)(t->v - c->vehicles));
}

// With the breaks as early as they can be. A tour that the search kept holds its constraints: one
// that has no way to be made would be a fault of ours, and nothing true could be written of it.
// Negative then.
static int32_t write_earliest(struct timing *t, struct tour_stop *stops, struct tour_route *tour)
{
    return choose_breaks(t, false) ? write_chosen(t, stops, tour) : -1;
}

// Writes one tour, in room for its visits and breaks; answers how many of its visits moved,
// negative when it cannot be made. Breaks come as early as they can, or where they leave the visits
// at their past times, whichever moves fewer.
static int32_t write_tour(const struct core *c, int32_t v, const struct route *r,
                          struct tour_stop *stops, struct tour_route *tour)
{
    *tour = (struct tour_route){ 0 };
    if (!r->len) {
        return 0;
    }
    size_t        rows = (size_t)r->len + 2, cells = rows * (size_t)c->layers;
    int32_t      *block = memory_new((2 * cells + 2 * rows) * sizeof(int32_t));
    struct timing t     = {
            c, &c->vehicles[v], r, block, block + cells, block + 2 * cells, block + 2 * cells + rows
    };
    int32_t moved = write_earliest(&t, stops, tour);
    if (moved > 0 && t.v->break_count && choose_breaks(&t, true)) {
        int32_t kept = write_chosen(&t, stops, tour);
        moved        = kept > moved ? write_earliest(&t, stops, tour) : kept;
    }
    free(block);
    return moved;
}

int32_t plan_moved(const struct core *c, int32_t v, const struct route *r)
{
    struct tour_route tour;
    struct tour_stop *stops = memory_new(((size_t)r->len + TOUR_BREAKS_MAX + 1) * sizeof *stops);
    int32_t           moved = write_tour(c, v, r, stops, &tour);
    free(stops);
    return moved;
}

// Why nobody can serve job k even alone.
static enum tour_reason why_never(const struct core *c, int32_t k)
{
    bool may = false, light = false, near = false;
    for (int32_t v = 0; v < c->m; v++) {
        const struct core_vehicle *own = &c->vehicles[v];
        if (!tour_may(c->problem, own->original, c->original[k])) {
            continue;
        }
        may       = true;
        bool fits = true;
        for (int32_t d = 0; d < c->dimensions; d++) {
            size_t at = (size_t)d * (size_t)c->n + (size_t)k;
            fits &= c->delivery[at] <= own->capacity[d] && c->pickup[at] <= own->capacity[d];
        }
        light |= fits;
        if (!fits || !c->has_limits) {
            near |= fits;
            continue;
        }
        const struct road *road = &c->roads[own->road];
        size_t             p = (size_t)c->places, here = (size_t)c->place[k];
        size_t             out = (size_t)own->start * p + here, back = here * p + (size_t)own->end;
        near |= own->max_tasks > 0 &&
                (int64_t)road->time[out] + road->time[back] <= own->max_travel &&
                (int64_t)road->distance[out] + road->distance[back] <= own->max_distance;
    }
    return !may ? TOUR_NO_SKILL : !light ? TOUR_TOO_HEAVY : !near ? TOUR_TOO_FAR : TOUR_TOO_LATE;
}

// Whether somebody could serve job k alone.
static bool fits_alone(const struct core *c, const struct route *empty, int32_t k)
{
    for (int32_t v = 0; v < c->m; v++) {
        if (c->may[(size_t)v * (size_t)c->n + (size_t)k] &&
            route_place(c, v, &empty[v], k, -1).at >= 0) {
            return true;
        }
    }
    return false;
}

static struct tour_left why(const struct core *c, const struct route *routes,
                            const struct route *empty, int32_t k)
{
    struct tour_left left = { .job = c->original[k], .vehicle = -1, .reason = TOUR_FULL };
    int64_t          best = INT64_MAX;
    for (int32_t v = 0; v < c->m; v++) {
        if (!c->may[(size_t)v * (size_t)c->n + (size_t)k]) {
            continue;
        }
        struct place found = route_place(c, v, &routes[v], k, -1);
        if (found.at >= 0 && found.cost < best) {
            best         = found.cost;
            left.vehicle = c->vehicles[v].original;
        }
    }
    if (left.vehicle < 0) {
        left.reason = fits_alone(c, empty, k) ? TOUR_FULL : why_never(c, k);
    } else {
        bool is_worth = c->problem->jobs[c->original[k]].rank || best < c->prize[k];
        left.cost     = (best + c->cost_scale / 2) / c->cost_scale;
        left.reason   = !is_worth ? TOUR_COST : c->stability ? TOUR_STABLE : TOUR_NO_TIME;
    }
    return left;
}

bool plan_write(const struct core *c, const struct route *routes, struct arena *a,
                struct tour_route *tours, struct tour_left *left, int32_t *left_count,
                int32_t *moved)
{
    uint8_t      *served = memory_zero((size_t)c->n + 1);
    struct route *empty  = memory_zero(((size_t)c->m + 1) * sizeof *empty);
    bool          holds  = true;
    for (int32_t v = 0; v < c->m; v++) {
        route_refresh(c, v, &empty[v]);
        struct tour_stop *stops =
            ARENA_ARRAY(a, struct tour_stop, (size_t)routes[v].len + TOUR_BREAKS_MAX);
        int32_t changed = write_tour(c, v, &routes[v], stops, &tours[v]);
        holds &= changed >= 0;
        *moved += changed;
        for (int32_t i = 1; i <= routes[v].len; i++) {
            served[routes[v].id[i]] = 1;
        }
    }
    for (int32_t k = 0; k < c->n; k++) {
        if (!served[k]) {
            left[(*left_count)++] = why(c, routes, empty, k);
            *moved += c->stability && c->past_vehicle[k] != -1;
        }
    }
    for (int32_t v = 0; v < c->m; v++) {
        route_done(&empty[v]);
    }
    free(empty);
    free(served);
    return holds;
}
