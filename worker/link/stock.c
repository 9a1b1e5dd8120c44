#include "link/stock.h"

#include "link/read.h"

#include <math.h>

static bool is_general(enum link_kind kind)
{
    return kind >= LINK_EXACT && kind < LINK_KINDS;
}

struct stock *stock_new(const struct link_schema *schema)
{
    struct stock *s = memory_zero(sizeof *s);

    s->schema  = schema;
    s->words   = intern_new();
    s->texts   = intern_new();
    s->general = memory_zero(schema->count * sizeof *s->general);
    for (size_t i = 0; i < schema->count; i++) {
        if (is_general(schema->fields[i].kind)) {
            s->general[s->general_count++] = (uint32_t)i;
        }
    }
    return s;
}

void stock_free(struct stock *s)
{
    if (s) {
        intern_free(s->words);
        intern_free(s->texts);
        free(s->features);
        free(s->variants);
        free(s->values);
        free(s->pool);
        free(s->general);
        free(s->word_weight);
        free(s);
    }
}

uint32_t stock_add(struct stock *s, const struct str *fields)
{
    if (s->count == s->room) {
        s->room     = s->room ? s->room * 2 : 256;
        s->features = memory_resize(s->features, s->room * sizeof *s->features);
    }
    struct feature *f = &s->features[s->count];
    memset(f, 0, sizeof *f);
    s->pool_before = s->pool_count;
    read_record(s, fields, f);
    return (uint32_t)s->count++;
}

void stock_drop(struct stock *s)
{
    const struct feature *f = &s->features[--s->count];

    // What was appended for it is the end of each array.
    s->variant_count = f->names;
    s->value_count   = f->values;
    s->pool_count    = s->pool_before;
}

// Neighbours in place and name come together, so that the pairs to be compared are near in memory.
struct printed {
    uint64_t place, print;
    uint32_t feature;
};

static int by_print(const void *a, const void *b)
{
    const struct printed *x = a, *y = b;

    if (x->place != y->place) {
        return x->place < y->place ? -1 : 1;
    }
    if (x->print != y->print) {
        return x->print < y->print ? -1 : 1;
    }
    return x->feature < y->feature ? -1 : x->feature > y->feature;
}

static uint64_t place_of(const struct stock *s, const struct feature *f)
{
    uint64_t name = f->name_count ? s->variants[f->names].key : 0;

    return (uint64_t)f->postcode << 40 | name >> 24;
}

// What a stock consists of, rewritten in a new order.
struct layout {
    const struct stock *from;
    struct feature     *features;
    struct variant     *variants;
    struct value       *values;
    uint32_t           *pool;
    size_t              variant_count, value_count, pool_count;
};

static uint32_t move_words(struct layout *to, uint32_t at, size_t count)
{
    uint32_t moved = (uint32_t)to->pool_count;

    for (size_t i = 0; i < count; i++) {
        to->pool[to->pool_count++] = to->from->pool[at + i];
    }
    return moved;
}

static void move_feature(struct layout *to, const struct feature *old, struct feature *f)
{
    *f       = *old;
    f->names = (uint32_t)to->variant_count;
    for (size_t i = 0; i < f->name_count; i++) {
        struct variant *v = &to->variants[to->variant_count++];
        *v                = to->from->variants[old->names + i];
        v->at             = move_words(to, v->at, v->count);
    }
    f->values = (uint32_t)to->value_count;
    for (size_t i = 0; i < to->from->general_count; i++) {
        struct value *v = &to->values[to->value_count++];
        *v              = to->from->values[old->values + i];
        v->words        = move_words(to, v->words, v->count);
    }
    f->commune_words = move_words(to, f->commune_words, f->commune_count);
    f->way_words     = move_words(to, f->way_words, f->way_count);
    f->job_words     = move_words(to, f->job_words, f->job_count);
    f->given         = move_words(to, f->given, f->given_count);
    f->family        = move_words(to, f->family, f->family_count);
}

static void take_layout(struct stock *s, const struct layout *new, size_t count)
{
    free(s->features);
    free(s->variants);
    free(s->values);
    free(s->pool);
    s->features      = new->features;
    s->variants      = new->variants;
    s->values        = new->values;
    s->pool          = new->pool;
    s->room          = s->count + 1;
    s->count         = count;
    s->variant_room  = s->variant_count + 1;
    s->variant_count = new->variant_count;
    s->value_room    = s->value_count + 1;
    s->value_count   = new->value_count;
    s->pool_room     = s->pool_count + 1;
    s->pool_count    = new->pool_count;
}

void stock_sort(struct stock *s, uint32_t *map)
{
    struct printed *order = memory_new((s->count + 1) * sizeof *order);
    struct layout   to    = { .from = s };
    size_t          kept  = 0;

    to.features = memory_new((s->count + 1) * sizeof *to.features);
    to.variants = memory_new((s->variant_count + 1) * sizeof *to.variants);
    to.values   = memory_new((s->value_count + 1) * sizeof *to.values);
    to.pool     = memory_new((s->pool_count + 1) * sizeof *to.pool);
    for (size_t i = 0; i < s->count; i++) {
        const struct feature *f = &s->features[i];
        order[i]                = (struct printed){ place_of(s, f), f->print, (uint32_t)i };
    }
    qsort(order, s->count, sizeof *order, by_print);
    for (size_t i = 0; i < s->count; i++) {
        if (!i || order[i].print != order[i - 1].print) {
            move_feature(&to, &s->features[order[i].feature], &to.features[kept++]);
        }
        map[order[i].feature] = (uint32_t)(kept - 1);
    }
    free(order);
    take_layout(s, &to, kept);
}

void stock_weigh(struct stock *s)
{
    size_t    count = intern_count(s->words) + 1;
    uint32_t *seen  = memory_zero(count * sizeof *seen);
    uint32_t *last  = memory_zero(count * sizeof *last);

    for (size_t i = 0; i < s->count; i++) {
        const struct feature *f = &s->features[i];
        for (size_t v = f->names; v < f->names + f->name_count; v++) {
            for (size_t k = 0; k < s->variants[v].count; k++) {
                uint32_t word = s->pool[s->variants[v].at + k];
                seen[word] += last[word] != i + 1;
                last[word] = (uint32_t)(i + 1);
            }
        }
    }
    free(last);
    free(s->word_weight);
    s->word_weight = memory_new(count * sizeof *s->word_weight);
    float rare     = logf((float)s->count + 2.0F);
    for (size_t i = 0; i < count; i++) {
        float idf         = rare - logf(seen[i] ? (float)seen[i] : 1.0F);
        s->word_weight[i] = idf * idf;
    }
    s->weighed     = count;
    s->weight_rare = rare * rare;
    free(seen);
}

float stock_weight(const struct stock *s, uint32_t word)
{
    return word < s->weighed ? s->word_weight[word] : s->weight_rare;
}
