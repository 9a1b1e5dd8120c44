// Tables by the reader of the import desk: CSV whose separator and encoding are found, or the first sheet of a workbook that holds
// something; columns are named by the first line that looks like it, or the one that the layout says.
#include "feed/tree_private.h"
#include "import/table.h"

static void tell(struct grower *g, const struct import_problem *p, uint64_t line)
{
    char text[1024];
    grower_fail(g, (uint32_t)line, str_of(import_problem_text(p, text, sizeof text)));
}

// The name of a column as a step of a path: without what paths are written with.
static struct str step_of(struct grower *g, struct str name, size_t index)
{
    char *copy = arena_alloc(g->arena, name.len + 1);
    for (size_t i = 0; i < name.len; i++) {
        copy[i] = strchr("/+|'[]\n\r", name.at[i]) ? ' ' : name.at[i];
    }
    struct str step = str_trim((struct str){ copy, name.len });
    return step.len ? step : arena_printf(g->arena, "colonne %zu", index + 1);
}

static void grow_line(struct grower *g, const struct table *t, uint64_t before)
{
    uint32_t line = (uint32_t)(before + table_line(t));
    if (!grower_open(g, STR("ligne"), line)) {
        return;
    }
    for (size_t i = 0; i < table_header_count(t) && !g->is_wrong; i++) {
        if (table_field(t, i).len) {
            grower_leaf(g, step_of(g, table_header(t, i), i), table_field(t, i), line);
        }
    }
    if (!g->is_wrong) {
        grower_close(g);
    }
}

// Named by the record read last, or by their places.
static void name_columns(struct grower *g, struct table *t, bool by_place)
{
    size_t      count = table_count(t);
    struct str *names = ARENA_ARRAY(g->arena, struct str, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        names[i] = by_place ? arena_printf(g->arena, "colonne %zu", i + 1) : arena_str(g->arena, table_field(t, i));
    }
    table_set_header(t, names, count);
}

// A number, a date or an address: no name of a column.
static bool is_value(struct str text)
{
    bool has_digit = false, is_plain = text.len > 0;
    for (size_t i = 0; i < text.len && is_plain; i++) {
        has_digit = has_digit || (text.at[i] >= '0' && text.at[i] <= '9');
        is_plain  = strchr("0123456789-/:., ", text.at[i]) != NULL;
    }
    return (is_plain && has_digit) || str_starts(text, STR("http"));
}

// The line that names the columns: the first that has half as many cells as the fullest of those that come first. What a file says
// of itself above its table has fewer. 0 when that line has numbers or dates already: no line names the columns.
static uint64_t header_line(struct table *t, struct import_problem *p)
{
    enum { LOOKED = 20 };
    size_t   counts[LOOKED], plain[LOOKED], n = 0, most = 0;
    uint64_t lines[LOOKED];
    while (n < LOOKED && table_next(t, p) == CSV_RECORD) {
        lines[n]  = table_line(t);
        counts[n] = plain[n] = 0;
        for (size_t i = 0; i < table_count(t); i++) {
            counts[n] += table_field(t, i).len > 0;
            plain[n] += is_value(table_field(t, i));
        }
        most = counts[n] > most ? counts[n] : most;
        n++;
    }
    for (size_t i = 0; i < n; i++) {
        if (2 * counts[i] >= most) {
            return plain[i] >= 2 ? 0 : lines[i];
        }
    }
    return 0;
}

// Cells that a line would have by the mark that it has most often.
static size_t cells_of(struct str line)
{
    static const char marks[] = ";\t,|";
    size_t            best    = 0;
    for (size_t k = 0; marks[k]; k++) {
        size_t count = 0;
        for (size_t i = 0; i < line.len; i++) {
            count += line.at[i] == marks[k];
        }
        best = count > best ? count : best;
    }
    return best;
}

// Without the comments that come first: lines with # that are no line of the table. *ret_lines: how many.
static struct str uncommented(struct str bytes, uint64_t *ret_lines)
{
    struct str rest = str_starts(bytes, STR("\xEF\xBB\xBF")) ? str_sub(bytes, 3, bytes.len) : bytes, kept = bytes, line;
    uint64_t   n    = 0;
    *ret_lines      = 0;
    if (!str_starts(rest, STR("#"))) {
        return bytes;
    }
    while (str_cut(&rest, '\n', &line) && str_starts(line, STR("#"))) {
        struct str next = str_sub(rest, 0, str_index(rest, '\n'));
        n++;
        if (!str_starts(next, STR("#")) && cells_of(line) && cells_of(line) == cells_of(next)) {
            break; // it names the columns
        }
        kept = rest, *ret_lines = n;
    }
    return str_trim(kept).len ? kept : bytes;
}

bool feed_read_csv(struct grower *g, struct str bytes)
{
    struct import_problem p      = { 0 };
    uint64_t              before = 0;
    bool                  is_any = g->header == FEED_HEADER_FOUND;
    struct str            text   = is_any ? uncommented(bytes, &before) : bytes;
    struct table         *t      = table_open(text, &(struct table_options){ .sheet = -1 }, &p);
    enum csv_step         step   = CSV_PROBLEM;
    uint64_t              header = is_any && t ? header_line(t, &p) : (uint64_t)(is_any ? 0 : g->header);
    if (t && is_any && !table_rewind(t, &p)) {
        header = 0;
    }
    while (t && !g->is_wrong && (step = table_next(t, &p)) == CSV_RECORD) {
        if (table_header_count(t) == 0 && table_line(t) >= header) {
            name_columns(g, t, header == 0);
            if (header) {
                continue;
            }
        }
        if (table_header_count(t)) {
            grow_line(g, t, before);
        }
    }
    if (step == CSV_PROBLEM && !g->is_wrong) {
        tell(g, &p, t ? before + table_line(t) : 0);
    }
    table_free(t);
    return !g->is_wrong;
}
