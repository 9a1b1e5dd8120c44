#include "base/err.h"

static const struct {
    struct str code;
    int        status;
    struct str sentence;
} errors[ERR_COUNT] = {
    [OK] = { STR_INIT("ok"), 200, STR_INIT("") },
#define ERR(name, code, status, sentence) \
    [ERR_##name] = { STR_INIT(code), status, STR_INIT(sentence) },
#include "base/errors.def"
#undef ERR
};

static const struct {
    struct str name;
    enum err   err;
    struct str field;
} constraints[] = {
#define CONSTRAINT(name, err, field) { STR_INIT(name), ERR_##err, STR_INIT(field) },
#include "base/constraints.def"
#undef CONSTRAINT
};

// The first line whose prefix fits wins.
static const struct {
    struct str sqlstate;
    enum err   err;
} states[] = {
    { STR_INIT("23"), ERR_INVALID },        // integrity: a constraint without a name of ours
    { STR_INIT("22"), ERR_INVALID },        // data: out of range, bad date, bad encoding
    { STR_INIT("40001"), ERR_BUSY },        // serialization
    { STR_INIT("40P01"), ERR_BUSY },        // deadlock
    { STR_INIT("55P03"), ERR_BUSY },        // lock not available
    { STR_INIT("57014"), ERR_BUSY },        // cancelled by statement_timeout
    { STR_INIT("25P03"), ERR_BUSY },        // idle in transaction
    { STR_INIT("53"), ERR_UNAVAILABLE },    // out of connections, memory, disk
    { STR_INIT("57P"), ERR_UNAVAILABLE },   // shutting down
    { STR_INIT("08"), ERR_UNAVAILABLE },    // connection
    { STR_INIT("25006"), ERR_UNAVAILABLE }, // read only: a standby that is not promoted yet
    { STR_INIT("42501"), ERR_FORBIDDEN },   // grants and row policies
    { STR_INIT("P0002"), ERR_NOT_FOUND },   // no_data_found
};

struct str err_code(enum err e)
{
    return errors[e].code;
}

int err_status(enum err e)
{
    return errors[e].status;
}

struct str err_sentence(enum err e)
{
    return errors[e].sentence;
}

enum err err_find(struct str code)
{
    for (int i = OK + 1; i < ERR_COUNT; i++) {
        if (str_eq(errors[i].code, code)) {
            return (enum err)i;
        }
    }
    return OK;
}

enum err err_of_sql(struct str sqlstate, struct str message, struct str constraint,
                    struct str *ret_field)
{
    *ret_field = (struct str){ 0 };
    if (str_eq(sqlstate, STR("ML000"))) {
        enum err e = err_find(message);
        return e ? e : ERR_INTERNAL;
    }
    for (size_t i = 0; i < LENGTH(constraints); i++) {
        if (str_eq(constraints[i].name, constraint)) {
            if (constraints[i].field.len) {
                *ret_field = constraints[i].field;
            }
            return constraints[i].err;
        }
    }
    for (size_t i = 0; i < LENGTH(states); i++) {
        if (str_starts(sqlstate, states[i].sqlstate)) {
            return states[i].err;
        }
    }
    return ERR_INTERNAL;
}
