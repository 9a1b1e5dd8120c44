#include "week/week_private.h"

#include <stdlib.h>

// --- asking -------------------------------------------------------------------------------------

// Appointments above all; of two visits to be made the more pressing one, whatever the others.
static void set_ranks(struct week_build *b)
{
    int64_t count[4] = { 0 }, step[4] = { 0 };
    for (int32_t k = 0; k < b->problem.job_count; k++) {
        count[b->week->wishes[b->wish_of[k]].at >= 0 ? 3 : b->week->wishes[b->wish_of[k]].rank]++;
    }
    step[1] = 1;
    step[2] = step[1] * (count[1] + 1);
    step[3] = step[2] * (count[2] + 1);
    for (int32_t k = 0; k < b->problem.job_count; k++) {
        const struct week_wish *x = &b->week->wishes[b->wish_of[k]];
        b->jobs[k].rank           = step[x->at >= 0 ? 3 : x->rank];
        b->jobs[k].prize          = b->jobs[k].rank ? 0 : (int64_t)x->worth * 60;
    }
}

// Where windows of two lists meet, as far as the engine takes them.
static struct tour_windows meet(struct arena *a, struct tour_windows x, struct tour_windows y)
{
    struct tour_window *at =
        ARENA_ARRAY(a, struct tour_window, (size_t)x.count + (size_t)y.count + 1);
    int count = 0;
    for (int i = 0, k = 0; i < x.count && k < y.count && count < TOUR_WINDOWS_MAX;) {
        struct tour_window p = x.at[i], q = y.at[k];
        int64_t            open  = p.open > q.open ? p.open : q.open;
        int64_t            close = p.close < q.close ? p.close : q.close;
        if (open <= close) {
            at[count++] = (struct tour_window){ open, close };
        }
        p.close < q.close ? i++ : k++;
    }
    return (struct tour_windows){ at, count };
}

// The working hours of those who may go, by day: what is new stays in them, even on a day that an
// appointment makes longer.
static struct tour_windows hours_for(struct week_build *b, const struct week_wish *x)
{
    const struct week  *w     = b->week;
    struct tour_window *at    = ARENA_ARRAY(b->arena, struct tour_window, (size_t)w->day_count + 1);
    int                 count = 0;
    for (int32_t i = 0; i < w->day_count; i++) {
        const struct week_day *d     = &w->days[i];
        int64_t                open  = quarter_up(d->opens);
        int64_t                close = quarter_down(d->closes) - quarter_up(x->service);
        if ((x->member && x->member != d->member) || close < open) {
            continue;
        }
        int k = count;
        while (k > 0 && at[k - 1].open / WEEK_QUARTERS > d->day) {
            k--;
        }
        if (k > 0 && at[k - 1].open / WEEK_QUARTERS == d->day) { // a colleague's day
            at[k - 1].open  = open < at[k - 1].open ? open : at[k - 1].open;
            at[k - 1].close = close > at[k - 1].close ? close : at[k - 1].close;
            continue;
        }
        memmove(at + k + 1, at + k, (size_t)(count - k) * sizeof *at);
        at[k] = (struct tour_window){ open, close };
        count++;
    }
    return (struct tour_windows){ at, count };
}

// Windows of the start, in quarters; those without a quarter in them are dropped. False: none left.
static bool set_windows(struct week_build *b, const struct week_wish *x, struct tour_job *job)
{
    int32_t             pairs = x->window_count / 2;
    struct tour_window *at    = ARENA_ARRAY(b->arena, struct tour_window, (size_t)pairs + 1);
    int32_t             count = 0;
    for (int32_t i = 0; i < pairs && count < TOUR_WINDOWS_MAX; i++) {
        int64_t open  = x->windows[2 * i] < 0 ? 0 : quarter_up(x->windows[2 * i]);
        int64_t close = x->windows[2 * i + 1] < 0 ? -1 : quarter_down(x->windows[2 * i + 1]);
        // One that ends where the next begins is one window for the engine.
        if (open <= close && (count == 0 || open > at[count - 1].close)) {
            at[count++] = (struct tour_window){ open, close };
        }
    }
    job->start = (struct tour_windows){ at, count };
    if (b->is_widened && (pairs == 0 || count > 0)) {
        struct tour_windows own = hours_for(b, x);
        job->start              = pairs == 0 ? own : meet(b->arena, job->start, own);
        return job->start.count > 0;
    }
    return pairs == 0 || count > 0;
}

static void set_days(struct week_build *b, const struct week_wish *x, struct tour_job *job)
{
    if (x->member == 0) {
        return;
    }
    int32_t *days = ARENA_ARRAY(b->arena, int32_t, (size_t)b->week->day_count + 1);
    for (int32_t i = 0; i < b->week->day_count; i++) {
        if (b->week->days[i].member == x->member) {
            days[job->vehicle_count++] = i;
        }
    }
    job->vehicles = days;
}

static void set_past(struct week_build *b, const struct week_wish *x, struct tour_job *job)
{
    job->past_left = x->past_left;
    for (int32_t i = 0; i < b->week->day_count && x->past_at >= 0; i++) {
        const struct week_day *d = &b->week->days[i];
        if (d->member == x->past_member && d->day == x->past_at / WEEK_DAY) {
            job->past_vehicle   = i;
            job->past_start     = quarter_down(x->past_at);
            b->problem.has_past = true;
        }
    }
}

// Orders in the earlier plan follow from its times.
static void set_past_orders(struct week_build *b)
{
    for (int32_t i = 0; i < b->problem.job_count; i++) {
        struct tour_job *job = &b->jobs[i];
        for (int32_t k = 0; k < b->problem.job_count; k++) {
            const struct tour_job *other = &b->jobs[k];
            job->past_order += other->past_vehicle == job->past_vehicle &&
                               (other->past_start < job->past_start ||
                                (other->past_start == job->past_start && k < i));
        }
    }
}

// --- telling ------------------------------------------------------------------------------------

struct telling {
    struct week_build *build;
    struct week_stop  *stops;
    struct week_left  *left;
    struct week_round *rounds;
    int32_t            stop_count, left_count;
    bool              *is_lost; // of each job: the plan does without it
};

static void tell_left(struct telling *t, int32_t wish, enum week_reason reason, int64_t cost)
{
    t->left[t->left_count++] = (struct week_left){ wish, reason, cost };
}

static void tell_stop(struct telling *t, int32_t wish, int64_t member, int64_t at, int32_t position,
                      int64_t way, int64_t metres)
{
    t->stops[t->stop_count++] = (struct week_stop){
        .wish     = wish,
        .member   = member,
        .at       = at,
        .position = position,
        .way      = way,
        .metres   = metres,
    };
}

// Seconds between places; 0 when nobody knows where it is, or whether there is a way.
static int64_t way_between(const struct week_build *b, int32_t wish, int32_t other)
{
    int32_t here = b->place_of[wish], there = b->place_of[other];
    int64_t way = here >= 0 && there >= 0 ? b->cost[week_way(b, here, there)] : 0;
    return way < TOUR_NEVER ? way : 0;
}

// Whether an appointment of that day is in the way. The engine serves them all, unless it was
// stopped before it could: then what it put there instead gives way.
static bool is_taken(const struct telling *t, int32_t day, int32_t wish, int64_t at)
{
    const struct week_build *b        = t->build;
    const struct week_wish  *x        = &b->week->wishes[wish];
    bool                     is_taken = false;
    for (int32_t i = 0; i < b->week->wish_count && x->at < 0; i++) {
        const struct week_wish *other = &b->week->wishes[i];
        if (b->day_of[i] == day && t->is_lost[b->block_of[i]]) {
            int64_t until = at + x->service + way_between(b, wish, i);
            int64_t from  = other->at + other->service + way_between(b, i, wish);
            is_taken      = is_taken || (other->at < until && at < from);
        }
    }
    return is_taken;
}

// The wishes of a job in order of time: one, or those of a block.
static int32_t wishes_of(const struct week_build *b, int32_t job, int32_t *out)
{
    int32_t count = 0;
    for (int32_t i = 0; i < b->week->wish_count; i++) {
        if (b->block_of[i] == job) {
            int32_t k = count++;
            for (; k > 0 && b->week->wishes[out[k - 1]].at > b->week->wishes[i].at; k--) {
                out[k] = out[k - 1];
            }
            out[k] = i;
        }
    }
    if (count == 0) {
        out[count++] = b->wish_of[job];
    }
    return count;
}

static void tell_day(struct telling *t, int32_t day, const struct tour_route *route)
{
    struct week_build     *b     = t->build;
    const struct week_day *d     = &b->week->days[day];
    struct week_round     *round = &t->rounds[day];
    int32_t               *own   = ARENA_ARRAY(b->arena, int32_t, (size_t)b->week->wish_count + 1);
    int32_t                here  = b->base_of[day];
    for (int i = 0; i < route->count; i++) {
        int32_t job = route->stops[i].job;
        int32_t n   = job < 0 ? 0 : wishes_of(b, job, own);
        for (int32_t k = 0; k < n; k++) {
            const struct week_wish *x  = &b->week->wishes[own[k]];
            int64_t                 at = x->at >= 0 ? x->at : route->stops[i].start * WEEK_QUARTER;
            int32_t                 there = b->place_of[own[k]] < 0 ? here : b->place_of[own[k]];
            size_t                  cell  = week_way(b, here, there);
            if (is_taken(t, day, own[k], at)) {
                tell_left(t, own[k], WEEK_FULL, -1);
                continue;
            }
            tell_stop(t, own[k], d->member, at, ++round->visits, b->cost[cell], b->distance[cell]);
            round->way += b->cost[cell];
            round->metres += b->distance[cell];
            here = there;
        }
    }
    if (round->visits > 0) {
        size_t cell    = week_way(b, here, b->base_of[day]);
        round->leaves  = route->start * WEEK_QUARTER;
        round->returns = route->end * WEEK_QUARTER;
        round->way += b->cost[cell];
        round->metres += b->distance[cell];
    }
}

static void tell_job_left(struct telling *t, const struct tour_left *left)
{
    static const enum week_reason reasons[] = {
        [TOUR_NO_VEHICLE] = WEEK_NO_DAY, [TOUR_NO_SKILL] = WEEK_NO_DAY,
        [TOUR_TOO_LATE] = WEEK_HOURS,    [TOUR_TOO_FAR] = WEEK_HOURS,
        [TOUR_TOO_HEAVY] = WEEK_FULL,    [TOUR_FULL] = WEEK_FULL,
        [TOUR_COST] = WEEK_DETOUR,       [TOUR_STABLE] = WEEK_MOVES,
        [TOUR_NO_TIME] = WEEK_TIME,
    };
    struct week_build      *b = t->build;
    const struct week_wish *x = &b->week->wishes[b->wish_of[left->job]];
    if (x->at >= 0) {
        return; // it stands all the same: told below
    }
    tell_left(t, b->wish_of[left->job], reasons[left->reason],
              left->reason == TOUR_COST ? (left->cost + 59) / 60 : -1);
}

static int by_moment(const void *a, const void *b)
{
    const struct week_stop *x = a, *y = b;
    if (x->member != y->member) {
        return x->member < y->member ? -1 : 1;
    }
    return x->at != y->at ? (x->at < y->at ? -1 : 1) : (x->wish > y->wish) - (x->wish < y->wish);
}

// What stands on days without a round, or was too much for the engine, stands where it is.
static void tell_others(struct telling *t)
{
    const struct week *w    = t->build->week;
    bool              *told = ARENA_ARRAY(t->build->arena, bool, (size_t)w->wish_count + 1);
    for (int32_t i = 0; i < t->stop_count; i++) {
        told[t->stops[i].wish] = true;
    }
    for (int32_t i = 0; i < w->wish_count; i++) {
        if (w->wishes[i].at >= 0 && !told[i]) {
            tell_stop(t, i, w->wishes[i].member, w->wishes[i].at, 0, 0, 0);
        }
    }
    qsort(t->stops, (size_t)t->stop_count, sizeof *t->stops, by_moment);
}

// How late each appointment is reached when the one before it that day ends on time.
static void tell_late(struct telling *t)
{
    const struct week_build *b = t->build;
    for (int32_t i = 1; i < t->stop_count; i++) {
        const struct week_stop *before = &t->stops[i - 1];
        struct week_stop       *s      = &t->stops[i];
        if (s->member != before->member || s->at / WEEK_DAY != before->at / WEEK_DAY) {
            continue;
        }
        int64_t end  = before->at + b->week->wishes[before->wish].service;
        int64_t late = end + way_between(b, before->wish, s->wish) - s->at;
        s->late      = late > WEEK_FORGIVEN ? late : 0;
    }
}

static int32_t count_moved(const struct telling *t)
{
    int32_t moved = 0;
    for (int32_t i = 0; i < t->stop_count; i++) {
        const struct week_wish *x = &t->build->week->wishes[t->stops[i].wish];
        moved += x->past_at >= 0 &&
                 (x->past_at != t->stops[i].at || x->past_member != t->stops[i].member);
    }
    for (int32_t i = 0; i < t->left_count; i++) {
        moved += t->build->week->wishes[t->left[i].wish].past_at >= 0;
    }
    return moved;
}

const char *week_solve(const struct week *w, const struct tour_options *options, struct arena *a,
                       struct week_plan *ret_plan)
{
    struct week_build b;
    struct tour_plan  plan   = { 0 };
    size_t            wishes = (size_t)w->wish_count + 1;
    struct telling    t      = {
                .build  = &b,
                .stops  = ARENA_ARRAY(a, struct week_stop, wishes),
                .left   = ARENA_ARRAY(a, struct week_left, wishes),
                .rounds = ARENA_ARRAY(a, struct week_round, (size_t)w->day_count + 1),
    };
    week_build(&b, w, a);
    for (int32_t i = 0; i < w->wish_count; i++) {
        const struct week_wish *x = &w->wishes[i];
        if (x->at >= 0) {
            continue;
        }
        if (b.place_of[i] < 0) {
            tell_left(&t, i, WEEK_UNPLACED, -1);
            continue;
        }
        struct tour_job *job     = week_job(&b, i);
        int64_t         *service = ARENA_NEW(a, int64_t);
        *service                 = quarter_up(x->service);
        job->place               = b.place_of[i];
        job->service             = service;
        set_days(&b, x, job);
        set_past(&b, x, job);
        if (!set_windows(&b, x, job) || (x->member && job->vehicle_count == 0)) {
            tell_left(&t, i, x->member && job->vehicle_count == 0 ? WEEK_NO_DAY : WEEK_HOURS, -1);
            b.problem.job_count--;
        }
    }
    set_ranks(&b);
    set_past_orders(&b);
    const char *refusal = tour_solve(&b.problem, options, a, &plan);
    if (refusal) {
        return refusal;
    }
    t.is_lost = ARENA_ARRAY(a, bool, (size_t)b.problem.job_count + 1);
    for (int32_t i = 0; i < plan.left_count; i++) {
        t.is_lost[plan.left[i].job] = true;
    }
    for (int32_t i = 0; i < w->day_count; i++) {
        tell_day(&t, i, &plan.routes[i]);
    }
    for (int32_t i = 0; i < plan.left_count; i++) {
        tell_job_left(&t, &plan.left[i]);
    }
    tell_others(&t);
    tell_late(&t);
    *ret_plan = (struct week_plan){
        .stops      = t.stops,
        .stop_count = t.stop_count,
        .left       = t.left,
        .left_count = t.left_count,
        .rounds     = t.rounds,
        .moved      = count_moved(&t),
    };
    return NULL;
}

struct str week_reason_code(enum week_reason reason)
{
    static const char *const codes[] = { "unplaced", "no_day", "hours", "full",
                                         "detour",   "moves",  "time" };
    return str_of(codes[reason]);
}
