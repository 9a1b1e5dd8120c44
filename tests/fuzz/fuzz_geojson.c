// Any text as contours, communes, NAF and zones: accepted or refused with a reason.
#include "reading.h"

#include "import/contours.h"
#include "import/reference.h"

static bool contours(struct str json, struct buf *lines, uint64_t *ret_count,
                     struct import_problem *p)
{
    struct contours_frame frame;

    return contours_read(json, lines, &frame, ret_count, p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str json = { (const char *)data, size };
    bool (*const readers[])(struct str json, struct buf * lines, uint64_t * ret_count,
                            struct import_problem * p) = { contours, communes_read,
                                                           naf_read_json, zones_read };

    for (size_t i = 0; i < LENGTH(readers); i++) {
        struct buf            b = buf_init(1 << 24);
        struct import_problem p = { 0 };
        uint64_t              count = 0, lines = 0;
        bool                  ok = readers[i](json, &b, &count, &p);
        for (size_t k = 0; k < b.len; k++) {
            lines += b.at[k] == '\n';
        }
        if (ok ? lines != count : p.code == PROBLEM_NONE || (str_is_utf8(json) && !str_is_utf8(str_of(p.value)))) {
            abort();
        }
        buf_done(&b);
    }
    return 0;
}
