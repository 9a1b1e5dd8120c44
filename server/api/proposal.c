#include "api/proposal.h"

#include <stddef.h>

#include "api/page.h"
#include "queries.h"

enum err proposal_list(struct req *r)
{
    enum { MOST = 100 };
    int64_t  before;
    enum err e = page_before(r, &before);
    if (e) {
        return e;
    }
    bool open = !str_eq(query_text(r, "open"), STR("false"));
    return reply_page(r, proposals_list(r->db, open, before, MOST + 1), MOST);
}

enum err proposal_answer(struct req *r)
{
    struct form {
        struct str     due_on, reason;
        const int64_t *member;
        bool           accepted;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "accepted", .type = FIELD_BOOL, .offset = offsetof(struct form, accepted), .required = true },
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct form, member), .nullable = true },
        { .name = "due_on", .type = FIELD_DATE, .offset = offsetof(struct form, due_on) },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct form, reason), .min = 3, .max = 500 },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    if (f.accepted && str_is_absent(f.due_on)) {
        req_field_error(r, "due_on", "required", "Indiquez une échéance.");
        return ERR_INVALID;
    }
    CLEANUP(result_done) struct result done = proposal_reply(r->db, path_id(r), f.accepted, f.member, f.due_on, f.reason);
    return done.err ? done.err : reply_one(r, 200, proposal_document(r->db, path_id(r)));
}
