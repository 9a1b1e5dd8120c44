#include "import/ods.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "import/xlsx_private.h"

enum { CHUNK = 64 * 1024, STYLES = 256, BEGINNING = 16 * 1024 };

enum value { VALUE_TEXT, VALUE_NUMBER, VALUE_DATE, VALUE_BOOLEAN };

struct ods {
    XML_Parser   parser; // first: see xml_new
    struct grid *grid;
    int          wanted; // a sheet; -1: the first visible one; -2: the first one
    bool         is_taken; // the wanted sheet was read
    bool         in_sheet; // a sheet that is being read
    bool         is_full;
    size_t       tables; // depth of tables: one within a cell is no sheet
    size_t       others; // depth in what is no text of the cell: comments, drawings

    char  *hidden[STYLES]; // names of the styles of hidden sheets, ours
    size_t hidden_count;
    char  *style; // the style being read, ours

    // The row and the cell being read.
    size_t     row_times, cell_times, column; // column: of those that are declared
    bool       row_is_hidden, in_cell;
    enum value kind;
    size_t     paragraphs;
    struct buf text, value;
};

static size_t times_of(const char **attributes, const char *name, size_t most)
{
    const char *text = xml_attribute(attributes, name);
    size_t      n    = text ? (size_t)strtoul(text, NULL, 10) : 1;

    return n < 1 ? 1 : n > most ? most : n;
}

static char *copy(const char *text)
{
    size_t len = strlen(text);
    char  *at  = memory_new(len + 1);

    memcpy(at, text, len + 1);
    return at;
}

static bool is_hidden_style(const struct ods *o, const char *style)
{
    for (size_t i = 0; style && i < o->hidden_count; i++) {
        if (strcmp(o->hidden[i], style) == 0) {
            return true;
        }
    }
    return false;
}

static void sheet_start(struct ods *o, const char **attributes)
{
    const char  *name      = xml_attribute(attributes, "name");
    bool         is_hidden = is_hidden_style(o, xml_attribute(attributes, "style-name"));
    struct grid *g         = o->grid;

    if (!grid_add_sheet(g, str_of(name ? name : ""), is_hidden)) {
        return;
    }
    int number = (int)g->count - 1;
    // The first visible one that holds something: those before it were empty.
    o->in_sheet = o->wanted < 0 ? !o->is_taken && (o->wanted == -2 || !is_hidden)
                                : number == o->wanted;
    o->column   = 0;
    if (o->in_sheet) {
        grid_clear(g);
        g->sheet = number;
    }
}

static void sheet_end(struct ods *o)
{
    o->is_taken |= o->in_sheet && (o->wanted >= 0 || !grid_is_empty(o->grid));
    o->in_sheet = false;
}

static void cell_start(struct ods *o, const char **attributes)
{
    const char *type  = xml_attribute(attributes, "value-type");
    const char *value = xml_attribute(attributes, "value");

    o->in_cell    = true;
    o->paragraphs = 0;
    o->cell_times = times_of(attributes, "number-columns-repeated", CSV_COLUMN_MAX + 1);
    o->kind       = VALUE_TEXT;
    grid_merge(o->grid, times_of(attributes, "number-rows-spanned", GRID_ROWS));
    buf_clear(&o->text);
    buf_clear(&o->value);
    if (!type) {
        return;
    }
    if (strcmp(type, "float") == 0) {
        o->kind = VALUE_NUMBER;
    } else if (strcmp(type, "date") == 0) {
        o->kind = VALUE_DATE;
        value   = xml_attribute(attributes, "date-value");
    } else if (strcmp(type, "boolean") == 0) {
        o->kind = VALUE_BOOLEAN;
        value   = xml_attribute(attributes, "boolean-value");
    }
    buf_add(&o->value, str_of(value ? value : ""));
}

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
    }
    return text.len > 0;
}

// What the cell gives: its text, or its value where the text hides a part of it.
static struct str given(struct ods *o, char room[40])
{
    struct str text = str_trim(buf_str(&o->text)), value = buf_str(&o->value);
    double     number;

    if (!value.len) {
        return text;
    }
    switch (o->kind) {
    case VALUE_NUMBER:
        // 03000 has the zeros of its format; 4,18E+13 lacks digits.
        if (is_digits(text) || !str_double(value, &number) || !(fabs(number) < 1e15)) {
            return text;
        }
        if (number != floor(number)) {
            return value;
        }
        return (struct str){ room, (size_t)snprintf(room, 40, "%.0f", number == 0 ? 0.0 : number) };
    case VALUE_DATE:
        return number_date(value, room);
    case VALUE_BOOLEAN:
        return str_eq(value, STR("true")) ? STR("VRAI") : STR("FAUX");
    default:
        return text;
    }
}

static void cell_end(struct ods *o)
{
    char room[40];

    grid_cell(o->grid, given(o, room), o->cell_times);
    o->is_full |= buf_is_full(&o->text);
    o->in_cell = false;
}

static void row_end(struct ods *o)
{
    o->grid->hidden += o->grid->is_filled && o->row_is_hidden ? o->row_times : 0;
    grid_row(o->grid, o->row_times);
    o->is_full |= grid_is_full(o->grid);
    if (o->is_full) {
        XML_StopParser(o->parser, XML_FALSE);
    }
}

static bool is_unseen(const char **attributes)
{
    const char *seen = xml_attribute(attributes, "visibility");

    return seen && strcmp(seen, "visible") != 0;
}

static void columns_start(struct ods *o, const char **attributes)
{
    size_t times = times_of(attributes, "number-columns-repeated", CSV_COLUMN_MAX);

    if (is_unseen(attributes)) {
        grid_hide_columns(o->grid, o->column, times);
    }
    o->column += times;
}

static bool is_cell(const char *local)
{
    return strcmp(local, "table-cell") == 0 || strcmp(local, "covered-table-cell") == 0;
}

// What within a cell is not its text: a comment, a drawing, a table of its own, its reading aid.
static bool is_other(const char *local)
{
    return strcmp(local, "annotation") == 0 || strcmp(local, "frame") == 0 ||
           strcmp(local, "custom-shape") == 0 || strcmp(local, "ruby-text") == 0 ||
           strcmp(local, "table") == 0;
}

static void in_cell_start(struct ods *o, const char *local, const char **attributes)
{
    if (is_other(local)) {
        o->others++;
    } else if (o->others == 0 && strcmp(local, "p") == 0 && o->paragraphs++) {
        buf_add_char(&o->text, ' ');
    } else if (o->others == 0 && strcmp(local, "s") == 0) {
        for (size_t n = times_of(attributes, "c", 1024); n > 0; n--) {
            buf_add_char(&o->text, ' ');
        }
    } else if (o->others == 0 && (strcmp(local, "tab") == 0 || strcmp(local, "line-break") == 0)) {
        buf_add_char(&o->text, ' ');
    }
}

static void style_start(struct ods *o, const char *local, const char **attributes)
{
    if (strcmp(local, "style") == 0) {
        const char *name = xml_attribute(attributes, "name");
        free(o->style);
        o->style = name ? copy(name) : NULL;
    } else if (strcmp(local, "table-properties") == 0 && o->style) {
        const char *display = xml_attribute(attributes, "display");
        if (display && strcmp(display, "false") == 0 && o->hidden_count < STYLES) {
            o->hidden[o->hidden_count++] = o->style;
            o->style                     = NULL;
        }
    }
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct ods *o     = context;
    const char *local = xml_local(name);

    if (o->in_cell) {
        in_cell_start(o, local, attributes);
    } else if (strcmp(local, "table") == 0) {
        if (o->tables++ == 0) {
            sheet_start(o, attributes);
        }
    } else if (o->in_sheet && is_cell(local)) {
        cell_start(o, attributes);
    } else if (o->in_sheet && strcmp(local, "table-row") == 0) {
        o->row_times     = times_of(attributes, "number-rows-repeated", GRID_ROWS);
        o->row_is_hidden = is_unseen(attributes);
    } else if (o->in_sheet && strcmp(local, "table-column") == 0) {
        columns_start(o, attributes);
    } else if (!o->tables) {
        style_start(o, local, attributes);
    }
}

static void XMLCALL on_text(void *context, const XML_Char *text, int len)
{
    struct ods *o = context;

    if (o->in_cell && o->paragraphs && !o->others) {
        buf_add(&o->text, (struct str){ text, (size_t)len });
    }
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct ods *o     = context;
    const char *local = xml_local(name);

    if (o->is_full) {
        return;
    }
    if (o->in_cell && o->others) {
        o->others -= is_other(local);
    } else if (o->in_cell) {
        if (is_cell(local)) {
            cell_end(o);
        }
    } else if (o->in_sheet && strcmp(local, "table-row") == 0) {
        row_end(o);
    } else if (strcmp(local, "table") == 0 && o->tables && --o->tables == 0) {
        sheet_end(o);
    }
}

static struct ods *begin(int sheet)
{
    struct ods *o = memory_zero(sizeof *o);

    o->grid   = grid_new();
    o->wanted = sheet;
    o->text   = buf_init(4 * (size_t)CSV_FIELD_MAX);
    o->value  = buf_init(KIB(1));
    xml_new(o, on_start, on_end, on_text);
    return o;
}

static bool parse(struct ods *o, struct str piece, bool is_last, struct import_problem *p)
{
    if (XML_Parse(o->parser, piece.at, (int)piece.len, is_last) == XML_STATUS_OK) {
        return true;
    }
    import_problem_set(p, o->is_full ? PROBLEM_BOMB : PROBLEM_WORKBOOK, o->grid->rows, STR(""),
                       o->grid->count ? str_of(o->grid->names[o->grid->count - 1]) : STR(""));
    return false;
}

// The grid when all went well and there is something in it.
static struct grid *end(struct ods *o, bool ok, struct import_problem *p)
{
    struct grid *g = o->grid;

    if (ok && o->wanted >= 0 && (size_t)o->wanted >= g->count) {
        import_problem_set(p, PROBLEM_NO_SHEET, 0, STR(""), STR(""));
        ok = false;
    } else if (ok && grid_is_empty(g)) {
        import_problem_set(p, PROBLEM_EMPTY, 0, STR(""), STR(""));
        ok = false;
    }
    XML_ParserFree(o->parser);
    for (size_t i = 0; i < o->hidden_count; i++) {
        free(o->hidden[i]);
    }
    free(o->style);
    buf_done(&o->text);
    buf_done(&o->value);
    free(o);
    if (!ok) {
        grid_free(g);
        return NULL;
    }
    return g;
}

// Whether all that is left are the sheets that nobody sees.
static bool is_all_hidden(const struct grid *g, int sheet, const struct import_problem *p)
{
    return !g && sheet == -1 && p->code == PROBLEM_EMPTY;
}

struct grid *ods_read(struct str xml, int sheet, struct import_problem *p)
{
    struct ods  *o = begin(sheet);
    struct grid *g = end(o, parse(o, xml, true, p), p);

    return is_all_hidden(g, sheet, p) ? ods_read(xml, -2, p) : g;
}

bool ods_is_flat(struct str bytes)
{
    struct str beginning = str_sub(bytes, 0, BEGINNING);

    return str_find(str_sub(bytes, 0, 64), STR("<?xml")) < 64 &&
           str_find(beginning, STR("office:document ")) < beginning.len &&
           str_find(beginning, STR("opendocument.spreadsheet")) < beginning.len;
}

// The whole of a short entry; absent when it is missing or wrong.
static bool holds(const struct zip *zip, const char *name, struct str word)
{
    struct import_problem ignored;
    struct zip_entry     *e =
        zip_has(zip, str_of(name)) ? zip_entry_open(zip, str_of(name), &ignored) : NULL;
    struct buf text = buf_init(MIB(1));
    char       piece[4096];
    ssize_t    n = 0;

    while (e && (n = zip_read(e, piece, sizeof piece, &ignored)) > 0 && !buf_is_full(&text)) {
        buf_add(&text, (struct str){ piece, (size_t)n });
    }
    bool is_there = n == 0 && text.len && str_find(buf_str(&text), word) < text.len;
    buf_done(&text);
    zip_entry_free(e);
    return is_there;
}

bool ods_is(const struct zip *zip)
{
    return zip_has(zip, STR("content.xml")) &&
           holds(zip, "mimetype", STR("opendocument.spreadsheet"));
}

static struct grid *read_entry(const struct zip *zip, int sheet, struct import_problem *p)
{
    if (holds(zip, "META-INF/manifest.xml", STR("encryption-data"))) {
        import_problem_set(p, PROBLEM_PASSWORD, 0, STR(""), STR(""));
        return NULL;
    }
    struct zip_entry *e  = zip_entry_open(zip, STR("content.xml"), p);
    struct ods       *o  = e ? begin(sheet) : NULL;
    bool              ok = o != NULL;
    char              piece[CHUNK];

    while (ok) {
        ssize_t n = zip_read(e, piece, sizeof piece, p);
        ok        = n >= 0 && parse(o, (struct str){ piece, n > 0 ? (size_t)n : 0 }, n == 0, p);
        if (n == 0) {
            break;
        }
    }
    zip_entry_free(e);
    return o ? end(o, ok, p) : NULL;
}

struct grid *ods_open(const struct zip *zip, int sheet, struct import_problem *p)
{
    struct grid *g = read_entry(zip, sheet, p);

    return is_all_hidden(g, sheet, p) ? read_entry(zip, -2, p) : g;
}
