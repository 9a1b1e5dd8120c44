// The inside of the loading of reference data, shared by reference.c and market.c.
#pragma once

#include "import/columns.h"
#include "import/reference.h"

// What differs from one reference to another.
struct reference {
    struct result (*stage)(struct db *db);
    const struct query *load;
    struct result (*merge)(struct db *db);
    struct result (*after)(struct db *db); // NULL: nothing more to do
};

// Reads a CSV file row by row with `put` and loads it, in one transaction.
enum import_result reference_csv(struct db *db, const char *path, const struct reference *kind,
                                 const struct column_name *names, size_t count,
                                 bool (*put)(const struct csv *csv, const int *found,
                                             struct buf *lines, struct import_problem *p),
                                 struct reference_report *ret, struct import_problem *p) MUST_USE;
