// Reads a table of ways as an OSRM-compatible service sends it:
//
//   {"code":"Ok","durations":[[0,63.2,null],...],"distances":[[0,812.5,null],...]}
//
// null is "no way" (TOUR_NEVER); seconds and metres are rounded. Accepts any bytes.
#pragma once

#include "plan/tour.h"

enum { WEEK_MATRIX_BYTES = 4 << 20 };

struct week_matrix {
    int32_t *seconds, *metres; // rows * columns, the caller's
};

// False when it is not a table of that shape. Distances may be missing: metres are then 0.
bool week_matrix_read(struct str json, int32_t rows, int32_t columns,
                      struct week_matrix *into) MUST_USE;
