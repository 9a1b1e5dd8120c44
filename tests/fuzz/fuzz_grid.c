// Any spreadsheet of LibreOffice or web page: it is refused, or a text that the CSV reader reads
// with the rows and cells that it says. The first byte chooses the kind and the sheet.
#include "fuzz.h"

#include "import/ods.h"
#include "import/table.h"
#include "import/webpage.h"

static void check(struct grid *g)
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
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct import_problem p     = { 0 };
    struct str            bytes = { size ? (const char *)data + 1 : "", size ? size - 1 : 0 };
    int                   sheet = size ? (data[0] >> 1) % 4 - 1 : -1;
    struct grid          *g;

    if (size && data[0] & 1) {
        g = ods_read(bytes, sheet, &p);
    } else {
        (void)webpage_is(bytes);
        g = webpage_open(bytes, sheet, &p);
    }
    if (g) {
        check(g);
    } else if (p.code == PROBLEM_NONE) {
        abort();
    }
    grid_free(g);
    return 0;
}
