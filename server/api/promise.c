#include "api/promise.h"

#include <stddef.h>

#include "api/establishment.h"
#include "queries.h"

struct promise_form {
    const int64_t *establishment;
    struct str     siret, due_on, reason, override_reason;
};

enum err promise_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct promise_form, establishment), .nullable = true },
        { .name = "siret", .type = FIELD_TEXT, .offset = offsetof(struct promise_form, siret), .min = 14, .max = 14 },
        { .name = "due_on", .type = FIELD_DATE, .offset = offsetof(struct promise_form, due_on), .required = true },
        { .name = "override_reason", .type = FIELD_TEXT, .offset = offsetof(struct promise_form, override_reason), .max = 500 },
        { 0 },
    };
    struct promise_form f = { 0 };
    int64_t             employer;
    enum err            e = body_read(r, fields, &f);
    if (e || (e = establishment_named(r, f.establishment, f.siret, &employer))) {
        return e;
    }
    CLEANUP(result_done) struct result made = promise_new(r->db, employer, f.due_on, f.override_reason);
    if (made.err) {
        return made.err;
    }
    return reply_one(r, 201, promise_document(r->db, result_int(&made, 0, 0)));
}

static const char *const scopes[] = { "mine", "organisation", "team", NULL };

enum err promise_list(struct req *r)
{
    enum { MOST = 100 };
    static const char *const states[] = { "soon", "late", "suspended", "transfer", "unplanned", NULL };
    struct filter {
        struct str     scope, state, q;
        const int64_t *member;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "scope", .type = FIELD_CHOICE, .offset = offsetof(struct filter, scope), .choices = scopes },
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct filter, state), .choices = states },
        { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct filter, q), .max = 100 },
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct filter, member), .nullable = true },
        { 0 },
    };
    struct str after;
    enum err   e = query_read(r, fields, &f);
    if (e || (e = query_cursor(r, &after))) {
        return e;
    }
    return reply_page(r, promises_list(r->db, f.scope, f.member, f.state, f.q, after, MOST + 1), MOST);
}

enum err promise_count(struct req *r)
{
    struct filter {
        struct str     scope;
        const int64_t *member;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "scope", .type = FIELD_CHOICE, .offset = offsetof(struct filter, scope), .choices = scopes },
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct filter, member), .nullable = true },
        { 0 },
    };
    enum err e = query_read(r, fields, &f);
    return e ? e : reply_one(r, 200, promises_counts(r->db, f.scope, f.member));
}

enum err promise_figures(struct req *r)
{
    return reply_many(r, promises_figures(r->db));
}

struct bulk_form {
    struct str     act, establishments, due_on, reason;
    const int64_t *member, *organisation, *team;
};

// What an act cannot do without; what it has no use for is ignored.
static enum err bulk_check(struct req *r, const struct bulk_form *f)
{
    const struct {
        const char *act, *field;
        bool        is_given;
    } needs[] = {
        { "make", "due_on", !str_is_absent(f->due_on) },
        { "hand", "member", f->member != NULL },
        { "return", "reason", !str_is_absent(f->reason) },
        { "transfer", "organisation", f->organisation != NULL },
    };
    for (size_t i = 0; i < LENGTH(needs); i++) {
        if (str_eq(f->act, str_of(needs[i].act)) && !needs[i].is_given) {
            req_field_error(r, needs[i].field, "required", "Cette réponse est nécessaire.");
            return ERR_INVALID;
        }
    }
    return OK;
}

enum err promise_bulk(struct req *r)
{
    static const char *const acts[] = { "make", "hand", "return", "transfer", "team", NULL };
    static const struct field fields[] = {
        { .name = "act", .type = FIELD_CHOICE, .offset = offsetof(struct bulk_form, act), .choices = acts, .required = true },
        { .name = "establishments", .type = FIELD_IDS, .offset = offsetof(struct bulk_form, establishments), .min = 1, .max = 500, .required = true },
        { .name = "member", .type = FIELD_ID, .offset = offsetof(struct bulk_form, member), .nullable = true },
        { .name = "organisation", .type = FIELD_ID, .offset = offsetof(struct bulk_form, organisation), .nullable = true },
        { .name = "team", .type = FIELD_ID, .offset = offsetof(struct bulk_form, team), .nullable = true },
        { .name = "due_on", .type = FIELD_DATE, .offset = offsetof(struct bulk_form, due_on) },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct bulk_form, reason), .min = 3, .max = 500 },
        { 0 },
    };
    struct bulk_form f = { 0 };
    enum err         e = body_read(r, fields, &f);
    if (e || (e = bulk_check(r, &f))) {
        return e;
    }
    return reply_one(r, 200, promises_bulk(r->db, f.act, f.establishments, f.member, f.organisation, f.team, f.due_on, f.reason));
}

enum err promise_bulk_undo(struct req *r)
{
    return reply_one(r, 200, promises_undo(r->db, path_id(r)));
}

static enum err promise_change(struct req *r, struct str due_on, struct str state, struct str reason)
{
    CLEANUP(result_done) struct result done = promise_edit(r->db, path_id(r), due_on, state, reason);
    if (done.err) {
        return done.err;
    }
    return reply_one(r, 200, promise_document(r->db, path_id(r)));
}

enum err promise_extend(struct req *r)
{
    static const struct field fields[] = {
        { .name = "due_on", .type = FIELD_DATE, .offset = offsetof(struct promise_form, due_on), .required = true },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct promise_form, reason), .min = 3, .max = 500, .required = true },
        { 0 },
    };
    struct promise_form f = { 0 };
    enum err            e = body_read(r, fields, &f);
    return e ? e : promise_change(r, f.due_on, (struct str){ 0 }, f.reason);
}

enum err promise_return(struct req *r)
{
    static const struct field fields[] = {
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct promise_form, reason), .min = 3, .max = 500, .required = true },
        { 0 },
    };
    struct promise_form f = { 0 };
    enum err            e = body_read(r, fields, &f);
    return e ? e : promise_change(r, (struct str){ 0 }, STR("returned"), f.reason);
}
