#include "base/json_in.h"
#include "fuzz.h"

struct form {
    struct str     text, when, needs, ids, any, mail;
    const int64_t *number;
    bool           flag, was_given;
};

static const struct field need[] = {
    { .name = "rome", .type = FIELD_TEXT, .required = true, .min = 5, .max = 5 },
    { .name = "posts", .type = FIELD_INT, .required = true, .min = 1, .max = 99 },
    { 0 },
};

static const struct field fields[] = {
    { .name     = "text",
      .type     = FIELD_TEXT,
      .offset   = offsetof(struct form, text),
      .required = true,
      .given    = offsetof(struct form, was_given) },
    { .name = "when", .type = FIELD_TIME, .offset = offsetof(struct form, when) },
    { .name = "needs", .type = FIELD_LIST, .offset = offsetof(struct form, needs), .fields = need },
    { .name = "ids", .type = FIELD_IDS, .offset = offsetof(struct form, ids) },
    { .name = "any", .type = FIELD_JSON, .offset = offsetof(struct form, any) },
    { .name = "mail", .type = FIELD_EMAIL, .offset = offsetof(struct form, mail) },
    { .name = "n", .type = FIELD_INT, .offset = offsetof(struct form, number), .nullable = true },
    { .name = "flag", .type = FIELD_BOOL, .offset = offsetof(struct form, flag) },
    { 0 },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena       *a      = arena_new();
    struct field_errors errors = { 0 };
    struct form         form   = { 0 };
    struct str          why    = { 0 };
    struct str          json   = { (const char *)data, size };
    enum err            e      = json_read(json, fields, &form, a, &errors, &why);
    if (e == OK && (!str_is_utf8(form.text) || form.text.len == 0 || !form.was_given)) {
        DIE("a text that should have been refused");
    }
    arena_free(a);
    return 0;
}
