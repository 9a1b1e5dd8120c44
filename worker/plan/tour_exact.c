// Exact plans of few visits: labels set by set, as for shortest paths with resources.
//
// For each kind of vehicle every order of every set of visits is a label; one that is no better
// than another of the same set and the same last visit in cost and in every resource is dropped.
// Then the sets are shared among the vehicles. Source: Irnich and Desaulniers, "Shortest Path
// Problems with Resource Constraints", in Column Generation, 2005.
#include "plan/tour_clock_private.h"

enum { VISITS_MAX = 10, CARS_MAX = 32, LABELS_MAX = 150000 };

struct label {
    uint32_t set;
    int32_t  last, before, next; // next: chain of labels of the same set and last visit
    int64_t  cost, travel, distance;
    int32_t  early[LAYERS_MAX];
};

struct exact {
    const struct core *c;
    struct label      *labels;
    int32_t            count;
    int32_t           *chain; // first label by set and last visit
    bool               has_dominance;
    struct route       route;
};

// What the best order of a set costs, and its label; per vehicle.
struct order {
    int64_t cost;
    int32_t label;
};

static bool is_no_worse(const struct exact *x, const struct label *a, const struct label *b)
{
    bool no_worse = a->cost <= b->cost && a->travel <= b->travel && a->distance <= b->distance;
    for (int32_t i = 0; no_worse && i < x->c->layers; i++) {
        no_worse = a->early[i] <= b->early[i];
    }
    return no_worse;
}

static void load_order(const struct exact *x, int32_t v, int32_t label, struct route *r)
{
    int32_t ids[VISITS_MAX], count = 0;
    for (; label >= 0 && x->labels[label].last >= 0; label = x->labels[label].before) {
        ids[count++] = x->labels[label].last;
    }
    r->len = 0;
    route_refresh(x->c, v, r);
    while (count > 0) {
        route_insert(x->c, v, r, ids[--count], r->len + 1);
    }
}

// The label of `from` followed by k; false when k comes too late.
static bool extend(const struct exact *x, int32_t v, int32_t from, int32_t k, struct label *to)
{
    const struct core         *c     = x->c;
    const struct core_vehicle *own   = &c->vehicles[v];
    const struct road         *road  = &c->roads[own->road];
    const struct label        *f     = &x->labels[from];
    int32_t                    at    = f->last < 0 ? own->start : c->place[f->last];
    size_t                     edge  = (size_t)at * (size_t)c->places + (size_t)c->place[k];
    size_t                     row   = (size_t)own->type * (size_t)c->n + (size_t)k;
    int32_t                    work  = c->service[row] + (at != c->place[k] ? c->setup[row] : 0);
    bool                       comes = false;

    *to          = (struct label){ .set = f->set | 1u << k, .last = k, .before = from };
    to->cost     = f->cost + road->cost[edge];
    to->travel   = f->travel + (c->has_limits ? road->time[edge] : 0);
    to->distance = f->distance + (c->has_limits ? road->distance[edge] : 0);
    for (int32_t b = 0; b < c->layers; b++) {
        int32_t best = NEVER;
        for (int32_t a = 0; a <= b && b <= own->break_count; a++) {
            int32_t t =
                f->early[a] < NEVER ? leg_arrive(own, f->early[a], road->time[edge], a, b) : NEVER;
            best = t < best ? t : best;
        }
        best         = best < NEVER ? windows_next(c->windows[k], c->window_count[k], best) : NEVER;
        to->early[b] = best < NEVER ? best + work : NEVER;
        comes |= best < NEVER && to->early[b] <= own->close;
    }
    return comes && to->travel <= own->max_travel && to->distance <= own->max_distance;
}

// Adds the label unless another is as good; false when there are too many.
static bool add_label(struct exact *x, const struct label *l)
{
    int32_t *first = &x->chain[l->set * VISITS_MAX + (uint32_t)l->last];
    for (int32_t o = *first; x->has_dominance && o >= 0; o = x->labels[o].next) {
        if (is_no_worse(x, &x->labels[o], l)) {
            return true;
        }
    }
    if (x->count == LABELS_MAX) {
        return false;
    }
    x->labels[x->count]      = *l;
    x->labels[x->count].next = *first;
    *first                   = x->count++;
    return true;
}

static bool every_order(struct exact *x, int32_t v, struct order *orders)
{
    const struct core         *c    = x->c;
    const struct core_vehicle *own  = &c->vehicles[v];
    size_t                     sets = (size_t)1 << c->n;

    memset(x->chain, -1, sets * VISITS_MAX * sizeof *x->chain);
    x->labels[0] = (struct label){ .last = -1, .before = -1, .next = -1 };
    for (int32_t b = 0; b < c->layers; b++) {
        x->labels[0].early[b] = b ? NEVER : own->open;
    }
    x->count = 1;
    for (size_t s = 0; s < sets; s++) {
        orders[s] = (struct order){ s ? INT64_MAX : 0, -1 };
    }
    // Labels come in the order of the size of their set, so this is breadth first.
    for (int32_t i = 0; i < x->count; i++) {
        if (i) {
            load_order(x, v, i, &x->route);
            int64_t       cost = x->route.cost + x->route.moved * c->stability;
            struct order *best = &orders[x->labels[i].set];
            if (cost < best->cost && route_refresh(c, v, &x->route)) {
                *best = (struct order){ cost, i };
            }
        }
        for (int32_t k = 0; k < c->n; k++) {
            struct label next;
            if (!(x->labels[i].set >> k & 1) && c->may[(size_t)v * (size_t)c->n + (size_t)k] &&
                extend(x, v, i, k, &next) && !add_label(x, &next)) {
                return false;
            }
        }
    }
    return true;
}

// Shares the sets among the vehicles: share[v][s] is the part of s that v takes.
static void share_out(const struct core *c, struct order *orders, const int32_t *table,
                      int64_t *all, uint32_t *share)
{
    uint32_t sets = 1u << c->n;
    for (uint32_t s = 0; s < sets; s++) {
        all[s] = s ? INT64_MAX : 0;
    }
    for (int32_t v = 0; v < c->m; v++) {
        const struct order *own = orders + (size_t)table[v] * sets;
        for (uint32_t s = sets; s-- > 0;) {
            share[(size_t)v * sets + s] = 0;
            for (uint32_t part = s; part; part = (part - 1) & s) {
                if (own[part].cost < INT64_MAX && all[s ^ part] < INT64_MAX &&
                    own[part].cost + all[s ^ part] < all[s]) {
                    all[s]                      = own[part].cost + all[s ^ part];
                    share[(size_t)v * sets + s] = part;
                }
            }
        }
    }
}

static uint32_t best_set(const struct core *c, const int64_t *all)
{
    uint32_t best      = 0;
    int64_t  best_rank = INT64_MAX, best_cost = INT64_MAX;
    for (uint32_t s = 0; s < 1u << c->n; s++) {
        int64_t rank = 0, cost = all[s];
        for (int32_t k = 0; k < c->n && cost < INT64_MAX; k++) {
            rank += s >> k & 1 ? 0 : c->rank[k];
            cost += s >> k & 1 ? 0 : c->prize[k];
        }
        if (cost < INT64_MAX && (rank < best_rank || (rank == best_rank && cost < best_cost))) {
            best      = s;
            best_rank = rank;
            best_cost = cost;
        }
    }
    return best;
}

bool core_exact(const struct core *c, struct route *routes, double *ret_work)
{
    if (c->n > VISITS_MAX || !c->n || !c->m || c->m > CARS_MAX) {
        return false;
    }
    size_t       sets = (size_t)1 << c->n, m = (size_t)c->m;
    struct exact x       = { .c = c, .has_dominance = !c->has_mixed_loads && !c->stability };
    x.labels             = memory_new(LABELS_MAX * sizeof *x.labels);
    x.chain              = memory_new(sets * VISITS_MAX * sizeof *x.chain);
    struct order *orders = memory_new(m * sets * sizeof *orders);
    int64_t      *all    = memory_new(sets * sizeof *all);
    uint32_t     *share  = memory_new(m * sets * sizeof *share);
    int32_t       table[CARS_MAX];
    bool          done = true;

    for (int32_t v = 0; v < c->m && done; v++) {
        table[v] = c->vehicles[v].kind;
        if (table[v] == v) {
            done = every_order(&x, v, orders + (size_t)v * sets);
            *ret_work += 400.0 * x.count;
        }
    }
    if (done) {
        share_out(c, orders, table, all, share);
        uint32_t rest = best_set(c, all);
        for (int32_t v = c->m; v-- > 0;) {
            uint32_t part = share[(size_t)v * sets + rest];
            routes[v].len = 0;
            route_refresh(c, v, &routes[v]);
            if (part &&
                every_order(&x, c->vehicles[v].kind, orders + (size_t)c->vehicles[v].kind * sets)) {
                int32_t label = orders[(size_t)c->vehicles[v].kind * sets + part].label;
                load_order(&x, v, label, &routes[v]);
            }
            rest ^= part;
        }
    }
    route_done(&x.route);
    free(x.labels);
    free(x.chain);
    free(orders);
    free(all);
    free(share);
    return done;
}
