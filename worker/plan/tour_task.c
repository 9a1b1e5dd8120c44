// One group: its searches, one after the other, and the best plan they found.
#include "plan/tour_bound_private.h"
#include "plan/tour_task_private.h"

struct past_order {
    int32_t order, job;
};

static int earlier(const void *a, const void *b)
{
    const struct past_order *x = a, *y = b;
    return x->order != y->order ? (x->order < y->order ? -1 : 1)
                                : (x->job > y->job) - (x->job < y->job);
}

// The past plan, as far as it still holds.
static void restore_past(const struct core *c, struct route *routes)
{
    struct past_order *past = memory_new(((size_t)c->n + 1) * sizeof *past);
    for (int32_t v = 0; v < c->m; v++) {
        int32_t count = 0;
        for (int32_t k = 0; k < c->n; k++) {
            if (c->past_vehicle[k] == v && c->may[(size_t)v * (size_t)c->n + (size_t)k]) {
                past[count++] =
                    (struct past_order){ c->problem->jobs[c->original[k]].past_order, k };
            }
        }
        qsort(past, (size_t)count, sizeof *past, earlier);
        for (int32_t i = 0; i < count; i++) {
            route_append(c, v, &routes[v], past[i].job);
        }
    }
    free(past);
}

// Keeps what a run found when it is the best so far.
static void keep_run(struct task *t, const struct core *c, const struct route *routes)
{
    int64_t rank, cost;
    route_score(c, routes, &rank, &cost);
    if (t->tours && rank == t->rank && cost == t->cost) {
        t->hits++;
    }
    if (!t->tours || rank < t->rank || (rank == t->rank && cost < t->cost)) {
        t->rank       = rank;
        t->cost       = cost;
        t->hits       = 1;
        t->left_count = t->moved = 0;
        t->tours                 = ARENA_ARRAY(t->arena, struct tour_route, (size_t)c->m + 1);
        t->left                  = ARENA_ARRAY(t->arena, struct tour_left, (size_t)c->n + 1);
        if (!plan_write(c, routes, t->arena, t->tours, t->left, &t->left_count, &t->moved)) {
            t->refusal = "une tournée calculée ne peut pas être faite : c’est une faute du moteur "
                         "de Maillage, à signaler avec les données";
        }
    }
    t->is_done = !t->hits_wanted || t->hits >= t->hits_wanted || t->end.stopped || t->refusal;
}

// How many visits of the earlier plan are not where they were, those left out included; and of how
// many.
static int64_t count_moved(const struct core *c, const struct route *routes, int64_t *ret_of)
{
    int64_t moved = 0, served = 0;

    *ret_of = 0;
    for (int32_t k = 0; k < c->n; k++) {
        *ret_of += c->past_vehicle[k] != -1;
    }
    for (int32_t v = 0; v < c->m; v++) {
        moved += routes[v].moved;
        for (int32_t i = 1; i <= routes[v].len; i++) {
            served += c->past_vehicle[routes[v].id[i]] != -1;
        }
    }
    return moved + *ret_of - served;
}

static void start_over(const struct core *c, struct route *routes)
{
    for (int32_t v = 0; v < c->m; v++) {
        routes[v].len = 0;
        route_refresh(c, v, &routes[v]);
    }
    if (c->problem->has_past) {
        restore_past(c, routes);
    }
}

static int64_t rank_of(const struct core *c, const struct route *routes)
{
    int64_t rank, cost;

    route_score(c, routes, &rank, &cost);
    return rank;
}

// How many may move at most: those whose tour is no more, and one in ten of the others, or those of
// them that cannot stay.
static int64_t most_moved(const struct core *c, const struct route *old)
{
    int64_t of = 0, moved = count_moved(c, old, &of), gone = 0;

    for (int32_t k = 0; k < c->n; k++) {
        gone += c->past_vehicle[k] == -2;
    }
    return gone + (moved - gone > (of - gone) / 10 ? moved - gone : (of - gone) / 10);
}

// However much a change would be worth, no more move than that, unless visits that have to be made
// depend on it: a plan that moves more gives way to the earlier one with what fits into it.
static void hold_still(const struct core *c, struct route *routes,
                       const struct search_limits *limits)
{
    struct route *old = memory_zero(((size_t)c->m + 1) * sizeof *old);
    int64_t       of  = 0;

    start_over(c, old);
    int64_t most = most_moved(c, old);
    if (count_moved(c, routes, &of) > most) {
        core_polish(c, old, limits);
        if (count_moved(c, old, &of) > most) {
            start_over(c, old);
        }
        if (rank_of(c, old) <= rank_of(c, routes)) {
            for (int32_t v = 0; v < c->m; v++) {
                struct route swap = routes[v];
                routes[v]         = old[v];
                old[v]            = swap;
            }
        }
    }
    for (int32_t v = 0; v < c->m; v++) {
        route_done(&old[v]);
    }
    free(old);
}

static void one_run(struct task *t, struct core *c, struct route *routes, double work)
{
    struct search_limits limits = { t->seed + (uint64_t)t->runs++ * 7919, work, t->options->stop,
                                    t->options->context };
    start_over(c, routes);
    struct search_end end = core_search(c, routes, &limits);
    if (c->problem->has_past && c->stability) {
        hold_still(c, routes, &limits);
    }
    t->end.iterations += end.iterations;
    t->end.work += end.work;
    t->end.stopped |= end.stopped;
    keep_run(t, c, routes);
}

// The best tour of the only vehicle, and the proof that it is.
static void prove(struct task *t, const struct core *c, struct route *r, double work)
{
    int32_t k = 0;
    r->len    = 0;
    route_refresh(c, 0, r);
    for (int32_t i = 0; i < t->tours[0].count; i++) {
        if (t->tours[0].stops[i].job >= 0) {
            for (k = 0; c->original[k] != t->tours[0].stops[i].job; k++) {
            }
            route_insert(c, 0, r, k, r->len + 1);
        }
    }
    if (!r->len) {
        return;
    }
    if (!t->hint) {
        t->hint = ARENA_ARRAY(t->arena, struct proof_hint, 1);
    }
    bool    proved = core_prove(c, r, t->hint, work, &t->end.work);
    int32_t hits   = t->hits;
    keep_run(t, c, r);
    t->hits = t->hits == hits + 1 ? hits : t->hits; // found again what was given
    t->is_done |= proved;
}

void task_solve(struct task *t)
{
    struct core   c;
    struct arena *own    = arena_new();
    double        before = t->end.work;

    t->refusal = core_fill(&c, t->problem, t->group, own, &t->end.work);
    if (!t->refusal) {
        struct route *routes = memory_zero(((size_t)c.m + 1) * sizeof *routes);
        for (int32_t v = 0; v < c.m; v++) {
            route_refresh(&c, v, &routes[v]);
        }
        if (!t->runs && core_exact(&c, routes, &t->end.work)) {
            t->hits_wanted = 0;
            keep_run(t, &c, routes);
        }
        for (bool more = !t->is_done; more;) {
            double left = t->work - t->proof - (t->end.work - before);
            // What would be too short for another run makes the last one longer.
            one_run(t, &c, routes, left < 1.5 * t->run ? left : t->run);
            if (t->proof > 0 && !t->is_done && t->end.work - before < t->work) {
                prove(t, &c, routes, t->proof);
                t->proof = 0; // once a round
            }
            more = !t->is_done && t->end.work - before < t->work;
        }
        for (int32_t v = 0; v < c.m; v++) {
            route_done(&routes[v]);
        }
        free(routes);
    }
    arena_free(own);
}
