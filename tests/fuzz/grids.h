// What every grid is, whatever it was read from.
#pragma once

#include "fuzz.h"

#include "import/grid.h"

static inline void fuzz_check_grid(const struct grid *g)
{
    struct str text = buf_str(&g->text);

    if (!str_is_utf8(text) || grid_is_empty(g) || grid_is_full(g) || g->sheet < 0 ||
        (size_t)g->sheet >= g->count || text.at[text.len - 1] != '\n') {
        abort();
    }
    // Quotes come in pairs on every line: no cell runs over its row.
    size_t quotes = 0;
    for (size_t i = 0; i < text.len; i++) {
        quotes += text.at[i] == '"';
        if (text.at[i] == '\n' && quotes % 2) {
            abort();
        }
    }
    for (size_t i = 0; i < g->merges.count; i++) {
        if (g->merges.at[i].first >= g->merges.at[i].last || g->merges.at[i].column >= CSV_COLUMN_MAX) {
            abort();
        }
    }
}

// A grid, which is checked and freed, or a problem that says why there is none.
static inline void fuzz_end_grid(struct grid *g, const struct import_problem *p)
{
    if (g) {
        fuzz_check_grid(g);
    } else if (p->code == PROBLEM_NONE) {
        abort();
    }
    grid_free(g);
}
