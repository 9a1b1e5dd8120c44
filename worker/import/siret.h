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
//   PROBLEM_SIRET_LETTERS   likewise, O and l having been taken for 0 and 1;
//   PROBLEM_SIRET_EXPANDED  likewise, from scientific notation that has kept all its digits, two
//                           zeros at its end apart;
//   PROBLEM_SIRET_AMID      likewise, with words around: "SIRET : 418 166 096 00069 (siège)";
//   PROBLEM_SIRET_IS_SIREN  ret holds the 9 digits of a valid SIREN, also of a VAT number;
//   any other               what is wrong; ret is "".
// What is not written as a number is believed only when its check digits are right.
enum import_code siret_read(struct str text, char ret[SIRET_LEN + 1]);

// True when siret_read gave a SIRET, whatever had to be put right.
bool siret_is_read(enum import_code code);

// A SIRET from its SIREN and its NIC, whose leading zeros may be lost. PROBLEM_NONE, else what is
// wrong (PROBLEM_SIRET_EMPTY when one of them is not usable) and ret is "".
enum import_code siret_of_parts(struct str siren, struct str nic, char ret[SIRET_LEN + 1]);

// The whole number of a scientific notation, in digits; returns how many, 0 when it is none.
// *ret_lost: how many of the last ones the notation does not say, and are zeros here.
enum { DIGITS_EXPANDED = 20 };
size_t digits_expand(struct str text, char ret[DIGITS_EXPANDED], size_t *ret_lost);

// Reads a SIREN the same way: PROBLEM_NONE, PROBLEM_SIREN_BAD or PROBLEM_SIRET_EMPTY.
enum import_code siren_read(struct str text, char ret[SIREN_LEN + 1]);
