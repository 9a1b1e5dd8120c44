#include "base/json_in.h"
#include "tap.h"

struct form {
    struct str     name, day, when, kind, ids, tags, needs, any, email, secret;
    int64_t        company;
    const int64_t *contact;
    const bool    *flag;
    double         ratio;
    bool           given;
};

static const char *const kinds[] = { "visit", "call", NULL };

static const struct field need[] = {
    { .name = "rome", .type = FIELD_TEXT, .required = true, .min = 5, .max = 5 },
    { .name = "posts", .type = FIELD_INT, .required = true, .min = 1, .max = 99 },
    { 0 },
};

#define AT(member) .offset = offsetof(struct form, member)
static const struct field fields[] = {
    { .name = "name",
      .type = FIELD_TEXT,
      AT(name),
      .max   = 5,
      .given = offsetof(struct form, given) },
    { .name = "day", .type = FIELD_DATE, AT(day) },
    { .name = "when", .type = FIELD_TIME, AT(when) },
    { .name = "kind", .type = FIELD_CHOICE, AT(kind), .choices = kinds },
    { .name = "ids", .type = FIELD_IDS, AT(ids), .max = 3 },
    { .name = "tags", .type = FIELD_TEXTS, AT(tags) },
    { .name = "needs", .type = FIELD_LIST, AT(needs), .fields = need, .max = 2 },
    { .name = "any", .type = FIELD_JSON, AT(any) },
    { .name = "email", .type = FIELD_EMAIL, AT(email) },
    { .name = "secret", .type = FIELD_SECRET, AT(secret) },
    { .name = "company", .type = FIELD_ID, AT(company), .required = true },
    { .name = "contact", .type = FIELD_ID, AT(contact), .nullable = true },
    { .name = "flag", .type = FIELD_BOOL, AT(flag), .nullable = true },
    { .name = "ratio", .type = FIELD_NUMBER, AT(ratio), .min = 0, .max = 1 },
    { 0 },
};

static struct arena *arena;

static enum err read_json(const char *json, struct form *form, struct field_errors *errors)
{
    struct str why = { 0 };
    *form          = (struct form){ 0 };
    *errors        = (struct field_errors){ 0 };
    return json_read(str_of(json), fields, form, arena, errors, &why);
}

// The errors as "path:code path:code".
static struct str told(const struct field_errors *errors)
{
    struct str all = STR("");
    for (const struct field_error *e = errors->first; e; e = e->next) {
        all = arena_printf(arena, "%.*s%s%.*s:%.*s", STR_ARG(all), all.len ? " " : "",
                           STR_ARG(e->field), STR_ARG(e->code));
    }
    return all;
}

static void test_everything_right(void)
{
    struct form         f;
    struct field_errors errors;
    CHECK(read_json("{\"name\":\" Élan \",\"day\":\"2026-03-01\",\"when\":\"2026-03-01T10:00:00Z\","
                    "\"kind\":\"call\",\"ids\":[3,4],\"tags\":[\"a\\\"b\",\"c,d\"],"
                    "\"needs\":[{\"rome\":\"K1302\",\"posts\":2}],\"any\":{\"x\":[1]},"
                    "\"email\":\"a@b.fr\",\"secret\":\" s \",\"company\":12,\"contact\":7,"
                    "\"flag\":false,\"ratio\":0.5}",
                    &f, &errors) == OK);
    CHECK_STR(told(&errors), "");
    CHECK_STR(f.name, "Élan");
    CHECK_STR(f.ids, "{3,4}");
    CHECK_STR(f.tags, "{\"a\\\"b\",\"c,d\"}");
    CHECK_STR(f.needs, "[{\"rome\":\"K1302\",\"posts\":2}]");
    CHECK_STR(f.any, "{\"x\":[1]}");
    CHECK_STR(f.secret, " s ");
    CHECK(f.company == 12 && f.contact && *f.contact == 7 && f.flag && !*f.flag && f.given);
}

static void test_absent_and_null(void)
{
    struct form         f;
    struct field_errors errors;
    CHECK(read_json("{\"company\":1,\"name\":null,\"contact\":null}", &f, &errors) == OK);
    CHECK(str_is_absent(f.name) && f.given && !f.contact && !f.flag && str_is_absent(f.ids));
    CHECK(read_json("{\"company\":1,\"name\":\"  \"}", &f, &errors) == OK);
    CHECK(str_is_absent(f.name));
}

static void test_every_wrong_field_at_once(void)
{
    struct form         f;
    struct field_errors errors;
    CHECK(read_json("{\"name\":\"too long\",\"day\":\"2026-02-30\",\"when\":\"now\",\"kind\":\"x\","
                    "\"ids\":[0,\"a\"],\"needs\":[{\"rome\":\"K13\"},3],\"email\":\"nobody\","
                    "\"contact\":\"7\",\"ratio\":2,\"extra\":1}",
                    &f, &errors) == ERR_INVALID);
    CHECK_STR(told(&errors),
              "name:too_long day:format when:format kind:choice ids[0]:range ids[1]:type "
              "needs[0].rome:too_short needs[0].posts:required needs[1]:type email:format "
              "company:required contact:type ratio:range extra:unknown");
}

static void test_malformed(void)
{
    struct form         f;
    struct field_errors errors;
    CHECK(read_json("", &f, &errors) == ERR_MALFORMED);
    CHECK(read_json("[]", &f, &errors) == ERR_MALFORMED);
    CHECK(read_json("{\"company\":1,\"company\":2}", &f, &errors) == ERR_MALFORMED);
    CHECK(read_json("{\"company\":1} x", &f, &errors) == ERR_MALFORMED);
    CHECK(read_json("{\"company\":1,\"name\":\"a\\u0000\"}", &f, &errors) == ERR_MALFORMED);
    CHECK(read_json("{\"company\":1.0}", &f, &errors) == ERR_INVALID);
    CHECK(read_json("{\"company\":1,\"name\":\"a\\u0001\"}", &f, &errors) == ERR_INVALID);
}

static void test_query(void)
{
    struct form         f      = { 0 };
    struct field_errors errors = { 0 };
    struct str query = STR("company=3&name=%C3%89lan&ids=1,2&tags=a%22b,c&flag=1&zzz=1&kind=call");
    CHECK(query_read_fields(query, fields, &f, arena, &errors) == OK);
    CHECK_STR(told(&errors), "");
    CHECK_STR(f.name, "Élan");
    CHECK_STR(f.ids, "{1,2}");
    CHECK_STR(f.tags, "{\"a\\\"b\",\"c\"}");
    CHECK(f.company == 3 && f.flag && *f.flag);
    errors = (struct field_errors){ 0 };
    CHECK(query_read_fields(STR("company=x&ids=1,z&flag=maybe"), fields, &f, arena, &errors) ==
          ERR_INVALID);
    CHECK_STR(told(&errors), "ids:type company:type flag:type");
}

static void test_percent(void)
{
    struct str text;
    CHECK(percent_decode(STR("a%20b+c"), true, arena, &text) && str_eq(text, STR("a b c")));
    CHECK(percent_decode(STR("a+b"), false, arena, &text) && str_eq(text, STR("a+b")));
    CHECK(!percent_decode(STR("%"), true, arena, &text));
    CHECK(!percent_decode(STR("%4"), true, arena, &text));
    CHECK(!percent_decode(STR("%zz"), true, arena, &text));
    CHECK(!percent_decode(STR("%00"), true, arena, &text));
    CHECK(!percent_decode(STR("%E9"), true, arena, &text));
    CHECK_STR(query_value(STR("a=1&b=2&b=3"), STR("b"), arena), "2");
    CHECK(str_is_absent(query_value(STR("a=1"), STR("b"), arena)));
    CHECK(query_value(STR("b"), STR("b"), arena).at &&
          query_value(STR("b"), STR("b"), arena).len == 0);
}

int main(void)
{
    json_in_init();
    arena = arena_new();
    RUN(test_everything_right);
    RUN(test_absent_and_null);
    RUN(test_every_wrong_field_at_once);
    RUN(test_malformed);
    RUN(test_query);
    RUN(test_percent);
    arena_free(arena);
    return tap_done();
}
