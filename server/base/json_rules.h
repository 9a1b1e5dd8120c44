// What json_in.c and json_query.c share: the checks of single values. Private to base.
#pragma once

#include "base/buf.h"
#include "base/json_in.h"

enum rule {
    RULE_REQUIRED,
    RULE_UNKNOWN,
    RULE_TYPE,
    RULE_TOO_SHORT,
    RULE_TOO_LONG,
    RULE_RANGE,
    RULE_FORMAT,
    RULE_CHOICE,
};

// One reading in progress.
struct reading {
    struct arena        *arena;
    struct field_errors *errors;
};

// Records that a rule is broken at a path.
void rule_broken(struct reading *in, struct str path, enum rule rule);

// Check and store a value at the field's place in the form; a NULL form only checks.
void store_text(const struct field *f, void *form, struct str text);
void store_int(struct reading *in, const struct field *f, void *form, struct str path, int64_t n);
void store_number(struct reading *in, const struct field *f, void *form, struct str path, double n);
void store_bool(struct reading *in, const struct field *f, void *form, bool value);

// Texts, dates, choices; false when the text is empty and so counts as not given.
bool read_text(struct reading *in, const struct field *f, void *form, struct str path,
               struct str text);

// Arrays: number of elements, allowed element, one more element of a PostgreSQL
// array that starts with {.
bool check_count(struct reading *in, const struct field *f, struct str path, size_t count);
bool check_element(const struct field *f, struct str text);
void array_add_text(struct buf *array, struct str text);
