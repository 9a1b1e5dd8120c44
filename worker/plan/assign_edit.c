// Changes of a solved problem. Each keeps every establishment at its best leaf for the prices at
// hand, so that only excess is left to repair.
#include "plan/assign_private.h"

// i chooses anew, after `change` of its options.
static void leave(struct assign *s, int32_t i)
{
    if (s->ready) {
        assign_move(s, i, AT_NOWHERE);
    }
}

static void choose(struct assign *s, int32_t i)
{
    if (s->ready) {
        assign_move(s, i, assign_best(s, i, NULL));
    }
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

// Too many stand at v: its price rises until `keep` of them prefer to stay, at once instead of path
// by path.
static void shed(struct assign *s, int32_t v, int64_t keep)
{
    struct members *m     = &s->members[v];
    int32_t         count = m->count, leavers = (int32_t)(count - keep);
    int64_t        *sorted  = memory_new((size_t)count * sizeof *sorted);
    struct leaving *leaving = memory_new((size_t)count * sizeof *leaving);
    int64_t         rise    = 0;

    for (int32_t k = 0; k < count; k++) {
        struct leaving *l = &leaving[k];
        l->who            = m->list[k].who;
        l->price          = assign_member_leaves(s, assign_member_of(s, v, l->who), &l->to);
        sorted[k]         = l->price == INT64_MAX ? INT64_MAX : l->price - s->price[v];
    }
    qsort(sorted, (size_t)count, sizeof *sorted, ascending);
    while (leavers > 0 && sorted[leavers - 1] == INT64_MAX) {
        leavers--;
    }
    if (leavers > 0) {
        int64_t next = leavers < count ? sorted[leavers] : INT64_MAX;
        rise         = sorted[leavers - 1];
        rise += next == INT64_MAX ? 0 : (next - rise) / 2;
    }
    s->price[v] += rise;
    for (int32_t k = 0; k < count && leavers > 0; k++) {
        int64_t price = leaving[k].price;
        if (price < s->price[v] || (price == s->price[v] && s->load[v] > keep)) {
            assign_move_to(s, leaving[k].who, leaving[k].to);
        }
    }
    free(sorted);
    free(leaving);
}

// A bound that held back no longer does: the prices below give way, and everybody chooses anew.
static void shift(struct assign *s, int32_t v, int64_t change)
{
    bool *inside = memory_zero((size_t)s->p.nodes * sizeof *inside);

    for (int32_t u = v; u < s->p.nodes; u++) {
        inside[u] = u == v || inside[s->p.parent[u]];
        s->price[u] += inside[u] ? change : 0;
    }
    free(inside);
    if (change < 0) {
        assign_members_forget(s);
    }
    for (int32_t i = 0; i < s->p.count; i++) {
        if (s->at[i] != AT_NOWHERE) {
            int64_t net, here = assign_worth(s, s->at[i]) - s->price[assign_place(s, i)];
            int32_t best = assign_best(s, i, &net);
            if (net > here) {
                assign_move(s, i, best);
            }
        }
    }
}

void assign_set_bounds(struct assign *s, int32_t node, int64_t lower, int64_t upper)
{
    bool looser_below = lower<s->p.lower[node], looser_above = upper> s->p.upper[node];

    s->p.lower[node] = lower;
    s->p.upper[node] = upper;
    if (!s->ready) {
        return;
    }
    int64_t mu          = assign_mu(s, node);
    bool    of_advisers = s->is_leaf[node] && !s->is_pool[node];
    if (of_advisers && looser_above && mu > 0) {
        assign_welcome(s, node);
    } else if ((looser_above && mu > 0) || (looser_below && mu < 0)) {
        shift(s, node, -mu);
    }
    if (of_advisers && s->load[node] > upper) {
        shed(s, node, upper);
    }
    assign_flow_settle(s, node);
}

bool assign_lock(struct assign *s, int32_t i, int32_t node)
{
    int32_t option = -1;

    for (int32_t e = s->p.first[i]; e < s->p.first[i + 1] && node >= 0; e++) {
        option = s->p.node[e] == node && s->p.profit[e] != ASSIGN_NEVER ? e : option;
    }
    if (node >= 0 && option < 0) {
        return false;
    }
    if (s->ready && s->at[i] == AT_NOWHERE) {
        return false;
    }
    leave(s, i);
    s->lock[i] = option;
    choose(s, i);
    return true;
}

void assign_set_profit(struct assign *s, int32_t option, int64_t profit)
{
    int32_t i    = s->owner[option];
    bool    gone = s->ready && s->at[i] == AT_NOWHERE;

    if (!gone) {
        leave(s, i);
    }
    assign_pool_forget(s, option);
    s->p.profit[option] = assign_scaled(s, i, s->p.node[option], profit);
    if (!gone) {
        choose(s, i);
    }
}

// True when those who may stand at this pool have to choose anew.
static bool set_gain(struct assign *s, int32_t node, int64_t gain)
{
    int64_t change = gain * s->scale - s->p.gain[node];

    s->p.gain[node] += change;
    if (!s->ready || !change) {
        return false;
    }
    if (!s->is_pool[node]) {
        assign_flow_settle(s, node);
        return false;
    }
    // The price of the pool gives way, so that mu stays.
    s->price[node] -= change;
    if (change > 0) {
        assign_members_forget(s);
    }
    return true;
}

void assign_set_gains(struct assign *s, const int64_t *gain)
{
    bool *anew = memory_zero((size_t)s->p.nodes * sizeof *anew), any = false;

    if (!s->p.gain) {
        s->p.gain = memory_zero((size_t)s->p.nodes * sizeof *s->p.gain);
    }
    for (int32_t v = 1; v < s->p.nodes; v++) {
        anew[v] = set_gain(s, v, gain[v]);
        any     = any || anew[v];
    }
    for (int32_t i = 0; any && i < s->p.count; i++) {
        if (s->p.pool[i] >= 0 && anew[s->p.pool[i]] && s->at[i] != AT_NOWHERE) {
            int32_t best = assign_best(s, i, NULL);
            if (best != s->at[i]) {
                assign_move(s, i, best);
            }
        }
    }
    for (int32_t v = s->p.nodes - 1; any && v > 0; v--) {
        if (anew[v]) {
            assign_flow_settle(s, v);
        }
    }
    free(anew);
}

void assign_set_gain(struct assign *s, int32_t node, int64_t gain)
{
    int64_t *all = memory_zero((size_t)s->p.nodes * sizeof *all);

    for (int32_t v = 1; s->p.gain && v < s->p.nodes; v++) {
        all[v] = s->p.gain[v] / s->scale;
    }
    all[node] = gain;
    assign_set_gains(s, all);
    free(all);
}

static void make_room(struct assign *s, int32_t options)
{
    if (s->p.count == s->count_room) {
        s->count_room = s->count_room + s->count_room / 8 + 16;
        size_t n      = (size_t)s->count_room;
        s->at         = memory_resize(s->at, n * sizeof *s->at);
        s->slot       = memory_resize(s->slot, n * sizeof *s->slot);
        s->lock       = memory_resize(s->lock, n * sizeof *s->lock);
        s->p.pool     = memory_resize(s->p.pool, n * sizeof *s->p.pool);
        s->p.first    = memory_resize(s->p.first, (n + 1) * sizeof *s->p.first);
    }
    if (options > s->option_room) {
        s->option_room = options + options / 8;
        size_t n       = (size_t)s->option_room;
        s->owner       = memory_resize(s->owner, n * sizeof *s->owner);
        s->queued      = memory_resize(s->queued, n * sizeof *s->queued);
        s->p.node      = memory_resize(s->p.node, n * sizeof *s->p.node);
        s->p.profit    = memory_resize(s->p.profit, n * sizeof *s->p.profit);
    }
}

int32_t assign_add(struct assign *s, int32_t pool, const int32_t *nodes, const int64_t *profits,
                   int32_t count)
{
    int32_t i = s->p.count, first = s->p.first[i];

    if (i >= ASSIGN_COUNT_MAX || first > ASSIGN_OPTION_MAX - count ||
        (s->scale > 1 && !assign_scale_holds(s, i + 1))) {
        return -1;
    }
    make_room(s, first + count);
    s->p.count++;
    s->p.first[i + 1] = first + count;
    s->p.pool[i]      = pool;
    s->at[i]          = AT_NOWHERE;
    s->lock[i]        = -1;
    if (pool >= 0) {
        s->is_pool[pool] = true;
    }
    for (int32_t k = 0; k < count; k++) {
        int32_t e      = first + k;
        s->owner[e]    = i;
        s->queued[e]   = 0;
        s->p.node[e]   = nodes[k];
        s->p.profit[e] = assign_scaled(s, i, nodes[k], profits[k]);
        if (pool >= 0) {
            assign_pool_grow(s, pool, nodes[k]);
        }
    }
    if (s->ready) {
        s->excess[0]--;
        choose(s, i);
    }
    return i;
}

void assign_remove(struct assign *s, int32_t i)
{
    if (s->ready && s->at[i] != AT_NOWHERE) {
        assign_move(s, i, AT_NOWHERE);
        s->lock[i] = -1;
        s->excess[0]++;
    }
}
