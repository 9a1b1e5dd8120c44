#include "import/csv_private.h"

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
                    return csv_fail(csv, p, PROBLEM_TOO_MANY, csv->line, CSV_COLUMN_MAX, none());
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
                return csv_fail(csv, p, PROBLEM_QUOTE_STRAY, s.line, csv->count, value);
            }
            s.at++;
        }
        if (s.at >= CSV_LINE_MAX) {
            if (s.state == FIELD_QUOTED && csv->options.forgiving) {
                read_plainly(csv, &s);
                continue;
            }
            if (s.state == FIELD_QUOTED) {
                return csv_fail(csv, p, PROBLEM_QUOTE_OPEN, s.quote_line, csv->count, none());
            }
            return csv_fail(csv, p, PROBLEM_LINE_TOO_LONG, csv->line, csv->count, none());
        }
        if (!csv->at_end) {
            csv_fill(csv);
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
            return csv_fail(csv, p, csv->refusal, s.line, csv->count, none());
        }
        if (s.state == FIELD_QUOTED) {
            return csv_fail(csv, p, PROBLEM_QUOTE_OPEN, s.quote_line, csv->count, none());
        }
        if (s.at == 0 && csv->count == 0) {
            csv->state = CSV_END;
            return CSV_END;
        }
        if (s.state == FIELD_START) {
            s.from = s.at;
        }
        if (!scan_field(csv, &s)) {
            return csv_fail(csv, p, PROBLEM_TOO_MANY, csv->line, CSV_COLUMN_MAX, none());
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

// Tells where something was first met when that is within the record, which ends at `end`.
static void tell(struct csv *csv, struct once *once, size_t end, enum import_code code,
                 struct str value)
{
    char   number[24];
    size_t column = 0;

    if (once->at == SIZE_MAX || once->at >= csv->record + end) {
        return;
    }
    while (column + 1 < csv->count && csv->spans[column + 1].from <= once->at - csv->record) {
        column++;
    }
    import_problem_set(&once->problem, code, csv->line,
                       csv_name_of(csv, column, number, sizeof number), value);
    once->is_told = true;
    once->at      = SIZE_MAX;
}

enum csv_step csv_read_record(struct csv *csv, struct import_problem *p)
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
            return csv_fail(csv, p, PROBLEM_FIELD_TOO_LONG, csv->line, i, none());
        }
    }
    bool is_windows = csv->charset == CHARSET_1252;
    tell(csv, &csv->converted, s.at,
         csv->is_mixed ? PROBLEM_MIXED_READ
         : is_windows  ? PROBLEM_CONVERTED
                       : PROBLEM_CONVERTED_OLD,
         is_windows ? none() : str_of(charset_name(csv->charset)));
    tell(csv, &csv->cleared, s.at, PROBLEM_CLEARED, none());
    settle(csv);
    // The line counter follows the quoted line ends that s.line counted.
    csv->next_line = s.line + 1;
    csv->record += s.at;
    return CSV_RECORD;
}
