// One shortest path in the residual graph of nodes, and the change of plan it stands for.
#include "plan/assign_private.h"

static bool earlier(struct queue_entry a, struct queue_entry b)
{
    return a.distance != b.distance ? a.distance < b.distance : a.node < b.node;
}

static void queue_push(struct assign *s, struct queue_entry entry)
{
    if (s->queue_count == s->queue_room) {
        s->queue_room = s->queue_room * 2;
        s->queue      = memory_resize(s->queue, (size_t)s->queue_room * sizeof *s->queue);
    }
    int32_t at = s->queue_count++;
    for (; at > 0 && earlier(entry, s->queue[(at - 1) / 2]); at = (at - 1) / 2) {
        s->queue[at] = s->queue[(at - 1) / 2];
    }
    s->queue[at] = entry;
}

static struct queue_entry queue_pop(struct assign *s)
{
    struct queue_entry top = s->queue[0], last = s->queue[--s->queue_count];
    int32_t            at = 0;

    for (int32_t next; (next = 2 * at + 1) < s->queue_count; at = next) {
        next += next + 1 < s->queue_count && earlier(s->queue[next + 1], s->queue[next]);
        if (!earlier(s->queue[next], last)) {
            break;
        }
        s->queue[at] = s->queue[next];
    }
    s->queue[at] = last;
    return top;
}

// The search as it stands: the nearest node found so far that lacks something.
struct search {
    struct assign *s;
    int64_t        bound; // its distance
    int32_t        goal;
    int64_t        now;         // how far the node is whose turn it is
    int32_t        next, count; // of those as near, which are most, in the order they were reached
};

// Where there is room above, what is above is reached too, without waiting for its turn: it is
// there, most of the time, that something is lacking, and a bound known early spares most of the
// search.
static void reach(struct search *q, int32_t node, int64_t distance, struct step step)
{
    struct assign *s = q->s;

    while (distance < q->bound && (s->seen[node] != s->stamp || distance < s->distance[node])) {
        s->seen[node]     = s->stamp;
        s->distance[node] = distance;
        s->steps[node]    = step;
        if (s->excess[node] < 0) {
            q->bound = distance;
            q->goal  = node;
            return;
        }
        if (distance == q->now) {
            s->level[q->count++] = node;
        } else {
            queue_push(s, (struct queue_entry){ distance, node, -1 });
        }
        if (node == 0 || s->flow[node] >= s->p.upper[node]) {
            return;
        }
        distance -= assign_mu(s, node);
        step = (struct step){ node, node, STEP_UP };
        node = s->p.parent[node];
    }
}

// Where those who stand at leaf u may go: the next few moves, and the others when their turn comes.
static void go_from(struct search *q, int32_t u, int32_t k)
{
    enum { AT_ONCE = 4 };
    struct assign *s    = q->s;
    struct exits  *x    = &s->exits[u];
    int64_t        base = s->distance[u] - s->price[u], next;

    for (int32_t n = 0; n < AT_ONCE && k < x->count && base + x->list[k].least < q->bound;) {
        struct exit exit  = x->list[k];
        int64_t     price = exit.cost + s->price[exit.to];
        if (price > exit.least) {
            assign_exits_later(x, k, price);
            continue;
        }
        reach(q, exit.to, base + price, (struct step){ u, exit.who, STEP_MOVE });
        k++;
        n++;
    }
    if (k < x->count) {
        next = base + x->list[k].least;
    } else if (x->limit < INT64_MAX) {
        next = x->limit == INT64_MIN ? s->distance[u] : base + x->limit;
    } else {
        return;
    }
    if (next < q->bound) {
        queue_push(s, (struct queue_entry){ next > s->distance[u] ? next : s->distance[u], u, k });
    }
}

// Its turn: behind the last move that is known others are looked for.
static void go_on(struct search *q, struct queue_entry turn)
{
    struct assign *s = q->s;
    struct exits  *x = &s->exits[turn.node];
    int32_t        k = turn.exit;

    if (k == x->count) {
        int64_t limit = x->limit;
        assign_exits_know(s, turn.node,
                          s->price[turn.node] + turn.distance - s->distance[turn.node] + 1);
        for (k = 0; k < x->count && x->list[k].least < limit; k++) {
        }
    }
    go_from(q, turn.node, k);
}

static void look_around(struct search *q, int32_t u, int64_t distance)
{
    struct assign *s = q->s;

    if (u > 0 && s->flow[u] < s->p.upper[u]) {
        reach(q, s->p.parent[u], distance - assign_mu(s, u), (struct step){ u, u, STEP_UP });
    }
    for (int32_t k = s->child_first[u]; k < s->child_first[u + 1]; k++) {
        int32_t v = s->child[k];
        if (s->flow[v] > s->p.lower[v]) {
            reach(q, v, distance + assign_mu(s, v), (struct step){ u, v, STEP_DOWN });
        }
    }
    if (!s->is_leaf[u] || distance >= q->bound) {
        return;
    }
    if (!s->is_pool[u]) {
        go_from(q, u, 0);
        return;
    }
    const struct row *row  = assign_pool_row(s, u);
    int64_t           base = distance - s->price[u];
    for (int32_t k = 0; k < row->count; k++) {
        const struct row_entry *r = &row->entries[k];
        int64_t                 d = base + s->price[r->node] - r->gain;
        if (d < q->bound && r->option >= 0) {
            reach(q, r->node, d, (struct step){ u, s->owner[r->option], STEP_MOVE });
        }
    }
}

static void walk_back(struct assign *s, int32_t from, int32_t goal)
{
    for (int32_t v = goal; v != from;) {
        struct step step = s->steps[v];
        switch (step.kind) {
        case STEP_MOVE:
            assign_move_to(s, step.what, v);
            break;
        case STEP_UP:
            s->flow[step.what]++;
            s->excess[step.from]--;
            s->excess[v]++;
            break;
        case STEP_DOWN:
            s->flow[step.what]--;
            s->excess[step.from]--;
            s->excess[v]++;
            break;
        }
        v = step.from;
    }
}

bool assign_augment(struct assign *s, int32_t from)
{
    struct search q       = { .s = s, .bound = INT64_MAX, .goal = -1 };
    int32_t       visited = 0;

    if (++s->stamp == 0) { // the stamps of four billion searches ago
        memset(s->seen, 0, (size_t)s->p.nodes * sizeof *s->seen);
        memset(s->done, 0, (size_t)s->p.nodes * sizeof *s->done);
        s->stamp = 1;
    }
    s->queue_count      = 0;
    s->steps[from]      = (struct step){ from, 0, STEP_MOVE };
    s->seen[from]       = s->stamp;
    s->distance[from]   = 0;
    s->level[q.count++] = from;
    while (q.next < q.count || s->queue_count) {
        struct queue_entry top = { q.now, 0, -1 };
        if (q.next < q.count) {
            top.node = s->level[q.next++];
        } else {
            top    = queue_pop(s);
            q.next = q.count = top.distance > q.now ? 0 : q.count;
            q.now            = top.distance;
        }
        if (top.distance >= q.bound) {
            break;
        }
        if (top.exit >= 0) {
            go_on(&q, top);
            continue;
        }
        if (s->done[top.node] == s->stamp) {
            continue;
        }
        s->done[top.node]     = s->stamp;
        s->visited[visited++] = top.node;
        look_around(&q, top.node, top.distance);
    }
    s->effort.paths++;
    s->effort.visits += visited;
    if (q.goal < 0) {
        memset(s->cut, 0, (size_t)s->p.nodes * sizeof *s->cut);
        for (int32_t k = 0; k < visited; k++) {
            s->cut[s->visited[k]] = true;
        }
        return false;
    }
    for (int32_t k = 0; k < visited; k++) {
        s->price[s->visited[k]] += q.bound - s->distance[s->visited[k]];
    }
    walk_back(s, from, q.goal);
    return true;
}
