#include "api/visit.h"

#include <stddef.h>

#include "api/establishment.h"
#include "queries.h"

struct visit_form {
    struct str     siret, planned_at, reason, override_reason;
    const int64_t *establishment, *minutes, *contact;
};

#define VISIT_MINUTES                                                                                 \
    { .name = "minutes", .type = FIELD_INT, .offset = offsetof(struct visit_form, minutes), .nullable = true, \
      .min = 10, .max = 480 }
#define VISIT_CONTACT                                                                                 \
    { .name = "contact", .type = FIELD_ID, .offset = offsetof(struct visit_form, contact), .nullable = true }

static const struct str none = { 0 };

enum err visit_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct visit_form, establishment), .nullable = true },
        { .name = "siret", .type = FIELD_TEXT, .offset = offsetof(struct visit_form, siret), .min = 14, .max = 14 },
        { .name = "planned_at", .type = FIELD_TIME, .offset = offsetof(struct visit_form, planned_at), .required = true },
        { .name = "override_reason", .type = FIELD_TEXT, .offset = offsetof(struct visit_form, override_reason), .max = 500 },
        VISIT_MINUTES,
        VISIT_CONTACT,
        { 0 },
    };
    struct visit_form f = { 0 };
    int64_t           employer;
    enum err          e = body_read(r, fields, &f);
    if (e || (e = establishment_named(r, f.establishment, f.siret, &employer))) {
        return e;
    }
    CLEANUP(result_done) struct result made =
        visit_new(r->db, employer, f.planned_at, f.minutes, f.contact, f.override_reason);
    if (made.err) {
        return made.err;
    }
    return reply_one(r, 201, visit_document(r->db, result_int(&made, 0, 0)));
}

struct visit_filter {
    struct str scope, from, to, state;
};

enum err visit_list(struct req *r)
{
    static const char *const  scopes[] = { "mine", "organisation", NULL };
    static const char *const  states[] = { "planned", "done", "cancelled", NULL };
    static const struct field fields[] = {
        { .name = "scope", .type = FIELD_CHOICE, .offset = offsetof(struct visit_filter, scope), .choices = scopes },
        { .name = "from", .type = FIELD_DATE, .offset = offsetof(struct visit_filter, from) },
        { .name = "to", .type = FIELD_DATE, .offset = offsetof(struct visit_filter, to) },
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct visit_filter, state), .choices = states },
        { 0 },
    };
    enum { MOST = 100 };
    struct visit_filter f = { 0 };
    struct str          after;
    enum err            e = query_read(r, fields, &f);
    if (e || (e = query_cursor(r, &after))) {
        return e;
    }
    bool mine = !str_eq(f.scope, STR("organisation"));
    return reply_page(r, visits_list(r->db, mine, f.from, f.to, f.state, after, MOST + 1), MOST);
}

enum err visit_get(struct req *r)
{
    return reply_one(r, 200, visit_document(r->db, path_id(r)));
}

static enum err visit_change(struct req *r, const int64_t *version, const struct visit_form *f, struct str state)
{
    CLEANUP(result_done) struct result done =
        visit_edit(r->db, path_id(r), version, f->planned_at, f->minutes, f->contact, state, f->reason);
    if (done.err) {
        return done.err;
    }
    return visit_get(r);
}

enum err visit_patch(struct req *r)
{
    static const struct field fields[] = {
        { .name = "planned_at", .type = FIELD_TIME, .offset = offsetof(struct visit_form, planned_at) },
        VISIT_MINUTES,
        VISIT_CONTACT,
        { 0 },
    };
    struct visit_form f = { 0 };
    struct str        match;
    int64_t           version;
    enum err          e = body_read(r, fields, &f);
    if (e || (e = req_version(r, &match))) {
        return e;
    }
    if (!str_int(match, &version)) {
        return ERR_PRECONDITION_FAILED;
    }
    return visit_change(r, &version, &f, none);
}

enum err visit_cancel(struct req *r)
{
    static const struct field fields[] = {
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct visit_form, reason), .min = 3, .max = 500, .required = true },
        { 0 },
    };
    struct visit_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    return e ? e : visit_change(r, NULL, &f, STR("cancelled"));
}

struct report_form {
    struct str     outcome, done_at, needs, next_action, next_action_on, shared_note, network_note, confirmed;
    const int64_t *contact;
};

static const char *const outcomes[]  = { "needs", "later", "none", "postponed", "absent", "refused", "closed", NULL };
static const char *const horizons[]  = { "now", "quarter", "half", "year", NULL };
static const char *const contracts[] = { "cdi", "cdd", "interim", "seasonal", "apprenticeship", "professionalisation",
                                         "subsidised", "internship", NULL };

static const struct field need_fields[] = {
    { .name = "rome", .type = FIELD_TEXT, .min = 5, .max = 5, .required = true },
    { .name = "posts", .type = FIELD_INT, .min = 1, .max = 500 },
    { .name = "horizon", .type = FIELD_CHOICE, .choices = horizons },
    { .name = "contract", .type = FIELD_CHOICE, .choices = contracts },
    { 0 },
};

// What may be seen right on the spot.
static const char *const confirmable[] = { "brand", "address", "postcode", "city", "size_band", "phone", "email", NULL };

static const struct field confirmed_fields[] = {
    { .name = "field", .type = FIELD_CHOICE, .choices = confirmable, .required = true },
    { .name = "value", .type = FIELD_TEXT, .min = 1, .max = 200, .required = true },
    { 0 },
};

enum err visit_report(struct req *r)
{
    static const struct field fields[] = {
        { .name = "outcome", .type = FIELD_CHOICE, .offset = offsetof(struct report_form, outcome), .choices = outcomes, .required = true },
        { .name = "done_at", .type = FIELD_TIME, .offset = offsetof(struct report_form, done_at) },
        { .name = "contact", .type = FIELD_ID, .offset = offsetof(struct report_form, contact), .nullable = true },
        { .name = "needs", .type = FIELD_LIST, .offset = offsetof(struct report_form, needs), .fields = need_fields, .max = 20 },
        { .name = "next_action", .type = FIELD_TEXT, .offset = offsetof(struct report_form, next_action), .max = 300 },
        { .name = "next_action_on", .type = FIELD_DATE, .offset = offsetof(struct report_form, next_action_on) },
        { .name = "shared_note", .type = FIELD_TEXT, .offset = offsetof(struct report_form, shared_note), .max = 4000 },
        { .name = "network_note", .type = FIELD_TEXT, .offset = offsetof(struct report_form, network_note), .max = 4000 },
        { .name = "confirmed", .type = FIELD_LIST, .offset = offsetof(struct report_form, confirmed), .fields = confirmed_fields, .max = 10 },
        { 0 },
    };
    struct report_form f = { 0 };
    enum err           e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done =
        report_new(r->db, path_id(r), f.outcome, f.done_at, f.contact, f.needs, f.next_action,
                   f.next_action_on, f.shared_note, f.network_note, f.confirmed);
    if (done.err) {
        return done.err;
    }
    return reply_one(r, 201, visit_document(r->db, path_id(r)));
}

enum err visit_today(struct req *r)
{
    return reply_one(r, 200, today_document(r->db, !str_eq(query_text(r, "scope"), STR("organisation"))));
}
