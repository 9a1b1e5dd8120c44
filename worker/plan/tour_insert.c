// The cheapest place for a job in a tour: each position is tested in constant time.
#include "plan/tour_clock_private.h"

// One window a job, no break, no setup, loads that only add up.
static struct place place_plain(const struct core *c, const struct core_vehicle *v,
                                const struct route *r, int32_t k, int32_t skip)
{
    const struct road *road      = &c->roads[v->road];
    const size_t       row       = (size_t)c->place[k] * (size_t)c->places;
    const int32_t     *time_from = road->time + row, *time_to = road->time_to + row;
    const int32_t     *cost_from = road->cost + row, *cost_to = road->cost_to + row;
    const int32_t     *place = r->place, *early = r->early, *late = r->late, *leg = r->leg;
    const int32_t      open = c->open[k], close = c->close[k];
    const int32_t      service = c->service[(size_t)v->type * (size_t)c->n + (size_t)k];
    const int32_t      leave = open + service, len = r->len;
    int32_t            i = 0, best_at = -1, best = INT32_MAX;

    while (i <= len && late[i + 1] < leave) {
        i++; // whoever comes next would be late
    }
    // There and back cost the same on most roads: then each way is read once.
    const bool same  = cost_from == cost_to;
    int32_t    first = i, there = cost_to[place[i <= len ? i : len]];
    for (; i <= len && early[i] <= close; i++) {
        const int32_t b = place[i + 1], onward = cost_from[b];
        const int32_t delta = there + onward - leg[i];
        there               = same ? onward : cost_to[b];
        if (delta >= best) {
            continue;
        }
        int32_t t = early[i] + time_to[place[i]];
        if (t > close) {
            continue;
        }
        t = (t > open ? t : open) + service;
        if (t + time_from[b] <= late[i + 1] && i + 1 != skip) {
            best    = delta;
            best_at = i + 1;
        }
    }
    struct place found = { INT64_MAX, best_at, i - first + 1 };
    if (best_at >= 0) {
        // An empty tour costs nothing, whatever its ends are apart.
        found.cost = best + (len ? 0 : (int64_t)leg[0] + v->fixed);
    }
    return found;
}

static bool loads_fit(const struct core *c, const struct core_vehicle *v, const struct route *r,
                      int32_t k, int32_t i)
{
    for (int32_t d = 0; d < c->dimensions; d++) {
        size_t row = (size_t)d * (size_t)r->room + (size_t)i;
        size_t job = (size_t)d * (size_t)c->n + (size_t)k;
        if (r->most_before[row] + c->delivery[job] > v->capacity[d] ||
            r->most_after[row] + c->pickup[job] > v->capacity[d]) {
            return false;
        }
    }
    return true;
}

// What the test of one job in one tour needs to know.
struct fit {
    const struct core         *c;
    const struct core_vehicle *v;
    const struct route        *r;
    const struct window32     *windows;
    int32_t                    window_count, service, setup, here;
};

// The next stop can be reached at t with e breaks taken. `due` supposes its setup is done; coming
// from the same place there is none.
static inline bool is_due(const struct fit *f, int32_t i, int32_t e, int32_t t)
{
    const struct route *r  = f->r;
    int32_t             at = (i + 1) * f->c->layers + e, next = r->id[i + 1];
    if (t <= r->due[at]) {
        return true;
    }
    if (next < 0 || r->place[i + 1] != f->here) {
        return false;
    }
    t = windows_next(f->c->windows[next], f->c->window_count[next], t);
    return t < NEVER &&
           t + f->c->service[(size_t)f->v->type * (size_t)f->c->n + (size_t)next] <= r->late[at];
}

// Whether the job fits in time between stops i and i + 1, for some share of the breaks between both
// legs.
static bool time_fits(const struct fit *f, int32_t i, int32_t there, int32_t onward)
{
    const struct core_vehicle *v       = f->v;
    const int32_t              used    = v->break_count;
    const int32_t             *early   = f->r->early + i * f->c->layers;
    const int32_t              service = f->service + (f->r->place[i] != f->here ? f->setup : 0);
    for (int32_t b = 0; b <= used; b++) {
        // Earliest departure from the job after b breaks.
        int32_t t = early[b] + there;
        for (int32_t a = 0; a < b; a++) {
            int32_t arrival = early[a] < NEVER ? leg_arrive(v, early[a], there, a, b) : NEVER;
            t               = arrival < t ? arrival : t;
        }
        t = t < NEVER ? windows_next(f->windows, f->window_count, t) : NEVER;
        if (t >= NEVER) {
            continue;
        }
        t += service;
        for (int32_t e = used; e > b; e--) {
            if (is_due(f, i, e, leg_arrive(v, t, onward, b, e))) {
                return true;
            }
        }
        if (is_due(f, i, b, t + onward)) {
            return true;
        }
    }
    return false;
}

static bool limits_hold(const struct fit *f, int32_t i, int32_t there, int32_t onward)
{
    const struct core  *c    = f->c;
    const struct route *r    = f->r;
    const struct road  *road = &c->roads[f->v->road];
    size_t              p = (size_t)c->places, a = (size_t)r->place[i], b = (size_t)r->place[i + 1];
    size_t              here   = (size_t)f->here;
    int64_t             travel = r->travel + there + onward, distance = r->distance;
    distance += (int64_t)road->distance[a * p + here] + road->distance[here * p + b];
    if (r->len) {
        travel -= road->time[a * p + b];
        distance -= road->distance[a * p + b];
    }
    return travel <= f->v->max_travel && distance <= f->v->max_distance;
}

static struct place place_layers(const struct core *c, const struct core_vehicle *v,
                                 const struct route *r, int32_t k, int32_t skip)
{
    const struct road *road   = &c->roads[v->road];
    const size_t       row    = (size_t)c->place[k] * (size_t)c->places;
    const size_t       job    = (size_t)v->type * (size_t)c->n + (size_t)k;
    const int32_t      layers = c->layers, used = v->break_count;
    const struct fit   f = {
          c, v, r, c->windows[k], c->window_count[k], c->service[job], c->setup[job], c->place[k]
    };
    const int32_t leave = c->open[k] + f.service;
    const int64_t whole = r->len ? 0 : v->fixed; // an empty tour costs nothing
    struct place  found = { INT64_MAX, -1, 1 };
    int64_t       work  = 0;

    if (c->has_task_cost) {
        work = v->task_hour * c->cost_scale * (f.service + f.setup) / 3600;
    }
    for (int32_t i = 0; i <= r->len && r->early[i * layers] <= c->close[k]; i++) {
        const int32_t last = (i + 1) * layers + used;
        if (r->late[last] < leave || i + 1 == skip) {
            continue;
        }
        const int32_t a = r->place[i], b = r->place[i + 1];
        int64_t delta = (int64_t)road->cost_to[row + (size_t)a] + road->cost[row + (size_t)b] -
                        (r->len ? r->leg[i] : 0) + whole + work;
        found.tried++;
        if (delta >= found.cost) {
            continue;
        }
        // Without any break, and all of them taken: not worse than what really happens.
        int32_t there = road->time_to[row + (size_t)a], onward = road->time[row + (size_t)b];
        int32_t t = r->early[i * layers] + there;
        if (t > c->close[k]) {
            continue;
        }
        t = (t > c->open[k] ? t : c->open[k]) + f.service + onward;
        if (t > r->late[last]) {
            continue;
        }
        found.tried += 2;
        if ((!c->has_limits || limits_hold(&f, i, there, onward)) &&
            (!c->has_mixed_loads || loads_fit(c, v, r, k, i)) && time_fits(&f, i, there, onward)) {
            found.cost = delta;
            found.at   = i + 1;
        }
    }
    return found;
}

struct place route_place(const struct core *c, int32_t index, const struct route *r, int32_t k,
                         int32_t skip)
{
    const struct core_vehicle *v = &c->vehicles[index];
    for (int32_t d = 0; d < c->dimensions; d++) {
        size_t job = (size_t)d * (size_t)c->n + (size_t)k;
        if (r->sum_delivery[d] + c->delivery[job] > v->capacity[d] ||
            r->sum_pickup[d] + c->pickup[job] > v->capacity[d]) {
            return (struct place){ INT64_MAX, -1, 1 };
        }
    }
    if (c->plain) {
        return place_plain(c, v, r, k, skip);
    }
    if (c->has_limits && r->len >= v->max_tasks) {
        return (struct place){ INT64_MAX, -1, 1 };
    }
    return place_layers(c, v, r, k, skip);
}
