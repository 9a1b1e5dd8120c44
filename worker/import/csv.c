#include "import/csv_private.h"

#include "import/csv_guess.h"

struct str csv_name_of(const struct csv *csv, size_t index, char *number, size_t size)
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

enum csv_step csv_fail(struct csv *csv, struct import_problem *p, enum import_code code,
                       uint64_t line, size_t index, struct str value)
{
    char number[24];

    import_problem_set(&csv->problem, code, line, csv_name_of(csv, index, number, sizeof number),
                       value);
    *p         = csv->problem;
    csv->state = CSV_PROBLEM;
    return CSV_PROBLEM;
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

enum csv_step csv_next(struct csv *csv, struct import_problem *p)
{
    if (csv->state != CSV_RECORD) {
        if (csv->state == CSV_PROBLEM) {
            *p = csv->problem;
        }
        return csv->state;
    }
    for (;;) {
        enum csv_step step = csv_read_record(csv, p);
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
            return csv_fail(csv, p, is_cut ? PROBLEM_TRUNCATED : PROBLEM_COLUMN_COUNT, csv->line,
                            index, none());
        }
    }
    return CSV_RECORD;
}

struct csv *csv_open(struct csv_source source, struct csv_options options, struct import_problem *p)
{
    struct csv *csv = memory_zero(sizeof *csv);

    csv->source     = source;
    csv->options    = options;
    csv->cap        = 2 * (size_t)GROWN;
    csv->text       = memory_new(csv->cap);
    csv->converted.at = csv->cleared.at = SIZE_MAX;
    csv->next_line  = 1;
    csv->state      = CSV_RECORD;
    if (!csv_begin(csv, p)) {
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
        csv->header[i]     = (struct str){ .at = copy, .len = names[i].len };
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

const char *csv_encoding_name(const struct csv *csv)
{
    return csv->encoding == ENCODING_OLD ? charset_name(csv->charset) : "UTF-8";
}

static bool told(const struct once *once, struct import_problem *p)
{
    if (once->is_told) {
        *p = once->problem;
    }
    return once->is_told;
}

bool csv_converted(const struct csv *csv, struct import_problem *p)
{
    return told(&csv->converted, p);
}

bool csv_cleared(const struct csv *csv, struct import_problem *p)
{
    return told(&csv->cleared, p);
}

enum import_code csv_fault(const struct csv *csv, struct import_problem *p)
{
    char number[24];

    if (csv->fault) {
        import_problem_set(p, csv->fault, csv->fault_line,
                           csv->fault_column < CSV_COLUMN_MAX
                               ? csv_name_of(csv, csv->fault_column, number, sizeof number)
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
