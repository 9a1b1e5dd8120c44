// CSV by the reader of the import desk: separator and encoding are found, columns are named by the first line.
#include "feed/tree_private.h"
#include "import/csv.h"

struct memory {
    struct str bytes;
    size_t     at;
};

static ssize_t read_memory(void *context, char *into, size_t most, struct import_problem *p)
{
    struct memory *m = context;
    size_t         n = m->bytes.len - m->at < most ? m->bytes.len - m->at : most;
    (void)p;
    memcpy(into, m->bytes.at + m->at, n);
    m->at += n;
    return (ssize_t)n;
}

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

static void grow_line(struct grower *g, const struct csv *csv)
{
    uint32_t line = (uint32_t)csv_line(csv);
    if (!grower_open(g, STR("ligne"), line)) {
        return;
    }
    for (size_t i = 0; i < csv_header_count(csv) && !g->is_wrong; i++) {
        if (csv_field(csv, i).len) {
            grower_leaf(g, step_of(g, csv_header(csv, i), i), csv_field(csv, i), line);
        }
    }
    if (!g->is_wrong) {
        grower_close(g);
    }
}

bool feed_read_csv(struct grower *g, struct str bytes)
{
    struct import_problem p = { 0 };
    struct memory         m = { .bytes = bytes };
    struct csv           *csv = csv_open((struct csv_source){ read_memory, &m }, (struct csv_options){ 0 }, &p);
    enum csv_step         step = CSV_PROBLEM;
    while (csv && !g->is_wrong && (step = csv_next(csv, &p)) == CSV_RECORD) {
        if (csv_header_count(csv)) {
            grow_line(g, csv);
        } else {
            csv_set_header(csv);
        }
    }
    if (step == CSV_PROBLEM && !g->is_wrong) {
        tell(g, &p, csv ? csv_line(csv) : 0);
    }
    csv_free(csv);
    return !g->is_wrong;
}
