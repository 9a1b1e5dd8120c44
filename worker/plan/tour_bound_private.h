// One vehicle: what a tour can bring at most, and the proof that none brings more.
//
// The bound. Who may be visited more than once can be planned by dynamic programming over the
// place, the time (in steps, rounded so that nobody gains less than in truth) and the breaks taken.
// Each visit more than one is made to cost a multiplier, found by the subgradient method; the bound
// is the best of these plans plus all multipliers. Source: Christofides, Mingozzi and Toth,
// "State-Space Relaxation Procedures for the Computation of Bounds to Routing Problems", Networks
// 11(2), 1981; Held, Wolfe and Crowder, "Validation of Subgradient Optimization", Mathematical
// Programming 6, 1974. A tour that is not settled so is bounded again by plans that remember visits
// nearby, and so make none of them twice: to and fro among the visits of one town costs nothing,
// and no multiplier tells it from a tour of several towns. Each visit remembers the nearest ones,
// and those that the best plan made twice with it in between. Source: Baldacci, Mingozzi and
// Roberti, "New Route Relaxation and Pricing Strategies for the Vehicle Routing Problem",
// Operations Research 59(5), 2011; Roberti and Mingozzi, "Dynamic ng-Path Relaxation for the
// Delivery Man Problem", Transportation Science 48(3), 2014. Of the ways to go on only the best few
// are told apart, so that the sets remembered cost no table of their own.
//
// The proof. Labels, one per set of visits made and last of them, go forward visit by visit; one
// that is no better than another of the same set, or that the bound shows not to lead beyond the
// best plan known, is dropped. Source: Righini and Salani, "Decremental state space relaxation
// strategies and initialization heuristics for solving the Orienteering Problem with Time Windows
// with dynamic programming", Computers & Operations Research 36(4), 2009.
#pragma once

#include "plan/tour_clock_private.h"

enum { BOUND_VISITS_MAX = 62 }; // a set of them is one word

// A leg that breaks interrupt, as leg_arrive has it: arrival = base + what of the travel exceeds
// `credit`.
struct leg {
    int32_t base, credit;
};

static inline struct leg leg_of(const struct core_vehicle *v, int32_t t, int32_t from, int32_t to)
{
    struct leg leg = { t, 0 };
    for (; from < to && leg.base < NEVER; from++) {
        const struct core_break *r     = &v->breaks[from];
        int32_t                  start = windows_next(r->windows, r->window_count, leg.base);
        leg.credit += start < NEVER ? start - leg.base : 0;
        leg.base = start < NEVER ? start + r->service : NEVER;
    }
    return leg;
}

static inline int32_t leg_end(struct leg leg, int32_t travel)
{
    return leg.base + (travel > leg.credit ? travel - leg.credit : 0);
}

// Values of plans are whole numbers; a bound within this of the value known is no better. Sums of
// multipliers are not exact.
static const double bound_hair = 0.5;

// A way to go on from an arrival at a visit: what this visit and all that follow bring, multipliers
// taken off, at most; those that follow, as far as they are remembered; who comes next, and how it
// goes on from there.
struct way {
    double   value;
    uint64_t set;
    int32_t  then, visit;
};

// Values are prizes less cost, above them ranks: one number that orders plans as route_score does.
struct bound {
    const struct core         *c;
    const struct core_vehicle *v;
    int32_t                    n;                     // visits that this vehicle may make
    int32_t                    job[BOUND_VISITS_MAX]; // which
    double                     gain[BOUND_VISITS_MAX], lambda[BOUND_VISITS_MAX];
    double                     lambda_sum, rank_unit;     // a unit of rank is worth this
    int32_t                   *time, *cost;               // n + 2 rows: jobs, the start, the end
    int32_t                    soonest[BOUND_VISITS_MAX]; // no tour can be there before
    int32_t                    close[BOUND_VISITS_MAX];   // or begin later
    int32_t                    shift, cells;              // a step is 2^shift
    // What is remembered at a visit of those that follow: these, and these when they come next.
    uint64_t far[BOUND_VISITS_MAX + 1], next[BOUND_VISITS_MAX + 1];
    int32_t  most; // ways to go on that are told apart
    // By breaks, visit and time of arrival: the first of the ways to go on, best first, and what it
    // is worth. The last of them remembers nothing.
    int32_t    *ways;
    double     *top;
    struct way *pool;
    int32_t     count, room;
    struct way  first; // of the start
    double     *work;
};

// Prepares; false when the vehicle or its visits are of a kind that is not bounded this way. Adds
// what it does to `work`.
bool bound_open(struct bound *b, const struct core *c, double *work);
void bound_close(struct bound *b);
// From now on visits nearby are remembered, not only who comes next: slower, and nearer to the
// truth where visits lie together. Which ones: as `far` has it from before, or NULL.
void bound_remember(struct bound *b, const uint64_t *far);
// Value of a tour; multipliers to begin with, from one that is known.
double bound_value(const struct bound *b, const struct route *r);
void   bound_guess(struct bound *b, const struct route *known);
void   bound_set(struct bound *b, const double *lambda);
// Improves the multipliers in at most so many iterations, until no tour can be better than the
// `known` value, or the work exceeds `most`. Answers the best bound.
double bound_improve(struct bound *b, double known, int32_t iterations, double most);
// The bound with these multipliers in steps as fine as is worth it; bound_after tells from now on.
double bound_finish(struct bound *b);
// What can follow: arriving at visit k at time t with so many breaks taken, visit k included, when
// those in `set` cannot follow at once.
static inline double bound_after(const struct bound *b, int32_t breaks, int32_t k, int32_t t,
                                 uint64_t set)
{
    int32_t cell          = (t - b->v->open) >> b->shift;
    cell                  = cell < b->cells ? cell : b->cells;
    size_t            at  = (size_t)(breaks * b->n + k) * (size_t)(b->cells + 1) + (size_t)cell;
    const struct way *way = b->pool + b->ways[at];
    while (way->set & set) {
        way++;
    }
    return way->value;
}

// What a proof leaves to the next one of the same tour.
struct proof_hint {
    int32_t  calls;
    double   lambda[BOUND_VISITS_MAX];
    uint64_t far[BOUND_VISITS_MAX];
};

// tour_prove.c: looks for a better tour than `best` (of the only vehicle, never empty), and puts it
// there. True when it has proved that there is none better than what is there now. It adds what it
// does to `work` and may do about `most`. The hint is all zero at first.
bool core_prove(const struct core *c, struct route *best, struct proof_hint *hint, double most,
                double *work);
