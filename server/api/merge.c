#include "api/merge.h"

#include <stddef.h>

#include "queries.h"

struct merge_form {
    int64_t    with;
    struct str reason;
};

enum err merge_look(struct req *r)
{
    static const struct field fields[] = {
        { .name = "with", .type = FIELD_ID, .offset = offsetof(struct merge_form, with), .required = true },
        { 0 },
    };
    struct merge_form f = { 0 };
    enum err          e = query_read(r, fields, &f);
    return e ? e : reply_one(r, 200, merge_preview(r->db, path_id(r), f.with));
}

enum err merge_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "with", .type = FIELD_ID, .offset = offsetof(struct merge_form, with), .required = true },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct merge_form, reason), .max = 500 },
        { 0 },
    };
    struct merge_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = merge_make(r->db, path_id(r), f.with, f.reason);
    return made.err ? made.err : reply_one(r, 201, merge_document(r->db, result_int(&made, 0, 0)));
}

enum err merge_back(struct req *r)
{
    static const struct field fields[] = {
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct merge_form, reason), .max = 500 },
        { 0 },
    };
    struct merge_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = merge_unmake(r->db, path_id(r), f.reason);
    return done.err ? done.err : reply_one(r, 200, merge_document(r->db, path_id(r)));
}
