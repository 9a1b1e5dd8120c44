#include "api/report.h"

#include <stddef.h>

#include "api/visit.h"
#include "queries.h"

struct report_form {
    struct str     outcome, done_at, needs, next_action, next_action_on, shared_note, network_note, confirmed, despite, answers, claim;
    const int64_t *contact;
    bool           contact_confirmed;
};

static const char *const outcomes[]  = { "needs", "later", "none", "postponed", "absent", "refused", "closed", NULL };
static const char *const horizons[]  = { "now", "quarter", "half", "year", NULL };
static const char *const contracts[] = { "cdi", "cdd", "interim", "seasonal", "apprenticeship", "professionalisation",
                                         "subsidised", "internship", NULL };

// Written although the visit had been cancelled meanwhile.
static const char *const despites[] = { "cancelled", NULL };

static const struct field need_fields[] = {
    { .name = "rome", .type = FIELD_TEXT, .min = 5, .max = 5, .required = true },
    { .name = "posts", .type = FIELD_INT, .min = 1, .max = 500 },
    { .name = "horizon", .type = FIELD_CHOICE, .choices = horizons },
    { .name = "contract", .type = FIELD_CHOICE, .choices = contracts },
    { .name = "offer", .type = FIELD_BOOL }, // make a draft of it
    { 0 },
};

// What may be seen right on the spot.
static const char *const confirmable[] = { "brand", "address", "postcode", "city", "size_band", "phone", "email", NULL };

static const struct field confirmed_fields[] = {
    { .name = "field", .type = FIELD_CHOICE, .choices = confirmable, .required = true },
    { .name = "value", .type = FIELD_TEXT, .min = 1, .max = 200, .required = true },
    { 0 },
};

static const struct field answer_fields[] = {
    { .name = "questionnaire", .type = FIELD_ID, .required = true },
    { .name = "code", .type = FIELD_TEXT, .min = 2, .max = 30, .required = true },
    { .name = "value", .type = FIELD_TEXT, .min = 1, .max = 1000, .required = true },
    { 0 },
};

// What everybody should know of the employer; closed is said by the outcome.
static const char *const claims[] = { "moved", "unreachable", NULL };

static const struct field claim_fields[] = {
    { .name = "kind", .type = FIELD_CHOICE, .choices = claims, .required = true },
    { .name = "detail", .type = FIELD_TEXT, .min = 3, .max = 300 },
    { 0 },
};

// clang-format off
static const struct field report_fields[] = {
    { .name = "outcome", .type = FIELD_CHOICE, .offset = offsetof(struct report_form, outcome), .choices = outcomes, .required = true },
    { .name = "done_at", .type = FIELD_TIME, .offset = offsetof(struct report_form, done_at) },
    { .name = "contact", .type = FIELD_ID, .offset = offsetof(struct report_form, contact), .nullable = true },
    { .name = "needs", .type = FIELD_LIST, .offset = offsetof(struct report_form, needs), .fields = need_fields, .max = 20 },
    { .name = "next_action", .type = FIELD_TEXT, .offset = offsetof(struct report_form, next_action), .max = 300 },
    { .name = "next_action_on", .type = FIELD_DATE, .offset = offsetof(struct report_form, next_action_on) },
    { .name = "shared_note", .type = FIELD_TEXT, .offset = offsetof(struct report_form, shared_note), .max = 4000 },
    { .name = "network_note", .type = FIELD_TEXT, .offset = offsetof(struct report_form, network_note), .max = 4000 },
    { .name = "confirmed", .type = FIELD_LIST, .offset = offsetof(struct report_form, confirmed), .fields = confirmed_fields, .max = 10 },
    { .name = "answers", .type = FIELD_LIST, .offset = offsetof(struct report_form, answers), .fields = answer_fields, .max = 200 },
    { .name = "claim", .type = FIELD_OBJECT, .offset = offsetof(struct report_form, claim), .fields = claim_fields },
    { .name = "contact_confirmed", .type = FIELD_BOOL, .offset = offsetof(struct report_form, contact_confirmed) },
    { .name = "despite", .type = FIELD_CHOICE, .offset = offsetof(struct report_form, despite), .choices = despites },
    { 0 },
};
// clang-format on

// The version that If-Match names; *ret_known stays NULL when none came and none is needed.
static enum err known_version(struct req *r, bool is_needed, int64_t *version, const int64_t **ret_known)
{
    struct str match = r->if_match;
    enum err   e     = is_needed ? req_version(r, &match) : OK;
    *ret_known       = NULL;
    if (e || !match.len) {
        return e;
    }
    *ret_known = version;
    return str_int(match, version) ? OK : ERR_PRECONDITION_FAILED;
}

enum err report_post(struct req *r)
{
    struct report_form f = { 0 };
    int64_t            version;
    const int64_t     *known;
    enum err           e = body_read(r, report_fields, &f);
    if (e || (e = known_version(r, false, &version, &known))) {
        return e;
    }
    CLEANUP(result_done) struct result done =
        report_new(r->db, path_id(r), f.outcome, f.done_at, f.contact, f.needs, f.next_action, f.next_action_on,
                   f.shared_note, f.network_note, f.confirmed, known, f.despite, f.answers, f.claim,
                   f.contact_confirmed);
    if (done.err) {
        return done.err;
    }
    return visit_answer(r, 201);
}

enum err report_correct(struct req *r)
{
    struct report_form f = { 0 };
    int64_t            version;
    const int64_t     *known;
    enum err           e = body_read(r, report_fields, &f);
    if (e || (e = known_version(r, true, &version, &known))) {
        return e;
    }
    CLEANUP(result_done) struct result done =
        report_edit(r->db, path_id(r), version, f.outcome, f.done_at, f.contact, f.needs, f.next_action,
                    f.next_action_on, f.shared_note, f.network_note, f.confirmed, f.answers, f.claim,
                    f.contact_confirmed);
    if (done.err) {
        return done.err;
    }
    return visit_answer(r, 200);
}

enum err report_history(struct req *r)
{
    return reply_many(r, report_revisions(r->db, path_id(r)));
}

enum err field_get(struct req *r)
{
    return reply_one(r, 200, field_week(r->db));
}
