// A table as people send it, record by record: CSV or TSV text, or one sheet of an XLSX workbook.
//
// The bytes must live as long as the table. A table belongs to one thread. Fields are views that
// live until the next table_next or table_rewind. A line is the physical line of a text, the number
// of the row in a sheet. Text is UTF-8: Windows-1252 and UTF-16 are converted.
#pragma once

#include "import/csv.h"

struct table;

struct table_options {
    int               sheet;     // of a workbook, from 0; -1: the first one that holds something
    char              separator; // 0: found
    enum csv_encoding encoding;  // CSV_ANY: found
};

// Opens a table. NULL with p filled when the bytes are none.
struct table *table_open(struct str bytes, const struct table_options *options,
                         struct import_problem *p);
// Frees it; NULL is accepted.
void table_free(struct table *t);

// Begins anew, without header. False with p filled when that fails.
bool table_rewind(struct table *t, struct import_problem *p) MUST_USE;

// Reads the next record that holds something. After an end or a problem it answers the same again.
enum csv_step table_next(struct table *t, struct import_problem *p);

// The record read last.
size_t     table_count(const struct table *t);
struct str table_field(const struct table *t, size_t index); // empty beyond table_count
uint64_t   table_line(const struct table *t);

// The names of the columns, copied. A text's records must have as many columns from now on.
void       table_set_header(struct table *t, const struct str *names, size_t count);
size_t     table_header_count(const struct table *t);
struct str table_header(const struct table *t, size_t index);

// What was found.
bool       table_is_workbook(const struct table *t);
size_t     table_sheets(const struct table *t); // 0 for a text
struct str table_sheet_name(const struct table *t, size_t index);
int        table_sheet(const struct table *t);     // -1 for a text
char       table_separator(const struct table *t); // 0 for a workbook
struct str table_encoding(const struct table *t);  // absent for a workbook
bool       table_converted(const struct table *t, struct import_problem *p);
bool       table_unterminated(const struct table *t, struct import_problem *p);

// Bytes of text read until now, and how many there are (0: unknown).
uint64_t table_read(const struct table *t);
uint64_t table_size(const struct table *t);
