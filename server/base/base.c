#include "base/base.h"

_Noreturn void die(const char *file, int line, const char *why)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, why);
    abort();
}

void *memory_new(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p) {
        DIE("out of memory");
    }
    return p;
}

void *memory_zero(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p) {
        DIE("out of memory");
    }
    return p;
}

void *memory_resize(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p) {
        DIE("out of memory");
    }
    return p;
}
