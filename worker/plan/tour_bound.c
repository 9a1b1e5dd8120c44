// What one tour can bring at most: dynamic programming where visits may repeat, at a price.
#include "plan/tour_bound_private.h"
#include "plan/tour_clock_private.h"

#include <math.h>

enum {
    CELLS_COARSE = 96,  // steps of time while multipliers are sought
    CELLS_FINE   = 200, // and for the bound that labels are compared with
    CELLS_MOST   = 600, // most there may be
    NEAR         = 4,   // visits that are remembered at first: the nearest ones
    WAYS_MOST    = 6,   // ways to go on that are told apart, where visits are remembered
};

// The subgradient method: first step, as a part of what leads to the known value; how many
// iterations without progress halve it; what of the last direction is kept.
static const struct {
    double  step, least_step;
    int32_t patience;
    double  keep;
} rule = { .step = 0.5, .least_step = 0.03, .patience = 3, .keep = 0.3 };

static const double nothing = -1e300;

// Units of work of one test of who comes next, and of a way to go on that is looked at.
static const struct {
    double test, add;
} price = { 2.2, 36 };

static int32_t row_of(const struct bound *b, int32_t i)
{
    return i < b->n ? b->c->place[b->job[i]] : i == b->n ? b->v->start : b->v->end;
}

static void fill_tables(struct bound *b)
{
    const struct road *road = &b->c->roads[b->v->road];
    size_t             rows = (size_t)b->n + 2;
    b->time                 = memory_new(2 * rows * rows * sizeof(int32_t));
    b->cost                 = b->time + rows * rows;
    for (int32_t i = 0; i < (int32_t)rows; i++) {
        for (int32_t j = 0; j < (int32_t)rows; j++) {
            size_t from = (size_t)row_of(b, i) * (size_t)b->c->places + (size_t)row_of(b, j);
            b->time[(size_t)i * rows + (size_t)j] = road->time[from];
            b->cost[(size_t)i * rows + (size_t)j] = road->cost[from];
        }
    }
}

static int32_t service_of(const struct bound *b, int32_t i)
{
    return b->c->service[(size_t)b->v->type * (size_t)b->c->n + (size_t)b->job[i]];
}

// The least time from the arrival at a visit to the arrival at another: steps may not be longer.
static int32_t least_stage(const struct bound *b)
{
    int32_t least = NEVER;
    size_t  rows  = (size_t)b->n + 2;
    for (int32_t i = 0; i < b->n; i++) {
        for (int32_t j = 0; j < b->n; j++) {
            int32_t stage = service_of(b, i) + b->time[(size_t)i * rows + (size_t)j];
            least         = i != j && stage < least ? stage : least;
        }
    }
    return least;
}

// When visit k is left, when arrived at t; NEVER when that is too late.
static int32_t leave(const struct bound *b, int32_t k, int32_t t)
{
    int32_t job   = b->job[k];
    int32_t start = windows_next(b->c->windows[job], b->c->window_count[job], t);
    start += start < NEVER ? service_of(b, k) : 0;
    return start <= b->v->close ? start : NEVER;
}

// Ways through others may be shorter than the direct one.
static void fill_soonest(struct bound *b)
{
    size_t rows = (size_t)b->n + 2;
    for (int32_t k = 0; k < b->n; k++) {
        b->soonest[k] = b->v->open + b->time[(size_t)b->n * rows + (size_t)k];
    }
    for (bool again = true; again;) {
        again = false;
        for (int32_t i = 0; i < b->n; i++) {
            int32_t left = leave(b, i, b->soonest[i]);
            for (int32_t k = 0; k < b->n; k++) {
                int32_t t = left < NEVER ? left + b->time[(size_t)i * rows + (size_t)k] : NEVER;
                if (t < b->soonest[k]) {
                    b->soonest[k] = t;
                    again         = true;
                }
            }
        }
    }
}

// The least time from the departure at a visit to the end, by way of others where that is shorter.
static void fill_home(const struct bound *b, int32_t *home)
{
    size_t rows = (size_t)b->n + 2;
    for (int32_t k = 0; k < b->n; k++) {
        home[k] = b->time[(size_t)k * rows + (size_t)b->n + 1];
    }
    for (bool again = true; again;) {
        again = false;
        for (int32_t i = 0; i < b->n; i++) {
            for (int32_t k = 0; k < b->n; k++) {
                int32_t t = b->time[(size_t)k * rows + (size_t)i] + service_of(b, i) + home[i];
                if (t < home[k]) {
                    home[k] = t;
                    again   = true;
                }
            }
        }
    }
}

// Only visits that some tour can make are left: in steps, others may seem to be in reach.
static void drop_unreachable(struct bound *b)
{
    int32_t home[BOUND_VISITS_MAX], count = 0;
    fill_home(b, home);
    for (int32_t k = 0; k < b->n; k++) {
        int32_t left = leave(b, k, b->soonest[k]);
        if (left < NEVER && left + home[k] <= b->v->close) {
            b->soonest[count] = b->soonest[k];
            b->job[count++]   = b->job[k];
        }
    }
    if (count < b->n) {
        b->n = count;
        free(b->time);
        fill_tables(b);
    }
    for (int32_t k = 0; k < count; k++) {
        b->close[k] = b->c->close[b->job[k]];
    }
}

static void set_steps(struct bound *b, int32_t cells)
{
    int32_t day = b->v->close - b->v->open;
    b->shift    = 0;
    while (day >> b->shift >= cells) {
        b->shift++;
    }
    b->cells   = (day >> b->shift) + 1;
    size_t all = (size_t)(b->v->break_count + 1) * (size_t)b->n * (size_t)(b->cells + 1);
    free(b->ways);
    free(b->top);
    b->ways = memory_new((all + 1) * sizeof *b->ways);
    b->top  = memory_new((all + 1) * sizeof *b->top);
}

// Sums in a double must stay exact to much less than one.
static bool fill_gains(struct bound *b)
{
    const struct core *c    = b->c;
    double             span = 1 + (double)b->v->fixed, ranks = 0, most = 0;
    size_t             rows = (size_t)b->n + 2;
    for (size_t i = 0; i < rows * rows; i++) {
        most = b->cost[i] < NEVER / 2 && b->cost[i] > most ? b->cost[i] : most;
    }
    span += most * (b->n + 1);
    for (int32_t i = 0; i < b->n; i++) {
        span += (double)c->prize[b->job[i]];
        ranks += (double)c->rank[b->job[i]];
    }
    b->rank_unit = span;
    for (int32_t i = 0; i < b->n; i++) {
        b->gain[i] = span * (double)c->rank[b->job[i]] + (double)c->prize[b->job[i]];
    }
    return span * (ranks + 1) < 0x1p44;
}

bool bound_open(struct bound *b, const struct core *c, double *work)
{
    *b = (struct bound){ .c = c, .v = &c->vehicles[0], .work = work };
    if (c->m != 1 || c->has_mixed_loads || c->has_task_cost || c->stability ||
        b->v->close <= b->v->open || b->v->close > NEVER / 2) {
        return false;
    }
    for (int32_t k = 0; k < c->n; k++) {
        if (c->may[k] && b->n == BOUND_VISITS_MAX) {
            return false;
        }
        if (c->may[k]) {
            b->job[b->n++] = k;
        }
    }
    if (!b->n) {
        return false;
    }
    fill_tables(b);
    fill_soonest(b);
    drop_unreachable(b);
    if (!b->n) {
        bound_close(b);
        return false;
    }
    set_steps(b, CELLS_COARSE);
    int32_t stage = least_stage(b);
    if (!fill_gains(b) || stage < 1 || (b->v->close - b->v->open) / stage >= CELLS_MOST) {
        bound_close(b);
        return false;
    }
    if (1 << b->shift > stage) {
        set_steps(b, (b->v->close - b->v->open) / stage * 2 + 2);
    }
    // Only who comes next.
    memset(b->next, -1, (size_t)b->n * sizeof *b->next);
    b->most = 2;
    return true;
}

void bound_remember(struct bound *b, const uint64_t *far)
{
    const size_t rows = (size_t)b->n + 2;
    b->most           = WAYS_MOST;
    for (int32_t i = 0; i < b->n; i++) {
        b->far[i] = far ? far[i] : 0;
        for (int32_t many = b->n - 1 < NEAR ? b->n - 1 : NEAR; !far && many > 0; many--) {
            int32_t nearest = -1;
            for (int32_t k = 0; k < b->n; k++) {
                if (k != i && !(b->far[i] >> k & 1) &&
                    (nearest < 0 || b->time[(size_t)i * rows + (size_t)k] <
                                        b->time[(size_t)i * rows + (size_t)nearest])) {
                    nearest = k;
                }
            }
            b->far[i] |= UINT64_C(1) << nearest;
        }
        b->next[i] = b->far[i];
    }
    b->far[b->n] = b->next[b->n] = 0;
}

void bound_close(struct bound *b)
{
    free(b->time);
    free(b->ways);
    free(b->top);
    free(b->pool);
    b->time = NULL;
    b->ways = NULL;
    b->top  = NULL;
    b->pool = NULL;
}

double bound_value(const struct bound *b, const struct route *r)
{
    double value = -(double)r->cost;
    for (int32_t i = 1; i <= r->len; i++) {
        value += b->rank_unit * (double)b->c->rank[r->id[i]] + (double)b->c->prize[r->id[i]];
    }
    return value;
}

enum { HOME = BOUND_VISITS_MAX + 1 }; // instead of a visit; the row of the start is never more

// The ways to go on that are told apart, best first, and the best of all others, of which nothing
// is remembered.
struct ways {
    struct way at[WAYS_MOST];
    int32_t    count, most;
    struct way rest;
};

static inline void add_way(struct ways *w, struct way way)
{
    int32_t i = w->count;
    while (i > 0 && w->at[i - 1].value < way.value) {
        i--;
    }
    if (!way.set) {
        w->count = i;
        w->rest  = way;
        return;
    }
    for (int32_t j = 0; j < i; j++) {
        if (!(w->at[j].set & ~way.set)) {
            return; // open to whoever this one is, and better
        }
    }
    int32_t count = i;
    for (int32_t j = i; j < w->count; j++) {
        struct way old = w->at[j];
        if (way.set & ~old.set) {
            w->at[count++] = way;
            way            = old;
        }
    }
    if (count < w->most) {
        w->at[count++] = way;
    } else {
        way.set = 0;
        w->rest = way;
    }
    w->count = count;
}

// What can follow a departure from row `i` at time t with `taken` breaks behind.
static void find_ways(const struct bound *b, int32_t i, int32_t t, int32_t taken, struct ways *w)
{
    const struct core_vehicle *v = b->v;
    const int32_t              n = b->n, used = v->break_count;
    const size_t               rows = (size_t)n + 2, cells = (size_t)b->cells + 1;
    const int32_t *time = b->time + (size_t)i * rows, *cost = b->cost + (size_t)i * rows;
    const uint64_t far = b->far[i], near = b->next[i];

    int32_t adds = 0, tests = 0;

    w->count = 0;
    w->most  = b->most - 1;
    w->rest  = (struct way){ nothing, 0, 0, HOME };
    for (int32_t to = taken; to <= used; to++) {
        const struct leg leg = leg_of(v, t, taken, to);
        if (leg.base > v->close) {
            break;
        }
        int32_t end = v->close;
        if (to < used && v->breaks[to].opening < end) {
            end = v->breaks[to].opening;
        }
        if (leg_end(leg, time[n + 1]) <= end && -(double)cost[n + 1] > w->rest.value) {
            add_way(w, (struct way){ -(double)cost[n + 1], 0, 0, HOME });
        }
        size_t row = (size_t)(to * n) * cells;
        for (int32_t k = 0; k < n; k++, row += cells) {
            int32_t arrival = leg_end(leg, time[k]), cell = (arrival - v->open) >> b->shift;
            size_t  at = row + (size_t)(cell < b->cells ? cell : b->cells);
            // The step may be in time where the moment is not.
            if (b->top[at] - cost[k] <= w->rest.value || k == i || arrival > b->close[k]) {
                continue;
            }
            for (int32_t way = b->ways[at];; way++) {
                const struct way *follow = &b->pool[way];
                double            value  = follow->value - cost[k];
                if (value <= w->rest.value) {
                    break;
                }
                if (!(follow->set >> i & 1)) {
                    uint64_t set = (follow->set & far) | (UINT64_C(1) << k & near);
                    add_way(w, (struct way){ value, set, way, k });
                    adds++;
                }
                if (!follow->set) {
                    break;
                }
            }
        }
        tests += n;
    }
    *b->work += price.test * tests + price.add * adds;
}

// Whether a tour may come to visit k at step g or later with `taken` breaks behind and still take
// the next one: one that ends before that break opens would end before this.
static bool is_too_late(const struct bound *b, int32_t g, int32_t taken)
{
    if (taken == b->v->break_count) {
        return false;
    }
    const struct core_break *r = &b->v->breaks[taken];
    return b->v->open + (g << b->shift) > r->windows[r->window_count - 1].close;
}

// The step of the first moment a tour can be at visit k with `taken` breaks behind. As times are
// rounded down, plans of the bound come earlier: they then count as coming at this step. To forbid
// them would forbid the tours that they stand for.
static int32_t first_step(const struct bound *b, int32_t k, int32_t taken)
{
    int32_t t = b->soonest[k];
    if (taken > 0) {
        const struct core_break *r     = &b->v->breaks[taken - 1];
        int32_t                  after = r->windows[0].open + r->service;
        t                              = after > t ? after : t;
    }
    int32_t g = (t - b->v->open) >> b->shift;
    return g < b->cells ? g : b->cells;
}

// Keeps the ways to go on from visit k; where they begin.
static int32_t keep_ways(struct bound *b, const struct ways *w, double gain)
{
    int32_t first = b->count;
    if (b->count + WAYS_MOST > b->room) {
        b->room = 2 * b->room + WAYS_MOST;
        b->pool = memory_resize(b->pool, (size_t)b->room * sizeof *b->pool);
    }
    for (int32_t i = 0; i <= w->count; i++) {
        struct way *way = &b->pool[b->count++];
        *way            = i < w->count ? w->at[i] : w->rest;
        way->value += gain;
    }
    return first;
}

static double fill_after(struct bound *b)
{
    const int32_t used  = b->v->break_count;
    const size_t  cells = (size_t)b->cells + 1;
    struct ways   ways  = { .rest = { nothing, 0, 0, HOME } };
    b->count            = 0;
    keep_ways(b, &ways, 0); // no way
    for (int32_t g = b->cells; g >= 0; g--) {
        for (int32_t k = 0; k < b->n; k++) {
            int32_t t = g < b->cells ? leave(b, k, b->v->open + (g << b->shift)) : NEVER;
            int32_t later =
                g + 1 < b->cells ? leave(b, k, b->v->open + ((g + 1) << b->shift)) : NEVER;
            for (int32_t a = 0; a <= used; a++) {
                size_t at = (size_t)(a * b->n + k) * cells + (size_t)g;
                if (g < first_step(b, k, a) ||
                    (t < NEVER && t == later && !is_too_late(b, g + 1, a))) {
                    // It waits, whichever of the two; or is not there so early.
                    b->ways[at] = b->ways[at + 1];
                    b->top[at]  = b->top[at + 1];
                } else if (t < NEVER && !is_too_late(b, g, a)) {
                    find_ways(b, k, t, a, &ways);
                    b->ways[at] = keep_ways(b, &ways, b->gain[k] - b->lambda[k]);
                    b->top[at]  = b->pool[b->ways[at]].value;
                } else {
                    b->ways[at] = 0;
                    b->top[at]  = nothing;
                }
            }
        }
    }
    find_ways(b, b->n, b->v->open, 0, &ways);
    b->first = ways.rest;
    return b->lambda_sum + (b->first.value > nothing ? b->first.value : 0) - (double)b->v->fixed;
}

// How often the best plan of the bound makes each visit. Those that lie between two times the same
// will remember it.
static void count_visits(struct bound *b, int32_t *times)
{
    int32_t order[4 * CELLS_MOST], count = 0;
    memset(times, 0, (size_t)b->n * sizeof *times);
    for (struct way way = b->first; way.visit != HOME; way = b->pool[way.then]) {
        const uint64_t bit = UINT64_C(1) << way.visit;
        times[way.visit]++;
        if (times[way.visit] > 1 && b->most > 2) {
            for (int32_t i = count; order[--i] != way.visit;) {
                b->far[order[i]] |= bit;
                b->next[order[i]] |= bit;
            }
        }
        order[count++] = way.visit;
    }
}

static int higher(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static void set_lambda(struct bound *b, int32_t k, double lambda)
{
    b->lambda_sum += (lambda > 0 ? lambda : 0) - b->lambda[k];
    b->lambda[k] = lambda > 0 ? lambda : 0;
}

void bound_set(struct bound *b, const double *lambda)
{
    for (int32_t k = 0; k < b->n; k++) {
        set_lambda(b, k, lambda[k]);
    }
}

// What fills the day has a price per unit of time: that of the first visit that finds no room when
// the best by value per time go first. A visit that brings more than its time is worth is wanted
// twice, unless its multiplier takes the surplus.
void bound_guess(struct bound *b, const struct route *known)
{
    const struct road *road = &b->c->roads[b->v->road];
    double             time = 0, cost = 0, stage[BOUND_VISITS_MAX], ratio[BOUND_VISITS_MAX];
    for (int32_t i = 0; i <= known->len; i++) {
        size_t leg = (size_t)known->place[i] * (size_t)b->c->places + (size_t)known->place[i + 1];
        time += (double)road->time[leg] / (known->len + 1);
        cost += (double)road->cost[leg] / (known->len + 1);
    }
    for (int32_t k = 0; k < b->n; k++) {
        stage[k] = service_of(b, k) + time + 1;
        ratio[k] = ((double)b->c->prize[b->job[k]] - cost) / stage[k];
    }
    qsort(ratio, (size_t)b->n, sizeof *ratio, higher);
    double bar = ratio[known->len < b->n ? known->len : b->n - 1];
    for (int32_t k = 0; k < b->n; k++) {
        bool must = b->c->rank[b->job[k]] > 0;
        set_lambda(b, k, must ? 0 : b->gain[k] - cost - (bar > 0 ? bar : 0) * stage[k]);
    }
}

double bound_improve(struct bound *b, double known, int32_t iterations, double most)
{
    double  best = INFINITY, step                         = rule.step;
    double  kept[BOUND_VISITS_MAX], way[BOUND_VISITS_MAX] = { 0 };
    int32_t times[BOUND_VISITS_MAX], since                = 0;

    memcpy(kept, b->lambda, sizeof kept);
    for (int32_t i = 0; i < iterations && step > rule.least_step && *b->work < most; i++) {
        double value = fill_after(b), norm = 0;
        if (value < best - 0.5) {
            best  = value;
            since = 0;
            memcpy(kept, b->lambda, sizeof kept);
        } else if (++since == rule.patience) {
            step /= 2;
            since = 0;
        }
        if (best < known + bound_hair) {
            break;
        }
        count_visits(b, times);
        for (int32_t k = 0; k < b->n; k++) {
            way[k] = rule.keep * way[k] + (times[k] - 1);
            // A multiplier of zero does not fall further.
            way[k] = way[k] < 0 && b->lambda[k] <= 0 ? 0 : way[k];
            norm += way[k] * way[k];
        }
        if (norm < 1e-9) {
            break;
        }
        for (int32_t k = 0; k < b->n; k++) {
            set_lambda(b, k, b->lambda[k] + step * (value - known) / norm * way[k]);
        }
    }
    for (int32_t k = 0; k < b->n; k++) {
        set_lambda(b, k, kept[k]);
    }
    return best;
}

double bound_finish(struct bound *b)
{
    if (b->cells < CELLS_FINE / 2) {
        set_steps(b, CELLS_FINE);
    }
    return fill_after(b);
}
