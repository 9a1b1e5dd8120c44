// Where shares bind and an adviser falls ill, what lacks is not a place near those who lost theirs
// but a whole organisation, or the world of those nobody visits: a search for each would end at
// that one node and make nearly all others dearer, every time. So what lacks many draws them first:
// all prices but those of the places with room for it rise together until as many have come as are
// lacking. They leave holes everywhere, and every search that follows is short.
//
// It is one exact step of the descent on the dual along a set of nodes, as in assign_start.c:
// everybody stays at a best place.
#include "plan/assign_private.h"

struct drawn {
    int64_t far; // by how much all outside have to become dearer before it comes
    int32_t who, to, from;
};

struct pull {
    struct assign *s;
    bool          *inside; // [nodes] has room
    int64_t        limit;  // nobody farther comes
    struct drawn  *drawn;
    int32_t        count, room;
};

static int nearest(const void *a, const void *b)
{
    const struct drawn *x = a, *y = b;

    if (x->far != y->far) {
        return x->far < y->far ? -1 : 1;
    }
    return x->who != y->who ? (x->who > y->who) - (x->who < y->who)
                            : (x->to > y->to) - (x->to < y->to);
}

// Where there is room above or below a node that lacks something, without a price, is inside. How
// much dearer those outside may become before another arc of the tree lets something through.
static int64_t tell_inside(struct pull *g, int32_t node)
{
    const struct assign *s     = g->s;
    int64_t              limit = INT64_MAX;
    bool                 grew  = true;

    memset(g->inside, 0, (size_t)s->p.nodes * sizeof *g->inside);
    g->inside[node] = true;
    while (grew) {
        grew  = false;
        limit = INT64_MAX;
        for (int32_t v = 1; v < s->p.nodes; v++) {
            int32_t up   = s->p.parent[v];
            bool    down = g->inside[v]; // from the parent, outside, to v
            if (down == g->inside[up]) {
                continue;
            }
            bool    lets = down ? s->flow[v] > s->p.lower[v] : s->flow[v] < s->p.upper[v];
            int64_t far  = !lets ? INT64_MAX : down ? assign_mu(s, v) : -assign_mu(s, v);
            if (far <= 0) {
                g->inside[down ? up : v] = grew = true;
            }
            limit = far < limit ? far : limit;
        }
    }
    return limit;
}

// How far i is from the nearest place inside, of all it could go to.
static int64_t nearest_place(const struct pull *g, int32_t i, int64_t base, int32_t *ret_to)
{
    const struct assign *s    = g->s;
    int64_t              far  = INT64_MAX;
    int32_t              pool = s->p.pool[i];

    if (pool >= 0 && g->inside[pool]) {
        far     = base + s->price[pool];
        *ret_to = pool;
    }
    for (int32_t e = s->p.first[i]; e < s->p.first[i + 1]; e++) {
        int32_t v = s->p.node[e];
        if (g->inside[v] && s->p.profit[e] != ASSIGN_NEVER &&
            base - s->p.profit[e] + s->price[v] < far) {
            far     = base - s->p.profit[e] + s->price[v];
            *ret_to = v;
        }
    }
    return far;
}

// One who stands at leaf u and would leave it within the limit may come from there.
static void consider(struct assign *s, int32_t u, const struct member *m, void *context)
{
    struct pull *g   = context;
    int64_t      far = INT64_MAX;
    int32_t      i = m->who, to = -1;

    for (int k = 0; k < 2; k++) {
        int64_t own = m->ahead[k] + s->price[m->to[k]] - s->price[u];
        if (g->inside[m->to[k]] && own < far) {
            far = own;
            to  = m->to[k];
        }
    }
    if (m->next - s->price[u] < g->limit && m->next - s->price[u] < far) { // others may be nearer
        far = nearest_place(g, i, s->p.profit[s->at[i]] - s->price[u], &to);
    }
    if (far >= g->limit) {
        return;
    }
    if (g->count == g->room) {
        g->room  = g->room ? 2 * g->room : 1024;
        g->drawn = memory_resize(g->drawn, (size_t)g->room * sizeof *g->drawn);
    }
    g->drawn[g->count++] = (struct drawn){ far, i, to, u };
}

// The nearest of those at pools outside: only the best of each pool for each adviser is known.
static struct drawn from_pools(struct pull *g, int64_t limit)
{
    struct assign *s    = g->s;
    struct drawn   best = { limit, -1, -1, -1 };

    for (int32_t u = 1; u < s->p.nodes; u++) {
        if (!s->is_pool[u] || g->inside[u]) {
            continue;
        }
        const struct row *row = assign_pool_row(s, u);
        for (int32_t k = 0; k < row->count; k++) {
            const struct row_entry *r   = &row->entries[k];
            int64_t                 far = s->price[r->node] - r->gain - s->price[u];
            if (r->option >= 0 && g->inside[r->node] && far < best.far) {
                best = (struct drawn){ far, s->owner[r->option], r->node, u };
            }
        }
    }
    return best;
}

// Those outside become up to `limit` dearer; by how much they did, when as many came as wanted.
static int64_t draw(struct pull *g, int64_t limit, int64_t *wanted)
{
    struct assign *s   = g->s;
    int64_t        far = 0;

    g->count = 0;
    g->limit = limit;
    for (int32_t u = 1; u < s->p.nodes; u++) {
        if (!g->inside[u] && s->is_leaf[u] && !s->is_pool[u]) {
            assign_members_walk(s, u, s->price[u] + limit, consider, g);
        }
    }
    if (g->count) {
        qsort(g->drawn, (size_t)g->count, sizeof *g->drawn, nearest);
    }
    struct drawn pooled = from_pools(g, limit);
    for (int32_t next = 0; *wanted > 0;) {
        bool of_pool = next == g->count || pooled.far < g->drawn[next].far;
        if (of_pool && pooled.who < 0) {
            return limit;
        }
        struct drawn one = of_pool ? pooled : g->drawn[next++];
        far              = one.far > far ? one.far : far;
        assign_move_to(s, one.who, one.to);
        (*wanted)--;
        pooled = of_pool ? from_pools(g, limit) : pooled;
    }
    return far;
}

void assign_pull(struct assign *s, int32_t node)
{
    enum { ROUNDS = 12, GROWS_MOST = 8, POINTS_MOST = 512 }; // of one step
    struct pull g      = { .s = s, .inside = memory_new((size_t)s->p.nodes * sizeof *g.inside) };
    int64_t     wanted = -s->excess[node], whole = wanted, risen = 0;
    int64_t     most = POINTS_MOST * s->scale, by = wanted + wanted / 4, step = most;

    // They come at about the same pace, the one of the last time to begin with: the step is as far
    // as should do for those still lacking.
    if (s->pace[node] < most / by) {
        step = s->pace[node] * by > s->scale ? s->pace[node] * by : s->scale;
    }
    for (int round = 0; round < ROUNDS && wanted > 0; round++) {
        int64_t limit = tell_inside(&g, node), before = wanted;
        int64_t far   = draw(&g, limit < step ? limit : step, &wanted);
        int64_t came  = before - wanted;
        int64_t times = came ? 1 + (wanted + wanted / 4) / came : GROWS_MOST;
        for (int32_t v = 0; v < s->p.nodes; v++) {
            s->price[v] += g.inside[v] ? 0 : far;
        }
        risen += far;
        step = (far > s->scale ? far : s->scale) * (times < GROWS_MOST ? times : GROWS_MOST);
        step = step < most ? step : most;
    }
    s->pace[node] = whole > wanted ? risen / (whole - wanted) : s->pace[node];
    free(g.drawn);
    free(g.inside);
}
