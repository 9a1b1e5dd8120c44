// Visits that two partners make together.
#include "api/visit.h"

#include <stddef.h>

#include "queries.h"

struct joint_form {
    struct str     message, state, reason, note;
    const int64_t *organisation, *member;
    int64_t        partner;
};

enum err visit_invite(struct req *r)
{
    static const struct field fields[] = {
        { .name = "organisation", .type = FIELD_ID, .offset = offsetof(struct joint_form, organisation), .nullable = true },
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct joint_form, member), .nullable = true },
        { .name = "message", .type = FIELD_TEXT, .offset = offsetof(struct joint_form, message), .max = 500 },
        { 0 },
    };
    struct joint_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = visit_join(r->db, path_id(r), f.organisation, f.member, f.message);
    return done.err ? done.err : visit_get(r);
}

enum err visit_invitation(struct req *r)
{
    static const char *const  states[] = { "accepted", "declined", "withdrawn", NULL };
    static const struct field fields[] = {
        { .name = "organisation", .type = FIELD_ID, .offset = offsetof(struct joint_form, partner), .required = true },
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct joint_form, state), .choices = states, .required = true },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct joint_form, reason), .min = 3, .max = 500 },
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct joint_form, member), .nullable = true },
        { 0 },
    };
    struct joint_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = visit_join_step(r->db, path_id(r), f.partner, f.state, f.reason, f.member);
    return done.err ? done.err : visit_get(r);
}

enum err visit_note(struct req *r)
{
    static const struct field fields[] = {
        { .name = "note", .type = FIELD_TEXT, .offset = offsetof(struct joint_form, note), .min = 1, .max = 4000, .required = true },
        { 0 },
    };
    struct joint_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = visit_note_write(r->db, path_id(r), f.note);
    return done.err ? done.err : visit_get(r);
}
