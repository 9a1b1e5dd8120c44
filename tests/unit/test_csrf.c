#include "base/secret.h"
#include "http/csrf.h"
#include "tap.h"

static struct arena *arena;

static void test_right_and_wrong(void)
{
    struct str csrf = csrf_of(arena, STR("token-of-a-session"));
    CHECK(csrf.len == 43);
    CHECK(csrf_is_right(arena, STR("token-of-a-session"), csrf));
    CHECK(!csrf_is_right(arena, STR("token-of-another"), csrf));
    CHECK(!csrf_is_right(arena, STR("token-of-a-session"), STR("")));
    CHECK(!csrf_is_right(arena, (struct str){ 0 }, csrf_of(arena, STR(""))));
}

int main(void)
{
    struct str why;
    arena = arena_new();
    if (secret_init((struct str){ 0 }, arena, &why)) {
        return 1;
    }
    RUN(test_right_and_wrong);
    arena_free(arena);
    return tap_done();
}
