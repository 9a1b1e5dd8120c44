#include "base/json_in.h"
#include "fuzz.h"

struct form {
    struct str     text, ids, texts, date;
    const int64_t *number;
    double         ratio;
    bool           flag;
};

static const char *const choices[] = { "a", "b", NULL };

static const struct field fields[] = {
    { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct form, text), .min = 2, .max = 9 },
    { .name = "n", .type = FIELD_INT, .offset = offsetof(struct form, number), .nullable = true },
    { .name = "r", .type = FIELD_NUMBER, .offset = offsetof(struct form, ratio), .max = 5 },
    { .name = "f", .type = FIELD_BOOL, .offset = offsetof(struct form, flag) },
    { .name = "d", .type = FIELD_DATE, .offset = offsetof(struct form, date) },
    { .name = "ids", .type = FIELD_IDS, .offset = offsetof(struct form, ids) },
    { .name    = "t",
      .type    = FIELD_TEXTS,
      .offset  = offsetof(struct form, texts),
      .choices = choices },
    { 0 },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena       *a      = arena_new();
    struct field_errors errors = { 0 };
    struct form         form   = { 0 };
    struct str          query  = { size ? (const char *)data : "", size };
    enum err            e      = query_read_fields(query, fields, &form, a, &errors);
    if ((e != OK) != (errors.first != NULL)) {
        DIE("an error without a field, or the reverse");
    }
    arena_free(a);
    return 0;
}
