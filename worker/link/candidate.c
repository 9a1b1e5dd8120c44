#include "link/candidate.h"

#include "link/block.h"
#include "link/sort.h"

#include <math.h>

// Words of a name that make a key, and records after which the tables of texts are begun anew:
// they only grow.
enum { WORDS_KEPT = 5, WORD_LEAST = 3, RENEW_AFTER = 20000 };

struct candidate_keyer {
    const struct link_schema *schema;
    struct stock             *stock;
    size_t                    seen;
};

// What a key is of. Stored keys are made of these numbers: never reuse one for something else.
enum key_kind {
    KEY_NAME = 1,
    KEY_NAME_HERE,
    KEY_BONES_HERE,
    KEY_WORD_HERE,
    KEY_INITIALS_HERE,
    KEY_WAY_HERE,
    KEY_SIREN,
    KEY_SIREN_HERE,
    KEY_PHONE,
    KEY_PHONE_HERE,
    KEY_MAILBOX,
    KEY_MAILBOX_HERE,
    KEY_DOMAIN,
    KEY_DOMAIN_HERE,
    KEY_LOCAL,
    KEY_NAME_AT,
};

struct keys {
    const struct stock   *s;
    const struct feature *f;
    uint64_t              place; // 0 = not known
    uint64_t             *at;
    size_t                count;
};

static void add(struct keys *k, enum key_kind kind, uint64_t value)
{
    if (value && k->count < CANDIDATE_KEYS_MAX) {
        k->at[k->count++] = hash_pair(hash_pair((uint64_t)kind, value), 1);
    }
}

static void add_here(struct keys *k, enum key_kind kind, uint64_t value)
{
    if (value && k->place && k->count < CANDIDATE_KEYS_MAX) {
        k->at[k->count++] = hash_pair(hash_pair((uint64_t)kind, value), k->place);
    }
}

static uint64_t text_hash(const struct keys *k, uint32_t text)
{
    return text ? intern_hash(k->s->texts, text) : 0;
}

// A name at a way and number: what is left where a town has hundreds of the name, or a house of
// the companies.
static uint64_t at_door(const struct keys *k, uint64_t name)
{
    uint64_t bones = k->f->way ? block_skeleton(intern_str(k->s->texts, k->f->way)) : 0;
    return name && bones && k->f->house ? hash_pair(name, hash_pair(bones, k->f->house)) : 0;
}

static void name_keys(struct keys *k)
{
    const struct stock *s = k->s;

    for (size_t i = 0; i < k->f->name_count; i++) {
        const struct variant *v     = &s->variants[k->f->names + i];
        struct str            whole = intern_str(s->texts, v->whole);
        size_t                kept  = 0;
        add(k, KEY_NAME, v->key);
        add_here(k, KEY_NAME_HERE, v->key);
        add_here(k, KEY_NAME_AT, at_door(k, v->key));
        add_here(k, KEY_BONES_HERE, block_skeleton(whole));
        bool is_acronym = v->count == 1 && whole.len >= 3 && whole.len <= 8;
        add_here(k, KEY_INITIALS_HERE,
                 is_acronym     ? text_hash(k, v->whole)
                 : v->count > 2 ? text_hash(k, v->first)
                                : 0);
        for (size_t w = 0; w < v->count && kept < WORDS_KEPT; w++) {
            uint32_t word = s->pool[v->at + w];
            bool     told = !(v->local >> w & 1) && intern_str(s->words, word).len >= WORD_LEAST;
            add_here(k, KEY_WORD_HERE, told ? intern_hash(s->words, word) : 0);
            kept += told;
        }
    }
}

static void contact_keys(struct keys *k)
{
    const struct feature *f = k->f;

    for (size_t i = 0; i < f->phone_count; i++) {
        add(k, KEY_PHONE, f->phone[i]);
        add_here(k, KEY_PHONE_HERE, f->phone[i]);
    }
    add(k, KEY_MAILBOX, text_hash(k, f->mailbox));
    add_here(k, KEY_MAILBOX_HERE, text_hash(k, f->mailbox));
    if (!(f->flags & FREE_MAIL)) {
        add(k, KEY_DOMAIN, text_hash(k, f->domain));
        add_here(k, KEY_DOMAIN_HERE, text_hash(k, f->domain));
    }
    if (!(f->flags & GENERIC_BOX) && intern_str(k->s->texts, f->local).len >= 6) {
        add(k, KEY_LOCAL, text_hash(k, f->local));
    }
}

static void chief_keys(struct keys *k)
{
    for (size_t i = 0; i < k->f->name_count; i++) {
        add_here(k, KEY_NAME_HERE, k->s->variants[k->f->names + i].key);
    }
    for (size_t i = 0; i < k->f->phone_count; i++) {
        add(k, KEY_PHONE, k->f->phone[i]);
    }
    add(k, KEY_MAILBOX, text_hash(k, k->f->mailbox));
}

// A way by its consonants and its number; by its words where there is no number.
static void way_key(struct keys *k)
{
    const struct feature *f     = k->f;
    uint64_t              bones = f->way ? block_skeleton(intern_str(k->s->texts, f->way)) : 0;

    if (f->house && bones) {
        add_here(k, KEY_WAY_HERE, hash_pair(bones, f->house));
    } else {
        add_here(k, KEY_WAY_HERE, text_hash(k, f->way));
    }
}

struct candidate_keyer *candidate_keyer_new(const struct link_schema *schema)
{
    struct candidate_keyer *k = memory_zero(sizeof *k);

    k->schema = schema;
    k->stock  = stock_new(schema);
    return k;
}

void candidate_keyer_free(struct candidate_keyer *k)
{
    if (k) {
        stock_free(k->stock);
        free(k);
    }
}

static size_t keys_of(struct candidate_keyer *k, const struct str *fields, struct str place,
                      bool is_chief, uint64_t ret[CANDIDATE_KEYS_MAX])
{
    if (k->seen++ == RENEW_AFTER) {
        stock_free(k->stock);
        k->stock = stock_new(k->schema);
        k->seen  = 1;
    }
    uint32_t    feature = stock_add(k->stock, fields);
    struct keys keys    = {
           .s     = k->stock,
           .f     = &k->stock->features[feature],
           .place = place.len ? hash_str(place) : 0,
           .at    = ret,
    };
    if (is_chief) {
        chief_keys(&keys);
    } else {
        contact_keys(&keys);
        add(&keys, KEY_SIREN, keys.f->siren);
        add_here(&keys, KEY_SIREN_HERE, keys.f->siren);
        way_key(&keys);
        name_keys(&keys);
    }
    stock_drop(k->stock);
    sort_numbers(ret, keys.count, 64);
    return sort_unique(ret, keys.count);
}

size_t candidate_keys(struct candidate_keyer *k, const struct str *fields, struct str place,
                      uint64_t ret[CANDIDATE_KEYS_MAX])
{
    return keys_of(k, fields, place, false, ret);
}

size_t candidate_chief_keys(struct candidate_keyer *k, const struct str *fields, struct str place,
                            uint64_t ret[CANDIDATE_KEYS_MAX])
{
    return keys_of(k, fields, place, true, ret);
}

double candidate_weight(size_t n)
{
    return n && n <= CANDIDATE_MOST ? log(2.0 * CANDIDATE_MOST / (double)n) : 0;
}
