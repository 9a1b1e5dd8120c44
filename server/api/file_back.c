#include "api/file_back.h"

#include <jansson.h>

#include "api/book.h"
#include "api/file_text.h"
#include "base/log.h"
#include "base/vault.h"
#include "queries.h"

enum { TEXT_MOST = 256 << 20, CELLS_MAX = 600, OURS = 3 };

// Columns of file_back_lines.
enum { LINE, SEALED, SIRET, STATE, REASON };

struct back {
    struct req   *r;
    int64_t       file;
    bool          is_whole; // every line, with what was found; else those with a reason
    bool          is_1252;
    char          separator;
    size_t        columns; // of the file, without ours
    struct str    cells[CELLS_MAX + OURS];
    struct arena *arena; // of the line at hand
    struct buf    text;  // one of the two is written
    struct book  *book;
    size_t        lost; // lines that did not open
};

// --- cells --------------------------------------------------------------------------------------

// An array of texts as cells; false when it is none.
static bool read_cells(struct back *b, const json_t *list, size_t *ret_count)
{
    size_t count = json_array_size(list);

    count = count < CELLS_MAX ? count : CELLS_MAX;
    for (size_t i = 0; i < count; i++) {
        const json_t *cell = json_array_get(list, i);
        b->cells[i]        = json_is_string(cell)
                                 ? arena_str(b->arena, (struct str){ json_string_value(cell),
                                                                     json_string_length(cell) })
                                 : STR("");
    }
    *ret_count = count;
    return json_is_array(list);
}

// Brings the cells of a line to the width of the table and returns where ours begin. What stands
// beyond the header keeps its place.
static size_t widen(struct back *b, size_t count)
{
    for (; count < b->columns; count++) {
        b->cells[count] = STR("");
    }
    return count;
}

static bool must_quote(struct str text, char separator)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"' || c == '\r' || c == '\n' || c == separator) {
            return true;
        }
    }
    return text.len && (text.at[0] == ' ' || text.at[text.len - 1] == ' ');
}

static void put_text(struct back *b, struct str text)
{
    if (b->is_1252) {
        text_as_1252(&b->text, text);
    } else {
        buf_add(&b->text, text);
    }
}

static void put_cell(struct back *b, struct str text)
{
    if (!must_quote(text, b->separator)) {
        put_text(b, text);
        return;
    }
    buf_add_char(&b->text, '"');
    for (struct str part; str_cut(&text, '"', &part);) {
        put_text(b, part);
        buf_add(&b->text, text.at ? STR("\"\"") : STR(""));
    }
    buf_add_char(&b->text, '"');
}

static void put_line(struct back *b, size_t line, size_t count, enum book_look look)
{
    if (b->book) {
        book_row(b->book, line, b->cells, count, look);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (i) {
            buf_add_char(&b->text, b->separator);
        }
        put_cell(b, b->cells[i]);
    }
    buf_add(&b->text, STR("\r\n"));
}

// --- lines --------------------------------------------------------------------------------------

// Our columns: their titles, or nothing in them.
static size_t add_ours(struct back *b, size_t count, bool is_header)
{
    static const char *const titles[] = { "SIRET trouvé", "Rapprochement", "Motif" };

    for (size_t i = b->is_whole ? 0 : 2; i < LENGTH(titles); i++) {
        b->cells[count++] = str_of(is_header ? titles[i] : "");
    }
    return count;
}

// The header and the lines above it, as they came; the header alone where nothing else is known.
// *ret_row: the row of the workbook that the last of them took.
static bool put_above(struct back *b, const json_t *seen, struct str names, size_t *ret_row)
{
    const json_t *above  = json_object_get(seen, "above"), *row;
    json_int_t    header = json_integer_value(json_object_get(seen, "header"));
    size_t        i, count;

    json_array_foreach(above, i, row)
    {
        json_int_t line = json_integer_value(json_object_get(row, "line"));
        arena_reset(b->arena);
        if (read_cells(b, json_object_get(row, "cells"), &count)) {
            // The header gives the width: cells beyond it are none of the table.
            count    = widen(b, count < b->columns ? count : b->columns);
            count    = add_ours(b, count, line == header);
            *ret_row = line > (json_int_t)*ret_row ? (size_t)line : *ret_row + 1;
            put_line(b, *ret_row, count, line == header ? BOOK_HEAD : BOOK_PLAIN);
        }
    }
    if (json_array_size(above)) {
        return true;
    }
    json_t *list = json_loadb(names.at ? names.at : "", names.len, 0, NULL);
    arena_reset(b->arena);
    bool ok = read_cells(b, list, &count);
    json_decref(list);
    if (ok) {
        put_line(b, ++*ret_row, add_ours(b, count, true), BOOK_HEAD);
    }
    return ok;
}

// The cells of a line; none when it was erased or does not open.
static size_t open_line(struct back *b, const struct result *lines, int i)
{
    struct str sealed, text;
    size_t     count = 0;
    int64_t    line  = result_int(lines, i, LINE);

    if (result_is_null(lines, i, SEALED)) {
        return 0;
    }
    json_t *list = NULL;
    if (vault_from_hex(b->arena, result_text(lines, i, SEALED), &sealed) &&
        vault_open(b->arena, VAULT_LINE, vault_line(b->file, line), sealed, &text)) {
        list = json_loadb(text.at, text.len, 0, NULL);
    }
    if (!read_cells(b, list, &count)) {
        b->lost++;
        count = 0;
    }
    json_decref(list);
    return count;
}

static void put_lines(struct back *b, const struct result *lines, size_t row)
{
    for (int i = 0; i < result_count(lines); i++) {
        arena_reset(b->arena);
        size_t count = widen(b, open_line(b, lines, i));
        if (b->is_whole) {
            b->cells[count++] = result_text(lines, i, SIRET);
            b->cells[count++] = result_text(lines, i, STATE);
        }
        b->cells[count++] = result_text(lines, i, REASON);
        // Every line in the row it had; those left out leave no gap.
        size_t line = (size_t)result_int(lines, i, LINE);
        row         = b->is_whole && line > row ? line : row + 1;
        put_line(b, row, count, BOOK_PLAIN);
    }
    if (b->lost) {
        log_line(LOG_ERROR, "lines_unreadable", LOG_NUMBER("file", b->file),
                 LOG_NUMBER("lines", (int64_t)b->lost));
    }
}

// --- answers ------------------------------------------------------------------------------------

static struct str sheet_title(const json_t *seen)
{
    const json_t *name = json_array_get(json_object_get(seen, "sheets"),
                                        (size_t)json_integer_value(json_object_get(seen, "sheet")));

    return json_is_string(name) ? str_of(json_string_value(name)) : STR("Retour");
}

// What was seen of the file when it was read; NULL when it is erased or does not open.
static json_t *open_seen(struct back *b, const struct result *origin)
{
    struct str sealed, text;

    if (result_is_null(origin, 0, 3) ||
        !vault_from_hex(b->r->arena, result_text(origin, 0, 3), &sealed) ||
        !vault_open(b->r->arena, VAULT_LINE, vault_line(b->file, 0), sealed, &text)) {
        return NULL;
    }
    return json_loadb(text.at, text.len, 0, NULL);
}

static enum err answer(struct back *b, struct str name)
{
    const char *suffix = b->is_whole ? "retour" : "erreurs";
    const char *type = b->book ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                       : b->is_1252 ? "text/csv; charset=windows-1252"
                                    : "text/csv; charset=utf-8";

    reply_header(b->r, "Content-Disposition",
                 text_download(b->r->arena, name, suffix, b->book ? "xlsx" : "csv"));
    if (b->book) {
        bool is_whole = book_end(b->book, &b->text);
        b->book       = NULL;
        if (!is_whole) {
            return ERR_TOO_LARGE;
        }
    }
    return buf_is_full(&b->text) ? ERR_TOO_LARGE : reply_buf(b->r, 200, type, &b->text);
}

static enum err write_all(struct back *b, bool is_book)
{
    CLEANUP(result_done) struct result origin = file_origin(b->r->db, b->file);
    if (origin.err || result_count(&origin) == 0) {
        return origin.err ? origin.err : ERR_NOT_FOUND;
    }
    CLEANUP(result_done) struct result lines = file_back_lines(b->r->db, b->file, b->is_whole);
    if (lines.err) {
        return lines.err;
    }
    json_t    *seen  = open_seen(b, &origin);
    size_t     row   = 0;
    struct str names = result_text(&origin, 0, 4), separator = result_text(&origin, 0, 2);
    json_t    *list = json_loadb(names.at ? names.at : "", names.len, 0, NULL);

    b->columns   = json_array_size(list) < CELLS_MAX ? json_array_size(list) : CELLS_MAX;
    b->separator = separator.len ? separator.at[0] : ';';
    b->is_1252   = !is_book && str_eq(result_text(&origin, 0, 1), STR("Windows-1252"));
    b->book      = is_book ? book_new(sheet_title(seen), b->columns) : NULL;
    buf_add(&b->text, is_book || b->is_1252 ? STR("") : STR("\xEF\xBB\xBF"));
    json_decref(list);
    bool is_known = put_above(b, seen, names, &row);
    json_decref(seen);
    if (is_known) {
        put_lines(b, &lines, row);
    }
    return answer(b, result_text(&origin, 0, 0));
}

static enum err give_back(struct req *r, bool is_whole, bool is_book)
{
    struct back *b = ARENA_NEW(r->arena, struct back);

    b->r        = r;
    b->file     = path_id(r);
    b->is_whole = is_whole;
    b->arena    = arena_new();
    b->text     = buf_init(TEXT_MOST);
    enum err e  = write_all(b, is_book);
    if (b->book) {
        (void)!book_end(b->book, &b->text);
    }
    if (e) {
        buf_done(&b->text);
    }
    arena_free(b->arena);
    return e;
}

enum err file_errors_csv(struct req *r)
{
    return give_back(r, false, false);
}

enum err file_errors_xlsx(struct req *r)
{
    return give_back(r, false, true);
}

enum err file_return_csv(struct req *r)
{
    return give_back(r, true, false);
}

enum err file_return_xlsx(struct req *r)
{
    return give_back(r, true, true);
}
