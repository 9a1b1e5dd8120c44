// A problem that was edited, from scratch: what repairs are compared with.
#pragma once

#include "plan/assign.h"

// The problem as edited, in a new solver.
static inline struct assign *plan_anew(const struct assign *s)
{
    const struct assign_problem *p = assign_problem_of(s);
    struct assign_problem        q = { .nodes = p->nodes };
    size_t n = (size_t)p->nodes, c = (size_t)p->count, e = (size_t)p->first[p->count];

    q.parent = memory_new(n * sizeof *q.parent);
    q.lower  = memory_new(n * sizeof *q.lower);
    q.upper  = memory_new(n * sizeof *q.upper);
    q.first  = memory_zero((c + 1) * sizeof *q.first);
    q.pool   = memory_new(c * sizeof *q.pool);
    q.node   = memory_new(e * sizeof *q.node);
    q.profit = memory_new(e * sizeof *q.profit);
    memcpy(q.parent, p->parent, n * sizeof *q.parent);
    memcpy(q.lower, p->lower, n * sizeof *q.lower);
    memcpy(q.upper, p->upper, n * sizeof *q.upper);
    for (int32_t i = 0; i < p->count; i++) {
        int32_t at = q.first[q.count], lock = assign_locked(s, i);
        if (assign_place(s, i) < 0) {
            continue;
        }
        for (int32_t k = p->first[i]; k < p->first[i + 1]; k++) {
            if (lock < 0 || lock == p->node[k]) {
                q.node[at]     = p->node[k];
                q.profit[at++] = assign_option_profit(s, k);
            }
        }
        q.pool[q.count]    = lock < 0 ? p->pool[i] : -1;
        q.first[++q.count] = at;
    }
    return assign_new(&q);
}
