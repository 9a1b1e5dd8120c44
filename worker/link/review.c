// What a person should look at: likely pairs of groups, doubtful members, SIRET that contradict.
#include "link/link_private.h"

#include "link/sort.h"

#include <math.h>

enum { MEMBERS_MOST = 48 };

// Between these probabilities a machine is wrong more often than once in ten.
static const double likely = 0.10, doubtful = 0.90;

static const struct {
    struct str code, sentence;
} reasons[LINK_REASONS] = {
    [LINK_REVIEW_LIKELY]   = { STR_INIT("proche"),
                               STR_INIT("séparées, mais peut-être la même entité") },
    [LINK_REVIEW_DOUBTFUL] = { STR_INIT("douteux"),
                               STR_INIT("réunies, mais l’une des deux pourrait être une autre "
                                        "entité") },
    [LINK_REVIEW_SIRET]    = { STR_INIT("siret"),
                               STR_INIT("réunies malgré deux SIRET valides différents") },
};

struct str link_reason_code(enum link_reason reason)
{
    return reasons[reason].code;
}

struct str link_reason_sentence(enum link_reason reason)
{
    return reasons[reason].sentence;
}

size_t link_review_count(const struct link *l)
{
    return l->review_count;
}

struct link_review link_review_at(const struct link *l, size_t index)
{
    return l->reviews[index];
}

static uint64_t pair_of(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

bool link_groups_differ(const struct link *l, uint32_t a, uint32_t b)
{
    uint64_t wanted = pair_of(a, b);
    size_t   low = 0, high = l->apart_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->apart[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < l->apart_count && l->apart[low] == wanted;
}

static void list_apart(struct link *l)
{
    l->apart = memory_new((l->decision_count + 1) * sizeof *l->apart);
    for (size_t i = 0; i < l->decision_count; i++) {
        if (!l->decisions[i].same) {
            l->apart[l->apart_count++] =
                pair_of(link_group_of(l, l->decisions[i].a), link_group_of(l, l->decisions[i].b));
        }
    }
    sort_numbers(l->apart, l->apart_count, 64);
    l->apart_count = sort_unique(l->apart, l->apart_count);
}

struct list {
    struct link_review *at;
    size_t              count, room;
};

static void add(const struct link *l, struct list *list, uint32_t a, uint32_t b, double probability,
                enum link_reason reason)
{
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 64;
        list->at   = memory_resize(list->at, list->room * sizeof *list->at);
    }
    bool swap = str_compare(link_id(l, a), link_id(l, b)) > 0;
    list->at[list->count++] =
        (struct link_review){ swap ? b : a, swap ? a : b, probability, reason };
}

// The record that stands for a node: its first by id.
static uint32_t record_of(const struct link *l, uint32_t node)
{
    uint32_t group = l->nodes[node].group, found = NO_GROUP;

    for (size_t i = l->member_start[group]; i < l->member_start[group + 1]; i++) {
        uint32_t r      = l->member[i];
        bool     better = found == NO_GROUP || str_compare(link_id(l, r), link_id(l, found)) < 0;
        if (l->node[r] == node && better) {
            found = r;
        }
    }
    return found;
}

struct side {
    uint32_t node[MEMBERS_MOST];
    size_t   count;
};

// Mean log-odds between two groups and the best pair of nodes.
static float between(const struct link *l, const struct side *a, const struct side *b,
                     uint32_t *ret_a, uint32_t *ret_b)
{
    float sum = 0, best = -INFINITY;

    for (size_t i = 0; i < a->count; i++) {
        for (size_t k = 0; k < b->count; k++) {
            uint32_t x = l->nodes[a->node[i]].feature, y = l->nodes[b->node[k]].feature;
            float    odds = link_bounded(link_odds(l, x < y ? x : y, x < y ? y : x));
            sum += odds;
            if (odds > best) {
                best   = odds;
                *ret_a = a->node[i];
                *ret_b = b->node[k];
            }
        }
    }
    return sum / (float)(a->count * b->count);
}

static void list_likely(const struct link *l, struct list *list)
{
    uint64_t *pairs = memory_new((l->edge_count + 1) * sizeof *pairs);
    size_t    n     = 0;
    float     least = (float)log(likely / (1 - likely));

    for (size_t i = 0; i < l->edge_count; i++) {
        uint32_t a = l->nodes[l->edges[i].a].group, b = l->nodes[l->edges[i].b].group;
        if (l->edges[i].odds > least && a != b && a != NO_GROUP && b != NO_GROUP) {
            pairs[n++] = pair_of(a, b);
        }
    }
    sort_numbers(pairs, n, 64);
    n = sort_unique(pairs, n);
    for (size_t i = 0; i < n; i++) {
        struct side a, b;
        uint32_t    x = 0, y = 0, ga = (uint32_t)(pairs[i] >> 32), gb = (uint32_t)pairs[i];
        if (link_groups_differ(l, ga, gb)) {
            continue;
        }
        a.count    = link_nodes_of(l, ga, a.node, MEMBERS_MOST);
        b.count    = link_nodes_of(l, gb, b.node, MEMBERS_MOST);
        float odds = between(l, &a, &b, &x, &y);
        if (odds > least) {
            add(l, list, record_of(l, x), record_of(l, y), link_probability(odds),
                LINK_REVIEW_LIKELY);
        }
    }
    free(pairs);
}

static bool sirets_differ(const struct feature *a, const struct feature *b)
{
    if (!a->siren || !b->siren || (a->flags | b->flags) & BAD_IDENT) {
        return false;
    }
    return a->siren != b->siren || (a->nic && b->nic && a->nic != b->nic);
}

static const struct feature *feature_of(const struct link *l, uint32_t node)
{
    return &l->stock->features[l->nodes[node].feature];
}

// Inside a group: each SIRET that contradicts one met before, and the members that sit badly.
static void list_inside(const struct link *l, uint32_t group, struct list *list)
{
    struct side s = { .count = link_nodes_of(l, group, s.node, MEMBERS_MOST) };

    for (size_t i = 1; i < s.count; i++) {
        const struct feature *here  = feature_of(l, s.node[i]);
        bool                  clash = false, known = false;
        size_t                with = 0;
        for (size_t k = 0; k < i && !known; k++) {
            const struct feature *other = feature_of(l, s.node[k]);
            known                       = here->siren == other->siren && here->nic == other->nic;
            if (!clash && sirets_differ(here, other)) {
                clash = true;
                with  = k;
            }
        }
        if (clash && !known && l->schema->unit != LINK_PERSON) {
            add(l, list, record_of(l, s.node[with]), record_of(l, s.node[i]),
                link_probability(l->nodes[s.node[i]].odds), LINK_REVIEW_SIRET);
        }
    }
    for (size_t i = 0; i < s.count && s.count > 1; i++) {
        if (link_probability(l->nodes[s.node[i]].odds) < doubtful) {
            struct side one = { .node = { s.node[i] }, .count = 1 }, rest = s;
            uint32_t    x = 0, y = 0;
            rest.node[i] = rest.node[--rest.count];
            (void)between(l, &one, &rest, &x, &y);
            add(l, list, record_of(l, x), record_of(l, y),
                link_probability(l->nodes[s.node[i]].odds), LINK_REVIEW_DOUBTFUL);
        }
    }
}

static int by_worth(const void *a, const void *b, void *context)
{
    const struct link        *l = context;
    const struct link_review *x = a, *y = b;

    if (x->reason != y->reason) {
        return x->reason > y->reason ? -1 : 1; // what was merged wrongly harms most
    }
    double dx = fabs(x->probability - 0.5), dy = fabs(y->probability - 0.5);
    if (dx < dy || dx > dy) {
        return dx < dy ? -1 : 1;
    }
    int order = str_compare(link_id(l, x->a), link_id(l, y->a));
    return order ? order : str_compare(link_id(l, x->b), link_id(l, y->b));
}

void link_list_reviews(struct link *l)
{
    struct list list = { .count = 0 };

    list_apart(l);
    list_likely(l, &list);
    for (uint32_t g = 0; g < l->group_count; g++) {
        if (l->member_start[g + 1] - l->member_start[g] > 1) {
            list_inside(l, g, &list);
        }
    }
    if (list.count) {
        qsort_r(list.at, list.count, sizeof *list.at, by_worth, l);
    }
    // Two members that sit badly with one another are one question.
    size_t kept = 0;
    for (size_t i = 0; i < list.count; i++) {
        bool again = kept && list.at[kept - 1].a == list.at[i].a &&
                     list.at[kept - 1].b == list.at[i].b &&
                     list.at[kept - 1].reason == list.at[i].reason;
        if (!again) {
            list.at[kept++] = list.at[i];
        }
    }
    l->reviews      = list.at;
    l->review_count = kept;
}
