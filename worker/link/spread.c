#include "link/spread.h"

#include <math.h>

struct seen {
    uint64_t key, what;
};

struct cell {
    uint64_t key;
    float    places, names;
};

struct spread {
    struct cell *cells;
    size_t       mask;
    float        usual; // records that bear the usual value of a general column
};

uint64_t spread_key(enum spread_tag tag, uint64_t value)
{
    return hash_pair(0x5350ULL + (uint64_t)tag, value) | 1;
}

uint64_t spread_key_there(const struct stock *s, const struct feature *f, enum spread_tag tag,
                          uint64_t value)
{
    return spread_key(tag, hash_pair(value, intern_hash(s->texts, f->commune)));
}

static int by_key(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return x->what < y->what ? -1 : x->what > y->what;
}

struct list {
    struct seen *at;
    size_t       count, room;
};

static void add(struct list *list, uint64_t key, uint64_t what)
{
    if (!what) {
        return;
    }
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 1024;
        list->at   = memory_resize(list->at, list->room * sizeof *list->at);
    }
    list->at[list->count++] = (struct seen){ key, what };
}

static uint64_t place_of(const struct feature *f)
{
    return f->postcode && !(f->flags & HAS_CEDEX) ? f->postcode : 0;
}

uint64_t spread_person(const struct stock *s, const struct feature *f)
{
    if (!f->family_whole && !f->given_whole) {
        return 0;
    }
    // Either order gives the same.
    return hash_pair(11, intern_hash(s->texts, f->family_whole)) +
           hash_pair(11, intern_hash(s->texts, f->given_whole));
}

// What stands for the name of the record: its person, else its organisation.
static uint64_t name_of(const struct stock *s, const struct feature *f)
{
    uint64_t person = spread_person(s, f);

    if (person) {
        return person;
    }
    return f->name_count ? s->variants[f->names].key : 0;
}

static void look_at(const struct stock *s, const struct feature *f, struct list *places,
                    struct list *names)
{
    uint64_t keys[NAMES_MAX + PHONES_KEPT + 8];
    uint64_t place = place_of(f), name = name_of(s, f);
    size_t   n = 0;

    for (size_t i = 0; i < f->name_count; i++) {
        keys[n++] = spread_key(SPREAD_NAME, s->variants[f->names + i].key);
    }
    for (size_t i = 0; i < f->phone_count; i++) {
        keys[n++] = spread_key(SPREAD_PHONE, f->phone[i]);
    }
    if (f->mailbox) {
        keys[n++] = spread_key(SPREAD_MAILBOX, intern_hash(s->texts, f->mailbox));
    }
    if (f->domain && !(f->flags & FREE_MAIL)) {
        keys[n++] = spread_key(SPREAD_DOMAIN, intern_hash(s->texts, f->domain));
    }
    if (f->siren) {
        keys[n++] = spread_key(SPREAD_SIREN, f->siren);
    }
    if (f->door) {
        keys[n++] = spread_key(SPREAD_DOOR, f->door);
    }
    if (spread_person(s, f)) {
        keys[n++] = spread_key(SPREAD_PERSON, spread_person(s, f));
    }
    for (size_t i = 0; i < n; i++) {
        add(places, keys[i], place);
        add(names, keys[i], name);
    }
    if (f->given_whole && f->family_whole) {
        uint64_t given = intern_hash(s->texts, f->given_whole);
        uint64_t family = intern_hash(s->texts, f->family_whole);
        add(names, spread_key(SPREAD_GIVEN, given), family);
        add(names, spread_key(SPREAD_FAMILY, family), given);
    }
    // An address in a commune: by its number, which suffers less from typing errors than its words.
    uint64_t door = f->house ? f->house : f->way ? intern_hash(s->texts, f->way) : 0;
    for (size_t i = 0; i < f->name_count && f->commune; i++) {
        add(places, spread_key_there(s, f, SPREAD_NAME_THERE, s->variants[f->names + i].key), door);
    }
    if (f->siren && f->commune) {
        add(places, spread_key_there(s, f, SPREAD_SIREN_THERE, f->siren), door);
    }
}

static struct cell *cell_of(const struct spread *t, uint64_t key)
{
    size_t i = (size_t)(key >> 7) & t->mask;

    while (t->cells[i].key && t->cells[i].key != key) {
        i = (i + 1) & t->mask;
    }
    return &t->cells[i];
}

// Number of distinct things each key was seen with; keys seen with one are left out.
static size_t distinct(struct list *list)
{
    size_t kept = 0;

    if (list->count) {
        qsort(list->at, list->count, sizeof *list->at, by_key);
    }
    for (size_t i = 0; i < list->count;) {
        uint64_t key = list->at[i].key, count = 0;
        for (uint64_t last = 0; i < list->count && list->at[i].key == key; i++) {
            count += list->at[i].what != last;
            last = list->at[i].what;
        }
        if (count > 1) {
            list->at[kept++] = (struct seen){ key, count };
        }
    }
    list->count = kept;
    return kept;
}

// Frequencies of the values of general columns.
static void add_values(const struct stock *s, struct list *values)
{
    for (size_t i = 0; i < s->count; i++) {
        for (size_t k = 0; k < s->general_count; k++) {
            uint32_t text = s->values[s->features[i].values + k].text;
            if (text) {
                add(values,
                    spread_key(SPREAD_VALUE + (enum spread_tag)k, intern_hash(s->texts, text)),
                    i + 1);
            }
        }
    }
}

struct spread *spread_new(const struct stock *s)
{
    struct spread *t      = memory_zero(sizeof *t);
    struct list    places = { .count = 0 }, names = { .count = 0 }, values = { .count = 0 };

    for (size_t i = 0; i < s->count; i++) {
        look_at(s, &s->features[i], &places, &names);
    }
    add_values(s, &values);
    size_t all = distinct(&places) + distinct(&names) + distinct(&values);
    for (t->mask = 1023; t->mask < all * 2; t->mask = t->mask * 2 + 1) {
    }
    t->cells = memory_zero((t->mask + 1) * sizeof *t->cells);
    for (size_t i = 0; i < places.count; i++) {
        struct cell *c = cell_of(t, places.at[i].key);
        c->key         = places.at[i].key;
        c->places      = (float)places.at[i].what;
    }
    for (size_t i = 0; i < names.count; i++) {
        struct cell *c = cell_of(t, names.at[i].key);
        c->key         = names.at[i].key;
        c->names       = (float)names.at[i].what;
    }
    for (size_t i = 0; i < values.count; i++) {
        struct cell *c = cell_of(t, values.at[i].key);
        c->key         = values.at[i].key;
        c->names       = (float)values.at[i].what;
    }
    free(places.at);
    free(names.at);
    free(values.at);
    return t;
}

void spread_free(struct spread *t)
{
    if (t) {
        free(t->cells);
        free(t);
    }
}

void spread_look(const struct spread *t, uint64_t key, float *places, float *names)
{
    const struct cell *c = cell_of(t, key);

    *places = c->places > *places ? c->places : *places;
    *names  = c->names > *names ? c->names : *names;
}

float spread_rare(const struct spread *t, uint64_t key)
{
    const struct cell *c = cell_of(t, key);
    return logf(c->names > 1 ? c->names : 1.0F);
}
