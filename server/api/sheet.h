// Figures as files: lines of text, and workbooks (libxlsxwriter).
//
// A workbook has a sheet of figures per table and a last sheet that says what each indicator means.
// It is written into memory that has a descriptor, never into a folder.
#pragma once

#include "http/req.h"

// One sheet: cells as figures_cells gives them (indicator.sql), area by area. Titles are cut to
// what a sheet may bear.
struct sheet_table {
    struct str           title; // absent: « Figures »
    const struct result *cells;
};

// Answers with the rows of one text column as the lines of a UTF-8 CSV file.
enum err reply_lines(struct req *r, const char *name, struct result res) MUST_USE;
// Answers with a workbook. The results stay the caller's.
enum err reply_workbook(struct req *r, const char *name, const struct sheet_table *tables,
                        size_t count) MUST_USE;
