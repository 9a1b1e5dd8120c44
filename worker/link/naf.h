// NAF activity codes: "43.21A", "4321 a", "0113Z" that lost its zero.
//
// Pure, any thread.
#pragma once

#include "base/str.h"

// The code as a number: class (4 digits) * 32 + letter (1..26); 0 when it is none. Divide by 32 for
// the class, by 3200 for the division.
uint32_t naf_read(struct str text);
