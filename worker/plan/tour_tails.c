// Two tours exchange what they have behind two visits: long tours are then untangled in one step
// that strings of ten visits would never make (2-opt*; Potvin and Rousseau 1995). An empty tour
// counts as one, so that tours are split, and united, as well.
#include "plan/tour_search_private.h"

enum { TRIED = 24 }; // neighbours

// The tour of `head` up to stop `at`, then that of `tail` behind stop `to`, holds the loads.
static bool loads_hold(const struct core *c, int32_t vehicle, const struct route *head, int32_t at,
                       const struct route *tail, int32_t to)
{
    for (int32_t d = 0; d < c->dimensions; d++) {
        const int64_t *delivery = c->delivery + (size_t)d * (size_t)c->n;
        const int64_t *pickup   = c->pickup + (size_t)d * (size_t)c->n;
        int64_t        down = 0, up = 0;
        for (int32_t i = 1; i <= at; i++) {
            down += delivery[head->id[i]];
            up += pickup[head->id[i]];
        }
        for (int32_t i = to + 1; i <= tail->len; i++) {
            down += delivery[tail->id[i]];
            up += pickup[tail->id[i]];
        }
        int64_t most = c->vehicles[vehicle].capacity[d];
        if (down > most || up > most) {
            return false;
        }
    }
    return true;
}

static bool reaches(const struct road *road, size_t places, const struct route *head, int32_t at,
                    const struct route *tail, int32_t to)
{
    size_t way = (size_t)head->place[at] * places + (size_t)tail->place[to + 1];
    return head->early[at] + road->time[way] <= tail->late[to + 1];
}

struct exchange {
    int64_t gain;
    int32_t one, other, at, to; // behind stop `at` of the one, stop `to` of the other
};

// The better of `best` and: to go from stop `at` of one tour on behind stop `to` of the other, and
// the reverse.
static void consider(const struct search *s, struct exchange x, struct exchange *best)
{
    const struct core  *c = s->c;
    const struct route *a = &s->now[x.one], *b = &s->now[x.other];
    const struct road  *road   = &c->roads[c->vehicles[x.one].road];
    const size_t        p      = (size_t)c->places;
    const bool          a_ends = x.at == 0 && x.to == b->len, b_ends = x.to == 0 && x.at == a->len;

    if ((x.at == 0 && x.to == 0) || (x.at == a->len && x.to == b->len)) {
        return; // the same tours
    }
    int64_t gain = (int64_t)a->leg[x.at] + (b->len ? b->leg[x.to] : 0);
    gain -= a_ends ? 0 : road->cost[(size_t)a->place[x.at] * p + (size_t)b->place[x.to + 1]];
    gain -= b_ends ? 0 : road->cost[(size_t)b->place[x.to] * p + (size_t)a->place[x.at + 1]];
    gain += c->vehicles[x.one].fixed * ((a_ends || b_ends) - !b->len);
    if (gain > best->gain && (a_ends || reaches(road, p, a, x.at, b, x.to)) &&
        (b_ends || reaches(road, p, b, x.to, a, x.at)) && loads_hold(c, x.one, a, x.at, b, x.to) &&
        loads_hold(c, x.other, b, x.to, a, x.at)) {
        x.gain = gain;
        *best  = x;
    }
}

// The tour of r becomes the beginning of `head`, up to stop `at`, and the end of `tail`, behind
// `to`.
static void compose(struct search *s, int32_t r, const struct route *head, int32_t at,
                    const struct route *tail, int32_t to)
{
    struct route *tour = &s->now[r];
    const int32_t len  = at + tail->len - to;

    route_reserve(s->c, tour, len + 2);
    tour->len = len;
    for (int32_t i = 1; i <= len; i++) {
        tour->id[i]             = i <= at ? head->id[i] : tail->id[to + i - at];
        s->tour_of[tour->id[i]] = r;
    }
    route_refresh(s->c, r, tour);
    tour->version = ++s->stamp;
    s->work += s->stop_price * len;
}

bool search_tails(struct search *s, double allowed)
{
    const struct core *c = s->c;
    int32_t            k = below(s, c->n), one = s->tour_of[k];
    struct exchange    best = { (int64_t)-allowed - 1, -1, -1, 0, 0 };

    s->work += 5 * price.tail;
    if (one < 0) {
        return false;
    }
    const int32_t *near = search_near(s, k);
    int32_t        at = stop_of(&s->now[one], k), kind = c->vehicles[one].kind;
    int32_t        most = c->near_count < TRIED ? c->near_count : TRIED;
    for (int32_t i = 0; i < most; i++) {
        int32_t other = s->tour_of[near[i]];
        if (other < 0 || other == one || c->vehicles[other].kind != kind) {
            continue;
        }
        int32_t to = stop_of(&s->now[other], near[i]);
        consider(s, (struct exchange){ 0, one, other, at, to - 1 }, &best);
        consider(s, (struct exchange){ 0, one, other, at - 1, to }, &best);
    }
    for (int32_t r = 0; r < c->m; r++) {
        if (!s->now[r].len && c->vehicles[r].kind == kind) {
            consider(s, (struct exchange){ 0, one, r, at, 0 }, &best);
            break;
        }
    }
    s->work += price.tail * most;
    if (best.one < 0) {
        return false;
    }
    touch(s, best.one);
    touch(s, best.other);
    const struct route *a = &s->kept[best.one], *b = &s->kept[best.other]; // as they were
    compose(s, best.one, a, best.at, b, best.to);
    compose(s, best.other, b, best.to, a, best.at);
    return true;
}
