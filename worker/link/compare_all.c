// All candidate pairs: learn from a sample of them, then keep those that go together.
#include "link/link_private.h"

#include <math.h>

enum {
    SAMPLE_LEAST = 60000,
    SAMPLE_MOST  = 250000,
    SAMPLE_SHARE = 40,
    RANDOM_PAIRS = 40000,
    STEP         = 1 << 16
};

// Log-odds below which a pair is not remembered: a probability of two per cent.
static const float floor_odds = -4;

static int by_id(const void *a, const void *b, void *context)
{
    const uint32_t *x = a, *y = b;
    return str_compare(link_id(context, *x), link_id(context, *y));
}

// Records that a reviewer spoke of, each once, by id.
static uint32_t *list_decided(struct link *l, size_t *ret_count)
{
    uint32_t *decided = memory_new((2 * l->decision_count + 1) * sizeof *decided);
    size_t    n = 0, kept = 0;

    for (size_t i = 0; i < l->decision_count; i++) {
        decided[n++] = l->decisions[i].a;
        decided[n++] = l->decisions[i].b;
    }
    qsort_r(decided, n, sizeof *decided, by_id, l);
    for (size_t i = 0; i < n; i++) {
        if (!i || decided[i] != decided[i - 1]) {
            decided[kept++] = decided[i];
        }
    }
    *ret_count = kept;
    return decided;
}

void link_make_nodes(struct link *l)
{
    size_t    decided_count, features = l->stock->count;
    uint32_t *decided = list_decided(l, &decided_count);
    bool     *own = memory_zero(l->count + 1), *taken = memory_zero(features + 1);

    l->node       = memory_new((l->room + 1) * sizeof *l->node); // as the other arrays by record
    l->node_room  = features + decided_count + 1;
    l->nodes      = memory_new(l->node_room * sizeof *l->nodes);
    l->node_first = memory_new((features + 1) * sizeof *l->node_first);
    for (size_t i = 0; i < features; i++) {
        l->node_first[i] = (uint32_t)i;
        l->nodes[i]      = (struct node){ (uint32_t)i, NO_GROUP, NO_GROUP, 0 };
    }
    l->node_count = features;
    for (size_t i = 0; i < decided_count; i++) {
        own[decided[i]] = true;
    }
    for (size_t i = 0; i < l->count; i++) {
        l->node[i]           = l->feature[i];
        taken[l->feature[i]] = taken[l->feature[i]] || !own[i];
    }
    for (size_t i = 0; i < decided_count; i++) {
        uint32_t feature = l->feature[decided[i]];
        if (!taken[feature]) {
            taken[feature] = true; // nobody else says the same: no need of another node
            continue;
        }
        l->node[decided[i]]     = (uint32_t)l->node_count;
        l->nodes[l->node_count] = (struct node){ feature, NO_GROUP, l->nodes[feature].next, 0 };
        l->nodes[feature].next  = (uint32_t)l->node_count++;
    }
    free(decided);
    free(own);
    free(taken);
}

static struct vector vector_of(const struct link *l, uint32_t a, uint32_t b)
{
    struct vector v;

    evidence_compare(l->stock, &l->model.evidence, link_knowledge(l), &l->stock->features[a],
                     &l->stock->features[b], &v);
    return v;
}

static uint32_t first_of(uint64_t pair)
{
    return (uint32_t)(pair >> BLOCK_FEATURE_BITS);
}

static uint32_t second_of(uint64_t pair)
{
    return (uint32_t)(pair & ((1U << BLOCK_FEATURE_BITS) - 1));
}

static void learn(struct link *l, const uint64_t *pairs, size_t count)
{
    size_t wanted = count / SAMPLE_SHARE;
    wanted = wanted < SAMPLE_LEAST ? SAMPLE_LEAST : wanted > SAMPLE_MOST ? SAMPLE_MOST : wanted;
    size_t         step = count / wanted + 1, n = 0, random_count = 0;
    struct vector *sample = memory_new((count / step + 1) * sizeof *sample);
    struct vector *random = memory_new(RANDOM_PAIRS * sizeof *random);

    for (size_t i = 0; i < count; i += step) {
        sample[n++] = vector_of(l, first_of(pairs[i]), second_of(pairs[i]));
    }
    uint64_t draw = 1;
    for (size_t i = 0; i < RANDOM_PAIRS && l->schema->unit == LINK_THING && l->distinct > 1; i++) {
        uint32_t a = (uint32_t)((draw = hash_pair(draw, i)) % l->distinct);
        uint32_t b = (uint32_t)((draw = hash_pair(draw, i)) % l->distinct);
        if (a != b) {
            random[random_count++] = vector_of(l, a, b);
        }
    }
    model_learn(&l->model, sample, n, random, random_count);
    free(sample);
    free(random);
}

// Log-odds from which names that differ are learned as aliases; names of many places are not.
static const float alias_odds = 3, alias_places = 3;

static bool is_rare(const struct link *l, uint64_t name)
{
    float places = 1, names = 1;

    spread_look(l->spread, spread_key(SPREAD_NAME, name), &places, &names);
    return places <= alias_places;
}

// The names of a pair that is surely the same though they differ.
static void learn_alias(struct link *l, struct alias *to, uint32_t a, uint32_t b)
{
    const struct feature *x = &l->stock->features[a], *y = &l->stock->features[b];

    for (size_t i = 0; i < x->name_count; i++) {
        for (size_t k = 0; k < y->name_count; k++) {
            uint64_t name  = l->stock->variants[x->names + i].key;
            uint64_t other = l->stock->variants[y->names + k].key;
            if (is_rare(l, name) && is_rare(l, other)) {
                alias_add(to, name, other);
            }
        }
    }
}

static bool names_differ(const struct link *l, const struct vector *v)
{
    for (size_t p = 0; p < l->model.evidence.count; p++) {
        if (l->model.evidence.piece[p].piece == PIECE_NAME) {
            return v->level[p] >= LEVEL_NAME_PARTIAL && v->level[p] != LEVEL_NAME_ACRONYM;
        }
    }
    return false;
}

static void keep(struct link *l, size_t *room, uint32_t a, uint32_t b, float odds)
{
    if (l->edge_count == *room) {
        *room    = *room ? *room * 2 : 1024;
        l->edges = memory_resize(l->edges, *room * sizeof *l->edges);
    }
    l->edges[l->edge_count++] = (struct edge){ a, b, odds };
}

static void start_edges(struct link *l)
{
    l->edge_start = memory_zero((l->node_count + 2) * sizeof *l->edge_start);
    for (size_t i = 0; i < l->edge_count; i++) {
        l->edge_start[l->edges[i].a + 1]++;
    }
    for (size_t i = 0; i < l->node_count; i++) {
        l->edge_start[i + 1] += l->edge_start[i];
    }
}

void link_compare(struct link *l, struct link_progress progress)
{
    size_t    count, room = 0;
    uint64_t *pairs = block_pairs(l->block, &count);

    l->pairs = count;
    if (progress.step) {
        progress.step(progress.context, LINK_ESTIMATING, 0, count);
    }
    learn(l, pairs, count);
    struct alias *alias = alias_new();
    for (size_t i = 0; i < count; i++) {
        uint32_t      a = first_of(pairs[i]), b = second_of(pairs[i]);
        struct vector v    = vector_of(l, a, b);
        float         odds = model_score(&l->model, &v);
        if (odds > floor_odds) {
            keep(l, &room, a, b, odds);
        }
        if (odds > alias_odds && names_differ(l, &v)) {
            learn_alias(l, alias, a, b);
        }
        if (progress.step && i % STEP == 0) {
            progress.step(progress.context, LINK_COMPARING, i, count);
        }
    }
    free(pairs);
    l->alias = alias;
    for (size_t i = 0; i < l->edge_count && alias_count(alias); i++) {
        l->edges[i].odds = link_odds(l, l->edges[i].a, l->edges[i].b);
    }
    start_edges(l);
}
