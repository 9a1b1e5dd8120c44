#include "api/sheet.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/sheet_private.h"

// Columns of figures_cells.
enum { AREA, NAME, CODE, N, OUT_OF, VALUE, HIDDEN, TITLE, UNIT, COUNTED, PER, SENTENCE };

enum { LINES_MOST = 64 << 20, TITLE_MOST = 31, ROWS_MOST = 200000 };

enum err reply_lines(struct req *r, const char *name, struct result res)
{
    if (res.err) {
        enum err e = res.err;
        result_done(&res);
        return e;
    }
    struct buf text = buf_init(LINES_MOST);
    buf_add(&text, STR("\xEF\xBB\xBF"));
    for (int i = 0; i < result_count(&res); i++) {
        buf_add(&text, result_text(&res, i, 0));
        buf_add(&text, STR("\r\n"));
    }
    result_done(&res);
    if (buf_is_full(&text)) {
        buf_done(&text);
        return ERR_TOO_LARGE;
    }
    reply_header(r, "Content-Disposition",
                 arena_printf(r->arena, "attachment; filename=\"%s\"", name));
    return reply_buf(r, 200, "text/csv; charset=utf-8", &text);
}

static const char *text_of(struct req *r, const struct result *cells, int row, int column)
{
    return arena_text(r->arena, result_text(cells, row, column));
}

static struct sheet_formats formats_of(lxw_workbook *book)
{
    struct sheet_formats f = {
        .head    = workbook_add_format(book),
        .whole   = workbook_add_format(book),
        .count   = workbook_add_format(book),
        .percent = workbook_add_format(book),
        .decimal = workbook_add_format(book),
        .note    = workbook_add_format(book),
    };
    format_set_bold(f.head);
    format_set_text_wrap(f.head);
    format_set_align(f.head, LXW_ALIGN_VERTICAL_TOP);
    format_set_bold(f.whole);
    format_set_num_format(f.count, "#,##0");
    format_set_num_format(f.percent, "0.0%");
    format_set_num_format(f.decimal, "0.00");
    format_set_text_wrap(f.note);
    format_set_align(f.note, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

static void put_number(lxw_worksheet *sheet, uint32_t row, uint16_t column,
                       const struct result *cells, int cell, int from, lxw_format *format)
{
    if (result_bool(cells, cell, HIDDEN)) {
        worksheet_write_string(sheet, row, column, "masqué", NULL);
    } else if (!result_is_null(cells, cell, from)) {
        worksheet_write_number(sheet, row, column, result_double(cells, cell, from), format);
    }
}

// The columns an indicator takes: its value, and what it is a ratio of.
static uint16_t width_of(const struct result *cells, int cell)
{
    return result_is_null(cells, cell, PER) ? 1 : 3;
}

static void put_head(struct req *r, lxw_worksheet *sheet, uint16_t column,
                     const struct result *cells, int cell, const struct sheet_formats *f)
{
    struct str  unit  = result_text(cells, cell, UNIT);
    const char *more  = str_eq(unit, STR("percent")) ? " (%)"
                        : str_eq(unit, STR("days"))  ? " (jours)"
                                                     : "";
    struct str  title = result_text(cells, cell, TITLE);
    worksheet_write_string(sheet, 0, column,
                           arena_printf(r->arena, "%.*s%s", STR_ARG(title), more).at, f->head);
    if (width_of(cells, cell) == 3) {
        worksheet_write_string(sheet, 0, column + 1, text_of(r, cells, cell, COUNTED), f->head);
        worksheet_write_string(sheet, 0, column + 2, text_of(r, cells, cell, PER), f->head);
    }
}

static void put_table(struct req *r, lxw_worksheet *sheet, const struct result *cells,
                      const struct sheet_formats *f)
{
    uint32_t   row    = 0;
    uint16_t   column = 2;
    struct str area = { 0 }, name = { 0 };
    worksheet_write_string(sheet, 0, 0, "Code", f->head);
    worksheet_write_string(sheet, 0, 1, "Nom", f->head);
    for (int i = 0; i < result_count(cells) && row < ROWS_MOST; i++) {
        if (i == 0 || !str_eq(area, result_text(cells, i, AREA)) ||
            !str_eq(name, result_text(cells, i, NAME))) {
            area   = result_text(cells, i, AREA);
            name   = result_text(cells, i, NAME);
            column = 2;
            row++;
            worksheet_write_string(sheet, row, 0, text_of(r, cells, i, AREA), NULL);
            worksheet_write_string(sheet, row, 1, text_of(r, cells, i, NAME),
                                   area.len ? NULL : f->whole);
        }
        struct str unit = result_text(cells, i, UNIT);
        if (row == 1) {
            put_head(r, sheet, column, cells, i, f);
        }
        put_number(sheet, row, column, cells, i, VALUE,
                   str_eq(unit, STR("percent")) ? f->percent
                   : str_eq(unit, STR("count")) ? f->count
                                                : f->decimal);
        if (width_of(cells, i) == 3) {
            put_number(sheet, row, column + 1, cells, i, N, f->count);
            put_number(sheet, row, column + 2, cells, i, OUT_OF, f->count);
        }
        column += width_of(cells, i);
    }
    worksheet_set_column(sheet, 1, 1, 34, NULL);
    worksheet_set_column(sheet, 2, 60, 15, NULL);
    worksheet_freeze_panes(sheet, 1, 2);
}

// What the figures are an answer to, line by line.
static void put_question(struct req *r, lxw_workbook *book, const struct result *question,
                         const struct sheet_formats *f)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book, "Question");
    for (int i = 0; sheet && i < result_count(question); i++) {
        worksheet_write_string(sheet, (uint32_t)i, 0, text_of(r, question, i, 0), f->head);
        worksheet_write_string(sheet, (uint32_t)i, 1, text_of(r, question, i, 1), f->note);
    }
    if (sheet) {
        worksheet_set_column(sheet, 0, 0, 24, NULL);
        worksheet_set_column(sheet, 1, 1, 90, NULL);
    }
}

static const char *unit_words(struct str unit)
{
    static const struct {
        const char *unit, *words;
    } units[] = {
        { "percent", "%" },
        { "days", "jours" },
        { "per100", "pour 100" },
        { "ratio", "rapport" },
    };
    const char *words = "nombre";
    for (size_t i = 0; i < LENGTH(units); i++) {
        words = str_eq(unit, str_of(units[i].unit)) ? units[i].words : words;
    }
    return words;
}

// What each indicator of the first area means: unit, what is counted out of what, definition.
static void put_words(struct req *r, lxw_workbook *book, const struct result *cells,
                      const struct sheet_formats *f)
{
    static const struct {
        const char *title;
        double      width;
    } columns[] = {
        { "Indicateur", 40 }, { "Unité", 10 },       { "Ce qui est compté", 34 },
        { "Rapporté à", 34 }, { "Définition", 110 },
    };
    lxw_worksheet *sheet = workbook_add_worksheet(book, "Définitions");
    if (!sheet) {
        return;
    }
    for (size_t c = 0; c < LENGTH(columns); c++) {
        worksheet_write_string(sheet, 0, (uint16_t)c, columns[c].title, f->head);
        worksheet_set_column(sheet, (uint16_t)c, (uint16_t)c, columns[c].width, NULL);
    }
    for (int i = 0; i < result_count(cells); i++) {
        if (i > 0 && str_eq(result_text(cells, i, CODE), result_text(cells, 0, CODE))) {
            break;
        }
        uint32_t row = (uint32_t)i + 1;
        worksheet_write_string(sheet, row, 0, text_of(r, cells, i, TITLE), f->head);
        worksheet_write_string(sheet, row, 1, unit_words(result_text(cells, i, UNIT)), f->note);
        worksheet_write_string(sheet, row, 2, text_of(r, cells, i, COUNTED), f->note);
        if (!result_is_null(cells, i, PER)) {
            worksheet_write_string(sheet, row, 3, text_of(r, cells, i, PER), f->note);
        }
        worksheet_write_string(sheet, row, 4, text_of(r, cells, i, SENTENCE), f->note);
    }
    worksheet_freeze_panes(sheet, 1, 1);
}

const char *sheet_title(struct req *r, struct str title)
{
    struct buf clean = buf_init(256);
    size_t     count = 0;
    for (size_t at = 0; at < title.len; at++) {
        count += ((unsigned char)title.at[at] & 0xC0) != 0x80;
        if (count > TITLE_MOST) {
            break;
        }
        buf_add_char(&clean, strchr("[]:*?/\\'", title.at[at]) ? ' ' : title.at[at]);
    }
    const char *text = arena_text(r->arena, buf_str(&clean));
    buf_done(&clean);
    return text;
}

bool sheet_open(struct req *r, struct sheet_book *ret_book)
{
    ret_book->file  = memfd_create("workbook", MFD_CLOEXEC);
    struct str path = arena_printf(r->arena, "/proc/self/fd/%d", ret_book->file);
    ret_book->xlsx  = ret_book->file >= 0 ? workbook_new(path.at) : NULL;
    if (!ret_book->xlsx) {
        if (ret_book->file >= 0) {
            close(ret_book->file);
        }
        return false;
    }
    ret_book->f = formats_of(ret_book->xlsx);
    return true;
}

enum err sheet_reply(struct req *r, const char *name, struct sheet_book *book)
{
    struct stat about;
    if (workbook_close(book->xlsx) != LXW_NO_ERROR || fstat(book->file, &about)) {
        close(book->file);
        return ERR_UNAVAILABLE;
    }
    reply_header(r, "Content-Disposition",
                 arena_printf(r->arena, "attachment; filename=\"%s\"", name));
    return reply_file(r, 200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                      book->file, about.st_size);
}

enum err reply_workbook(struct req *r, const char *name, const struct result *cells,
                        const struct result *question)
{
    struct sheet_book book;
    if (!sheet_open(r, &book)) {
        return ERR_UNAVAILABLE;
    }
    lxw_worksheet *sheet = workbook_add_worksheet(book.xlsx, "Indicateurs");
    if (sheet) {
        put_table(r, sheet, cells, &book.f);
    }
    put_question(r, book.xlsx, question, &book.f);
    put_words(r, book.xlsx, cells, &book.f);
    return sheet_reply(r, name, &book);
}
