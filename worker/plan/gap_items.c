// The stronger lower bound: prices of items, and a knapsack for each agent.
//
// With "every item once" relaxed at prices u (Jornsten and Nasberg 1986; Fisher 1981), an agent
// takes what earns it most within its hours. The sum of u less what the agents earn bounds every
// plan from below, and from above the bound of linear programming wherever few items fill an agent.
// Ascent by subgradients with Polyak's step towards the cost of the plan at hand.
#include "plan/gap_private.h"

enum { CELLS_MOST = 4000000, CELLS_PER_MOVE = 24, PATIENCE = 20 };
#define SUM_MOST    9e16                // of whole prices
#define EFFORT_MOST INT64_C(2000000000) // of the proof: items times capacities

// Whether the proof can be made, and made again by who checks it.
static bool affordable(const struct gap_problem *p)
{
    int64_t effort = 0;
    double  first  = (double)p->items * p->items * p->agents / 4; // steps of the first sorting

    if (first > (double)EFFORT_MOST) {
        return false;
    }
    for (int32_t i = 0; i < p->agents; i++) {
        if (p->capacity[i] >= CELLS_MOST) {
            return false;
        }
        effort += p->capacity[i] * p->items; // at most 2000 * 4e6 * 1e5
    }
    return effort <= EFFORT_MOST;
}

struct sack { // the agents' knapsacks, one after the other
    const struct gap_problem *p;
    const double             *price; // [items]
    int32_t                  *order; // [agents * items] by gain per unit of weight, best first
    double                   *rate;  // [items] that gain
    double                   *table; // [core + 1][room + 1] rows of the recursion
    size_t                    table_room;
    int32_t                  *core;  // [items] those in doubt
    int32_t                  *taken; // [items] by how many agents
    int64_t                   cells; // work done
};

static double gain(const struct sack *k, int32_t i, int32_t j)
{
    return k->price[j] - (double)k->p->cost[gap_at(k->p, i, j)];
}

// The order of the round before is nearly right.
static void sort(struct sack *k, int32_t i, int32_t *order)
{
    const int64_t *weight = &k->p->weight[gap_at(k->p, i, 0)];

    for (int32_t j = 0; j < k->p->items; j++) {
        double g    = gain(k, i, j);
        bool   fits = weight[j] <= k->p->capacity[i];
        k->rate[j]  = g <= 0 || !fits ? 0 : weight[j] ? g / (double)weight[j] : INFINITY;
    }
    for (int32_t c = 1; c < k->p->items; c++) {
        int32_t j = order[c], at = c;
        for (; at > 0 && k->rate[order[at - 1]] < k->rate[j]; at--) {
            order[at] = order[at - 1];
            k->cells++;
        }
        order[at] = j;
    }
    k->cells += k->p->items;
}

// The items in doubt, by the recursion over loads; room is what the others leave. Adds what is
// taken to `taken`; false when the table is too large.
static bool solve_core(struct sack *k, int32_t i, int32_t count, int64_t room, double *ret_earned)
{
    size_t width = (size_t)room + 1;

    if (room >= CELLS_MOST || (size_t)(count + 1) * width > CELLS_MOST) {
        return false;
    }
    if ((size_t)(count + 1) * width > k->table_room) {
        k->table_room = 2 * (size_t)(count + 1) * width;
        k->table      = memory_resize(k->table, k->table_room * sizeof *k->table);
    }
    memset(k->table, 0, width * sizeof *k->table);
    for (int32_t c = 0; c < count; c++) {
        const double *old = k->table + (size_t)c * width;
        double *new       = k->table + (size_t)(c + 1) * width;
        size_t w          = (size_t)k->p->weight[gap_at(k->p, i, k->core[c])];
        double g          = gain(k, i, k->core[c]);
        memcpy(new, old, (w < width ? w : width) * sizeof *new);
        for (size_t at = w; at < width; at++) {
            double with = old[at - w] + g;
            new[at]     = with > old[at] ? with : old[at];
        }
    }
    k->cells += (int64_t)(count + 1) * (int64_t)width;
    *ret_earned = k->table[(size_t)count * width + width - 1];
    for (size_t c = (size_t)count, at = width - 1; c > 0; c--) {
        if (k->table[c * width + at] > k->table[(c - 1) * width + at]) {
            k->taken[k->core[c - 1]]++;
            at -= (size_t)k->p->weight[gap_at(k->p, i, k->core[c - 1])];
        }
    }
    return true;
}

// What agent i earns at most. Items whose change would lose more than what the greedy choice is
// from the fractional one keep their place in it (Dantzig 1957); the rest are in doubt.
static bool fill(struct sack *k, int32_t i, double *ret_earned)
{
    int32_t       *order  = &k->order[gap_at(k->p, i, 0)];
    const int64_t *weight = &k->p->weight[gap_at(k->p, i, 0)];
    int64_t        left = k->p->capacity[i], room = 0, doubt = 0;
    int32_t        n = 0, at_break = -1, count = 0;
    double         greedy = 0, whole = 0, rate = 0;

    sort(k, i, order);
    for (; n < k->p->items && k->rate[order[n]] > 0; n++) {
        int32_t j = order[n];
        if (at_break < 0 && weight[j] > left) {
            at_break = n;
            rate     = k->rate[j];
            whole    = greedy + (double)left * rate;
            room     = left;
        }
        if (weight[j] <= left) {
            left -= weight[j];
            greedy += gain(k, i, j);
        }
    }
    *ret_earned = 0;
    for (int32_t c = 0; c < n; c++) {
        int32_t j    = order[c];
        bool    in   = at_break < 0 || c < at_break;
        double  loss = fabs(gain(k, i, j) - rate * (double)weight[j]);
        if (at_break >= 0 && whole - loss >= greedy - 1e-9) {
            k->core[count++] = j;
            room += in ? weight[j] : 0;
            doubt += weight[j];
        } else if (in) {
            k->taken[j]++;
            *ret_earned += gain(k, i, j);
        }
    }
    double more = 0;
    bool   ok   = count == 0 || solve_core(k, i, count, room < doubt ? room : doubt, &more);
    *ret_earned += more;
    return ok;
}

static bool evaluate(struct sack *k, double *ret_bound)
{
    double sum = 0, earned;

    memset(k->taken, 0, (size_t)k->p->items * sizeof *k->taken);
    for (int32_t j = 0; j < k->p->items; j++) {
        sum += k->price[j];
    }
    for (int32_t i = 0; i < k->p->agents; i++) {
        if (!fill(k, i, &earned)) {
            return false;
        }
        sum -= earned;
    }
    *ret_bound = sum;
    return true;
}

// The same in whole numbers: what the prices, rounded, prove.
static int64_t exact_earned(const struct gap_problem *p, int32_t i, const int64_t *price,
                            int64_t *best)
{
    int64_t capacity = p->capacity[i], whole = 0, all = 0;

    for (int32_t j = 0; j < p->items; j++) {
        int64_t profit = price[j] - p->cost[gap_at(p, i, j)] * GAP_UNIT;
        if (profit > 0 && p->weight[gap_at(p, i, j)] <= capacity) {
            whole += p->weight[gap_at(p, i, j)];
            all += profit;
        }
    }
    if (whole <= capacity) {
        return all;
    }
    memset(best, 0, ((size_t)capacity + 1) * sizeof *best);
    for (int32_t j = 0; j < p->items; j++) {
        int64_t profit = price[j] - p->cost[gap_at(p, i, j)] * GAP_UNIT;
        int64_t w      = p->weight[gap_at(p, i, j)];
        for (int64_t at = capacity; profit > 0 && at >= w; at--) {
            int64_t with = best[at - w] + profit;
            best[at]     = with > best[at] ? with : best[at];
        }
    }
    return best[capacity];
}

static void keep_exact(const struct gap_problem *p, const double *price, struct gap_result *r)
{
    int64_t *whole, most = 0, sum = 0;
    double   all = 0;

    for (int32_t j = 0; j < p->items; j++) {
        all += price[j];
    }
    if (all * (double)GAP_UNIT > SUM_MOST) {
        return;
    }
    whole = memory_new((size_t)p->items * sizeof *whole);
    for (int32_t j = 0; j < p->items; j++) {
        whole[j] = llround(price[j] * (double)GAP_UNIT);
        sum += whole[j];
    }
    for (int32_t i = 0; i < p->agents; i++) {
        most = p->capacity[i] > most ? p->capacity[i] : most;
    }
    int64_t *best = memory_new(((size_t)most + 1) * sizeof *best);
    for (int32_t i = 0; i < p->agents; i++) {
        sum -= exact_earned(p, i, whole, best);
    }
    int64_t bound = sum <= 0 ? 0 : (sum + GAP_UNIT - 1) / GAP_UNIT;
    if (bound > r->bound) {
        r->bound = bound;
        free(r->item_price);
        r->item_price = whole;
        whole         = NULL;
    }
    free(whole);
    free(best);
}

// Prices of items that prove the bound of the prices of capacity: what an item costs at best.
static void first_prices(const struct gap_problem *p, const double *capacity_price, double *price)
{
    for (int32_t j = 0; j < p->items; j++) {
        price[j] = INFINITY;
        for (int32_t i = 0; i < p->agents; i++) {
            size_t at = gap_at(p, i, j);
            price[j] =
                fmin(price[j], (double)p->cost[at] + capacity_price[i] * (double)p->weight[at]);
        }
    }
}

// Turns the way of the prices towards the subgradient, keeping some of where it went before
// (Camerini, Fratta and Maffioli 1975); the square of its length.
static double turn(const struct sack *k, double *way)
{
    double norm = 0;

    for (int32_t j = 0; j < k->p->items; j++) {
        way[j] = 1.0 - k->taken[j] + 0.6 * way[j];
        norm += way[j] * way[j];
    }
    return norm;
}

void gap_items(const struct gap_problem *p, const struct gap_options *o,
               const double *capacity_price, int64_t work, struct gap_result *r)
{
    size_t n = (size_t)p->items;

    if (!affordable(p)) {
        return;
    }
    double     *price = memory_new(n * sizeof *price), *top = memory_new(n * sizeof *top);
    double     *way = memory_zero(n * sizeof *way); // where the prices are going
    struct sack k   = { .p = p, .price = price };
    double      value, best = -INFINITY, scale = 1;
    int         since = 0;

    k.order = memory_new(n * (size_t)p->agents * sizeof *k.order);
    k.rate  = memory_new(n * sizeof *k.rate);
    k.core  = memory_new(n * sizeof *k.core);
    for (size_t at = 0; at < n * (size_t)p->agents; at++) {
        k.order[at] = (int32_t)(at % n);
    }
    k.taken = memory_new(n * sizeof *k.taken);
    first_prices(p, capacity_price, price);
    while (k.cells / CELLS_PER_MOVE < work && scale > 1e-4 && evaluate(&k, &value) &&
           (!o->go_on || o->go_on(o->context))) {
        double target = r->found ? (double)r->cost : 1.01 * value + 1;
        if (best == -INFINITY || value > best + 1e-7 * fabs(best)) {
            best  = value;
            since = 0;
            memcpy(top, price, n * sizeof *top);
        } else if (++since > PATIENCE) {
            since = 0;
            scale /= 2;
            memcpy(price, top, n * sizeof *top);
            memset(way, 0, n * sizeof *way);
            if (!evaluate(&k, &value)) {
                break;
            }
        }
        double norm = turn(&k, way);
        if (norm <= 0 || ceil(best - 1e-6) >= target) {
            break;
        }
        for (size_t j = 0; j < n; j++) {
            // Below zero nobody takes an item, and the bound only loses.
            price[j] = fmax(0, price[j] + scale * (target - value) / norm * way[j]);
        }
    }
    if (best > -INFINITY) {
        keep_exact(p, top, r);
    }
    r->moves += k.cells / CELLS_PER_MOVE;
    free(price);
    free(top);
    free(way);
    free(k.table);
    free(k.order);
    free(k.rate);
    free(k.core);
    free(k.taken);
}
