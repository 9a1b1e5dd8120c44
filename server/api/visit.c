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

enum err visit_answer(struct req *r, int status)
{
    return reply_one(r, status, visit_document(r->db, path_id(r)));
}

enum err visit_get(struct req *r)
{
    return visit_answer(r, 200);
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

enum err visit_today(struct req *r)
{
    return reply_one(r, 200, today_document(r->db, !str_eq(query_text(r, "scope"), STR("organisation"))));
}
