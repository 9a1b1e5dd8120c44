// The cheapest place for a job in a tour: each position is tested in constant time.
#include "plan/tour_private.h"

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
    int32_t first = i;
    for (; i <= len && early[i] <= close; i++) {
        int32_t a = place[i], b = place[i + 1];
        int32_t delta = cost_to[a] + cost_from[b] - leg[i];
        if (delta >= best) {
            continue;
        }
        int32_t t = early[i] + time_to[a];
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

// Whether k fits in time between stops i and i + 1, for some share of the breaks between both legs.
static bool time_fits(const struct core *c, const struct core_vehicle *v, const struct route *r,
                      int32_t k, int32_t i, int32_t there, int32_t onward)
{
    const int32_t  layers = c->layers, used = v->break_count, next = r->id[i + 1];
    const int32_t *early = r->early + i * layers, *late = r->late + (i + 1) * layers;
    const size_t   row  = (size_t)v->type * (size_t)c->n;
    const int32_t  here = c->place[k];
    const int32_t  service =
        c->service[row + (size_t)k] + (r->place[i] != here ? c->setup[row + (size_t)k] : 0);
    const int32_t after = next < 0
                              ? 0
                              : c->service[row + (size_t)next] +
                                    (r->place[i + 1] != here ? c->setup[row + (size_t)next] : 0);
    for (int32_t b = 0; b <= used; b++) {
        // Earliest departure from k after b breaks.
        int32_t t = NEVER;
        for (int32_t a = 0; a <= b; a++) {
            int32_t arrival = early[a] < NEVER ? leg_arrive(v, early[a], there, a, b) : NEVER;
            t               = arrival < t ? arrival : t;
        }
        t = t < NEVER ? windows_next(c->windows[k], c->window_count[k], t) : NEVER;
        if (t >= NEVER) {
            continue;
        }
        t += service;
        for (int32_t e = b; e <= used; e++) {
            int32_t arrival = late[e] >= 0 ? leg_arrive(v, t, onward, b, e) : NEVER;
            if (next >= 0 && arrival < NEVER) {
                arrival = windows_next(c->windows[next], c->window_count[next], arrival);
            }
            if (arrival < NEVER && arrival + after <= late[e]) {
                return true;
            }
        }
    }
    return false;
}

static struct place place_layers(const struct core *c, const struct core_vehicle *v,
                                 const struct route *r, int32_t k, int32_t skip)
{
    const struct road *road = &c->roads[v->road];
    const size_t       p = (size_t)c->places, here = (size_t)c->place[k];
    const int32_t      layers = c->layers, last = v->break_count;
    struct place       found = { INT64_MAX, -1, 1 };
    const size_t       job   = (size_t)v->type * (size_t)c->n + (size_t)k;
    const int32_t      leave = c->open[k] + c->service[job];
    const int64_t      work =
        c->has_task_cost ? (v->task_hour * c->cost_scale * (c->service[job] + c->setup[job])) / 3600
                              : 0;

    for (int32_t i = 0; i <= r->len; i++) {
        if (r->early[i * layers] > c->close[k]) {
            break;
        }
        if (r->late[(i + 1) * layers + last] < leave || i + 1 == skip) {
            continue;
        }
        size_t  a = (size_t)r->place[i], b = (size_t)r->place[i + 1];
        int64_t delta = (int64_t)road->cost[a * p + here] + road->cost[here * p + b] -
                        (r->len ? r->leg[i] : -v->fixed) + work;
        found.tried++;
        if (delta >= found.cost) {
            continue;
        }
        int32_t there = road->time[a * p + here], onward = road->time[here * p + b];
        if (c->has_limits) {
            int64_t old = r->len ? road->time[a * p + b] : 0;
            if (r->travel + there + onward - old > v->max_travel) {
                continue;
            }
            old = r->len ? road->distance[a * p + b] : 0;
            if (r->distance + road->distance[a * p + here] + road->distance[here * p + b] - old >
                v->max_distance) {
                continue;
            }
        }
        found.tried += 3;
        if ((!c->has_mixed_loads || loads_fit(c, v, r, k, i)) &&
            time_fits(c, v, r, k, i, there, onward)) {
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
