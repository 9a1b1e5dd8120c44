#include "api/coverage.h"

#include <stddef.h>

#include "queries.h"

struct coverage_filter {
    int64_t    months;
    struct str network, naf, size;
};

static enum err filter_read(struct req *r, struct coverage_filter *ret_f)
{
    static const char *const  networks[] = { "ft", "ml", "ce", "plie", NULL };
    static const struct field fields[]   = {
        { .name = "months", .type = FIELD_INT, .offset = offsetof(struct coverage_filter, months), .min = 1, .max = 60 },
        { .name = "network", .type = FIELD_CHOICE, .offset = offsetof(struct coverage_filter, network), .choices = networks },
        { .name = "naf", .type = FIELD_TEXT, .offset = offsetof(struct coverage_filter, naf), .max = 6 },
        { .name = "size", .type = FIELD_TEXT, .offset = offsetof(struct coverage_filter, size), .max = 100 },
        { 0 },
    };
    *ret_f = (struct coverage_filter){ .months = 12 };
    return query_read(r, fields, ret_f);
}

enum err coverage_get(struct req *r)
{
    struct coverage_filter f;
    enum err               e = filter_read(r, &f);
    return e ? e : reply_many(r, coverage_rows(r->db, f.months, f.network, f.naf, f.size));
}

enum err coverage_csv(struct req *r)
{
    struct coverage_filter f;
    enum err               e = filter_read(r, &f);
    return e ? e : reply_csv(r, "couverture.csv", coverage_table(r->db, f.months, f.network, f.naf, f.size));
}
