// The state of one search, shared by what removes visits, what inserts them and what decides.
#pragma once

#include "plan/tour_private.h"

// What the search does, in the terms of the paper; visits may be left out, so "recreate" also tries
// those that were left out before, and an insertion that costs more than the visit is worth is not
// made, but for some steps.
static const struct {
    double  removed;             // visits removed on average
    double  tails;               // chance that tours try to exchange their ends first
    double  close;               // chance that a whole tour is removed
    double  open;                // with prizes: of many visits: chance that an empty tour is opened
    int32_t open_pool;           // visits left out that are tried then
    int32_t pool, pool_many;     // otherwise; of many visits
    int32_t many;                // so many are
    int32_t few_tours;           // up to so many all are tried, beyond that those near
    int32_t near_tours;          // the visits whose tours are near
    int32_t string_most;         // longest string
    double  blink;               // chance that a position is not seen
    double  split;               // chance that a string is split
    double  stop_split;          // chance that the kept part grows no further
    double  by_worth;            // chance that the visits worth most are inserted first
    double  by_net;              // chance that then the cost of insertion counts, too
    double  strict;              // chance that no insertion may cost more than the visit is worth
    double  rank_legs;           // when ranks differ: what the mean one is worth, in typical legs
    double  hot_rank, cold_rank; // first and last temperature then, in mean ranks
    double  hot_leg, cold_leg;   // otherwise, in typical legs
    double  hot_prize;           // first temperature with prizes, in typical legs
} rule = {
    .removed     = 10,
    .tails       = 0.1,
    .close       = 0.002,
    .open        = 0.03,
    .open_pool   = NEAR_MAX,
    .pool        = 40,
    .pool_many   = 20,
    .many        = 200,
    .few_tours   = 10,
    .near_tours  = 32,
    .string_most = 10,
    .blink       = 0.01,
    .split       = 0.5,
    .stop_split  = 0.99,
    .by_worth    = 0.9,
    .by_net      = 0.5,
    .strict      = 0.5,
    .rank_legs   = 20,
    .hot_rank    = 1,
    .cold_rank   = 0.06,
    .hot_leg     = 1,
    .hot_prize   = 3,
    .cold_leg    = 0.01,
};

// Units of work are nanoseconds of the machine it was measured on. Those of stops and positions
// hold for small tables; see set_price.
static const struct {
    double step, tour, job, left, test, stop, position, near, tail;
} price = { 500, 25, 46, 2, 30, 6.5, 3.3, 2, 20 };

struct memo {
    uint64_t version;
    int64_t  cost;
    int32_t  at;
};

struct search {
    const struct core *c;
    uint64_t           random;
    struct route      *now, *kept; // the plan; the tours of it changed in this step, as they were
    int32_t           *touched, touched_count;
    uint8_t           *is_touched, *gone;
    int32_t           *tour_of, *left, *left_at, *left_before;
    int32_t            left_count, left_count_before;
    int32_t           *bag; // what is to be inserted in this step
    int32_t            bag_count;
    double            *key;
    struct memo       *memo;             // n rows of m, or NULL when too large
    uint8_t           *may;              // likewise: the transpose of the core's
    int32_t           *open, open_count; // tours to try: those that go, then the first empty ones
    int32_t            going_count;
    int64_t           *kind_open, steps;
    int64_t           *seen, seen_stamp; // tours tried for the visit at hand
    uint64_t           stamp;
    double             work, position_price, stop_price, hit_price, near_price;
    double    base_price, far; // of a position in small tables; how far tables exceed the caches
    int64_t   cost, rank, prize, moved; // cost of tours; rank and prize of visits left out
    double    energy, rank_worth;       // what a unit of rank counts in it
    int32_t   blink_in;
    int32_t **near; // n rows, each NULL until asked for
    int32_t   seed_job;
    bool      opens;  // in this step the first empty tour costs nothing
    double    credit; // how many times its worth an insertion may cost in this step
};

static inline uint64_t next_random(struct search *s)
{
    // SplitMix64 (Steele, Lea, Flood 2014).
    uint64_t z = s->random += UINT64_C(0x9E3779B97F4A7C15);
    z          = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z          = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline double uniform(struct search *s)
{
    return (double)(next_random(s) >> 11) * 0x1p-53;
}

static inline int32_t below(struct search *s, int32_t n)
{
    return (int32_t)(((next_random(s) >> 32) * (uint64_t)n) >> 32);
}

static inline void touch(struct search *s, int32_t r)
{
    if (!s->is_touched[r]) {
        s->is_touched[r]               = 1;
        s->touched[s->touched_count++] = r;
        route_copy(s->c, &s->kept[r], &s->now[r]);
        s->cost -= s->now[r].cost;
        s->moved -= s->now[r].moved;
    }
}

static inline void leave_out(struct search *s, int32_t k)
{
    s->tour_of[k]            = -1;
    s->left_at[k]            = s->left_count;
    s->left[s->left_count++] = k;
    s->rank += s->c->rank[k];
    s->prize += s->c->prize[k];
}

static inline void take_in(struct search *s, int32_t k, int32_t r)
{
    s->tour_of[k] = r;
    int32_t at = s->left_at[k], last = s->left[--s->left_count];
    s->left[at]      = last;
    s->left_at[last] = at;
    s->rank -= s->c->rank[k];
    s->prize -= s->c->prize[k];
}

// Where job k stands in its tour.
static inline int32_t stop_of(const struct route *tour, int32_t k)
{
    int32_t i = 1;
    while (tour->id[i] != k) {
        i++;
    }
    return i;
}

// tour_near.c: the row of the nearest jobs of k, made when first asked for.
const int32_t *search_near(struct search *s, int32_t k);

// tour_ruin.c: removes strings of visits near a visit drawn by chance, into the bag.
void search_ruin(struct search *s);
// tour_recreate.c: inserts what is in the bag, and some of what was left out before.
void search_recreate(struct search *s);

// tour_tails.c: exchanges the ends of two tours where that costs no more than allowed. False when
// it did not.
bool search_tails(struct search *s, double allowed);
