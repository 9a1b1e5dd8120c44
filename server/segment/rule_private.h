// The inside of the compiler: what rule.c (the tree), term.c (criteria) and area.c (places) share.
#pragma once

#include <jansson.h>

#include "base/buf.h"
#include "segment/rule.h"

enum values {
    NAF,
    SIZES,
    COMMUNES,
    DEPARTMENTS,
    AREA,
    CIRCLE,
    LEGAL,
    STATES,
    MONTHS,
    ORGANISATIONS,
    NETWORKS,
    OCCUPATIONS,
    COUNT,
    PERCENT,
    LEVEL,
    IDS,
    CODES,
    TEXT,
};

enum op {
    OP_IS,
    OP_IS_NOT,
    OP_INSIDE,
    OP_OUTSIDE,
    OP_NEVER,
    OP_WITHIN,
    OP_NOT_WITHIN,
    OP_BEFORE,
    OP_AT_LEAST,
    OP_AT_MOST,
    OP_ANY,
    OP_NONE,
    OP_CONTAINS,
    OP_LACKS,
    OP_COUNT,
};

#define BIT(op) (1u << (op))
enum {
    OPS_IS     = BIT(OP_IS) | BIT(OP_IS_NOT),
    OPS_INSIDE = BIT(OP_INSIDE) | BIT(OP_OUTSIDE),
    OPS_SINCE  = BIT(OP_NEVER) | BIT(OP_WITHIN) | BIT(OP_NOT_WITHIN) | BIT(OP_BEFORE),
    OPS_AT     = BIT(OP_AT_LEAST) | BIT(OP_AT_MOST),
    OPS_ANY    = BIT(OP_ANY) | BIT(OP_NONE),
    OPS_HAS    = BIT(OP_CONTAINS) | BIT(OP_LACKS),
};

struct rule_field {
    const char *name;
    enum values values;
    unsigned    ops;
    const char *sql;
    bool        is_timed;
    const char *label, *help;
};

struct compiler {
    struct arena        *arena;
    struct rule         *rule;
    int                  first;
    int                  terms;
    struct buf           sql; // of the condition being written
    struct field_errors *errors;
};

// Says what is wrong with the node at `path`; returns false.
bool rule_wrong(struct compiler *c, struct str path, const char *code, const char *message);

// Adds a parameter and writes its $n; beyond RULE_PARAMS nothing is added and the rule is refused.
void rule_param(struct compiler *c, struct param p);
// Writes a constant fragment, its `?` replaced by $n of the parameters in turn.
void rule_fragment(struct compiler *c, const char *fragment, const struct param *params, int count);

// Writes one criterion; the value stands at path.value. False with the fault told.
bool rule_term(struct compiler *c, const struct rule_field *f, enum op op, const json_t *value,
               struct str path);
bool rule_area(struct compiler *c, const json_t *value, struct str path);
bool rule_circle(struct compiler *c, const json_t *value, struct str path);
