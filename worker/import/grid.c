#include "import/grid.h"

#include <stdlib.h>
#include <string.h>

struct grid *grid_new(void)
{
    struct grid *g = memory_zero(sizeof *g);

    g->text  = buf_init(GRID_BYTES);
    g->row   = buf_init(8 * (size_t)CSV_LINE_MAX);
    g->sheet = -1;
    return g;
}

void grid_free(struct grid *g)
{
    if (g) {
        for (size_t i = 0; i < g->count; i++) {
            free(g->names[i]);
        }
        buf_done(&g->text);
        buf_done(&g->row);
        merges_clear(&g->merges);
        free(g);
    }
}

bool grid_add_sheet(struct grid *g, struct str name, bool is_hidden)
{
    if (g->count == GRID_SHEETS) {
        return false;
    }
    char *copy = memory_new(name.len + 1);
    if (name.len) {
        memcpy(copy, name.at, name.len);
    }
    copy[name.len]           = '\0';
    g->names[g->count]       = copy;
    g->is_hidden[g->count++] = is_hidden;
    return true;
}

// Cells beyond what any table may have are only counted: the reader refuses the line for them.
void grid_cell(struct grid *g, struct str text, size_t count)
{
    bool is_something = !str_is_empty(str_trim(text));

    for (size_t n = 0; n < count && g->cells <= CSV_COLUMN_MAX; n++) {
        if (g->cells++) {
            buf_add_char(&g->row, '\t');
        }
        if (!is_something) {
            continue;
        }
        g->is_filled = true;
        buf_add_char(&g->row, '"');
        for (size_t i = 0; i < text.len; i++) {
            unsigned char c = (unsigned char)text.at[i];
            buf_add_char(&g->row, c < 0x20 || c == 0x7F ? ' ' : (char)c);
            if (c == '"') {
                buf_add_char(&g->row, '"');
            }
        }
        buf_add_char(&g->row, '"');
    }
}

void grid_row(struct grid *g, size_t count)
{
    if (count > GRID_ROWS - g->rows) {
        count = GRID_ROWS - g->rows; // empty ones, down to the last that a sheet may have
    }
    for (; g->is_filled && count && g->pending; g->pending--) {
        buf_add_char(&g->text, '\n');
    }
    for (size_t n = 0; g->is_filled && n < count && !buf_is_full(&g->text); n++) {
        buf_add(&g->text, buf_str(&g->row));
        buf_add_char(&g->text, '\n');
    }
    g->is_full |= buf_is_full(&g->row);
    g->rows += count;
    g->pending += g->is_filled ? 0 : count;
    buf_clear(&g->row);
    g->cells     = 0;
    g->is_filled = false;
}

void grid_merge(struct grid *g, size_t rows)
{
    merges_add(&g->merges, g->rows + 1, g->rows + rows, g->cells);
}

void grid_hide_columns(struct grid *g, size_t column, size_t count)
{
    for (size_t i = column; i < CSV_COLUMN_MAX && i - column < count; i++) {
        g->is_hidden_column[i] = true;
    }
}

bool grid_is_empty(const struct grid *g)
{
    return g->text.len == 0;
}

void grid_clear(struct grid *g)
{
    buf_clear(&g->text);
    buf_clear(&g->row);
    g->cells = g->rows = g->pending = g->hidden = 0;
    g->is_filled                                = false;
    memset(g->is_hidden_column, 0, sizeof g->is_hidden_column);
    merges_clear(&g->merges);
}

bool grid_is_full(const struct grid *g)
{
    return g->is_full || buf_is_full(&g->text);
}
