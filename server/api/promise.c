#include "api/promise.h"

#include <stddef.h>

#include "api/establishment.h"
#include "queries.h"

struct promise_form {
    const int64_t *establishment;
    struct str     siret, due_on, reason, override_reason;
};

enum err promise_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct promise_form, establishment), .nullable = true },
        { .name = "siret", .type = FIELD_TEXT, .offset = offsetof(struct promise_form, siret), .min = 14, .max = 14 },
        { .name = "due_on", .type = FIELD_DATE, .offset = offsetof(struct promise_form, due_on), .required = true },
        { .name = "override_reason", .type = FIELD_TEXT, .offset = offsetof(struct promise_form, override_reason), .max = 500 },
        { 0 },
    };
    struct promise_form f = { 0 };
    int64_t             employer;
    enum err            e = body_read(r, fields, &f);
    if (e || (e = establishment_named(r, f.establishment, f.siret, &employer))) {
        return e;
    }
    CLEANUP(result_done) struct result made = promise_new(r->db, employer, f.due_on, f.override_reason);
    if (made.err) {
        return made.err;
    }
    return reply_one(r, 201, promise_document(r->db, result_int(&made, 0, 0)));
}

enum err promise_list(struct req *r)
{
    enum { MOST = 100 };
    struct str after;
    enum err   e = query_cursor(r, &after);
    if (e) {
        return e;
    }
    bool mine = !str_eq(query_text(r, "scope"), STR("organisation"));
    return reply_page(r, promises_list(r->db, mine, after, MOST + 1), MOST);
}

static enum err promise_change(struct req *r, struct str due_on, struct str state, struct str reason)
{
    CLEANUP(result_done) struct result done = promise_edit(r->db, path_id(r), due_on, state, reason);
    if (done.err) {
        return done.err;
    }
    return reply_one(r, 200, promise_document(r->db, path_id(r)));
}

enum err promise_extend(struct req *r)
{
    static const struct field fields[] = {
        { .name = "due_on", .type = FIELD_DATE, .offset = offsetof(struct promise_form, due_on), .required = true },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct promise_form, reason), .min = 3, .max = 500, .required = true },
        { 0 },
    };
    struct promise_form f = { 0 };
    enum err            e = body_read(r, fields, &f);
    return e ? e : promise_change(r, f.due_on, (struct str){ 0 }, f.reason);
}

enum err promise_return(struct req *r)
{
    static const struct field fields[] = {
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct promise_form, reason), .min = 3, .max = 500, .required = true },
        { 0 },
    };
    struct promise_form f = { 0 };
    enum err            e = body_read(r, fields, &f);
    return e ? e : promise_change(r, (struct str){ 0 }, STR("returned"), f.reason);
}
