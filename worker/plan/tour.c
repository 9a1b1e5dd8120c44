// Solves a problem: group by group, the work shared among them.
#include "plan/tour_task_private.h"

double tour_work_rate(void)
{
    return 0.65e9;
}

// How the work is dealt out. A small group among others is annealed several times, briefly at
// first, and a single tour proved the best where that is possible. A group is settled when its plan
// is proved, or enough runs end with it; what it did not use goes to those that are not.
static const struct {
    int32_t small; // visits times vehicles of a group that is annealed several times
    int32_t hits;  // runs that must agree
    struct {
        double part;  // what is dealt out, of what is left
        double run;   // what one run may take, of what the group is given
        double proof; // what a proof may take, likewise
        double work;  // what all may take together, likewise
    } round[4];
} rule = {
    .small = 250,
    .hits  = 12,
    .round = { { 1, 0.12, 0.5, 0.62 },
               { 0.4, 0.15, 0.7, 1 },
               { 0.9, 0.15, 0.7, 1 },
               { 1, 0.15, 0.8, 1 } },
};

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

static void run_task(void *tasks, int index)
{
    task_solve(((struct task **)tasks)[index]);
}

// One round: deals out what is left among the tasks that are not done, and runs them. Whether there
// were any.
static bool run_round(struct task *tasks, int32_t count, int32_t round, double *left, int threads)
{
    struct task **open   = memory_new(((size_t)count + 1) * sizeof(struct task *));
    double        weight = 0, before = 0, given = *left * rule.round[round].part;
    int32_t       n = 0;
    for (int32_t i = 0; i < count; i++) {
        if (!tasks[i].is_done && !tasks[i].refusal) {
            open[n++] = &tasks[i];
            weight += tasks[i].weight;
            before += tasks[i].end.work;
        }
    }
    for (int32_t i = 0; i < n; i++) {
        struct task *t     = open[i];
        double       share = weight > 0 ? given * t->weight / weight : 0;
        t->work            = share * (t->hits_wanted ? rule.round[round].work : 1);
        t->proof =
            t->hits_wanted && t->group->vehicle_count == 1 ? share * rule.round[round].proof : 0;
        t->run = share * (t->hits_wanted ? rule.round[round].run : 1);
    }
    if (n) {
        (tasks->options->run ? tasks->options->run : run_in_turn)(run_task, open, n, threads);
    }
    for (int32_t i = 0; i < n; i++) {
        before -= open[i]->end.work;
    }
    *left += before;
    free(open);
    return n > 0;
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

static bool is_better(const struct task *a, const struct task *b)
{
    return a->rank < b->rank || (a->rank == b->rank && a->cost < b->cost);
}

const char *tour_solve(const struct tour_problem *problem, const struct tour_options *options,
                       struct arena *arena, struct tour_plan *ret_plan)
{
    int32_t       group_count;
    int           threads = options->threads > 1 ? options->threads : 1;
    struct group *groups  = groups_find(problem, arena, &group_count);
    int           each    = group_count - 1 < 2 * threads ? threads : 1; // searches per group
    int32_t       count   = group_count * each;
    double        left    = options->work * threads;
    const char   *refusal = NULL;
    struct task  *tasks   = ARENA_ARRAY(arena, struct task, (size_t)count);

    for (int32_t i = 0; i < count; i++) {
        const struct group *g     = &groups[i / each];
        bool                small = g->job_count * g->vehicle_count <= rule.small;
        tasks[i]                  = (struct task){ .problem = problem,
                                                   .options = options,
                                                   .group   = g,
                                                   .arena   = arena_new(),
                                                   .weight  = weight(g),
                                                   .seed    = options->seed * 1000003 + (uint64_t)(i % each) };
        // Group 0 holds the visits nobody may make.
        tasks[i].hits_wanted = small && group_count > 2 && weight(g) > 0 ? rule.hits : 0;
    }
    // What tours that are settled leave goes to the others until it is used up.
    bool more = true;
    for (int32_t r = 0, last = (int32_t)LENGTH(rule.round) - 1; more; r++) {
        more = run_round(tasks, count, r < last ? r : last, &left, threads) && left > 0;
        for (int32_t i = 0; i < count; i++) {
            more &= !tasks[i].end.stopped;
        }
    }

    struct tour_plan   plan = { 0 };
    struct tour_route *tours =
        ARENA_ARRAY(arena, struct tour_route, (size_t)problem->vehicle_count + 1);
    struct tour_left *out = ARENA_ARRAY(arena, struct tour_left, (size_t)problem->job_count + 1);
    for (int32_t i = 0; i < count; i += each) {
        const struct task *best = &tasks[i];
        for (int e = 0; e < each; e++) {
            const struct task *t = &tasks[i + e];
            refusal              = t->refusal ? t->refusal : refusal;
            plan.iterations += t->end.iterations;
            plan.work += t->end.work;
            plan.stopped |= t->end.stopped;
            best = is_better(t, best) ? t : best;
        }
        if (!refusal) {
            keep(best, arena, tours, out, &plan);
        }
    }
    for (int32_t i = 0; i < count; i++) {
        arena_free(tasks[i].arena);
    }
    if (refusal) {
        return refusal;
    }
    qsort(out, (size_t)plan.left_count, sizeof *out, by_job);
    plan.routes = tours;
    plan.left   = out;
    *ret_plan   = plan;
    return NULL;
}
