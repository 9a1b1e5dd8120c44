#include "link/alias.h"

#include "link/intern.h"

struct alias {
    uint64_t *slots; // 0 = free
    size_t    mask, count;
};

struct alias *alias_new(void)
{
    struct alias *a = memory_zero(sizeof *a);

    a->mask  = 255;
    a->slots = memory_zero((a->mask + 1) * sizeof *a->slots);
    return a;
}

void alias_free(struct alias *a)
{
    if (a) {
        free(a->slots);
        free(a);
    }
}

static uint64_t key_of(uint64_t x, uint64_t y)
{
    return (x < y ? hash_pair(x, y) : hash_pair(y, x)) | 1;
}

static size_t slot_of(const struct alias *a, uint64_t key)
{
    size_t i = (size_t)(key >> 8) & a->mask;

    while (a->slots[i] && a->slots[i] != key) {
        i = (i + 1) & a->mask;
    }
    return i;
}

void alias_add(struct alias *a, uint64_t x, uint64_t y)
{
    size_t i = slot_of(a, key_of(x, y));

    a->count += !a->slots[i];
    a->slots[i] = key_of(x, y);
    if (a->count * 2 < a->mask) {
        return;
    }
    uint64_t *old  = a->slots;
    size_t    room = a->mask + 1;
    a->mask        = a->mask * 2 + 1;
    a->slots       = memory_zero((a->mask + 1) * sizeof *a->slots);
    for (size_t k = 0; k < room; k++) {
        if (old[k]) {
            a->slots[slot_of(a, old[k])] = old[k];
        }
    }
    free(old);
}

bool alias_has(const struct alias *a, uint64_t x, uint64_t y)
{
    return a->slots[slot_of(a, key_of(x, y))] != 0;
}

size_t alias_count(const struct alias *a)
{
    return a->count;
}
