// SIRET and SIREN: read as people write them, check digits, La Poste's exception.
//
// Pure functions, any thread.
#pragma once

#include "import/problem.h"

#include <stdbool.h>

enum { SIREN_LEN = 9, SIRET_LEN = 14 };

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

// True when 14 digits make a valid SIRET: Luhn on all and on the SIREN, except La Poste
// (356000000), whose sum of digits is a multiple of 5 but for its head office (NIC 00048).
bool siret_is_valid(const char digits[SIRET_LEN]);

// True when 9 digits make a valid SIREN (Luhn, not all zeros).
bool siren_is_valid(const char digits[SIREN_LEN]);
