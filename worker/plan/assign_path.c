// One shortest path in the residual graph of nodes, and the change of plan it stands for.
#include "plan/assign_private.h"

static bool earlier(struct queue_entry a, struct queue_entry b)
{
    return a.distance != b.distance ? a.distance < b.distance : a.node < b.node;
}

static void queue_push(struct assign *s, int64_t distance, int32_t node)
{
    struct queue_entry entry = { distance, node };

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
};

static void reach(struct search *q, int32_t node, int64_t distance, struct step step)
{
    struct assign *s = q->s;

    if (distance >= q->bound || (s->seen[node] == s->stamp && distance >= s->distance[node])) {
        return;
    }
    s->seen[node]     = s->stamp;
    s->distance[node] = distance;
    s->steps[node]    = step;
    if (s->excess[node] < 0) {
        q->bound = distance;
        q->goal  = node;
        return;
    }
    queue_push(s, distance, node);
}

static void look_around(struct search *q, int32_t u, int64_t distance)
{
    struct assign *s = q->s;

    if (s->is_leaf[u]) {
        const struct row *row  = assign_row(s, u);
        int64_t           base = distance - s->price[u];
        for (int32_t k = 0; k < row->count; k++) {
            const struct row_entry *r = &row->entries[k];
            int64_t                 d = base + s->price[r->node] - r->gain;
            if (d < q->bound) {
                reach(q, r->node, d, (struct step){ u, r->what, STEP_MOVE });
            }
        }
    }
    if (u > 0 && s->flow[u] < s->p.upper[u]) {
        reach(q, s->p.parent[u], distance - assign_mu(s, u), (struct step){ u, u, STEP_UP });
    }
    for (int32_t k = s->child_first[u]; k < s->child_first[u + 1]; k++) {
        int32_t v = s->child[k];
        if (s->flow[v] > s->p.lower[v]) {
            reach(q, v, distance + assign_mu(s, v), (struct step){ u, v, STEP_DOWN });
        }
    }
}

static void walk_back(struct assign *s, int32_t from, int32_t goal)
{
    for (int32_t v = goal; v != from;) {
        struct step step = s->steps[v];
        switch (step.kind) {
        case STEP_MOVE:
            if (step.what >= 0) {
                assign_move(s, s->owner[step.what], step.what);
            } else {
                assign_move(s, ~step.what, AT_POOL);
            }
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
    struct search q       = { s, INT64_MAX, -1 };
    int32_t       visited = 0;

    if (++s->stamp == 0) { // the stamps of four billion searches ago
        memset(s->seen, 0, (size_t)s->p.nodes * sizeof *s->seen);
        memset(s->done, 0, (size_t)s->p.nodes * sizeof *s->done);
        s->stamp = 1;
    }
    s->queue_count    = 0;
    s->steps[from]    = (struct step){ from, 0, STEP_MOVE };
    s->seen[from]     = s->stamp;
    s->distance[from] = 0;
    queue_push(s, 0, from);
    while (s->queue_count) {
        struct queue_entry top = queue_pop(s);
        if (top.distance >= q.bound) {
            break;
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
