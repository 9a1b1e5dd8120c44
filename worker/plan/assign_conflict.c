// Which rules are in conflict: as few as contradict each other.
//
// The cut of a problem without a plan names rules that together ask for more than there is. Each is
// let go in turn: when there is still no plan, it goes for good, and with it everything the new cut
// does not name; when there is one, it comes back (the deletion filter of Chinneck and Dravnieks,
// "Locating minimal infeasible constraint sets in linear programs", 1991). Whatever is left
// contradicts itself, and no longer does without any one of its rules.
#include "plan/assign_case.h"

// What a bound is that was let go: above everything that minimums may ask for, of however few.
#define NO_BOUND (INT64_C(1) << 40)

struct filter {
    struct assign_case *c;
    struct assign      *s;
    struct case_rule   *rule; // those not let go for good come first
    int32_t             count;
    int32_t            *stand_in; // [count of the case] who stands for an establishment with a lock
};

static int32_t node_of(const struct assign_case *c, struct case_rule r)
{
    switch (r.kind) {
    case RULE_ORGANISATION_MOST:
    case RULE_ORGANISATION_LEAST:
        return c->organisations[r.index].node;
    case RULE_ADVISER_MOST:
    case RULE_ADVISER_LEAST:
        return c->advisers[r.index].node;
    case RULE_QUOTA:
        return c->quotas[r.index].node;
    default:
        return c->advisers[c->establishments[r.index].lock].node;
    }
}

// What a rule asks of its node.
static int64_t bound_of(const struct assign_case *c, struct case_rule r)
{
    switch (r.kind) {
    case RULE_ORGANISATION_MOST:
        return c->organisations[r.index].upper;
    case RULE_ORGANISATION_LEAST:
        return c->organisations[r.index].lower;
    case RULE_ADVISER_MOST:
        return c->advisers[r.index].capacity;
    case RULE_ADVISER_LEAST:
        return c->advisers[r.index].lower;
    case RULE_QUOTA:
        return c->quotas[r.index].size - c->quotas[r.index].least;
    default:
        return 1;
    }
}

// Whether the cut needs the rule.
static bool in_cut(const struct filter *f, struct case_rule r)
{
    int32_t v    = node_of(f->c, r);
    bool    here = assign_cut(f->s, v);
    bool    up   = assign_cut(f->s, assign_problem_of(f->s)->parent[v]);

    switch (r.kind) {
    case RULE_ORGANISATION_LEAST:
    case RULE_ADVISER_LEAST:
        return !here && up;
    case RULE_LOCK:
        return here;
    default:
        return here && !up;
    }
}

// The establishment again, with its lock or free of it; false when there is no room for it. Free of
// it, it may still go where the lock put it, though somebody else promised it: whoever may do more
// than before proves, when there is no plan, that there was none before.
static bool replace(struct filter *f, int32_t i, bool locked)
{
    const struct case_establishment *e = &f->c->establishments[i];
    int32_t                         *node;
    int64_t                         *profit;
    int32_t                          count = 0;

    node   = memory_new((size_t)e->count * sizeof *node);
    profit = memory_new((size_t)e->count * sizeof *profit);
    for (int32_t k = 0; k < e->count; k++) {
        if (case_usable(f->c, e, k, e->lock) || (!locked && case_usable(f->c, e, k, -1))) {
            node[count]     = f->c->advisers[e->pairs[k].adviser].node;
            profit[count++] = e->pairs[k].profit;
        }
    }
    int32_t other = assign_add(f->s, locked ? -1 : e->pool, node, profit, count);
    if (other >= 0) {
        assign_remove(f->s, f->stand_in[i]);
        f->stand_in[i] = other;
    }
    free(node);
    free(profit);
    return other >= 0;
}

// Lets a rule go, or brings it back.
static bool set_rule(struct filter *f, struct case_rule r, bool holds)
{
    const struct assign_problem *p = assign_problem_of(f->s);
    int32_t                      v = node_of(f->c, r);

    switch (r.kind) {
    case RULE_ORGANISATION_LEAST:
    case RULE_ADVISER_LEAST:
        assign_set_bounds(f->s, v, holds ? bound_of(f->c, r) : 0, p->upper[v]);
        return true;
    case RULE_LOCK:
        return replace(f, r.index, holds);
    default:
        assign_set_bounds(f->s, v, p->lower[v], holds ? bound_of(f->c, r) : NO_BOUND);
        return true;
    }
}

// Lets everything go that the cut does not name; the order of the others stays. Returns how many of
// the first `tried` are left.
static int32_t keep_cut(struct filter *f, int32_t tried)
{
    int32_t count = 0, first = 0;

    for (int32_t k = 0; k < f->count; k++) {
        if (in_cut(f, f->rule[k]) || !set_rule(f, f->rule[k], false)) {
            first += k < tried;
            f->rule[count++] = f->rule[k];
        }
    }
    f->count = count;
    return first;
}

static void add(struct filter *f, enum case_rule_kind kind, int32_t count)
{
    for (int32_t k = 0; k < count; k++) {
        struct case_rule r = { kind, k };
        bool             any;
        switch (kind) {
        case RULE_LOCK:
            any = f->c->establishments[k].lock >= 0;
            break;
        case RULE_QUOTA:
            any = f->c->quotas[k].node >= 0 && f->c->quotas[k].least > 0;
            break;
        case RULE_ORGANISATION_LEAST:
        case RULE_ADVISER_LEAST:
            any = bound_of(f->c, r) > 0;
            break;
        default:
            any = true;
        }
        if (any) {
            f->rule[f->count++] = r;
        }
    }
}

static void *copy_of(const void *from, size_t size)
{
    return memcpy(memory_new(size + 1), from, size);
}

// The same problem where nothing is worth anything: whether there is a plan does not depend on it,
// and paths that weigh nothing are found at once.
static struct assign *worthless(const struct assign *s)
{
    const struct assign_problem *from = assign_problem_of(s);
    size_t                       n = (size_t)from->count, nodes = (size_t)from->nodes;
    size_t                       options = (size_t)from->first[n];
    struct assign_problem        p       = {
                     .count  = from->count,
                     .nodes  = from->nodes,
                     .parent = copy_of(from->parent, nodes * sizeof *p.parent),
                     .lower  = copy_of(from->lower, nodes * sizeof *p.lower),
                     .upper  = copy_of(from->upper, nodes * sizeof *p.upper),
                     .first  = copy_of(from->first, (n + 1) * sizeof *p.first),
                     .node   = copy_of(from->node, options * sizeof *p.node),
                     .profit = copy_of(from->profit, options * sizeof *p.profit),
                     .pool   = copy_of(from->pool, n * sizeof *p.pool),
    };
    for (size_t e = 0; e < options; e++) {
        p.profit[e] = p.profit[e] == ASSIGN_NEVER ? ASSIGN_NEVER : 0;
    }
    return assign_new(&p);
}

struct assign *case_conflict(struct assign_case *c, struct assign *plan)
{
    struct assign *s     = worthless(plan);
    struct filter  f     = { .c = c, .s = s };
    size_t         rules = 2 * ((size_t)c->organisation_count + (size_t)c->adviser_count) +
                   (size_t)c->quota_count + (size_t)c->count;

    assign_free(plan);
    f.rule     = ARENA_ARRAY(c->arena, struct case_rule, rules + 1);
    f.stand_in = ARENA_ARRAY(c->arena, int32_t, (size_t)c->count + 1);
    for (int32_t i = 0; i < c->count; i++) {
        f.stand_in[i] = i;
    }
    add(&f, RULE_ORGANISATION_LEAST, c->organisation_count);
    add(&f, RULE_ORGANISATION_MOST, c->organisation_count);
    add(&f, RULE_ADVISER_LEAST, c->adviser_count);
    add(&f, RULE_ADVISER_MOST, c->adviser_count);
    add(&f, RULE_QUOTA, c->quota_count);
    add(&f, RULE_LOCK, c->count);
    bool stale = assign_solve(s) == ASSIGN_OPTIMAL; // never
    keep_cut(&f, 0);
    stale = stale || assign_solve(s) == ASSIGN_OPTIMAL; // never, but for rules without room to go
    for (int32_t k = 0; !stale && k < f.count && case_goes_on(c, 99);) {
        struct case_rule r = f.rule[k];
        if (!set_rule(&f, r, false)) {
            k++;
        } else if (assign_solve(s) == ASSIGN_OPTIMAL) {
            stale = !set_rule(&f, r, true) || assign_solve(s) == ASSIGN_OPTIMAL;
            k++;
        } else {
            memmove(&f.rule[k], &f.rule[k + 1], (size_t)(f.count - k - 1) * sizeof r);
            f.count--;
            k     = keep_cut(&f, k);
            stale = assign_solve(s) == ASSIGN_OPTIMAL;
        }
    }
    c->conflict       = f.rule;
    c->conflict_count = f.count;
    return s;
}
