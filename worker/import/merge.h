// Cells of a sheet that are merged over several rows: what the first of them says is said of all.
//
// A reader adds the merges of its sheet; behind the header, the rows that they cover are then filled
// down, cells that are empty only. One thread.
#pragma once

#include "import/csv.h"

enum { MERGES_MOST = 100000 };

struct merge {
    uint64_t first, last; // rows, as csv_line counts them
    size_t   column;
};

struct merges {
    struct merge *at;
    size_t        count, cap;
    // private: where filling down stands
    size_t   next;
    uint64_t below; // merges that begin at this row or above are none of the rows
    char    *held[CSV_COLUMN_MAX];
    uint64_t until[CSV_COLUMN_MAX];
    size_t   columns; // of which some are held
};

// Adds one; those of a single row, beyond the columns of a table or too many are none.
void merges_add(struct merges *m, uint64_t first, uint64_t last, size_t column);

// Begins filling down the rows below one; UINT64_MAX: none.
void merges_begin(struct merges *m, uint64_t below);

// Fills the cells of a row that are covered; returns how many cells it has then. *ret_filled: some
// were. The texts live until the merge ends.
size_t merges_fill(struct merges *m, uint64_t row, struct str fields[CSV_COLUMN_MAX], size_t count,
                   bool *ret_filled);

// Forgets all.
void merges_clear(struct merges *m);
