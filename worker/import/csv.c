#include "import/csv.h"

#include "import/charset.h"
#include "import/csv_guess.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK   = 64 * 1024,     // bytes asked from the source at a time
    GROWN   = 3 * CHUNK + 8, // what a chunk may become in UTF-8, with the bytes carried over
    AT_ODDS = 4,             // longest UTF-8 sequence
};

enum encoding { ENCODING_ASCII, ENCODING_UTF8, ENCODING_1252 };

// A field while its record is being read: offsets from the record, which may move in memory.
struct span {
    uint32_t from;
    uint32_t len;
    bool     is_doubled; // holds "" still to be made "
};

struct csv {
    struct csv_source  source;
    struct csv_options options;
    char               separator;

    // Bytes read and decoded: text[record .. end[ is still to be given out.
    char    *text;
    size_t   cap;
    size_t   record;
    size_t   end;
    uint64_t taken;
    bool     at_end;

    enum encoding encoding;
    char          carry[AT_ODDS]; // a UTF-8 sequence cut by the end of a chunk
    size_t        carried;
    bool          is_refused; // what follows text[end] cannot be given: see refusal
    bool          is_broken;  // the source failed and said why in problem
    size_t        first_1252; // where the first converted byte is, offset in text, or SIZE_MAX
    bool          is_mixed;   // UTF-8 with bytes of Windows-1252 in it
    bool          has_converted;

    enum import_code      refusal;
    struct import_problem converted;

    // The record read last.
    struct span spans[CSV_COLUMN_MAX];
    struct str  fields[CSV_COLUMN_MAX];
    size_t      count;
    size_t      whole; // with the empty fields behind the header
    uint64_t    line;
    uint64_t    next_line;
    uint64_t    last_unterminated; // line of the last record when nothing ends it, or 0
    enum import_code fault;        // what was wrong with it and was got over
    uint64_t         fault_line;
    size_t           fault_column;

    struct str *header;
    size_t      header_count;

    enum csv_step         state;
    struct import_problem problem;

    char raw[CHUNK];
};

// Text we accept below 0x20: tab, LF, vertical tab (Excel's soft return), form feed, CR.
static bool is_control(unsigned char c)
{
    return c < 0x20 && (c < 0x09 || c > 0x0D);
}

static struct str none(void)
{
    return (struct str){ .at = "", .len = 0 };
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

// Appends raw bytes as UTF-8; there is room for GROWN. Bytes of a sequence cut by the end of the
// chunk are carried over, unless this is the last chunk.
static void decode(struct csv *csv, const unsigned char *s, size_t n, bool is_last)
{
    size_t i = 0;

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
                if (c == 0x1A && is_last && i + 1 == n) {
                    return; // the end-of-file mark of DOS
                }
                refuse(csv, PROBLEM_BINARY);
                return;
            }
            csv->text[csv->end++] = (char)c;
            i++;
            continue;
        }
        if (csv->encoding != ENCODING_1252) {
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
            csv->encoding = csv->is_mixed ? ENCODING_UTF8 : ENCODING_1252;
            if (csv->first_1252 == SIZE_MAX && !csv->has_converted) {
                csv->first_1252 = csv->end;
            }
        }
        unsigned code = charset_1252(c);
        if (!code) {
            refuse(csv, PROBLEM_BINARY);
            return;
        }
        csv->end += charset_put(csv->text + csv->end, code);
        i++;
    }
}

// Reads one chunk more behind text[end], moving or growing the text as needed. False at the end.
static bool fill(struct csv *csv)
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
        csv->first_1252 -= csv->first_1252 == SIZE_MAX ? 0 : csv->record;
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

static struct str name_of(const struct csv *csv, size_t index, char *number, size_t size)
{
    if (index < csv->header_count && csv->header[index].len) {
        return csv->header[index];
    }
    // Columns without a name are shown by number, counted from 1.
    size_t n = 0;
    char   digits[24];
    for (size_t v = index + 1; v; v /= 10) {
        digits[n++] = (char)('0' + v % 10);
    }
    size_t len = 0;
    while (n && len + 1 < size) {
        number[len++] = digits[--n];
    }
    return (struct str){ .at = number, .len = len };
}

static enum csv_step fail(struct csv *csv, struct import_problem *p, enum import_code code,
                          uint64_t line, size_t index, struct str value)
{
    char number[24];

    import_problem_set(&csv->problem, code, line, name_of(csv, index, number, sizeof number),
                       value);
    *p         = csv->problem;
    csv->state = CSV_PROBLEM;
    return CSV_PROBLEM;
}

// Where the reading of a record stands; kept apart from the reader because it starts anew each
// time.
struct scan {
    size_t   at;         // next byte, offset from the record
    size_t   from;       // where the field began
    size_t   to;         // where the text of a quoted field ended
    uint64_t quote_line; // line of the quote that is open
    uint64_t line;
    size_t   wrap; // the quote of the first field that holds a line end, or SIZE_MAX
    enum { FIELD_START, FIELD_PLAIN, FIELD_QUOTED, FIELD_CLOSED } state;
    bool is_doubled;
};

// Begins the field anew with its quote as a character like another.
static void read_plainly(struct csv *csv, struct scan *s)
{
    csv->fault        = PROBLEM_QUOTE_READ;
    csv->fault_line   = s->quote_line;
    csv->fault_column = csv->count;
    s->at             = s->from;
    s->from--;
    s->wrap       = s->wrap == s->from ? SIZE_MAX : s->wrap;
    s->line       = s->quote_line;
    s->state      = FIELD_PLAIN;
    s->is_doubled = false;
}

// Ends the field; false when there are too many.
static bool scan_field(struct csv *csv, struct scan *s)
{
    bool was_quoted = s->state == FIELD_CLOSED;

    if (csv->count == CSV_COLUMN_MAX) {
        return false;
    }
    csv->spans[csv->count++] = (struct span){
        .from       = (uint32_t)s->from,
        .len        = (uint32_t)((was_quoted ? s->to : s->at) - s->from),
        .is_doubled = s->is_doubled,
    };
    s->is_doubled = false;
    s->state      = FIELD_START;
    return true;
}

// Turns the spans into fields, undoubling quotes in place.
static void settle(struct csv *csv)
{
    char *text = csv->text + csv->record;

    for (size_t i = 0; i < csv->count; i++) {
        struct span *span = &csv->spans[i];
        char        *at   = text + span->from;
        size_t       len  = span->len;
        if (span->is_doubled) {
            size_t to = 0;
            for (size_t from = 0; from < len; from++) {
                at[to++] = at[from];
                from += at[from] == '"';
            }
            len = to;
        }
        csv->fields[i] = (struct str){ .at = at, .len = len };
    }
}

static bool is_blank(const struct csv *csv)
{
    for (size_t i = 0; i < csv->count; i++) {
        if (csv->fields[i].len) {
            return false;
        }
    }
    return true;
}

// Columns of the record, without the empty ones behind the header.
static size_t filled(const struct csv *csv)
{
    size_t count = csv->count;

    while (count > csv->header_count && !csv->spans[count - 1].len) {
        count--;
    }
    return count;
}

// Finds the fields of one record, whatever their number, in spans. A quote at plain_at is a
// character like another.
static enum csv_step scan_record(struct csv *csv, struct scan *ret, size_t plain_at,
                                 struct import_problem *p)
{
    struct scan s         = { .line = csv->next_line, .state = FIELD_START, .wrap = SIZE_MAX };
    const char  separator = csv->separator;

    csv->count = 0;
    csv->line  = csv->next_line;
    csv->fault = PROBLEM_NONE;

    for (;;) {
        size_t      left = csv->end - csv->record;
        const char *text = csv->text + csv->record;

        // Never decide on the last byte while more may come: CR LF and "" are pairs.
        while (s.at + 1 < left || (csv->at_end && s.at < left)) {
            char c    = text[s.at];
            char next = s.at + 1 < left ? text[s.at + 1] : '\0';

            if (s.at >= CSV_LINE_MAX) {
                break;
            }
            if (s.state == FIELD_QUOTED) {
                if (c == '"') {
                    if (next == '"') {
                        s.is_doubled = true;
                        s.at += 2;
                        continue;
                    }
                    s.to    = s.at;
                    s.state = FIELD_CLOSED;
                } else if (c == '\n' || (c == '\r' && next != '\n')) {
                    s.line++;
                    s.wrap = s.wrap == SIZE_MAX ? s.from - 1 : s.wrap;
                }
                s.at++;
                continue;
            }
            if (c == separator || c == '\n' || c == '\r') {
                if (s.state == FIELD_START) {
                    s.from = s.at;
                }
                if (!scan_field(csv, &s)) {
                    return fail(csv, p, PROBLEM_TOO_MANY, csv->line, CSV_COLUMN_MAX, none());
                }
                s.at++;
                if (c != separator) {
                    s.at += c == '\r' && next == '\n';
                    csv->last_unterminated = 0;
                    goto done;
                }
                continue;
            }
            if (s.state == FIELD_START) {
                bool is_quote = c == '"' && s.at != plain_at;
                s.from        = s.at + is_quote;
                s.state       = is_quote ? FIELD_QUOTED : FIELD_PLAIN;
                s.quote_line  = s.line;
            } else if (s.state == FIELD_CLOSED && c != ' ' && csv->options.forgiving) {
                read_plainly(csv, &s);
                continue;
            } else if (s.state == FIELD_CLOSED && c != ' ') {
                struct str value = { .at = text + s.from, .len = s.to - s.from };
                return fail(csv, p, PROBLEM_QUOTE_STRAY, s.line, csv->count, value);
            }
            s.at++;
        }
        if (s.at >= CSV_LINE_MAX) {
            if (s.state == FIELD_QUOTED && csv->options.forgiving) {
                read_plainly(csv, &s);
                continue;
            }
            if (s.state == FIELD_QUOTED) {
                return fail(csv, p, PROBLEM_QUOTE_OPEN, s.quote_line, csv->count, none());
            }
            return fail(csv, p, PROBLEM_LINE_TOO_LONG, csv->line, csv->count, none());
        }
        if (!csv->at_end) {
            fill(csv);
            continue;
        }
        if (csv->is_broken) {
            csv->problem.line = s.line;
            *p                = csv->problem;
            csv->state        = CSV_PROBLEM;
            return CSV_PROBLEM;
        }
        if (s.state == FIELD_QUOTED && csv->options.forgiving) {
            read_plainly(csv, &s);
            continue;
        }
        if (csv->is_refused) {
            return fail(csv, p, csv->refusal, s.line, csv->count, none());
        }
        if (s.state == FIELD_QUOTED) {
            return fail(csv, p, PROBLEM_QUOTE_OPEN, s.quote_line, csv->count, none());
        }
        if (s.at == 0 && csv->count == 0) {
            csv->state = CSV_END;
            return CSV_END;
        }
        if (s.state == FIELD_START) {
            s.from = s.at;
        }
        if (!scan_field(csv, &s)) {
            return fail(csv, p, PROBLEM_TOO_MANY, csv->line, CSV_COLUMN_MAX, none());
        }
        csv->last_unterminated = csv->line;
        goto done;
    }

done:
    *ret = s;
    return CSV_RECORD;
}

// A record that holds line ends and has not as many columns as the header: a quote that nobody
// closed swallowed the lines down to the next quote. Read with that quote as a character when this
// gives the right number, else as it was.
static enum csv_step unwrap(struct csv *csv, struct scan *s, struct import_problem *p)
{
    struct scan   whole = *s;
    enum csv_step step  = scan_record(csv, s, whole.wrap, p);

    if (step == CSV_RECORD && filled(csv) == csv->header_count) {
        csv->fault        = PROBLEM_QUOTE_READ;
        csv->fault_line   = csv->line;
        csv->fault_column = CSV_COLUMN_MAX;
        return CSV_RECORD;
    }
    csv->state = CSV_RECORD;
    return scan_record(csv, s, SIZE_MAX, p);
}

// Reads one record, whatever its number of columns.
static enum csv_step read_record(struct csv *csv, struct import_problem *p)
{
    struct scan   s    = { 0 };
    enum csv_step step = scan_record(csv, &s, SIZE_MAX, p);

    if (step == CSV_RECORD && csv->options.forgiving && csv->header_count && s.wrap != SIZE_MAX &&
        filled(csv) != csv->header_count) {
        step = unwrap(csv, &s, p);
    }
    if (step != CSV_RECORD) {
        return step;
    }
    for (size_t i = 0; i < csv->count; i++) {
        if (csv->spans[i].len > CSV_FIELD_MAX) {
            return fail(csv, p, PROBLEM_FIELD_TOO_LONG, csv->line, i, none());
        }
    }
    if (csv->first_1252 != SIZE_MAX && csv->first_1252 < csv->record + s.at) {
        size_t column = 0;
        size_t offset = csv->first_1252 - csv->record;
        while (column + 1 < csv->count && csv->spans[column + 1].from <= offset) {
            column++;
        }
        char number[24];
        import_problem_set(&csv->converted,
                           csv->is_mixed ? PROBLEM_MIXED_READ : PROBLEM_CONVERTED, csv->line,
                           name_of(csv, column, number, sizeof number), none());
        csv->has_converted = true;
        csv->first_1252    = SIZE_MAX;
    }
    settle(csv);
    // The line counter follows the quoted line ends that s.line counted.
    csv->next_line = s.line + 1;
    csv->record += s.at;
    return CSV_RECORD;
}

enum csv_step csv_next(struct csv *csv, struct import_problem *p)
{
    if (csv->state != CSV_RECORD) {
        if (csv->state == CSV_PROBLEM) {
            *p = csv->problem;
        }
        return csv->state;
    }
    for (;;) {
        enum csv_step step = read_record(csv, p);
        if (step != CSV_RECORD) {
            return step;
        }
        if (!is_blank(csv)) {
            break;
        }
    }
    csv->whole = csv->count;
    if (csv->header_count && csv->count != csv->header_count) {
        while (csv->count > csv->header_count && !csv->fields[csv->count - 1].len) {
            csv->count--;
        }
        if (csv->count != csv->header_count) {
            size_t index  = csv->count < csv->header_count ? csv->count : csv->header_count;
            bool   is_cut = csv->count < csv->header_count && csv->last_unterminated == csv->line;
            if (csv->options.forgiving) {
                csv->fault        = is_cut ? PROBLEM_TRUNCATED : PROBLEM_COLUMN_COUNT;
                csv->fault_line   = csv->line;
                csv->fault_column = is_cut ? index : CSV_COLUMN_MAX;
                return CSV_RECORD;
            }
            return fail(csv, p, is_cut ? PROBLEM_TRUNCATED : PROBLEM_COLUMN_COUNT, csv->line, index,
                        none());
        }
    }
    return CSV_RECORD;
}

// Reads the first chunk, looks at its first bytes and decodes it. False with p filled.
static bool begin(struct csv *csv, struct import_problem *p)
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
    } else if (csv->options.encoding == CSV_1252) {
        csv->encoding = ENCODING_1252;
    }
    decode(csv, raw + mark, len - mark, csv->at_end);
    if (csv->end == 0 && !csv->is_refused && csv->at_end) {
        import_problem_set(p, PROBLEM_EMPTY, 1, none(), none());
        return false;
    }
    return true;
}

struct csv *csv_open(struct csv_source source, struct csv_options options, struct import_problem *p)
{
    struct csv *csv = memory_zero(sizeof *csv);

    csv->source     = source;
    csv->options    = options;
    csv->cap        = 2 * (size_t)GROWN;
    csv->text       = memory_new(csv->cap);
    csv->first_1252 = SIZE_MAX;
    csv->next_line  = 1;
    csv->state      = CSV_RECORD;
    if (!begin(csv, p)) {
        csv_free(csv);
        return NULL;
    }
    if (csv->end >= 6 && memcmp(csv->text, "sep=", 4) == 0 && csv->text[4] != '\r' &&
        (csv->text[5] == '\n' || csv->text[5] == '\r')) {
        csv->separator = csv->text[4];
        csv->record    = csv->text[5] == '\r' && csv->end > 6 && csv->text[6] == '\n' ? 7 : 6;
        csv->next_line = 2;
    } else {
        csv->separator = csv_guess_separator(csv->text, csv->end);
    }
    csv->separator = options.separator ? options.separator : csv->separator;
    return csv;
}

void csv_free(struct csv *csv)
{
    if (csv) {
        csv_clear_header(csv);
        free(csv->text);
        free(csv);
    }
}

size_t csv_count(const struct csv *csv)
{
    return csv->count;
}

size_t csv_whole(const struct csv *csv)
{
    return csv->whole;
}

struct str csv_field(const struct csv *csv, size_t index)
{
    return index < csv->count ? csv->fields[index] : none();
}

uint64_t csv_line(const struct csv *csv)
{
    return csv->line;
}

void csv_clear_header(struct csv *csv)
{
    for (size_t i = 0; i < csv->header_count; i++) {
        free((void *)(uintptr_t)csv->header[i].at);
    }
    free(csv->header);
    csv->header       = NULL;
    csv->header_count = 0;
}

void csv_set_header(struct csv *csv)
{
    size_t count = csv->count;

    csv_clear_header(csv);
    // Columns left empty at the right end are what a spreadsheet drags along.
    while (count > 1 && !csv->fields[count - 1].len) {
        count--;
    }
    csv->header = memory_zero(count * sizeof *csv->header);
    for (size_t i = 0; i < count; i++) {
        struct str name = csv->fields[i];
        while (name.len && (name.at[0] == ' ' || name.at[0] == '\t' || name.at[0] == '\n')) {
            name.at++;
            name.len--;
        }
        while (name.len && (name.at[name.len - 1] == ' ' || name.at[name.len - 1] == '\t')) {
            name.len--;
        }
        char *copy = memory_new(name.len + 1);
        memcpy(copy, name.at, name.len);
        copy[name.len] = '\0';
        csv->header[i] = (struct str){ .at = copy, .len = name.len };
    }
    csv->header_count = count;
}

void csv_put_header(struct csv *csv, const struct str *names, size_t count)
{
    csv_clear_header(csv);
    csv->header = memory_zero((count ? count : 1) * sizeof *csv->header);
    for (size_t i = 0; i < count; i++) {
        char *copy = memory_new(names[i].len + 1);
        if (names[i].len) {
            memcpy(copy, names[i].at, names[i].len);
        }
        copy[names[i].len] = '\0';
        csv->header[i] = (struct str){ .at = copy, .len = names[i].len };
    }
    csv->header_count = count;
}

size_t csv_header_count(const struct csv *csv)
{
    return csv->header_count;
}

struct str csv_header(const struct csv *csv, size_t index)
{
    return index < csv->header_count ? csv->header[index] : none();
}

char csv_separator(const struct csv *csv)
{
    return csv->separator;
}

bool csv_is_1252(const struct csv *csv)
{
    return csv->encoding == ENCODING_1252;
}

bool csv_converted(const struct csv *csv, struct import_problem *p)
{
    if (csv->has_converted) {
        *p = csv->converted;
    }
    return csv->has_converted;
}

enum import_code csv_fault(const struct csv *csv, struct import_problem *p)
{
    char number[24];

    if (csv->fault) {
        import_problem_set(p, csv->fault, csv->fault_line,
                           csv->fault_column < CSV_COLUMN_MAX
                               ? name_of(csv, csv->fault_column, number, sizeof number)
                               : none(),
                           none());
    }
    return csv->fault;
}

bool csv_unterminated(const struct csv *csv, struct import_problem *p)
{
    if (csv->state == CSV_END && csv->last_unterminated) {
        import_problem_set(p, PROBLEM_UNTERMINATED, csv->last_unterminated, none(), none());
        return true;
    }
    return false;
}

uint64_t csv_bytes(const struct csv *csv)
{
    return csv->taken;
}
