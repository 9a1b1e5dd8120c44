// CSV reader: the records of a file as people really send it, one at a time, in constant memory.
//
// Found without being told: the separator (; , tab |), UTF-8 with or without mark, or what was there
// before it (the first byte outside ASCII decides, which is exact: everything before reads the same
// in all; which one of these, by the letters that the following bytes make: charset_guess),
// the end of line (CRLF, CR or LF). Quoted fields may hold separators, doubled quotes and line
// ends. Refused with a place: UTF-16, NUL bytes, control characters, a quote never closed, lines
// over 1 MB, fields over 256 KB, more than 512 columns. A first line "sep=;" (Excel) is obeyed.
//
// A forgiving reader gets over what one line of a partner's file should not cost the others: a
// quote that nobody closes is a character, a record may have another number of columns than the
// header, bytes of Windows-1252 amid UTF-8 are read as such, a NUL is dropped, a control character
// is a blank, a byte that stands for nothing U+FFFD: up to one byte in a hundred.
//
// A reader belongs to one thread. The record's fields are views into the reader and live until the
// next call of csv_next.
#pragma once

#include "import/charset.h"
#include "import/problem.h"

#include <stdbool.h>
#include <sys/types.h>

enum csv_limit {
    CSV_LINE_MAX = 1024 * 1024,
    CSV_FIELD_MAX = 256 * 1024,
    CSV_COLUMN_MAX = 512,
};

// Where bytes come from: fills into and returns how many (> 0), 0 at the end, -1 on failure after
// having filled p.
struct csv_source {
    ssize_t (*read)(void *context, char *into, size_t most, struct import_problem *p);
    void *context;
};

enum csv_encoding { CSV_ANY, CSV_UTF8, CSV_OLD };

struct csv_options {
    bool              utf8_only; // another encoding is a problem instead of being converted
    bool              forgiving; // what can be got over is read and told: see csv_fault
    char              separator; // 0: found
    enum csv_encoding encoding;  // what a person says it is; CSV_ANY: found
    enum charset      charset;   // of CSV_OLD: which one
};

enum csv_step { CSV_RECORD, CSV_END, CSV_PROBLEM };

struct csv;

// Opens a reader and looks at the beginning of the file (separator, encoding). NULL with p filled
// when there is nothing to read as CSV.
struct csv *csv_open(struct csv_source source, struct csv_options options,
                     struct import_problem *p);

// Frees the reader; NULL is accepted. The source is the caller's.
void csv_free(struct csv *csv);

// Reads the next record; blank lines (nothing, or only separators) are skipped. Once a header is
// set, a record with another number of columns is a problem, empty fields at the end apart.
// After CSV_END or CSV_PROBLEM it answers the same again.
enum csv_step csv_next(struct csv *csv, struct import_problem *p);

// The record read last.
size_t     csv_count(const struct csv *csv);
struct str csv_field(const struct csv *csv, size_t index); // empty beyond csv_count
uint64_t   csv_line(const struct csv *csv);                // physical line of its beginning
size_t     csv_whole(const struct csv *csv); // fields, with the empty ones beyond the header

// What was wrong with that record and was got over, by a forgiving reader: PROBLEM_QUOTE_READ,
// PROBLEM_COLUMN_COUNT, PROBLEM_TRUNCATED (the last line of the file, without its end, has fewer
// columns); p then says where. PROBLEM_NONE when nothing was.
enum import_code csv_fault(const struct csv *csv, struct import_problem *p);

// Takes the record read last as header: its names are copied, trimmed of blanks.
void       csv_set_header(struct csv *csv);
void       csv_clear_header(struct csv *csv);
// Takes these names (copied) as header: records must have as many columns from now on.
void       csv_put_header(struct csv *csv, const struct str *names, size_t count);
size_t     csv_header_count(const struct csv *csv);
struct str csv_header(const struct csv *csv, size_t index);

// What was found.
char csv_separator(const struct csv *csv);
const char *csv_encoding_name(const struct csv *csv);
// True when the file was converted to UTF-8, whole or in part (PROBLEM_MIXED_READ); p then tells
// where the first character was.
bool csv_converted(const struct csv *csv, struct import_problem *p);
// True when bytes that are no text were got over; p then tells where the first was.
bool csv_cleared(const struct csv *csv, struct import_problem *p);
// True after CSV_END when the last line had no line end; p then tells which.
bool csv_unterminated(const struct csv *csv, struct import_problem *p);
// Bytes taken from the source until now.
uint64_t csv_bytes(const struct csv *csv);
