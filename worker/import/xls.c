#include "import/xls.h"

#include <stdlib.h>
#include <string.h>

#include "import/ole.h"
#include "import/xls_private.h"

enum { ROWS = 65536, COLUMNS = 256 };

enum kind { KIND_NUMBER, KIND_TEXT, KIND_TRUTH, KIND_ERROR };

// Sheets name their cells in any order; they are put in order before they are written.
struct cell {
    uint16_t row, column, style;
    uint8_t  kind;
    uint8_t  code; // of a truth or an error
    union {
        double   number;
        uint32_t text;
    };
};

struct sheet_run {
    struct xls_book *book;
    struct grid     *grid;
    struct cell     *cells;
    size_t           count, cap;
    bool             is_hidden[ROWS];
    struct cell      waiting; // a formula whose text comes in a record of its own
    bool             is_waiting, is_done;
};

static bool add(struct sheet_run *s, struct cell cell)
{
    if (cell.column >= COLUMNS) {
        return false;
    }
    if (s->count == s->cap) {
        s->cap   = s->cap ? s->cap * 2 : 4096;
        s->cells = memory_resize(s->cells, s->cap * sizeof *s->cells);
    }
    s->cells[s->count++] = cell;
    return true;
}

// The place and style that most records of cells begin with.
static struct cell placed(const char *at, enum kind kind)
{
    return (struct cell){ .row    = (uint16_t)bytes_u16(at),
                          .column = (uint16_t)bytes_u16(at + 2),
                          .style  = (uint16_t)bytes_u16(at + 4),
                          .kind   = (uint8_t)kind };
}

// A number in four bytes: the upper ones of its eight, or a whole one, or a hundredth of it.
static double short_number(uint32_t bits)
{
    uint64_t wide = (uint64_t)(bits & ~UINT32_C(3)) << 32;
    double   value;

    if (bits & 2) {
        int32_t whole;
        memcpy(&whole, &bits, sizeof whole);
        value = (whole - (int32_t)(bits & 3)) / 4;
    } else {
        memcpy(&value, &wide, sizeof value);
    }
    return bits & 1 ? value / 100 : value;
}

static bool read_number(struct sheet_run *s, struct xls_record *r)
{
    struct cell cell = placed(r->rest.at, KIND_NUMBER);

    cell.number = bytes_double(r->rest.at + 6);
    return add(s, cell);
}

static bool read_short(struct sheet_run *s, struct xls_record *r)
{
    struct cell cell = placed(r->rest.at, KIND_NUMBER);

    cell.number = short_number(bytes_u32(r->rest.at + 6));
    return add(s, cell);
}

// Several short numbers of one row.
static bool read_numbers(struct sheet_run *s, struct xls_record *r)
{
    const char *at = r->rest.at;
    bool        ok = true;

    for (size_t i = 0; ok && 4 + 6 * (i + 1) + 2 <= r->rest.len; i++) {
        struct cell cell = { .row    = (uint16_t)bytes_u16(at),
                             .column = (uint16_t)(bytes_u16(at + 2) + i),
                             .style  = (uint16_t)bytes_u16(at + 4 + 6 * i),
                             .number = short_number(bytes_u32(at + 6 + 6 * i)) };
        ok               = add(s, cell);
    }
    return ok;
}

static bool read_shared(struct sheet_run *s, struct xls_record *r)
{
    struct cell cell = placed(r->rest.at, KIND_TEXT);

    cell.text = bytes_u32(r->rest.at + 6);
    return cell.text < s->book->count && add(s, cell);
}

// A text that comes with the record, and is kept behind the shared ones.
static bool add_own(struct sheet_run *s, struct cell cell, struct xls_record *r)
{
    cell.kind = KIND_TEXT;
    cell.text = (uint32_t)s->book->count;
    return xls_add_text(s->book, r, 2) && add(s, cell);
}

static bool read_text(struct sheet_run *s, struct xls_record *r)
{
    struct cell cell = placed(r->rest.at, KIND_TEXT);

    r->rest = str_sub(r->rest, 6, r->rest.len - 6);
    return add_own(s, cell, r);
}

static bool read_truth(struct sheet_run *s, struct xls_record *r)
{
    struct cell cell = placed(r->rest.at, r->rest.at[7] ? KIND_ERROR : KIND_TRUTH);

    cell.code = (uint8_t)r->rest.at[6];
    return add(s, cell);
}

// What a formula gave: a number, or where none can be, what else.
static bool read_formula(struct sheet_run *s, struct xls_record *r)
{
    enum { TEXT, TRUTH, ERROR };
    const char *result = r->rest.at + 6;
    struct cell cell   = placed(r->rest.at, KIND_NUMBER);

    if (bytes_u16(result + 6) != 0xFFFF) {
        cell.number = bytes_double(result);
        return add(s, cell);
    }
    if (result[0] == TRUTH || result[0] == ERROR) {
        cell.kind = result[0] == ERROR ? KIND_ERROR : KIND_TRUTH;
        cell.code = (uint8_t)result[2];
        return add(s, cell);
    }
    s->is_waiting = result[0] == TEXT;
    s->waiting    = cell;
    return true;
}

static bool read_result(struct sheet_run *s, struct xls_record *r)
{
    bool ok       = !s->is_waiting || add_own(s, s->waiting, r);
    s->is_waiting = false;
    return ok;
}

static bool read_row(struct sheet_run *s, struct xls_record *r)
{
    s->is_hidden[bytes_u16(r->rest.at)] = r->rest.at[12] & 0x20;
    return true;
}

static bool read_columns(struct sheet_run *s, struct xls_record *r)
{
    unsigned first = bytes_u16(r->rest.at), last = bytes_u16(r->rest.at + 2);

    if (r->rest.at[8] & 1 && last >= first) {
        grid_hide_columns(s->grid, first, last - first + (size_t)1);
    }
    return true;
}

// Ranges of merged cells: first and last row, first and last column.
static bool read_merges(struct sheet_run *s, struct xls_record *r)
{
    size_t count = bytes_u16(r->rest.at);

    for (size_t i = 0; i < count && 2 + 8 * (i + 1) <= r->rest.len; i++) {
        const char *at = r->rest.at + 2 + 8 * i;
        merges_add(&s->grid->merges, bytes_u16(at) + (uint64_t)1, bytes_u16(at + 2) + (uint64_t)1,
                   bytes_u16(at + 4));
    }
    return true;
}

static const struct {
    unsigned kind;
    size_t   least; // bytes of the record
    bool (*read)(struct sheet_run *s, struct xls_record *r);
} readers[] = {
    { XLS_FORMULA, 14, read_formula }, { XLS_NUMBERS, 12, read_numbers },
    { XLS_RICH_TEXT, 8, read_text },   { XLS_TEXT_OF, 10, read_shared },
    { XLS_NUMBER, 14, read_number },   { XLS_TEXT, 8, read_text },
    { XLS_TRUTH, 8, read_truth },      { XLS_RESULT, 2, read_result },
    { XLS_ROW, 16, read_row },         { XLS_SHORT, 10, read_short },
    { XLS_COLUMNS, 10, read_columns }, { XLS_MERGES, 2, read_merges },
};

static bool read_record(struct sheet_run *s, struct xls_record *r)
{
    for (size_t i = 0; i < LENGTH(readers); i++) {
        if (readers[i].kind == r->kind) {
            return r->rest.len >= readers[i].least && readers[i].read(s, r);
        }
    }
    return true;
}

// The records of a sheet, down to its end; those of charts within it are left aside.
static bool read_cells(struct sheet_run *s, struct xls_record *r)
{
    size_t depth = 0;

    while (xls_next(r)) {
        depth += r->kind == XLS_BOF;
        if (depth == 1 && !read_record(s, r)) {
            return false;
        }
        depth -= r->kind == XLS_EOF && depth;
        if (depth == 0) {
            return true;
        }
    }
    return false;
}

static bool is_before(const struct cell *a, const struct cell *b)
{
    return a->row < b->row || (a->row == b->row && a->column <= b->column);
}

// Sorts by one of the numbers of a cell, those of one number in the order they were in.
static void sort_by(struct sheet_run *s, bool is_by_row)
{
    size_t       range = is_by_row ? ROWS : COLUMNS;
    size_t      *from  = memory_zero((range + 1) * sizeof *from);
    struct cell *moved = memory_new(s->count * sizeof *moved);

    for (size_t i = 0; i < s->count; i++) {
        from[(is_by_row ? s->cells[i].row : s->cells[i].column) + (size_t)1]++;
    }
    for (size_t n = 1; n < range; n++) {
        from[n] += from[n - 1];
    }
    for (size_t i = 0; i < s->count; i++) {
        moved[from[is_by_row ? s->cells[i].row : s->cells[i].column]++] = s->cells[i];
    }
    free(from);
    free(s->cells);
    s->cells = moved;
    s->cap   = s->count;
}

static void put_in_order(struct sheet_run *s)
{
    size_t i = 1;

    while (i < s->count && is_before(&s->cells[i - 1], &s->cells[i])) {
        i++;
    }
    if (i < s->count) {
        sort_by(s, false);
        sort_by(s, true);
    }
}

static struct str shown(const struct sheet_run *s, const struct cell *cell, struct buf *room)
{
    static const struct {
        uint8_t    code;
        struct str text;
    } errors[] = {
        { 0x00, STR_INIT("#NULL!") }, { 0x07, STR_INIT("#DIV/0!") }, { 0x0F, STR_INIT("#VALUE!") },
        { 0x17, STR_INIT("#REF!") },  { 0x1D, STR_INIT("#NAME?") },  { 0x24, STR_INIT("#NUM!") },
    };

    switch (cell->kind) {
    case KIND_TEXT:
        return xls_text(s->book, cell->text);
    case KIND_TRUTH:
        return cell->code ? STR("VRAI") : STR("FAUX");
    case KIND_ERROR:
        for (size_t i = 0; i < LENGTH(errors); i++) {
            if (errors[i].code == cell->code) {
                return errors[i].text;
            }
        }
        return STR("#N/A");
    default:
        buf_clear(room);
        number_put(room, cell->number, xls_style(s->book, cell->style), s->book->is_1904);
        return buf_str(room);
    }
}

// Writes the cells, row after row. False when there is more than a grid holds.
static bool write_cells(struct sheet_run *s, struct grid *g)
{
    struct buf room = buf_init(KIB(1));
    size_t     row = 0, column = 0;

    put_in_order(s);
    for (size_t i = 0; i < s->count && !grid_is_full(g); i++) {
        const struct cell *cell = &s->cells[i];
        // Said twice: the last word counts.
        if (i + 1 < s->count && s->cells[i + 1].row == cell->row &&
            s->cells[i + 1].column == cell->column) {
            continue;
        }
        if (cell->row > row) {
            grid_row(g, cell->row - row);
            row    = cell->row;
            column = 0;
        }
        grid_cell(g, STR(""), cell->column - column);
        grid_cell(g, shown(s, cell, &room), 1);
        column       = cell->column + (size_t)1;
        bool is_last = i + 1 == s->count || s->cells[i + 1].row != cell->row;
        if (is_last) {
            g->hidden += g->is_filled && s->is_hidden[row];
            grid_row(g, 1);
            row++;
            column = 0;
        }
    }
    buf_done(&room);
    return !grid_is_full(g);
}

// Reads one sheet into the grid.
static bool read_sheet(struct xls_book *b, struct str stream, size_t n, struct grid *g,
                       struct import_problem *p)
{
    struct xls_record r = { .stream = stream, .at = b->sheets[n].from };
    struct sheet_run *s = memory_zero(sizeof *s);

    s->book = b;
    s->grid = g;
    grid_clear(g);
    g->sheet = (int)n;
    enum import_code code =
        r.at < stream.len && read_cells(s, &r) ? PROBLEM_NONE : PROBLEM_WORKBOOK;
    if (!code && !write_cells(s, g)) {
        code = PROBLEM_BOMB;
    }
    if (code) {
        import_problem_set(p, code, 0, STR(""), str_of(b->sheets[n].name));
    }
    free(s->cells);
    free(s);
    return !code;
}

struct grid *xls_read(struct str records, int sheet, struct import_problem *p)
{
    struct grid    *g = grid_new();
    struct xls_book b;
    bool            ok = xls_book_read(&b, records, p);

    for (size_t i = 0; ok && i < b.sheet_count; i++) {
        ok = grid_add_sheet(g, str_of(b.sheets[i].name), b.sheets[i].is_hidden);
    }
    if (ok && sheet >= 0) {
        ok = (size_t)sheet < b.sheet_count;
        if (!ok) {
            import_problem_set(p, PROBLEM_NO_SHEET, 0, STR(""), STR(""));
        }
        ok = ok && read_sheet(&b, records, (size_t)sheet, g, p);
    }
    // The first visible one that holds something, else the first hidden one.
    for (size_t i = 0; ok && sheet < 0 && i < 2 * b.sheet_count && grid_is_empty(g); i++) {
        size_t n = i % b.sheet_count;
        ok       = b.sheets[n].is_hidden != (i >= b.sheet_count) || read_sheet(&b, records, n, g, p);
    }
    if (ok && grid_is_empty(g)) {
        import_problem_set(p, PROBLEM_EMPTY, 0, STR(""), STR(""));
        ok = false;
    }
    xls_book_done(&b);
    if (!ok) {
        grid_free(g);
        return NULL;
    }
    return g;
}

// Records that no document holds: what other programs write, and Excel itself before 1993.
static bool is_bare(struct str bytes)
{
    return bytes.len > 8 && bytes.at[0] == 0x09 && memchr("\x00\x02\x04\x08", bytes.at[1], 4) &&
           bytes.at[2] >= 4 && bytes.at[2] <= 16 && bytes.at[3] == 0;
}

bool xls_is(struct str bytes)
{
    return ole_is(bytes) || is_bare(bytes);
}

// What else such a file may be, by a stream that it has.
static const struct {
    struct str       stream;
    enum import_code code;
    const char      *what;
} others[] = {
    { STR_INIT("EncryptedPackage"), PROBLEM_PASSWORD, "" },
    { STR_INIT("WordDocument"), PROBLEM_NOT_CSV, "document Word (.doc)" },
    { STR_INIT("PowerPoint Document"), PROBLEM_NOT_CSV, "présentation PowerPoint (.ppt)" },
    { STR_INIT("__properties_version1.0"), PROBLEM_NOT_CSV, "message Outlook (.msg)" },
};

// Says what the file is that has no workbook.
static void refuse(const struct ole *o, struct import_problem *p)
{
    import_problem_set(p, PROBLEM_NOT_CSV, 0, STR(""), STR("document Office d’avant 2007"));
    for (size_t i = 0; i < LENGTH(others); i++) {
        if (ole_has(o, others[i].stream)) {
            import_problem_set(p, others[i].code, 0, STR(""), str_of(others[i].what));
        }
    }
}

struct grid *xls_open(struct str bytes, int sheet, struct import_problem *p)
{
    if (is_bare(bytes)) {
        return xls_read(bytes, sheet, p);
    }
    struct ole *o   = ole_open(bytes, p);
    size_t      len = 0;
    if (!o) {
        return NULL;
    }
    struct str name    = ole_has(o, STR("Workbook")) ? STR("Workbook") : STR("Book");
    char      *records = NULL;
    if (ole_has(o, name)) {
        records = ole_stream(o, name, &len, p);
    } else {
        refuse(o, p);
    }
    struct grid *g = records ? xls_read((struct str){ records, len }, sheet, p) : NULL;
    free(records);
    ole_free(o);
    return g;
}
