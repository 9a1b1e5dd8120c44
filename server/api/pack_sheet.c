// The workbook of a committee pack: one sheet per indicator, so that each can be handed on alone;
// then the targets, the plans and what was said.
#include <stddef.h>

#include "api/pack.h"
#include "api/sheet_private.h"
#include "queries.h"

// Columns of pack_cells and pack_head.
enum { CODE, NAME, UNIT, COUNTED, PER, SENTENCE, PART, WHO, N, OUT_OF, VALUE, HIDDEN };
enum { TITLE, PLACE, PERIOD, HELD_ON, STATE };

enum { HEAD_ROW = 4 };

static const char *text_of(struct req *r, const struct result *rows, int row, int column)
{
    return arena_text(r->arena, result_text(rows, row, column));
}

static void put_figure(lxw_worksheet *sheet, uint32_t row, uint16_t column,
                       const struct result *cells, int cell, int from, lxw_format *format)
{
    if (result_bool(cells, cell, HIDDEN)) {
        worksheet_write_string(sheet, row, column, "masqué", NULL);
    } else if (!result_is_null(cells, cell, from)) {
        worksheet_write_number(sheet, row, column, result_double(cells, cell, from), format);
    }
}

static lxw_format *format_of(struct str unit, const struct sheet_formats *f)
{
    return str_eq(unit, STR("percent")) ? f->percent
           : str_eq(unit, STR("count")) ? f->count
                                        : f->decimal;
}

// What stands above the figures of an indicator: its name and meaning, the committee, the head of
// the table.
static void put_above(struct req *r, lxw_worksheet *sheet, const struct result *cells, int cell,
                      const struct result *about, const struct sheet_formats *f)
{
    struct str line = arena_printf(r->arena, "%s, %s, %s, comité du %s",
                                   text_of(r, about, 0, TITLE), text_of(r, about, 0, PLACE),
                                   text_of(r, about, 0, PERIOD), text_of(r, about, 0, HELD_ON));
    worksheet_write_string(sheet, 0, 0, text_of(r, cells, cell, NAME), f->whole);
    worksheet_write_string(sheet, 1, 0, text_of(r, cells, cell, SENTENCE), NULL);
    worksheet_write_string(sheet, 2, 0, line.at, NULL);
    worksheet_write_string(sheet, 3, 0, text_of(r, about, 0, STATE), NULL);
    worksheet_write_string(sheet, HEAD_ROW, 0, "Partie", f->head);
    worksheet_write_string(sheet, HEAD_ROW, 1, "Nom", f->head);
    worksheet_write_string(sheet, HEAD_ROW, 2, "Valeur", f->head);
    if (!result_is_null(cells, cell, PER)) {
        worksheet_write_string(sheet, HEAD_ROW, 3, text_of(r, cells, cell, COUNTED), f->head);
        worksheet_write_string(sheet, HEAD_ROW, 4, text_of(r, cells, cell, PER), f->head);
    }
    worksheet_set_column(sheet, 0, 0, 28, NULL);
    worksheet_set_column(sheet, 1, 1, 44, NULL);
    worksheet_set_column(sheet, 2, 4, 18, NULL);
    worksheet_freeze_panes(sheet, HEAD_ROW + 1, 0);
    worksheet_repeat_rows(sheet, HEAD_ROW, HEAD_ROW);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_paper(sheet, 9); // A4
}

// What a sheet bears for an indicator whose name is longer than a sheet may bear.
static struct str short_name(struct str code, struct str name)
{
    static const struct {
        const char *code, *name;
    } names[] = {
        { "white", "À potentiel non rencontrés" },
        { "white_share", "Part à potentiel non rencontrés" },
        { "filled_reserved", "Pourvues pendant réservation" },
    };
    for (size_t i = 0; i < LENGTH(names); i++) {
        name = str_eq(code, str_of(names[i].code)) ? str_of(names[i].name) : name;
    }
    return name;
}

static void put_indicators(struct req *r, struct sheet_book *book, const struct result *cells,
                           const struct result *about)
{
    lxw_worksheet *sheet = NULL;
    struct str     code  = { 0 };
    uint32_t       row   = 0;
    for (int i = 0; i < result_count(cells); i++) {
        if (i == 0 || !str_eq(code, result_text(cells, i, CODE))) {
            code  = result_text(cells, i, CODE);
            row   = HEAD_ROW;
            sheet = workbook_add_worksheet(
                book->xlsx, sheet_title(r, short_name(code, result_text(cells, i, NAME))));
            // Two names may begin alike: then the code says which.
            sheet = sheet ? sheet : workbook_add_worksheet(book->xlsx, arena_text(r->arena, code));
            if (sheet) {
                put_above(r, sheet, cells, i, about, &book->f);
            }
        }
        if (!sheet) {
            continue;
        }
        lxw_format *format = format_of(result_text(cells, i, UNIT), &book->f);
        row++;
        worksheet_write_string(sheet, row, 0, text_of(r, cells, i, PART), NULL);
        worksheet_write_string(sheet, row, 1, text_of(r, cells, i, WHO), NULL);
        put_figure(sheet, row, 2, cells, i, VALUE, format);
        if (!result_is_null(cells, i, PER)) {
            put_figure(sheet, row, 3, cells, i, N, book->f.count);
            put_figure(sheet, row, 4, cells, i, OUT_OF, book->f.count);
        }
    }
}

static void put_targets(struct req *r, struct sheet_book *book, const struct result *rows)
{
    static const char *const heads[] = { "Indicateur", "Pour",     "Périmètre", "Période",
                                         "État",       "Objectif", "Atteint" };
    enum { TEXTS = 5, UNIT_OF = 5, GOAL, REACHED, IS_HIDDEN };
    lxw_worksheet *sheet = workbook_add_worksheet(book->xlsx, "Objectifs");
    if (!sheet) {
        return;
    }
    for (size_t c = 0; c < LENGTH(heads); c++) {
        worksheet_write_string(sheet, 0, (uint16_t)c, heads[c], book->f.head);
    }
    for (int i = 0; i < result_count(rows); i++) {
        uint32_t    row    = (uint32_t)i + 1;
        lxw_format *format = format_of(result_text(rows, i, UNIT_OF), &book->f);
        for (uint16_t c = 0; c < TEXTS; c++) {
            worksheet_write_string(sheet, row, c, text_of(r, rows, i, c), NULL);
        }
        worksheet_write_number(sheet, row, TEXTS, result_double(rows, i, GOAL), format);
        if (result_bool(rows, i, IS_HIDDEN)) {
            worksheet_write_string(sheet, row, TEXTS + 1, "masqué", NULL);
        } else if (!result_is_null(rows, i, REACHED)) {
            worksheet_write_number(sheet, row, TEXTS + 1, result_double(rows, i, REACHED), format);
        }
    }
    worksheet_set_column(sheet, 0, 0, 44, NULL);
    worksheet_set_column(sheet, 1, 4, 26, NULL);
    worksheet_set_column(sheet, 5, 6, 16, NULL);
    worksheet_freeze_panes(sheet, 1, 1);
}

// What the sheet of plans has in its columns, and whether a cell without a number is one that
// nobody set, or one that is kept from the reader.
static const struct plan_column {
    const char *head;
    enum { TEXT, TOLD, SIGNED, SET } kind;
} plan_columns[] = {
    { "Plan", TEXT },
    { "Structure", TEXT },
    { "Engagements", TOLD },
    { "Tenus", TOLD },
    { "En retard", TOLD },
    { "Signatures données", SIGNED },
    { "Signatures demandées", SIGNED },
    { "Visites", TOLD },
    { "Visites, objectif", SET },
    { "Premiers contacts", TOLD },
    { "Premiers contacts, objectif", SET },
    { "Besoins", TOLD },
    { "Besoins, objectif", SET },
    { "Offres", TOLD },
    { "Offres, objectif", SET },
};

static void put_plans(struct req *r, struct sheet_book *book, const struct result *rows)
{
    enum { COLUMNS = LENGTH(plan_columns), TELLS_SIGNATURES = COLUMNS };
    lxw_worksheet *sheet = workbook_add_worksheet(book->xlsx, "Plans");
    for (uint16_t c = 0; sheet && c < COLUMNS; c++) {
        worksheet_write_string(sheet, 0, c, plan_columns[c].head, book->f.head);
    }
    for (int i = 0; sheet && i < result_count(rows); i++) {
        uint32_t row       = (uint32_t)i + 1;
        bool     is_told[] = {
                [TOLD] = true, [SIGNED] = result_bool(rows, i, TELLS_SIGNATURES), [SET] = false
        };
        for (uint16_t c = 0; c < COLUMNS; c++) {
            if (plan_columns[c].kind == TEXT) {
                worksheet_write_string(sheet, row, c, text_of(r, rows, i, c), NULL);
            } else if (!result_is_null(rows, i, c)) {
                worksheet_write_number(sheet, row, c, (double)result_int(rows, i, c),
                                       book->f.count);
            } else if (is_told[plan_columns[c].kind]) {
                worksheet_write_string(sheet, row, c, "masqué", NULL);
            }
        }
    }
    if (sheet) {
        worksheet_set_column(sheet, 0, 0, 44, NULL);
        worksheet_set_column(sheet, 1, COLUMNS - 1, 16, NULL);
        worksheet_freeze_panes(sheet, 1, 2);
    }
}

static void put_sayings(struct req *r, struct sheet_book *book, const struct result *rows)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->xlsx, "Commentaires");
    for (int i = 0; sheet && i < result_count(rows); i++) {
        worksheet_write_string(sheet, (uint32_t)i, 0, text_of(r, rows, i, 0), book->f.head);
        worksheet_write_string(sheet, (uint32_t)i, 1, text_of(r, rows, i, 1), book->f.note);
    }
    if (sheet) {
        worksheet_set_column(sheet, 0, 0, 24, NULL);
        worksheet_set_column(sheet, 1, 1, 110, NULL);
    }
}

enum err pack_workbook(struct req *r)
{
    CLEANUP(result_done) struct result about = pack_head(r->db, path_id(r));
    if (about.err || result_count(&about) == 0) {
        return about.err ? about.err : ERR_NOT_FOUND;
    }
    CLEANUP(result_done) struct result cells   = pack_cells(r->db, path_id(r));
    CLEANUP(result_done) struct result targets = pack_targets(r->db, path_id(r));
    CLEANUP(result_done) struct result plans   = pack_plan_rows(r->db, path_id(r));
    CLEANUP(result_done) struct result sayings = pack_sayings(r->db, path_id(r));
    enum err                           e       = cells.err     ? cells.err
                                                 : targets.err ? targets.err
                                                 : plans.err   ? plans.err
                                                               : sayings.err;
    if (e) {
        return e;
    }
    struct sheet_book book;
    if (!sheet_open(r, &book)) {
        return ERR_UNAVAILABLE;
    }
    put_indicators(r, &book, &cells, &about);
    put_targets(r, &book, &targets);
    put_plans(r, &book, &plans);
    put_sayings(r, &book, &sayings);
    return sheet_reply(r, text_of(r, &about, 0, 5), &book);
}
