#include "api/tour.h"

#include <stddef.h>

#include "queries.h"

enum { MEMBERS_MOST = 40, LINES_MOST = 400 };

enum err tour_post(struct req *r)
{
    struct form {
        struct str  first, members;
        const bool *nearby;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name = "first", .type = FIELD_DATE, .offset = offsetof(struct form, first), .required = true },
        { .name = "members", .type = FIELD_IDS, .offset = offsetof(struct form, members), .min = 1, .max = MEMBERS_MOST },
        { .name = "nearby", .type = FIELD_BOOL, .offset = offsetof(struct form, nearby), .nullable = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = tour_new(r->db, f.first, f.members, f.nearby);
    return made.err ? made.err : reply_one(r, 201, tour_document(r->db, result_int(&made, 0, 0)));
}

enum err tour_get(struct req *r)
{
    return reply_one(r, 200, tour_document(r->db, path_id(r)));
}

// The suggestion as it is now, or why it did not change.
static enum err answer(struct req *r, struct result done)
{
    enum err e = done.err;
    result_done(&done);
    return e ? e : tour_get(r);
}

enum err tour_end_post(struct req *r)
{
    return answer(r, tour_cancel(r->db, path_id(r)));
}

enum err tour_again_post(struct req *r)
{
    return answer(r, tour_replan(r->db, path_id(r)));
}

enum err tour_accept_post(struct req *r)
{
    struct form {
        struct str lines;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name = "lines", .type = FIELD_IDS, .offset = offsetof(struct form, lines), .min = 1, .max = LINES_MOST, .required = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    return e ? e : reply_one(r, 200, tour_take(r->db, path_id(r), f.lines));
}

enum err tour_refuse_post(struct req *r)
{
    struct form {
        int64_t    line;
        struct str reason;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name = "line", .type = FIELD_ID, .offset = offsetof(struct form, line), .required = true },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct form, reason), .max = 500 },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    return e ? e : answer(r, tour_refuse(r->db, path_id(r), f.line, f.reason));
}

enum err tour_place_post(struct req *r)
{
    struct form {
        int64_t     line;
        struct str  at;
        const bool *locked;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name = "line", .type = FIELD_ID, .offset = offsetof(struct form, line), .required = true },
        { .name = "at", .type = FIELD_TIME, .offset = offsetof(struct form, at) },
        { .name = "locked", .type = FIELD_BOOL, .offset = offsetof(struct form, locked), .nullable = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    return e ? e : answer(r, tour_place(r->db, path_id(r), f.line, f.at, f.locked));
}
