// What the two halves of the reader of old workbooks share: records, texts and what is said of the
// workbook as a whole (xls_book.c), and the cells of a sheet (xls.c).
#pragma once

#include "base/buf.h"
#include "import/bytes.h"
#include "import/number.h"
#include "import/problem.h"

enum {
    XLS_SHEETS  = 255,
    XLS_FORMATS = 65536,
    XLS_STRINGS = 128 * 1024 * 1024, // bytes of texts
};

// Kinds of records.
enum {
    XLS_FORMULA   = 0x0006,
    XLS_EOF       = 0x000A,
    XLS_1904      = 0x0022,
    XLS_PASSWORD  = 0x002F,
    XLS_CONTINUE  = 0x003C,
    XLS_COLUMNS   = 0x007D,
    XLS_SHEET     = 0x0085,
    XLS_NUMBERS   = 0x00BD,
    XLS_RICH_TEXT = 0x00D6,
    XLS_STYLE     = 0x00E0,
    XLS_MERGES    = 0x00E5,
    XLS_SHARED    = 0x00FC,
    XLS_TEXT_OF   = 0x00FD,
    XLS_NUMBER    = 0x0203,
    XLS_TEXT      = 0x0204,
    XLS_TRUTH     = 0x0205,
    XLS_RESULT    = 0x0207, // the text that a formula gave
    XLS_ROW       = 0x0208,
    XLS_SHORT     = 0x027E, // a number in four bytes
    XLS_FORMAT    = 0x041E,
    XLS_BOF       = 0x0809,
};

// A record of the stream, and where the next one begins.
struct xls_record {
    struct str stream;
    size_t     at;
    unsigned   kind;
    struct str rest; // of its bytes, those not read yet
};

// The next record; false at the end of the stream, or when it is cut.
bool xls_next(struct xls_record *r) MUST_USE;

struct xls_sheet {
    char    *name; // ours
    uint32_t from; // where its records begin
    bool     is_hidden;
};

struct xls_book {
    bool                 is_old; // before Excel 97: texts are bytes of Windows-1252
    bool                 is_1904;
    struct xls_sheet     sheets[XLS_SHEETS];
    size_t               sheet_count;
    struct number_style *formats; // by their number
    uint16_t            *styles;  // the format of each style of cells
    size_t               style_count;
    // Texts one after the other: text i is from ends[i - 1] to ends[i].
    struct buf text;
    uint32_t  *ends;
    size_t     count, cap;
};

// Reads everything but the sheets. False with p filled.
bool xls_book_read(struct xls_book *b, struct str stream, struct import_problem *p) MUST_USE;
void xls_book_done(struct xls_book *b);

// Reads the text that begins at the rest of the record, whose length takes `bytes` of them (1 or
// 2); in a record that goes on, the next one is then the record. False when it is cut.
bool       xls_add_text(struct xls_book *b, struct xls_record *r, size_t bytes) MUST_USE;
struct str xls_text(const struct xls_book *b, size_t index);

struct number_style xls_style(const struct xls_book *b, size_t style);
