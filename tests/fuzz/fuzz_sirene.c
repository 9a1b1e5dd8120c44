// Any register file: each COPY line has the columns of its staging table and holds no stray control
// character.
#include "reading.h"

#include "import/sirene_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_memory    m;
    struct import_problem p = { 0 };
    struct csv_source     source = fuzz_source(&m, data, size);
    struct csv           *csv = csv_open(source, (struct csv_options){ .utf8_only = true }, &p);
    struct buf            b = buf_init(1 << 24);
    struct sirene_run     run;

    if (csv && csv_next(csv, &p) == CSV_RECORD) {
        csv_set_header(csv);
        bool ok = sirene_begin(&run, csv, &p);
        while (ok && csv_next(csv, &p) == CSV_RECORD) {
            buf_clear(&b);
            ok = sirene_row(&run, csv, &b, &p);
            if (!ok) {
                break;
            }
            size_t tabs = 0, lines = 0;
            for (size_t i = 0; i < b.len; i++) {
                tabs += b.at[i] == '\t';
                lines += b.at[i] == '\n';
            }
            static const size_t expected[] = {
                [SIRENE_ESTABLISHMENTS] = 20, [SIRENE_UNITS] = 7, [SIRENE_SUCCESSIONS] = 6
            };
            if (lines != 1 || tabs != expected[run.layout.kind]) {
                abort();
            }
        }
    }
    csv_free(csv);
    buf_done(&b);
    return 0;
}
