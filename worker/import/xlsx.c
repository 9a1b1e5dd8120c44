#include "import/xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "import/xlsx_private.h"

enum {
    ROWS_MAX  = 1048576,
    ROW_BYTES = 8 * 1024 * 1024, // of one row
    TAG_MAX   = 256, // of a merge
};

enum cell_kind { CELL_NUMBER, CELL_SHARED, CELL_INLINE, CELL_TEXT, CELL_BOOLEAN };

struct span {
    uint32_t from, len;
};

struct xlsx {
    XML_Parser        parser; // first: see xml_new
    struct zip       *zip;
    struct book       book;
    struct zip_entry *entry;
    size_t            sheet;
    bool              is_suspended, is_last;

    // The row being read, or read last.
    struct buf  text;
    struct span spans[CSV_COLUMN_MAX];
    size_t      count;
    uint64_t    row, hidden; // hidden: rows with something that the sheet does not show
    bool        is_filled, has_row, is_hidden;
    bool        is_hidden_column[CSV_COLUMN_MAX];

    struct merges merges;

    // The cell being read.
    size_t         column; // from 0
    enum cell_kind kind;
    size_t         style;
    struct buf     value;
    bool           is_value, in_cell;
    size_t         depth_phonetic;

    enum csv_step         state;
    struct import_problem problem;
};

bool xlsx_is(struct str bytes)
{
    return bytes.len >= 4 && memcmp(bytes.at, "PK\x03\x04", 4) == 0;
}

// "AB" for 27.
static struct str letters(size_t column, char room[8])
{
    size_t at = 8;

    for (size_t n = column + 1; n && at; n = (n - 1) / 26) {
        room[--at] = (char)('A' + (n - 1) % 26);
    }
    return (struct str){ room + at, 8 - at };
}

static void stop(struct xlsx *x, enum import_code code, struct str value)
{
    char room[8];

    import_problem_set(&x->problem, code, x->row, letters(x->column, room), value);
    x->state = CSV_PROBLEM;
    XML_StopParser(x->parser, XML_FALSE);
}

// The column of "AB12", or -1.
static int column_of(const char *reference)
{
    int column = 0;

    while (*reference >= 'A' && *reference <= 'Z' && column < 20000) {
        column = column * 26 + (*reference++ - 'A' + 1);
    }
    return column - 1;
}

static bool is_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static void row_start(struct xlsx *x, const char **attributes)
{
    const char *number = xml_attribute(attributes, "r");
    uint64_t    row    = number ? strtoull(number, NULL, 10) : x->row + 1;

    if (row <= x->row || row > ROWS_MAX) {
        stop(x, PROBLEM_WORKBOOK, str_of(x->book.sheets[x->sheet].name));
        return;
    }
    x->is_hidden = is_true(xml_attribute(attributes, "hidden"));
    x->row       = row;
    x->count     = 0;
    x->column    = 0;
    x->is_filled = false;
    buf_clear(&x->text);
}

static void cell_start(struct xlsx *x, const char **attributes)
{
    static const struct {
        const char    *type;
        enum cell_kind kind;
    } kinds[] = { { "s", CELL_SHARED }, { "inlineStr", CELL_INLINE }, { "str", CELL_TEXT },
                  { "d", CELL_TEXT },   { "e", CELL_TEXT },           { "b", CELL_BOOLEAN } };
    const char *reference = xml_attribute(attributes, "r"), *type = xml_attribute(attributes, "t"),
               *style = xml_attribute(attributes, "s");
    int column        = reference ? column_of(reference) : (int)x->column;

    x->in_cell = true;
    x->kind    = CELL_NUMBER;
    for (size_t i = 0; type && i < LENGTH(kinds); i++) {
        if (strcmp(type, kinds[i].type) == 0) {
            x->kind = kinds[i].kind;
        }
    }
    x->style = style ? (size_t)strtoul(style, NULL, 10) : 0;
    buf_clear(&x->value);
    if (column < (int)x->column) {
        stop(x, PROBLEM_WORKBOOK, str_of(x->book.sheets[x->sheet].name));
        return;
    }
    x->column = (size_t)column;
}

// Columns from one to another that look alike, counted from 1.
static void columns_start(struct xlsx *x, const char **attributes)
{
    const char *min = xml_attribute(attributes, "min"), *max = xml_attribute(attributes, "max");
    size_t      first = min ? (size_t)strtoul(min, NULL, 10) : 0;
    size_t      last  = max ? (size_t)strtoul(max, NULL, 10) : 0;

    for (size_t i = first; is_true(xml_attribute(attributes, "hidden")) && i >= 1 && i <= last &&
                           i <= CSV_COLUMN_MAX;
         i++) {
        x->is_hidden_column[i - 1] = true;
    }
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct xlsx *x     = context;
    const char  *local = xml_local(name);

    if (strcmp(local, "c") == 0) {
        cell_start(x, attributes);
    } else if (strcmp(local, "row") == 0) {
        row_start(x, attributes);
    } else if (strcmp(local, "rPh") == 0) {
        x->depth_phonetic++;
    } else if (x->in_cell) {
        x->is_value = !x->depth_phonetic && strcmp(local, x->kind == CELL_INLINE ? "t" : "v") == 0;
    } else if (strcmp(local, "col") == 0) {
        columns_start(x, attributes);
    }
}

static void XMLCALL on_text(void *context, const XML_Char *text, int len)
{
    struct xlsx *x = context;

    if (x->is_value) {
        buf_add(&x->value, (struct str){ text, (size_t)len });
    }
}

static void put_number(struct xlsx *x, struct str text)
{
    struct number_style style = { 0 };
    double              value;

    if (x->style < x->book.style_count) {
        style = x->book.styles[x->style];
    }
    if (!str_double(text, &value)) {
        buf_add(&x->text, text);
    } else {
        number_put(&x->text, value, style, x->book.is_1904);
    }
}

static void put_value(struct xlsx *x)
{
    struct str text = buf_str(&x->value);
    int64_t    index;

    switch (x->kind) {
    case CELL_SHARED:
        if (!str_int(str_trim(text), &index) || index < 0 ||
            (uint64_t)index >= x->book.strings.count) {
            stop(x, PROBLEM_WORKBOOK, str_of(x->book.sheets[x->sheet].name));
            return;
        }
        buf_add(&x->text, strings_at(&x->book.strings, (size_t)index));
        break;
    case CELL_INLINE:
    case CELL_TEXT:
        xml_unescape(&x->text, text);
        break;
    case CELL_BOOLEAN:
        buf_add(&x->text, str_eq(str_trim(text), STR("1")) ? STR("VRAI") : STR("FAUX"));
        break;
    case CELL_NUMBER:
        put_number(x, str_trim(text));
        break;
    }
}

static void cell_end(struct xlsx *x)
{
    size_t from = x->text.len;

    x->in_cell  = false;
    x->is_value = false;
    if (x->value.len) {
        if (x->column >= CSV_COLUMN_MAX) {
            stop(x, PROBLEM_TOO_MANY, str_of(x->book.sheets[x->sheet].name));
            return;
        }
        put_value(x);
        size_t len = x->text.len - from;
        if (len > CSV_FIELD_MAX || buf_is_full(&x->text) || buf_is_full(&x->value)) {
            stop(x, PROBLEM_FIELD_TOO_LONG, str_of(x->book.sheets[x->sheet].name));
            return;
        }
        if (len) {
            memset(x->spans + x->count, 0, (x->column - x->count) * sizeof *x->spans);
            x->spans[x->column] = (struct span){ (uint32_t)from, (uint32_t)len };
            x->count            = x->column + 1;
            x->is_filled |= !str_is_empty(str_trim(str_sub(buf_str(&x->text), from, len)));
        }
    }
    x->column++;
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct xlsx *x     = context;
    const char  *local = xml_local(name);

    if (x->state == CSV_PROBLEM) {
        return; // an empty element ends although its start stopped the parser
    }
    if (strcmp(local, "c") == 0) {
        cell_end(x);
    } else if (strcmp(local, "row") == 0) {
        if (x->is_filled) {
            x->has_row = true;
            x->hidden += x->is_hidden;
            XML_StopParser(x->parser, XML_TRUE);
        }
    } else if (strcmp(local, "rPh") == 0) {
        x->depth_phonetic -= x->depth_phonetic > 0;
    } else {
        x->is_value = false;
    }
}

static void leave_sheet(struct xlsx *x)
{
    if (x->parser) {
        XML_ParserFree(x->parser);
        x->parser = NULL;
    }
    zip_entry_free(x->entry);
    x->entry = NULL;
}

bool xlsx_rewind(struct xlsx *x, struct import_problem *p)
{
    leave_sheet(x);
    x->row          = 0;
    x->hidden       = 0;
    x->count        = 0;
    x->column       = 0;
    x->is_suspended = x->is_last = x->in_cell = x->is_value = x->has_row = x->is_filled = false;
    x->depth_phonetic                                                                   = 0;
    memset(x->is_hidden_column, 0, sizeof x->is_hidden_column);
    x->state = CSV_RECORD;
    x->entry = zip_entry_open(x->zip, str_of(x->book.sheets[x->sheet].path), p);
    if (!x->entry) {
        return false;
    }
    xml_new(x, on_start, on_end, on_text);
    return true;
}

static enum csv_step fail(struct xlsx *x, struct import_problem *p)
{
    x->state = CSV_PROBLEM;
    *p       = x->problem;
    return CSV_PROBLEM;
}

// Parses a piece more. False at the end and on a problem.
static bool go_on(struct xlsx *x)
{
    enum XML_Status status;
    char            room[8];

    if (x->is_suspended) {
        status = XML_ResumeParser(x->parser);
    } else {
        void   *into = XML_GetBuffer(x->parser, XLSX_CHUNK);
        ssize_t n    = into ? zip_read(x->entry, into, XLSX_CHUNK, &x->problem) : 0;
        if (!into) {
            DIE("out of memory");
        }
        if (n < 0) {
            x->problem.line = x->row;
            x->state        = CSV_PROBLEM;
            return false;
        }
        x->is_last = n == 0;
        status     = XML_ParseBuffer(x->parser, (int)n, n == 0);
    }
    x->is_suspended = status == XML_STATUS_SUSPENDED;
    if (status == XML_STATUS_ERROR) {
        if (x->state != CSV_PROBLEM) {
            import_problem_set(&x->problem, PROBLEM_WORKBOOK, x->row, letters(x->column, room),
                               str_of(x->book.sheets[x->sheet].name));
            x->state = CSV_PROBLEM;
        }
        return false;
    }
    return x->is_suspended || !x->is_last;
}

enum csv_step xlsx_next(struct xlsx *x, struct import_problem *p)
{
    if (x->state != CSV_RECORD) {
        return x->state == CSV_PROBLEM ? fail(x, p) : x->state;
    }
    x->has_row = false;
    while (!x->has_row) {
        if (!go_on(x) && !x->has_row) {
            if (x->state == CSV_PROBLEM) {
                return fail(x, p);
            }
            x->state = CSV_END;
            return CSV_END;
        }
    }
    return CSV_RECORD;
}

// Goes to the first visible sheet that holds something. A sheet may be long and empty: all that is
// read meanwhile counts.
static bool find_sheet(struct xlsx *x, struct import_problem *p)
{
    uint64_t spent  = 0;
    bool     is_any = false;

    for (int hidden = 0; hidden < 2; hidden++) {
        for (x->sheet = 0; x->sheet < x->book.count; x->sheet++) {
            const struct sheet *sheet = &x->book.sheets[x->sheet];
            if (sheet->is_hidden != (hidden == 1) || !sheet->path) {
                continue;
            }
            is_any = true;
            if (!xlsx_rewind(x, p)) {
                return false;
            }
            enum csv_step step = xlsx_next(x, p);
            if (step == CSV_PROBLEM) {
                return false;
            }
            if (step == CSV_RECORD) {
                return xlsx_rewind(x, p);
            }
            spent += zip_given(x->entry);
            if (spent > XLSX_MOST) {
                import_problem_set(p, PROBLEM_BOMB, 0, STR(""), STR(""));
                return false;
            }
        }
    }
    import_problem_set(p, is_any ? PROBLEM_EMPTY : PROBLEM_NO_SHEET, 0, STR(""), STR(""));
    return false;
}

struct xlsx *xlsx_open(struct str bytes, int sheet, struct import_problem *p)
{
    struct xlsx *x = memory_zero(sizeof *x);
    bool         ok;

    x->text  = buf_init(ROW_BYTES);
    x->value = buf_init(4 * (size_t)CSV_FIELD_MAX);
    x->zip   = zip_open(bytes, XLSX_MOST, p);
    ok       = x->zip && book_read(&x->book, x->zip, p);
    if (ok && sheet >= 0) {
        x->sheet = (size_t)sheet;
        if (x->sheet >= x->book.count || !x->book.sheets[x->sheet].path) {
            import_problem_set(p, PROBLEM_NO_SHEET, 0, STR(""), STR(""));
            ok = false;
        }
        ok = ok && xlsx_rewind(x, p);
    } else if (ok) {
        ok = find_sheet(x, p);
    }
    if (!ok) {
        xlsx_free(x);
        return NULL;
    }
    return x;
}

void xlsx_free(struct xlsx *x)
{
    if (x) {
        leave_sheet(x);
        book_done(&x->book);
        zip_free(x->zip);
        merges_clear(&x->merges);
        buf_done(&x->text);
        buf_done(&x->value);
        free(x);
    }
}

size_t xlsx_count(const struct xlsx *x)
{
    return x->count;
}

struct str xlsx_field(const struct xlsx *x, size_t index)
{
    return index < x->count && x->spans[index].len
               ? str_sub(buf_str(&x->text), x->spans[index].from, x->spans[index].len)
               : STR("");
}

uint64_t xlsx_line(const struct xlsx *x)
{
    return x->row;
}

size_t xlsx_sheets(const struct xlsx *x)
{
    return x->book.count;
}

struct str xlsx_sheet_name(const struct xlsx *x, size_t index)
{
    return index < x->book.count ? str_of(x->book.sheets[index].name) : STR("");
}

bool xlsx_sheet_is_hidden(const struct xlsx *x, size_t index)
{
    return index < x->book.count && x->book.sheets[index].is_hidden;
}

bool xlsx_turn(struct xlsx *x, size_t sheet, struct import_problem *p)
{
    if (sheet >= x->book.count || !x->book.sheets[sheet].path) {
        import_problem_set(p, PROBLEM_NO_SHEET, 0, STR(""), STR(""));
        return false;
    }
    x->sheet = sheet;
    return xlsx_rewind(x, p);
}

uint64_t xlsx_hidden(const struct xlsx *x)
{
    return x->hidden;
}

const bool *xlsx_hidden_columns(const struct xlsx *x)
{
    return x->is_hidden_column;
}

struct merges *xlsx_merges(struct xlsx *x)
{
    return &x->merges;
}

// A range such as A2:B5.
static void add_merge(struct merges *m, const char *range)
{
    const char *end = strchr(range, ':');
    int         column = column_of(range);

    if (end && column >= 0) {
        uint64_t first = strtoull(range + strspn(range, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), NULL, 10);
        end++;
        uint64_t last = strtoull(end + strspn(end, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), NULL, 10);
        merges_add(m, first, last, (size_t)column);
    }
}

// Finds merges in a piece of the sheet; returns where what may be the beginning of one more is. Only
// these tags are looked for, among rows that are read elsewhere: it takes no parser.
static size_t find_merges(struct merges *m, struct str piece)
{
    const struct str word = STR("mergeCell ");
    size_t           at   = 0;

    for (;;) {
        size_t n = at + str_find(str_sub(piece, at, piece.len - at), word);
        if (n == piece.len) {
            return at + word.len < piece.len ? piece.len - word.len : at;
        }
        const char *end = memchr(piece.at + n, '>', piece.len - n);
        if (!end) {
            return n;
        }
        struct str tag = str_sub(piece, n, (size_t)(end - piece.at) - n);
        size_t     ref = str_find(tag, STR("ref="));
        if (ref + 5 < tag.len && tag.len < TAG_MAX) {
            char range[TAG_MAX];
            memcpy(range, tag.at + ref + 5, tag.len - ref - 5);
            range[tag.len - ref - 5] = '\0';
            add_merge(m, range);
        }
        at = n + tag.len;
    }
}

void xlsx_find_merges(struct xlsx *x)
{
    struct import_problem ignored; // what is wrong with the sheet is told when its rows are read
    struct zip_entry     *e    = zip_entry_open(x->zip, str_of(x->book.sheets[x->sheet].path), &ignored);
    char                 *room = memory_new(TAG_MAX + XLSX_CHUNK);
    size_t                kept = 0;
    ssize_t               n    = 0;

    merges_clear(&x->merges);
    while (e && (n = zip_read(e, room + kept, XLSX_CHUNK, &ignored)) > 0) {
        size_t len  = kept + (size_t)n;
        size_t from = find_merges(&x->merges, (struct str){ room, len });
        kept        = len - from < TAG_MAX ? len - from : 0;
        memmove(room, room + len - kept, kept);
    }
    free(room);
    zip_entry_free(e);
}

int xlsx_sheet(const struct xlsx *x)
{
    return (int)x->sheet;
}

uint64_t xlsx_read(const struct xlsx *x)
{
    return x->entry ? zip_given(x->entry) : 0;
}

uint64_t xlsx_size(const struct xlsx *x)
{
    return x->entry ? zip_size(x->entry) : 0;
}
