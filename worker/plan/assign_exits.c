// The moves out of a leaf that come first, as arcs to other leaves, side by side in memory: a
// search looks at them every time it comes by. What a move costs does not depend on prices, so that
// they are looked for again only once the price of the leaf has come near to where others begin.
#include "plan/assign_private.h"

enum { FEW = 12, MANY = 64, ROOM_MAX = 4096 };

void assign_exits_forget(struct exits *x)
{
    if (x->room > ROOM_MAX) { // a search that looked at everything needed it, others do not
        free(x->list);
        *x = (struct exits){ .stride = x->stride };
    }
    x->limit = INT64_MIN;
    x->count = 0;
}

void assign_exits_later(struct exits *x, int32_t k, int64_t least)
{
    struct exit exit = x->list[k];

    exit.least = least;
    if (least >= x->limit) { // it will be found again when the limit is put farther
        x->count--;
        memmove(&x->list[k], &x->list[k + 1], (size_t)(x->count - k) * sizeof exit);
        return;
    }
    for (; k + 1 < x->count && x->list[k + 1].least < least; k++) {
        x->list[k] = x->list[k + 1];
    }
    x->list[k] = exit;
}

static void append(struct exits *x, struct exit exit)
{
    if (exit.least < x->known || exit.least >= x->limit) {
        return;
    }
    if (x->count == x->room) {
        x->room = x->room ? 2 * x->room : 32;
        x->list = memory_resize(x->list, (size_t)x->room * sizeof *x->list);
    }
    x->list[x->count++] = exit;
}

// All that i may do from where the list ended before until the limit.
static void append_all(struct assign *s, int32_t leaf, const struct member *m, void *context)
{
    struct exits *x = &s->exits[leaf];
    int32_t       i = m->who;

    (void)context;
    if (m->next >= x->limit) { // only the first two of them
        for (int k = 0; k < 1 + (m->to[1] != m->to[0]); k++) {
            int64_t least = m->ahead[k] + s->price[m->to[k]];
            append(x, (struct exit){ m->ahead[k], least, i, m->to[k] });
        }
        return;
    }
    int64_t worth = s->p.profit[s->at[i]];
    for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
        int32_t v    = s->p.node[e];
        int64_t cost = worth - s->p.profit[e];
        if (v != leaf && s->p.profit[e] != ASSIGN_NEVER) {
            append(x, (struct exit){ cost, cost + s->price[v], i, v });
        }
    }
    if (s->p.pool[i] >= 0) {
        append(x, (struct exit){ worth, worth + s->price[s->p.pool[i]], i, s->p.pool[i] });
    }
}

static int earlier(const void *a, const void *b)
{
    const struct exit *x = a, *y = b;

    if (x->least != y->least) {
        return x->least < y->least ? -1 : 1;
    }
    return x->who != y->who ? (x->who > y->who) - (x->who < y->who)
                            : (x->to > y->to) - (x->to < y->to);
}

// A list that a long search left would be slow to keep.
static void shorten(struct exits *x)
{
    if (x->count > MANY) {
        x->count = MANY / 2;
        x->limit = x->list[x->count].least;
    }
}

// What was appended goes to where it belongs.
static void insert_from(struct exits *x, int32_t first)
{
    for (int32_t k = first; k < x->count; k++) {
        struct exit one = x->list[k];
        int32_t     at  = k;
        for (; at > 0 && x->list[at - 1].least > one.least; at--) {
            x->list[at] = x->list[at - 1];
        }
        x->list[at] = one;
    }
}

void assign_exits_join(struct assign *s, int32_t leaf, int32_t i)
{
    struct exits *x = &s->exits[leaf];

    if (x->limit == INT64_MIN) {
        return;
    }
    shorten(x);
    int32_t known    = x->count;
    x->known         = INT64_MIN;
    struct member *m = assign_member_of(s, leaf, i);
    if (assign_member_leaves(s, m, NULL) < x->limit) {
        append_all(s, leaf, m, NULL);
    }
    insert_from(x, known);
}

void assign_exits_add(struct assign *s, int32_t leaf, struct exit exit)
{
    struct exits *x = &s->exits[leaf];

    if (x->limit == INT64_MIN || exit.least >= x->limit) {
        return;
    }
    shorten(x);
    int32_t known = x->count;
    x->known      = INT64_MIN;
    append(x, exit);
    insert_from(x, known);
}

void assign_exits_drop(struct assign *s, int32_t to)
{
    for (int32_t v = 1; v < s->p.nodes; v++) {
        struct exits *x    = &s->exits[v];
        int32_t       kept = 0;
        for (int32_t k = 0; k < x->count; k++) {
            if (x->list[k].to != to) {
                x->list[kept++] = x->list[k];
            }
        }
        x->count = kept;
    }
}

void assign_exits_part(struct assign *s, int32_t leaf, int32_t i)
{
    struct exits *x    = &s->exits[leaf];
    int32_t       kept = 0;

    for (int32_t k = 0; k < x->count; k++) {
        if (x->list[k].who != i) {
            x->list[kept++] = x->list[k];
        }
    }
    x->count = kept;
}

// The limit is put so far ahead of what is asked for that some more are found, the more the longer
// the list: a search that must see all of them walks the members a few times, not once for each
// dozen.
void assign_exits_know(struct assign *s, int32_t leaf, int64_t limit)
{
    const int64_t farthest = INT64_C(1) << 60;
    struct exits *x        = &s->exits[leaf];
    int32_t       known = x->count, wanted = known + FEW + known / 2;

    x->stride = x->stride ? x->stride : s->scale;
    while (x->limit < limit || (x->count < wanted && x->limit < INT64_MAX)) {
        x->known = x->limit;
        x->limit = x->stride < farthest ? limit + x->stride : INT64_MAX;
        assign_members_walk(s, leaf, x->limit, append_all, NULL);
        x->stride *= x->count < wanted && x->stride < farthest ? 2 : 1;
    }
    if (x->count - wanted > MANY / 2) {
        x->stride = x->stride / 2 + 1;
    }
    if (x->count > known) {
        qsort(x->list + known, (size_t)(x->count - known), sizeof *x->list, earlier);
    }
}
