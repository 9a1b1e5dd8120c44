#include "api/absence.h"

#include <stddef.h>

#include "queries.h"

struct absence_form {
    struct str     first_on, last_on;
    const int64_t *member;
    bool           closure;
};

enum err absence_list(struct req *r)
{
    return reply_many(r, absences_list(r->db, str_eq(query_text(r, "past"), STR("true"))));
}

enum err absence_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct absence_form, member), .nullable = true },
        { .name = "closure", .type = FIELD_BOOL, .offset = offsetof(struct absence_form, closure) },
        { .name = "first_on", .type = FIELD_DATE, .offset = offsetof(struct absence_form, first_on), .required = true },
        { .name = "last_on", .type = FIELD_DATE, .offset = offsetof(struct absence_form, last_on), .required = true },
        { 0 },
    };
    struct absence_form f = { 0 };
    enum err            e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = absence_new(r->db, f.member, f.closure, f.first_on, f.last_on);
    return made.err ? made.err : reply_one(r, 201, absence_document(r->db, result_int(&made, 0, 0)));
}

static enum err absence_change(struct req *r, struct str last_on, bool cancelled)
{
    CLEANUP(result_done) struct result done = absence_edit(r->db, path_id(r), last_on, cancelled);
    return done.err ? done.err : reply_one(r, 200, absence_document(r->db, path_id(r)));
}

enum err absence_patch(struct req *r)
{
    static const struct field fields[] = {
        { .name = "last_on", .type = FIELD_DATE, .offset = offsetof(struct absence_form, last_on), .required = true },
        { 0 },
    };
    struct absence_form f = { 0 };
    enum err            e = body_read(r, fields, &f);
    return e ? e : absence_change(r, f.last_on, false);
}

enum err absence_cancel(struct req *r)
{
    return absence_change(r, (struct str){ 0 }, true);
}
