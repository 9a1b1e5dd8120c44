#include "api/claim.h"

#include <stddef.h>

#include "queries.h"

enum { CLAIMS_MOST = 100 };

struct claim_form {
    struct str kind, detail, reason;
};

enum err claim_list(struct req *r)
{
    return reply_many(r, claims_waiting(r->db, CLAIMS_MOST));
}

enum err claim_post(struct req *r)
{
    static const char *const  kinds[]  = { "closed", "moved", "unreachable", NULL };
    static const struct field fields[] = {
        { .name = "kind", .type = FIELD_CHOICE, .offset = offsetof(struct claim_form, kind), .choices = kinds, .required = true },
        { .name = "detail", .type = FIELD_TEXT, .offset = offsetof(struct claim_form, detail), .max = 300 },
        { 0 },
    };
    struct claim_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = claim_new(r->db, path_id(r), f.kind, f.detail);
    if (made.err) {
        return made.err;
    }
    return reply_one(r, 201, claim_document(r->db, result_int(&made, 0, 0)));
}

static enum err settle(struct req *r, struct str state, struct str reason)
{
    CLEANUP(result_done) struct result done = claim_end(r->db, path_id(r), state, reason);
    if (done.err) {
        return done.err;
    }
    return reply_one(r, 200, claim_document(r->db, path_id(r)));
}

enum err claim_confirm(struct req *r)
{
    return settle(r, STR("confirmed"), (struct str){ 0 });
}

enum err claim_deny(struct req *r)
{
    static const struct field fields[] = {
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct claim_form, reason), .min = 3, .max = 300, .required = true },
        { 0 },
    };
    struct claim_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    return e ? e : settle(r, STR("denied"), f.reason);
}

enum err claim_withdraw(struct req *r)
{
    return settle(r, STR("withdrawn"), (struct str){ 0 });
}
