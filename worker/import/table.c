#include "import/table.h"

#include <stdlib.h>
#include <string.h>

#include "import/excel_xml.h"
#include "import/mend.h"
#include "import/ods.h"
#include "import/quoted_lines.h"
#include "import/unpack.h"
#include "import/webpage.h"
#include "import/xls.h"
#include "import/xlsx.h"

struct table {
    struct str           bytes;
    struct table_options options;
    size_t               at;    // of a text: bytes given to the reader
    char                *plain; // bytes that were unpacked
    char                *wide;  // a UTF-16 text as UTF-8
    char                *bare;  // a text without the quotes around its lines
    struct csv          *csv;   // of a text or a grid
    struct grid         *grid;  // of a workbook that is no XLSX
    struct zip          *zip;   // the archive that the grid is in, if any
    struct xlsx         *xlsx;  // of an XLSX workbook
    struct str          *names; // copied
    size_t               count;

    // The record read last.
    struct str fields[CSV_COLUMN_MAX];
    size_t     filled;

    bool                  has_mended, has_lost, has_filled;
    struct import_problem mended, lost, filled_down;
};

// Documents of one file that become a grid.
static const struct {
    bool (*is)(struct str bytes);
    struct grid *(*open)(struct str bytes, int sheet, struct import_problem *p);
} documents[] = {
    { xls_is, xls_open },
    { webpage_is, webpage_open },
    { excel_xml_is, excel_xml_open },
    { ods_is_flat, ods_read },
};

// Which of them the bytes are; LENGTH(documents) when none.
static size_t document_of(struct str bytes)
{
    size_t i = 0;

    while (i < LENGTH(documents) && !documents[i].is(bytes)) {
        i++;
    }
    return i;
}

static ssize_t text_read(void *context, char *into, size_t most, struct import_problem *p)
{
    struct table *t    = context;
    struct str    text = t->grid ? buf_str(&t->grid->text) : t->bytes;
    size_t        n    = text.len - t->at;

    (void)p;
    n = n < most ? n : most;
    if (n) {
        memcpy(into, text.at + t->at, n);
    }
    t->at += n;
    return (ssize_t)n;
}

static bool open_text(struct table *t, struct import_problem *p)
{
    struct csv_options options = {
        .separator = t->grid ? '\t' : t->options.separator,
        .encoding  = t->grid || t->wide ? CSV_UTF8 : t->options.encoding,
        .charset   = t->options.charset,
        .forgiving = true,
    };

    t->at  = 0;
    t->csv = csv_open((struct csv_source){ text_read, t }, options, p);
    return t->csv != NULL;
}

static bool open_grid(struct table *t, int sheet, struct import_problem *p)
{
    csv_free(t->csv);
    t->csv = NULL;
    grid_free(t->grid);
    t->grid = t->zip ? ods_open(t->zip, sheet, p)
                     : documents[document_of(t->bytes)].open(t->bytes, sheet, p);
    return t->grid && open_text(t, p);
}

static bool open_archive(struct table *t, struct import_problem *p)
{
    struct import_problem within = { 0 };
    size_t                len    = 0;

    t->zip = zip_open(t->bytes, UNPACK_MOST, p);
    if (!t->zip) {
        return false;
    }
    if (ods_is(t->zip)) {
        return open_grid(t, t->options.sheet, p);
    }
    if (!t->plain && !zip_has(t->zip, STR("[Content_Types].xml"))) {
        t->plain = unpack_zip(t->zip, unpack_tables, &len, &within);
    }
    if (within.code) {
        *p = within;
        return false;
    }
    zip_free(t->zip);
    t->zip = NULL;
    if (t->plain && len) {
        t->bytes = (struct str){ t->plain, len };
        return true;
    }
    t->xlsx = xlsx_open(t->bytes, t->options.sheet, p);
    return t->xlsx != NULL;
}

static bool open_plain(struct table *t, struct import_problem *p)
{
    size_t len = 0;

    // The records of the oldest workbooks look like UTF-16.
    if (!xls_is(t->bytes) && charset_is_utf16(t->bytes)) {
        t->wide = charset_from_utf16(t->bytes, &len);
        if (!t->wide) {
            import_problem_set(p, PROBLEM_UTF16, 1, STR("1"), STR(""));
            return false;
        }
        t->bytes = (struct str){ t->wide, len };
    }
    if (document_of(t->bytes) < LENGTH(documents)) {
        return open_grid(t, t->options.sheet, p);
    }
    if (quoted_lines_are(t->bytes)) {
        t->bare  = quoted_lines_undo(t->bytes, &len);
        t->bytes = (struct str){ t->bare, len };
    }
    return open_text(t, p);
}

struct table *table_open(struct str bytes, const struct table_options *options,
                         struct import_problem *p)
{
    struct table *t  = memory_zero(sizeof *t);
    bool          ok = true;

    t->bytes   = bytes;
    t->options = *options;
    if (unpack_is_gzip(bytes)) {
        size_t len = 0;
        t->plain   = unpack_gzip(bytes, &len, p);
        t->bytes   = (struct str){ t->plain, len };
        ok         = t->plain != NULL;
    }
    if (ok && xlsx_is(t->bytes)) {
        ok = open_archive(t, p);
    }
    // A table of text within the archive, or that never was in one.
    if (ok && !t->xlsx && !t->grid) {
        if (xlsx_is(t->bytes)) {
            t->xlsx = xlsx_open(t->bytes, t->options.sheet, p);
            ok      = t->xlsx != NULL;
        } else {
            ok = open_plain(t, p);
        }
    }
    if (!ok) {
        table_free(t);
        return NULL;
    }
    return t;
}

static void forget_names(struct table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        free((void *)(uintptr_t)t->names[i].at);
    }
    free(t->names);
    t->names = NULL;
    t->count = 0;
}

void table_free(struct table *t)
{
    if (t) {
        forget_names(t);
        csv_free(t->csv);
        xlsx_free(t->xlsx);
        grid_free(t->grid);
        zip_free(t->zip);
        free(t->bare);
        free(t->wide);
        free(t->plain);
        free(t);
    }
}

// The cells of the sheet that stand for several rows; NULL for a text.
static struct merges *merges_of(struct table *t)
{
    return t->xlsx ? xlsx_merges(t->xlsx) : t->grid ? &t->grid->merges : NULL;
}

static void begin_anew(struct table *t)
{
    forget_names(t);
    t->filled     = 0;
    t->has_mended = t->has_lost = t->has_filled = false;
    struct merges *m                            = merges_of(t);
    if (m) {
        merges_begin(m, UINT64_MAX);
    }
}

bool table_rewind(struct table *t, struct import_problem *p)
{
    begin_anew(t);
    if (t->xlsx) {
        return xlsx_rewind(t->xlsx, p);
    }
    csv_free(t->csv);
    t->csv = NULL;
    return open_text(t, p);
}

bool table_turn(struct table *t, int sheet, struct import_problem *p)
{
    begin_anew(t);
    if (t->xlsx) {
        return xlsx_turn(t->xlsx, (size_t)sheet, p);
    }
    return t->grid && open_grid(t, sheet, p);
}

// Takes over the fields of the record, with what was encoded twice put back.
static void take(struct table *t)
{
    t->filled = t->xlsx ? xlsx_count(t->xlsx) : csv_count(t->csv);
    for (size_t i = 0; i < t->filled; i++) {
        struct str field = t->xlsx ? xlsx_field(t->xlsx, i) : csv_field(t->csv, i);
        // The readers' memory, which is theirs to change; the empty string is not in it.
        t->fields[i] = field.len ? mend_text((char *)(uintptr_t)field.at, field.len) : field;
        if (t->fields[i].len < field.len && !t->has_mended) {
            t->has_mended = true;
            import_problem_set(&t->mended, PROBLEM_MENDED, table_line(t), STR(""), STR(""));
        }
        if (!t->has_lost && mend_is_lost(field)) {
            t->has_lost = true;
            import_problem_set(&t->lost, PROBLEM_LOST, table_line(t), STR(""), STR(""));
        }
    }
    struct merges *m         = merges_of(t);
    bool           is_filled = false;
    if (m) {
        t->filled = merges_fill(m, table_line(t), t->fields, t->filled, &is_filled);
    }
    if (is_filled && !t->has_filled) {
        t->has_filled = true;
        import_problem_set(&t->filled_down, PROBLEM_FILLED, table_line(t), STR(""), STR(""));
    }
}

void table_fill_down(struct table *t)
{
    struct merges *m = merges_of(t);

    if (t->xlsx) {
        xlsx_find_merges(t->xlsx);
    }
    if (m) {
        merges_begin(m, t->filled ? table_line(t) : 0);
    }
}

enum csv_step table_next(struct table *t, struct import_problem *p)
{
    enum csv_step step = t->xlsx ? xlsx_next(t->xlsx, p) : csv_next(t->csv, p);

    if (step == CSV_RECORD) {
        take(t);
    }
    return step;
}

size_t table_count(const struct table *t)
{
    return t->filled;
}

bool table_is_pushed(const struct table *t)
{
    return !table_is_workbook(t) && t->count && csv_whole(t->csv) > t->count &&
           t->filled == t->count;
}

struct str table_field(const struct table *t, size_t index)
{
    return index < t->filled ? t->fields[index] : STR("");
}

uint64_t table_line(const struct table *t)
{
    return t->xlsx ? xlsx_line(t->xlsx) : csv_line(t->csv);
}

enum import_code table_fault(const struct table *t, struct import_problem *p)
{
    return t->xlsx || t->grid ? PROBLEM_NONE : csv_fault(t->csv, p);
}

void table_set_header(struct table *t, const struct str *names, size_t count)
{
    forget_names(t);
    t->names = memory_zero((count ? count : 1) * sizeof *t->names);
    for (size_t i = 0; i < count; i++) {
        char *copy = memory_new(names[i].len + 1);
        if (names[i].len) {
            memcpy(copy, names[i].at, names[i].len);
        }
        copy[names[i].len] = '\0';
        t->names[i]        = (struct str){ copy, names[i].len };
    }
    t->count = count;
    if (t->csv) {
        csv_put_header(t->csv, names, count);
    }
}

size_t table_header_count(const struct table *t)
{
    return t->count;
}

struct str table_header(const struct table *t, size_t index)
{
    return index < t->count ? t->names[index] : STR("");
}

bool table_is_workbook(const struct table *t)
{
    return t->xlsx || t->grid;
}

size_t table_sheets(const struct table *t)
{
    return t->xlsx ? xlsx_sheets(t->xlsx) : t->grid ? t->grid->count : 0;
}

struct str table_sheet_name(const struct table *t, size_t index)
{
    if (t->grid) {
        return index < t->grid->count ? str_of(t->grid->names[index]) : STR("");
    }
    return t->xlsx ? xlsx_sheet_name(t->xlsx, index) : STR("");
}

bool table_sheet_is_hidden(const struct table *t, size_t index)
{
    if (t->grid) {
        return index < t->grid->count && t->grid->is_hidden[index];
    }
    return t->xlsx && xlsx_sheet_is_hidden(t->xlsx, index);
}

int table_sheet(const struct table *t)
{
    return t->xlsx ? xlsx_sheet(t->xlsx) : t->grid ? t->grid->sheet : -1;
}

char table_separator(const struct table *t)
{
    return table_is_workbook(t) ? '\0' : csv_separator(t->csv);
}

struct str table_encoding(const struct table *t)
{
    if (table_is_workbook(t)) {
        return (struct str){ 0 };
    }
    if (t->wide) {
        return STR("UTF-16");
    }
    return str_of(csv_encoding_name(t->csv));
}

bool table_converted(const struct table *t, struct import_problem *p)
{
    return !table_is_workbook(t) && csv_converted(t->csv, p);
}

bool table_unterminated(const struct table *t, struct import_problem *p)
{
    return !table_is_workbook(t) && csv_unterminated(t->csv, p);
}

bool table_mended(const struct table *t, struct import_problem *p)
{
    if (t->has_mended) {
        *p = t->mended;
    }
    return t->has_mended;
}

bool table_lost(const struct table *t, struct import_problem *p)
{
    if (t->has_lost) {
        *p = t->lost;
    }
    return t->has_lost;
}

bool table_cleared(const struct table *t, struct import_problem *p)
{
    return !table_is_workbook(t) && csv_cleared(t->csv, p);
}

bool table_unquoted(const struct table *t, struct import_problem *p)
{
    if (t->bare) {
        import_problem_set(p, PROBLEM_LINES_QUOTED, 1, STR(""), STR(""));
    }
    return t->bare != NULL;
}

bool table_filled(const struct table *t, struct import_problem *p)
{
    if (t->has_filled) {
        *p = t->filled_down;
    }
    return t->has_filled;
}

size_t table_hidden_columns(const struct table *t)
{
    const bool *is_hidden = t->xlsx   ? xlsx_hidden_columns(t->xlsx)
                            : t->grid ? t->grid->is_hidden_column
                                      : NULL;
    size_t      hidden    = 0;

    for (size_t i = 0; is_hidden && i < t->count; i++) {
        hidden += is_hidden[i];
    }
    return hidden;
}

uint64_t table_hidden(const struct table *t)
{
    return t->xlsx ? xlsx_hidden(t->xlsx) : t->grid ? t->grid->hidden : 0;
}

uint64_t table_read(const struct table *t)
{
    return t->xlsx ? xlsx_read(t->xlsx) : csv_bytes(t->csv);
}

uint64_t table_size(const struct table *t)
{
    return t->xlsx ? xlsx_size(t->xlsx) : t->grid ? t->grid->text.len : t->bytes.len;
}
