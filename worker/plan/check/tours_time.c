// Travel and the clock of one tour.
#include "check/tours_private.h"

#include <math.h>

static double on_sphere(const struct spot *a, const struct spot *b)
{
    // The angle between two directions, by the chord: exact enough near 0.
    const double turn = acos(-1.0) / 180, radius = 6371008.8;
    double       u[3]  = { cos(a->y * turn) * cos(a->x * turn), cos(a->y * turn) * sin(a->x * turn),
                           sin(a->y * turn) };
    double       v[3]  = { cos(b->y * turn) * cos(b->x * turn), cos(b->y * turn) * sin(b->x * turn),
                           sin(b->y * turn) };
    double       chord = hypot(hypot(u[0] - v[0], u[1] - v[1]), u[2] - v[2]);
    return 2 * radius * asin(chord / 2 < 1 ? chord / 2 : 1);
}

static int64_t cell(const json_t *matrix, int row, int column, bool *ret_there)
{
    const json_t *x = json_array_get(json_array_get(matrix, (size_t)row), (size_t)column);
    *ret_there      = json_is_number(x) && json_number_value(x) < 268435456;
    return (int64_t)json_number_value(x);
}

struct way way_between(const struct world *w, const struct car *c, const struct spot *a,
                       const struct spot *b)
{
    struct way way = { .is_open = true };
    double     time;
    if (!a->is_there || !b->is_there) {
        return way;
    }
    if (w->is_plane) {
        long double dx = (long double)a->x - b->x, dy = (long double)a->y - b->y;
        long double d = (long double)w->scale * sqrtl(dx * dx + dy * dy);
        way.time      = (int64_t)floorl(w->is_nearest ? d + 0.5L : d + 1e-9L);
        way.distance  = way.time;
        return way;
    }
    if (c->durations) {
        bool there;
        time         = (double)cell(c->durations, a->row, b->row, &way.is_open);
        way.distance = c->distances ? cell(c->distances, a->row, b->row, &there) : 0;
        way.cost     = c->costs ? (double)cell(c->costs, a->row, b->row, &there) : 0;
        if (c->speed_factor == 1) {
            way.time = (int64_t)time;
            return way;
        }
    } else {
        double metres = on_sphere(a, b) * w->detour;
        time          = metres / 2 / w->speed[a->density] + metres / 2 / w->speed[b->density];
        way.distance  = (int64_t)round(metres);
    }
    time /= c->speed_factor;
    way.is_open = way.is_open && time >= 0 && time < 1e12;
    way.time    = way.is_open ? (int64_t)floor(time + 0.5) : 0;
    return way;
}

bool is_same_spot(const struct spot *a, const struct spot *b)
{
    if (!a->is_there || !b->is_there) {
        return a->is_there == b->is_there;
    }
    return a->row == b->row &&
           (a->row >= 0 || (a->x == b->x && a->y == b->y && a->density == b->density));
}

static int64_t time_for(const struct car *c, const struct visit *v, const char *key,
                        const char *per_type, int64_t otherwise)
{
    if (!v->source) {
        return otherwise;
    }
    int64_t common = whole(v->source, key, 0);
    return c->type ? whole(json_object_get(v->source, per_type), c->type, common) : common;
}

int64_t setup_for(const struct car *c, const struct visit *v)
{
    return time_for(c, v, "setup", "setup_per_type", v->setup);
}

int64_t service_for(const struct car *c, const struct visit *v)
{
    return time_for(c, v, "service", "service_per_type", v->service);
}

static bool holds(const json_t *list, int64_t x)
{
    size_t        i;
    const json_t *item;
    json_array_foreach((json_t *)(uintptr_t)list, i, item)
    {
        if (json_integer_value(item) == x) {
            return true;
        }
    }
    return false;
}

bool is_allowed(const struct car *c, const struct visit *v)
{
    const json_t *skills = json_object_get(v->source, "skills"), *skill;
    const json_t *named  = json_object_get(v->source, "vehicles");
    size_t        i;
    json_array_foreach((json_t *)(uintptr_t)skills, i, skill)
    {
        if (!holds(c->skills, json_integer_value(skill))) {
            return false;
        }
    }
    if (v->is_locked && v->has_past && v->past_car != c->id) {
        return false;
    }
    return !named || holds(named, c->id);
}

bool is_within(const struct spans *s, int64_t t)
{
    bool inside = !s->count;
    for (size_t i = 0; i < s->count; i++) {
        inside |= s->at[i].from <= t && t <= s->at[i].to;
    }
    return inside;
}

#define FAR INT64_C(0x3fffffffffffffff)

// First moment in the spans from t on.
static int64_t first_in(const struct spans *s, int64_t t)
{
    int64_t best = s->count ? FAR : t;
    for (size_t i = 0; i < s->count; i++) {
        int64_t at = t > s->at[i].from ? t : s->at[i].from;
        best       = at <= s->at[i].to && at < best ? at : best;
    }
    return best;
}

static int64_t start_of(const struct visit *v, int64_t arrival)
{
    if (v->is_locked && v->has_past) {
        return arrival <= v->past_start ? v->past_start : FAR;
    }
    return first_in(&v->start, arrival);
}

// Drives `travel` from moment t with pauses [from, to) on the way; arrives as early as possible.
static int64_t drive(const struct car *c, int64_t t, int64_t travel, size_t from, size_t to)
{
    for (size_t b = from; b < to && t < FAR; b++) {
        int64_t start = first_in(&c->pauses[b].start, t);
        if (start >= FAR) {
            return FAR;
        }
        int64_t meanwhile = start - t < travel ? start - t : travel;
        travel -= meanwhile;
        t = start + c->pauses[b].length;
    }
    return t >= FAR ? FAR : t + travel;
}

double cost_of(const struct car *c, int64_t travel, int64_t distance, double table, int64_t work)
{
    double travelling = c->costs ? table
                                 : (double)c->per_hour * (double)travel / 3600 +
                                       (double)c->per_km * (double)distance / 1000;
    return (double)c->fixed + travelling + (double)c->per_task_hour * (double)work / 3600;
}

static bool loads_hold(const struct world *w, const struct car *c, struct visit *const *order,
                       size_t count)
{
    for (size_t d = 0; d < w->loads; d++) {
        int64_t aboard = 0;
        for (size_t i = 0; i < count; i++) {
            aboard += order[i]->delivery[d];
        }
        bool holds_all = aboard <= c->capacity[d];
        for (size_t i = 0; i < count; i++) {
            aboard += order[i]->pickup[d] - order[i]->delivery[d];
            holds_all &= aboard <= c->capacity[d];
        }
        if (!holds_all) {
            return false;
        }
    }
    return true;
}

bool can_do(const struct world *w, const struct car *c, struct visit *const *order, size_t count,
            double *ret_cost)
{
    int64_t            now[BREAKS + 1], next[BREAKS + 1], travel = 0, distance = 0, work = 0;
    double             table = 0;
    const struct spot *at    = &c->start;

    for (size_t b = 0; b <= c->pause_count; b++) {
        now[b] = b ? FAR : c->day.from;
    }
    for (size_t i = 0; i <= count; i++) {
        const struct visit *v      = i < count ? order[i] : NULL;
        const struct spot  *to     = v ? &v->spot : &c->end;
        struct way          way    = way_between(w, c, at, to);
        int64_t             setup  = v && !is_same_spot(at, to) ? setup_for(c, v) : 0;
        int64_t             length = v ? setup + service_for(c, v) : 0;
        if (!way.is_open) {
            return false;
        }
        travel += way.time;
        distance += way.distance;
        table += way.cost;
        work += length;
        for (size_t b = 0; b <= c->pause_count; b++) {
            next[b] = FAR;
            for (size_t a = 0; a <= b; a++) {
                int64_t t = now[a] < FAR ? drive(c, now[a], way.time, a, b) : FAR;
                t         = v && t < FAR ? start_of(v, t) : t;
                next[b]   = t < FAR && t + length < next[b] ? t + length : next[b];
            }
        }
        memcpy(now, next, sizeof now);
        at = to;
    }
    bool is_in_time = false;
    for (size_t b = 0; b <= c->pause_count; b++) {
        is_in_time |= now[b] < FAR && now[b] <= c->day.to &&
                      (b == c->pause_count || now[b] <= c->pauses[b].start.at[0].from);
    }
    *ret_cost = cost_of(c, travel, distance, table, work);
    return is_in_time && (int64_t)count <= c->max_tasks && travel <= c->max_travel &&
           distance <= c->max_distance && loads_hold(w, c, order, count);
}
