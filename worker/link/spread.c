#include "link/spread.h"

#include "link/sort.h"

#include <math.h>

// A key was seen with something: the high bits of the key's hash and the low ones of the thing's.
// Two keys in a billion may be taken for one.
enum { WHAT_BITS = 24 };
#define WHAT_MASK ((1ULL << WHAT_BITS) - 1)

struct seen {
    uint64_t key, count;
};

struct cell {
    uint64_t key;
    float    places, names;
};

struct spread {
    struct cell *cells;
    size_t       mask;
    float usual[LINK_FIELDS_MAX]; // records that bear a value of a general column, on average
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

struct list {
    uint64_t    *at;
    size_t       count, room;
    struct seen *seen; // keys seen with several things
    size_t       seen_count;
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
    list->at[list->count++] = (key & ~WHAT_MASK) | (hash_pair(key, what) & WHAT_MASK);
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
        uint64_t given  = intern_hash(s->texts, f->given_whole);
        uint64_t family = intern_hash(s->texts, f->family_whole);
        add(names, spread_key(SPREAD_GIVEN, given), family);
        add(names, spread_key(SPREAD_FAMILY, family), given);
    }
    // An address in a commune: by its number, which suffers less from typing errors than its words.
    uint64_t door = f->house ? f->house : f->way ? intern_hash(s->texts, f->way) : 0;
    for (size_t i = 0; i < f->name_count && f->commune; i++) {
        add(places,
            spread_key_there(s, f, SPREAD_NAME_THERE, s->variants[f->names + i].key + f->role),
            door);
    }
    if (f->siren && f->commune) {
        add(places, spread_key_there(s, f, SPREAD_SIREN_THERE, f->siren), door);
    }
}

static struct cell *cell_of(const struct spread *t, uint64_t key)
{
    size_t i = (size_t)(key >> WHAT_BITS) & t->mask;

    while (t->cells[i].key && t->cells[i].key != key) {
        i = (i + 1) & t->mask;
    }
    return &t->cells[i];
}

// Counts the distinct things each key was seen with; keys seen with one are left out.
static size_t distinct(struct list *list)
{
    sort_numbers(list->at, list->count, 64);
    list->count = sort_unique(list->at, list->count);
    list->seen  = memory_new((list->count / 2 + 1) * sizeof *list->seen);
    for (size_t i = 0, end; i < list->count; i = end) {
        uint64_t key = list->at[i] & ~WHAT_MASK;
        for (end = i + 1; end < list->count && (list->at[end] & ~WHAT_MASK) == key; end++) {
        }
        if (end - i > 1) {
            list->seen[list->seen_count++] = (struct seen){ key, end - i };
        }
    }
    free(list->at);
    return list->seen_count;
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

static float value_count(const struct spread *t, const struct stock *s, const struct feature *f,
                         uint32_t index)
{
    uint32_t text = s->values[f->values + index].text;
    uint64_t key  = spread_key(SPREAD_VALUE + (enum spread_tag)index, intern_hash(s->texts, text));
    const struct cell *c = cell_of(t, key & ~WHAT_MASK);

    return c->names > 1 ? c->names : 1;
}

float spread_rare(const struct spread *t, const struct stock *s, const struct feature *f,
                  uint32_t index)
{
    return logf(value_count(t, s, f, index) / t->usual[index]);
}

// The count of a value as the records see it: common values are met more often.
static void weigh_values(struct spread *t, const struct stock *s)
{
    for (uint32_t k = 0; k < s->general_count; k++) {
        float sum = 0, given = 0;
        for (size_t i = 0; i < s->count; i++) {
            if (s->values[s->features[i].values + k].text) {
                sum += value_count(t, s, &s->features[i], k);
                given++;
            }
        }
        t->usual[k] = given > 0 ? sum / given : 1;
    }
}

struct spread *spread_new(struct stock *s)
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
    for (size_t i = 0; i < places.seen_count; i++) {
        struct cell *c = cell_of(t, places.seen[i].key);
        c->key         = places.seen[i].key;
        c->places      = (float)places.seen[i].count;
    }
    for (size_t i = 0; i < names.seen_count; i++) {
        struct cell *c = cell_of(t, names.seen[i].key);
        c->key         = names.seen[i].key;
        c->names       = (float)names.seen[i].count;
    }
    for (size_t i = 0; i < values.seen_count; i++) {
        struct cell *c = cell_of(t, values.seen[i].key);
        c->key         = values.seen[i].key;
        c->names       = (float)values.seen[i].count;
    }
    free(places.seen);
    free(names.seen);
    free(values.seen);
    for (size_t i = 0; i < s->count; i++) {
        spread_note(t, s, &s->features[i]);
    }
    weigh_values(t, s);
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
    const struct cell *c = cell_of(t, key & ~WHAT_MASK);

    *places = c->places > *places ? c->places : *places;
    *names  = c->names > *names ? c->names : *names;
}

static uint16_t short_count(float count)
{
    return count < 65535 ? (uint16_t)count : 65535;
}

void spread_note(const struct spread *t, struct stock *s, struct feature *f)
{
    for (size_t i = 0; i < f->name_count; i++) {
        struct variant *v      = &s->variants[f->names + i];
        float           places = 1, names = 1, there = 1;
        spread_look(t, spread_key(SPREAD_NAME, v->key), &places, &names);
        v->places = short_count(places);
        v->names  = short_count(names);
        spread_look(t, spread_key_there(s, f, SPREAD_NAME_THERE, v->key + f->role), &there, &names);
        v->there = short_count(f->commune ? there : 1);
    }
    float places = 1, names = 1, there = 1;
    spread_look(t, spread_key(SPREAD_DOOR, f->door), &places, &names);
    f->door_places = short_count(f->door ? places : 1);
    f->door_names  = short_count(f->door ? names : 1);
    spread_look(t, spread_key_there(s, f, SPREAD_SIREN_THERE, f->siren), &there, &names);
    f->siren_there = short_count(f->siren && f->commune ? there : 1);
}
