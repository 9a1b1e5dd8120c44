#include "import/table.h"

#include <stdlib.h>
#include <string.h>

#include "import/xlsx.h"

struct table {
    struct str           bytes;
    struct table_options options;
    size_t               at;    // of a text: bytes given to the reader
    char                *wide;  // a UTF-16 text as UTF-8
    struct csv          *csv;   // of a text
    struct xlsx         *xlsx;  // of a workbook
    struct str          *names; // copied
    size_t               count;
};

static ssize_t text_read(void *context, char *into, size_t most, struct import_problem *p)
{
    struct table *t = context;
    size_t        n = t->bytes.len - t->at;

    (void)p;
    n = n < most ? n : most;
    if (n) {
        memcpy(into, t->bytes.at + t->at, n);
    }
    t->at += n;
    return (ssize_t)n;
}

static size_t put_utf8(char *into, uint32_t c)
{
    if (c < 0x80) {
        into[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        into[0] = (char)(0xC0 | (c >> 6));
        into[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        into[0] = (char)(0xE0 | (c >> 12));
        into[1] = (char)(0x80 | ((c >> 6) & 0x3F));
        into[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    into[0] = (char)(0xF0 | (c >> 18));
    into[1] = (char)(0x80 | ((c >> 12) & 0x3F));
    into[2] = (char)(0x80 | ((c >> 6) & 0x3F));
    into[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

// What Excel calls "Texte Unicode": UTF-16 with its mark, of either end. False when a half of a
// pair stands alone or the last unit is cut.
static bool from_utf16(struct table *t)
{
    const unsigned char *s = (const unsigned char *)t->bytes.at;
    size_t               n = t->bytes.len / 2, len = 0;
    unsigned             high     = s[0] == 0xFE ? 0 : 1; // which byte of a unit is the high one
    bool                 is_right = t->bytes.len % 2 == 0;

    t->wide = memory_new(3 * n + 1);
    for (size_t i = 1; is_right && i < n; i++) {
        uint32_t c = (uint32_t)s[2 * i + high] << 8 | s[2 * i + 1 - high];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < n) {
            uint32_t low = (uint32_t)s[2 * i + 2 + high] << 8 | s[2 * i + 3 - high];
            is_right     = low >= 0xDC00 && low < 0xE000;
            c            = 0x10000 + ((c - 0xD800) << 10) + (low & 0x3FF);
            i++;
        } else if (c >= 0xD800 && c < 0xE000) {
            is_right = false;
        }
        len += is_right ? put_utf8(t->wide + len, c) : 0;
    }
    t->bytes = (struct str){ t->wide, len };
    return is_right;
}

static bool open_text(struct table *t, struct import_problem *p)
{
    struct csv_options options = {
        .separator = t->options.separator,
        .encoding  = t->wide ? CSV_UTF8 : t->options.encoding,
    };

    t->at  = 0;
    t->csv = csv_open((struct csv_source){ text_read, t }, options, p);
    return t->csv != NULL;
}

struct table *table_open(struct str bytes, const struct table_options *options,
                         struct import_problem *p)
{
    struct table *t = memory_zero(sizeof *t);
    bool          ok;

    t->bytes   = bytes;
    t->options = *options;
    if (xlsx_is(bytes)) {
        t->xlsx = xlsx_open(bytes, options->sheet, p);
        ok      = t->xlsx != NULL;
    } else {
        bool is_wide = bytes.len >= 4 && (memcmp(bytes.at, "\xFF\xFE", 2) == 0 ||
                                          memcmp(bytes.at, "\xFE\xFF", 2) == 0);
        ok           = true;
        if (is_wide && !from_utf16(t)) {
            import_problem_set(p, PROBLEM_UTF16, 1, STR("1"), STR(""));
            ok = false;
        }
        ok = ok && open_text(t, p);
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
        free(t->wide);
        free(t);
    }
}

bool table_rewind(struct table *t, struct import_problem *p)
{
    forget_names(t);
    if (t->xlsx) {
        return xlsx_rewind(t->xlsx, p);
    }
    csv_free(t->csv);
    t->csv = NULL;
    return open_text(t, p);
}

enum csv_step table_next(struct table *t, struct import_problem *p)
{
    return t->xlsx ? xlsx_next(t->xlsx, p) : csv_next(t->csv, p);
}

size_t table_count(const struct table *t)
{
    return t->xlsx ? xlsx_count(t->xlsx) : csv_count(t->csv);
}

struct str table_field(const struct table *t, size_t index)
{
    return t->xlsx ? xlsx_field(t->xlsx, index) : csv_field(t->csv, index);
}

uint64_t table_line(const struct table *t)
{
    return t->xlsx ? xlsx_line(t->xlsx) : csv_line(t->csv);
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
    return t->xlsx != NULL;
}

size_t table_sheets(const struct table *t)
{
    return t->xlsx ? xlsx_sheets(t->xlsx) : 0;
}

struct str table_sheet_name(const struct table *t, size_t index)
{
    return t->xlsx ? xlsx_sheet_name(t->xlsx, index) : STR("");
}

int table_sheet(const struct table *t)
{
    return t->xlsx ? xlsx_sheet(t->xlsx) : -1;
}

char table_separator(const struct table *t)
{
    return t->xlsx ? '\0' : csv_separator(t->csv);
}

struct str table_encoding(const struct table *t)
{
    if (t->xlsx) {
        return (struct str){ 0 };
    }
    if (t->wide) {
        return STR("UTF-16");
    }
    return csv_is_1252(t->csv) ? STR("Windows-1252") : STR("UTF-8");
}

bool table_converted(const struct table *t, struct import_problem *p)
{
    return !t->xlsx && csv_converted(t->csv, p);
}

bool table_unterminated(const struct table *t, struct import_problem *p)
{
    return !t->xlsx && csv_unterminated(t->csv, p);
}

uint64_t table_read(const struct table *t)
{
    return t->xlsx ? xlsx_read(t->xlsx) : csv_bytes(t->csv);
}

uint64_t table_size(const struct table *t)
{
    return t->xlsx ? xlsx_size(t->xlsx) : t->bytes.len;
}
