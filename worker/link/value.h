// Values of the general kinds: dates and numbers as a mapping file may meet them.
//
// Pure, any thread.
#pragma once

#include "base/str.h"

// A date as the number AAAAMMJJ: 2001-12-31, 31/12/2001, 31.12.2001, 20011231, with or without a
// time behind; 0 when it is none. Days that no month has are kept: typing errors are to be
// compared.
double value_date(struct str text);

// A number with a point or a comma, blanks between its digits; false when it is none.
bool value_number(struct str text, double *ret_number);
