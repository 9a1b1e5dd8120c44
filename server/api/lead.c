#include "api/lead.h"

#include <stddef.h>

#include "api/page.h"
#include "queries.h"

enum err lead_list(struct req *r)
{
    enum { MOST = 100 };
    static const char *const scopes[] = { "all", "sent", "received", NULL };
    static const char *const states[] = { "sent", "taken", "done", "declined", "withdrawn", NULL };
    struct filter {
        struct str scope, state;
    } f = { .scope = STR("all") };
    static const struct field fields[] = {
        { .name = "scope", .type = FIELD_CHOICE, .offset = offsetof(struct filter, scope), .choices = scopes },
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct filter, state), .choices = states },
        { 0 },
    };
    int64_t  before;
    enum err e = query_read(r, fields, &f);
    if (e || (e = page_before(r, &before))) {
        return e;
    }
    return reply_page(r, leads_list(r->db, f.scope, f.state, before, MOST + 1), MOST);
}

enum err lead_post(struct req *r)
{
    static const char *const kinds[] = { "recruiting", "settling", "transfer", "difficulty", NULL };
    struct form {
        const int64_t *establishment, *recipient_member;
        int64_t        recipient;
        struct str     kind, employer, commune, told;
        bool           confidential;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "kind", .type = FIELD_CHOICE, .offset = offsetof(struct form, kind), .choices = kinds, .required = true },
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct form, establishment), .nullable = true },
        { .name = "employer", .type = FIELD_TEXT, .offset = offsetof(struct form, employer), .min = 2, .max = 200 },
        { .name = "commune", .type = FIELD_TEXT, .offset = offsetof(struct form, commune), .min = 5, .max = 5 },
        { .name = "told", .type = FIELD_TEXT, .offset = offsetof(struct form, told), .min = 3, .max = 2000, .required = true },
        { .name = "confidential", .type = FIELD_BOOL, .offset = offsetof(struct form, confidential) },
        { .name = "recipient", .type = FIELD_ID, .offset = offsetof(struct form, recipient), .required = true },
        { .name = "recipient_member", .type = FIELD_ID, .offset = offsetof(struct form, recipient_member), .nullable = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    if (!f.establishment && !f.employer.len) {
        req_field_error(r, "employer", "required", "Choisissez l’entreprise, ou écrivez son nom.");
        return ERR_INVALID;
    }
    CLEANUP(result_done)
    struct result made = lead_new(r->db, f.kind, f.establishment, f.employer, f.commune, f.told, f.confidential, f.recipient, f.recipient_member);
    return made.err ? made.err : reply_one(r, 201, lead_document(r->db, result_int(&made, 0, 0)));
}

enum err lead_employers_get(struct req *r)
{
    enum { MOST = 20 };
    struct filter {
        struct str q;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct filter, q), .min = 3, .max = 100, .required = true },
        { 0 },
    };
    enum err e = query_read(r, fields, &f);
    return e ? e : reply_many(r, lead_employers_found(r->db, f.q, MOST));
}

enum err lead_recipients_get(struct req *r)
{
    return reply_many(r, lead_recipients(r->db));
}

enum err lead_get(struct req *r)
{
    return reply_one(r, 200, lead_document(r->db, path_id(r)));
}

// The lead as it is now, when what was done to it went well.
static enum err now(struct req *r, struct result done)
{
    CLEANUP(result_done) struct result held = done;
    return held.err ? held.err : lead_get(r);
}

struct answer_form {
    const int64_t *establishment, *member, *posts;
    struct str     state, answer, rome, horizon, due_on, override_reason;
};

#define LEAD_ANSWER { .name = "answer", .type = FIELD_TEXT, .offset = offsetof(struct answer_form, answer), .min = 3, .max = 1000 }
#define LEAD_DUE    { .name = "due_on", .type = FIELD_DATE, .offset = offsetof(struct answer_form, due_on), .required = true }

enum err lead_move_post(struct req *r)
{
    static const char *const  states[] = { "taken", "done", "declined", NULL };
    static const struct field fields[] = {
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct answer_form, state), .choices = states, .required = true },
        LEAD_ANSWER,
        { 0 },
    };
    struct answer_form f = { 0 };
    enum err           e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    if (!f.answer.len && !str_eq(f.state, STR("taken"))) {
        req_field_error(r, "answer", "required", "Écrivez ce que vous répondez.");
        return ERR_INVALID;
    }
    return now(r, lead_step(r->db, path_id(r), f.state, f.answer));
}

enum err lead_withdraw_post(struct req *r)
{
    return now(r, lead_back(r->db, path_id(r)));
}

enum err lead_employer_put(struct req *r)
{
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct answer_form, establishment), .nullable = true, .required = true },
        { 0 },
    };
    struct answer_form f = { 0 };
    enum err           e = body_read(r, fields, &f);
    return e ? e : now(r, lead_about(r->db, path_id(r), *f.establishment));
}

enum err lead_need_post(struct req *r)
{
    static const char *const  horizons[] = { "now", "quarter", "half", "year", NULL };
    static const struct field fields[]   = {
        { .name = "rome", .type = FIELD_TEXT, .offset = offsetof(struct answer_form, rome), .min = 5, .max = 5, .required = true },
        { .name = "posts", .type = FIELD_INT, .offset = offsetof(struct answer_form, posts), .nullable = true, .min = 1, .max = 500 },
        { .name = "horizon", .type = FIELD_CHOICE, .offset = offsetof(struct answer_form, horizon), .choices = horizons, .required = true },
        LEAD_ANSWER,
        { 0 },
    };
    struct answer_form f = { 0 };
    enum err           e = body_read(r, fields, &f);
    return e ? e : now(r, lead_to_need(r->db, path_id(r), f.rome, f.posts, f.horizon, f.answer));
}

enum err lead_promise_post(struct req *r)
{
    static const struct field fields[] = {
        LEAD_DUE,
        LEAD_ANSWER,
        { .name = "override_reason", .type = FIELD_TEXT, .offset = offsetof(struct answer_form, override_reason), .min = 3, .max = 500 },
        { 0 },
    };
    struct answer_form f = { 0 };
    enum err           e = body_read(r, fields, &f);
    return e ? e : now(r, lead_to_promise(r->db, path_id(r), f.due_on, f.answer, f.override_reason));
}

enum err lead_task_post(struct req *r)
{
    static const struct field fields[] = {
        LEAD_DUE,
        LEAD_ANSWER,
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct answer_form, member), .nullable = true },
        { 0 },
    };
    struct answer_form f = { 0 };
    enum err           e = body_read(r, fields, &f);
    return e ? e : now(r, lead_to_task(r->db, path_id(r), f.member, f.due_on, f.answer));
}
