// A strict reader of a small part of TOML 1.0, enough for a table of settings.
//
// Read: comments, `key = value` with bare or quoted keys, [table], [[array of tables]], strings
// between " (with escapes) or ' (as they are), decimal integers and floats, true and false.
// Refused with a sentence of its own: dotted keys and names, arrays, inline tables, dates, strings
// over several lines, other bases, inf and nan. Whatever else TOML 1.0 refuses (a key or table
// given twice, a leading zero, a control character...) is refused too, so what is read here means
// the same everywhere.
//
// Pure, any thread. Everything in the answer lives in the arena; the text may go.
#pragma once

#include "base/arena.h"

enum toml_limit {
    TOML_TEXT_MAX   = 256 * 1024, // bytes of the file
    TOML_NAME_MAX   = 128,        // bytes of a key or of the name of a table
    TOML_STRING_MAX = 4096,       // bytes of a string
    TOML_TABLES_MAX = 1024,
    TOML_KEYS_MAX   = 4096, // in the whole file
};

enum toml_type { TOML_STRING, TOML_INTEGER, TOML_FLOAT, TOML_BOOLEAN };

struct toml_place {
    uint32_t line, column; // from 1; columns are characters, not bytes
};

struct toml_key {
    struct str        name;
    enum toml_type    type;
    struct str        string;  // TOML_STRING; never absent
    int64_t           integer; // TOML_INTEGER
    double            number;  // TOML_FLOAT, and TOML_INTEGER rounded
    bool              truth;   // TOML_BOOLEAN
    struct toml_place place;   // of the key
    struct toml_place value;   // of its value
};

struct toml_table {
    struct str        name;     // empty for the first one: what stands before any [table]
    bool              is_array; // one of several [[name]]
    struct toml_place place;
    struct toml_key  *keys; // in the order of the file
    size_t            count;
};

struct toml {
    struct toml_table *tables; // in the order of the file; tables[0] is the nameless one
    size_t             count;  // at least 1
};

struct toml_problem {
    struct toml_place place;
    struct str        sentence; // French, without its place; lives in the arena
};

// Reads text (UTF-8, a mark at its beginning is skipped). False with *ret_problem filled otherwise.
bool toml_read(struct arena *a, struct str text, struct toml *ret,
               struct toml_problem *ret_problem) MUST_USE;

// The key of that name in a table, NULL when there is none.
const struct toml_key *toml_find(const struct toml_table *table, struct str name);
