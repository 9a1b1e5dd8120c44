// Which columns of a partner's file stay readable in the database: those that speak of
// establishments only, and those that look like codes of the organisation (few short values that
// repeat). The others may speak of persons, and are kept sealed.
//
// Pure functions, any thread.
#pragma once

#include "import/layout.h"

// own: names of columns that the organisation chose as codes, one a line.
void plain_columns(const struct layout_view *v, const struct layout *l, const struct str *names,
                   struct str own, bool ret[CSV_COLUMN_MAX]);
