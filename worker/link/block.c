#include "link/block.h"

#include "link/sort.h"

// An entry is the high bits of a key's hash and the number of the feature: two keys in a billion
// may be taken for one, which costs a comparison and changes nothing.
enum { ENTRY_BITS = 64 };
#define FEATURE_MASK ((1ULL << BLOCK_FEATURE_BITS) - 1)

// A key added afterwards; chained by slots.
struct added {
    uint64_t key;
    uint32_t feature, next;
};

struct block {
    uint64_t     *entries;
    size_t        count;
    struct added *added; // from 1
    uint32_t     *slots, mask, added_count, added_room;
};

struct keys {
    const struct stock   *s;
    const struct feature *f;
    uint64_t             *at;
    size_t                count;
};

static void add(struct keys *k, uint64_t kind, uint64_t a, uint64_t b)
{
    if (a && b && k->count < BLOCK_KEYS_MAX) {
        k->at[k->count++] = hash_pair(hash_pair(kind, a), b);
    }
}

// A value alone, and with where the record is.
static void add_located(struct keys *k, uint64_t kind, uint64_t value)
{
    const struct feature *f = k->f;

    add(k, kind, value, 1);
    add(k, kind + 1, value, f->commune ? intern_hash(k->s->texts, f->commune) : 0);
    add(k, kind + 2, value, f->postcode);
}

static uint64_t text_hash(const struct stock *s, uint32_t text)
{
    return text ? intern_hash(s->texts, text) : 0;
}

// The consonants of a text, doubled ones once, at most six: stable under most typing errors.
uint64_t block_skeleton(struct str text)
{
    char   bones[6];
    size_t n = 0;

    for (size_t i = 0; i < text.len && n < sizeof bones; i++) {
        char c = text.at[i];
        bool vowel =
            c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == 'h';
        if (!vowel && (!n || bones[n - 1] != c)) {
            bones[n++] = c;
        }
    }
    return n >= 2 ? hash_str((struct str){ bones, n }) : 0;
}

// The words that weigh most in a name, up to three, never those of its commune unless alone.
static size_t heavy_words(const struct stock *s, const struct variant *v, uint32_t ret[3])
{
    size_t n = 0;

    for (size_t i = 0; i < v->count; i++) {
        uint32_t word = s->pool[v->at + i];
        if (v->local >> i & 1) {
            continue;
        }
        size_t k = n < 3 ? n : 3;
        while (k && stock_weight(s, ret[k - 1]) < stock_weight(s, word)) {
            if (k < 3) {
                ret[k] = ret[k - 1];
            }
            k--;
        }
        if (k < 3) {
            ret[k] = word;
            n += n < 3;
        }
    }
    return n;
}

static void name_keys(struct keys *k, bool alone)
{
    const struct stock *s = k->s;

    for (size_t i = 0; i < k->f->name_count; i++) {
        const struct variant *v = &s->variants[k->f->names + i];
        uint32_t              heavy[3];
        struct str            whole = intern_str(s->texts, v->whole);
        size_t                n     = heavy_words(s, v, heavy);
        add_located(k, 10, v->key);
        add_located(k, 14, alone ? block_skeleton(whole) : 0);
        add(k, 17, hash_str(str_sub(whole, 0, 4)), text_hash(s, k->f->commune));
        bool acronym = v->count == 1 && whole.len >= 3 && whole.len <= 8;
        add(k, 21,
            acronym        ? text_hash(s, v->whole)
            : v->count > 2 ? text_hash(s, v->first)
                           : 0,
            text_hash(s, k->f->commune));
        for (size_t w = 0; w < n; w++) {
            add_located(k, 18, intern_hash(s->words, heavy[w]));
        }
    }
}

static void contact_keys(struct keys *k)
{
    const struct feature *f = k->f;
    const struct stock   *s = k->s;

    for (size_t i = 0; i < f->phone_count; i++) {
        add_located(k, 22, f->phone[i]);
    }
    add_located(k, 26, text_hash(s, f->mailbox));
    if (!(f->flags & FREE_MAIL)) {
        add_located(k, 30, text_hash(s, f->domain));
    }
    if (!(f->flags & GENERIC_BOX) && intern_str(s->texts, f->local).len >= 6) {
        add(k, 34, text_hash(s, f->local), 1);
    }
}

static void establishment_keys(struct keys *k)
{
    const struct feature *f = k->f;
    const struct stock   *s = k->s;

    name_keys(k, true);
    contact_keys(k);
    add_located(k, 40, f->siren);
    add(k, 44, f->siren, f->nic);
    add(k, 45, f->door, 1);
    add(k, 46, text_hash(s, f->way), f->postcode);
    add(k, 47, f->postcode * 16384ULL + f->house,
        f->house && f->postcode ? text_hash(s, f->commune) : 0);
    add(k, 48, block_skeleton(intern_str(s->texts, f->way)),
        f->house ? f->postcode * 16384ULL + f->house : 0);
}

// The words of given name and surname together, since their columns may be swapped.
static void person_keys(struct keys *k)
{
    const struct feature *f        = k->f;
    const struct stock   *s        = k->s;
    uint64_t              name     = text_hash(s, f->family_whole) + text_hash(s, f->given_whole);
    uint64_t              employer = f->name_count ? s->variants[f->names].key : 0;

    add_located(k, 60, name);
    contact_keys(k);
    for (size_t i = 0; i < (size_t)f->family_count + f->given_count; i++) {
        uint32_t word =
            i < f->family_count ? s->pool[f->family + i] : s->pool[f->given + i - f->family_count];
        uint64_t   hash = intern_hash(s->words, word);
        struct str text = intern_str(s->words, word);
        if (text.len < 2) {
            continue;
        }
        add(k, 64, hash, employer);
        add(k, 65, hash, f->postcode);
        add(k, 66, hash, text_hash(s, f->commune));
        add(k, 67, hash, f->siren);
        add(k, 68, hash_str(str_sub(text, 0, 3)), employer);
        add(k, 69, block_skeleton(text), text_hash(s, f->commune));
        for (size_t p = 0; p < f->phone_count; p++) {
            add(k, 70, hash, f->phone[p]);
        }
        add(k, 71, hash, text_hash(s, f->mailbox));
        add(k, 72, hash, !(f->flags & FREE_MAIL) ? text_hash(s, f->domain) : 0);
    }
}

// What is left of a value when its likeliest typing errors are: the bones of a text, the year and
// month of a date.
static uint64_t soft_atom(const struct stock *s, enum link_kind kind, const struct value *v)
{
    struct str text = intern_str(s->texts, v->text);

    if (kind == LINK_DATE && v->number > 0) {
        return (uint64_t)v->number / 100;
    }
    if (kind == LINK_STRING || kind == LINK_TEXT) {
        return block_skeleton(text);
    }
    return text.len >= 3 ? hash_str(str_sub(text, 0, text.len - 1)) : 0;
}

static void add_pairs(struct keys *k, uint64_t kind, const uint64_t *atoms, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        add(k, kind, atoms[i], 1);
        for (size_t j = i + 1; j < n; j++) {
            add(k, kind + 1, atoms[i], atoms[j]);
        }
    }
}

// Every value alone, and every two together; then the same of what typing errors spare.
static void thing_keys(struct keys *k)
{
    const struct stock *s = k->s;
    uint64_t            atoms[12], soft[12];
    size_t              n = 0;

    for (size_t i = 0; i < s->general_count && n < LENGTH(atoms); i++, n++) {
        const struct value *v     = &s->values[k->f->values + i];
        enum link_kind      kind  = s->schema->fields[s->general[i]].kind;
        uint64_t            bones = v->text ? soft_atom(s, kind, v) : 0;
        atoms[n]                  = v->text ? hash_pair(i + 1, intern_hash(s->texts, v->text)) : 0;
        soft[n]                   = bones ? hash_pair(i + 1, bones) : 0;
    }
    add_pairs(k, 80, atoms, n);
    add_pairs(k, 82, soft, n);
}

size_t block_keys(const struct stock *s, const struct feature *f, uint64_t ret[BLOCK_KEYS_MAX])
{
    struct keys k = { .s = s, .f = f, .at = ret };

    switch (s->schema->unit) {
    case LINK_ESTABLISHMENT:
        establishment_keys(&k);
        break;
    case LINK_PERSON:
        person_keys(&k);
        break;
    default:
        if (f->family_whole || f->given_whole) {
            person_keys(&k);
        } else {
            establishment_keys(&k);
        }
    }
    thing_keys(&k);
    return k.count;
}

struct block *block_new(const struct stock *s)
{
    struct block *b    = memory_zero(sizeof *b);
    size_t        room = 0;

    for (size_t i = 0; i < s->count; i++) {
        uint64_t keys[BLOCK_KEYS_MAX];
        size_t   n = block_keys(s, &s->features[i], keys);
        if (b->count + n > room) {
            room       = b->count + n > room * 2 ? (b->count + n) * 2 : room * 2;
            b->entries = memory_resize(b->entries, room * sizeof *b->entries);
        }
        for (size_t k = 0; k < n; k++) {
            b->entries[b->count++] = (keys[k] & ~FEATURE_MASK) | i;
        }
    }
    sort_numbers(b->entries, b->count, ENTRY_BITS);
    b->count = sort_unique(b->entries, b->count);
    return b;
}

void block_free(struct block *b)
{
    if (b) {
        free(b->entries);
        free(b->added);
        free(b->slots);
        free(b);
    }
}

static void chain(struct block *b, uint32_t index)
{
    uint32_t *slot = &b->slots[(uint32_t)(b->added[index].key >> BLOCK_FEATURE_BITS) & b->mask];

    b->added[index].next = *slot;
    *slot                = index;
}

void block_add(struct block *b, const uint64_t *keys, size_t count, uint32_t feature)
{
    if (b->added_count + count + 1 > b->added_room) {
        b->added_room = (b->added_room + (uint32_t)count) * 2 + 1024;
        b->added      = memory_resize(b->added, b->added_room * sizeof *b->added);
        free(b->slots);
        b->mask = 1023;
        while (b->mask < b->added_room) {
            b->mask = b->mask * 2 + 1;
        }
        b->slots = memory_zero(((size_t)b->mask + 1) * sizeof *b->slots);
        for (uint32_t i = 1; i <= b->added_count; i++) {
            chain(b, i);
        }
    }
    for (size_t k = 0; k < count; k++) {
        b->added[++b->added_count] = (struct added){ keys[k] & ~FEATURE_MASK, feature, 0 };
        chain(b, b->added_count);
    }
}

// Features added under a key; returns how many were put.
static size_t find_added(const struct block *b, uint64_t key, uint64_t *ret, size_t most)
{
    size_t n = 0;

    if (!b->slots) {
        return 0;
    }
    uint32_t i = b->slots[(uint32_t)(key >> BLOCK_FEATURE_BITS) & b->mask];
    for (; i && n < most; i = b->added[i].next) {
        if (b->added[i].key == key) {
            ret[n++] = b->added[i].feature;
        }
    }
    return n;
}

uint64_t *block_pairs(const struct block *b, size_t *ret_count)
{
    uint64_t *pairs = NULL;
    size_t    count = 0, room = 0;

    for (size_t i = 0, end; i < b->count; i = end) {
        uint64_t key = b->entries[i] & ~FEATURE_MASK;
        for (end = i + 1; end < b->count && (b->entries[end] & ~FEATURE_MASK) == key; end++) {
        }
        if (end - i < 2 || end - i > BLOCK_MOST) {
            continue;
        }
        size_t more = (end - i) * (end - i - 1) / 2;
        if (count + more > room) {
            // Sorting now and then keeps repetitions from filling the memory.
            if (count > (1U << 22)) {
                sort_numbers(pairs, count, 2 * BLOCK_FEATURE_BITS);
                count = sort_unique(pairs, count);
            }
            if (count + more > room - room / 4) {
                room  = (count + more) * 2;
                pairs = memory_resize(pairs, room * sizeof *pairs);
            }
        }
        for (size_t x = i; x < end; x++) {
            for (size_t y = x + 1; y < end; y++) {
                pairs[count++] = (b->entries[x] & FEATURE_MASK) << BLOCK_FEATURE_BITS |
                                 (b->entries[y] & FEATURE_MASK);
            }
        }
    }
    sort_numbers(pairs, count, 2 * BLOCK_FEATURE_BITS);
    *ret_count = sort_unique(pairs, count);
    return pairs;
}

size_t block_find(const struct block *b, const uint64_t *keys, size_t count, uint32_t *ret,
                  size_t most)
{
    uint64_t *found = memory_new((most + 1) * sizeof *found);
    size_t    n     = 0;

    for (size_t k = 0; k < count; k++) {
        uint64_t key = keys[k] & ~FEATURE_MASK;
        size_t   low = 0, high = b->count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (b->entries[middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        size_t end = low;
        while (end < b->count && (b->entries[end] & ~FEATURE_MASK) == key &&
               end - low <= BLOCK_MOST) {
            end++;
        }
        if (end - low > BLOCK_MOST) {
            continue;
        }
        for (size_t i = low; i < end && n < most; i++) {
            found[n++] = b->entries[i] & FEATURE_MASK;
        }
        size_t room = most - n < BLOCK_MOST ? most - n : BLOCK_MOST;
        n += find_added(b, key, found + n, room);
    }
    sort_numbers(found, n, BLOCK_FEATURE_BITS);
    n = sort_unique(found, n);
    for (size_t i = 0; i < n; i++) {
        ret[i] = (uint32_t)found[i];
    }
    free(found);
    return n;
}
