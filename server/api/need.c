#include "api/need.h"

#include <stddef.h>

#include "api/establishment.h"
#include "api/page.h"
#include "queries.h"

static const char *const horizons[]  = { "now", "quarter", "half", "year", NULL };
static const char *const contracts[] = { "cdi", "cdd", "interim", "seasonal", "apprenticeship", "professionalisation",
                                         "subsidised", "internship", NULL };

enum err need_list(struct req *r)
{
    enum { MOST = 100 };
    static const char *const states[] = { "declared", "confirmed", "offer", "filled", "abandoned", NULL };
    struct filter {
        const int64_t *establishment;
        struct str     state;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct filter, establishment), .nullable = true },
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct filter, state), .choices = states },
        { 0 },
    };
    int64_t  before;
    enum err e = query_read(r, fields, &f);
    if (e || (e = page_before(r, &before))) {
        return e;
    }
    return reply_page(r, needs_list(r->db, f.establishment, f.state, before, MOST + 1), MOST);
}

enum err need_post(struct req *r)
{
    struct form {
        const int64_t *establishment, *posts;
        struct str     siret, rome, horizon, contract;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct form, establishment), .nullable = true },
        { .name = "siret", .type = FIELD_TEXT, .offset = offsetof(struct form, siret), .min = 14, .max = 14 },
        { .name = "rome", .type = FIELD_TEXT, .offset = offsetof(struct form, rome), .min = 5, .max = 5, .required = true },
        { .name = "posts", .type = FIELD_INT, .offset = offsetof(struct form, posts), .nullable = true, .min = 1, .max = 500 },
        { .name = "horizon", .type = FIELD_CHOICE, .offset = offsetof(struct form, horizon), .choices = horizons, .required = true },
        { .name = "contract", .type = FIELD_CHOICE, .offset = offsetof(struct form, contract), .choices = contracts },
        { 0 },
    };
    int64_t  employer;
    enum err e = body_read(r, fields, &f);
    if (e || (e = establishment_named(r, f.establishment, f.siret, &employer))) {
        return e;
    }
    CLEANUP(result_done) struct result made = need_new(r->db, employer, f.rome, f.posts, f.horizon, f.contract);
    return made.err ? made.err : reply_one(r, 201, need_document(r->db, result_int(&made, 0, 0)));
}
