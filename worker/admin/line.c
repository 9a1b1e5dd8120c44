#include "admin/line.h"

#include <jansson.h>

#include "base/buf.h"
#include "base/vault.h"
#include "import/columns.h"
#include "import/layout_words.h"
#include "import/plain_columns.h"

#include "queries.h"

enum { BATCH = 500, DOCUMENT_MOST = 64 << 20 };

static struct str text_of(struct arena *a, const json_t *value)
{
    return json_is_string(value)
               ? arena_str(a, (struct str){ json_string_value(value), json_string_length(value) })
               : STR("");
}

static json_t *parse(struct str text)
{
    return json_loadb(text.at ? text.at : "", text.len, 0, NULL);
}

struct str line_open(struct arena *a, int64_t file, int64_t line, struct str hex, struct str names)
{
    struct str    sealed, text;
    struct buf    out = buf_init(DOCUMENT_MOST);
    size_t        i;
    const json_t *cell;

    if (!vault_from_hex(a, hex, &sealed) ||
        !vault_open(a, VAULT_LINE, vault_line(file, line), sealed, &text)) {
        return (struct str){ 0 };
    }
    json_t *cells = parse(text), *columns = parse(names);
    buf_add_char(&out, '{');
    json_array_foreach(cells, i, cell)
    {
        const json_t *name = json_array_get(columns, i);
        buf_add(&out, i ? STR(",") : STR(""));
        buf_add_json(&out, name ? text_of(a, name) : arena_printf(a, "colonne %zu", i + 1));
        buf_add_char(&out, ':');
        buf_add_json(&out, text_of(a, cell));
    }
    buf_add_char(&out, '}');
    json_decref(cells);
    json_decref(columns);
    struct str object = arena_str(a, buf_str(&out));
    buf_done(&out);
    return object;
}

// A file whose lines wait in plain text: its columns, and which of them stay readable.
struct waiting {
    int64_t       file;
    struct arena *arena;
    size_t        count;
    struct str   *names;
    bool          plain[CSV_COLUMN_MAX];
};

static void add_column(struct waiting *w, struct layout *l, struct str name, struct str meaning)
{
    size_t rank;
    char   key[KEY_MAX];

    if (w->count == CSV_COLUMN_MAX) {
        return;
    }
    column_key(name, key);
    int of = meaning.len ? LAYOUT_NONE : layout_word_of(key, &rank);
    for (int f = 0; f < PARTNER_FIELDS; f++) {
        of = str_eq(meaning, str_of(layout_words[f].wire)) ? f : of;
    }
    l->meaning[w->count] = (int8_t)of;
    w->names[w->count++] = name;
}

// The columns as they are known, as the preview has them, or as the first line has them.
static void read_names(struct waiting *w, const struct result *file, const struct result *lines,
                       struct layout *l)
{
    json_t     *known = parse(result_text(file, 0, 3)), *preview = parse(result_text(file, 0, 1));
    json_t     *first   = result_count(lines) ? parse(result_text(lines, 0, 2)) : NULL;
    json_t     *columns = json_object_get(preview, "columns"), *value;
    size_t      i;
    const char *name;

    memset(l, 0, sizeof *l);
    w->names = ARENA_ARRAY(w->arena, struct str, CSV_COLUMN_MAX);
    json_array_foreach(columns, i, value)
    {
        add_column(w, l, text_of(w->arena, json_object_get(value, "name")),
                   text_of(w->arena, json_object_get(value, "meaning")));
    }
    const json_t *names = w->count ? NULL : known;
    json_array_foreach(names, i, value)
    {
        add_column(w, l, text_of(w->arena, value), (struct str){ 0 });
    }
    json_t *cells = w->count ? NULL : first;
    json_object_foreach(cells, name, value)
    {
        add_column(w, l, arena_str(w->arena, str_of(name)), (struct str){ 0 });
    }
    l->count = w->count;
    json_decref(first);
    json_decref(preview);
    json_decref(known);
}

static struct str *cells_of(struct waiting *w, const json_t *received)
{
    struct str *cells = ARENA_ARRAY(w->arena, struct str, w->count ? w->count : 1);

    for (size_t i = 0; i < w->count; i++) {
        const char *name = arena_text(w->arena, w->names[i]);
        cells[i]         = text_of(w->arena, json_object_get(received, name));
    }
    return cells;
}

// Which columns stay readable, by the first lines.
static void choose(struct waiting *w, const struct result *lines, const struct layout *l,
                   struct str own)
{
    struct layout_view *v = ARENA_NEW(w->arena, struct layout_view);

    v->arena = w->arena;
    for (int i = 0; i < result_count(lines) && v->count < LAYOUT_SAMPLE; i++) {
        json_t *received    = parse(result_text(lines, i, 2));
        v->rows[v->count++] = (struct layout_row){ .line   = (uint64_t)i + 1,
                                                   .count  = w->count,
                                                   .fields = cells_of(w, received) };
        json_decref(received);
    }
    plain_columns(v, l, w->names, own, w->plain);
}

// One line of a batch: {"id":..,"sealed":"hexadecimal","received":{..}}.
static void add_line(struct waiting *w, const struct result *lines, int i, struct buf *batch)
{
    json_t     *received = parse(result_text(lines, i, 2));
    struct str *cells    = cells_of(w, received);
    struct buf  all = buf_init(DOCUMENT_MOST), plain = buf_init(DOCUMENT_MOST);

    buf_add_char(&all, '[');
    buf_add_char(&plain, '{');
    for (size_t k = 0; k < w->count; k++) {
        buf_add(&all, k ? STR(",") : STR(""));
        buf_add_json(&all, cells[k]);
        if (w->plain[k] && cells[k].len) {
            buf_add(&plain, plain.len > 1 ? STR(",") : STR(""));
            buf_add_json(&plain, w->names[k]);
            buf_add_char(&plain, ':');
            buf_add_json(&plain, cells[k]);
        }
    }
    buf_add_char(&all, ']');
    buf_add_char(&plain, '}');
    struct str sealed = vault_seal(w->arena, VAULT_LINE,
                                   vault_line(w->file, result_int(lines, i, 1)), buf_str(&all));
    buf_printf(batch, "%s{\"id\":%lld,\"sealed\":\"", batch->len ? "," : "[",
               (long long)result_int(lines, i, 0));
    buf_add_hex(batch, sealed);
    buf_add(batch, STR("\",\"received\":"));
    buf_add(batch, buf_str(&plain));
    buf_add_char(batch, '}');
    buf_done(&plain);
    buf_done(&all);
    json_decref(received);
}

static bool send(struct admin *admin, struct buf *batch, int64_t *count)
{
    if (!batch->len) {
        return true;
    }
    buf_add_char(batch, ']');
    CLEANUP(result_done) struct result done = line_seal(admin->db, buf_str(batch));
    buf_clear(batch);
    *count += done.err ? 0 : result_int(&done, 0, 0);
    return !done.err;
}

static bool seal_lines(struct admin *admin, struct waiting *w, const struct result *first,
                       struct buf *batch, int64_t *count)
{
    const struct result *lines = first;
    struct result        next  = { 0 };
    bool                 ok    = true;

    while (ok && result_count(lines)) {
        for (int i = 0; i < result_count(lines); i++) {
            add_line(w, lines, i, batch);
        }
        int64_t after = result_int(lines, result_count(lines) - 1, 0);
        ok            = send(admin, batch, count);
        result_done(&next);
        next  = line_plain_next(admin->db, w->file, after, BATCH);
        ok    = ok && !next.err;
        lines = &next;
    }
    result_done(&next);
    return ok;
}

// What was seen of the file, and the names of its columns.
static bool seal_seen(struct admin *admin, const struct waiting *w, struct str seen)
{
    struct buf names  = buf_init(MIB(1));
    struct str sealed = { 0 };

    buf_add_char(&names, '[');
    for (size_t i = 0; i < w->count; i++) {
        buf_add(&names, i ? STR(",") : STR(""));
        buf_add_json(&names, w->names[i]);
    }
    buf_add_char(&names, ']');
    if (seen.len) {
        sealed = vault_seal(w->arena, VAULT_LINE, vault_line(w->file, 0), seen);
    }
    CLEANUP(result_done)
    struct result done = line_seen_seal(admin->db, w->file, sealed, buf_str(&names));
    buf_done(&names);
    return !done.err;
}

static bool seal_file(struct admin *admin, const struct result *file, struct buf *batch,
                      int64_t *count)
{
    struct waiting w = { .file = result_int(file, 0, 0), .arena = arena_new() };
    struct layout *l = ARENA_NEW(w.arena, struct layout);

    CLEANUP(result_done) struct result lines = line_plain_next(admin->db, w.file, 0, BATCH);
    bool                               ok    = !lines.err;
    if (ok) {
        read_names(&w, file, &lines, l);
        choose(&w, &lines, l, result_text(file, 0, 2));
        ok = seal_lines(admin, &w, &lines, batch, count) &&
             seal_seen(admin, &w, result_text(file, 0, 1));
    }
    arena_free(w.arena);
    return ok;
}

// What an older key sealed: lines, and what was seen of files (its line is 0).
static bool seal_old(struct admin *admin, struct buf *batch, int64_t *count, int64_t *lost)
{
    struct arena *a  = arena_new();
    bool          ok = true;

    for (int64_t after = 0; ok;) {
        arena_reset(a);
        CLEANUP(result_done)
        struct result rows = line_old_next(admin->db, vault_version(), after, BATCH);
        ok                 = !rows.err;
        if (!ok || !result_count(&rows)) {
            break;
        }
        for (int i = 0; i < result_count(&rows); i++) {
            struct str sealed, text;
            int64_t    row = vault_line(result_int(&rows, i, 1), result_int(&rows, i, 2));
            after          = result_int(&rows, i, 0);
            if (!vault_from_hex(a, result_text(&rows, i, 3), &sealed) ||
                !vault_open(a, VAULT_LINE, row, sealed, &text)) {
                ++*lost;
                continue;
            }
            buf_printf(batch, "%s{\"id\":%lld,\"sealed\":\"", batch->len ? "," : "[",
                       (long long)after);
            buf_add_hex(batch, vault_seal(a, VAULT_LINE, row, text));
            buf_add(batch, STR("\"}"));
        }
        ok = send(admin, batch, count);
    }
    arena_free(a);
    return ok;
}

static bool seal_old_seen(struct admin *admin, int64_t *lost)
{
    struct arena *a  = arena_new();
    bool          ok = true;

    for (int64_t after = 0; ok;) {
        struct str sealed, text;
        arena_reset(a);
        CLEANUP(result_done)
        struct result row = line_seen_old_next(admin->db, vault_version(), after);
        ok                = !row.err;
        if (!ok || !result_count(&row)) {
            break;
        }
        after = result_int(&row, 0, 0);
        if (!vault_from_hex(a, result_text(&row, 0, 1), &sealed) ||
            !vault_open(a, VAULT_LINE, vault_line(after, 0), sealed, &text)) {
            ++*lost;
            continue;
        }
        CLEANUP(result_done)
        struct result done =
            line_seen_seal(admin->db, after, vault_seal(a, VAULT_LINE, vault_line(after, 0), text),
                           (struct str){ 0 });
        ok = !done.err;
    }
    arena_free(a);
    return ok;
}

bool lines_seal(struct admin *admin, int64_t *ret_count, int64_t *ret_lost)
{
    struct buf batch = buf_init(DOCUMENT_MOST);
    bool       ok    = true;

    *ret_count = *ret_lost = 0;
    for (int64_t after = 0; ok;) {
        CLEANUP(result_done) struct result file = line_plain_file(admin->db, after);
        ok                                      = !file.err;
        if (!ok || !result_count(&file)) {
            break;
        }
        after = result_int(&file, 0, 0);
        ok    = seal_file(admin, &file, &batch, ret_count);
    }
    ok = ok && seal_old(admin, &batch, ret_count, ret_lost) && seal_old_seen(admin, ret_lost);
    buf_done(&batch);
    return ok;
}
