// Those who stand at a leaf of advisers, side by side in memory, each with where it would go first:
// who would leave before the price comes to so much is one look along the list. Prices only rise
// between changes of the problem, and with them the price at which somebody leaves: what was once
// computed of the second place is a bound later.
#include "plan/assign_private.h"

void assign_member_add(struct assign *s, int32_t leaf, int32_t i)
{
    struct members *m = &s->members[leaf];

    if (m->count == m->room) {
        m->room = m->room ? m->room + m->room / 2 : 16;
        m->list = memory_resize(m->list, (size_t)m->room * sizeof *m->list);
    }
    s->slot[i]          = m->count;
    m->list[m->count++] = (struct member){ .who = i, .next = INT64_MIN };
}

void assign_member_remove(struct assign *s, int32_t leaf, int32_t i)
{
    struct members *m    = &s->members[leaf];
    struct member   last = m->list[--m->count];

    m->list[s->slot[i]] = last;
    s->slot[last.who]   = s->slot[i];
}

void assign_members_forget(struct assign *s)
{
    for (int32_t v = 0; v < s->p.nodes; v++) {
        s->members[v].stale = true;
        assign_exits_forget(&s->exits[v]);
    }
}

static void refresh(struct members *m)
{
    for (int32_t k = 0; m->stale && k < m->count; k++) {
        m->list[k].next = INT64_MIN;
    }
    m->stale = false;
}

// Looks at all pairs: the best other place, and how good the next one is.
static void look(const struct assign *s, struct member *m)
{
    int64_t best = INT64_MIN, second = INT64_MIN, worth = 0;
    int32_t i = m->who, own = s->at[i];

    m->to   = -1;
    m->next = INT64_MAX;
    if (s->lock[i] >= 0) {
        return;
    }
    if (s->p.pool[i] >= 0) {
        best  = -s->price[s->p.pool[i]];
        m->to = s->p.pool[i];
    }
    for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
        int64_t net = s->p.profit[e] - s->price[s->p.node[e]];
        if (net <= second || e == own || s->p.profit[e] == ASSIGN_NEVER) {
            continue;
        }
        if (net <= best) {
            second = net;
            continue;
        }
        second = best;
        best   = net;
        worth  = s->p.profit[e];
        m->to  = s->p.node[e];
    }
    m->ahead = s->p.profit[own] - worth;
    m->next  = second == INT64_MIN ? INT64_MAX : s->p.profit[own] - second;
}

static int64_t leaves_at(const struct assign *s, const struct member *m)
{
    return m->to < 0 ? INT64_MAX : m->ahead + s->price[m->to];
}

int64_t assign_member_leaves(const struct assign *s, struct member *m)
{
    if (leaves_at(s, m) > m->next) {
        look(s, m);
    }
    return leaves_at(s, m);
}

struct member *assign_member_of(struct assign *s, int32_t leaf, int32_t i)
{
    refresh(&s->members[leaf]);
    return &s->members[leaf].list[s->slot[i]];
}

void assign_members_know(struct assign *s, int32_t leaf)
{
    struct members *m = &s->members[leaf];

    if (m->stale) {
        refresh(m);
        for (int32_t k = 0; k < m->count; k++) {
            look(s, &m->list[k]);
        }
    }
}

void assign_members_walk(struct assign *s, int32_t leaf, int64_t limit, assign_visit *visit,
                         void *context)
{
    struct members *m = &s->members[leaf];

    refresh(m);
    for (int32_t k = 0; k < m->count; k++) {
        struct member *one = &m->list[k];
        // Neither the first place nor one behind it comes so soon.
        if (one->next >= limit && leaves_at(s, one) >= limit) {
            continue;
        }
        if (assign_member_leaves(s, one) < limit) {
            visit(s, leaf, one, context);
        }
    }
}

void assign_members_first(struct assign *s, int32_t leaf, struct member *ret_first,
                          int64_t *ret_first_price, int64_t *ret_next_price)
{
    struct members *m     = &s->members[leaf];
    struct member  *first = NULL;
    int64_t         price = INT64_MAX, next = INT64_MAX;

    refresh(m);
    for (int32_t k = 0; k < m->count; k++) {
        struct member *one = &m->list[k];
        if (one->next >= next && leaves_at(s, one) >= next) {
            continue;
        }
        int64_t own = assign_member_leaves(s, one);
        if (own < price || (own == price && first && one->who < first->who)) {
            next  = price;
            price = own;
            first = one;
        } else if (own < next) {
            next = own;
        }
    }
    *ret_first       = first ? *first : (struct member){ .who = -1 };
    *ret_first_price = price;
    *ret_next_price  = next;
}
