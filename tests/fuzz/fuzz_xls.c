// Any workbook of Excel before 2007: it is refused, or a grid that the CSV reader reads, twice the
// same. Most mutations of a whole document break its table of sectors, so the input may also be the
// bare records.
#include "grids.h"

#include "import/xls.h"

static struct grid *read_it(struct str bytes, int sheet, struct import_problem *p)
{
    return xls_is(bytes) ? xls_open(bytes, sheet, p) : xls_read(bytes, sheet, p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { size ? (const char *)data : "", size };

    for (int sheet = -1; sheet < 2; sheet++) {
        struct import_problem p = { 0 }, again = { 0 };
        struct grid          *g = read_it(bytes, sheet, &p), *h = read_it(bytes, sheet, &again);
        if (!g != !h || (!g && p.code == PROBLEM_NONE)) {
            abort();
        }
        if (g) {
            fuzz_check_grid(g);
            if (!str_eq(buf_str(&g->text), buf_str(&h->text))) {
                abort();
            }
        }
        grid_free(g);
        grid_free(h);
    }
    return 0;
}
