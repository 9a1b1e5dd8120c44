// The lower bound: prices of capacity.
#include "plan/gap_private.h"

#include <math.h>

__extension__ typedef __int128 wide;

// The bound that whole prices of capacity give, rounded up: costs are whole.
static int64_t ceil_div(int64_t a, int64_t b)
{
    return a >= 0 ? (a + b - 1) / b : -(-a / b);
}

static int64_t exact_by_capacity(const struct gap_problem *p, const int64_t *price)
{
    wide sum = 0;

    for (int32_t j = 0; j < p->items; j++) {
        wide best = 0;
        for (int32_t i = 0; i < p->agents; i++) {
            size_t k = gap_at(p, i, j);
            wide   c = (wide)p->cost[k] * GAP_UNIT + (wide)price[i] * p->weight[k];
            best     = i == 0 || c < best ? c : best;
        }
        sum += best;
    }
    for (int32_t i = 0; i < p->agents; i++) {
        sum -= (wide)price[i] * p->capacity[i];
    }
    return sum <= 0 ? 0 : ceil_div((int64_t)sum, GAP_UNIT);
}

// One evaluation at prices: the bound; *load gets what the cheapest agents would carry.
static double evaluate(const struct gap_problem *p, const double *price, double *load, double *best)
{
    double sum = 0;

    for (int32_t j = 0; j < p->items; j++) {
        best[j] = INFINITY;
    }
    for (int32_t i = 0; i < p->agents; i++) {
        const int64_t *c = &p->cost[gap_at(p, i, 0)], *w = &p->weight[gap_at(p, i, 0)];
        for (int32_t j = 0; j < p->items; j++) {
            double v = (double)c[j] + price[i] * (double)w[j];
            best[j]  = v < best[j] ? v : best[j];
        }
        load[i] = 0;
    }
    for (int32_t j = 0; j < p->items; j++) {
        sum += best[j];
    }
    for (int32_t i = 0; i < p->agents; i++) {
        const int64_t *c = &p->cost[gap_at(p, i, 0)], *w = &p->weight[gap_at(p, i, 0)];
        for (int32_t j = 0; j < p->items; j++) {
            if ((double)c[j] + price[i] * (double)w[j] <= best[j]) {
                load[i] += (double)w[j];
            }
        }
        sum -= price[i] * (double)p->capacity[i];
    }
    return sum;
}

// Subgradient ascent; the step aims a little above the best known and shrinks when nothing is won.
static double ascend(const struct gap_problem *p, double *price)
{
    enum { ROUNDS = 1500, PATIENCE = 25 };
    size_t  m   = (size_t)p->agents;
    double *now = memory_zero(m * sizeof *now), *load = memory_new(m * sizeof *load);
    double *item = memory_new((size_t)p->items * sizeof *item);
    double  best = -INFINITY, scale = 1;
    int     since = 0;

    for (int round = 0; round < ROUNDS && scale > 1e-5; round++) {
        double value = evaluate(p, now, load, item), norm = 0;
        if (round == 0 || value > best + 1e-9 * fabs(best)) {
            best  = value;
            since = 0;
            memcpy(price, now, m * sizeof *now);
        } else if (++since > PATIENCE) {
            since = 0;
            scale /= 2;
            memcpy(now, price, m * sizeof *now);
            value = evaluate(p, now, load, item);
        }
        for (int32_t i = 0; i < p->agents; i++) {
            double g = load[i] - (double)p->capacity[i];
            g        = now[i] <= 0 && g < 0 ? 0 : g;
            norm += g * g;
        }
        if (norm <= 0) {
            break;
        }
        double step = scale * (0.01 * fabs(best) + 1) / norm;
        for (int32_t i = 0; i < p->agents; i++) {
            now[i] += step * (load[i] - (double)p->capacity[i]);
            now[i] = now[i] > 0 ? now[i] : 0;
        }
    }
    free(now);
    free(load);
    free(item);
    return best;
}

void gap_bound(const struct gap_problem *p, double *price, struct gap_result *r)
{
    ascend(p, price);
    r->price = memory_new((size_t)p->agents * sizeof *r->price);
    for (int32_t i = 0; i < p->agents; i++) {
        r->price[i] = (int64_t)llround(price[i] * (double)GAP_UNIT);
    }
    r->bound = exact_by_capacity(p, r->price);
}
