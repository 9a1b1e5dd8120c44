#include "link/intern.h"

uint64_t hash_pair(uint64_t a, uint64_t b)
{
    uint64_t h = (a ^ 0x9E3779B97F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;

    h ^= h >> 29;
    h = (h ^ b) * 0x94D049BB133111EBULL;
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93ULL;
    return h ^ h >> 31;
}

uint64_t hash_str(struct str s)
{
    uint64_t h = 0x2545F4914F6CDD1DULL + s.len;

    for (; s.len >= 8; s.at += 8, s.len -= 8) {
        uint64_t eight = 0;
        for (size_t i = 0; i < 8; i++) {
            eight |= (uint64_t)(unsigned char)s.at[i] << (8 * i);
        }
        h = hash_pair(h, eight);
    }
    uint64_t tail = 0;
    for (size_t i = 0; i < s.len; i++) {
        tail |= (uint64_t)(unsigned char)s.at[i] << (8 * i);
    }
    return hash_pair(h, tail);
}

struct intern *intern_new(void)
{
    struct intern *t = memory_zero(sizeof *t);

    t->mask            = 1023;
    t->slots           = memory_zero((t->mask + 1) * sizeof *t->slots);
    t->entries_room    = 512;
    t->entries         = memory_zero(t->entries_room * sizeof *t->entries);
    t->room            = 4096;
    t->text            = memory_new(t->room);
    t->entries[0].hash = hash_str(STR(""));
    return t;
}

void intern_free(struct intern *t)
{
    if (t) {
        free(t->text);
        free(t->entries);
        free(t->slots);
        free(t);
    }
}

static uint64_t slot_value(uint64_t hash, uint32_t number)
{
    return (hash & ~(uint64_t)UINT32_MAX) | number;
}

// The slot of the string, or the free one where it would go. Most others are told apart by the high
// bits of their hash, without looking at them.
static uint32_t slot_of(const struct intern *t, struct str s, uint64_t hash)
{
    uint32_t i = (uint32_t)hash & t->mask;

    for (; t->slots[i]; i = (i + 1) & t->mask) {
        bool may_be = t->slots[i] >> 32 == hash >> 32;
        if (may_be && str_eq(intern_str(t, (uint32_t)t->slots[i]), s)) {
            return i;
        }
    }
    return i;
}

static void grow(struct intern *t)
{
    free(t->slots);
    t->mask  = t->mask * 2 + 1;
    t->slots = memory_zero(((size_t)t->mask + 1) * sizeof *t->slots);
    for (uint32_t n = 1; n <= t->count; n++) {
        uint32_t i = (uint32_t)t->entries[n].hash & t->mask;
        while (t->slots[i]) {
            i = (i + 1) & t->mask;
        }
        t->slots[i] = slot_value(t->entries[n].hash, n);
    }
}

static uint32_t letters_of(struct str s)
{
    uint32_t letters = 0;

    for (size_t i = 0; i < s.len; i++) {
        letters |= 1U << ((unsigned char)s.at[i] & 31U);
    }
    return letters;
}

uint32_t intern_find(const struct intern *t, struct str s)
{
    return s.len ? (uint32_t)t->slots[slot_of(t, s, hash_str(s))] : 0;
}

uint32_t intern_add(struct intern *t, struct str s)
{
    uint64_t hash = hash_str(s);
    uint32_t slot;

    if (!s.len) {
        return 0;
    }
    slot = slot_of(t, s, hash);
    if (t->slots[slot]) {
        return (uint32_t)t->slots[slot];
    }
    if (t->count + 2 > t->entries_room) {
        t->entries_room *= 2;
        t->entries = memory_resize(t->entries, t->entries_room * sizeof *t->entries);
    }
    if (t->size + s.len > t->room) {
        t->room = (t->size + s.len) * 2;
        t->text = memory_resize(t->text, t->room);
    }
    if (t->size + s.len > UINT32_MAX) {
        DIE("too much text to link");
    }
    memcpy(t->text + t->size, s.at, s.len);
    t->entries[++t->count] = (struct intern_entry){
        .hash = hash, .at = (uint32_t)t->size, .len = (uint32_t)s.len, .letters = letters_of(s)
    };
    t->size += s.len;
    t->slots[slot] = slot_value(hash, t->count);
    if (t->count > t->mask / 2) {
        grow(t);
    }
    return t->count;
}

uint32_t intern_count(const struct intern *t)
{
    return t->count;
}
