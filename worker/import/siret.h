// SIRET and SIREN: read as people write them, check digits, La Poste's exception.
//
// Whether digits are valid is told by base/siren.h. Pure functions, any thread.
#pragma once

#include "base/siren.h"
#include "import/problem.h"

#include <stdbool.h>

// Reads a SIRET written with or without blanks, no-break blanks, dots, dashes, a leading
// apostrophe, ="…" or a trailing ".0". Answers
//   PROBLEM_NONE            ret holds the 14 digits;
//   PROBLEM_SIRET_RESTORED  likewise, after one or two leading zeros lost by a spreadsheet were
//                           put back (12 or 13 digits whose check digit is then right);
//   PROBLEM_SIRET_IS_SIREN  ret holds the 9 digits of a valid SIREN;
//   any other               what is wrong; ret is "".
enum import_code siret_read(struct str text, char ret[SIRET_LEN + 1]);

// Reads a SIREN the same way: PROBLEM_NONE, PROBLEM_SIREN_BAD or PROBLEM_SIRET_EMPTY.
enum import_code siren_read(struct str text, char ret[SIREN_LEN + 1]);
