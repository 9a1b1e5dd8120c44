// A table of another kind than text or XLSX, turned into text that the CSV reader reads: one line
// per row of the table, so that lines and rows have the same numbers, cells parted by tabs, quoted.
//
// Four kinds of documents are read so: spreadsheets of LibreOffice (ods.h), workbooks of Excel
// before 2007 (xls.h), its XML of 2003 (excel_xml.h), and web pages with a table (webpage.h), which
// many programs save under the name of an Excel workbook. One thread. Limits: rows and bytes below; the number of columns and the
// size of cells are for the CSV reader to refuse.
#pragma once

#include "base/buf.h"
#include "import/csv.h"
#include "import/merge.h"

enum {
    GRID_BYTES  = 64 * 1024 * 1024, // of the text
    GRID_ROWS   = 1048576,
    GRID_SHEETS = 255,
};

struct grid {
    struct buf text;
    char      *names[GRID_SHEETS]; // of the sheets, ours
    bool       is_hidden[GRID_SHEETS];
    size_t     count;
    int        sheet;  // the one that text holds
    uint64_t   hidden; // its rows with something that it does not show
    bool       is_hidden_column[CSV_COLUMN_MAX];
    struct merges merges; // cells of it that stand for several rows
    // private: the row being written
    struct buf row;
    size_t     cells, rows, pending; // cells of it; rows before it, the last of which are empty
    bool       is_filled, is_full;
};

struct grid *grid_new(void);
void         grid_free(struct grid *g); // NULL is accepted

// Adds a sheet (its name is copied); false when there are too many.
bool grid_add_sheet(struct grid *g, struct str name, bool is_hidden);

// Adds cells of one text (copied) to the row, then ends the row. A row without anything costs
// nothing until another follows.
void grid_cell(struct grid *g, struct str text, size_t count);
void grid_row(struct grid *g, size_t count);

// The next cell stands for so many rows, its own included.
void grid_merge(struct grid *g, size_t rows);
// Columns from one on (from 0) that the sheet does not show.
void grid_hide_columns(struct grid *g, size_t column, size_t count);

// True when nothing was written.
bool grid_is_empty(const struct grid *g);
// Forgets what was written, not the sheets.
void grid_clear(struct grid *g);
// True when the table is beyond the limits.
bool grid_is_full(const struct grid *g);
