// A workbook (XLSX) of one sheet of texts, written as it goes into memory: for tables that are
// given back as they came, persons and all, without a temporary file.
//
// Every cell is a text and stays one: a SIRET keeps its zeros, what looks like a formula is none.
// The header is bold, stays in sight and has a filter; columns are as wide as their first cells.
// Source: ECMA-376 (SpreadsheetML, Open Packaging Conventions), PKWARE APPNOTE. One thread.
#pragma once

#include "base/buf.h"

enum { BOOK_MOST = 256 << 20 }; // bytes of the finished workbook

enum book_look {
    BOOK_PLAIN,
    BOOK_HEAD, // the header: the cells from `ours` on are marked as ours
};

struct book;

// Begins a workbook; the title is cut to what a sheet may bear ("Feuille 1" when nothing is left).
// ours: columns from this one on were added by us.
struct book *book_new(struct str title, size_t ours);

// Writes the next row, a text cut at the 32,767 characters that a cell may hold. The number of the
// row counts from 1; an earlier number than expected is an error of the caller and aborts.
void book_row(struct book *b, size_t row, const struct str *cells, size_t count,
              enum book_look look);

// Ends it, adds its bytes to *ret and frees it. False when it is larger than *ret may be.
bool book_end(struct book *b, struct buf *ret) MUST_USE;
