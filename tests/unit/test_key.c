// Keys of the API: their form, their check, what stands for them; and how requests are counted without Redis.
#include "base/secret.h"
#include "http/key.h"
#include "http/quota.h"
#include "tap.h"

static struct arena *arena;

static void test_form(void)
{
    struct str one = key_make(arena), two = key_make(arena);
    CHECK(one.len == KEY_TEXT && key_is(one) && !str_eq(one, two));
    CHECK(key_prefix(one).len == KEY_PREFIX && str_eq(key_prefix(one), str_sub(one, 4, KEY_PREFIX)));
    CHECK(key_hash(arena, one).len == SECRET_HASH);
    CHECK(str_eq(key_hash(arena, one), key_hash(arena, one)));
    CHECK(!str_eq(key_hash(arena, one), key_hash(arena, two)));
    CHECK(!key_is(STR("Bearer")) && !key_is((struct str){ 0 }));
}

// Any one character changed, any length but the right one: never given out.
static void test_check(void)
{
    struct str key  = key_make(arena);
    int        took = 0;
    for (size_t i = 4; i < key.len; i++) {
        char *other = arena_alloc(arena, key.len);
        memcpy(other, key.at, key.len);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        took += !str_is_absent(key_hash(arena, (struct str){ other, key.len }));
    }
    for (size_t size = 0; size < key.len; size++) {
        took += !str_is_absent(key_hash(arena, str_sub(key, 0, size)));
    }
    CHECK(took == 0);
    CHECK(str_is_absent(key_hash(arena, arena_printf(arena, "%.*sA", STR_ARG(key)))));
}

static void test_quota(void)
{
    struct kv         *kv    = kv_open(STR("/nonexistent/redis.sock"), 100);
    struct quota_state state = { 0 };
    for (int i = 0; i < 5; i++) {
        state = quota_take(kv, STR("test"), STR("somebody"), 5);
    }
    CHECK(state.limit == 5 && state.left == 0 && state.reset_s >= 1 && state.reset_s <= QUOTA_WINDOW_S);
    CHECK(quota_take(kv, STR("test"), STR("somebody"), 5).left == -1);
    CHECK(quota_take(kv, STR("test"), STR("somebody else"), 5).left == 4);
    kv_close(kv);
}

int main(void)
{
    struct str why = { 0 };
    arena          = arena_new();
    CHECK(secret_init((struct str){ 0 }, arena, &why) == OK);
    RUN(test_form);
    RUN(test_check);
    RUN(test_quota);
    arena_free(arena);
    return tap_done();
}
