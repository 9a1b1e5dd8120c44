// Who stands where: moves, and for each pool the best of its own for every adviser.
#include "plan/assign_private.h"

static struct segment *segment_of(const struct assign *s, int32_t pool, int32_t node)
{
    int32_t low = s->segment_first[pool], high = s->segment_first[pool + 1];

    // Most pools have one for each adviser, side by side.
    if (low < high) {
        int32_t guess = low + node - s->segments[low].node;
        if (guess >= low && guess < high && s->segments[guess].node == node) {
            return &s->segments[guess];
        }
    }
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (s->segments[middle].node < node) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return &s->segments[low];
}

// Better profit first, then the earlier option: never a tie.
static bool before(const struct assign *s, int32_t a, int32_t b)
{
    return s->p.profit[a] != s->p.profit[b] ? s->p.profit[a] > s->p.profit[b] : a < b;
}

static void heap_push(struct assign *s, struct segment *g, int32_t option)
{
    int32_t at = g->count++;

    for (; at > 0 && before(s, option, g->heap[(at - 1) / 2]); at = (at - 1) / 2) {
        g->heap[at] = g->heap[(at - 1) / 2];
    }
    g->heap[at]       = option;
    s->queued[option] = 1;
}

static void heap_pop(struct assign *s, struct segment *g)
{
    int32_t last = g->heap[--g->count], at = 0;

    for (int32_t next; (next = 2 * at + 1) < g->count; at = next) {
        next += next + 1 < g->count && before(s, g->heap[next + 1], g->heap[next]);
        if (!before(s, g->heap[next], last)) {
            break;
        }
        g->heap[at] = g->heap[next];
    }
    g->heap[at] = last;
}

// Drops from the top whoever stands elsewhere by now.
static void heap_clean(struct assign *s, struct segment *g)
{
    while (g->count) {
        int32_t top = g->heap[0], i = s->owner[top];
        if (s->at[i] == AT_POOL && assign_open(s, i, top)) {
            return;
        }
        heap_pop(s, g);
        s->queued[top] = 0;
    }
}

// The best of a segment changed, perhaps.
static void row_tell(struct assign *s, int32_t pool, const struct segment *g)
{
    struct row *row = &s->rows[pool];
    int32_t     top = g->count ? g->heap[0] : -1;

    if (row->fresh) {
        row->entries[g - s->segments - s->segment_first[pool]] =
            (struct row_entry){ top < 0 ? 0 : s->p.profit[top], g->node, top };
    }
}

void assign_pool_enter(struct assign *s, int32_t i)
{
    int32_t pool = s->p.pool[i];

    for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
        if (assign_open(s, i, e)) {
            struct segment *g = segment_of(s, pool, s->p.node[e]);
            if (!s->queued[e]) {
                heap_push(s, g, e);
            }
            row_tell(s, pool, g);
        }
    }
}

void assign_pool_leave(struct assign *s, int32_t i)
{
    int32_t pool = s->p.pool[i];

    for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
        if (s->queued[e]) {
            struct segment *g = segment_of(s, pool, s->p.node[e]);
            heap_clean(s, g);
            row_tell(s, pool, g);
        }
    }
}

// Takes an option out of its heap wherever it is, before its profit changes.
void assign_pool_forget(struct assign *s, int32_t option)
{
    int32_t         pool = s->p.pool[s->owner[option]], count = 0;
    struct segment *g;

    if (!s->queued[option]) {
        return;
    }
    g                 = segment_of(s, pool, s->p.node[option]);
    s->queued[option] = 0;
    for (int32_t k = 0, all = g->count; k < all; k++) {
        if (g->heap[k] != option) {
            g->heap[count++] = g->heap[k];
        }
    }
    // What is left is pushed again one by one: a heap stays a heap.
    g->count = 0;
    for (int32_t k = 0; k < count; k++) {
        heap_push(s, g, g->heap[k]);
    }
    heap_clean(s, g);
    s->rows[pool].fresh = false;
}

// Room for one more option from a pool to an adviser.
void assign_pool_grow(struct assign *s, int32_t pool, int32_t node)
{
    struct segment *g    = segment_of(s, pool, node);
    int32_t         made = s->segment_first[s->p.nodes];
    int32_t         at   = (int32_t)(g - s->segments);

    if (at == s->segment_first[pool + 1] || g->node != node) {
        s->rows[pool].fresh = false; // its entries are those of the segments, in their order
        s->segments         = memory_resize(s->segments, (size_t)(made + 1) * sizeof *s->segments);
        g                   = &s->segments[at];
        memmove(g + 1, g, (size_t)(made - at) * sizeof *g);
        *g = (struct segment){ .node = node, .owned = true };
        for (int32_t v = pool + 1; v <= s->p.nodes; v++) {
            s->segment_first[v]++;
        }
    }
    int32_t  room = g->room + 1 + g->room / 8;
    int32_t *heap = memory_new((size_t)room * sizeof *heap);
    if (g->count) {
        memcpy(heap, g->heap, (size_t)g->count * sizeof *heap);
    }
    if (g->owned) {
        free(g->heap);
    }
    g->heap  = heap;
    g->room  = room;
    g->owned = true;
}

void assign_move(struct assign *s, int32_t i, int32_t to)
{
    int32_t from = s->at[i];
    int32_t old  = assign_leaf(s, i, from);
    int32_t new  = assign_leaf(s, i, to);

    s->at[i] = to;
    if (old >= 0) {
        s->load[old]--;
        s->excess[old]--;
        if (from == AT_POOL) {
            assign_pool_leave(s, i);
        } else {
            assign_member_remove(s, old, i);
            assign_exits_part(s, old, i);
        }
    }
    if (new >= 0) {
        s->load[new]++;
        s->excess[new]++;
        if (to == AT_POOL) {
            assign_pool_enter(s, i);
        } else {
            assign_member_add(s, new, i);
            assign_exits_join(s, new, i);
        }
    }
}

void assign_move_to(struct assign *s, int32_t i, int32_t leaf)
{
    int32_t e = s->p.first[i];

    while (e < s->p.first[i + 1] && s->p.node[e] != leaf) {
        e++;
    }
    assign_move(s, i, e < s->p.first[i + 1] ? e : AT_POOL);
}

int32_t assign_best(const struct assign *s, int32_t i, int64_t *ret_net)
{
    int64_t net  = INT64_MIN;
    int32_t best = AT_NOWHERE;

    if (s->lock[i] >= 0) {
        best = s->lock[i];
        net  = s->p.profit[best] - s->price[s->p.node[best]];
    } else {
        if (s->p.pool[i] >= 0) {
            best = AT_POOL;
            net  = -s->price[s->p.pool[i]];
        }
        for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
            int64_t here = s->p.profit[e] - s->price[s->p.node[e]];
            if (here > net && s->p.profit[e] != ASSIGN_NEVER) {
                net  = here;
                best = e;
            }
        }
    }
    if (ret_net) {
        *ret_net = net;
    }
    return best;
}

const struct row *assign_pool_row(struct assign *s, int32_t pool)
{
    struct row *row  = &s->rows[pool];
    int32_t     most = s->segment_first[pool + 1] - s->segment_first[pool];

    if (row->fresh) {
        return row;
    }
    if (most > row->room) {
        row->room    = most;
        row->entries = memory_resize(row->entries, (size_t)most * sizeof *row->entries);
    }
    row->count = most;
    row->fresh = true;
    for (int32_t g = s->segment_first[pool]; g < s->segment_first[pool + 1]; g++) {
        row_tell(s, pool, &s->segments[g]);
    }
    return row;
}

// Counts the pairs of each pool and adviser, so that every heap has the room it can need.
void assign_segments_new(struct assign *s)
{
    int32_t  n = s->p.nodes, options = s->p.first[s->p.count];
    int32_t *pool_first = memory_zero((size_t)(n + 1) * sizeof *pool_first);
    int32_t *who        = memory_new((size_t)s->p.count * sizeof *who);
    int32_t *pairs      = memory_zero((size_t)n * sizeof *pairs);
    int32_t  room = n, space = 0, made = 0, total = 0;

    for (int32_t i = 0; i < s->p.count; i++) {
        if (s->p.pool[i] >= 0) {
            pool_first[s->p.pool[i] + 1]++;
            total++;
        }
    }
    for (int32_t v = 0; v < n; v++) {
        pool_first[v + 1] += pool_first[v];
    }
    for (int32_t i = s->p.count; i-- > 0;) {
        if (s->p.pool[i] >= 0) {
            who[--pool_first[s->p.pool[i] + 1]] = i;
        }
    }
    s->segments      = memory_new((size_t)room * sizeof *s->segments);
    s->segment_first = memory_zero((size_t)(n + 1) * sizeof *s->segment_first);
    s->segment_space = memory_new((size_t)options * sizeof *s->segment_space);
    // pool_first[v + 1] is now where the establishments of pool v begin.
    for (int32_t v = 0; v < n; v++) {
        int32_t end = v + 1 < n ? pool_first[v + 2] : total;
        for (int32_t k = pool_first[v + 1]; s->is_pool[v] && k < end; k++) {
            for (int32_t e = s->p.first[who[k]]; e < s->p.first[who[k] + 1]; e++) {
                pairs[s->p.node[e]]++;
            }
        }
        for (int32_t a = 0; s->is_pool[v] && a < n; a++) {
            if (pairs[a]) {
                if (made == room) {
                    room *= 2;
                    s->segments = memory_resize(s->segments, (size_t)room * sizeof *s->segments);
                }
                s->segments[made++] = (struct segment){ .node = a,
                                                        .room = pairs[a],
                                                        .heap = s->segment_space + space };
                space += pairs[a];
                pairs[a] = 0;
            }
        }
        s->segment_first[v + 1] = made;
    }
    free(pool_first);
    free(who);
    free(pairs);
}
