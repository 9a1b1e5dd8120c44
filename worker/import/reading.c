#include "import/reading.h"

#include <stdlib.h>

#include "base/vault.h"
#include "import/plain_columns.h"

#include "queries.h"

enum {
    SHOWN_ROWS  = 12, // first lines of the file, for choosing its header
    SHOWN_BELOW = 6,  // lines below the header, wherever it stands
    SHOWN_CELLS = 60, // of each
    SHOWN_CHARS = 120,
    SAMPLES     = 3, // values of a column
};

static unsigned nibble(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10) & 15U;
}

// The bytes of a file as PostgreSQL gives them, in hexadecimal.
static void decode(struct reading *r, struct str hex)
{
    r->size  = hex.len / 2;
    r->bytes = memory_new(r->size + 1);
    for (size_t i = 0; i < r->size; i++) {
        r->bytes[i] = (char)(nibble(hex.at[2 * i]) << 4 | nibble(hex.at[2 * i + 1]));
    }
}

static struct table_options options_of(const struct result *row)
{
    struct str   separator = result_text(row, 0, 4), encoding = result_text(row, 0, 5);
    enum charset charset = charset_of(encoding);

    return (struct table_options){
        .sheet     = result_is_null(row, 0, 3) ? -1 : (int)result_int(row, 0, 3),
        .separator = separator.len ? separator.at[0] : '\0',
        .encoding  = charset < CHARSET__COUNT          ? CSV_OLD
                     : str_eq(encoding, STR("UTF-8")) ? CSV_UTF8
                                                      : CSV_ANY,
        .charset   = charset,
    };
}

// Looks whether the organisation named the columns of one of the first lines before. False when the
// database failed.
static bool recall(struct reading *r, struct db *db, int64_t organisation)
{
    struct buf prints = buf_init(KIB(8));
    size_t     count  = r->view.count < LAYOUT_TOP ? r->view.count : LAYOUT_TOP;

    buf_add_char(&prints, '{');
    for (size_t i = 0; i < count; i++) {
        unsigned char print[LAYOUT_PRINT];
        layout_fingerprint(&r->view.rows[i], print);
        buf_add(&prints, i ? STR(",\"\\\\x") : STR("\"\\\\x"));
        buf_add_hex(&prints, (struct str){ (char *)print, sizeof print });
        buf_add_char(&prints, '"');
    }
    buf_add_char(&prints, '}');
    CLEANUP(result_done)
    struct result saved = partner_mapping(db, organisation, buf_str(&prints));
    buf_done(&prints);
    if (saved.err) {
        return false;
    }
    if (result_count(&saved)) {
        size_t n = (size_t)result_int(&saved, 0, 0) - 1;
        layout_guess_at(&r->view, r->view.rows[n].line, (int)result_int(&saved, 0, 2), &r->layout);
        layout_apply(&r->layout, result_text(&saved, 0, 1), LAYOUT_SAVED);
        r->is_known = true;
    }
    return true;
}

static bool look_at(struct reading *r, int sheet, struct import_problem *p)
{
    return table_turn(r->table, sheet, p) && layout_look(&r->view, r->arena, r->table, p);
}

// A workbook often begins with a page of explanations: of its visible sheets, the first one that is
// a list of employers, else the first that holds something. False with p filled when that one
// cannot be read again.
static bool find_list(struct reading *r, struct import_problem *p)
{
    int first = table_sheet(r->table), tried = 0;

    layout_guess(&r->view, &r->layout);
    if (layout_is_usable(&r->layout)) {
        return true;
    }
    for (size_t i = 0; i < table_sheets(r->table) && tried < TABLE_SHEETS_TRIED; i++) {
        struct import_problem ignored;
        if ((int)i == first || table_sheet_is_hidden(r->table, i)) {
            continue;
        }
        tried++;
        if (look_at(r, (int)i, &ignored)) {
            layout_guess(&r->view, &r->layout);
            if (layout_is_usable(&r->layout)) {
                return true;
            }
        }
    }
    return tried == 0 || look_at(r, first, p);
}

int reading_open(struct reading *r, struct db *db, const struct result *row,
                 struct import_problem *p)
{
    struct table_options options = options_of(row);

    memset(r, 0, sizeof *r);
    r->arena = arena_new();
    decode(r, result_text(row, 0, 2));
    struct str content = { r->bytes, r->size };
    if (result_bool(row, 0, 11) &&
        !vault_open(r->arena, VAULT_FILE, result_int(row, 0, 10), content, &content)) {
        import_problem_set(p, PROBLEM_UNSEALED, 0, STR(""), STR(""));
        return 0;
    }
    r->table = table_open(content, &options, p);
    if (!r->table || !layout_look(&r->view, r->arena, r->table, p)) {
        return 0;
    }
    if (options.sheet < 0 && result_is_null(row, 0, 6) && !find_list(r, p)) {
        return 0;
    }
    if (!result_is_null(row, 0, 6)) {
        r->by_person = true;
        layout_guess_at(&r->view, (uint64_t)result_int(row, 0, 6), (int)result_int(row, 0, 7),
                        &r->layout);
        if (!result_is_null(row, 0, 8)) {
            layout_apply(&r->layout, result_text(row, 0, 8), LAYOUT_PERSON);
        }
    } else {
        layout_guess(&r->view, &r->layout);
        if (!recall(r, db, result_int(row, 0, 0))) {
            return -1;
        }
    }
    const struct layout_row *header = layout_header(&r->view, &r->layout);
    if (header) {
        layout_fingerprint(header, r->print);
    }
    return 1;
}

bool reading_keep(const struct reading *r, struct db *db, int64_t file, struct partner_run *run)
{
    CLEANUP(result_done) struct result own = partner_own_columns(db, file);
    if (own.err) {
        return false;
    }
    run->file  = file;
    run->arena = arena_new();
    plain_columns(&r->view, &r->layout, layout_names(&r->view, &r->layout),
                  result_count(&own) ? result_text(&own, 0, 0) : (struct str){ 0 }, run->plain);
    return true;
}

void reading_close(struct reading *r)
{
    table_free(r->table);
    arena_free(r->arena);
    free(r->bytes);
    memset(r, 0, sizeof *r);
}

static struct str shortened(struct str text)
{
    size_t len = text.len;

    if (len > SHOWN_CHARS) {
        len = SHOWN_CHARS;
        while (len && ((unsigned char)text.at[len] & 0xC0) == 0x80) {
            len--;
        }
    }
    return (struct str){ text.at ? text.at : "", len };
}

// Whole, or as much of it as a screen shows.
static void add_row(const struct layout_row *row, bool is_whole, struct buf *ret)
{
    buf_printf(ret, "{\"line\":%llu,\"cells\":[", (unsigned long long)row->line);
    for (size_t i = 0; i < row->count && (is_whole || i < SHOWN_CELLS); i++) {
        if (i) {
            buf_add_char(ret, ',');
        }
        buf_add_json(ret, is_whole ? row->fields[i] : shortened(row->fields[i]));
    }
    buf_add(ret, STR("]}"));
}

static void add_samples(const struct reading *r, size_t column, struct buf *ret)
{
    struct str shown[SAMPLES];
    size_t     count = 0;

    for (size_t i = 0; i < r->view.count && count < SAMPLES; i++) {
        const struct layout_row *row = &r->view.rows[i];
        if (row->line <= r->layout.header || column >= row->count) {
            continue;
        }
        struct str text   = shortened(str_trim(row->fields[column]));
        bool       is_new = text.len > 0;
        for (size_t k = 0; k < count; k++) {
            is_new = is_new && !str_eq(shown[k], text);
        }
        if (is_new) {
            shown[count++] = text;
        }
    }
    for (size_t k = 0; k < count; k++) {
        if (k) {
            buf_add_char(ret, ',');
        }
        buf_add_json(ret, shown[k]);
    }
}

static void add_columns(const struct reading *r, struct buf *ret)
{
    static const char *const sources[] = {
        [LAYOUT_NOBODY] = "nobody", [LAYOUT_NAME] = "name",     [LAYOUT_CONTENT] = "content",
        [LAYOUT_SAVED] = "saved",   [LAYOUT_PERSON] = "person",
    };
    const struct str *names = layout_names(&r->view, &r->layout);

    buf_add(ret, STR(",\"columns\":["));
    for (size_t i = 0; i < r->layout.count; i++) {
        int meaning = r->layout.meaning[i];
        buf_add(ret, i ? STR(",{\"name\":") : STR("{\"name\":"));
        buf_add_json(ret, names[i]);
        buf_printf(ret, ",\"meaning\":%s%s%s,\"source\":\"%s\",\"samples\":[",
                   meaning < 0 ? "null" : "\"",
                   meaning < 0 ? "" : layout_field_name((enum partner_field)meaning),
                   meaning < 0 ? "" : "\"", sources[r->layout.source[i]]);
        add_samples(r, i, ret);
        buf_add(ret, STR("]}"));
    }
    buf_add_char(ret, ']');
}

// The first lines, down to some that follow the header.
static size_t shown_rows(const struct reading *r)
{
    size_t below = 0;

    while (below < r->view.count && r->view.rows[below].line <= r->layout.header) {
        below++;
    }
    size_t shown = below + SHOWN_BELOW > SHOWN_ROWS ? below + SHOWN_BELOW : SHOWN_ROWS;
    return shown < r->view.count ? shown : r->view.count;
}

void reading_describe(const struct reading *r, struct buf *ret_open, struct buf *ret_seen)
{
    const struct table *t            = r->table;
    char                separator[2] = { table_separator(t), '\0' };
    struct buf         *ret          = ret_seen;

    buf_printf(ret_open, "{\"kind\":\"%s\",\"known\":%s,\"usable\":%s",
               table_is_workbook(t) ? "workbook" : "text", r->is_known ? "true" : "false",
               layout_is_usable(&r->layout) ? "true" : "false");
    buf_printf(ret, "{\"sheet\":%d,\"sheets\":[", table_sheet(t));
    for (size_t i = 0; i < table_sheets(t); i++) {
        if (i) {
            buf_add_char(ret, ',');
        }
        buf_add_json(ret, table_sheet_name(t, i));
    }
    buf_add(ret, STR("],\"separator\":"));
    buf_add_json(ret, separator[0] ? str_of(separator) : (struct str){ 0 });
    buf_add(ret, STR(",\"encoding\":"));
    buf_add_json(ret, table_encoding(t));
    buf_printf(ret, ",\"header\":%llu,\"lines\":%d", (unsigned long long)r->layout.header,
               r->layout.lines);
    add_columns(r, ret);
    buf_add(ret, STR(",\"rows\":["));
    size_t shown = shown_rows(r);
    for (size_t i = 0; i < shown; i++) {
        if (i) {
            buf_add_char(ret, ',');
        }
        add_row(&r->view.rows[i], false, ret);
    }
    // The header and what stands above it, to write the file again as it was.
    buf_add(ret, STR("],\"above\":["));
    for (size_t i = 0, n = 0; i < r->view.count && r->view.rows[i].line <= r->layout.header; i++) {
        if (n++) {
            buf_add_char(ret, ',');
        }
        add_row(&r->view.rows[i], true, ret);
    }
    buf_add_char(ret, ']');
}

void reading_names(const struct reading *r, struct buf *ret)
{
    const struct str *names = layout_names(&r->view, &r->layout);

    buf_add_char(ret, '[');
    for (size_t i = 0; i < r->layout.count; i++) {
        buf_add(ret, i ? STR(",") : STR(""));
        buf_add_json(ret, names[i]);
    }
    buf_add_char(ret, ']');
}

struct str reading_seal(const struct reading *r, int64_t file, struct buf *seen)
{
    buf_add_char(seen, '}');
    return vault_seal(r->arena, VAULT_LINE, vault_line(file, 0), buf_str(seen));
}
