// A text whose every line was put in quotes, as if the whole line were one cell:
//
//   "41816609600069;""OCTO"";MOULINS"
//
// Some exports do that, and a spreadsheet that opened the file as one column and saved it. Empty
// cells behind the quotes are what it drags along. Pure functions, any thread.
#pragma once

#include "base/str.h"

// True when nine of ten of the first lines are so, and without these quotes have a steady
// separator.
bool quoted_lines_are(struct str text);

// The text without them, line by line: other lines stay as they are. In memory that the caller
// frees.
char *quoted_lines_undo(struct str text, size_t *ret_len);
