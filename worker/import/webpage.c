#include "import/webpage.h"

#include <stdlib.h>
#include <string.h>

#include "import/charset.h"

enum {
    BEGINNING    = 64 * 1024,
    NAME_MAX_LEN = 24,
    SPANS_MAX    = 1000,
    DEPTH_MAX    = 32,   // of tables in tables
    TABLES_MAX   = 4096, // looked at for tables in them
};

struct webpage {
    struct grid *grid;
    int          wanted;
    size_t       tables; // depth, layout tables apart
    // Tables that only lay out the page around the one that holds the data, in the order they begin.
    bool   is_layout[TABLES_MAX];
    size_t begun;
    // Those that are open, and which of them are such.
    size_t depth;
    bool   is_open_layout[DEPTH_MAX];
    bool         in_sheet, is_taken, in_row, in_cell;
    struct buf   text;
    struct str   number; // x:num of the cell
    size_t       spans;  // columns of the cell
    size_t       column;
    uint16_t     held[CSV_COLUMN_MAX]; // rows below that the cell of this column still covers
    uint16_t     rows;                 // of the cell
};

// One tag: its name in small letters, what stands in it, whether it closes.
struct tag {
    char       name[NAME_MAX_LEN];
    struct str inside;
    bool       is_end;
};

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins(struct str text, size_t at, const char *with)
{
    for (size_t i = 0; with[i]; i++) {
        if (at + i >= text.len || small(text.at[at + i]) != with[i]) {
            return false;
        }
    }
    return true;
}

// The position of a word, from a position on; text.len when there is none.
static size_t find(struct str text, size_t from, const char *word)
{
    for (size_t i = from; i < text.len; i++) {
        if (small(text.at[i]) == word[0] && begins(text, i, word)) {
            return i;
        }
    }
    return text.len;
}

bool webpage_is(struct str bytes)
{
    static const char *const first[] = { "<!doctype html", "<html",  "<table", "<meta", "<head",
                                         "<body",          "<style", "<div",   "<!--",  "<center" };
    size_t                   at      = 0;
    bool                     is_page = false;

    if (str_starts(bytes, STR("\xEF\xBB\xBF"))) {
        at = 3;
    }
    while (at < bytes.len && strchr(" \t\r\n", bytes.at[at])) {
        at++;
    }
    // What Excel itself writes may begin as XML does.
    struct str beginning = str_sub(bytes, 0, BEGINNING);
    if (begins(bytes, at, "<?xml") && find(beginning, at, "<html") < beginning.len) {
        is_page = true;
    }
    for (size_t i = 0; i < LENGTH(first); i++) {
        is_page |= begins(bytes, at, first[i]);
    }
    return is_page && find(bytes, at, "<table") < bytes.len;
}

// Reads the tag that begins at text[at], which is '<'; returns the position behind it.
static size_t read_tag(struct str text, size_t at, struct tag *ret)
{
    size_t n     = 0;
    char   quote = '\0';

    at++;
    ret->is_end = at < text.len && text.at[at] == '/';
    at += ret->is_end;
    while (at < text.len && n + 1 < NAME_MAX_LEN &&
           ((small(text.at[at]) >= 'a' && small(text.at[at]) <= 'z') ||
            (text.at[at] >= '0' && text.at[at] <= '9') || text.at[at] == ':')) {
        ret->name[n++] = small(text.at[at++]);
    }
    ret->name[n] = '\0';
    size_t from  = at;
    while (at < text.len && (quote || text.at[at] != '>')) {
        char c = text.at[at++];
        quote  = quote == c ? '\0' : !quote && (c == '"' || c == '\'') ? c : quote;
    }
    ret->inside = str_sub(text, from, at - from);
    return at < text.len ? at + 1 : at;
}

// The value of an attribute; absent when the tag has none.
static struct str attribute(const struct tag *tag, const char *name)
{
    struct str text = tag->inside;
    size_t     len  = strlen(name);

    for (size_t at = find(text, 0, name); at < text.len; at = find(text, at + 1, name)) {
        size_t i = at + len;
        if (at == 0 || !strchr(" \t\r\n", text.at[at - 1]) || i >= text.len || text.at[i] != '=') {
            continue;
        }
        i++;
        char   quote = i < text.len && strchr("\"'", text.at[i]) ? text.at[i++] : '\0';
        size_t end   = i;
        while (end < text.len &&
               (quote ? text.at[end] != quote : !strchr(" \t\r\n/", text.at[end]))) {
            end++;
        }
        return str_sub(text, i, end - i);
    }
    return (struct str){ 0 };
}

static size_t span_of(const struct tag *tag, const char *name)
{
    int64_t n = 1;

    return str_int(str_trim(attribute(tag, name)), &n) && n >= 1 && n <= SPANS_MAX ? (size_t)n : 1;
}

// Entities of French text; the others stay as they are written.
static const struct {
    const char *name;
    uint32_t    code;
} entities[] = {
    { "amp", '&' },      { "lt", '<' },       { "gt", '>' },       { "quot", '"' },
    { "apos", '\'' },    { "nbsp", ' ' },     { "eacute", 0xE9 },  { "Eacute", 0xC9 },
    { "egrave", 0xE8 },  { "Egrave", 0xC8 },  { "ecirc", 0xEA },   { "Ecirc", 0xCA },
    { "euml", 0xEB },    { "Euml", 0xCB },    { "agrave", 0xE0 },  { "Agrave", 0xC0 },
    { "acirc", 0xE2 },   { "Acirc", 0xC2 },   { "ccedil", 0xE7 },  { "Ccedil", 0xC7 },
    { "icirc", 0xEE },   { "Icirc", 0xCE },   { "iuml", 0xEF },    { "Iuml", 0xCF },
    { "ocirc", 0xF4 },   { "Ocirc", 0xD4 },   { "ouml", 0xF6 },    { "Ouml", 0xD6 },
    { "ugrave", 0xF9 },  { "Ugrave", 0xD9 },  { "ucirc", 0xFB },   { "Ucirc", 0xDB },
    { "uuml", 0xFC },    { "Uuml", 0xDC },    { "oelig", 0x153 },  { "OElig", 0x152 },
    { "aelig", 0xE6 },   { "AElig", 0xC6 },   { "deg", 0xB0 },     { "laquo", 0xAB },
    { "raquo", 0xBB },   { "rsquo", 0x2019 }, { "lsquo", 0x2018 }, { "ldquo", 0x201C },
    { "rdquo", 0x201D }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "hellip", 0x2026 },
    { "euro", 0x20AC },  { "middot", 0xB7 },  { "ordm", 0xBA },    { "sup2", 0xB2 },
};

// The code of a number such as #233 or #xE9; 0 when it is none.
static uint32_t number_of(struct str name)
{
    bool     is_hex = name.len > 2 && small(name.at[1]) == 'x';
    uint32_t code   = 0;

    for (size_t i = is_hex ? 2 : 1; i < name.len; i++) {
        char     c     = small(name.at[i]);
        uint32_t digit = c >= '0' && c <= '9'             ? (uint32_t)(c - '0')
                         : is_hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                                                          : 99;
        code = digit > 15 || code > 0x10FFFF ? 0x110000 : code * (is_hex ? 16 : 10) + digit;
    }
    bool is_right =
        name.len > 1 && code >= 0x20 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    return is_right ? code : 0;
}

// Adds the entity at text[at], which is '&'; returns the position behind it.
static size_t add_entity(struct buf *into, struct str text, size_t at)
{
    size_t   end = at + 1;
    char     room[4];
    uint32_t code = 0;

    while (end < text.len && end - at < 10 && !strchr("; <&\n", text.at[end])) {
        end++;
    }
    struct str name = str_sub(text, at + 1, end - at - 1);
    if (name.len && name.at[0] == '#') {
        code = number_of(name);
    }
    for (size_t i = 0; name.len && !code && i < LENGTH(entities); i++) {
        code = str_eq(name, str_of(entities[i].name)) ? entities[i].code : 0;
    }
    if (!code) {
        buf_add_char(into, '&');
        return at + 1;
    }
    buf_add(into, (struct str){ room, charset_put(room, code == 0xA0 ? ' ' : code) });
    return end < text.len && text.at[end] == ';' ? end + 1 : end;
}

// Blanks, tabs and line ends of a page are one blank.
static void add_blank(struct buf *into)
{
    if (into->len && into->at[into->len - 1] != ' ') {
        buf_add_char(into, ' ');
    }
}

static void put(struct webpage *w, struct str text, size_t count, uint16_t rows)
{
    for (size_t n = 0; n < count; n++) {
        if (w->column < CSV_COLUMN_MAX) {
            w->held[w->column] = rows;
        }
        w->column++;
        grid_cell(w->grid, n ? STR("") : text, 1);
    }
}

// Places that cells of the rows above cover.
static void skip_held(struct webpage *w)
{
    while (w->column < CSV_COLUMN_MAX && w->held[w->column]) {
        w->held[w->column++]--;
        grid_cell(w->grid, STR(""), 1);
    }
}

static void cell_end(struct webpage *w)
{
    struct str text = str_trim(buf_str(&w->text));
    double     number;

    if (!w->in_cell) {
        return;
    }
    // A number that is shown rounded.
    bool is_rounded = str_index(text, '+') < text.len || str_index(text, 'E') < text.len;
    if (w->number.len && is_rounded && str_double(w->number, &number)) {
        text = w->number;
    }
    grid_merge(w->grid, w->rows);
    put(w, text, w->spans, (uint16_t)(w->rows - 1));
    w->in_cell = false;
}

static void row_end(struct webpage *w)
{
    cell_end(w);
    if (w->in_row) {
        skip_held(w);
        grid_row(w->grid, 1);
    }
    w->in_row = false;
}

static void table_start(struct webpage *w)
{
    char name[24];
    bool is_layout = w->begun < TABLES_MAX && w->depth < DEPTH_MAX && w->is_layout[w->begun];

    w->begun++;
    if (w->depth < DEPTH_MAX) {
        w->is_open_layout[w->depth] = is_layout;
    }
    w->depth++;
    if (is_layout || w->tables++) {
        return;
    }
    snprintf(name, sizeof name, "Tableau %zu", w->grid->count + 1);
    if (!grid_add_sheet(w->grid, str_of(name), false)) {
        return;
    }
    int number  = (int)w->grid->count - 1;
    w->in_sheet = w->wanted < 0 ? !w->is_taken : number == w->wanted;
    if (w->in_sheet) {
        grid_clear(w->grid);
        memset(w->held, 0, sizeof w->held);
        w->grid->sheet = number;
    }
}

static void table_end(struct webpage *w)
{
    bool is_layout = false;

    if (w->depth) {
        w->depth--;
        is_layout = w->depth < DEPTH_MAX && w->is_open_layout[w->depth];
    }
    if (is_layout || w->tables == 0 || --w->tables) {
        return;
    }
    if (w->in_sheet) {
        row_end(w);
        w->is_taken |= w->wanted >= 0 || !grid_is_empty(w->grid);
    }
    w->in_sheet = false;
}

static void cell_start(struct webpage *w, const struct tag *tag)
{
    cell_end(w);
    if (!w->in_row) {
        w->in_row = true;
        w->column = 0;
    }
    skip_held(w);
    w->in_cell = true;
    w->spans   = span_of(tag, "colspan");
    w->rows    = (uint16_t)span_of(tag, "rowspan");
    w->number  = attribute(tag, "x:num");
    buf_clear(&w->text);
}

static void take_tag(struct webpage *w, const struct tag *tag)
{
    bool is_cell = strcmp(tag->name, "td") == 0 || strcmp(tag->name, "th") == 0;
    bool is_row  = strcmp(tag->name, "tr") == 0;

    if (strcmp(tag->name, "table") == 0) {
        if (tag->is_end) {
            table_end(w);
        } else {
            table_start(w);
        }
    } else if (!w->in_sheet) {
        return;
    } else if (w->tables > 1 || (!is_cell && !is_row)) {
        // Line ends and what is set apart by the page.
        if (is_cell || is_row || strcmp(tag->name, "br") == 0 || strcmp(tag->name, "p") == 0 ||
            strcmp(tag->name, "div") == 0 || strcmp(tag->name, "li") == 0) {
            add_blank(&w->text);
        }
    } else if (is_cell && tag->is_end) {
        cell_end(w);
    } else if (is_cell) {
        cell_start(w, tag);
    } else {
        row_end(w);
        w->in_row = !tag->is_end;
        w->column = 0;
    }
}

// Comments, scripts and styles are nothing of the table; returns the position behind, or at.
static size_t skip_aside(struct str text, size_t at)
{
    static const char *const aside[][2] = { { "<!--", "-->" },
                                            { "<script", "</script" },
                                            { "<style", "</style" } };

    for (size_t i = 0; i < LENGTH(aside); i++) {
        if (begins(text, at, aside[i][0])) {
            size_t end = find(text, at + 4, aside[i][1]);
            return end < text.len ? end + (i == 0 ? 3 : 2) : text.len;
        }
    }
    return at;
}

// Tells the tables that lay out the page from those that hold something: one within them has more
// rows than they have, of several cells.
static void find_layout(struct webpage *w, struct str text)
{
    struct open {
        size_t index, rows, cells, inner; // inner: rows of the longest table of data within
    } open[DEPTH_MAX];
    size_t depth = 0, begun = 0;

    for (size_t at = 0; at < text.len;) {
        struct tag tag;
        size_t     behind = skip_aside(text, at);
        if (text.at[at] != '<' || behind > at) {
            at = behind > at ? behind : at + 1;
            continue;
        }
        at               = read_tag(text, at, &tag);
        struct open *top = depth && depth <= DEPTH_MAX ? &open[depth - 1] : NULL;
        if (strcmp(tag.name, "table") != 0) {
            if (top && !tag.is_end) {
                top->rows += strcmp(tag.name, "tr") == 0;
                top->cells += strcmp(tag.name, "td") == 0 || strcmp(tag.name, "th") == 0;
            }
        } else if (!tag.is_end) {
            if (depth < DEPTH_MAX) {
                open[depth] = (struct open){ .index = begun };
            }
            depth++;
            begun++;
        } else if (depth) {
            depth--;
            if (top && top->index < TABLES_MAX && top->inner > top->rows) {
                w->is_layout[top->index] = true;
            }
            if (top && depth) {
                bool   is_data = top->rows > 1 && top->cells > top->rows;
                size_t rows    = is_data && top->rows > top->inner ? top->rows : top->inner;
                struct open *around = &open[depth - 1];
                around->inner       = around->inner > rows ? around->inner : rows;
            }
        }
    }
}

static void read_all(struct webpage *w, struct str text)
{
    for (size_t at = 0; at < text.len && !grid_is_full(w->grid);) {
        char c = text.at[at];
        if (c == '<') {
            struct tag tag;
            size_t     behind = skip_aside(text, at);
            if (behind > at) {
                at = behind;
                continue;
            }
            at = read_tag(text, at, &tag);
            take_tag(w, &tag);
        } else if (!w->in_cell) {
            at++;
        } else if (c == '&') {
            at = add_entity(&w->text, text, at);
        } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
            add_blank(&w->text);
            at++;
        } else {
            buf_add_char(&w->text, c);
            at++;
        }
    }
    // A page that is cut ends its table.
    w->tables = w->tables ? 1 : 0;
    w->depth  = 0;
    table_end(w);
}

struct grid *webpage_open(struct str bytes, int sheet, struct import_problem *p)
{
    struct webpage *w     = memory_zero(sizeof *w);
    struct buf      plain = buf_init(3 * (size_t)GRID_BYTES);
    struct grid    *g     = grid_new();
    bool            is_cut;

    w->grid   = g;
    w->wanted = sheet;
    w->text   = buf_init(4 * (size_t)CSV_FIELD_MAX);
    if (!str_is_utf8(bytes)) {
        charset_from_1252(bytes, &plain);
        bytes = buf_str(&plain);
    }
    find_layout(w, bytes);
    read_all(w, bytes);
    is_cut = buf_is_full(&w->text) || buf_is_full(&plain) || grid_is_full(g);
    if (is_cut) {
        import_problem_set(p, PROBLEM_BOMB, g->rows, STR(""), STR(""));
    } else if (sheet >= 0 && (size_t)sheet >= g->count) {
        import_problem_set(p, PROBLEM_NO_SHEET, 0, STR(""), STR(""));
        is_cut = true;
    } else if (grid_is_empty(g)) {
        import_problem_set(p, PROBLEM_EMPTY, 0, STR(""), STR(""));
        is_cut = true;
    }
    buf_done(&plain);
    buf_done(&w->text);
    free(w);
    if (is_cut) {
        grid_free(g);
        return NULL;
    }
    return g;
}
