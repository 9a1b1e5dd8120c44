// What the parts of the CSV reader share: the text, decoded a chunk at a time (csv_text.c), records
// found in it (csv_scan.c), and what callers see (csv.c).
#pragma once

#include "import/csv.h"

enum {
    CHUNK   = 64 * 1024,     // bytes asked from the source at a time
    GROWN   = 3 * CHUNK + 8, // what a chunk may become in UTF-8, with the bytes carried over
    AT_ODDS = 4,             // longest UTF-8 sequence
};

enum encoding { ENCODING_ASCII, ENCODING_UTF8, ENCODING_OLD };

// A field while its record is being read: offsets from the record, which may move in memory.
struct span {
    uint32_t from;
    uint32_t len;
    bool     is_doubled; // holds "" still to be made "
};

// What is told once of the whole text: where it was first met.
struct once {
    size_t                at; // offset in text until its record is read, else SIZE_MAX
    bool                  is_told;
    struct import_problem problem;
};

struct csv {
    struct csv_source  source;
    struct csv_options options;
    char               separator;

    // Bytes read and decoded: text[record .. end[ is still to be given out.
    char    *text;
    size_t   cap;
    size_t   record;
    size_t   end;
    uint64_t taken;
    bool     at_end;

    enum encoding encoding;
    char          carry[AT_ODDS]; // a UTF-8 sequence cut by the end of a chunk
    size_t        carried;
    bool          is_refused; // what follows text[end] cannot be given: see refusal
    bool          is_broken;  // the source failed and said why in problem
    enum charset  charset;    // of ENCODING_OLD
    bool          is_mixed;   // UTF-8 with bytes of Windows-1252 in it
    struct once   converted;
    struct once   cleared; // bytes that are no text
    size_t        strange; // how many in this chunk

    enum import_code refusal;

    // The record read last.
    struct span      spans[CSV_COLUMN_MAX];
    struct str       fields[CSV_COLUMN_MAX];
    size_t           count;
    size_t           whole; // with the empty fields behind the header
    uint64_t         line;
    uint64_t         next_line;
    uint64_t         last_unterminated; // line of the last record when nothing ends it, or 0
    enum import_code fault;             // what was wrong with it and was got over
    uint64_t         fault_line;
    size_t           fault_column;

    struct str *header;
    size_t      header_count;

    enum csv_step         state;
    struct import_problem problem;

    char raw[CHUNK];
};

static inline struct str none(void)
{
    return (struct str){ .at = "", .len = 0 };
}

// Reads the first chunk, looks at its first bytes and decodes it. False with p filled.
bool csv_begin(struct csv *csv, struct import_problem *p) MUST_USE;
// Reads one chunk more behind text[end], moving or growing the text as needed. False at the end.
bool csv_fill(struct csv *csv);

// Reads one record, whatever its number of columns.
enum csv_step csv_read_record(struct csv *csv, struct import_problem *p);

// The name of a column as problems tell it; `number` is room for that of one without a name.
struct str csv_name_of(const struct csv *csv, size_t index, char *number, size_t size);
// Ends the reading with a problem.
enum csv_step csv_fail(struct csv *csv, struct import_problem *p, enum import_code code,
                       uint64_t line, size_t index, struct str value);
