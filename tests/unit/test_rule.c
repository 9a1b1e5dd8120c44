// The compiler of segments: what each fragment becomes, what is refused and where. That the SQL
// keeps what a naive reader keeps is shown against PostgreSQL, by tests/api/segment.test.mjs.
#include "segment/rule.h"

#include "segment/code.h"
#include "tap.h"

static struct arena *arena;

static struct rule compiled(const char *json)
{
    struct field_errors errors = { 0 };
    struct rule         rule;
    CHECK(rule_compile(str_of(json), 1, arena, &rule, &errors));
    return rule;
}

// The path and the code of the first fault, as "path code".
static struct str fault(const char *json)
{
    struct field_errors errors = { 0 };
    struct rule         rule;
    if (rule_compile(str_of(json), 1, arena, &rule, &errors) || !errors.first) {
        return STR("compiled");
    }
    CHECK(errors.first->message.len > 10);
    return arena_printf(arena, "%.*s %.*s", STR_ARG(errors.first->field),
                        STR_ARG(errors.first->code));
}

static void test_codes(void)
{
    struct span s;
    int32_t     n;
    CHECK(code_naf(STR("56.10A"), &s) && s.low == 5610 * 32 + 1 && s.high == s.low);
    CHECK(code_naf(STR("5610A"), &s) && s.low == 5610 * 32 + 1);
    CHECK(code_naf(STR("56"), &s) && s.low == 5600 * 32 && s.high == 5699 * 32 + 31);
    CHECK(code_naf(STR("I"), &s) && s.low == 5500 * 32 && s.high == 5699 * 32 + 31);
    CHECK(code_naf(STR("5"), &s) && s.low == 5000 * 32 && s.high == 5999 * 32 + 31);
    CHECK(!code_naf(STR("V"), &s) && !code_naf(STR("56."), &s) && !code_naf(STR("5.6"), &s) &&
          !code_naf(STR("56.10AB"), &s));
    CHECK(!code_naf(STR(""), &s) && !code_naf(STR("."), &s) && !code_naf(STR("56.1A"), &s));
    CHECK(code_commune(STR("03190"), &n) && n == 3190);
    CHECK(code_commune(STR("2A004"), &n) && n == (2 * 12 + 10) * 1000 + 4);
    CHECK(!code_commune(STR("0319"), &n) && !code_commune(STR("2C004"), &n) &&
          !code_commune(STR("A1004"), &n));
    CHECK(code_department(STR("03"), &s) && s.low == 3000 && s.high == 3999);
    CHECK(code_department(STR("971"), &s) && s.low == (9 * 12 + 7) * 1000 + 100 &&
          s.high == s.low + 99);
    CHECK(!code_department(STR("97"), &s) && !code_department(STR("031"), &s));
    CHECK(code_legal(STR("92"), &s) && s.low == 9200 && s.high == 9299);
    CHECK(!code_legal(STR("54991"), &s));
    struct span list[] = { { 5, 9 }, { 1, 2 }, { 3, 4 }, { 20, 30 }, { 7, 12 } };
    CHECK(spans_merge(list, 5) == 2 && list[0].low == 1 && list[0].high == 12 && list[1].low == 20);
}

static void test_conditions(void)
{
    struct rule r = compiled("{\"all\":[]}");
    CHECK_STR(r.condition, "f.active and true");
    CHECK(r.count == 0 && !r.is_timed);
    r = compiled(
        "{\"all\":[{\"field\":\"naf\",\"op\":\"is\",\"value\":[\"I\"]},{\"field\":\"visit\",\"op\":\"never\"}],\"closed\":true}");
    CHECK_STR(
        r.condition,
        "true and ((f.naf between $1::integer and $2::integer) and (f.last_visit_at is null))");
    CHECK(r.count == 2 && r.params[0].i == 5500 * 32 && !r.is_timed && r.part_count == 2);
    CHECK_STR(rule_without(&r, 0, arena), "true and (f.last_visit_at is null)");
    r = compiled("{\"none\":[{\"field\":\"size\",\"op\":\"is\",\"value\":[\"unknown\",\"11\"]}]}");
    CHECK_STR(r.condition,
              "f.active and (((f.size = any ($1::smallint[]) or f.size is null)) is not true)");
    CHECK_STR(r.params[0].s, "{11}");
    CHECK(r.part_count == 0);
    r = compiled("{\"all\":[{\"field\":\"contact\",\"op\":\"not_within\",\"value\":6}]}");
    CHECK(r.is_timed);
    // Many beginnings are looked up in one parameter.
    r = compiled(
        "{\"all\":[{\"field\":\"naf\",\"op\":\"is\",\"value\":[\"01\",\"10\",\"25\",\"45\",\"56\",\"81\"]}]}");
    CHECK(r.count == 1);
}

static void test_values_stay_values(void)
{
    struct rule r = compiled(
        "{\"all\":[{\"field\":\"code\",\"op\":\"is\",\"value\":{\"column\":\"a'; drop\",\"values\":[\"x\\\"y\\\\z\"]}}]}");
    CHECK(str_find(r.condition, STR("drop")) == r.condition.len);
    CHECK_STR(r.params[0].s, "a'; drop");
    CHECK_STR(r.params[1].s, "{\"x\\\"y\\\\z\"}");
    r = compiled(
        "{\"all\":[{\"field\":\"name\",\"op\":\"contains\",\"value\":\"') or true --\"}]}");
    CHECK_STR(r.condition, "f.active and ((f.id in (select api.establishment_match($1::text))))");
}

static void test_faults(void)
{
    CHECK_STR(fault("{"), "rule rule_json");
    CHECK_STR(fault("[]"), "rule node");
    CHECK_STR(fault("{\"field\":\"visit\",\"op\":\"never\"}"), "rule node");
    CHECK_STR(fault("{\"all\":[],\"any\":[]}"), "rule node");
    CHECK_STR(fault("{\"all\":[],\"all\":[]}"), "rule rule_json");
    CHECK_STR(fault("{\"all\":[{\"any\":[{\"field\":\"naf\",\"op\":\"is\",\"value\":[\"Z\"]}]}]}"),
              "all[0].any[0].value value");
    CHECK_STR(fault("{\"all\":[{\"any\":[{\"field\":\"naf\",\"op\":\"is\",\"value\":[]}]}]}"),
              "all[0].any[0].value value");
    CHECK_STR(fault("{\"all\":[{\"field\":\"visit\",\"op\":\"never\",\"value\":3}]}"),
              "all[0].value value");
    CHECK_STR(fault("{\"all\":[{\"field\":\"visit\",\"op\":\"is\",\"value\":3}]}"), "all[0].op op");
    CHECK_STR(fault("{\"all\":[{\"field\":\"id\",\"op\":\"is\",\"value\":3}]}"),
              "all[0].field field");
    CHECK_STR(fault("{\"all\":[{\"all\":[]}]}"), "all[0].all node");
    CHECK_STR(fault("{\"all\":[],\"closed\":1}"), "closed value");
    CHECK_STR(
        fault(
            "{\"all\":[{\"field\":\"area\",\"op\":\"inside\",\"value\":{\"points\":[[3,46],[3.2,46.2],[3.2,46],[3,46.2]]}}]}"),
        "all[0].value area");
    CHECK_STR(
        fault(
            "{\"all\":[{\"field\":\"near\",\"op\":\"inside\",\"value\":{\"lon\":3,\"lat\":89,\"km\":5}}]}"),
        "all[0].value area");
}

static void test_query(void)
{
    struct rule r = compiled(
        "{\"all\":[{\"field\":\"visit\",\"op\":\"never\"},{\"field\":\"potential\",\"op\":\"at_least\",\"value\":50}]}");
    static const struct query q = { .name = "q", .sql = "a {rule} b {parts} {c}", .count = 0 };
    struct query              m = rule_query(&q, &r, arena);
    CHECK(m.once && m.count == 1);
    CHECK_STR(
        str_of(m.sql),
        "a (f.active and ((f.last_visit_at is null) and (f.potential >= $1::integer))) b "
        "count(*) filter (where f.active and (f.potential >= $1::integer)), "
        "count(*) filter (where f.active and (f.last_visit_at is null)), "
        "count(*) filter (where f.active and ((f.last_visit_at is null) and (f.potential >= $1::integer))) {c}");
    CHECK(rule_fields(arena).len > 1000);
}

int main(void)
{
    json_in_init();
    arena = arena_new();
    RUN(test_codes);
    RUN(test_conditions);
    RUN(test_values_stay_values);
    RUN(test_faults);
    RUN(test_query);
    arena_free(arena);
    return tap_done();
}
