// From a case to the problem of the solver, and its solution; quotas in the tree or by prices.
#include "plan/assign_case.h"

// Establishments of the same quotas share a pool; the pools hang under the quotas that nest.
struct shape {
    struct assign_case *c;
    struct case_set    *kind; // [kinds] quotas of each pool
    int32_t             kinds;
    int32_t            *slot; // [slots] a kind, or -1: they are found by what they hold
    size_t              slots;
    uint64_t           *holds; // [quotas][words] the kinds of each quota, bit by bit
    size_t              words;
    struct case_set     nested; // quotas of the tree, the others are kept by prices
    int64_t            *gain;   // [nodes] scratch
};

static struct shape shape_new(struct assign_case *c)
{
    struct shape h = { .c = c, .slots = 16 };

    while (h.slots < 2 * ((size_t)c->count + 1)) {
        h.slots *= 2;
    }
    h.kind = ARENA_ARRAY(c->arena, struct case_set, (size_t)c->count + 1);
    h.slot = ARENA_ARRAY(c->arena, int32_t, h.slots);
    memset(h.slot, -1, h.slots * sizeof *h.slot);
    return h;
}

static int32_t kind_of(struct shape *h, const struct case_set *quotas)
{
    uint64_t x = 0;

    for (size_t w = 0; w < LENGTH(quotas->word); w++) {
        x = (x ^ quotas->word[w]) * UINT64_C(0x9e3779b97f4a7c15);
        x ^= x >> 29;
    }
    for (size_t at = x & (h->slots - 1);; at = (at + 1) & (h->slots - 1)) {
        int32_t k = h->slot[at];
        if (k >= 0 && memcmp(&h->kind[k], quotas, sizeof *quotas) == 0) {
            return k;
        }
        if (k < 0) {
            h->slot[at]       = h->kinds;
            h->kind[h->kinds] = *quotas;
            return h->kinds++;
        }
    }
}

static void know_kinds(struct shape *h)
{
    h->words = ((size_t)h->kinds + 63) / 64;
    h->holds = ARENA_ARRAY(h->c->arena, uint64_t, (size_t)h->c->quota_count * h->words + 1);
    for (int32_t k = 0; k < h->kinds; k++) {
        for (int32_t q = 0; q < h->c->quota_count; q++) {
            uint64_t bit = (uint64_t)case_in(&h->kind[k], q) << (k % 64);
            h->holds[(size_t)q * h->words + (size_t)k / 64] |= bit;
        }
    }
}

// How two quotas lie: by the kinds they hold.
static bool crosses(const struct shape *h, int32_t a, int32_t b)
{
    const uint64_t *in_a = h->holds + (size_t)a * h->words, *in_b = h->holds + (size_t)b * h->words;
    uint64_t        both = 0, only_a = 0, only_b = 0;

    for (size_t w = 0; w < h->words; w++) {
        both |= in_a[w] & in_b[w];
        only_a |= in_a[w] & ~in_b[w];
        only_b |= in_b[w] & ~in_a[w];
    }
    return both && only_a && only_b;
}

static void choose_nested(struct shape *h)
{
    for (int32_t q = 0; q < h->c->quota_count; q++) {
        bool fits = true;
        for (int32_t other = 0; other < q; other++) {
            fits = fits && !(case_in(&h->nested, other) && crosses(h, q, other));
        }
        if (fits) {
            case_put(&h->nested, q);
        }
    }
}

static void add_node(struct assign_problem *p, int32_t parent, int64_t lower, int64_t upper)
{
    p->parent[p->nodes] = parent;
    p->lower[p->nodes]  = lower;
    p->upper[p->nodes]  = upper;
    p->nodes++;
}

static void tree_of_quotas(struct shape *h, struct assign_problem *p, int32_t *pool_node)
{
    struct assign_case *c = h->c;
    int32_t             order[CASE_QUOTAS_MAX];

    // Larger ones first, so that a parent comes before its children.
    for (int32_t q = 0; q < c->quota_count; q++) {
        int32_t at = q;
        for (; at > 0 && c->quotas[order[at - 1]].size < c->quotas[q].size; at--) {
            order[at] = order[at - 1];
        }
        order[at]         = q;
        c->quotas[q].node = -1;
    }
    for (int32_t k = 0; k < c->quota_count; k++) {
        struct case_quota *q      = &c->quotas[order[k]];
        int32_t            parent = 0;
        if (!case_in(&h->nested, order[k])) {
            continue;
        }
        for (int32_t j = 0; j < h->kinds; j++) {
            // The last larger quota that holds one of its kinds holds them all.
            for (int32_t l = 0; case_in(&h->kind[j], order[k]) && l < k; l++) {
                bool above = case_in(&h->nested, order[l]) && case_in(&h->kind[j], order[l]);
                parent     = above ? c->quotas[order[l]].node : parent;
            }
        }
        q->node = p->nodes;
        add_node(p, parent, 0, q->size - q->least);
    }
    for (int32_t j = 0; j < h->kinds; j++) {
        int32_t parent = 0;
        for (int32_t k = 0; k < c->quota_count; k++) {
            bool in = case_in(&h->nested, order[k]) && case_in(&h->kind[j], order[k]);
            parent  = in ? c->quotas[order[k]].node : parent;
        }
        pool_node[j] = p->nodes;
        add_node(p, parent, 0, (int64_t)c->count + 1); // never full: no price of its own
    }
}

// Whether a pair may be used: a lock, an exclusion, a refusal, somebody else's promise.
bool case_usable(const struct assign_case *c, const struct case_establishment *e, int32_t k,
                 int32_t lock)
{
    const struct case_pair *p = &e->pairs[k];

    if (lock >= 0) {
        return p->adviser == lock;
    }
    if (e->out != OUT_NOT || p->excluded) {
        return false;
    }
    for (int32_t q = 0; q < e->count; q++) {
        const struct case_pair *o = &e->pairs[q];
        if (o->features.value[WORTH_PROMISE] &&
            c->advisers[o->adviser].organisation != c->advisers[p->adviser].organisation) {
            return p->features.value[WORTH_PROMISE] != 0;
        }
    }
    return true;
}

// Nothing stands in the way but exclusions: no look at the other pairs for each.
static bool is_plain(const struct case_establishment *e)
{
    bool plain = e->lock < 0 && e->out == OUT_NOT;

    for (int32_t k = 0; plain && k < e->count; k++) {
        plain = !e->pairs[k].features.value[WORTH_PROMISE];
    }
    return plain;
}

static void fill_options(struct shape *h, struct assign_problem *p, const int32_t *pool_node)
{
    struct assign_case *c = h->c;

    for (int32_t i = 0; i < c->count; i++) {
        struct case_establishment *e     = &c->establishments[i];
        int32_t                    at    = p->first[i];
        bool                       plain = is_plain(e);
        for (int32_t k = 0; k < e->count; k++) {
            if (plain ? !e->pairs[k].excluded : case_usable(c, e, k, e->lock)) {
                p->node[at]     = c->advisers[e->pairs[k].adviser].node;
                p->profit[at++] = e->pairs[k].profit;
            }
        }
        p->first[i + 1] = at;
        e->pool         = pool_node[kind_of(h, &e->quotas)];
        p->pool[i]      = e->lock >= 0 ? -1 : e->pool;
    }
}

static struct assign_problem problem_of(struct shape *h, int32_t *pool_node)
{
    struct assign_case   *c = h->c;
    struct assign_problem p = { .count = c->count };
    size_t pairs = 0, nodes = 1 + (size_t)c->organisation_count + (size_t)c->adviser_count +
                              (size_t)c->quota_count + (size_t)h->kinds;

    for (int32_t i = 0; i < c->count; i++) {
        pairs += (size_t)c->establishments[i].count;
    }
    p.parent = memory_new(nodes * sizeof *p.parent);
    p.lower  = memory_new(nodes * sizeof *p.lower);
    p.upper  = memory_new(nodes * sizeof *p.upper);
    p.first  = memory_zero(((size_t)c->count + 1) * sizeof *p.first);
    p.pool   = memory_new((size_t)c->count * sizeof *p.pool);
    p.node   = memory_new(pairs * sizeof *p.node);
    p.profit = memory_new(pairs * sizeof *p.profit);
    add_node(&p, -1, 0, 0);
    for (int32_t o = 0; o < c->organisation_count; o++) {
        c->organisations[o].node = p.nodes;
        add_node(&p, 0, c->organisations[o].lower, c->organisations[o].upper);
    }
    for (int32_t a = 0; a < c->adviser_count; a++) {
        c->advisers[a].node = p.nodes;
        add_node(&p, c->organisations[c->advisers[a].organisation].node, c->advisers[a].lower,
                 c->advisers[a].capacity);
    }
    tree_of_quotas(h, &p, pool_node);
    fill_options(h, &p, pool_node);
    return p;
}

// How many of a quota are left out.
static int64_t left_out(const struct assign_case *c, const struct assign *s, int32_t q)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < c->count; i++) {
        sum += case_in(&c->establishments[i].quotas, q) && assign_option(s, i) < 0;
    }
    return sum;
}

static enum assign_status with_price(struct shape *h, struct assign *s, const int32_t *pool_node,
                                     int32_t q, int64_t price)
{
    h->c->quotas[q].price = price;
    for (int32_t k = 0; k < h->kinds; k++) {
        int64_t gain = 0;
        for (int32_t j = 0; j < h->c->quota_count; j++) {
            bool counts = h->c->quotas[j].price && case_in(&h->kind[k], j);
            gain -= counts && !case_in(&h->nested, j) ? h->c->quotas[j].price : 0;
        }
        h->gain[pool_node[k]] = gain;
    }
    assign_set_gains(s, h->gain);
    return assign_solve(s);
}

static bool holds(struct shape *h, struct assign *s, int32_t q)
{
    return left_out(h->c, s, q) <= h->c->quotas[q].size - h->c->quotas[q].least;
}

// No exchange is worth more than this, so that a higher price changes nothing.
static int64_t price_most(const struct assign_case *c)
{
    int64_t most = 1;

    for (int32_t i = 0; i < c->count; i++) {
        for (int32_t k = 0; k < c->establishments[i].count; k++) {
            int64_t p = c->establishments[i].pairs[k].profit;
            most      = p > most ? p : -p > most ? -p : most;
        }
    }
    return 32 * most;
}

// How far the search for prices is: told to who asks, who may give up.
struct settling {
    struct shape  *h;
    struct assign *s;
    const int32_t *pool_node;
    int32_t        ours; // crossing quotas
    int            round, place;
};

static bool holds_at(struct settling *g, int32_t q, int64_t price)
{
    enum { ROUNDS_USUAL = 3 };
    int whole = ROUNDS_USUAL * g->ours, done = g->round * g->ours + g->place;

    if (!case_goes_on(g->h->c, 100 * (done < whole ? done : whole - 1) / whole)) {
        return false;
    }
    return with_price(g->h, g->s, g->pool_node, q, price) == ASSIGN_OPTIMAL && holds(g->h, g->s, q);
}

// Moves the price of a crossing quota to the least, not below `floor`, that makes it hold, the
// others as they are. Steps that grow, up or down from the price at hand, then halves.
static void settle_quota(struct settling *g, int32_t q, int64_t floor)
{
    struct assign_case *c = g->h->c;
    int64_t most = price_most(c), low = c->quotas[q].price > floor ? c->quotas[q].price : floor;
    int64_t high = low, step = 1;

    if (holds_at(g, q, low)) {
        for (; high > floor && low == high && !c->is_given_up; step *= 4) {
            low  = high - step > floor ? high - step : floor;
            high = holds_at(g, q, low) ? low : high;
        }
        if (low == high) {
            return;
        }
    } else {
        for (high = low + step; high < most && !holds_at(g, q, high) && !c->is_given_up;) {
            low  = high;
            step = 4 * step;
            high = low + step;
        }
        high = high < most ? high : most;
    }
    while (low + 1 < high && !c->is_given_up) {
        int64_t middle = low + (high - low) / 2;
        bool    enough = holds_at(g, q, middle);
        low            = enough ? low : middle;
        high           = enough ? middle : high;
    }
    if (!c->is_given_up) {
        c->status = with_price(g->h, g->s, g->pool_node, q, high);
    }
}

// First each price anew, up or down, until none moves; then only up, until all hold or no price
// helps.
static void settle_all(struct shape *h, struct assign *s, const int32_t *pool_node)
{
    enum { BOTH_WAYS = 3, ROUNDS = 12 };
    struct assign_case *c       = h->c;
    struct settling     g       = { .h = h, .s = s, .pool_node = pool_node };
    bool                missing = true, moved = true;

    for (int32_t q = 0; q < c->quota_count; q++) {
        g.ours += !case_in(&h->nested, q);
    }
    for (; g.round < ROUNDS && (missing || moved) && g.ours > 0; g.round++) {
        bool both_ways = g.round < BOTH_WAYS;
        moved = missing = false;
        g.place         = 0;
        for (int32_t q = 0; q < c->quota_count; q++) {
            int64_t before = c->quotas[q].price;
            if (case_in(&h->nested, q) || c->status != ASSIGN_OPTIMAL || c->is_given_up) {
                continue;
            }
            if (both_ways || !holds(h, s, q)) {
                settle_quota(&g, q, both_ways ? 0 : before);
                moved = moved || (c->quotas[q].price != before && g.ours > 1);
            }
            g.place++;
        }
        for (int32_t q = 0; q < c->quota_count; q++) {
            missing = missing || (!case_in(&h->nested, q) && !holds(h, s, q));
        }
        moved   = moved && g.round + 1 < BOTH_WAYS;
        missing = missing && c->status == ASSIGN_OPTIMAL && !c->is_given_up;
        moved   = moved && c->status == ASSIGN_OPTIMAL && !c->is_given_up;
    }
}

static void take_figures(struct shape *h, const struct assign *s)
{
    struct assign_case *c = h->c;

    c->bound = assign_profit(s);
    for (int32_t i = 0; i < c->count; i++) {
        int32_t e = assign_option(s, i);
        c->profit += e >= 0 ? assign_option_profit(s, e) : 0;
        for (size_t w = 0; e >= 0 && w < LENGTH(c->establishments[i].quotas.word); w++) {
            for (uint64_t left = c->establishments[i].quotas.word[w]; left; left &= left - 1) {
                c->quotas[w * 64 + (size_t)__builtin_ctzll(left)].visits++;
            }
        }
    }
    for (int32_t q = 0; q < c->quota_count; q++) {
        struct case_quota *quota = &c->quotas[q];
        if (case_in(&h->nested, q)) {
            int32_t parent = assign_problem_of(s)->parent[quota->node];
            int64_t price  = assign_price(s, quota->node) - assign_price(s, parent);
            quota->price   = price > 0 ? price : 0; // below zero only where nobody is left out
        } else {
            c->bound += quota->price * (quota->size - quota->least);
        }
        c->unmet += quota->visits < quota->least;
    }
}

struct assign *case_solve(struct assign_case *c)
{
    struct shape h = shape_new(c);

    for (int32_t i = 0; i < c->count; i++) {
        const struct case_set *quotas = &c->establishments[i].quotas;
        kind_of(&h, quotas);
        for (int32_t q = 0; q < c->quota_count; q++) {
            c->quotas[q].size += case_in(quotas, q) ? 1 : 0;
        }
    }
    for (int32_t q = 0; q < c->quota_count; q++) {
        struct case_quota *quota = &c->quotas[q];
        quota->least             = quota->least < quota->size ? quota->least : quota->size;
    }
    kind_of(&h, &(struct case_set){ 0 });
    know_kinds(&h);
    choose_nested(&h);
    int32_t              *pool_node = ARENA_ARRAY(c->arena, int32_t, (size_t)h.kinds + 1);
    struct assign_problem p         = problem_of(&h, pool_node);
    h.gain                          = ARENA_ARRAY(c->arena, int64_t, (size_t)p.nodes);
    struct assign *s                = assign_new(&p);
    c->status                       = assign_solve(s);
    if (c->status == ASSIGN_OPTIMAL) {
        settle_all(&h, s, pool_node);
    }
    if (c->status == ASSIGN_OPTIMAL) {
        take_figures(&h, s);
    } else {
        s = case_conflict(c, s);
    }
    return s;
}
