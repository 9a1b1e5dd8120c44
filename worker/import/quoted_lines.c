#include "import/quoted_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "import/csv_guess.h"

enum { LINES = 60, LOOKED_AT = 256 * 1024 };

static bool is_end(char c)
{
    return c == '\n' || c == '\r';
}

// Copies what is within the quotes of a line; SIZE_MAX when it is not one quoted cell.
static size_t undo(struct str line, char *into)
{
    size_t n = 0, i = 1;

    if (!line.len || line.at[0] != '"') {
        return SIZE_MAX;
    }
    for (; i < line.len; i++) {
        if (line.at[i] == '"') {
            if (i + 1 == line.len || line.at[i + 1] != '"') {
                break;
            }
            i++;
        }
        into[n++] = line.at[i];
    }
    if (i == line.len) {
        return SIZE_MAX; // never closed
    }
    for (i++; i < line.len; i++) {
        if (!strchr(";,|\t ", line.at[i])) {
            return SIZE_MAX;
        }
    }
    return n;
}

// Where the line that begins at `at` ends.
static size_t line_end(struct str text, size_t at)
{
    while (at < text.len && !is_end(text.at[at])) {
        at++;
    }
    return at;
}

// Where the text begins, behind its mark.
static size_t mark_of(struct str text)
{
    return str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
}

bool quoted_lines_are(struct str text)
{
    size_t at = mark_of(text), lines = 0, quoted = 0, len = 0;

    text       = str_sub(text, 0, text.len < LOOKED_AT ? text.len : LOOKED_AT);
    char *bare = memory_new(text.len + LINES);
    while (at < text.len && lines < LINES) {
        size_t end = line_end(text, at);
        if (end > at) {
            size_t n = undo(str_sub(text, at, end - at), bare + len);
            lines++;
            if (n != SIZE_MAX) {
                quoted++;
                len += n;
                bare[len++] = '\n';
            }
        }
        at = end + 1;
    }
    bool are = lines > 1 && quoted * 10 >= lines * 9 && csv_is_steady(bare, len);
    free(bare);
    return are;
}

char *quoted_lines_undo(struct str text, size_t *ret_len)
{
    char  *bare = memory_new(text.len + 1);
    size_t at = mark_of(text), len = 0;

    while (at < text.len) {
        size_t     end  = line_end(text, at);
        struct str line = str_sub(text, at, end - at);
        size_t     n    = undo(line, bare + len);
        if (n == SIZE_MAX) {
            memcpy(bare + len, line.at, line.len);
            n = line.len;
        }
        len += n;
        for (at = end; at < text.len && is_end(text.at[at]); at++) {
            bare[len++] = text.at[at];
        }
    }
    *ret_len = len;
    return bare;
}
