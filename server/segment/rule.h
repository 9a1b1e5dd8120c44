// A rule over the list, from JSON to parameterised SQL. The inside of segments; pure.
//
// A rule is a tree. A group is {"all": [...]}, {"any": [...]} or {"none": [...]}; a criterion is
// {"field": "naf", "op": "is", "value": ["I", "47.1"]}. The root is a group and may also say
// "closed": true, to keep closed establishments. The fields stand in fields.def.
//
// The SQL is made of constant fragments and of $n; nothing that came with the JSON is ever part of
// the text, it all travels as parameters. It is a condition over one line `f` of api.segment_list
// that is true, false or unknown for it; it calls nothing that changes anything. What a criterion
// does not know (no size, no place) is not met, and met by its contrary.
//
// Stable codes of what is wrong: rule_json, rule_too_large, rule_too_deep, rule_too_many, node,
// field, op, value, area, each with the path of the faulty node ("all[2].value") and a French
// sentence. Everything lives in the arena. Thread-safe after json_in_init.
#pragma once

#include "base/db.h"
#include "base/json_in.h"

enum rule_limit {
    RULE_BYTES  = 32 * 1024, // of JSON
    RULE_DEPTH  = 5,         // groups within groups
    RULE_TERMS  = 40,        // criteria
    RULE_VALUES = 500,       // of one criterion
    RULE_POINTS = 200,       // of a drawn area
    RULE_PARAMS = 100,
    RULE_PARTS  = 24, // children of the root
};

struct rule {
    struct str   condition; // SQL; "true" when nothing is asked
    struct param params[RULE_PARAMS];
    int          count;    // of params; they are $first, $first+1...
    bool         is_timed; // time alone may change what it keeps
    bool         is_all;   // the root is {"all": ...}: parts are its children
    struct str   status;   // the part of the condition that is not a child: closed ones left out
    struct str   parts[RULE_PARTS];
    int          part_count;
};

// Compiles a rule whose parameters begin at $first. False when it is wrong: then *reterr holds why.
bool rule_compile(struct str json, int first, struct arena *a, struct rule *ret,
                  struct field_errors *reterr) MUST_USE;

// The condition without one child of an {"all": ...} root.
struct str rule_without(const struct rule *r, int part, struct arena *a);

// The fields with their operators and labels, as a JSON array, for whoever builds a rule.
struct str rule_fields(struct arena *a);

// A query whose text holds the mark {rule}, made ready to run with a rule: own parameters first,
// the rule compiled with first = own + 1. Run it with db_run while the arena lives. The mark
// {parts} becomes one count per child of the root, of what the rule keeps without it, and last the
// count of what it keeps.
struct query rule_query(const struct query *q, const struct rule *r, struct arena *a);
// The own parameters of a query followed by those of the rule.
struct param *rule_params(const struct param *own, int count, const struct rule *r,
                          struct arena *a);
