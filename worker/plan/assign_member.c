// Those who stand at a leaf of advisers, side by side in memory, each with where it would go first:
// who would leave before the price comes to so much is one look along the list. Prices only rise
// between changes of the problem, and with them the price at which somebody leaves: what was once
// computed of the second place is a bound later.
#include "plan/assign_private.h"

// Rounded down to what 32 bits hold: of two prices the lower is never the higher one then.
static int32_t coarse(const struct assign *s, int64_t price)
{
    int64_t c = price >> s->coarse;

    return c > INT32_MAX ? INT32_MAX : c < INT32_MIN ? INT32_MIN : (int32_t)c;
}

void assign_member_add(struct assign *s, int32_t leaf, int32_t i)
{
    struct members *m = &s->members[leaf];

    if (m->count == m->room) {
        m->room = m->room ? m->room + m->room / 2 : 16;
        m->list = memory_resize(m->list, (size_t)m->room * sizeof *m->list);
        m->soon = memory_resize(m->soon, (size_t)m->room * sizeof *m->soon);
    }
    s->slot[i]          = m->count;
    m->soon[m->count]   = INT32_MIN;
    m->list[m->count++] = (struct member){ .who = i, .next = INT64_MIN };
}

void assign_member_remove(struct assign *s, int32_t leaf, int32_t i)
{
    struct members *m    = &s->members[leaf];
    struct member   last = m->list[--m->count];

    m->list[s->slot[i]] = last;
    m->soon[s->slot[i]] = m->soon[m->count];
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
        m->soon[k]      = INT32_MIN;
    }
    m->stale = false;
}

// Puts a place where it belongs among the best three; of the third only how good it is.
static inline void take(struct member *m, int64_t *net, int64_t ahead, int64_t value, int32_t to)
{
    if (value <= net[2]) {
        return;
    }
    net[2] = value;
    if (value <= net[1]) {
        return;
    }
    int at = value > net[0] ? 0 : 1;
    net[2] = net[1];
    if (at == 0) {
        net[1]      = net[0];
        m->ahead[1] = m->ahead[0];
        m->to[1]    = m->to[0];
    }
    net[at]      = value;
    m->ahead[at] = ahead;
    m->to[at]    = to;
}

// Looks at all pairs: the two best other places, and how good the next one is.
static void look(const struct assign *s, struct member *m)
{
    int64_t net[3] = { INT64_MIN, INT64_MIN, INT64_MIN };
    int32_t i = m->who, own = s->at[i];
    int64_t worth = s->p.profit[own];

    m->to[0] = m->to[1] = -1;
    m->next             = INT64_MAX;
    if (s->lock[i] >= 0) {
        return;
    }
    if (s->p.pool[i] >= 0) {
        take(m, net, worth, -s->price[s->p.pool[i]], s->p.pool[i]);
    }
    for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
        int64_t profit = s->p.profit[e];
        if (e != own && profit != ASSIGN_NEVER) {
            take(m, net, worth - profit, profit - s->price[s->p.node[e]], s->p.node[e]);
        }
    }
    if (m->to[1] < 0) {
        m->to[1]    = m->to[0];
        m->ahead[1] = m->ahead[0];
    }
    m->next = net[2] == INT64_MIN ? INT64_MAX : worth - net[2];
}

static int64_t leaves_at(const struct assign *s, const struct member *m)
{
    if (m->to[0] < 0) {
        return INT64_MAX;
    }
    int64_t a = m->ahead[0] + s->price[m->to[0]], b = m->ahead[1] + s->price[m->to[1]];
    return a < b ? a : b;
}

int64_t assign_member_leaves(const struct assign *s, struct member *m, int32_t *ret_to)
{
    if (leaves_at(s, m) > m->next) {
        look(s, m);
    }
    int64_t price = leaves_at(s, m);
    if (ret_to) {
        *ret_to = m->to[price < INT64_MAX && m->ahead[0] + s->price[m->to[0]] > price];
    }
    return price;
}

struct member *assign_member_of(struct assign *s, int32_t leaf, int32_t i)
{
    refresh(&s->members[leaf]);
    return &s->members[leaf].list[s->slot[i]];
}

void assign_member_sooner(struct assign *s, int32_t leaf, int32_t i, int64_t least)
{
    int32_t *soon = &s->members[leaf].soon[s->slot[i]];
    int32_t  now  = coarse(s, least);

    *soon = now < *soon ? now : *soon;
}

static void know_soon(const struct assign *s, struct members *m, int32_t k)
{
    int64_t least = leaves_at(s, &m->list[k]), next = m->list[k].next;

    m->soon[k] = coarse(s, least < next ? least : next);
}

void assign_members_know(struct assign *s, int32_t leaf)
{
    struct members *m = &s->members[leaf];

    if (m->stale) {
        refresh(m);
        for (int32_t k = 0; k < m->count; k++) {
            look(s, &m->list[k]);
            know_soon(s, m, k);
        }
    }
}

void assign_members_walk(struct assign *s, int32_t leaf, int64_t limit, assign_visit *visit,
                         void *context)
{
    struct members *m    = &s->members[leaf];
    int32_t         near = 0, count = 0, before = coarse(s, limit);

    refresh(m);
    if (m->count > s->looked_room) {
        s->looked_room = m->room;
        s->looked      = memory_resize(s->looked, (size_t)m->room * sizeof *s->looked);
    }
    for (int32_t k = 0; k < m->count; k++) {
        s->looked[near] = k; // no branch: which of them it is cannot be foreseen
        near += m->soon[k] <= before;
    }
    for (int32_t k = 0; k < near; k++) {
        __builtin_prefetch(&m->list[s->looked[k]]);
    }
    for (int32_t k = 0; k < near; k++) {
        struct member *one   = &m->list[s->looked[k]];
        int64_t        least = leaves_at(s, one);
        if (least > one->next && one->next < limit) {
            __builtin_prefetch(&s->p.first[one->who]);
            __builtin_prefetch(&s->at[one->who]);
            s->looked[count++] = s->looked[k];
            continue;
        }
        know_soon(s, m, s->looked[k]);
        if (least < limit) {
            visit(s, leaf, one, context);
        }
    }
    // Their pairs are all over memory: they are asked for before the first of them is looked at.
    for (int32_t k = 0; k < count; k++) {
        int32_t who = m->list[s->looked[k]].who;
        int32_t e   = s->p.first[who];
        __builtin_prefetch(&s->lock[who]);
        __builtin_prefetch(&s->p.node[e]);
        __builtin_prefetch(&s->p.profit[e]);
        __builtin_prefetch(&s->p.profit[(e + s->p.first[who + 1]) / 2]);
    }
    for (int32_t k = 0; k < count; k++) {
        struct member *one = &m->list[s->looked[k]];
        look(s, one);
        know_soon(s, m, s->looked[k]);
        if (leaves_at(s, one) < limit) {
            visit(s, leaf, one, context);
        }
    }
}

struct leaving assign_members_first(struct assign *s, int32_t leaf)
{
    struct members *m = &s->members[leaf];
    struct leaving  l = { INT64_MAX, INT64_MAX, -1, -1 };

    refresh(m);
    for (int32_t k = 0; k < m->count; k++) {
        if (m->soon[k] > coarse(s, l.next)) {
            continue;
        }
        struct member *one   = &m->list[k];
        int32_t        to    = -1;
        int64_t        price = assign_member_leaves(s, one, &to);
        know_soon(s, m, k);
        if (price < l.price || (price == l.price && one->who < l.who)) {
            l = (struct leaving){ price, l.price, one->who, to };
        } else if (price < l.next) {
            l.next = price;
        }
    }
    return l;
}
