// Keeps the numbers of a tour that make insertions cheap to test.
#include "plan/tour_clock_private.h"

void route_done(struct route *r)
{
    free(r->id);
    free(r->load);
    *r = (struct route){ .len = 0 };
}

void route_reserve(const struct core *c, struct route *r, int32_t stops)
{
    if (r->room >= stops) {
        return;
    }
    int32_t  room  = stops + stops / 2 + 6;
    size_t   row   = (size_t)room;
    int32_t *block = memory_new(row * (3 + 3 * (size_t)c->layers) * sizeof(int32_t));
    if (r->id) {
        memcpy(block, r->id, (size_t)(r->len + 2) * sizeof(int32_t));
    }
    free(r->id);
    r->id    = block;
    r->place = block + row;
    r->leg   = block + 2 * row;
    r->early = block + 3 * row;
    r->late  = r->early + row * (size_t)c->layers;
    r->due   = r->late + row * (size_t)c->layers;
    if (c->has_mixed_loads) {
        size_t loads = row * (size_t)c->dimensions;
        free(r->load);
        r->load        = memory_new(3 * loads * sizeof(int64_t));
        r->most_before = r->load + loads;
        r->most_after  = r->most_before + loads;
    }
    r->room = room;
}

void route_copy(const struct core *c, struct route *to, const struct route *from)
{
    if (!from->room) {
        to->len  = 0;
        to->cost = to->travel = to->distance = to->moved = 0;
        to->version                                      = from->version;
        return;
    }
    route_reserve(c, to, from->len + 2);
    size_t stops = (size_t)from->len + 2;
    memcpy(to->id, from->id, stops * sizeof(int32_t));
    memcpy(to->place, from->place, stops * sizeof(int32_t));
    memcpy(to->leg, from->leg, stops * sizeof(int32_t));
    memcpy(to->early, from->early, stops * (size_t)c->layers * sizeof(int32_t));
    memcpy(to->late, from->late, stops * (size_t)c->layers * sizeof(int32_t));
    if (!c->plain) {
        memcpy(to->due, from->due, stops * (size_t)c->layers * sizeof(int32_t));
    }
    if (c->has_mixed_loads) {
        for (int32_t d = 0; d < c->dimensions; d++) {
            size_t t = (size_t)d * (size_t)to->room, f = (size_t)d * (size_t)from->room;
            memcpy(to->load + t, from->load + f, stops * sizeof(int64_t));
            memcpy(to->most_before + t, from->most_before + f, stops * sizeof(int64_t));
            memcpy(to->most_after + t, from->most_after + f, stops * sizeof(int64_t));
        }
    }
    to->len = from->len;
    memcpy(to->sum_delivery, from->sum_delivery, sizeof to->sum_delivery);
    memcpy(to->sum_pickup, from->sum_pickup, sizeof to->sum_pickup);
    to->cost     = from->cost;
    to->travel   = from->travel;
    to->distance = from->distance;
    to->moved    = from->moved;
    to->version  = from->version;
    to->holds    = from->holds;
}

// Service at stop i, with setup when the stop before is elsewhere.
static inline int32_t action(const struct core *c, const struct core_vehicle *v, int32_t k,
                             bool comes_from_elsewhere)
{
    size_t row = (size_t)v->type * (size_t)c->n + (size_t)k;
    return c->service[row] + (comes_from_elsewhere ? c->setup[row] : 0);
}

static bool refresh_plain(const struct core *c, const struct core_vehicle *v, struct route *r)
{
    const struct road *road    = &c->roads[v->road];
    const int32_t     *service = c->service + (size_t)v->type * (size_t)c->n;
    const size_t       p       = (size_t)c->places;
    int32_t            t       = v->open;
    bool               right   = true;

    r->early[0] = t;
    for (int32_t i = 1; i <= r->len; i++) {
        int32_t k = r->id[i];
        t += road->time[(size_t)r->place[i - 1] * p + (size_t)r->place[i]];
        right &= t <= c->close[k];
        t           = (t > c->open[k] ? t : c->open[k]) + service[k];
        t           = t < NEVER ? t : NEVER;
        r->early[i] = t;
    }
    int32_t last = r->len + 1;
    t += road->time[(size_t)r->place[last - 1] * p + (size_t)r->place[last]];
    right &= t <= v->close;
    r->early[last] = t;
    t              = v->close;
    r->late[last]  = t;
    for (int32_t i = r->len; i >= 0; i--) {
        t -= road->time[(size_t)r->place[i] * p + (size_t)r->place[i + 1]];
        if (i > 0) {
            int32_t k = r->id[i];
            t -= service[k];
            t = t < c->close[k] ? t : c->close[k];
        }
        t          = t > -NEVER ? t : -NEVER;
        r->late[i] = t;
    }
    return right;
}

static bool refresh_layers(const struct core *c, const struct core_vehicle *v, struct route *r)
{
    const struct road *road   = &c->roads[v->road];
    const size_t       p      = (size_t)c->places;
    const int32_t      layers = c->layers, used = v->break_count, last = r->len + 1;

    for (int32_t b = 0; b < layers; b++) {
        r->early[b] = b ? NEVER : v->open;
    }
    for (int32_t i = 1; i <= last; i++) {
        int32_t  travel = road->time[(size_t)r->place[i - 1] * p + (size_t)r->place[i]];
        int32_t *from = r->early + (i - 1) * layers, *to = r->early + i * layers;
        int32_t  k     = r->id[i];
        bool     moves = r->place[i - 1] != r->place[i];
        for (int32_t b = 0; b < layers; b++) {
            int32_t best = NEVER;
            for (int32_t a = 0; a <= b && b <= used; a++) {
                int32_t t = from[a] < NEVER ? leg_arrive(v, from[a], travel, a, b) : NEVER;
                best      = t < best ? t : best;
            }
            if (k >= 0 && best < NEVER) {
                best = windows_next(c->windows[k], c->window_count[k], best);
                best += best < NEVER ? action(c, v, k, moves) : 0;
            }
            to[b] = best < NEVER ? best : NEVER;
        }
    }
    // A tour that ends before a break opens does without it and the later ones.
    bool right = false;
    for (int32_t b = 0; b < layers; b++) {
        int32_t end = -1;
        if (b <= used) {
            end = v->close;
            if (b < used && v->breaks[b].opening < end) {
                end = v->breaks[b].opening;
            }
        }
        r->late[last * layers + b] = end;
        right |= r->early[last * layers + b] <= end;
    }
    for (int32_t i = r->len; i >= 0; i--) {
        int32_t  travel = road->time[(size_t)r->place[i] * p + (size_t)r->place[i + 1]];
        int32_t *from = r->late + i * layers, *to = r->late + (i + 1) * layers;
        int32_t  k     = r->id[i + 1];
        bool     moves = r->place[i] != r->place[i + 1];
        int32_t  arrive[LAYERS_MAX];
        for (int32_t b = 0; b < layers; b++) {
            int32_t due = to[b];
            arrive[b]   = due;
            if (k >= 0 && due >= 0) {
                const struct window32 *w = c->windows[k];
                due = windows_last(w, c->window_count[k], to[b] - action(c, v, k, true));
                arrive[b] =
                    moves ? due
                          : windows_last(w, c->window_count[k], to[b] - action(c, v, k, false));
            }
            r->due[(i + 1) * layers + b] = due;
        }
        for (int32_t b = 0; b < layers; b++) {
            int32_t best = -1;
            for (int32_t e = b; e <= used; e++) {
                int32_t t = arrive[e] >= 0 ? leg_leave(v, arrive[e], travel, b, e) : -1;
                best      = t > best ? t : best;
            }
            from[b] = best;
        }
    }
    return right;
}

// Loads: deliveries are aboard from the start, pickups until the end. `load` is what is aboard when
// leaving a stop, most_before the most up to there, most_after the most from there on.
static bool refresh_loads(const struct core *c, const struct core_vehicle *v, struct route *r)
{
    bool right = true;
    for (int32_t d = 0; d < c->dimensions; d++) {
        const int64_t *delivery = c->delivery + (size_t)d * (size_t)c->n;
        const int64_t *pickup   = c->pickup + (size_t)d * (size_t)c->n;
        r->sum_delivery[d] = r->sum_pickup[d] = 0;
        for (int32_t i = 1; i <= r->len; i++) {
            r->sum_delivery[d] += delivery[r->id[i]];
            r->sum_pickup[d] += pickup[r->id[i]];
        }
        if (!c->has_mixed_loads) {
            right &= r->sum_delivery[d] <= v->capacity[d] && r->sum_pickup[d] <= v->capacity[d];
            continue;
        }
        int64_t *load   = r->load + (size_t)d * (size_t)r->room;
        int64_t *before = r->most_before + (size_t)d * (size_t)r->room;
        int64_t *after  = r->most_after + (size_t)d * (size_t)r->room;
        load[0] = before[0] = r->sum_delivery[d];
        for (int32_t i = 1; i <= r->len; i++) {
            load[i]   = load[i - 1] - delivery[r->id[i]] + pickup[r->id[i]];
            before[i] = load[i] > before[i - 1] ? load[i] : before[i - 1];
        }
        after[r->len] = load[r->len];
        for (int32_t i = r->len - 1; i >= 0; i--) {
            after[i] = load[i] > after[i + 1] ? load[i] : after[i + 1];
        }
        right &= after[0] <= v->capacity[d];
    }
    return right;
}

static int64_t work_cost(const struct core *c, const struct core_vehicle *v, const struct route *r)
{
    int64_t work = 0;
    for (int32_t i = 1; i <= r->len; i++) {
        work += action(c, v, r->id[i], r->place[i - 1] != r->place[i]);
    }
    return (work * v->task_hour * c->cost_scale + 1800) / 3600;
}

bool route_refresh(const struct core *c, int32_t index, struct route *r)
{
    const struct core_vehicle *v    = &c->vehicles[index];
    const struct road         *road = &c->roads[v->road];
    const size_t               p    = (size_t)c->places;

    route_reserve(c, r, r->len + 2);
    r->id[0] = r->id[r->len + 1] = -1;
    r->place[0]                  = v->start;
    r->place[r->len + 1]         = v->end;
    for (int32_t i = 1; i <= r->len; i++) {
        r->place[i] = c->place[r->id[i]];
    }
    r->cost = r->len ? v->fixed : 0;
    if (c->has_task_cost) {
        r->cost += work_cost(c, v, r);
    }
    r->travel = r->distance = 0;
    for (int32_t i = 0; i <= r->len; i++) {
        size_t e  = (size_t)r->place[i] * p + (size_t)r->place[i + 1];
        r->leg[i] = road->cost[e];
        if (r->len) {
            r->cost += r->leg[i];
            if (c->has_limits) {
                r->travel += road->time[e];
                r->distance += road->distance[e];
            }
        }
    }
    bool right = c->plain ? refresh_plain(c, v, r) : refresh_layers(c, v, r);
    right &= refresh_loads(c, v, r);
    if (c->has_limits) {
        right &=
            r->len <= v->max_tasks && r->travel <= v->max_travel && r->distance <= v->max_distance;
    }
    int32_t moved = c->stability && right ? plan_moved(c, index, r) : 0;
    r->moved      = moved > 0 ? moved : 0;
    r->holds      = (right && moved >= 0) || !r->len;
    return r->holds;
}

// The numbers of a plain tour after job k came to stand at a stop: those before keep when they can
// be left, those behind when they have to be reached, and the others as soon as nothing changes.
static void inserted_plain(const struct core *c, const struct core_vehicle *v, struct route *r,
                           int32_t at)
{
    const struct road *road    = &c->roads[v->road];
    const int32_t     *service = c->service + (size_t)v->type * (size_t)c->n;
    const size_t       p       = (size_t)c->places;
    const int32_t      last    = r->len + 1;
    const int64_t      whole   = r->len > 1 ? r->leg[at - 1] : -v->fixed;

    for (int32_t i = at - 1; i <= at; i++) {
        r->leg[i] = road->cost[(size_t)r->place[i] * p + (size_t)r->place[i + 1]];
    }
    r->cost += (int64_t)r->leg[at - 1] + r->leg[at] - whole;
    for (int32_t i = at; i <= last; i++) {
        int32_t t = r->early[i - 1] + road->time[(size_t)r->place[i - 1] * p + (size_t)r->place[i]];
        if (i < last) {
            int32_t k = r->id[i];
            t         = (t > c->open[k] ? t : c->open[k]) + service[k];
            t         = t < NEVER ? t : NEVER;
        }
        if (i > at && r->early[i] == t) {
            break;
        }
        r->early[i] = t;
    }
    for (int32_t i = at; i >= 0; i--) {
        int32_t t = r->late[i + 1] - road->time[(size_t)r->place[i] * p + (size_t)r->place[i + 1]];
        if (i > 0) {
            int32_t k = r->id[i];
            t -= service[k];
            t = t < c->close[k] ? t : c->close[k];
        }
        t = t > -NEVER ? t : -NEVER;
        if (i < at && r->late[i] == t) {
            break;
        }
        r->late[i] = t;
    }
    for (int32_t d = 0; d < c->dimensions; d++) {
        size_t job = (size_t)d * (size_t)c->n + (size_t)r->id[at];
        r->sum_delivery[d] += c->delivery[job];
        r->sum_pickup[d] += c->pickup[job];
    }
}

// Makes a gap for one more stop.
static void shift(struct route *r, int32_t at)
{
    size_t behind = (size_t)(r->len + 2 - at) * sizeof(int32_t);

    memmove(r->id + at + 1, r->id + at, behind);
    memmove(r->place + at + 1, r->place + at, behind);
    memmove(r->leg + at + 1, r->leg + at, behind);
    memmove(r->early + at + 1, r->early + at, behind);
    memmove(r->late + at + 1, r->late + at, behind);
}

void route_insert(const struct core *c, int32_t v, struct route *r, int32_t k, int32_t at)
{
    bool grows = r->room < r->len + 3; // keeps the jobs only
    route_reserve(c, r, r->len + 3);
    if (c->plain && !c->stability && !grows && r->holds) {
        shift(r, at);
        r->id[at]    = k;
        r->place[at] = c->place[k];
        r->len++;
        inserted_plain(c, &c->vehicles[v], r, at);
        return;
    }
    for (int32_t i = r->len + 1; i > at; i--) {
        r->id[i] = r->id[i - 1];
    }
    r->id[at] = k;
    r->len++;
    route_refresh(c, v, r);
}

void route_remove(const struct core *c, int32_t v, struct route *r, const uint8_t *gone)
{
    int32_t kept = 0;
    for (int32_t i = 1; i <= r->len; i++) {
        if (!gone[r->id[i]]) {
            r->id[++kept] = r->id[i];
        }
    }
    r->len = kept;
    route_refresh(c, v, r);
}

void route_append(const struct core *c, int32_t v, struct route *r, int32_t k)
{
    route_insert(c, v, r, k, r->len + 1);
    if (!route_refresh(c, v, r)) {
        r->len--;
        route_refresh(c, v, r);
    }
}

void route_score(const struct core *c, const struct route *routes, int64_t *ret_rank,
                 int64_t *ret_cost)
{
    int64_t rank = 0, cost = 0;
    for (int32_t k = 0; k < c->n; k++) {
        rank += c->rank[k];
        cost += c->prize[k];
    }
    for (int32_t v = 0; v < c->m; v++) {
        cost += routes[v].cost + routes[v].moved * c->stability;
        for (int32_t i = 1; i <= routes[v].len; i++) {
            rank -= c->rank[routes[v].id[i]];
            cost -= c->prize[routes[v].id[i]];
        }
    }
    *ret_rank = rank;
    *ret_cost = cost;
}
