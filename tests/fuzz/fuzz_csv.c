// Any bytes: the reader ends, stays within its limits, and gives valid UTF-8.
#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_memory    m;
    struct import_problem p = { 0 };
    struct csv_source     source = fuzz_source(&m, data, size);
    struct csv           *csv =
        csv_open(source, (struct csv_options){ .utf8_only = size && data[0] & 16,
                                                        .forgiving = size && data[0] & 32,
                                                        .encoding = size && data[0] & 192 ? CSV_OLD : CSV_ANY,
                                                        .charset = size ? data[0] >> 6 : 0 }, &p);
    enum csv_step step = CSV_PROBLEM;
    char          text[1024];
    uint64_t      line = 0;

    while (csv && (step = csv_next(csv, &p)) == CSV_RECORD) {
        if (csv_line(csv) <= line || csv_count(csv) == 0 || csv_count(csv) > CSV_COLUMN_MAX) {
            abort();
        }
        line = csv_line(csv);
        for (size_t i = 0; i < csv_count(csv); i++) {
            struct str field = csv_field(csv, i);
            if (field.len > CSV_FIELD_MAX || !str_is_utf8(field)) {
                abort();
            }
        }
        if (!csv_header_count(csv)) {
            csv_set_header(csv);
        }
    }
    if (step == CSV_PROBLEM && p.code == PROBLEM_NONE) {
        abort();
    }
    if (step == CSV_PROBLEM && strlen(import_problem_text(&p, text, sizeof text)) == 0) {
        abort();
    }
    csv_free(csv);
    return 0;
}
