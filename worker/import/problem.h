// What is wrong in a file, and where: a stable code, a line, a column and a French sentence.
//
// A problem is plain memory, owns nothing and may be copied. Line 0 means the whole file, an empty
// column means the whole line.
#pragma once

#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

enum import_code {
#define PROBLEM(name, code, sentence) PROBLEM_##name,
#include "import/problem.def"
#undef PROBLEM
    PROBLEM__COUNT
};

struct import_problem {
    enum import_code code;
    uint64_t         line;
    char             column[72]; // UTF-8, cut on a character when longer
    char             value[240]; // what was received, cut likewise; "" = not shown
};

// The stable wire name of a code, such as "siret_key".
const char *import_code_name(enum import_code code);

// The code of that stable name; PROBLEM_NONE when there is none.
enum import_code import_code_of(struct str name);

// The bare French sentence of a code.
const char *import_code_sentence(enum import_code code);

// Fills p. column and value may be empty; control characters in them are shown as blanks.
void import_problem_set(struct import_problem *p, enum import_code code, uint64_t line,
                        struct str column, struct str value);

// Writes the whole French sentence, "ligne 12, colonne SIRET : … (« reçu »)", into text and ends
// it; returns text. 1024 bytes are always enough.
const char *import_problem_text(const struct import_problem *p, char *text, size_t size);

// The sentence without its place: "la clé de contrôle du SIRET est fausse (« 123 »)".
const char *import_problem_message(const struct import_problem *p, char *text, size_t size);
