// Any file of answers to a survey: what comes out is JSON, one object a line of the file.
#include "fuzz.h"

#include "import/need.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct import_problem p    = { 0 };
    struct buf            rows = buf_init(1 << 26);
    bool                  ok = need_file_read((struct str){ (const char *)data, size }, &rows, &p);
    struct str            text  = buf_str(&rows);
    size_t                opens = 0, closes = 0;

    // Braces within texts come escaped by nothing: only those at the ends of lines are counted.
    for (size_t i = 0; i + 1 < text.len; i++) {
        opens += text.at[i] == '\n' && text.at[i + 1] == '{';
        closes += text.at[i] == '}' &&
                  (text.at[i + 1] == '\n' ||
                   (text.at[i + 1] == ',' && i + 2 < text.len && text.at[i + 2] == '\n'));
    }
    if (opens != closes || !str_is_utf8(text) || (ok && (opens == 0 || text.at[0] != '['))) {
        abort();
    }
    buf_done(&rows);
    return 0;
}
