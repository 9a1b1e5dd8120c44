// Ruin and recreate with annealing: what is kept and what is undone. See tour.h for the source.
#include "plan/tour_search_private.h"

#include <math.h>

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
    return (double)s->cost + (double)(s->moved * s->c->stability) +
           s->rank_worth * (double)s->rank + (double)s->prize;
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
    s->near      = memory_zero(n * sizeof(int32_t *));
    s->open      = memory_new(2 * m * sizeof(int32_t));
    s->kind_open = memory_zero(m * sizeof(int64_t));
    s->seen      = memory_zero(m * sizeof(int64_t));
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
    for (int32_t k = 0; k < s->c->n; k++) {
        free(s->near[k]);
    }
    free(s->near);
    free(s->may);
    free(s->open);
    free(s->kind_open);
    free(s->seen);
}

// The scale of what one decision changes: how far the fifth neighbour is, on average over jobs at
// equal intervals.
static double typical_leg(struct search *s)
{
    enum { SAMPLE = 256 };
    const struct core *c   = s->c;
    double             sum = 0;
    int32_t            nth = c->near_count < 5 ? c->near_count - 1 : 4;
    int32_t            of  = c->n < SAMPLE ? c->n : SAMPLE;
    for (int32_t i = 0; i < of && nth >= 0; i++) {
        int32_t k  = (int32_t)((int64_t)i * c->n / of);
        int32_t o  = search_near(s, k)[nth];
        size_t  at = (size_t)c->place[k] * (size_t)c->places + (size_t)c->place[o];
        sum += c->roads[0].cost[at];
    }
    return of && sum > 0 ? sum / of : 1;
}

// What the search loses with each visit, and the temperatures that suit.
static void set_worth(struct search *s, struct core *c, double *ret_hot, double *ret_cold)
{
    double  leg = typical_leg(s), mean = 0, longest = 1;
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
        *ret_hot    = (c->has_prizes ? rule.hot_prize : rule.hot_leg) * size * leg;
        *ret_cold   = rule.cold_leg * (c->has_prizes ? size * size : 1) * leg;
    }
    for (int32_t k = 0; k < c->n; k++) {
        c->worth[k] = factor * (double)c->rank[k] + (double)c->prize[k];
    }
    s->rank_worth = factor;
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
    s->position_price = s->base_price * (1 + 1.5 * s->far);
    s->stop_price     = price.stop * layers * (1 + s->far);
    s->hit_price      = 3 + 12 * s->far;
    s->near_price     = price.near * (1 + 2 * s->far);
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
    search_open(&s, c, best, limits->seed);
    set_worth(&s, c, &hot, &cold);
    set_price(&s);
    begin_step(&s);
    s.seed_job = 0;
    search_recreate(&s);
    s.energy         = energy(&s);
    struct score top = score_of(&s);
    keep_best(&s, best);
    double heat = hot, most = enough(c), tails = c->plain && !c->stability ? rule.tails : 0;
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
        bool exchanged = uniform(&s) < tails && search_tails(&s, -heat * log(1 - uniform(&s)));
        if (!exchanged) {
            search_ruin(&s);
            search_recreate(&s);
        }
        double e = energy(&s);
        if (exchanged || e < s.energy - heat * log(1 - uniform(&s))) {
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
    core_polish(c, best, limits);
    end.stopped |= limits->stop && limits->stop(limits->context);
    return end;
}
