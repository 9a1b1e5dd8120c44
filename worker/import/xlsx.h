// An XLSX workbook (ECMA-376, SpreadsheetML): the rows of one of its sheets as text, one at a time.
//
// A cell gives what a person sees, as far as that can be told: shared, inline and formatted
// strings; the kept value of a formula; whole numbers in full (a SIRET that a spreadsheet shows as
// 4,1E+13 has all its digits here), with the leading zeros of formats such as 00000; dates as
// AAAA-MM-JJ; VRAI and FAUX; errors as they are shown (#N/A). A merged cell has its text in its
// first cell; which are merged over several rows is told apart. Blank rows are skipped. Memory: the shared strings and one row; the sheet streams.
//
// Refused with a sheet and a cell: damaged XML, document type declarations, strings that are not
// there, more than 512 columns, texts over 256 KB, and whatever grows beyond XLSX_MOST bytes.
// The bytes must live as long as the workbook. One thread.
#pragma once

#include "import/merge.h"

enum { XLSX_MOST = 256 * 1024 * 1024, XLSX_SHEETS = 255 };

struct xlsx;

// True when the bytes begin as a ZIP archive does.
bool xlsx_is(struct str bytes);

// Opens the workbook at a sheet (from 0); -1: the first visible one that holds something. NULL with
// p filled.
struct xlsx *xlsx_open(struct str bytes, int sheet, struct import_problem *p);
void         xlsx_free(struct xlsx *x); // NULL is accepted

// Begins the sheet anew. False with p filled.
bool xlsx_rewind(struct xlsx *x, struct import_problem *p) MUST_USE;

// Begins another sheet. False with p filled; the workbook is then good for another turn only.
bool xlsx_turn(struct xlsx *x, size_t sheet, struct import_problem *p) MUST_USE;

// Reads the next row that holds something; after an end or a problem the same again.
enum csv_step xlsx_next(struct xlsx *x, struct import_problem *p);

size_t     xlsx_count(const struct xlsx *x);
struct str xlsx_field(const struct xlsx *x, size_t index); // lives until the next row
uint64_t   xlsx_line(const struct xlsx *x);                // number of the row

size_t     xlsx_sheets(const struct xlsx *x);
struct str xlsx_sheet_name(const struct xlsx *x, size_t index);
bool       xlsx_sheet_is_hidden(const struct xlsx *x, size_t index);
int        xlsx_sheet(const struct xlsx *x);
// Rows read until now that the sheet hides (filtered, folded): they are read like the others.
uint64_t xlsx_hidden(const struct xlsx *x);
// Whether it hides each of its CSV_COLUMN_MAX columns, known from the first row on.
const bool *xlsx_hidden_columns(const struct xlsx *x);

// The cells of the sheet that are merged over several rows, once they were looked for: a sheet
// tells them behind its rows.
struct merges *xlsx_merges(struct xlsx *x);
void           xlsx_find_merges(struct xlsx *x);

// Bytes of the sheet read until now, and its size.
uint64_t xlsx_read(const struct xlsx *x);
uint64_t xlsx_size(const struct xlsx *x);
