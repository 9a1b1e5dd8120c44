#include "base/arena.h"
#include "tap.h"

static void test_zeroed_and_aligned(void)
{
    struct arena *a = arena_new();
    for (size_t i = 1; i < 3000; i += 37) {
        unsigned char *p = arena_alloc(a, i);
        CHECK((uintptr_t)p % 16 == 0);
        for (size_t j = 0; j < i; j++) {
            CHECK(p[j] == 0);
        }
        memset(p, 0xAA, i);
    }
    arena_free(a);
}

static void test_reset_keeps_one_block(void)
{
    struct arena *a     = arena_new();
    size_t        first = arena_size(a);
    CHECK(arena_alloc(a, MIB(1)) != NULL);
    CHECK(arena_size(a) > MIB(1));
    arena_reset(a);
    CHECK(arena_size(a) == first);
    const unsigned char *p = arena_alloc(a, 100);
    CHECK(p[99] == 0);
    arena_free(a);
    arena_free(NULL);
}

static void test_texts(void)
{
    struct arena *a = arena_new();
    struct str    s = arena_str(a, STR("héhé"));
    CHECK_STR(s, "héhé");
    CHECK(s.at[s.len] == 0);
    CHECK(str_is_absent(arena_str(a, (struct str){ 0 })));
    CHECK(*arena_text(a, (struct str){ 0 }) == 0);
    CHECK_STR(arena_printf(a, "%d-%s", 42, "x"), "42-x");
    arena_free(a);
}

int main(void)
{
    RUN(test_zeroed_and_aligned);
    RUN(test_reset_keeps_one_block);
    RUN(test_texts);
    return tap_done();
}
