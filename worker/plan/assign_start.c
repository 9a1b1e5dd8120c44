// Prices worth beginning with: exact coordinate descent on the dual, first on a sample.
//
// With all other prices fixed, the establishments that prefer what stands below node v to
// everything else are those whose threshold (best inside less best outside) exceeds the price v
// adds. The best step moves that price to where as many remain as v may carry. A sample of the
// establishments with bounds scaled down gives nearly the same prices for a fraction of the work,
// so the sweeps begin there. Nothing here has to converge: the search for paths makes up for what
// is left.
#include "plan/assign_private.h"

// A pair of the sample, in the list of its leaf.
struct pair {
    int64_t profit;
    int32_t local; // which establishment of the sample
};

// The two best places of an establishment at the prices of the moment.
struct choice {
    int64_t net, next_net;
    int32_t node, next_node;
};

struct sample {
    struct assign *s;
    int32_t        stride, count; // every stride-th establishment
    int32_t       *first;         // [nodes + 1] pairs of each leaf
    struct pair   *pairs;
    struct choice *choices;        // [count]
    int64_t       *threshold;      // scratch
    bool          *inside, *below; // scratch, per node
    int32_t       *pool_first;     // [nodes + 1] whose pool a node is, in the list
    int32_t       *pooled;
    int32_t       *concerned; // [count] those who may stand inside, when fewer than all; else NULL
    int32_t       *room;      // for that list
    int32_t        concerned_count;
};

#define FAR (INT64_C(1) << 60) // stands for no choice at all

static void take(struct choice *c, int64_t net, int32_t node)
{
    if (net > c->net) {
        c->next_net  = c->net;
        c->next_node = c->node;
        c->net       = net;
        c->node      = node;
    } else if (net > c->next_net) {
        c->next_net  = net;
        c->next_node = node;
    }
}

static void choose(const struct sample *g, int32_t local)
{
    const struct assign *s = g->s;
    int32_t              i = local * g->stride;
    struct choice        c = { -FAR, -FAR, -1, -1 };

    if (assign_pool_open(s, i)) {
        take(&c, -s->price[s->p.pool[i]], s->p.pool[i]);
    }
    for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
        if (assign_open(s, i, e)) {
            take(&c, s->p.profit[e] - s->price[s->p.node[e]], s->p.node[e]);
        }
    }
    g->choices[local] = c;
}

static void know_pools(struct sample *g)
{
    const struct assign_problem *p = &g->s->p;

    g->pool_first = memory_zero((size_t)(p->nodes + 2) * sizeof *g->pool_first);
    g->pooled     = memory_new((size_t)g->count * sizeof *g->pooled);
    g->room       = memory_new((size_t)g->count * sizeof *g->room);
    for (int32_t k = 0; k < g->count; k++) {
        g->pool_first[p->pool[k * g->stride] + 2]++; // -1, no pool, comes before the root
    }
    for (int32_t v = 0; v <= p->nodes; v++) {
        g->pool_first[v + 1] += g->pool_first[v];
    }
    for (int32_t k = 0; k < g->count; k++) {
        g->pooled[g->pool_first[p->pool[k * g->stride] + 1]++] = k;
    }
}

static void concern_all(struct sample *g)
{
    g->concerned       = NULL;
    g->concerned_count = g->count;
}

// When all that is inside is pools, as below a quota, only theirs are concerned.
static void concern_inside(struct sample *g)
{
    const struct assign *s = g->s;

    concern_all(g);
    for (int32_t v = 1; v < s->p.nodes; v++) {
        if (g->inside[v] && s->is_leaf[v] && !s->is_pool[v]) {
            return;
        }
    }
    g->concerned       = g->room;
    g->concerned_count = 0;
    for (int32_t v = 1; v < s->p.nodes; v++) {
        for (int32_t k = g->pool_first[v]; g->inside[v] && k < g->pool_first[v + 1]; k++) {
            g->room[g->concerned_count++] = g->pooled[k];
        }
    }
}

static int32_t concerned(const struct sample *g, int32_t k)
{
    return g->concerned ? g->concerned[k] : k;
}

static struct sample sample_new(struct assign *s, int32_t stride)
{
    struct sample g = { .s = s, .stride = stride };
    int32_t       n = s->p.nodes;

    g.first = memory_zero((size_t)(n + 2) * sizeof *g.first);
    for (int32_t i = 0; i < s->p.count; i += stride) {
        g.count++;
        for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
            g.first[s->p.node[e] + 2] += assign_open(s, i, e);
        }
    }
    for (int32_t v = 0; v < n; v++) {
        g.first[v + 2] += g.first[v + 1];
    }
    g.pairs = memory_new((size_t)g.first[n + 1] * sizeof *g.pairs);
    for (int32_t i = 0; i < s->p.count; i += stride) {
        for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
            if (assign_open(s, i, e)) {
                g.pairs[g.first[s->p.node[e] + 1]++] = (struct pair){ s->p.profit[e], i / stride };
            }
        }
    }
    int32_t most = g.count;
    for (int32_t v = 0; v < n; v++) {
        most = g.first[v + 1] - g.first[v] > most ? g.first[v + 1] - g.first[v] : most;
    }
    g.threshold = memory_new((size_t)most * sizeof *g.threshold);
    g.inside    = memory_new((size_t)n * sizeof *g.inside);
    g.below     = memory_new((size_t)n * sizeof *g.below);
    g.choices   = memory_new((size_t)g.count * sizeof *g.choices);
    know_pools(&g);
    concern_all(&g);
    for (int32_t k = 0; k < g.count; k++) {
        choose(&g, k);
    }
    return g;
}

static void sample_done(struct sample *g)
{
    free(g->first);
    free(g->pairs);
    free(g->threshold);
    free(g->inside);
    free(g->below);
    free(g->choices);
    free(g->pool_first);
    free(g->pooled);
    free(g->room);
}

// Puts the k largest of t[0..n-1] first (0 < k < n); the k-th largest is at k - 1 afterwards.
static void select_largest(int64_t *t, int32_t n, int32_t k)
{
    int32_t low = 0, high = n - 1, at = k - 1;

    while (low < high) {
        int64_t pivot = t[low + (high - low) / 2];
        int32_t i = low, j = high;
        while (i <= j) {
            while (t[i] > pivot) {
                i++;
            }
            while (t[j] < pivot) {
                j--;
            }
            if (i <= j) {
                int64_t kept = t[i];
                t[i++]       = t[j];
                t[j--]       = kept;
            }
        }
        if (at <= j) {
            high = j;
        } else if (at >= i) {
            low = i;
        } else {
            return;
        }
    }
}

// Between the k-th and the next largest threshold: the price at which k remain.
static int64_t price_for(int64_t *t, int32_t n, int32_t k)
{
    if (k <= 0 || k >= n) {
        int64_t end = t[0];
        for (int32_t i = 1; i < n; i++) {
            end = (k <= 0) == (t[i] > end) ? t[i] : end;
        }
        return end;
    }
    select_largest(t, n, k);
    int64_t next = t[k];
    for (int32_t i = k + 1; i < n; i++) {
        next = t[i] > next ? t[i] : next;
    }
    return next + (t[k - 1] - next) / 2;
}

static int32_t scaled(const struct sample *g, int64_t bound)
{
    int64_t whole = bound < g->s->p.count ? bound : g->s->p.count;
    int64_t part  = (2 * whole * g->count + g->s->p.count) / (2 * (int64_t)g->s->p.count);

    return (int32_t)(whole > 0 && part == 0 ? 1 : part);
}

// By how much a price should change so that between least and most remain; free: the change at
// which nothing binds.
static int64_t settle(struct sample *g, int32_t n, int64_t least, int64_t most, int64_t free)
{
    int32_t above = 0;
    int64_t lower = scaled(g, least), upper = scaled(g, most);

    for (int32_t i = 0; i < n; i++) {
        above += g->threshold[i] > free;
    }
    if (above > upper) {
        return price_for(g->threshold, n, (int32_t)upper);
    }
    if (above < lower && n) {
        return price_for(g->threshold, n, (int32_t)lower);
    }
    return free;
}

// The price of leaf v changed: who chose it, or would now, chooses again.
static void tell(struct sample *g, int32_t v, int64_t change)
{
    int64_t price = g->s->price[v];

    for (int32_t k = g->first[v]; k < g->first[v + 1]; k++) {
        struct choice *c   = &g->choices[g->pairs[k].local];
        int64_t        net = g->pairs[k].profit - price;
        if (c->node == v) {
            if (net >= c->next_net) {
                c->net = net;
            } else {
                choose(g, g->pairs[k].local);
            }
        } else if (c->next_node != v) {
            take(c, net, v);
        } else if (change > 0) {
            choose(g, g->pairs[k].local);
        } else {
            c->next_net = -FAR;
            take(c, net, v);
        }
    }
}

static void step_leaf(struct sample *g, int32_t v)
{
    const struct assign *s = g->s;
    int32_t              n = 0;

    for (int32_t k = g->first[v]; k < g->first[v + 1]; k++) {
        const struct choice *c = &g->choices[g->pairs[k].local];
        g->threshold[n++] =
            g->pairs[k].profit - s->price[v] - (c->node == v ? c->next_net : c->net);
    }
    int64_t change = settle(g, n, s->p.lower[v], s->p.upper[v], -assign_mu(s, v));
    if (change) {
        s->price[v] += change;
        tell(g, v, change);
    }
}

// Fills the thresholds of everybody who may stand inside; how many.
static int32_t thresholds(struct sample *g)
{
    const struct assign *s = g->s;
    int32_t              n = 0;

    for (int32_t k = 0; k < g->concerned_count; k++) {
        int32_t i       = concerned(g, k) * g->stride;
        int64_t best[2] = { -FAR, -FAR }; // outside, inside
        bool    any     = false;
        if (assign_pool_open(s, i)) {
            bool in  = g->inside[s->p.pool[i]];
            best[in] = -s->price[s->p.pool[i]];
            any      = in;
        }
        for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
            if (assign_open(s, i, e)) {
                bool    in  = g->inside[s->p.node[e]];
                int64_t net = s->p.profit[e] - s->price[s->p.node[e]];
                best[in]    = net > best[in] ? net : best[in];
                any         = any || in;
            }
        }
        if (any) {
            g->threshold[n++] = best[1] - best[0];
        }
    }
    return n;
}

static void shift_inside(struct sample *g, int64_t change)
{
    for (int32_t u = 0; change && u < g->s->p.nodes; u++) {
        g->s->price[u] += g->inside[u] ? change : 0;
    }
    for (int32_t k = 0; change && k < g->concerned_count; k++) {
        choose(g, concerned(g, k));
    }
}

// A node that carries several: all prices below move together.
static void step_inner(struct sample *g, int32_t v)
{
    const struct assign *s = g->s;

    for (int32_t u = 0; u < s->p.nodes; u++) {
        g->inside[u] = u == v || (u > v && g->inside[s->p.parent[u]]);
    }
    concern_inside(g);
    int32_t n = thresholds(g);
    shift_inside(g, settle(g, n, s->p.lower[v], s->p.upper[v], -assign_mu(s, v)));
}

// All leaves below v that are full at a price move together: alone, each would see the others take
// over whom it lets go, and the common level would be found slowly.
static void step_level(struct sample *g, int32_t v)
{
    const struct assign *s    = g->s;
    int64_t              room = 0, least = INT64_MAX;
    bool                *below = g->below;

    for (int32_t u = 0; u < s->p.nodes; u++) {
        below[u]     = u == v || (u > v && below[s->p.parent[u]]);
        g->inside[u] = below[u] && s->is_leaf[u] && !s->is_pool[u] && assign_mu(s, u) > 0;
        if (g->inside[u]) {
            room += s->p.upper[u];
            least = assign_mu(s, u) < least ? assign_mu(s, u) : least;
        }
    }
    if (room) {
        concern_all(g);
        int32_t n = thresholds(g);
        shift_inside(g, settle(g, n, 0, room, -least));
    }
}

static int descending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x < y) - (x > y);
}

// How many of t[0..n-1], the largest first, are above x.
static int32_t above(const int64_t *t, int32_t n, int64_t x)
{
    int32_t low = 0, high = n;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (t[middle] > x) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

// An arc that lets more through once prices below it rose to here.
struct opening {
    int64_t rise, more;
};

static int earlier(const void *a, const void *b)
{
    const struct opening *x = a, *y = b;

    return (x->rise > y->rise) - (x->rise < y->rise);
}

// The rise at which as many prefer to stay inside as the arcs out of it carry: thresholds fall as
// it grows, arcs open one after the other.
static int64_t balance(const int64_t *t, int32_t n, struct opening *o, int32_t count,
                       int64_t carried)
{
    qsort(o, (size_t)count, sizeof *o, earlier);
    for (int32_t k = 0; k <= count; k++) {
        int32_t most = (int32_t)(carried < n ? carried : n);
        int64_t next = k < count ? o[k].rise : INT64_MAX;
        if (k == count || above(t, n, next) <= carried) {
            int64_t low  = most < n ? t[most] : INT64_MIN / 4;
            int64_t high = most > 0 ? t[most - 1] : INT64_MAX;
            int64_t rise = high < FAR && low > -FAR ? low + (high - low) / 2 : low;
            rise         = rise < next ? rise : next;
            return k > 0 && rise < o[k - 1].rise ? o[k - 1].rise : rise;
        }
        carried += o[k].more;
        if (above(t, n, next) <= carried) {
            return next;
        }
    }
    return 0;
}

// All organisations together, against not being visited: each alone sees only what the others take
// over from it.
static void step_whole(struct sample *g)
{
    const struct assign *s       = g->s;
    struct opening      *o       = memory_new((size_t)s->p.nodes * sizeof *o);
    int32_t              count   = 0;
    int64_t              carried = 0;

    // Outside are the pools, and nodes above nothing else.
    for (int32_t u = 0; u < s->p.nodes; u++) {
        g->inside[u] = s->is_leaf[u] && !s->is_pool[u];
    }
    for (int32_t u = s->p.nodes - 1; u > 0; u--) {
        int32_t parent    = s->p.parent[u];
        g->inside[parent] = g->inside[parent] || g->inside[u];
    }
    g->inside[0] = false;
    for (int32_t k = s->child_first[0]; k < s->child_first[1]; k++) {
        int32_t v = s->child[k];
        if (g->inside[v]) {
            int64_t lower = scaled(g, s->p.lower[v]), upper = scaled(g, s->p.upper[v]);
            carried += lower;
            o[count++] = (struct opening){ -assign_mu(s, v), upper - lower };
        }
    }
    concern_all(g);
    int32_t n = thresholds(g);
    qsort(g->threshold, (size_t)n, sizeof *g->threshold, descending);
    int64_t rise = balance(g->threshold, n, o, count, carried);
    free(o);
    if (rise > -FAR && rise < FAR) {
        shift_inside(g, rise);
    }
}

static void sweep(struct sample *g)
{
    const struct assign *s = g->s;

    for (int32_t v = s->p.nodes - 1; v > 0; v--) {
        if (s->is_leaf[v] && !s->is_pool[v]) {
            step_leaf(g, v);
        } else if (s->p.lower[v] > 0 || s->p.upper[v] < s->p.count) {
            step_inner(g, v);
        }
    }
    step_level(g, 0);
    step_whole(g);
}

// A bound that cannot hold back has no price: nothing would ever fill it.
static void free_loose(struct assign *s)
{
    int64_t *fall = memory_zero((size_t)s->p.nodes * sizeof *fall);

    for (int32_t v = 1; v < s->p.nodes; v++) {
        s->price[v] -= fall[s->p.parent[v]];
        int64_t mu   = assign_mu(s, v);
        int64_t more = s->p.upper[v] >= s->p.count && mu > 0 ? mu : 0;
        s->price[v] -= more;
        fall[v] = fall[s->p.parent[v]] + more;
    }
    free(fall);
}

void assign_start_prices(struct assign *s)
{
    static const struct {
        int32_t stride, sweeps;
    } plan[] = { { 16, 30 }, { 4, 12 }, { 1, 3 } };
    enum { SAMPLE_LEAST = 2000 };

    for (int32_t v = 1; v < s->p.nodes; v++) {
        s->price[v] = s->price[s->p.parent[v]] - (s->p.gain ? s->p.gain[v] : 0);
    }
    for (size_t k = 0; s->p.count > 0 && k < LENGTH(plan); k++) {
        if (plan[k].stride > 1 && s->p.count / plan[k].stride < SAMPLE_LEAST) {
            continue;
        }
        struct sample g = sample_new(s, plan[k].stride);
        for (int32_t i = 0; i < plan[k].sweeps; i++) {
            sweep(&g);
        }
        sample_done(&g);
    }
    free_loose(s);
}
