#include "base/arena.h"

enum { FIRST_BLOCK = 3840, LARGEST_STEP = 256 * 1024, ALIGN = 16 };

struct block {
    struct block *next; // older
    size_t        size, used;
    _Alignas(ALIGN) char at[];
};

struct arena {
    struct block *last; // the block we allocate from
    struct block *first;
};

static struct block *block_new(size_t size)
{
    struct block *b = memory_new(sizeof *b + size);
    b->next         = NULL;
    b->size         = size;
    b->used         = 0;
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = memory_new(sizeof *a);
    a->first = a->last = block_new(FIRST_BLOCK);
    return a;
}

void arena_free(struct arena *a)
{
    if (!a) {
        return;
    }
    arena_reset(a);
    free(a->first);
    free(a);
}

void arena_reset(struct arena *a)
{
    while (a->last != a->first) {
        struct block *older = a->last->next;
        free(a->last);
        a->last = older;
    }
    a->first->used = 0;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2) {
        DIE("arena: impossible size");
    }
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size > a->last->size - a->last->used) {
        // Blocks double, so that many small requests cost few calls of malloc.
        size_t        step = a->last->size < LARGEST_STEP ? a->last->size * 2 : LARGEST_STEP;
        struct block *b    = block_new(size > step ? size : step);
        b->next            = a->last;
        a->last            = b;
    }
    void *p = a->last->at + a->last->used;
    a->last->used += size;
    return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t size, size_t count)
{
    size_t total;
    if (__builtin_mul_overflow(size, count, &total)) {
        DIE("arena: impossible size");
    }
    return arena_alloc(a, total);
}

struct str arena_str(struct arena *a, struct str s)
{
    return str_is_absent(s) ? s : (struct str){ arena_text(a, s), s.len };
}

const char *arena_text(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len) {
        memcpy(copy, s.at, s.len);
    }
    return copy;
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        DIE("arena_printf: bad format");
    }
    size_t room = (size_t)length + 1;
    char  *text = arena_alloc(a, room);
    va_start(args, format);
    vsnprintf(text, room, format, args);
    va_end(args);
    return (struct str){ text, (size_t)length };
}

size_t arena_size(const struct arena *a)
{
    size_t size = 0;
    for (const struct block *b = a->last; b; b = b->next) {
        size += sizeof *b + b->size;
    }
    return size;
}
