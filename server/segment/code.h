// Codes as numbers in their own order, so that "begins with" is a pair of bounds.
//
// The twins of data.naf_number and data.commune_number (schema/migrations/0011_segment.sql): 56.10A
// is 5610 * 32 + 1; of a commune the first two characters are digits of base 12 (2A and 2B), in
// thousands, the others follow; a legal form is itself. Pure, thread-safe.
#pragma once

#include "base/str.h"

struct span {
    int32_t low, high; // both included
};

// A NAF section (A to U) or the beginning of a code: "I", "5", "56", "56.1", "56.10", "56.10A",
// with or without its point.
bool code_naf(struct str text, struct span *ret);
// The INSEE code of a commune, five characters.
bool code_commune(struct str text, int32_t *ret);
// A département: 03, 2A, 971.
bool code_department(struct str text, struct span *ret);
// The beginning of a legal form of INSEE, one to four digits: "5" is every trading company.
bool code_legal(struct str text, struct span *ret);

// Sorts spans and joins those that touch; returns how many are left.
size_t spans_merge(struct span *spans, size_t count);
