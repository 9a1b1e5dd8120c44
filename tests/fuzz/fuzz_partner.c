// Any partner file, text or workbook: each row is kept, in one COPY line with the columns of its
// staging table.
#include "reading.h"

#include "import/partner_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct table_options options[] = {
        { .sheet = -1 }, { .sheet = 0, .separator = ';', .encoding = CSV_OLD }
    };
    for (size_t o = 0; o < LENGTH(options); o++) {
        struct import_problem p     = { 0 }, note;
        struct str            bytes = { (const char *)data, size };
        struct arena         *a     = arena_new();
        struct layout_view   *v     = ARENA_NEW(a, struct layout_view);
        struct layout        *l     = ARENA_NEW(a, struct layout);
        struct table         *t     = table_open(bytes, &options[o], &p);
        struct buf            b = buf_init(1 << 26), columns = buf_init(1 << 20);
        struct partner_run    run;

        if (t && layout_look(v, a, t, &p)) {
            layout_guess(v, l);
            // What is written of a layout says the same when it is read.
            layout_columns(l, &columns);
            layout_apply(l, arena_str(a, buf_str(&columns)), LAYOUT_PERSON);
            struct buf again = buf_init(1 << 20);
            layout_columns(l, &again);
            if (!str_eq(buf_str(&columns), buf_str(&again))) {
                abort();
            }
            buf_done(&again);
            bool begun = partner_begin(&run, t, v, l, &p);
            while (begun && table_next(t, &p) == CSV_RECORD) {
                buf_clear(&b);
                bool is_whole = partner_row(&run, t, &b, &note);
                if (!is_whole && note.code != PROBLEM_TRUNCATED) {
                    abort();
                }
                size_t tabs = 0, lines = 0;
                for (size_t i = 0; i < b.len; i++) {
                    tabs += b.at[i] == '\t';
                    lines += b.at[i] == '\n';
                }
                if (lines != 1 || tabs != 24 || !str_is_utf8(buf_str(&b))) {
                    abort();
                }
            }
        }
        table_free(t);
        buf_done(&columns);
        buf_done(&b);
        arena_free(a);
    }
    return 0;
}
