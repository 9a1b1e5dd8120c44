#include "import/excel_xml.h"

#include <stdlib.h>
#include <string.h>

#include "import/xlsx_private.h"

enum { BEGINNING = 4096, ID_ROOM = 64, STYLES = 256 };

// A style whose numbers have leading zeros.
struct zeros {
    char                id[ID_ROOM];
    struct number_style style;
};

struct excel_xml {
    XML_Parser   parser; // first: see xml_new
    struct grid *grid;
    int          wanted; // a sheet; -1: the first visible one; -2: the first one
    bool         in_sheet, is_taken, is_full, is_wrong;

    char         style[ID_ROOM]; // the one being declared
    struct zeros styles[STYLES];
    size_t       style_count;

    // The row and the cell being read.
    size_t              column, below; // declared columns; rows like this one that follow it
    bool                row_is_hidden, in_row, in_cell, in_data, in_visible;
    size_t              asides; // depth in comments
    size_t              across; // cells that it covers beside its own
    char                type[16];
    struct number_style number;
    struct buf          text;
};

bool excel_xml_is(struct str bytes)
{
    struct str beginning = str_sub(bytes, 0, BEGINNING);

    return str_find(beginning, STR("Workbook")) < beginning.len &&
           str_find(beginning, STR("urn:schemas-microsoft-com:office:spreadsheet")) <
               beginning.len &&
           str_find(beginning, STR("<")) < 8;
}

// A count; `none` without the attribute.
static size_t count_of(const char **attributes, const char *name, size_t none, size_t most)
{
    const char *text = xml_attribute(attributes, name);
    size_t      n    = text ? (size_t)strtoul(text, NULL, 10) : none;

    return n < most ? n : most;
}

static bool is_true(const char *text)
{
    return text && strcmp(text, "1") == 0;
}

static void stop(struct excel_xml *x, bool is_full)
{
    x->is_full  = is_full;
    x->is_wrong = !is_full;
    XML_StopParser(x->parser, XML_FALSE);
}

static void keep_style(struct excel_xml *x, const char *format)
{
    struct number_style style = number_style_of(str_of(format ? format : ""));

    if (style.zeros > 1 && x->style_count < STYLES) {
        struct zeros *z = &x->styles[x->style_count++];
        memcpy(z->id, x->style, ID_ROOM);
        z->style = (struct number_style){ .zeros = style.zeros };
    }
}

static struct number_style style_of(const struct excel_xml *x, const char *id)
{
    for (size_t i = 0; id && i < x->style_count; i++) {
        if (strcmp(x->styles[i].id, id) == 0) {
            return x->styles[i].style;
        }
    }
    return (struct number_style){ 0 };
}

static void sheet_start(struct excel_xml *x, const char **attributes)
{
    const char *name = xml_attribute(attributes, "Name");

    if (!grid_add_sheet(x->grid, str_of(name ? name : ""), false)) {
        return;
    }
    int number  = (int)x->grid->count - 1;
    x->in_sheet = x->wanted < 0 ? !x->is_taken : number == x->wanted;
    x->column   = 0;
    if (x->in_sheet) {
        grid_clear(x->grid);
        x->grid->sheet = number;
    }
}

// Whether a sheet is hidden stands behind its rows.
static void sheet_end(struct excel_xml *x)
{
    struct grid *g = x->grid;

    if (x->in_sheet && x->wanted == -1 && g->is_hidden[g->count - 1]) {
        grid_clear(g);
    }
    x->is_taken |= x->in_sheet && (x->wanted >= 0 || !grid_is_empty(g));
    x->in_sheet = false;
}

static void columns_start(struct excel_xml *x, const char **attributes)
{
    size_t at    = count_of(attributes, "Index", x->column + 1, CSV_COLUMN_MAX) - 1;
    size_t count = 1 + count_of(attributes, "Span", 0, CSV_COLUMN_MAX);

    if (is_true(xml_attribute(attributes, "Hidden"))) {
        grid_hide_columns(x->grid, at, count);
    }
    x->column = at + count;
}

static void row_start(struct excel_xml *x, const char **attributes)
{
    size_t next = x->grid->rows + 1;
    size_t row  = count_of(attributes, "Index", next, GRID_ROWS);

    if (row < next) {
        stop(x, false);
        return;
    }
    grid_row(x->grid, row - next);
    x->in_row        = true;
    x->row_is_hidden = is_true(xml_attribute(attributes, "Hidden"));
    x->below         = count_of(attributes, "Span", 0, GRID_ROWS);
}

static void row_end(struct excel_xml *x)
{
    x->in_row = false;
    x->grid->hidden += x->grid->is_filled && x->row_is_hidden;
    grid_row(x->grid, 1);
    grid_row(x->grid, x->below);
    if (grid_is_full(x->grid) || buf_is_full(&x->text)) {
        stop(x, true);
    }
}

static void cell_start(struct excel_xml *x, const char **attributes)
{
    size_t next   = x->grid->cells + 1;
    size_t column = count_of(attributes, "Index", next, CSV_COLUMN_MAX + 1);

    if (column < next) {
        stop(x, false);
        return;
    }
    grid_cell(x->grid, STR(""), column - next);
    grid_merge(x->grid, 1 + count_of(attributes, "MergeDown", 0, GRID_ROWS));
    x->in_cell = true;
    x->across  = count_of(attributes, "MergeAcross", 0, CSV_COLUMN_MAX);
    x->number  = style_of(x, xml_attribute(attributes, "StyleID"));
    x->type[0] = '\0';
    buf_clear(&x->text);
}

static void cell_end(struct excel_xml *x)
{
    struct str text = str_trim(buf_str(&x->text));
    struct buf room = buf_init(KIB(1));
    char       date[20];
    double     number;

    if (strcmp(x->type, "Number") == 0 && str_double(text, &number)) {
        number_put(&room, number, x->number, false);
        text = buf_str(&room);
    } else if (strcmp(x->type, "DateTime") == 0) {
        text = number_date(text, date);
    } else if (strcmp(x->type, "Boolean") == 0) {
        text = str_eq(text, STR("1")) ? STR("VRAI") : STR("FAUX");
    }
    grid_cell(x->grid, text, 1);
    grid_cell(x->grid, STR(""), x->across);
    buf_done(&room);
    x->in_cell = false;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct excel_xml *x     = context;
    const char       *local = xml_local(name);

    if (x->in_cell) {
        x->asides += strcmp(local, "Comment") == 0;
        if (!x->asides && strcmp(local, "Data") == 0) {
            const char *type = xml_attribute(attributes, "Type");
            snprintf(x->type, sizeof x->type, "%s", type ? type : "");
            x->in_data = true;
        }
    } else if (strcmp(local, "Style") == 0) {
        const char *id = xml_attribute(attributes, "ID");
        snprintf(x->style, sizeof x->style, "%s", id ? id : "");
    } else if (strcmp(local, "NumberFormat") == 0) {
        keep_style(x, xml_attribute(attributes, "Format"));
    } else if (strcmp(local, "Worksheet") == 0) {
        sheet_start(x, attributes);
    } else if (strcmp(local, "Visible") == 0 && x->grid->count) {
        x->in_visible = true;
        buf_clear(&x->text);
    } else if (x->in_sheet && strcmp(local, "Column") == 0) {
        columns_start(x, attributes);
    } else if (x->in_sheet && !x->in_row && strcmp(local, "Row") == 0) {
        row_start(x, attributes);
    } else if (x->in_row && strcmp(local, "Cell") == 0) {
        cell_start(x, attributes);
    }
}

static void XMLCALL on_text(void *context, const XML_Char *text, int len)
{
    struct excel_xml *x = context;

    if ((x->in_data && !x->asides) || x->in_visible) {
        buf_add(&x->text, (struct str){ text, (size_t)len });
    }
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct excel_xml *x     = context;
    const char       *local = xml_local(name);

    if (x->is_full || x->is_wrong) {
        return; // an empty element ends although its start stopped the parser
    }
    if (x->in_visible) {
        // SheetHidden, SheetVeryHidden
        x->grid->is_hidden[x->grid->count - 1] = str_starts(buf_str(&x->text), STR("Sheet"));
        x->in_visible                          = false;
    } else if (x->asides) {
        x->asides -= strcmp(local, "Comment") == 0;
    } else if (x->in_data) {
        x->in_data = strcmp(local, "Data") != 0;
    } else if (x->in_cell && strcmp(local, "Cell") == 0) {
        cell_end(x);
    } else if (x->in_row && !x->in_cell && strcmp(local, "Row") == 0) {
        row_end(x);
    } else if (strcmp(local, "Worksheet") == 0) {
        sheet_end(x);
    }
}

static struct grid *read_sheet(struct str bytes, int sheet, struct import_problem *p)
{
    struct excel_xml *x = memory_zero(sizeof *x);
    struct grid      *g = grid_new();

    x->grid   = g;
    x->wanted = sheet;
    x->text   = buf_init(4 * (size_t)CSV_FIELD_MAX);
    xml_new(x, on_start, on_end, on_text);
    enum XML_Status status = XML_Parse(x->parser, bytes.at, (int)bytes.len, true);
    enum import_code code = status == XML_STATUS_OK ? PROBLEM_NONE
                            : x->is_full            ? PROBLEM_BOMB
                                                    : PROBLEM_WORKBOOK;
    if (!code && sheet >= 0 && (size_t)sheet >= g->count) {
        code = PROBLEM_NO_SHEET;
    } else if (!code && grid_is_empty(g)) {
        code = PROBLEM_EMPTY;
    }
    XML_ParserFree(x->parser);
    buf_done(&x->text);
    free(x);
    if (code) {
        bool is_damage = code == PROBLEM_WORKBOOK || code == PROBLEM_BOMB;
        import_problem_set(p, code, is_damage ? g->rows : 0, STR(""),
                           is_damage && g->count ? str_of(g->names[g->count - 1]) : STR(""));
        grid_free(g);
        return NULL;
    }
    return g;
}

struct grid *excel_xml_open(struct str bytes, int sheet, struct import_problem *p)
{
    struct grid *g = read_sheet(bytes, sheet, p);

    // All that is left are the sheets that nobody sees.
    return !g && sheet == -1 && p->code == PROBLEM_EMPTY ? read_sheet(bytes, -2, p) : g;
}
