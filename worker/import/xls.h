// A workbook of Excel before 2007 (Microsoft, [MS-XLS]: BIFF8 of Excel 97 to 2003, BIFF5 of Excel 5
// and 95) as a grid. Many programs still write them.
//
// A cell gives what a person sees, like those of XLSX (xlsx.h): texts, the kept value of a formula,
// numbers in full, dates as AAAA-MM-JJ, VRAI and FAUX, errors. Hidden rows are read and counted;
// charts and macro sheets are no sheets. A row has 256 cells at most, a sheet 65,536 rows. Refused:
// workbooks with a password, those of before Excel 5, and other documents of Office. One thread.
#pragma once

#include "import/grid.h"

// True when the bytes begin as a document of Office before 2007 does, or as its bare records.
bool xls_is(struct str bytes);

// Reads a sheet (from 0), or the first visible one that holds something (-1), hidden where all
// of them are. NULL with p filled.
struct grid *xls_open(struct str bytes, int sheet, struct import_problem *p);

// The same from the stream of records within such a document, for tests.
struct grid *xls_read(struct str records, int sheet, struct import_problem *p);
