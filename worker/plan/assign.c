#include "plan/assign_private.h"

#define NEW(type, n)  memory_new((size_t)(n) * sizeof(type))
#define ZERO(type, n) memory_zero((size_t)(n) * sizeof(type))

void assign_problem_done(struct assign_problem *p)
{
    free(p->parent);
    free(p->lower);
    free(p->upper);
    free(p->gain);
    free(p->first);
    free(p->node);
    free(p->profit);
    free(p->pool);
    *p = (struct assign_problem){ 0 };
}

static const char *tree_fault(const struct assign_problem *p, bool *has_child)
{
    for (int32_t v = 1; v < p->nodes; v++) {
        if (p->parent[v] < 0 || p->parent[v] >= v) {
            return "a parent comes after its child";
        }
        if (p->lower[v] < 0 || p->lower[v] > p->upper[v]) {
            return "a lower bound above the upper one";
        }
        if (p->gain && (p->gain[v] > ASSIGN_PROFIT_MAX || p->gain[v] < -ASSIGN_PROFIT_MAX)) {
            return "a gain that is too large";
        }
        has_child[p->parent[v]] = true;
    }
    return NULL;
}

// How a leaf is used: by advisers, or as a pool; never both.
static const char *option_fault(const struct assign_problem *p, uint8_t *use, int32_t *last)
{
    for (int32_t i = 0; i < p->count; i++) {
        if (p->pool[i] < -1 || p->pool[i] >= p->nodes || p->pool[i] == 0) {
            return "a pool that does not exist";
        }
        if (p->pool[i] > 0) {
            use[p->pool[i]] |= 1;
        }
        if (p->first[i + 1] < p->first[i] || p->first[i + 1] - p->first[i] > ASSIGN_OPTIONS_MAX) {
            return "options out of order, or too many";
        }
        for (int32_t e = p->first[i]; e < p->first[i + 1]; e++) {
            int32_t v = p->node[e];
            if (v <= 0 || v >= p->nodes || last[v] == i + 1) {
                return "an option twice, or for no leaf";
            }
            if ((p->profit[e] > ASSIGN_PROFIT_MAX || p->profit[e] < -ASSIGN_PROFIT_MAX) &&
                p->profit[e] != ASSIGN_NEVER) {
                return "a profit that is too large";
            }
            last[v] = i + 1;
            use[v] |= 2;
        }
        if (p->pool[i] < 0 && p->first[i] == p->first[i + 1]) {
            return "somebody without any place";
        }
    }
    return NULL;
}

const char *assign_problem_fault(const struct assign_problem *p)
{
    if (p->count < 0 || p->count > ASSIGN_COUNT_MAX || p->nodes < 1 || p->nodes > ASSIGN_NODE_MAX ||
        p->parent[0] != -1 || p->first[0] != 0 || p->first[p->count] > ASSIGN_OPTION_MAX) {
        return "sizes out of range";
    }
    bool       *has_child = ZERO(bool, p->nodes);
    uint8_t    *use       = ZERO(uint8_t, p->nodes);
    int32_t    *last      = ZERO(int32_t, p->nodes);
    const char *fault     = tree_fault(p, has_child);

    fault = fault ? fault : option_fault(p, use, last);
    for (int32_t v = 0; !fault && v < p->nodes; v++) {
        fault = use[v] == 3 ? "a leaf that is a pool and an adviser" : fault;
        fault = use[v] && has_child[v] ? "a place that is no leaf" : fault;
    }
    free(has_child);
    free(use);
    free(last);
    return fault;
}

static void tree_new(struct assign *s)
{
    int32_t n = s->p.nodes;

    s->child_first = ZERO(int32_t, n + 2);
    s->child       = NEW(int32_t, n);
    for (int32_t v = 1; v < n; v++) {
        s->child_first[s->p.parent[v] + 2]++;
    }
    for (int32_t v = 0; v < n; v++) {
        s->child_first[v + 2] += s->child_first[v + 1];
    }
    for (int32_t v = 1; v < n; v++) {
        s->child[s->child_first[s->p.parent[v] + 1]++] = v;
    }
    s->is_pool = ZERO(bool, n);
    s->is_leaf = ZERO(bool, n);
    for (int32_t i = 0; i < s->p.count; i++) {
        if (s->p.pool[i] >= 0) {
            s->is_pool[s->p.pool[i]] = true;
        }
    }
    for (int32_t v = 1; v < n; v++) {
        s->is_leaf[v] = s->child_first[v] == s->child_first[v + 1];
    }
}

struct assign *assign_new(struct assign_problem *p)
{
    struct assign *s = memory_zero(sizeof *s);
    int32_t        n = p->nodes, count = p->count, options = p->first[p->count];

    s->p           = *p;
    *p             = (struct assign_problem){ 0 };
    s->count_room  = count;
    s->option_room = options;
    s->owner       = NEW(int32_t, options);
    s->queued      = ZERO(uint8_t, options);
    s->at          = NEW(int32_t, count);
    s->slot        = ZERO(int32_t, count);
    s->lock        = NEW(int32_t, count);
    s->price       = ZERO(int64_t, n);
    s->flow        = ZERO(int64_t, n);
    s->load        = ZERO(int64_t, n);
    s->excess      = ZERO(int64_t, n);
    s->members     = ZERO(struct members, n);
    s->rows        = ZERO(struct row, n);
    s->exits       = ZERO(struct exits, n);
    s->distance    = NEW(int64_t, n);
    s->seen        = ZERO(uint32_t, n);
    s->done        = ZERO(uint32_t, n);
    s->steps       = NEW(struct step, n);
    s->queue_room  = 1024;
    s->queue       = NEW(struct queue_entry, s->queue_room);
    s->pace        = ZERO(int64_t, n);
    s->level       = NEW(int32_t, n);
    s->visited     = NEW(int32_t, n);
    s->cut         = ZERO(bool, n);
    for (int32_t v = 0; v < n; v++) {
        s->exits[v].limit   = INT64_MIN;
        s->members[v].stale = true;
    }
    for (int32_t i = 0; i < count; i++) {
        s->at[i]   = AT_NOWHERE;
        s->lock[i] = -1;
        for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
            s->owner[e] = i;
        }
    }
    tree_new(s);
    assign_scale_new(s);
    assign_segments_new(s);
    return s;
}

void assign_free(struct assign *s)
{
    if (!s) {
        return;
    }
    for (int32_t v = 0; v < s->p.nodes; v++) {
        free(s->members[v].list);
        free(s->members[v].soon);
        free(s->rows[v].entries);
        free(s->exits[v].list);
    }
    for (int32_t g = 0; g < s->segment_first[s->p.nodes]; g++) {
        if (s->segments[g].owned) {
            free(s->segments[g].heap);
        }
    }
    void *all[] = { s->owner,   s->queued,       s->at,        s->slot,          s->lock,
                    s->price,   s->flow,         s->load,      s->excess,        s->members,
                    s->rows,    s->distance,     s->seen,      s->done,          s->steps,
                    s->queue,   s->visited,      s->cut,       s->child,         s->child_first,
                    s->is_pool, s->is_leaf,      s->segments,  s->segment_first, s->segment_space,
                    s->exits,   s->option_first, s->option_of, s->looked,        s->level,
                    s->pace };
    for (size_t k = 0; k < LENGTH(all); k++) {
        free(all[k]);
    }
    assign_problem_done(&s->p);
    free(s);
}

// What passes through the arc of v when prices decide: nothing is free to vary but at mu = 0.
static int64_t flow_at_prices(const struct assign *s, int32_t v, int64_t wanted)
{
    int64_t mu    = assign_mu(s, v);
    int64_t least = mu > 0 ? s->p.upper[v] : s->p.lower[v];
    int64_t most  = mu < 0 ? s->p.lower[v] : s->p.upper[v];

    return wanted < least ? least : wanted > most ? most : wanted;
}

// Everybody at the best leaf; of equally good ones, one with room.
static void place_all(struct assign *s)
{
    for (int32_t i = 0; i < s->p.count; i++) {
        int64_t net  = 0;
        int32_t best = assign_best(s, i, &net);
        int32_t leaf = assign_leaf(s, i, best);
        for (int32_t e = s->p.first[i]; best >= 0 && s->lock[i] < 0 &&
                                        s->load[leaf] >= s->p.upper[leaf] && e < s->p.first[i + 1];
             e++) {
            int32_t v = s->p.node[e];
            if (s->p.profit[e] - s->price[v] == net && s->load[v] < s->p.upper[v]) {
                best = e;
                leaf = v;
            }
        }
        assign_move(s, i, best);
    }
}

void assign_flow_settle(struct assign *s, int32_t v)
{
    int64_t old = s->flow[v], new = flow_at_prices(s, v, s->excess[v] + old);

    s->flow[v] = new;
    s->excess[v] += old - new;
    s->excess[s->p.parent[v]] += new - old;
}

static void settle_all(struct assign *s)
{
    for (int32_t v = s->p.nodes - 1; v > 0; v--) {
        assign_flow_settle(s, v);
    }
}

// Where a share binds, what lacks many draws them from everywhere.
static void pull_all(struct assign *s)
{
    enum { PULL_LEAST = 16 };
    bool binds = false;

    for (int32_t v = 1; v < s->p.nodes; v++) {
        binds = binds || (!s->is_leaf[v] && assign_mu(s, v) != 0);
    }
    for (int32_t v = 0; binds && v < s->p.nodes; v++) {
        if (!s->is_leaf[v] && s->excess[v] <= -PULL_LEAST) {
            assign_pull(s, v);
            settle_all(s);
        }
    }
}

static int64_t surplus(const struct assign *s)
{
    int64_t sum = 0;

    for (int32_t v = 0; v < s->p.nodes; v++) {
        sum += s->excess[v] > 0 ? s->excess[v] : 0;
    }
    return sum;
}

enum assign_status assign_solve(struct assign *s)
{
    s->effort = (struct assign_effort){ 0 };
    if (!s->ready) {
        assign_start_prices(s);
        place_all(s);
        settle_all(s);
        s->excess[0] -= s->p.count;
        s->ready = true;
    } else {
        settle_all(s); // what room there is takes what edits brought, before any price moves
        pull_all(s);
        if (surplus(s) > s->p.nodes) {
            assign_cascade(s);
            settle_all(s);
        }
    }
    s->effort.excess = surplus(s);
    for (int32_t v = s->p.nodes - 1; v >= 0; v--) {
        while (s->excess[v] > 0) {
            if (!assign_augment(s, v)) {
                return ASSIGN_IMPOSSIBLE;
            }
        }
    }
    assign_turn(s);
    for (int32_t v = 1; v < s->p.nodes; v++) {
        assign_members_know(s, v);
    }
    // Nothing too much, something too little: somebody who must be visited has no place at all.
    return s->excess[0] < 0 ? ASSIGN_IMPOSSIBLE : ASSIGN_OPTIMAL;
}

int32_t assign_place(const struct assign *s, int32_t i)
{
    return assign_leaf(s, i, s->at[i]);
}

int32_t assign_locked(const struct assign *s, int32_t i)
{
    return s->lock[i] < 0 ? -1 : s->p.node[s->lock[i]];
}

int32_t assign_option(const struct assign *s, int32_t i)
{
    return s->at[i] >= 0 ? s->at[i] : -1;
}

int64_t assign_option_profit(const struct assign *s, int32_t option)
{
    return s->p.profit[option] == ASSIGN_NEVER ? ASSIGN_NEVER : assign_true(s, s->p.profit[option]);
}

int64_t assign_profit(const struct assign *s)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < s->p.count; i++) {
        sum += assign_true(s, assign_worth(s, s->at[i]));
    }
    for (int32_t v = 1; s->p.gain && v < s->p.nodes; v++) {
        sum += assign_true(s, s->p.gain[v]) * s->flow[v];
    }
    return sum;
}

int64_t assign_price(const struct assign *s, int32_t node)
{
    return assign_true(s, s->price[node] + s->turn) - assign_true(s, s->price[0] + s->turn);
}

int64_t assign_flow(const struct assign *s, int32_t node)
{
    return s->flow[node];
}

int64_t assign_surplus(const struct assign *s, int32_t i)
{
    int32_t leaf = assign_place(s, i);

    return leaf < 0 ? 0 : assign_true(s, assign_worth(s, s->at[i])) - assign_price(s, leaf);
}

bool assign_cut(const struct assign *s, int32_t node)
{
    return s->cut[node];
}

int64_t assign_shortage(const struct assign *s)
{
    int64_t sum = 0;

    for (int32_t v = 0; v < s->p.nodes; v++) {
        sum += s->cut[v] ? s->excess[v] : 0;
    }
    return sum;
}

const struct assign_problem *assign_problem_of(const struct assign *s)
{
    return &s->p;
}

struct assign_effort assign_effort(const struct assign *s)
{
    return s->effort;
}
