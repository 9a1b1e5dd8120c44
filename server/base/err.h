// Everything that can go wrong, as one enum made from errors.def.
//
// A function that can fail returns enum err and is MUST_USE; OK is 0. The code (`promise_taken`) is
// what goes over the wire and never changes; the sentence is for the reader and may. Pure.
#pragma once

#include "base/str.h"

enum err {
    OK = 0,
#define ERR(name, code, status, sentence) ERR_##name,
#include "base/errors.def"
#undef ERR
    ERR_COUNT,
};

// Stable wire code, HTTP status and French sentence.
struct str err_code(enum err e);
int        err_status(enum err e);
struct str err_sentence(enum err e);

// The err with this wire code; OK when there is none.
enum err err_find(struct str code);

// How a PostgreSQL refusal is told: by the name of the broken constraint if it is in
// constraints.def, otherwise by SQLSTATE. For ML000 the message is the code itself. *ret_field is
// the form field to blame, absent when unknown.
enum err err_of_sql(struct str sqlstate, struct str message, struct str constraint,
                    struct str *ret_field);
