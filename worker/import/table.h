// A table as people send it, record by record: CSV or TSV text, or one sheet of a workbook (XLSX,
// XLS, ODS, a table in a web page), packed (gzip, a ZIP archive that holds one table) or not.
//
// The bytes must live as long as the table. A table belongs to one thread. Fields are views that
// live until the next table_next or table_rewind. A line is the physical line of a text, the number
// of the row in a sheet. Text is UTF-8: older encodings and UTF-16 are converted, characters that
// were encoded twice on their way put back (mend.h), quotes around whole lines taken away
// (quoted_lines.h), cells merged over several rows filled down (merge.h).
#pragma once

#include "import/csv.h"

struct table;

enum { TABLE_SHEETS_TRIED = 12 };

struct table_options {
    int               sheet;     // of a workbook, from 0; -1: the first one that holds something
    char              separator; // 0: found
    enum csv_encoding encoding;  // CSV_ANY: found
    enum charset      charset;   // of CSV_OLD: which one
};

// Opens a table. NULL with p filled when the bytes are none.
struct table *table_open(struct str bytes, const struct table_options *options,
                         struct import_problem *p);
// Frees it; NULL is accepted.
void table_free(struct table *t);

// Begins anew, without header. False with p filled when that fails.
bool table_rewind(struct table *t, struct import_problem *p) MUST_USE;

// Goes to another sheet of a workbook, like table_rewind. After false the table is good for another
// turn or for table_free only.
bool table_turn(struct table *t, int sheet, struct import_problem *p) MUST_USE;

// Reads the next record that holds something. After an end or a problem it answers the same again.
enum csv_step table_next(struct table *t, struct import_problem *p);

// The record read last.
size_t     table_count(const struct table *t);
struct str table_field(const struct table *t, size_t index); // empty beyond table_count
bool       table_is_pushed(const struct table *t); // there were empty fields beyond the header
uint64_t   table_line(const struct table *t);
// What was wrong with it and was got over (see csv_fault); rows of a sheet have no such faults.
enum import_code table_fault(const struct table *t, struct import_problem *p);

// The names of the columns, copied. A text's records must have as many columns from now on.
void       table_set_header(struct table *t, const struct str *names, size_t count);
size_t     table_header_count(const struct table *t);
struct str table_header(const struct table *t, size_t index);

// From the next record on, cells merged over several rows are filled down; merges that begin above
// are the header's.
void table_fill_down(struct table *t);

// What was found.
bool       table_is_workbook(const struct table *t);
size_t     table_sheets(const struct table *t); // 0 for a text
struct str table_sheet_name(const struct table *t, size_t index);
int        table_sheet(const struct table *t);     // -1 for a text
char       table_separator(const struct table *t); // 0 for a workbook
struct str table_encoding(const struct table *t);  // absent for a workbook
bool       table_converted(const struct table *t, struct import_problem *p);
bool       table_unterminated(const struct table *t, struct import_problem *p);
bool       table_mended(const struct table *t, struct import_problem *p); // put back, from there on
bool       table_lost(const struct table *t, struct import_problem *p);   // characters lost before
bool       table_cleared(const struct table *t, struct import_problem *p); // bytes that are no text
bool       table_unquoted(const struct table *t, struct import_problem *p); // of quotes around lines
bool       table_filled(const struct table *t, struct import_problem *p);   // down, from there on
uint64_t   table_hidden(const struct table *t); // rows read that the sheet hides
size_t     table_hidden_columns(const struct table *t); // of those with a name
bool       table_sheet_is_hidden(const struct table *t, size_t index);

// Bytes of text read until now, and how many there are (0: unknown).
uint64_t table_read(const struct table *t);
uint64_t table_size(const struct table *t);
