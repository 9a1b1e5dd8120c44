// From edges to groups: components, each clustered on its own; then names, scores, reviews.
#include "link/link_private.h"

#include "link/cluster.h"

#include <math.h>

enum { COMPONENT_MOST = 600 };

static uint32_t root_of(uint32_t *parent, uint32_t x)
{
    while (parent[x] != x) {
        parent[x] = parent[parent[x]];
        x         = parent[x];
    }
    return x;
}

static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
    uint32_t x = root_of(parent, a), y = root_of(parent, b);
    parent[x > y ? x : y] = x > y ? y : x;
}

// Pairs that share no key were not worth comparing: what the model says of candidates overrates
// them.
static const float stranger_odds = -3;

// A pair counts up to these log-odds, for or against: a single one never outweighs many.
static const float pair_most = 6;

// Nodes of a component and the work space to cluster them.
struct work {
    uint32_t *parent, *start, *list, *place;
    bool     *decided;    // of each node: a reviewer spoke of it
    uint32_t *said;       // decisions by the node of their first record
    uint32_t *said_start; // of each node, and one more
};

float link_bounded(float odds)
{
    return fminf(fmaxf(odds, -pair_most), pair_most);
}

double link_probability(float odds)
{
    return 1 / (1 + exp(-(double)odds));
}

float link_stranger(const struct link *l, float odds)
{
    // Of things, what is unlike was learned from pairs taken anywhere: it holds for strangers too.
    return l->schema->unit == LINK_THING ? odds : fminf(stranger_odds, odds);
}

float link_affinity(const struct link *l, uint32_t a, uint32_t b)
{
    uint32_t x = l->nodes[a].feature, y = l->nodes[b].feature;

    if (x == y) {
        return 20.0F;
    }
    struct vector v;
    evidence_compare(l->stock, &l->model.evidence, link_knowledge(l),
                     &l->stock->features[x < y ? x : y], &l->stock->features[x < y ? y : x], &v);
    float odds = model_score(&l->model, &v);
    for (size_t p = 0; p < l->model.evidence.count; p++) {
        if (v.level[p] == LEVEL_NAME_ALIAS) {
            return odds; // no keys in common, but known names
        }
    }
    return link_stranger(l, odds);
}

// The edges of a node to higher ones are edges[edge_start[node]..]: overwrite what affinity said.
static void put_edges(const struct link *l, const uint32_t *nodes, size_t n, const uint32_t *place,
                      float *matrix)
{
    for (size_t i = 0; i < n; i++) {
        for (uint32_t e = l->edge_start[nodes[i]]; e < l->edge_start[nodes[i] + 1]; e++) {
            uint32_t k = place[l->edges[e].b];
            if (k < n && nodes[k] == l->edges[e].b) {
                matrix[i * n + k] = matrix[k * n + i] = link_bounded(l->edges[e].odds);
            }
        }
    }
}

// Records with a node of their own go with others as those do that say the same.
static void copy_twins(const struct link *l, const uint32_t *nodes, size_t n, const uint32_t *place,
                       float *matrix)
{
    for (size_t i = 0; i < n; i++) {
        size_t first = place[l->node_first[l->nodes[nodes[i]].feature]];
        for (size_t k = 0; k < n && first != i; k++) {
            if (k != i) {
                float odds        = k == first ? pair_most : matrix[first * n + k];
                matrix[i * n + k] = matrix[k * n + i] = odds;
            }
        }
    }
}

// How well each node goes with the others of its group.
static void score_nodes(struct link *l, const uint32_t *nodes, size_t n, const float *matrix,
                        const uint32_t *group)
{
    for (size_t i = 0; i < n; i++) {
        float sum = 0, others = 0;
        for (size_t k = 0; k < n; k++) {
            if (k != i && group[k] == group[i]) {
                sum += link_bounded(matrix[i * n + k]);
                others++;
            }
        }
        l->nodes[nodes[i]].odds = others > 0 ? sum / others : 100;
    }
}

// Puts the decisions in order of their first nodes, so that a component finds its own.
static void list_said(const struct link *l, struct work *w)
{
    w->said       = memory_new((l->decision_count + 1) * sizeof *w->said);
    w->said_start = memory_zero((l->node_count + 2) * sizeof *w->said_start);
    for (size_t d = 0; d < l->decision_count; d++) {
        w->said_start[l->node[l->decisions[d].a] + 2]++;
        w->decided[l->node[l->decisions[d].a]] = w->decided[l->node[l->decisions[d].b]] = true;
    }
    for (size_t i = 2; i < l->node_count + 2; i++) {
        w->said_start[i] += w->said_start[i - 1];
    }
    for (size_t d = 0; d < l->decision_count; d++) {
        w->said[w->said_start[l->node[l->decisions[d].a] + 1]++] = (uint32_t)d;
    }
}

// The next decision about two nodes of a component, NULL at the end: the places of its sides are
// *at and *ret_b. Begins with *at and *k zero.
static const struct decision *next_said(const struct link *l, const struct work *w,
                                        const uint32_t *nodes, size_t n, size_t *at, size_t *k,
                                        size_t *ret_b)
{
    for (; *at < n; ++*at, *k = 0) {
        const uint32_t *list  = &w->said[w->said_start[nodes[*at]]];
        size_t          count = w->said_start[nodes[*at] + 1] - w->said_start[nodes[*at]];
        while (*k < count) {
            const struct decision *said = &l->decisions[list[(*k)++]];
            uint32_t               b    = l->node[said->b];
            if (w->place[b] < n && nodes[w->place[b]] == b) {
                *ret_b = w->place[b];
                return said;
            }
        }
    }
    return NULL;
}

// What reviewers decided about two of these nodes: "different" as minus infinity, "same" as plus
// infinity. Returns how many are "same".
static size_t put_decisions(const struct link *l, const struct work *w, const uint32_t *nodes,
                            size_t n, bool same_too, float *matrix)
{
    const struct decision *said;
    size_t                 same = 0;

    for (size_t x = 0, k = 0, y; (said = next_said(l, w, nodes, n, &x, &k, &y));) {
        same += said->same;
        if (!said->same || same_too) {
            matrix[x * n + y] = matrix[y * n + x] = said->same ? INFINITY : -INFINITY;
        }
    }
    return same;
}

// A "same" joins the whole groups of both records, not these two against those that resemble them.
// False, and nothing done, when that would bring together what is to be kept apart.
static bool join_groups(const struct link *l, const struct work *w, const uint32_t *nodes, size_t n,
                        const float *matrix, uint32_t *group, size_t *groups)
{
    uint32_t              *parent = memory_new((*groups + 1) * sizeof *parent);
    bool                   good   = true;
    const struct decision *said;

    for (uint32_t g = 0; g < *groups; g++) {
        parent[g] = g;
    }
    for (size_t x = 0, k = 0, y; (said = next_said(l, w, nodes, n, &x, &k, &y));) {
        if (said->same) {
            join(parent, group[x], group[y]);
        }
    }
    for (size_t i = 0; i < n * n && good; i++) {
        good = matrix[i] != -INFINITY ||
               root_of(parent, group[i / n]) != root_of(parent, group[i % n]);
    }
    uint32_t *number = memory_new((*groups + 1) * sizeof *number), count = 0;
    for (uint32_t g = 0; g < *groups;
         g++) { // roots come first: groups are in order of first members
        number[g] = root_of(parent, g) == g ? count++ : number[root_of(parent, g)];
    }
    for (size_t i = 0; i < n && good; i++) {
        group[i] = number[group[i]];
    }
    *groups = good ? count : *groups;
    free(parent);
    free(number);
    return good;
}

// Groups nodes of which a reviewer spoke; matrix gets all that was decided.
static size_t cluster_decided(const struct link *l, const struct work *w, const uint32_t *nodes,
                              size_t n, float *matrix, uint32_t *group)
{
    float *work = memory_new(n * n * sizeof *work), *apart = memory_new(n * n * sizeof *apart);

    memcpy(apart, matrix, n * n * sizeof *apart);
    size_t same = put_decisions(l, w, nodes, n, false, apart);
    memcpy(work, apart, n * n * sizeof *work);
    (void)put_decisions(l, w, nodes, n, true, matrix);
    size_t groups = cluster_average(work, n, group);
    if (same && !join_groups(l, w, nodes, n, apart, group, &groups)) {
        memcpy(work, matrix, n * n * sizeof *work);
        groups = cluster_average(work, n, group);
    }
    free(work);
    free(apart);
    return groups;
}

static void cluster_component(struct link *l, const uint32_t *nodes, size_t n, const struct work *w)
{
    uint32_t *place   = w->place;
    bool      decided = false;

    if (n == 1) {
        l->nodes[nodes[0]].group = (uint32_t)l->group_count++;
        l->nodes[nodes[0]].odds  = 100;
        return;
    }
    float    *matrix = memory_new(n * n * sizeof *matrix);
    uint32_t *group  = memory_new(n * sizeof *group);

    for (size_t i = 0; i < n; i++) {
        place[nodes[i]] = (uint32_t)i;
        decided         = decided || w->decided[nodes[i]];
    }
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] = 0;
        for (size_t k = i + 1; k < n; k++) {
            matrix[i * n + k] = matrix[k * n + i] =
                link_bounded(link_affinity(l, nodes[i], nodes[k]));
        }
    }
    put_edges(l, nodes, n, place, matrix);
    copy_twins(l, nodes, n, place, matrix);
    size_t groups;
    if (decided) {
        groups = cluster_decided(l, w, nodes, n, matrix, group);
        score_nodes(l, nodes, n, matrix, group);
    } else {
        float *kept = memory_new(n * n * sizeof *kept);
        memcpy(kept, matrix, n * n * sizeof *kept);
        groups = cluster_average(matrix, n, group);
        score_nodes(l, nodes, n, kept, group);
        free(kept);
    }
    for (size_t i = 0; i < n; i++) {
        l->nodes[nodes[i]].group = (uint32_t)(l->group_count + group[i]);
    }
    l->group_count += groups;
    free(matrix);
    free(group);
}

// Joins nodes by edges above a threshold; members by component in list, start has their beginnings.
static void components(struct link *l, struct work *w, float least)
{
    size_t n = l->node_count;

    for (uint32_t i = 0; i < n; i++) {
        w->parent[i] = i;
        if (l->node_first[l->nodes[i].feature] != i) {
            join(w->parent, i, l->node_first[l->nodes[i].feature]);
        }
    }
    for (size_t i = 0; i < l->edge_count; i++) {
        if (l->edges[i].odds > least) {
            join(w->parent, l->edges[i].a, l->edges[i].b);
        }
    }
    for (size_t i = 0; i < l->decision_count; i++) {
        if (l->decisions[i].same) {
            join(w->parent, l->node[l->decisions[i].a], l->node[l->decisions[i].b]);
        }
    }
    memset(w->start, 0, (n + 2) * sizeof *w->start);
    for (uint32_t i = 0; i < n; i++) {
        w->start[root_of(w->parent, i) + 2]++;
    }
    for (size_t i = 2; i < n + 2; i++) {
        w->start[i] += w->start[i - 1];
    }
    for (uint32_t i = 0; i < n; i++) {
        w->list[w->start[root_of(w->parent, i) + 1]++] = i;
    }
}

void link_cluster(struct link *l, struct link_progress progress)
{
    size_t      n = l->node_count;
    struct work w = { .parent  = memory_new((n + 2) * sizeof *w.parent),
                      .start   = memory_new((n + 3) * sizeof *w.start),
                      .list    = memory_new((n + 2) * sizeof *w.list),
                      .place   = memory_new((n + 2) * sizeof *w.place),
                      .decided = memory_zero(n + 2) };

    list_said(l, &w);
    components(l, &w, 0);
    memset(w.place, 0xFF, (n + 2) * sizeof *w.place);
    for (size_t i = 0; i < n; i++) {
        size_t from = w.start[i], count = w.start[i + 1] - from;
        // Larger ones only come of values that many share; their parts are clustered apart.
        for (size_t at = 0; at < count; at += COMPONENT_MOST) {
            size_t part = count - at < COMPONENT_MOST ? count - at : COMPONENT_MOST;
            cluster_component(l, w.list + from + at, part, &w);
        }
        if (progress.step && i % 4096 == 0) {
            progress.step(progress.context, LINK_GROUPING, i, n);
        }
    }
    free(w.parent);
    free(w.start);
    free(w.list);
    free(w.place);
    free(w.decided);
    free(w.said);
    free(w.said_start);
}
