// Any partner file: each row is kept, in one COPY line with the columns of its staging table.
#include "reading.h"

#include "import/partner_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_memory    m;
    struct import_problem p = { 0 }, note;
    struct csv_source     source = fuzz_source(&m, data, size);
    struct csv           *csv = csv_open(source, (struct csv_options){ 0 }, &p);
    struct buf            b = buf_init(1 << 24);
    struct partner_run    run;

    if (csv && partner_begin(&run, csv, &p)) {
        while (csv_next(csv, &p) == CSV_RECORD) {
            buf_clear(&b);
            partner_row(&run, csv, &b, &note);
            size_t tabs = 0, lines = 0;
            for (size_t i = 0; i < b.len; i++) {
                tabs += b.at[i] == '\t';
                lines += b.at[i] == '\n';
            }
            if (lines != 1 || tabs != 21 || !str_is_utf8(buf_str(&b))) {
                abort();
            }
        }
    }
    csv_free(csv);
    buf_done(&b);
    return 0;
}
