// A table in a web page as a grid: many programs save one under the name of an Excel workbook.
//
// Not a browser: rows, cells (with what they span), entities, and nothing else. Tables within cells
// are part of the text of the cell, but where the longest table of data is within others, which
// only lay out the page. Where a spreadsheet left the whole number of a cell in x:num,
// it is taken. Each table is a sheet. UTF-8 or Windows-1252, told by whether the bytes are valid
// UTF-8. One thread.
#pragma once

#include "import/grid.h"

// True when bytes begin as a web page does and have a table.
bool webpage_is(struct str bytes);

// Reads a table (from 0), or the first one that holds something (-1). NULL with p filled.
struct grid *webpage_open(struct str bytes, int sheet, struct import_problem *p);
