// Which cell of a row is which field, also where the row has not the shape of its table.
//
// A row with a separator too many or too few is put right when only one way to do so agrees with
// what the columns hold (a SIRET, a postcode, an address of mail); else only the cells that stand
// right in every way that agrees are read. Totals and headers within the table are no employers.
// Pure functions, any thread.
#pragma once

#include "import/layout.h"

enum { JOINED_ROOM = 1200 };

struct partner_cells {
    struct str at[PARTNER_FIELDS];  // without blanks around; absent when empty or not certain
    char       joined[JOINED_ROOM]; // a cell that a separator had cut
};

// The cells of the record read last; found: the column of each field, or -1. What is said of the
// row: PROBLEM_NONE, also when only cells at its end are missing; PROBLEM_ROW_ALIGNED or
// PROBLEM_ROW_COUNT when it was read as far as it is certain; PROBLEM_ROW_TOTAL, PROBLEM_ROW_FOOTER, PROBLEM_ROW_HEADER
// or PROBLEM_ROW_SHIFTED when nothing of it is.
enum import_code partner_cells(const int found[PARTNER_FIELDS], const struct table *t,
                               struct partner_cells *ret);
