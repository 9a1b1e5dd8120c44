// Tables by the reader of the import desk: CSV whose separator and encoding are found, or the first sheet of a workbook that holds
// something; columns are named by the first line.
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
        copy[i] = strchr("/+|'\n\r", name.at[i]) ? ' ' : name.at[i];
    }
    struct str step = str_trim((struct str){ copy, name.len });
    return step.len ? step : arena_printf(g->arena, "colonne %zu", index + 1);
}

static void grow_line(struct grower *g, const struct table *t)
{
    uint32_t line = (uint32_t)table_line(t);
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

static void name_columns(struct grower *g, struct table *t)
{
    size_t      count = table_count(t);
    struct str *names = ARENA_ARRAY(g->arena, struct str, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        names[i] = arena_str(g->arena, table_field(t, i));
    }
    table_set_header(t, names, count);
}

bool feed_read_csv(struct grower *g, struct str bytes)
{
    struct import_problem p    = { 0 };
    struct table         *t    = table_open(bytes, &(struct table_options){ .sheet = -1 }, &p);
    enum csv_step         step = CSV_PROBLEM;
    while (t && !g->is_wrong && (step = table_next(t, &p)) == CSV_RECORD) {
        if (table_header_count(t)) {
            grow_line(g, t);
        } else {
            name_columns(g, t);
        }
    }
    if (step == CSV_PROBLEM && !g->is_wrong) {
        tell(g, &p, t ? table_line(t) : 0);
    }
    table_free(t);
    return !g->is_wrong;
}
