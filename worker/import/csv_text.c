#include "import/csv_private.h"

#include "import/csv_guess.h"

enum { STRANGE_FREE = 8 }; // bytes that are no text, beside one in a hundred

// Text we accept below 0x20: tab, LF, vertical tab (Excel's soft return), form feed, CR.
static bool is_control(unsigned char c)
{
    return c < 0x20 && (c < 0x09 || c > 0x0D);
}

// Length of the UTF-8 sequence at s: 0 when wrong, -1 when cut by the end.
static int sequence_len(const unsigned char *s, size_t left)
{
    unsigned char c = s[0];
    int           n;

    if (c >= 0xC2 && c <= 0xDF) {
        n = 2;
    } else if (c >= 0xE0 && c <= 0xEF) {
        n = 3;
    } else if (c >= 0xF0 && c <= 0xF4) {
        n = 4;
    } else {
        return 0;
    }
    for (int i = 1; i < n; i++) {
        if ((size_t)i >= left) {
            return -1;
        }
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
        if (i == 1 && ((c == 0xE0 && s[1] < 0xA0) || (c == 0xED && s[1] > 0x9F) ||
                       (c == 0xF0 && s[1] < 0x90) || (c == 0xF4 && s[1] > 0x8F))) {
            return 0;
        }
    }
    return n;
}

static void refuse(struct csv *csv, enum import_code code)
{
    csv->is_refused = true;
    csv->refusal    = code;
    csv->at_end     = true;
}

static void first_at(const struct csv *csv, struct once *once)
{
    if (once->at == SIZE_MAX && !once->is_told) {
        once->at = csv->end;
    }
}

// Gets over a byte that is no text by what stands for it; false when there are too many for a text.
static bool get_over(struct csv *csv, unsigned code, size_t n)
{
    if (!csv->options.forgiving || ++csv->strange > STRANGE_FREE + n / 100) {
        refuse(csv, PROBLEM_BINARY);
        return false;
    }
    first_at(csv, &csv->cleared);
    csv->end += code ? charset_put(csv->text + csv->end, code) : 0;
    return true;
}

// Appends raw bytes as UTF-8; there is room for GROWN. Bytes of a sequence cut by the end of the
// chunk are carried over, unless this is the last chunk.
static void decode(struct csv *csv, const unsigned char *s, size_t n, bool is_last)
{
    size_t i = 0;

    csv->strange = 0;
    while (i < n) {
        if (i + 8 <= n) {
            // Eight plain characters at once: no high bit, none below 0x20.
            uint64_t w;
            memcpy(&w, s + i, 8);
            if (!((w | (w - UINT64_C(0x2020202020202020))) & UINT64_C(0x8080808080808080))) {
                memcpy(csv->text + csv->end, &w, 8);
                csv->end += 8;
                i += 8;
                continue;
            }
        }
        unsigned char c = s[i];
        if (c < 0x80) {
            if (is_control(c)) {
                if (c == 0x1A && i + 1 == n) {
                    // The end-of-file mark of DOS, if nothing follows.
                    csv->carried  = !is_last;
                    csv->carry[0] = (char)c;
                    return;
                }
                if (!get_over(csv, c ? ' ' : 0, n)) {
                    return;
                }
                i++;
                continue;
            }
            csv->text[csv->end++] = (char)c;
            i++;
            continue;
        }
        if (csv->encoding != ENCODING_OLD) {
            // A person who says UTF-8 is not contradicted by a stray byte: it is wrong.
            int len = sequence_len(s + i, n - i);
            if (len > 0) {
                csv->encoding = ENCODING_UTF8;
                memcpy(csv->text + csv->end, s + i, (size_t)len);
                csv->end += (size_t)len;
                i += (size_t)len;
                continue;
            }
            if (len < 0 && !is_last) {
                csv->carried = n - i;
                memcpy(csv->carry, s + i, csv->carried);
                return;
            }
            if (len < 0 && csv->encoding == ENCODING_UTF8) {
                refuse(csv, PROBLEM_TRUNCATED);
                return;
            }
            if (csv->encoding == ENCODING_UTF8 && !csv->options.forgiving) {
                refuse(csv, csv->options.utf8_only ? PROBLEM_NOT_UTF8 : PROBLEM_MIXED);
                return;
            }
            if (csv->encoding != ENCODING_UTF8 &&
                (csv->options.utf8_only || csv->options.encoding == CSV_UTF8)) {
                refuse(csv, PROBLEM_NOT_UTF8);
                return;
            }
            // Pieces of several files put together: such a byte is what Windows means by it, and
            // what follows is UTF-8 again.
            csv->is_mixed = csv->encoding == ENCODING_UTF8;
            if (!csv->is_mixed) {
                size_t from   = i ? i - 1 : 0;
                csv->encoding = ENCODING_OLD;
                csv->charset  = charset_guess((struct str){ (const char *)s + from, n - from });
            }
            first_at(csv, &csv->converted);
        }
        unsigned code = charset_code(csv->charset, c);
        if (code) {
            csv->end += charset_put(csv->text + csv->end, code);
        } else if (!get_over(csv, 0xFFFD, n)) {
            return;
        }
        i++;
    }
}

bool csv_fill(struct csv *csv)
{
    char    joined[CHUNK + AT_ODDS];
    size_t  kept = csv->carried;
    ssize_t n;

    if (csv->at_end) {
        return false;
    }
    if (csv->record > 0) {
        memmove(csv->text, csv->text + csv->record, csv->end - csv->record);
        csv->end -= csv->record;
        csv->converted.at -= csv->converted.at == SIZE_MAX ? 0 : csv->record;
        csv->cleared.at -= csv->cleared.at == SIZE_MAX ? 0 : csv->record;
        csv->record = 0;
    }
    if (csv->cap - csv->end < GROWN) {
        csv->cap  = csv->end + 2 * (size_t)GROWN;
        csv->text = memory_resize(csv->text, csv->cap);
    }
    n = csv->source.read(csv->source.context, csv->raw, CHUNK, &csv->problem);
    if (n < 0) {
        csv->at_end    = true;
        csv->is_broken = true;
        return false;
    }
    csv->taken += (uint64_t)n;
    if (n == 0) {
        csv->at_end = true;
    }
    csv->carried = 0;
    if (kept) {
        memcpy(joined, csv->carry, kept);
        memcpy(joined + kept, csv->raw, (size_t)n);
        decode(csv, (const unsigned char *)joined, kept + (size_t)n, n == 0);
    } else {
        decode(csv, (const unsigned char *)csv->raw, (size_t)n, n == 0);
    }
    return n > 0 || kept > 0;
}

bool csv_begin(struct csv *csv, struct import_problem *p)
{
    const unsigned char *raw = (const unsigned char *)csv->raw;
    size_t               len = 0;

    // A pipe may give few bytes at a time: the beginning must be whole to be judged.
    while (len < CHUNK) {
        ssize_t n = csv->source.read(csv->source.context, csv->raw + len, CHUNK - len, p);
        if (n < 0) {
            p->line = 1; // where it stopped
            for (size_t k = 0; k < len; k++) {
                p->line += raw[k] == '\n';
            }
            return false;
        }
        if (n == 0) {
            csv->at_end = true;
            break;
        }
        len += (size_t)n;
    }
    csv->taken = len;
    if (len == 0) {
        import_problem_set(p, PROBLEM_EMPTY, 1, none(), none());
        return false;
    }
    if (len >= 2 && ((raw[0] == 0xFF && raw[1] == 0xFE) || (raw[0] == 0xFE && raw[1] == 0xFF))) {
        import_problem_set(p, PROBLEM_UTF16, 1, STR("1"), none());
        return false;
    }
    const char *kind = csv_guess_kind(csv->raw, len);
    if (kind) {
        import_problem_set(p, PROBLEM_NOT_CSV, 1, STR("1"),
                           (struct str){ .at = kind, .len = strlen(kind) });
        return false;
    }
    size_t mark = len >= 3 && memcmp(raw, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (mark) {
        csv->encoding = ENCODING_UTF8;
    } else if (csv->options.encoding == CSV_OLD) {
        csv->encoding = ENCODING_OLD;
        csv->charset  = csv->options.charset;
    }
    decode(csv, raw + mark, len - mark, csv->at_end);
    if (csv->end == 0 && !csv->is_refused && csv->at_end) {
        import_problem_set(p, PROBLEM_EMPTY, 1, none(), none());
        return false;
    }
    return true;
}
