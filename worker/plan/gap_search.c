// Plans for visits of unequal length: annealing over shifts and exchanges, then descent.
#include "plan/gap_private.h"

static void plan_set(struct gap_search *s, const int32_t *agent)
{
    s->cost = 0;
    memset(s->load, 0, (size_t)s->m * sizeof *s->load);
    memset(s->count, 0, (size_t)s->m * sizeof *s->count);
    for (int32_t j = 0; j < s->n; j++) {
        int32_t i                  = agent[j];
        s->agent[j]                = i;
        s->slot[j]                 = s->count[i];
        s->items[i][s->count[i]++] = j;
        s->cost += gap_pair_of(s, j, i)->cost;
        s->load[i] += gap_pair_of(s, j, i)->weight;
    }
}

static bool feasible(const struct gap_search *s)
{
    for (int32_t i = 0; i < s->m; i++) {
        if (s->load[i] > s->capacity[i]) {
            return false;
        }
    }
    return true;
}

static void keep_best(struct gap_search *s, struct gap_result *r)
{
    if ((!r->found || s->cost < r->cost) && feasible(s)) {
        r->found = true;
        r->cost  = s->cost;
        memcpy(r->agent, s->agent, (size_t)s->n * sizeof *r->agent);
    }
}

// What leaving `from` and entering `to` costs, overload not counted.
static int32_t cost_of(const struct gap_search *s, int32_t item, int32_t from, int32_t to)
{
    return gap_pair_of(s, item, to)->cost - gap_pair_of(s, item, from)->cost;
}

static double shift_cost(const struct gap_search *s, int32_t j, int32_t to)
{
    int32_t from = s->agent[j];
    int64_t out = gap_pair_of(s, j, from)->weight, in = gap_pair_of(s, j, to)->weight;

    return cost_of(s, j, from, to) + gap_over(s, from, s->load[from] - out) -
           gap_over(s, from, s->load[from]) + gap_over(s, to, s->load[to] + in) -
           gap_over(s, to, s->load[to]);
}

// j goes to `to`, which lets `other` go to x.
static double chain_cost(const struct gap_search *s, int32_t j, int32_t to, int32_t other,
                         int32_t x)
{
    int32_t from = s->agent[j];
    int64_t out = gap_pair_of(s, j, from)->weight, in = gap_pair_of(s, j, to)->weight;
    int64_t let_go = gap_pair_of(s, other, to)->weight, taken = gap_pair_of(s, other, x)->weight;
    int64_t here   = s->load[from] - out + (x == from ? taken : 0);
    double  change = cost_of(s, j, from, to) + cost_of(s, other, to, x);

    change += gap_over(s, from, here) - gap_over(s, from, s->load[from]);
    change += gap_over(s, to, s->load[to] + in - let_go) - gap_over(s, to, s->load[to]);
    if (x != from) {
        change += gap_over(s, x, s->load[x] + taken) - gap_over(s, x, s->load[x]);
    }
    return change;
}

// One proposal; true when it was taken.
static bool propose(struct gap_search *s, double temperature)
{
    int32_t j = s->mobile[gap_below(s, s->mobiles)], from = s->agent[j], to = gap_candidate(s, j);
    double  allowed = temperature * s->logs[gap_below(s, GAP_LOGS)];

    if (to == from) {
        return false;
    }
    if (s->load[to] + gap_pair_of(s, j, to)->weight <= s->capacity[to] || s->count[to] == 0 ||
        (gap_draw(s) >> 61) == 0) {
        if (shift_cost(s, j, to) <= allowed) {
            gap_put(s, j, to);
            return true;
        }
        return false;
    }
    int32_t other = s->items[to][gap_below(s, s->count[to])];
    int32_t x     = gap_draw(s) >> 63 ? from : gap_candidate(s, other);
    if (x != to && chain_cost(s, j, to, other, x) <= allowed) {
        gap_put(s, j, to);
        gap_put(s, other, x);
        return true;
    }
    return false;
}

// Only agents whose reduced cost is at most `limit` above the best of an item stay near it.
static void set_near(struct gap_search *s, double limit)
{
    s->mobiles = 0;
    for (int32_t j = 0; j < s->n; j++) {
        s->near[j] = 1;
        while (s->near[j] < s->k && gap_choices(s, j)[s->near[j]].extra <= limit) {
            s->near[j]++;
        }
        if (s->near[j] > 1) {
            s->mobile[s->mobiles++] = j;
        }
    }
}

static bool stop(const struct gap_options *o)
{
    return o->go_on && !o->go_on(o->context);
}

// Agents found overloaded pay more for it from then on, the others less: the search stays about
// where plans become feasible, each agent overloaded so seldom that all fit at once now and then.
// Towards the end without a plan, nobody pays less any more.
static void adapt(struct gap_search *s, const double *rate, bool hurry)
{
    double seldom = hurry ? 0 : s->m > 10 ? 2.0 / s->m : 0.2;

    for (int32_t i = 0; i < s->m; i++) {
        double r   = s->rate[i] * (s->load[i] > s->capacity[i] ? 1.1 : 1 - 0.1 * seldom);
        s->rate[i] = fmin(fmax(r, 1.02 * rate[i]), 30 * rate[i]);
    }
}

// Cools from hot to cold over so many moves.
static bool anneal(struct gap_search *s, const struct gap_options *o, double hot, double cold,
                   int64_t moves, const double *rate, struct gap_result *r)
{
    enum { BLOCK = 1024, ASK = 16 };

    for (int64_t done = 0, block = 0; done < moves; done += BLOCK, block++) {
        double temperature = hot * pow(cold / hot, (double)done / (double)moves);
        adapt(s, rate, !r->found && 4 * done > 3 * moves);
        for (int k = 0; k < BLOCK; k++) {
            if (propose(s, temperature) && s->cost < r->cost) {
                keep_best(s, r);
            }
        }
        r->moves += BLOCK;
        if (block % ASK == 0 && stop(o)) {
            return false;
        }
    }
    return true;
}

// The pairs of an item, and its cheapest agents at these prices in order.
static void choices_of(struct gap_search *s, const double *price, int32_t j)
{
    struct gap_choice *best = &s->choice[(size_t)j * (size_t)s->k];
    int32_t            have = 0;

    for (int32_t i = 0; i < s->m; i++) {
        size_t            at   = gap_at(s->p, i, j);
        struct gap_pair  *pair = &s->pair[(size_t)j * (size_t)s->m + (size_t)i];
        struct gap_choice one;
        *pair = (struct gap_pair){ (int32_t)s->p->cost[at], (int32_t)s->p->weight[at] };
        one   = (struct gap_choice){ pair->cost + price[i] * pair->weight, i, pair->weight };
        if (have == s->k && best[have - 1].extra <= one.extra) {
            continue;
        }
        int32_t k = have < s->k ? have++ : have - 1;
        for (; k > 0 && best[k - 1].extra > one.extra; k--) {
            best[k] = best[k - 1];
        }
        best[k] = one;
    }
    for (int32_t k = have - 1; k >= 0; k--) {
        best[k].extra -= best[0].extra;
    }
}

static struct gap_search *search_new(const struct gap_problem *p, const double *price)
{
    struct gap_search *s = memory_zero(sizeof *s);
    size_t             m = (size_t)p->agents, n = (size_t)p->items;

    s->p        = p;
    s->m        = p->agents;
    s->n        = p->items;
    s->k        = p->agents < GAP_CANDIDATES ? p->agents : GAP_CANDIDATES;
    s->pair     = memory_new(m * n * sizeof *s->pair);
    s->choice   = memory_new(n * (size_t)s->k * sizeof *s->choice);
    s->place    = memory_new(m * sizeof *s->place);
    s->piece    = memory_zero(n * sizeof *s->piece);
    s->rate     = memory_new(m * sizeof *s->rate);
    s->agent    = memory_zero(n * sizeof *s->agent);
    s->load     = memory_zero(m * sizeof *s->load);
    s->capacity = p->capacity;
    s->items    = memory_new(m * sizeof *s->items);
    s->count    = memory_zero(m * sizeof *s->count);
    s->slot     = memory_zero(n * sizeof *s->slot);
    s->near     = memory_new(n * sizeof *s->near);
    s->mobile   = memory_new(n * sizeof *s->mobile);
    for (size_t i = 0; i < m; i++) {
        s->items[i] = memory_new(n * sizeof **s->items);
    }
    memset(s->place, -1, m * sizeof *s->place);
    for (int32_t j = 0; j < s->n; j++) {
        choices_of(s, price, j);
    }
    for (int k = 0; k < GAP_LOGS; k++) {
        s->logs[k] = -log(((double)k + 0.5) / GAP_LOGS);
    }
    return s;
}

static void search_free(struct gap_search *s)
{
    for (int32_t i = 0; i < s->m; i++) {
        free(s->items[i]);
    }
    free(s->items);
    free(s->pair);
    free(s->choice);
    free(s->place);
    free(s->piece);
    free(s->rate);
    free(s->agent);
    free(s->load);
    free(s->count);
    free(s->slot);
    free(s->near);
    free(s->mobile);
    free(s);
}

// How far, on average, the second agent of an item is from its first: the scale of temperatures.
static double spread(const struct gap_search *s)
{
    double sum = 0;

    for (int32_t j = 0; j < s->n && s->k > 1; j++) {
        sum += gap_choices(s, j)[1].extra;
    }
    return sum / s->n + 1e-3;
}

// Pieces of several widths in turn, now and then from the best plan again.
static void improve(struct gap_search *s, const struct gap_options *o, const double *price,
                    double unit, struct gap_result *r)
{
    static const struct {
        double  near; // of the spread between an item's agents
        int32_t size;
    } turns[] = { { 0.7, 28 }, { 1, 22 }, { 0.5, 32 }, { 1.5, 16 }, { 1e9, 12 } };
    enum { TURN = 2000, ASK = 8 };
    // Where an agent makes few visits, what fills its hours matters more than whether each is
    // cheap.
    const double few   = fmax(1, 20.0 * s->m / s->n);
    int64_t      count = 0;

    for (size_t turn = 0; r->moves < o->work && r->cost > r->bound; turn++) {
        double wide = few * unit * turns[turn % LENGTH(turns)].near;
        plan_set(s, r->agent);
        set_near(s, fmin(wide, (double)(r->cost - s->floor)));
        if (s->mobiles == 0) {
            continue;
        }
        for (int32_t k = 0; k < TURN && r->moves < o->work; k++, count++) {
            double allowed = 0.1 * unit * s->logs[gap_below(s, GAP_LOGS)];
            if (gap_replace(s, price, turns[turn % LENGTH(turns)].size, allowed, &r->moves)) {
                keep_best(s, r);
            }
            if (count % ASK == 0 && stop(o)) {
                return;
            }
        }
    }
}

void gap_search(const struct gap_problem *p, const struct gap_options *o, const double *price,
                struct gap_result *r)
{
    struct gap_search *s     = search_new(p, price);
    double            *rate  = memory_new((size_t)s->m * sizeof *rate);
    int32_t           *start = memory_new((size_t)s->n * sizeof *start);
    double             mean = 0, unit = spread(s);

    s->random = o->seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    r->cost   = INT64_MAX;
    s->floor  = r->bound;
    for (int32_t i = 0; i < s->m; i++) {
        mean += price[i] / s->m;
    }
    for (int32_t i = 0; i < s->m; i++) {
        rate[i]    = (price[i] > mean ? price[i] : mean) + 0.01;
        s->rate[i] = rate[i];
    }
    for (int32_t j = 0; j < s->n; j++) {
        start[j] = gap_choices(s, j)[0].agent;
    }
    plan_set(s, start);
    keep_best(s, r);
    // Annealing until there is a plan; each time with more agents to choose from.
    bool   going = true;
    double wide  = 2 * unit;
    while (going && r->moves < o->work && (!r->found || r->moves == 0) &&
           !(r->found && r->cost <= r->bound)) {
        int64_t left = o->work - r->moves, moves = o->work / 8 + 1;
        set_near(s, wide);
        if (s->mobiles) {
            going = anneal(s, o, 0.2 * unit, 0.004 * unit, moves < left ? moves : left, rate, r);
        } else {
            r->moves++;
        }
        wide *= 4;
    }
    if (going) {
        gap_items(p, o, price, o->work / 8, r);
    }
    if (r->found && going) {
        improve(s, o, price, unit, r);
    }
    free(start);
    free(rate);
    search_free(s);
}
