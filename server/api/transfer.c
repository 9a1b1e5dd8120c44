#include "api/transfer.h"

#include <stddef.h>

#include "api/page.h"
#include "queries.h"

enum err transfer_post(struct req *r)
{
    static const char *const kinds[] = { "give", "ask", NULL };
    struct form {
        struct str     kind, message;
        const int64_t *organisation, *member;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "kind", .type = FIELD_CHOICE, .offset = offsetof(struct form, kind), .choices = kinds, .required = true },
        { .name = "organisation", .type = FIELD_ID, .offset = offsetof(struct form, organisation), .nullable = true },
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct form, member), .nullable = true },
        { .name = "message", .type = FIELD_TEXT, .offset = offsetof(struct form, message), .min = 3, .max = 500 },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    if (str_eq(f.kind, STR("give")) && !f.organisation) {
        req_field_error(r, "organisation", "required", "Choisissez une structure.");
        return ERR_INVALID;
    }
    CLEANUP(result_done) struct result made = transfer_new(r->db, path_id(r), f.kind, f.organisation, f.member, f.message);
    return made.err ? made.err : reply_one(r, 201, transfer_document(r->db, result_int(&made, 0, 0)));
}

enum err transfer_list(struct req *r)
{
    enum { MOST = 100 };
    int64_t  before;
    enum err e = page_before(r, &before);
    if (e) {
        return e;
    }
    bool open = !str_eq(query_text(r, "open"), STR("false"));
    return reply_page(r, transfers_list(r->db, open, before, MOST + 1), MOST);
}

static enum err transfer_go(struct req *r, struct str state, struct str reason, const int64_t *member)
{
    CLEANUP(result_done) struct result done = transfer_step(r->db, path_id(r), state, reason, member);
    return done.err ? done.err : reply_one(r, 200, transfer_document(r->db, path_id(r)));
}

enum err transfer_answer(struct req *r)
{
    static const char *const states[] = { "accepted", "refused", NULL };
    struct form {
        struct str     state, reason;
        const int64_t *member;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct form, state), .choices = states, .required = true },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct form, reason), .min = 3, .max = 500 },
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct form, member), .nullable = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    return e ? e : transfer_go(r, f.state, f.reason, f.member);
}

enum err transfer_withdraw(struct req *r)
{
    return transfer_go(r, STR("withdrawn"), (struct str){ 0 }, NULL);
}
