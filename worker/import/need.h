// What employers answered to a survey of hiring intentions, in a file as a partner has it: CSV or
// XLSX, columns in any order.
//
// One line is one employer (SIRET) and one occupation (family of the survey or ROME). Numbers may
// be secret: "*", like an empty cell, is unknown and never 0; 0 says that there is no project. A
// line that cannot be read is a fault of its own and keeps no other line back. Pure, any thread.
#pragma once

#include "base/buf.h"
#include "import/problem.h"

enum {
    NEED_ROWS_MAX  = 100000,
    NEED_POSTS_MAX = 500,
};

// Reads a whole file into a JSON array, one object a line:
//   {"line": 3, "siret": "…", "rome": "G1602", "fap": "S1Z40", "label": "Cuisiniers", "posts": 4,
//   "hard": true,
//    "seasonal": false, "year": 2026}
// members that are absent are unknown; or {"line": 3, "field": "SIRET", "code": "siret_key",
// "message": "…"}. False with p filled when the file is none, or lacks a column it cannot do
// without.
bool need_file_read(struct str bytes, struct buf *ret, struct import_problem *p) MUST_USE;
