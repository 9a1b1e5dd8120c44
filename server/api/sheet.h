// Figures as files: lines of text, and workbooks (libxlsxwriter).
//
// A workbook has a sheet of figures, one that says what was asked and one that says what each
// indicator means. It is written into memory that has a descriptor, never into a folder.
#pragma once

#include "http/req.h"

// Answers with the rows of one text column as the lines of a UTF-8 CSV file.
enum err reply_lines(struct req *r, const char *name, struct result res) MUST_USE;
// Answers with the workbook of figures_cells and figures_question (indicator.sql). The results stay
// the caller's.
enum err reply_workbook(struct req *r, const char *name, const struct result *cells,
                        const struct result *question) MUST_USE;
