// Any table and any layout that a person may say of it: columns have names of their own and one
// meaning or none, and what is written of a layout reads as it was. The first two bytes choose the
// header, then come the meanings up to a line end, then the table.
#include "fuzz.h"

#include "import/layout.h"

static void check(const struct layout_view *v, const struct layout *l)
{
    const struct layout_row *header = layout_header(v, l);
    const struct str        *names  = layout_names(v, l);

    if (l->count > CSV_COLUMN_MAX || (header && header->line != l->header) ||
        (l->lines != 1 && l->lines != 2) ||
        (l->twice != LAYOUT_NONE && (size_t)l->twice >= l->count)) {
        abort();
    }
    for (size_t i = 0; i < l->count; i++) {
        if (!names[i].len || !str_is_utf8(names[i]) || l->meaning[i] < LAYOUT_NONE ||
            l->meaning[i] >= PARTNER_FIELDS) {
            abort();
        }
        for (size_t k = 0; k < i; k++) {
            if (str_eq(names[i], names[k]) ||
                (l->meaning[i] != LAYOUT_NONE && l->meaning[i] == l->meaning[k])) {
                abort();
            }
        }
    }
}

static void look(struct str columns, struct str table, uint64_t line, int lines)
{
    static const struct table_options any = { .sheet = -1 };
    struct import_problem             p   = { 0 };
    struct arena                     *a   = arena_new();
    struct layout_view               *v   = ARENA_NEW(a, struct layout_view);
    struct layout                    *l   = ARENA_NEW(a, struct layout);
    struct table                     *t   = table_open(table, &any, &p);

    if (t && layout_look(v, a, t, &p)) {
        struct buf once = buf_init(1 << 20), again = buf_init(1 << 20);
        layout_guess(v, l);
        check(v, l);
        layout_guess_at(v, line, lines, l);
        check(v, l);
        layout_apply(l, columns, LAYOUT_PERSON);
        check(v, l);
        layout_columns(l, &once);
        layout_apply(l, buf_str(&once), LAYOUT_SAVED);
        layout_columns(l, &again);
        if (!str_eq(buf_str(&once), buf_str(&again))) {
            abort();
        }
        buf_done(&once);
        buf_done(&again);
    }
    table_free(t);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str all = { size > 2 ? (const char *)data + 2 : "", size > 2 ? size - 2 : 0 }, columns;

    if (size < 2 || !str_cut(&all, '\n', &columns)) {
        return 0;
    }
    look(columns, all, data[0] % 32, 1 + (data[1] & 1));
    return 0;
}
