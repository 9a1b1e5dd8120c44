// A new record against the stock.
#include "link/link_private.h"

#include <math.h>

enum { CANDIDATES_MOST = 2048, MEMBERS_MOST = 32 };

// Candidates by group.
struct found {
    uint32_t feature, node, group;
    float    odds;
};

static int by_group(const void *a, const void *b)
{
    const struct found *x = a, *y = b;

    if (x->group != y->group) {
        return x->group < y->group ? -1 : 1;
    }
    return x->odds > y->odds ? -1 : x->odds < y->odds;
}

static float odds_of(const struct link *l, const struct feature *f, uint32_t feature)
{
    struct vector v;

    evidence_compare(l->stock, &l->model.evidence, link_knowledge(l), &l->stock->features[feature],
                     f, &v);
    return model_score(&l->model, &v);
}

// Mean log-odds of the feature with a group, of which candidates [from, to) are already compared.
static float with_group(const struct link *l, const struct feature *f, const struct found *list,
                        size_t from, size_t to)
{
    uint32_t nodes[MEMBERS_MOST];
    size_t   n   = link_nodes_of(l, list[from].group, nodes, MEMBERS_MOST);
    float    sum = 0;

    for (size_t i = 0; i < n; i++) {
        bool  is_candidate = false;
        float odds         = 0;
        for (size_t k = from; k < to && !is_candidate; k++) {
            is_candidate = list[k].feature == l->nodes[nodes[i]].feature;
            odds         = list[k].odds;
        }
        if (!is_candidate) {
            odds = link_stranger(l, odds_of(l, f, l->nodes[nodes[i]].feature));
        }
        sum += link_bounded(odds);
    }
    return n ? sum / (float)n : -INFINITY;
}

static uint32_t record_of_node(const struct link *l, uint32_t node)
{
    uint32_t group = l->nodes[node].group;

    for (size_t i = l->member_start[group]; i < l->member_start[group + 1]; i++) {
        if (l->node[l->member[i]] == node) {
            return l->member[i];
        }
    }
    for (uint32_t i = l->late_head[group]; i != NO_GROUP; i = l->late[i].next) {
        if (l->node[l->late[i].record] == node) {
            return l->late[i].record;
        }
    }
    return 0;
}

static int by_probability(const void *a, const void *b)
{
    const struct link_match *x = a, *y = b;

    if (x->probability > y->probability || x->probability < y->probability) {
        return x->probability > y->probability ? -1 : 1;
    }
    return x->group < y->group ? -1 : x->group > y->group;
}

static void keep_best(struct link_match ret[LINK_MATCH_MAX], size_t *count, struct link_match m)
{
    if (*count < LINK_MATCH_MAX) {
        ret[(*count)++] = m;
    } else if (ret[LINK_MATCH_MAX - 1].probability < m.probability) {
        ret[LINK_MATCH_MAX - 1] = m;
    }
    qsort(ret, *count, sizeof *ret, by_probability);
}

static size_t match_feature(const struct link *l, const struct feature *f,
                            struct link_match ret[LINK_MATCH_MAX])
{
    static const double least    = 0.1;
    static const float  hopeless = -6;
    uint64_t            keys[BLOCK_KEYS_MAX];
    uint32_t           *candidates = memory_new(CANDIDATES_MOST * sizeof *candidates);
    struct found       *list       = memory_new(CANDIDATES_MOST * sizeof *list);
    size_t              n = 0, count = 0;
    size_t              key_count = block_keys(l->stock, f, keys);
    size_t              found = block_find(l->block, keys, key_count, candidates, CANDIDATES_MOST);

    for (size_t i = 0; i < found; i++) {
        float odds = odds_of(l, f, candidates[i]);
        for (uint32_t node = l->node_first[candidates[i]]; node != NO_GROUP && n < CANDIDATES_MOST;
             node          = l->nodes[node].next) {
            if (l->nodes[node].group != NO_GROUP) {
                list[n++] = (struct found){ candidates[i], node, l->nodes[node].group, odds };
            }
        }
    }
    qsort(list, n, sizeof *list, by_group);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && list[end].group == list[i].group; end++) {
        }
        if (list[i].odds < hopeless) {
            continue;
        }
        float  odds        = with_group(l, f, list, i, end);
        double probability = link_probability(odds);
        if (probability >= least) {
            keep_best(ret, &count,
                      (struct link_match){ record_of_node(l, list[i].node), list[i].group,
                                           probability, odds > 0 });
        }
    }
    free(candidates);
    free(list);
    return count;
}

size_t link_match(struct link *l, const struct str *fields, struct link_match ret[LINK_MATCH_MAX])
{
    if (!l->grouped) {
        return 0;
    }
    uint32_t feature = stock_add(l->stock, fields);
    spread_note(l->spread, l->stock, &l->stock->features[feature]);
    size_t count = match_feature(l, &l->stock->features[feature], ret);
    stock_drop(l->stock);
    for (size_t i = 1; i < count; i++) {
        ret[i].merge = false; // one record, one group: the best
    }
    return count;
}

static void make_room(struct link *l)
{
    if (l->count == l->room) {
        l->room     = l->room * 2 + 64;
        l->feature  = memory_resize(l->feature, l->room * sizeof *l->feature);
        l->previous = memory_resize(l->previous, l->room * sizeof *l->previous);
        l->kin      = memory_resize(l->kin, l->room * sizeof *l->kin);
        l->node     = memory_resize(l->node, l->room * sizeof *l->node);
    }
    if (l->node_count == l->node_room) {
        l->node_room = l->node_room * 2 + 64;
        l->nodes     = memory_resize(l->nodes, l->node_room * sizeof *l->nodes);
    }
    if (l->late_count == l->late_room) {
        l->late_room    = l->late_room * 2 + 64;
        l->late         = memory_resize(l->late, l->late_room * sizeof *l->late);
        size_t features = l->distinct + l->late_room;
        l->node_first   = memory_resize(l->node_first, (features + 1) * sizeof *l->node_first);
        size_t groups   = l->group_count + l->late_room;
        l->group_entity = memory_resize(l->group_entity, (groups + 1) * sizeof *l->group_entity);
        l->late_head    = memory_resize(l->late_head, (groups + 1) * sizeof *l->late_head);
        l->member_start = memory_resize(l->member_start, (groups + 2) * sizeof *l->member_start);
    }
}

// A group for a record that resembles none; its members are all late.
static uint32_t new_group(struct link *l, struct str id)
{
    uint32_t group = (uint32_t)l->group_count++;

    l->group_entity[group]     = link_new_entity(l, id);
    l->late_head[group]        = NO_GROUP;
    l->member_start[group + 1] = l->member_start[group];
    return group;
}

enum link_status link_join(struct link *l, struct str id, const struct str *fields,
                           uint32_t *ret_record)
{
    enum link_status  status = l->grouped ? link_check_id(l, id) : LINK_NOT_GROUPED;
    struct link_match matches[LINK_MATCH_MAX];
    uint64_t          keys[BLOCK_KEYS_MAX];

    if (status) {
        return status;
    }
    make_room(l);
    uint32_t feature = stock_add(l->stock, fields);
    spread_note(l->spread, l->stock, &l->stock->features[feature]);
    const struct feature *f      = &l->stock->features[feature];
    size_t                count  = match_feature(l, f, matches);
    bool                  merges = count && matches[0].merge;
    uint32_t              group  = merges ? matches[0].group : new_group(l, id);
    uint32_t              node = (uint32_t)l->node_count++, record = (uint32_t)l->count++;
    (void)intern_add(l->ids, id);
    l->feature[record]     = feature;
    l->previous[record]    = 0;
    l->kin[record]         = record;
    l->node[record]        = node;
    l->node_first[feature] = node;
    float odds = merges ? (float)log(matches[0].probability / (1 - matches[0].probability)) : 100;
    l->nodes[node]         = (struct node){ feature, group, NO_GROUP, odds };
    l->late[l->late_count] = (struct late){ record, l->late_head[group] };
    l->late_head[group]    = (uint32_t)l->late_count++;
    block_add(l->block, keys, block_keys(l->stock, f, keys), feature);
    *ret_record = record;
    return LINK_OK;
}
