// Ruin and recreate with annealing. See tour.h for the source.
#include "plan/tour_private.h"

#include <math.h>

// What the search does, in the terms of the paper; visits may be left out, so "recreate" also tries
// those that were left out before, and an insertion that costs more than the visit is worth is not
// made, but for some steps.
static const struct {
    double  removed;             // visits removed on average
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

// Units of work are nanoseconds of the machine it was measured on. The last two hold for small
// tables; see set_price.
static const struct {
    double step, tour, job, test, stop, position;
} price = { 500, 25, 46, 30, 6.5, 3.3 };

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
    int32_t           *open, open_count; // tours to try
    int64_t           *kind_open, steps;
    uint64_t           stamp;
    double             work, position_price, stop_price, hit_price;
    double  base_price, far; // of a position in small tables; how far tables exceed the caches
    int64_t cost, rank, prize, moved; // cost of tours; rank and prize of visits left out
    double  energy;
    int32_t blink_in;
    int32_t seed_job;
    double  credit; // how many times its worth an insertion may cost in this step
};

static uint64_t next_random(struct search *s)
{
    // SplitMix64 (Steele, Lea, Flood 2014).
    uint64_t z = s->random += UINT64_C(0x9E3779B97F4A7C15);
    z          = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z          = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double uniform(struct search *s)
{
    return (double)(next_random(s) >> 11) * 0x1p-53;
}

static int32_t below(struct search *s, int32_t n)
{
    return (int32_t)(((next_random(s) >> 32) * (uint64_t)n) >> 32);
}

static void touch(struct search *s, int32_t r)
{
    if (!s->is_touched[r]) {
        s->is_touched[r]               = 1;
        s->touched[s->touched_count++] = r;
        route_copy(s->c, &s->kept[r], &s->now[r]);
        s->cost -= s->now[r].cost;
        s->moved -= s->now[r].moved;
    }
}

static void leave_out(struct search *s, int32_t k)
{
    s->tour_of[k]            = -1;
    s->left_at[k]            = s->left_count;
    s->left[s->left_count++] = k;
    s->rank += s->c->rank[k];
    s->prize += s->c->prize[k];
}

static void take_in(struct search *s, int32_t k, int32_t r)
{
    s->tour_of[k] = r;
    int32_t at = s->left_at[k], last = s->left[--s->left_count];
    s->left[at]      = last;
    s->left_at[last] = at;
    s->rank -= s->c->rank[k];
    s->prize -= s->c->prize[k];
}

static int32_t position(const struct route *r, int32_t k)
{
    int32_t i = 1;
    while (r->id[i] != k) {
        i++;
    }
    return i;
}

// Removes a string of the tour of k that holds k; half the time a longer one whose middle stays.
static void remove_string(struct search *s, int32_t k, int32_t length)
{
    int32_t       r    = s->tour_of[k];
    struct route *tour = &s->now[r];
    int32_t       at = position(tour, k), spare = 0;

    touch(s, r);
    if (length > 1 && length < tour->len && uniform(s) < rule.split) {
        spare = 1;
        while (length + spare < tour->len && uniform(s) > rule.stop_split) {
            spare++;
        }
    }
    int32_t whole = length + spare;
    int32_t first = at - whole + 1 < 1 ? 1 : at - whole + 1;
    int32_t last  = at + whole - 1 > tour->len ? tour->len - whole + 1 : at;
    first += below(s, last - first + 1);
    int32_t spare_at = spare ? first + 1 + below(s, length - 1) : first + whole;
    for (int32_t i = first; i < first + whole; i++) {
        if (i >= spare_at && i < spare_at + spare) {
            continue;
        }
        int32_t id             = tour->id[i];
        s->gone[id]            = 1;
        s->bag[s->bag_count++] = id;
        leave_out(s, id);
    }
    route_remove(s->c, r, tour, s->gone);
    tour->version = ++s->stamp;
    for (int32_t i = s->bag_count - length; i < s->bag_count; i++) {
        s->gone[s->bag[i]] = 0;
    }
    s->work += s->stop_price * tour->len;
}

static void ruin(struct search *s)
{
    const struct core *c      = s->c;
    int32_t            served = c->n - s->left_count, used = 0;
    s->bag_count = 0;
    s->seed_job  = below(s, c->n);
    if (!served) {
        return;
    }
    for (int32_t r = 0; r < c->m; r++) {
        used += s->now[r].len > 0;
    }
    double mean       = (double)served / used;
    s->position_price = s->base_price * (1 + s->far * (1 + (mean < 40 ? mean : 40) / 15));
    double  longest   = mean < rule.string_most ? mean : rule.string_most;
    double  most      = 4 * rule.removed / (1 + longest) - 1;
    int32_t strings   = (int32_t)(uniform(s) * most + 1);
    for (int32_t i = -1; i < c->near_count && strings > 0; i++) {
        int32_t k =
            i < 0 ? s->seed_job : c->near[(size_t)s->seed_job * (size_t)c->near_count + (size_t)i];
        int32_t r = s->tour_of[k];
        if (r < 0 || s->is_touched[r]) {
            continue;
        }
        double bound = s->now[r].len < longest ? s->now[r].len : longest;
        remove_string(s, k, (int32_t)(uniform(s) * bound + 1));
        strings--;
    }
    s->work += price.step + price.tour * c->m;
}

static void sort_bag(struct search *s)
{
    for (int32_t i = 1; i < s->bag_count; i++) {
        int32_t k = s->bag[i], j = i;
        double  key = s->key[i];
        for (; j > 0 && s->key[j - 1] > key; j--) {
            s->bag[j] = s->bag[j - 1];
            s->key[j] = s->key[j - 1];
        }
        s->bag[j] = k;
        s->key[j] = key;
    }
    s->work += price.job * s->bag_count;
}

enum order { BY_CHANCE, BY_WORTH, BY_LOAD, BY_FAR, BY_NEAR, BY_WIDTH, BY_OPEN, BY_CLOSE };

static double order_key(struct search *s, enum order order, int32_t k)
{
    const struct core *c     = s->c;
    int32_t            depot = c->vehicles[0].start;
    switch (order) {
    case BY_WORTH:
        return -c->worth[k] * (0.5 + uniform(s));
    case BY_LOAD:
        return c->dimensions ? -(double)(c->delivery[k] + c->pickup[k]) : -(double)c->service[k];
    case BY_FAR:
        return -c->roads[0].time[(size_t)depot * (size_t)c->places + (size_t)c->place[k]];
    case BY_NEAR:
        return c->roads[0].time[(size_t)depot * (size_t)c->places + (size_t)c->place[k]];
    case BY_WIDTH:
        return c->close[k] - c->open[k];
    case BY_OPEN:
        return c->open[k];
    case BY_CLOSE:
        return -c->close[k];
    default:
        return uniform(s);
    }
}

static struct place try_tour(struct search *s, int32_t k, int32_t r)
{
    const struct core *c    = s->c;
    struct route      *tour = &s->now[r];
    struct memo       *memo = s->memo ? &s->memo[(size_t)k * (size_t)c->m + (size_t)r] : NULL;
    struct place       found;

    bool hit = memo && memo->version == tour->version;
    if (hit) {
        found = (struct place){ memo->cost, memo->at, 0 };
    } else {
        found = route_place(c, r, tour, k, -1);
        if (memo) {
            *memo = (struct memo){ tour->version, found.cost, found.at };
        }
    }
    s->work += hit ? s->hit_price : price.test + s->position_price * found.tried;
    if (found.at >= 0 && --s->blink_in < 0) {
        // Not seen this once: the next best of the same tour.
        s->blink_in = (int32_t)(log(1 - uniform(s)) / log(1 - rule.blink));
        found       = route_place(c, r, tour, k, found.at);
        s->work += price.test + s->position_price * found.tried;
    }
    return found;
}

// One empty tour of a kind is enough to try: the first. When it is taken the next one opens.
static void open_next(struct search *s, int32_t r)
{
    int32_t kind = s->c->vehicles[r].kind;
    while (++r < s->c->m) {
        if (s->c->vehicles[r].kind == kind && !s->now[r].len) {
            s->open[s->open_count++] = r;
            return;
        }
    }
}

static void open_tours(struct search *s)
{
    const struct core *c = s->c;
    s->steps++;
    s->open_count = 0;
    for (int32_t r = 0; r < c->m; r++) {
        int32_t kind = c->vehicles[r].kind;
        if (s->now[r].len) {
            s->open[s->open_count++] = r;
        } else if (s->kind_open[kind] != s->steps) {
            s->kind_open[kind]       = s->steps;
            s->open[s->open_count++] = r;
        }
    }
}

struct choice {
    int64_t cost;
    int32_t tour, at; // tour -1: fits nowhere
};

static struct choice choose(struct search *s, int32_t k)
{
    const struct core *c    = s->c;
    struct choice      best = { INT64_MAX, -1, -1 };
    const uint8_t     *may  = s->may + (size_t)k * (size_t)c->m;

    for (int32_t i = 0; i < s->open_count; i++) {
        int32_t r = s->open[i];
        if (!may[r]) {
            continue;
        }
        struct place found = try_tour(s, k, r);
        if (found.at < 0) {
            continue;
        }
        if (c->stability && c->past_vehicle[k] != -1 && c->past_vehicle[k] != r) {
            found.cost += c->stability;
        }
        if (found.cost < best.cost) {
            best = (struct choice){ found.cost, r, found.at };
        }
    }
    return best;
}

static void insert_best(struct search *s, int32_t k)
{
    const struct core *c    = s->c;
    struct choice      best = choose(s, k);
    if (best.tour < 0 || (!c->rank[k] && (double)best.cost >= s->credit * c->worth[k])) {
        return;
    }
    struct route *tour = &s->now[best.tour];
    touch(s, best.tour);
    if (!tour->len) {
        open_next(s, best.tour);
    }
    route_insert(c, best.tour, tour, k, best.at);
    tour->version = ++s->stamp;
    s->work += s->stop_price * tour->len;
    take_in(s, k, best.tour);
}

enum { POOL_MOST = 40 };

// By what each would bring where it fits best now; what fits nowhere is put aside, as the insertion
// of others will hardly help.
static void sort_by_net(struct search *s)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < s->bag_count; i++) {
        int32_t       k    = s->bag[i];
        struct choice best = choose(s, k);
        if (best.tour >= 0) {
            s->key[kept]   = (double)best.cost - s->c->worth[k] * (0.5 + uniform(s));
            s->bag[kept++] = k;
        }
    }
    s->bag_count = kept;
    sort_bag(s);
}

static void recreate(struct search *s)
{
    const struct core *c       = s->c;
    int32_t            removed = s->bag_count;
    // Those left out before, the nearest first when there are many.
    if (s->left_count_before <= POOL_MOST) {
        for (int32_t i = 0; i < s->left_count_before; i++) {
            s->bag[s->bag_count++] = s->left_before[i];
        }
    } else {
        for (int32_t i = -1; i < c->near_count && s->bag_count < removed + POOL_MOST; i++) {
            int32_t k = i < 0 ? s->seed_job
                              : c->near[(size_t)s->seed_job * (size_t)c->near_count + (size_t)i];
            if (s->left_at[k] < s->left_count_before && s->left[s->left_at[k]] == k &&
                s->left_before[s->left_at[k]] == k) {
                s->bag[s->bag_count++] = k;
            }
        }
    }
    static const uint8_t orders[] = { BY_CHANCE, BY_CHANCE, BY_CHANCE, BY_CHANCE, BY_LOAD,
                                      BY_LOAD,   BY_FAR,    BY_FAR,    BY_NEAR,   BY_WIDTH,
                                      BY_WIDTH,  BY_OPEN,   BY_OPEN,   BY_CLOSE,  BY_CLOSE };
    enum order           order    = orders[below(s, (int32_t)LENGTH(orders))];
    if (uniform(s) < rule.by_worth * (c->has_prizes || c->is_selective)) {
        order = BY_WORTH;
    }
    open_tours(s);
    if (order == BY_WORTH && uniform(s) < rule.by_net) {
        sort_by_net(s);
    } else {
        for (int32_t i = 0; i < s->bag_count; i++) {
            s->key[i] = order_key(s, order, s->bag[i]);
        }
        sort_bag(s);
    }
    // Two visits may be worth a detour that neither is worth alone.
    s->credit = uniform(s) < rule.strict ? 1 : 1 / (1 - uniform(s));
    for (int32_t i = 0; i < s->bag_count; i++) {
        insert_best(s, s->bag[i]);
    }
}

static void begin_step(struct search *s)
{
    for (int32_t i = 0; i < s->touched_count; i++) {
        s->is_touched[s->touched[i]] = 0;
    }
    s->touched_count     = 0;
    s->left_count_before = s->left_count;
    memcpy(s->left_before, s->left, (size_t)s->left_count * sizeof *s->left);
}

static double energy(struct search *s)
{
    for (int32_t i = 0; i < s->touched_count; i++) {
        s->cost += s->now[s->touched[i]].cost;
        s->moved += s->now[s->touched[i]].moved;
    }
    double left = 0;
    for (int32_t i = 0; i < s->left_count; i++) {
        left += s->c->worth[s->left[i]];
    }
    return (double)s->cost + (double)(s->moved * s->c->stability) + left;
}

static void undo(struct search *s)
{
    for (int32_t i = 0; i < s->touched_count; i++) {
        int32_t      r    = s->touched[i];
        struct route swap = s->now[r];
        for (int32_t j = 1; j <= swap.len; j++) {
            s->tour_of[swap.id[j]] = -1;
        }
        s->now[r]  = s->kept[r];
        s->kept[r] = swap;
    }
    for (int32_t i = 0; i < s->touched_count; i++) {
        const struct route *tour = &s->now[s->touched[i]];
        for (int32_t j = 1; j <= tour->len; j++) {
            s->tour_of[tour->id[j]] = s->touched[i];
        }
    }
    s->left_count = s->left_count_before;
    memcpy(s->left, s->left_before, (size_t)s->left_count * sizeof *s->left);
    for (int32_t i = 0; i < s->left_count; i++) {
        s->left_at[s->left[i]] = i;
        s->tour_of[s->left[i]] = -1;
    }
}

struct score {
    int64_t rank, cost;
};

static struct score score_of(const struct search *s)
{
    return (struct score){ s->rank, s->cost + s->prize + s->moved * s->c->stability };
}

static bool is_better(struct score a, struct score b)
{
    return a.rank != b.rank ? a.rank < b.rank : a.cost < b.cost;
}

static void keep_best(const struct search *s, struct route *best)
{
    for (int32_t r = 0; r < s->c->m; r++) {
        if (best[r].version != s->now[r].version) {
            route_copy(s->c, &best[r], &s->now[r]);
        }
    }
}

static void search_open(struct search *s, const struct core *c, struct route *best, uint64_t seed)
{
    size_t n = (size_t)c->n + 1, m = (size_t)c->m + 1;
    *s             = (struct search){ .c = c, .random = seed, .stamp = 1 };
    s->now         = memory_zero(m * sizeof *s->now);
    s->kept        = memory_zero(m * sizeof *s->kept);
    s->touched     = memory_new(m * sizeof(int32_t));
    s->is_touched  = memory_zero(m);
    s->gone        = memory_zero(n);
    s->tour_of     = memory_new(n * sizeof(int32_t));
    s->left        = memory_new(n * sizeof(int32_t));
    s->left_at     = memory_new(n * sizeof(int32_t));
    s->left_before = memory_new(n * sizeof(int32_t));
    s->bag         = memory_new(2 * n * sizeof(int32_t));
    s->key         = memory_new(2 * n * sizeof(double));
    if (n * m <= (size_t)1 << 22) {
        s->memo = memory_zero(n * m * sizeof *s->memo);
    }
    s->may       = memory_new(n * m);
    s->open      = memory_new(2 * m * sizeof(int32_t));
    s->kind_open = memory_zero(m * sizeof(int64_t));
    for (size_t k = 0; k < (size_t)c->n; k++) {
        s->tour_of[k] = -1;
        for (size_t r = 0; r < (size_t)c->m; r++) {
            s->may[k * (size_t)c->m + r] = c->may[r * (size_t)c->n + k];
        }
    }
    for (int32_t r = 0; r < c->m; r++) {
        route_copy(c, &s->now[r], &best[r]);
        route_refresh(c, r, &s->now[r]);
        s->now[r].version = ++s->stamp;
        s->cost += s->now[r].cost;
        s->moved += s->now[r].moved;
        for (int32_t i = 1; i <= s->now[r].len; i++) {
            s->tour_of[s->now[r].id[i]] = r;
        }
    }
    for (int32_t k = 0; k < c->n; k++) {
        if (s->tour_of[k] < 0) {
            leave_out(s, k);
        }
    }
}

static void search_close(struct search *s)
{
    for (int32_t r = 0; r < s->c->m; r++) {
        route_done(&s->now[r]);
        route_done(&s->kept[r]);
    }
    free(s->now);
    free(s->kept);
    free(s->touched);
    free(s->is_touched);
    free(s->gone);
    free(s->tour_of);
    free(s->left);
    free(s->left_at);
    free(s->left_before);
    free(s->bag);
    free(s->key);
    free(s->memo);
    free(s->may);
    free(s->open);
    free(s->kind_open);
}

// The scale of what one decision changes: how far the fifth neighbour is, on average.
static double typical_leg(const struct core *c)
{
    double  sum = 0;
    int32_t nth = c->near_count < 5 ? c->near_count - 1 : 4;
    for (int32_t k = 0; k < c->n && nth >= 0; k++) {
        int32_t o  = c->near[(size_t)k * (size_t)c->near_count + (size_t)nth];
        size_t  at = (size_t)c->place[k] * (size_t)c->places + (size_t)c->place[o];
        sum += c->roads[0].cost[at];
    }
    return c->n && sum > 0 ? sum / c->n : 1;
}

// What the search loses with each visit, and the temperatures that suit.
static void set_worth(struct core *c, double *ret_hot, double *ret_cold)
{
    double  leg = typical_leg(c), mean = 0, longest = 1;
    int64_t least = INT64_MAX, most = 0;
    for (int32_t k = 0; k < c->n; k++) {
        mean += (double)c->rank[k] / c->n;
        least = c->rank[k] < least ? c->rank[k] : least;
        most  = c->rank[k] > most ? c->rank[k] : most;
    }
    for (size_t i = 0; c->m && i < (size_t)c->places * (size_t)c->places; i++) {
        int32_t cost = c->roads[0].cost[i];
        longest      = cost < NEVER / 2 && cost > longest ? cost : longest;
    }
    bool   is_selective = c->is_selective = c->has_ranks && least < most && !c->has_prizes;
    double factor                         = 0;
    if (is_selective) {
        factor    = rule.rank_legs * leg / mean;
        *ret_hot  = rule.hot_rank * factor * mean;
        *ret_cold = rule.cold_rank * factor * mean;
    } else {
        factor = c->has_ranks ? 10 * longest / (double)(least > 0 ? least : 1) : 0;
        // More visits, more that is decided wrongly at first and must be melted again.
        double size = c->n < 100 ? 1 : c->n > 300 ? 3 : c->n / 100.0;
        *ret_hot    = (c->has_prizes ? rule.hot_prize : rule.hot_leg * size) * leg;
        *ret_cold   = rule.cold_leg * leg;
    }
    for (int32_t k = 0; k < c->n; k++) {
        c->worth[k] = factor * (double)c->rank[k] + (double)c->prize[k];
    }
}

// Steps that are plenty for a small problem.
static double enough(const struct core *c)
{
    return 400.0 * c->n * c->n;
}

// Large tables do not fit in the caches, the less so the longer tours are; breaks and windows
// multiply the tests.
static void set_price(struct search *s)
{
    double places = s->c->places < 1000 ? s->c->places : 1000;
    double layers = s->c->plain ? 1 : 1 + 0.6 * s->c->layers * s->c->layers;

    s->far            = places * places * 1e-6;
    s->base_price     = price.position * layers;
    s->position_price = s->base_price * (1 + 2 * s->far);
    s->stop_price     = price.stop * layers * (1 + s->far);
    s->hit_price      = 3 + 3 * s->far;
}

struct search_end core_search(struct core *c, struct route *best,
                              const struct search_limits *limits)
{
    struct search     s;
    struct search_end end = { 0 };
    double            hot, cold;

    if (!c->n || !c->m) {
        return end;
    }
    set_worth(c, &hot, &cold);
    search_open(&s, c, best, limits->seed);
    set_price(&s);
    begin_step(&s);
    s.seed_job = 0;
    recreate(&s);
    s.energy         = energy(&s);
    struct score top = score_of(&s);
    keep_best(&s, best);
    double heat = hot, most = enough(c);
    while (s.work < limits->work && (double)end.iterations < most) {
        if (end.iterations % 64 == 0) {
            double done = s.work / limits->work, done_steps = (double)end.iterations / most;
            heat = hot * pow(cold / hot, done > done_steps ? done : done_steps);
            if (limits->stop && limits->stop(limits->context)) {
                end.stopped = true;
                break;
            }
        }
        end.iterations++;
        int64_t cost = s.cost, rank = s.rank, prize = s.prize, moved = s.moved;
        begin_step(&s);
        ruin(&s);
        recreate(&s);
        double e = energy(&s);
        if (e < s.energy - heat * log(1 - uniform(&s))) {
            s.energy         = e;
            struct score now = score_of(&s);
            if (is_better(now, top)) {
                top = now;
                keep_best(&s, best);
            }
        } else {
            undo(&s);
            s.cost  = cost;
            s.rank  = rank;
            s.prize = prize;
            s.moved = moved;
        }
    }
    end.work = s.work;
    search_close(&s);
    for (int32_t r = 0; r < c->m; r++) {
        route_refresh(c, r, &best[r]);
    }
    core_polish(c, best);
    return end;
}
