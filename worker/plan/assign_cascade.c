// Very many out of place at once, as when several advisers fall ill: each leaf that holds too many
// raises its price until as many as it may keep prefer to stay, and whoever leaves goes where it is
// best off, so that the surplus runs through the advisers to where there is room (an auction in
// which the seats bid up their price; Bertsekas 1992). Everybody stands at a best place all the
// time, so that a cascade that ends has kept the plan the best. One that does not end, since a few
// bid against each other in ever smaller steps, is left to the search for paths.
//
// Prices only rise between changes of the problem, and with them the price at which somebody leaves
// a leaf. What was once computed of it is therefore a lower bound later: the members of a leaf wait
// in a heap by such bounds, which are computed anew only at the top.
#include "plan/assign_private.h"

int64_t assign_leaving(const struct assign *s, int32_t i, int32_t *ret_other)
{
    int64_t best  = INT64_MIN;
    int32_t own   = s->at[i];
    int32_t other = AT_NOWHERE;

    if (s->lock[i] < 0) {
        if (s->p.pool[i] >= 0) {
            best  = -s->price[s->p.pool[i]];
            other = AT_POOL;
        }
        for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
            int64_t net = s->p.profit[e] - s->price[s->p.node[e]];
            if (net > best && e != own && s->p.profit[e] != ASSIGN_NEVER) {
                best  = net;
                other = e;
            }
        }
    }
    if (ret_other) {
        *ret_other = other;
    }
    return other == AT_NOWHERE ? INT64_MAX : s->p.profit[own] - best;
}

// Looks at all pairs of i: the best other place, and how good the next one is.
static void look(const struct assign *s, int32_t i)
{
    struct leaver *l    = &s->leaver[i];
    int64_t        best = INT64_MIN, second = INT64_MIN, worth = 0;
    int32_t        own = s->at[i];

    l->to   = -1;
    l->next = INT64_MAX;
    if (s->lock[i] >= 0) {
        return;
    }
    if (s->p.pool[i] >= 0) {
        best  = -s->price[s->p.pool[i]];
        l->to = s->p.pool[i];
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
        l->to  = s->p.node[e];
    }
    l->ahead = s->p.profit[own] - worth;
    l->next  = second == INT64_MIN ? INT64_MAX : s->p.profit[own] - second;
}

int64_t assign_leaves_at(const struct assign *s, int32_t i, int32_t leaf)
{
    const struct leaver *l = &s->leaver[i];

    if (l->leaf != leaf) {
        return INT64_MAX;
    }
    if (l->next == INT64_MIN || (l->to >= 0 && l->ahead + s->price[l->to] > l->next)) {
        look(s, i);
    }
    return l->to < 0 ? INT64_MAX : l->ahead + s->price[l->to];
}

static bool sooner(struct stay a, struct stay b)
{
    return a.least != b.least ? a.least < b.least : a.who < b.who;
}

static void sift_up(struct stays *h, int32_t at, struct stay entry)
{
    for (; at > 0 && sooner(entry, h->heap[(at - 1) / 2]); at = (at - 1) / 2) {
        h->heap[at] = h->heap[(at - 1) / 2];
    }
    h->heap[at] = entry;
}

static void sift_down(struct stays *h, int32_t at, struct stay entry)
{
    for (int32_t next; (next = 2 * at + 1) < h->count; at = next) {
        next += next + 1 < h->count && sooner(h->heap[next + 1], h->heap[next]);
        if (!sooner(h->heap[next], entry)) {
            break;
        }
        h->heap[at] = h->heap[next];
    }
    h->heap[at] = entry;
}

static void stays_room(struct stays *h, int32_t count)
{
    if (count > h->room) {
        h->room = count + count / 4 + 16;
        h->heap = memory_resize(h->heap, (size_t)h->room * sizeof *h->heap);
    }
}

void assign_stays_join(struct assign *s, int32_t leaf, int32_t i)
{
    assign_stays_sooner(s, leaf, i, INT64_MIN);
}

void assign_stays_sooner(struct assign *s, int32_t leaf, int32_t i, int64_t least)
{
    struct stays *h = &s->stays[leaf];

    if (!h->known) {
        return;
    }
    if (h->count > 2 * s->members[leaf].count + 64) { // mostly those who left: begin again
        h->known = false;
        return;
    }
    stays_room(h, h->count + 1);
    sift_up(h, h->count++, (struct stay){ least, i });
}

void assign_stays_forget(struct assign *s)
{
    for (int32_t v = 0; v < s->p.nodes; v++) {
        s->stays[v].known = false;
        assign_exits_forget(&s->exits[v]);
    }
}

void assign_stays_know(struct assign *s, int32_t leaf)
{
    struct stays         *h = &s->stays[leaf];
    const struct members *m = &s->members[leaf];

    if (h->known) {
        return;
    }
    stays_room(h, m->count);
    h->count = m->count;
    h->known = true;
    for (int32_t k = 0; k < m->count; k++) {
        s->leaver[m->who[k]].next = INT64_MIN; // what was known of it may be of other prices
        h->heap[k] = (struct stay){ assign_leaves_at(s, m->who[k], leaf), m->who[k] };
    }
    for (int32_t k = h->count / 2; k-- > 0;) {
        sift_down(h, k, h->heap[k]);
    }
}

void assign_stays_walk(struct assign *s, int32_t leaf, int64_t limit,
                       void  visit(struct assign *s, int32_t leaf, int32_t i, void *context),
                       void *context)
{
    enum { SOON = 8 };
    struct stays *h     = &s->stays[leaf];
    int32_t       count = 0;

    assign_stays_know(s, leaf);
    if (h->count > s->walked_room) {
        s->walked_room = h->count;
        s->walked      = memory_resize(s->walked, (size_t)h->count * sizeof *s->walked);
    }
    if (h->count && h->heap[0].least < limit) {
        s->walked[count++] = 0;
    }
    for (int32_t k = 0; k < count; k++) {
        for (int32_t child = 2 * s->walked[k] + 1; child <= 2 * s->walked[k] + 2; child++) {
            if (child < h->count && h->heap[child].least < limit) {
                __builtin_prefetch(&s->leaver[h->heap[child].who]);
                s->walked[count++] = child;
            }
        }
    }
    // From below up: a heap whose lower places are in order takes a higher bound down.
    for (int32_t k = count; k-- > 0;) {
        struct stay *stay = &h->heap[s->walked[k]];
        if (k >= SOON) {
            __builtin_prefetch(&s->p.first[h->heap[s->walked[k - SOON]].who]);
        }
        int64_t least = assign_leaves_at(s, stay->who, leaf);
        if (least < limit) {
            visit(s, leaf, stay->who, context);
        }
        if (least > stay->least) {
            sift_down(h, s->walked[k], (struct stay){ least, stay->who });
        }
    }
}

static void pop(struct stays *h)
{
    struct stay last = h->heap[--h->count];

    if (h->count) {
        sift_down(h, 0, last);
    }
}

// Who would leave first, at the top of the heap, with the true price; false when nobody would.
static bool first_to_leave(struct assign *s, int32_t leaf, struct stay *ret)
{
    struct stays *h = &s->stays[leaf];

    while (h->count) {
        struct stay top = h->heap[0];
        if (s->leaver[top.who].leaf != leaf) {
            pop(h);
            continue;
        }
        if (h->count > 2) { // one of them is the next
            __builtin_prefetch(&s->leaver[h->heap[1].who]);
            __builtin_prefetch(&s->leaver[h->heap[2].who]);
        }
        int64_t true_price = assign_leaves_at(s, top.who, leaf);
        if (true_price <= top.least) {
            *ret = top;
            return top.least < INT64_MAX;
        }
        sift_down(h, 0, (struct stay){ true_price, top.who });
    }
    return false;
}

// One leaves, for the leaf returned; -1: nobody can, or the price of a lower bound has risen to
// nothing, as far as it may.
static int32_t let_one_go(struct assign *s, int32_t v)
{
    struct stay one, next;

    if (!first_to_leave(s, v, &one)) {
        return -1;
    }
    int64_t mu = assign_mu(s, v), rise = one.least - s->price[v];
    if (mu < 0 && rise > -mu) {
        s->price[v] -= mu;
        assign_flow_settle(s, v);
        return -1;
    }
    pop(&s->stays[v]);
    if (first_to_leave(s, v, &next)) {
        int64_t between = rise + (next.least - one.least) / 2;
        rise            = mu < 0 && between > -mu ? rise : between;
    }
    s->price[v] += rise > 0 ? rise : 0;
    int32_t to = s->leaver[one.who].to;
    assign_move_to(s, one.who, to);
    assign_flow_settle(s, to);
    assign_flow_settle(s, v); // the price may have come to nothing, and what is left be let through
    return to;
}

void assign_cascade(struct assign *s)
{
    enum { STEPS_MOST = 15 }; // of one leaf
    int32_t  nodes = s->p.nodes, first = 0, count = 0;
    int32_t *queue   = memory_new((size_t)nodes * sizeof *queue);
    int32_t *steps   = memory_zero((size_t)nodes * sizeof *steps);
    bool    *waiting = memory_zero((size_t)nodes * sizeof *waiting);

    for (int32_t v = nodes - 1; v > 0; v--) {
        if (s->excess[v] > 0 && s->is_leaf[v] && !s->is_pool[v]) {
            queue[count++] = v;
            waiting[v]     = true;
        }
    }
    while (count) {
        int32_t v  = queue[first];
        first      = first + 1 < nodes ? first + 1 : 0;
        waiting[v] = false;
        count--;
        assign_stays_know(s, v);
        while (s->excess[v] > 0 && steps[v]++ < STEPS_MOST) {
            int32_t w = let_one_go(s, v);
            if (w < 0 && assign_mu(s, v) != 0) {
                break;
            }
            if (w >= 0 && s->excess[w] > 0 && !s->is_pool[w] && !waiting[w]) {
                queue[(first + count++) % nodes] = w;
                waiting[w]                       = true;
            }
        }
    }
    free(queue);
    free(steps);
    free(waiting);
}
