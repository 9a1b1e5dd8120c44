// Solves a problem: group by group, the time shared among them.
#include "plan/tour_private.h"

double tour_work_rate(void)
{
    return 0.65e9;
}

// One search: a group with one seed. When groups are few, several searches take the same group.
struct task {
    const struct tour_problem *problem;
    const struct tour_options *options;
    const struct group        *group;
    struct arena              *arena;
    uint64_t                   seed;
    double                     work;
    struct tour_route         *tours; // one per vehicle of the group, in its order
    struct tour_left          *left;
    int32_t                    left_count, moved;
    int64_t                    rank, cost;
    struct search_end          end;
    const char                *refusal;
};

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

static void solve_task(void *tasks, int index)
{
    struct task  *t = (struct task *)tasks + index;
    struct core   c;
    struct arena *own = arena_new();

    t->refusal = core_fill(&c, t->problem, t->group, own);
    if (!t->refusal) {
        struct route        *routes = memory_zero(((size_t)c.m + 1) * sizeof *routes);
        struct search_limits limits = { t->seed, t->work, t->options->stop, t->options->context };
        for (int32_t v = 0; v < c.m; v++) {
            route_refresh(&c, v, &routes[v]);
        }
        if (c.problem->has_past) {
            restore_past(&c, routes);
        }
        if (!core_exact(&c, routes, &t->end.work)) {
            t->end = core_search(&c, routes, &limits);
        }
        route_score(&c, routes, &t->rank, &t->cost);
        t->tours = ARENA_ARRAY(t->arena, struct tour_route, (size_t)c.m + 1);
        t->left  = ARENA_ARRAY(t->arena, struct tour_left, (size_t)c.n + 1);
        plan_write(&c, routes, t->arena, t->tours, t->left, &t->left_count, &t->moved);
        for (int32_t v = 0; v < c.m; v++) {
            route_done(&routes[v]);
        }
        free(routes);
    }
    arena_free(own);
}

static void run_in_turn(void (*task)(void *tasks, int index), void *tasks, int count, int threads)
{
    (void)threads;
    for (int i = 0; i < count; i++) {
        task(tasks, i);
    }
}

// Time for a group grows with the choices it has.
static double weight(const struct group *g)
{
    return (double)g->job_count * (1 + 0.1 * (double)(g->vehicle_count - 1)) *
           (g->vehicle_count > 0);
}

static void keep(const struct task *t, struct arena *arena, struct tour_route *tours,
                 struct tour_left *left, struct tour_plan *plan)
{
    for (int32_t v = 0; v < t->group->vehicle_count; v++) {
        struct tour_route *tour = &tours[t->group->vehicles[v]];
        *tour                   = t->tours[v];
        struct tour_stop *stops = ARENA_ARRAY(arena, struct tour_stop, (size_t)tour->count + 1);
        if (tour->count) {
            memcpy(stops, t->tours[v].stops, (size_t)tour->count * sizeof *stops);
        }
        tour->stops = stops;
    }
    for (int32_t i = 0; i < t->left_count; i++) {
        left[plan->left_count++] = t->left[i];
    }
    plan->moved += t->moved;
}

static int by_job(const void *a, const void *b)
{
    const struct tour_left *x = a, *y = b;
    return (x->job > y->job) - (x->job < y->job);
}

const char *tour_solve(const struct tour_problem *problem, const struct tour_options *options,
                       struct arena *arena, struct tour_plan *ret_plan)
{
    int32_t       group_count;
    int           threads = options->threads > 1 ? options->threads : 1;
    struct group *groups  = groups_find(problem, arena, &group_count);
    int           each    = group_count - 1 < 2 * threads ? threads : 1; // searches per group
    double        total   = 0;
    const char   *refusal = NULL;

    for (int32_t i = 0; i < group_count; i++) {
        total += weight(&groups[i]);
    }
    struct task *tasks = ARENA_ARRAY(arena, struct task, (size_t)group_count * (size_t)each);
    for (int32_t i = 0; i < group_count * each; i++) {
        struct group *g     = &groups[i / each];
        double        share = total > 0 ? weight(g) / total * (each > 1 ? 1 : threads) : 0;
        tasks[i]            = (struct task){ .problem = problem,
                                             .options = options,
                                             .group   = g,
                                             .arena   = arena_new(),
                                             .work    = options->work * share,
                                             .seed    = options->seed * 1000003 + (uint64_t)(i % each) };
    }
    (options->run ? options->run : run_in_turn)(solve_task, tasks, group_count * each, threads);

    struct tour_plan   plan = { 0 };
    struct tour_route *tours =
        ARENA_ARRAY(arena, struct tour_route, (size_t)problem->vehicle_count + 1);
    struct tour_left *left = ARENA_ARRAY(arena, struct tour_left, (size_t)problem->job_count + 1);
    for (int32_t i = 0; i < group_count * each; i += each) {
        const struct task *best = &tasks[i];
        for (int e = 0; e < each; e++) {
            const struct task *t = &tasks[i + e];
            refusal              = t->refusal ? t->refusal : refusal;
            plan.iterations += t->end.iterations;
            plan.work += t->end.work;
            plan.stopped |= t->end.stopped;
            if (t->rank < best->rank || (t->rank == best->rank && t->cost < best->cost)) {
                best = t;
            }
        }
        if (!refusal) {
            keep(best, arena, tours, left, &plan);
        }
    }
    for (int32_t i = 0; i < group_count * each; i++) {
        arena_free(tasks[i].arena);
    }
    if (refusal) {
        return refusal;
    }
    qsort(left, (size_t)plan.left_count, sizeof *left, by_job);
    plan.routes = tours;
    plan.left   = left;
    *ret_plan   = plan;
    return NULL;
}
