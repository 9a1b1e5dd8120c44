#include "api/referral.h"

#include <stddef.h>

#include "api/page.h"
#include "queries.h"

enum err referral_post(struct req *r)
{
    static const char *const publics[] = { "young", "disabled", "longterm", "all", NULL };
    struct form {
        struct str reference, public;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "reference", .type = FIELD_TEXT, .offset = offsetof(struct form, reference), .min = 2, .max = 40, .required = true },
        { .name = "public", .type = FIELD_CHOICE, .offset = offsetof(struct form, public), .choices = publics },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = referral_new(r->db, path_id(r), f.reference, f.public);
    return made.err ? made.err : reply_one(r, 201, referral_document(r->db, result_int(&made, 0, 0)));
}

enum err referral_list(struct req *r)
{
    enum { MOST = 100 };
    static const char *const scopes[] = { "made", "received", NULL };
    static const char *const states[] = { "proposed", "met", "hired", "refused", "withdrawn", NULL };
    struct filter {
        struct str scope, state;
    } f = { 0 };
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
    return reply_page(r, referrals_list(r->db, str_eq(f.scope, STR("made")), f.state, before, MOST + 1), MOST);
}

enum err referral_get(struct req *r)
{
    return reply_one(r, 200, referral_document(r->db, path_id(r)));
}

enum err referral_count(struct req *r)
{
    return reply_one(r, 200, referral_figures(r->db));
}

static enum err referral_go(struct req *r, struct str state, struct str refusal)
{
    CLEANUP(result_done) struct result done = referral_step(r->db, path_id(r), state, refusal);
    return done.err ? done.err : reply_one(r, 200, referral_document(r->db, path_id(r)));
}

enum err referral_answer(struct req *r)
{
    static const char *const states[]   = { "met", "hired", "refused", NULL };
    static const char *const refusals[] = { "profile", "unavailable", "distance", "employer", "absent", "twice", NULL };
    struct form {
        struct str state, refusal;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct form, state), .choices = states, .required = true },
        { .name = "refusal", .type = FIELD_CHOICE, .offset = offsetof(struct form, refusal), .choices = refusals },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    return e ? e : referral_go(r, f.state, f.refusal);
}

enum err referral_withdraw(struct req *r)
{
    return referral_go(r, STR("withdrawn"), (struct str){ 0 });
}
