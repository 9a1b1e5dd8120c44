#include "import/merge.h"

#include <stdlib.h>
#include <string.h>

void merges_add(struct merges *m, uint64_t first, uint64_t last, size_t column)
{
    if (last <= first || column >= CSV_COLUMN_MAX || m->count == MERGES_MOST) {
        return;
    }
    if (m->count == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 64;
        m->at  = memory_resize(m->at, m->cap * sizeof *m->at);
    }
    m->at[m->count++] = (struct merge){ first, last, column };
}

static int by_row(const void *a, const void *b)
{
    const struct merge *x = a, *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

static void let_go(struct merges *m)
{
    for (size_t i = 0; i < m->columns; i++) {
        free(m->held[i]);
        m->held[i]  = NULL;
        m->until[i] = 0;
    }
    m->columns = 0;
}

void merges_begin(struct merges *m, uint64_t below)
{
    let_go(m);
    m->next  = 0;
    m->below = below;
    if (m->count) {
        qsort(m->at, m->count, sizeof *m->at, by_row);
    }
}

// Keeps what the first cell of a merge says.
static void hold(struct merges *m, const struct merge *merge, struct str text)
{
    size_t column = merge->column;

    if (text.at == m->held[column]) {
        m->until[column] = merge->last; // a merge within a merge
        return;
    }
    free(m->held[column]);
    m->held[column]  = memory_new(text.len + 1);
    m->until[column] = merge->last;
    memcpy(m->held[column], text.at, text.len);
    m->held[column][text.len] = '\0';
    m->columns                = m->columns > column ? m->columns : column + 1;
}

size_t merges_fill(struct merges *m, uint64_t row, struct str fields[CSV_COLUMN_MAX], size_t count,
                   bool *ret_filled)
{
    *ret_filled = false;
    for (size_t i = 0; i < m->columns; i++) {
        bool is_covered = m->held[i] && row <= m->until[i];
        if (!is_covered || (i < count && !str_is_empty(str_trim(fields[i])))) {
            continue;
        }
        for (; count <= i; count++) {
            fields[count] = STR("");
        }
        fields[i]   = str_of(m->held[i]);
        *ret_filled = true;
    }
    for (; m->next < m->count && m->at[m->next].first <= row; m->next++) {
        const struct merge *merge = &m->at[m->next];
        if (merge->first == row && row > m->below && merge->column < count &&
            fields[merge->column].len) {
            hold(m, merge, fields[merge->column]);
        }
    }
    return count;
}

void merges_clear(struct merges *m)
{
    let_go(m);
    free(m->at);
    memset(m, 0, sizeof *m);
}
