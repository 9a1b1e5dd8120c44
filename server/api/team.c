#include "api/team.h"

#include <stddef.h>

#include "queries.h"

enum { MEMBERS_MOST = 60, PARTNERS_MOST = 20 };

struct team_form {
    struct str     name, purpose, organisations, members, reason;
    const int64_t *segment;
};

enum err team_list(struct req *r)
{
    return reply_many(r, teams_list(r->db, str_eq(query_text(r, "ended"), STR("true"))));
}

enum err team_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "name", .type = FIELD_TEXT, .offset = offsetof(struct team_form, name), .min = 3, .max = 80, .required = true },
        { .name = "purpose", .type = FIELD_TEXT, .offset = offsetof(struct team_form, purpose), .max = 500 },
        { .name = "segment", .type = FIELD_ID, .offset = offsetof(struct team_form, segment), .nullable = true },
        { .name = "organisations", .type = FIELD_IDS, .offset = offsetof(struct team_form, organisations), .min = 1, .max = PARTNERS_MOST, .required = true },
        { .name = "members", .type = FIELD_IDS, .offset = offsetof(struct team_form, members), .min = 1, .max = MEMBERS_MOST, .required = true },
        { 0 },
    };
    struct team_form f = { 0 };
    enum err         e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = team_new(r->db, f.name, f.purpose, f.segment, f.organisations, f.members);
    return made.err ? made.err : reply_one(r, 201, team_document(r->db, result_int(&made, 0, 0)));
}

enum err team_agree(struct req *r)
{
    static const struct field fields[] = {
        { .name = "members", .type = FIELD_IDS, .offset = offsetof(struct team_form, members), .min = 1, .max = MEMBERS_MOST, .required = true },
        { 0 },
    };
    struct team_form f = { 0 };
    enum err         e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = team_agreed(r->db, path_id(r), f.members);
    return done.err ? done.err : reply_one(r, 200, team_document(r->db, path_id(r)));
}

enum err team_end(struct req *r)
{
    static const struct field fields[] = {
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct team_form, reason), .min = 3, .max = 500, .required = true },
        { 0 },
    };
    struct team_form f = { 0 };
    enum err         e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = team_ended(r->db, path_id(r), f.reason);
    return done.err ? done.err : reply_one(r, 200, team_document(r->db, path_id(r)));
}
