#include "import/csv_guess.h"

#include "base/base.h"

#include <string.h>

enum { LINES = 60, COUNT_MAX = 512 };

// How often c stands in each of the first lines, a quoted text within one line apart.
static size_t count_lines(const char *text, size_t len, char c, unsigned counts[LINES])
{
    size_t   lines     = 0;
    unsigned count     = 0;
    bool     is_quoted = false, is_empty = true;

    for (size_t i = 0; i < len && lines < LINES; i++) {
        bool is_end = text[i] == '\n' || text[i] == '\r';
        if (text[i] == '"') {
            is_quoted = !is_quoted;
        }
        count += !is_quoted && text[i] == c && count < COUNT_MAX;
        is_empty &= is_end;
        if ((is_end || i + 1 == len) && !is_empty) {
            counts[lines++] = count;
            count           = 0;
            is_quoted       = false;
            is_empty        = true;
        }
    }
    return lines;
}

// The best separator, how many lines agree on it, and how many there are.
static char guess(const char *text, size_t len, size_t *ret_same, size_t *ret_lines)
{
    static const char candidates[] = { ';', '\t', '|', ',' };
    char              best         = ',';
    unsigned          best_score   = 0;

    *ret_same = *ret_lines = 0;
    for (size_t k = 0; k < sizeof candidates; k++) {
        unsigned counts[LINES] = { 0 };
        size_t   lines         = count_lines(text, len, candidates[k], counts);
        for (size_t i = 0; i < lines; i++) {
            unsigned same = 0;
            for (size_t n = 0; n < lines; n++) {
                same += counts[n] == counts[i];
            }
            unsigned score = counts[i] ? same * 1000 + counts[i] : 0;
            if (score > best_score) {
                best_score = score;
                best       = candidates[k];
                *ret_same  = same;
            }
        }
        *ret_lines = lines;
    }
    return best;
}

char csv_guess_separator(const char *text, size_t len)
{
    size_t same, lines;

    return guess(text, len, &same, &lines);
}

bool csv_is_steady(const char *text, size_t len)
{
    size_t same, lines;

    guess(text, len, &same, &lines);
    return same && same * 10 >= lines * 9;
}

const char *csv_guess_kind(const char *text, size_t len)
{
    static const struct {
        const char *magic;
        size_t      len;
        const char *kind;
    } kinds[] = {
        { "PK\x03\x04", 4, "classeur Excel ou archive ZIP" },
        { "\xD0\xCF\x11\xE0", 4,
          "classeur Excel d’avant 2007 (.xls)" },
        { "%PDF", 4, "document PDF" },
        { "{\\rtf", 5, "document RTF" },
        { "\x1F\x8B", 2, "archive compressée" },
        { "Rar!", 4, "archive RAR" },
        { "7z\xBC\xAF", 4, "archive 7-Zip" },
        { "\x89PNG", 4, "image" },
        { "\xFF\xD8\xFF", 3, "image" },
        { "GIF8", 4, "image" },
        { "\x7F"
          "ELF",
          4, "programme" },
        { "MIME-Version:", 13, "page enregistrée avec ses images (.mht)" },
        { "<!DOCTYPE", 9, "page HTML" },
        { "<!doctype", 9, "page HTML" },
        { "<html", 5, "page HTML" },
        { "<HTML", 5, "page HTML" },
        { "<table", 6, "page HTML" },
        { "<TABLE", 6, "page HTML" },
        { "<meta", 5, "page HTML" },
        { "<?xml", 5, "document XML" },
        { "{\"", 2, "document JSON" },
        { "[{", 2, "document JSON" },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (len >= kinds[i].len && memcmp(text, kinds[i].magic, kinds[i].len) == 0) {
            return kinds[i].kind;
        }
    }
    return NULL;
}
