#include "http/call.h"
#include "tap.h"

static struct arena *arena;

static struct str written(struct req *r, enum err e)
{
    struct buf body = buf_init(KIB(64));
    problem_write(r, e, &body);
    struct str kept = arena_str(arena, buf_str(&body));
    buf_done(&body);
    return kept;
}

static void test_plain(void)
{
    struct req r = { .arena = arena, .id = STR("abc") };
    CHECK_STR(written(&r, ERR_FORBIDDEN),
              "{\"type\":\"/problems/forbidden\",\"title\":\"Vous n’avez pas le droit de faire "
              "cela.\",\"status\":403,\"code\":\"forbidden\",\"request_id\":\"abc\"}");
}

static void test_members_of_sql(void)
{
    struct req r = { .arena = arena, .id = STR("abc") };
    r.extra = STR("{\"holder\":\"Agence\",\"status\":200,\"code\":\"x\",\"until\":\"2026-03-01\"}");
    struct str s = written(&r, ERR_PROMISE_TAKEN);
    CHECK(str_find(s, STR(",\"holder\":\"Agence\",\"until\":\"2026-03-01\"}")) < s.len);
    CHECK(str_find(s, STR("\"status\":200")) == s.len); // ours cannot be replaced
    r.extra = STR("not JSON");
    s       = written(&r, ERR_PROMISE_TAKEN);
    CHECK(str_find(s, STR(",\"detail\":\"not JSON\"}")) < s.len);
}

static void test_fields(void)
{
    struct req r = { .arena = arena, .id = STR("abc") };
    field_error_add(&r.fields, arena, STR("day"), STR("format"), STR("Non."));
    field_error_add(&r.fields, arena, STR("a\"b"), STR("required"), STR("Oui."));
    struct str s = written(&r, ERR_INVALID);
    CHECK(
        str_find(s, STR(",\"fields\":[{\"field\":\"day\",\"code\":\"format\",\"message\":\"Non.\"},"
                        "{\"field\":\"a\\\"b\",")) < s.len);
}

int main(void)
{
    arena = arena_new();
    RUN(test_plain);
    RUN(test_members_of_sql);
    RUN(test_fields);
    arena_free(arena);
    return tap_done();
}
