#include "week/week_private.h"

#include <stdlib.h>

enum { HALF_HOUR = 2 }; // quarters

// The same visit at every half hour is so many visits that are worth nothing: the engine leaves
// them all out and says what each would have cost.

static bool is_in_windows(const struct week_wish *x, int64_t at)
{
    bool is_in = x->window_count == 0;
    for (int32_t i = 0; i + 1 < x->window_count; i += 2) {
        is_in =
            is_in || (at * WEEK_QUARTER >= x->windows[i] && at * WEEK_QUARTER <= x->windows[i + 1]);
    }
    return is_in;
}

static void add_candidate(struct week_build *b, int32_t wish, int32_t day, int64_t at,
                          const int64_t *service)
{
    struct tour_job    *job     = week_job(b, wish);
    struct tour_window *window  = ARENA_NEW(b->arena, struct tour_window);
    int32_t            *vehicle = ARENA_NEW(b->arena, int32_t);
    *window                     = (struct tour_window){ at, at };
    *vehicle                    = day;
    job->place                  = b->place_of[wish];
    job->service                = service;
    job->start                  = (struct tour_windows){ window, 1 };
    job->vehicles               = vehicle;
    job->vehicle_count          = 1;
}

static int32_t count_half_hours(const struct week_build *b)
{
    int64_t count = 0;
    for (int32_t i = 0; i < b->week->day_count; i++) {
        count += (b->vehicles[i].time.close - b->vehicles[i].time.open) / HALF_HOUR + 2;
    }
    return (int32_t)count;
}

static void add_candidates(struct week_build *b, int32_t wish)
{
    const struct week_wish *x       = &b->week->wishes[wish];
    int64_t                *service = ARENA_NEW(b->arena, int64_t);
    *service                        = quarter_up(x->service);
    for (int32_t i = 0; i < b->week->day_count; i++) {
        const struct week_day *d = &b->week->days[i];
        int64_t first = quarter_up(d->opens), last = quarter_down(d->closes) - *service;
        if (x->member && x->member != d->member) {
            continue;
        }
        for (int64_t at = (first + HALF_HOUR - 1) / HALF_HOUR * HALF_HOUR; at <= last;
             at += HALF_HOUR) {
            if (is_in_windows(x, at)) {
                add_candidate(b, wish, i, at, service);
            }
        }
    }
}

static int by_cost(const void *a, const void *b)
{
    const struct week_slot *x = a, *y = b;
    if (x->cost != y->cost) {
        return x->cost < y->cost ? -1 : 1;
    }
    return x->at != y->at ? (x->at < y->at ? -1 : 1)
                          : (x->member > y->member) - (x->member < y->member);
}

static struct week_slot slot_of(const struct week_build *b, const struct tour_job *job,
                                int64_t cost)
{
    return (struct week_slot){
        .member = b->week->days[job->vehicles[0]].member,
        .at     = job->start.at[0].open * WEEK_QUARTER,
        .cost   = cost,
    };
}

// Room for as many jobs as appointments and candidates make.
static void grow_jobs(struct week_build *b, int32_t more)
{
    size_t           room    = (size_t)b->problem.job_count + (size_t)more;
    struct tour_job *jobs    = ARENA_ARRAY(b->arena, struct tour_job, room);
    int32_t         *wish_of = ARENA_ARRAY(b->arena, int32_t, room);
    memcpy(jobs, b->jobs, (size_t)b->problem.job_count * sizeof *jobs);
    memcpy(wish_of, b->wish_of, (size_t)b->problem.job_count * sizeof *wish_of);
    b->jobs         = jobs;
    b->wish_of      = wish_of;
    b->problem.jobs = jobs;
}

const char *week_slots(const struct week *w, int32_t wish, struct arena *a,
                       const struct week_slot **ret_slots, int32_t *ret_count)
{
    struct week_build   b;
    struct tour_plan    plan    = { 0 };
    struct tour_options options = { .seed = 1, .work = 0.02 * tour_work_rate() };
    int32_t             count   = 0;
    *ret_count                  = 0;
    week_build(&b, w, a);
    if (b.place_of[wish] < 0) {
        return NULL;
    }
    int32_t standing = b.problem.job_count, most = count_half_hours(&b);
    grow_jobs(&b, most + 1);
    add_candidates(&b, wish);
    for (int32_t i = 0; i < b.problem.job_count; i++) {
        b.jobs[i].rank         = i < standing;
        b.jobs[i].past_vehicle = -1;
    }
    for (int32_t i = 0; i < w->day_count; i++) {
        b.vehicles[i].max_tasks = -1;
    }
    const char *refusal = tour_solve(&b.problem, &options, a, &plan);
    if (refusal) {
        return refusal;
    }
    struct week_slot *slots = ARENA_ARRAY(a, struct week_slot, (size_t)most + 1);
    for (int32_t i = 0; i < plan.left_count; i++) {
        const struct tour_left *left = &plan.left[i];
        if (left->job >= standing && (left->reason == TOUR_COST || left->reason == TOUR_NO_TIME)) {
            slots[count++] = slot_of(&b, &b.jobs[left->job], left->cost > 0 ? left->cost : 0);
        }
    }
    // A way that is shorter with a stop than without one: that one the engine made.
    for (int32_t i = 0; i < w->day_count; i++) {
        for (int k = 0; k < plan.routes[i].count; k++) {
            if (plan.routes[i].stops[k].job >= standing) {
                slots[count++] = slot_of(&b, &b.jobs[plan.routes[i].stops[k].job], 0);
            }
        }
    }
    qsort(slots, (size_t)count, sizeof *slots, by_cost);
    *ret_slots = slots;
    *ret_count = count;
    return NULL;
}
