// Inside of the engine for visits of unequal length; see plan/gap.h.
#pragma once

#include "plan/gap.h"

#include <math.h>

static inline size_t gap_at(const struct gap_problem *p, int32_t agent, int32_t item)
{
    return (size_t)agent * (size_t)p->items + (size_t)item;
}

// gap_bound.c: prices and bound into *r; the prices of capacity, as numbers, into price[agents].
void gap_bound(const struct gap_problem *p, double *price, struct gap_result *r);

// gap_items.c: a better bound, and prices of items that prove it, where knapsacks give one; uses up
// about `work` moves.
void gap_items(const struct gap_problem *p, const struct gap_options *o,
               const double *capacity_price, int64_t work, struct gap_result *r);

// gap_search.c: plans, the best into *r.
void gap_search(const struct gap_problem *p, const struct gap_options *o, const double *price,
                struct gap_result *r);

enum { GAP_CANDIDATES = 12, GAP_LOGS = 4096 };

// Items are read by agent; the search reads by item, with costs and weights side by side.
struct gap_pair {
    int32_t cost, weight;
};

// An agent that an item may go to, and what it is dearer there than at its best, at the prices of
// capacity.
struct gap_choice {
    double  extra;
    int32_t agent, weight;
};

struct gap_search {
    const struct gap_problem *p;
    int32_t                   m, n, k;         // k: candidates per item
    struct gap_pair          *pair;            // [n * m]
    struct gap_choice        *choice;          // [n * k] the cheapest agents of each, best first
    double                   *rate;            // [m] what one unit of overload costs
    int32_t                  *agent;           // [n] the plan
    int64_t                  *load, *capacity; // [m]
    int32_t                 **items;           // [m] who is where
    int32_t                  *count, *slot;
    int8_t                   *place;  // [m] among the agents of a piece, or -1
    int64_t                  *piece;  // [n] the last piece it was tried for
    int64_t                   pieces; // made so far
    int32_t                  *near;   // [n] how many candidates are near
    int32_t                  *mobile; // items with more than one
    int32_t                   mobiles;
    int64_t                   cost;
    int64_t                   floor; // the bound that the prices of capacity prove
    double                    logs[GAP_LOGS];
    uint64_t                  random;
};

static inline uint64_t gap_draw(struct gap_search *s)
{
    // xorshift64* (Vigna 2016)
    s->random ^= s->random >> 12;
    s->random ^= s->random << 25;
    s->random ^= s->random >> 27;
    return s->random * UINT64_C(2685821657736338717);
}

static inline int32_t gap_below(struct gap_search *s, int32_t n)
{
    return (int32_t)(((gap_draw(s) >> 32) * (uint64_t)n) >> 32);
}

static inline const struct gap_pair *gap_pair_of(const struct gap_search *s, int32_t item,
                                                 int32_t agent)
{
    return &s->pair[(size_t)item * (size_t)s->m + (size_t)agent];
}

static inline const struct gap_choice *gap_choices(const struct gap_search *s, int32_t item)
{
    return &s->choice[(size_t)item * (size_t)s->k];
}

static inline double gap_over(const struct gap_search *s, int32_t agent, int64_t load)
{
    int64_t extra = load - s->capacity[agent];

    return extra > 0 ? (double)extra * s->rate[agent] : 0;
}

static inline void gap_put(struct gap_search *s, int32_t item, int32_t to)
{
    int32_t from = s->agent[item];
    int32_t last = s->items[from][--s->count[from]];

    s->items[from][s->slot[item]] = last;
    s->slot[last]                 = s->slot[item];
    s->slot[item]                 = s->count[to];
    s->items[to][s->count[to]++]  = item;
    s->cost += gap_pair_of(s, item, to)->cost - gap_pair_of(s, item, from)->cost;
    s->load[from] -= gap_pair_of(s, item, from)->weight;
    s->load[to] += gap_pair_of(s, item, to)->weight;
    s->agent[item] = to;
}

static inline int32_t gap_candidate(struct gap_search *s, int32_t item)
{
    return gap_choices(s, item)[gap_below(s, s->near[item])].agent;
}

// gap_piece.c: a few items of a few agents placed anew, exactly; the new plan differs and costs
// less than the old one plus `allowed`. False when there is none. Uses up *work.
bool gap_replace(struct gap_search *s, const double *price, int32_t size, double allowed,
                 int64_t *work);
