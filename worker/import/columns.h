// Which column of a file is which: header names matched against a table, whatever their case,
// accents, blanks and punctuation ("Commune étab." is "communeetab").
//
// Pure functions, any thread.
#pragma once

#include "import/csv.h"

enum { COLUMN_NONE = -1, KEY_MAX = 64 };

// A column we know. names: header names separated by |, already as column_key writes them; the
// first one is shown when it is missing under label.
struct column_name {
    const char *names;
    const char *label;
    bool        required;
};

// Lower-case letters and digits of text without accents, cut at KEY_MAX - 1 characters.
void column_key(struct str text, char ret[KEY_MAX]);

// Lower-case words of text without accents, blanks and punctuation as single blanks, as long as
// size allows: for comparing names of places and people.
void words_key(struct str text, char *ret, size_t size);

// Finds each known column in the header that csv has set: ret[i] is its index or COLUMN_NONE.
// Returns how many were found. When several headers match one entry the earliest name wins.
size_t columns_find(const struct csv *csv, const struct column_name *known, size_t count, int *ret);

// False with p filled when a required column is missing (all of them are named) or when a column
// was found twice under the same name.
bool columns_check(const struct csv *csv, const struct column_name *known, size_t count,
                   const int *found, struct import_problem *p);
