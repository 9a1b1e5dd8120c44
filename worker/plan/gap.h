// Visits of unequal length against hours: every item to one agent, at least cost, within
// capacities.
//
// This is the generalised assignment problem, which is NP-hard; what is promised is a good plan, a
// proved lower bound and the distance between them.
//
// Bounds. Prices of capacity (Lagrangian relaxation of the capacities, ascent by subgradients with
// Polyak's step) give the bound of linear programming. Prices of items (relaxation of "every item
// once"; Jornsten and Nasberg 1986, Fisher 1981) give one that is at least as good, by a knapsack
// per agent; the ascent begins at the first and takes part of the work. The better of the two is
// given, as whole numbers over GAP_UNIT, so that it can be proved again in whole numbers.
//
// Plans. Simulated annealing over shifts and exchanges, where overload is allowed at a price drawn
// from the capacity prices and rising (in the spirit of Yagiura, Ibaraki and Glover 2006), with
// candidate agents of small reduced cost; then pieces of a few agents and items placed anew by an
// exact search (large neighbourhood search; Shaw 1998), until the work is used up.
//
// Deterministic for a seed and an amount of work: `work` says how many moves are tried; the clock
// is asked only in order to stop early. One thread.
#pragma once

#include "base/buf.h"

enum gap_limit {
    GAP_AGENT_MAX = 2000,
    GAP_ITEM_MAX  = 100000,
    GAP_PAIR_MAX  = 20000000,
};
#define GAP_NUMBER_MAX INT64_C(1000000000) // costs and weights
#define GAP_UNIT       INT64_C(1000000)    // prices are whole numbers of millionths

struct gap_problem {
    int32_t  agents, items;
    int64_t *cost, *weight; // [agents * items], agent by agent; cost 0 or more, weight too
    int64_t *capacity;      // [agents]
};
void gap_problem_done(struct gap_problem *p);

// The public text format: `m n`, costs agent by agent, weights agent by agent, capacities. False
// with a French sentence in *ret_why.
bool gap_text_read(struct str text, struct gap_problem *ret_problem, struct buf *ret_why) MUST_USE;

struct gap_options {
    uint64_t seed;
    int64_t  work;                // moves to try, all runs together
    bool (*go_on)(void *context); // false: stop now; NULL: never
    void *context;
};

struct gap_result {
    bool     found; // a plan within the capacities
    int64_t  cost;
    int32_t *agent;      // [items]
    int64_t  bound;      // no plan costs less
    int64_t *price;      // [agents] of a unit of capacity, in GAP_UNIT
    int64_t *item_price; // [items] of an item, in GAP_UNIT, where they prove the bound; else NULL
    int64_t  moves;      // tried
};
// Free with gap_result_done.
struct gap_result gap_solve(const struct gap_problem *p, const struct gap_options *o) MUST_USE;
void              gap_result_done(struct gap_result *r);

// The text of the result, as in docs/planning.md.
void gap_text_write(const struct gap_problem *p, const struct gap_result *r, struct buf *into);
