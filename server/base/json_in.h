// Reading JSON (or query strings) by a table: what the fields are, where they go, what is allowed.
//
// A table is an array of `struct field` ended by { 0 }. Every wrong field is reported at once, each
// with its path ("needs[2].rome"), a code and a French sentence. What is stored lives in the arena.
// Unknown and duplicate members are errors. Pure given the arena; thread-safe after json_in_init.
//
//   type         member it fills                     notes
//   FIELD_TEXT   struct str (absent when not given)  trimmed; .min/.max count code points
//   FIELD_EMAIL  struct str                          trimmed, one @, no space
//   FIELD_SECRET struct str                          like TEXT but kept as typed (passwords)
//   FIELD_DATE   struct str                          YYYY-MM-DD that exists
//   FIELD_TIME   struct str                          ISO 8601 with offset
//   FIELD_CHOICE struct str                          one of .choices
//   FIELD_ID     int64_t                             1 or more
//   FIELD_INT    int64_t                             between .min and .max (both 0: any)
//   FIELD_NUMBER double                              between .min and .max (both 0: any)
//   FIELD_BOOL   bool
//   FIELD_IDS    struct str                          array of ids -> "{1,2,3}" for bigint[]
//   FIELD_TEXTS  struct str                          array of texts -> "{\"a\",\"b\"}" for text[];
//                                                    each one of .choices when set
//   FIELD_OBJECT struct str                          object checked by .fields -> its JSON text
//   FIELD_LIST   struct str                          array of such objects -> its JSON text;
//                                                    .min/.max count the elements
//   FIELD_JSON   struct str                          anything -> its JSON text
// With .nullable the scalar types ID, INT, NUMBER and BOOL fill a `const T *` instead, NULL when
// the member is null or not given: exactly what a nullable query parameter takes. A JSON null
// counts as not given. An empty TEXT counts as not given too.
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum field_type {
    FIELD_TEXT = 1,
    FIELD_EMAIL,
    FIELD_SECRET,
    FIELD_DATE,
    FIELD_TIME,
    FIELD_CHOICE,
    FIELD_ID,
    FIELD_INT,
    FIELD_NUMBER,
    FIELD_BOOL,
    FIELD_IDS,
    FIELD_TEXTS,
    FIELD_OBJECT,
    FIELD_LIST,
    FIELD_JSON,
};

struct field {
    const char         *name;
    enum field_type     type;
    size_t              offset;
    bool                required;
    bool                nullable;
    int64_t             min, max; // TEXT without max: 200 characters; LIST, IDS, TEXTS: 100
    const char *const  *choices;  // ended by NULL
    const struct field *fields;   // of OBJECT and LIST; their offsets are ignored
    size_t              given;    // offset of a bool told whether the member was there (even
                                  // null); 0: nobody asks
};

// One wrong field.
struct field_error {
    struct str          field;   // path
    struct str          code;    // required unknown duplicate type too_short too_long range format
    struct str          message; // French sentence
    struct field_error *next;
};

struct field_errors {
    struct field_error *first, *last;
};

// Seeds the JSON library; call once before any thread starts.
void json_in_init(void);

// Reads a JSON object. ERR_MALFORMED when it is not JSON (then *reterr_why says where), ERR_INVALID
// when fields are wrong (then they are in *reterr_fields).
enum err json_read(struct str json, const struct field *fields, void *into, struct arena *a,
                   struct field_errors *reterr_fields, struct str *reterr_why) MUST_USE;

// Reads the same table (scalar types, and IDS and TEXTS from comma-separated values) from
// "a=1&b=x" as found behind the question mark of an address. Unknown names are ignored.
enum err query_read_fields(struct str query, const struct field *fields, void *into,
                           struct arena *a, struct field_errors *reterr_fields) MUST_USE;

// The decoded value of one name in "a=1&b=x"; absent when it is not there. First one wins.
struct str query_value(struct str query, struct str name, struct arena *a);

// %41 and + decoded; false when malformed, not UTF-8, or holding NUL.
bool percent_decode(struct str s, bool plus_is_space, struct arena *a, struct str *ret_text);

// Adds one more wrong field, for rules no table can express.
void field_error_add(struct field_errors *errors, struct arena *a, struct str field,
                     struct str code, struct str message);
