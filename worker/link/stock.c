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
}

struct printed {
    uint64_t print;
    uint32_t feature;
};

static int by_print(const void *a, const void *b)
{
    const struct printed *x = a, *y = b;
    if (x->print != y->print) {
        return x->print < y->print ? -1 : 1;
    }
    return x->feature < y->feature ? -1 : x->feature > y->feature;
}

void stock_sort(struct stock *s, uint32_t *map)
{
    struct printed *order  = memory_new((s->count + 1) * sizeof *order);
    struct feature *sorted = memory_new((s->count + 1) * sizeof *sorted);
    size_t          kept   = 0;

    for (size_t i = 0; i < s->count; i++) {
        order[i] = (struct printed){ s->features[i].print, (uint32_t)i };
    }
    qsort(order, s->count, sizeof *order, by_print);
    for (size_t i = 0; i < s->count; i++) {
        if (!i || order[i].print != order[i - 1].print) {
            sorted[kept++] = s->features[order[i].feature];
        }
        map[order[i].feature] = (uint32_t)(kept - 1);
    }
    free(order);
    free(s->features);
    s->features = sorted;
    s->room     = s->count + 1;
    s->count    = kept;
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
