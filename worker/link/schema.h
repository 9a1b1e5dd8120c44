// The schema of a linkage: which columns there are and how each is read and compared.
//
// A schema is a table. Two are built in; others are made from a mapping file by the caller. Columns
// whose kinds belong together are one piece of evidence (address, postcode and commune; surname and
// given name), columns of one kind add their values (three names, two phones), so that nothing
// counts twice. Pure, any thread.
#pragma once

#include "base/str.h"

enum {
    LINK_FIELDS_MAX   = 32,
    LINK_EVIDENCE_MAX = LINK_FIELDS_MAX,
};

// How a column is read and compared.
enum link_kind {
#define LINK_KIND(name, code, label) LINK_##name,
#include "link/kinds.def"
#undef LINK_KIND
    LINK_KINDS
};

// What a record is about; decides which near misses the model knows.
enum link_unit {
    LINK_ESTABLISHMENT, // other site of the company, other company at the address...
    LINK_PERSON,        // relative or colleague in one firm, same name elsewhere...
    LINK_THING,         // none known in advance
    LINK_UNITS
};

struct link_field {
    struct str     column; // name of the column in the file
    struct str     label;  // shown in explanations (French)
    enum link_kind kind;
};

struct link_schema {
    struct str               name;
    struct str               id; // name of the column that identifies the record
    enum link_unit           unit;
    const struct link_field *fields;
    size_t                   count; // 1..LINK_FIELDS_MAX
};

// The built-in schemas: "etablissement" and "contact"; NULL for any other name.
const struct link_schema *link_schema_find(struct str name);

// The kind of a code such as "organisation", "siret", "date"; false when there is none.
bool link_kind_find(struct str code, enum link_kind *ret_kind);
// Its code, and its French label for explanations.
struct str link_kind_code(enum link_kind kind);
struct str link_kind_label(enum link_kind kind);

// The unit of a code: "etablissement", "personne", "objet"; false when there is none.
bool       link_unit_find(struct str code, enum link_unit *ret_unit);
struct str link_unit_code(enum link_unit unit);

// What is wrong with a schema as a French sentence; absent when it is sound. Wrong: no field or too
// many, a column without name or named twice, a field named like the id, nothing to compare.
struct str link_schema_problem(const struct link_schema *schema);
