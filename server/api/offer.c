#include "api/offer.h"

#include <stddef.h>

#include "api/establishment.h"
#include "base/person.h"
#include "base/secret.h"
#include "queries.h"

struct offer_form {
    const int64_t *establishment, *visit, *need, *posts;
    const double  *hours;
    struct str     siret, title, rome, contract, description, starts_on, salary, publics, commune, details;
    bool           has_starts_on, has_hours, has_salary, has_commune; // said, perhaps that there is none
};

static const char *const contracts[] = { "cdi", "cdd", "interim", "seasonal", "apprenticeship", "professionalisation",
                                         "subsidised", "internship", NULL };
static const char *const publics[]   = { "young", "disabled", "longterm", "all", NULL };

static const char *const asked[]       = { "skill", "quality", "training", "language", "licence", NULL };
static const char *const units[]       = { "day", "week", "month", NULL };
static const char *const work_times[]  = { "full", "part", NULL };
static const char *const periods[]     = { "hour", "month", "year", "mission", NULL };
static const char *const experiences[] = { "none", "wished", "required", NULL };
static const char *const appliers[]    = { "collector", "employer", NULL };

static const struct field requirement_fields[] = {
    { .name = "kind", .type = FIELD_CHOICE, .choices = asked, .required = true },
    { .name = "label", .type = FIELD_TEXT, .min = 1, .max = 120, .required = true },
    { .name = "code", .type = FIELD_TEXT, .max = 20 },
    { .name = "required", .type = FIELD_BOOL },
    { 0 },
};

// What France Travail's dictionaries say of an offer besides (schema/migrations/0034_exchange.sql), by the names of the columns.
static const struct field detail_fields[] = {
    { .name = "duration", .type = FIELD_INT, .min = 1, .max = 999 },
    { .name = "duration_unit", .type = FIELD_CHOICE, .choices = units },
    { .name = "work_time", .type = FIELD_CHOICE, .choices = work_times },
    { .name = "schedule", .type = FIELD_TEXT, .min = 1, .max = 200 },
    { .name = "salary_min", .type = FIELD_NUMBER, .min = 1, .max = 1000000 },
    { .name = "salary_max", .type = FIELD_NUMBER, .min = 1, .max = 1000000 },
    { .name = "salary_period", .type = FIELD_CHOICE, .choices = periods },
    { .name = "salary_months", .type = FIELD_NUMBER, .min = 1, .max = 18 },
    { .name = "ends_on", .type = FIELD_DATE },
    { .name = "benefits", .type = FIELD_TEXTS, .max = 10 },
    { .name = "experience", .type = FIELD_CHOICE, .choices = experiences },
    { .name = "experience_months", .type = FIELD_INT, .min = 1, .max = 480 },
    { .name = "qualification", .type = FIELD_INT, .min = 1, .max = 9 },
    { .name = "requirements", .type = FIELD_LIST, .fields = requirement_fields, .max = 40 },
    { .name = "conditions", .type = FIELD_TEXTS, .max = 10 },
    { .name = "travel", .type = FIELD_INT, .min = 1, .max = 4 },
    { .name = "accessible", .type = FIELD_BOOL },
    { .name = "adapted", .type = FIELD_BOOL },
    { .name = "origin_reference", .type = FIELD_TEXT, .min = 1, .max = 120 },
    { .name = "origin_url", .type = FIELD_TEXT, .min = 10, .max = 500 },
    { .name = "apply_by", .type = FIELD_CHOICE, .choices = appliers },
    { .name = "apply_name", .type = FIELD_TEXT, .min = 2, .max = 160 },
    { .name = "apply_url", .type = FIELD_TEXT, .min = 10, .max = 500 },
    { .name = "apply_email", .type = FIELD_EMAIL, .max = 160 },
    { .name = "apply_phone", .type = FIELD_TEXT, .min = 6, .max = 30 },
    { .name = "apply_note", .type = FIELD_TEXT, .min = 1, .max = 500 },
    { 0 },
};

#define AT(member) offsetof(struct offer_form, member)

#define OFFER_TITLE    .name = "title", .type = FIELD_TEXT, .offset = offsetof(struct offer_form, title), .min = 3, .max = 160
#define OFFER_ROME     .name = "rome", .type = FIELD_TEXT, .offset = offsetof(struct offer_form, rome), .min = 5, .max = 5
#define OFFER_CONTRACT .name = "contract", .type = FIELD_CHOICE, .offset = offsetof(struct offer_form, contract), .choices = contracts
#define OFFER_FIELDS                                                                                                              \
    { .name = "posts", .type = FIELD_INT, .offset = AT(posts), .nullable = true, .min = 1, .max = 500 },                          \
    { .name = "description", .type = FIELD_TEXT, .offset = AT(description), .max = 6000 },                                        \
    { .name = "starts_on", .type = FIELD_DATE, .offset = AT(starts_on), .given = AT(has_starts_on) },                             \
    { .name = "hours", .type = FIELD_NUMBER, .offset = AT(hours), .nullable = true, .min = 1, .max = 48, .given = AT(has_hours) }, \
    { .name = "salary", .type = FIELD_TEXT, .offset = AT(salary), .max = 120, .given = AT(has_salary) },                          \
    { .name = "publics", .type = FIELD_TEXTS, .offset = AT(publics), .choices = publics, .max = 4 },                              \
    { .name = "commune", .type = FIELD_TEXT, .offset = AT(commune), .min = 5, .max = 5, .given = AT(has_commune) },               \
    { .name = "details", .type = FIELD_OBJECT, .offset = AT(details), .fields = detail_fields }

// The employer of an offer to write: the one that is named, else the one of the need or of the visit that it comes from.
static enum err offer_employer(struct req *r, const struct offer_form *f, int64_t *ret_id)
{
    if (!f->establishment && !f->siret.len && (f->need || f->visit)) {
        CLEANUP(result_done) struct result found = offer_source(r->db, f->need, f->visit);
        if (found.err) {
            return found.err;
        }
        if (result_count(&found) == 0) {
            req_field_error(r, f->need ? "need" : "visit", "not_found",
                            f->need ? "Ce besoin n’existe pas sur votre territoire." : "Cette visite n’existe pas sur votre territoire.");
            return ERR_INVALID;
        }
        *ret_id = result_int(&found, 0, 0);
        return OK;
    }
    return establishment_named(r, f->establishment, f->siret, ret_id);
}

enum err offer_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct offer_form, establishment), .nullable = true },
        { .name = "siret", .type = FIELD_TEXT, .offset = offsetof(struct offer_form, siret), .min = 14, .max = 14 },
        { .name = "visit", .type = FIELD_ID, .offset = offsetof(struct offer_form, visit), .nullable = true },
        { .name = "need", .type = FIELD_ID, .offset = offsetof(struct offer_form, need), .nullable = true },
        { OFFER_TITLE, .required = true },
        { OFFER_ROME, .required = true },
        { OFFER_CONTRACT, .required = true },
        OFFER_FIELDS,
        { 0 },
    };
    struct offer_form f = { 0 };
    int64_t           employer;
    enum err          e = body_read(r, fields, &f);
    if (e || (e = offer_employer(r, &f, &employer))) {
        return e;
    }
    CLEANUP(result_done) struct result made =
        offer_new(r->db, employer, f.visit, f.need, f.title, f.rome, f.contract, f.posts,
                  f.description, f.starts_on, f.hours, f.salary, f.publics, f.commune, f.details, r->by_key ? STR("api") : STR("form"));
    if (made.err) {
        return made.err;
    }
    return reply_one(r, 201, offer_document(r->db, result_int(&made, 0, 0)));
}

struct offer_filter {
    struct str state, scope, q, sort;
};

// Where the next page begins: a moment in microseconds (zero of those that run by their number) and a number; both zero on the first.
static enum err offer_after(struct req *r, int64_t *ret_at, int64_t *ret_id)
{
    struct str position, at;
    enum err   e = query_cursor(r, &position);
    if (e) {
        return e;
    }
    *ret_at = *ret_id = 0;
    if (position.at && (!str_cut(&position, '.', &at) || !str_int(at, ret_at) || !str_int(position, ret_id))) {
        return ERR_CURSOR_INVALID;
    }
    return OK;
}

enum err offer_list(struct req *r)
{
    enum { MOST = 100 };
    static const char *const  scopes[] = { "all", "organisation", NULL };
    static const char *const  sorts[] = { "newest", "soonest", NULL };
    static const struct field fields[] = {
        { .name = "state", .type = FIELD_TEXT, .offset = offsetof(struct offer_filter, state), .max = 100 },
        { .name = "scope", .type = FIELD_CHOICE, .offset = offsetof(struct offer_filter, scope), .choices = scopes },
        { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct offer_filter, q), .max = 100 },
        { .name = "sort", .type = FIELD_CHOICE, .offset = offsetof(struct offer_filter, sort), .choices = sorts },
        { 0 },
    };
    struct offer_filter f = { .sort = STR("newest") };
    int64_t             at, id;
    enum err            e = query_read(r, fields, &f);
    if (e || (e = offer_after(r, &at, &id))) {
        return e;
    }
    return reply_page(r, offers_list(r->db, f.state, str_eq(f.scope, STR("organisation")), f.q, f.sort,
                                     id ? &at : NULL, id ? &id : NULL, MOST + 1), MOST);
}

enum err offer_network_list(struct req *r)
{
    struct network_filter {
        struct str publics, contract, rome;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name = "publics", .type = FIELD_TEXTS, .offset = offsetof(struct network_filter, publics), .choices = publics, .max = 4 },
        { .name = "contract", .type = FIELD_CHOICE, .offset = offsetof(struct network_filter, contract), .choices = contracts },
        { .name = "rome", .type = FIELD_TEXT, .offset = offsetof(struct network_filter, rome), .min = 5, .max = 5 },
        { 0 },
    };
    enum err e = query_read(r, fields, &f);
    return e ? e : reply_one(r, 200, offer_networks(r->db, f.publics, f.contract, f.rome));
}

enum err offer_get(struct req *r)
{
    return reply_one(r, 200, offer_document(r->db, path_id(r)));
}

enum err offer_patch(struct req *r)
{
    static const struct field fields[] = {
        { OFFER_TITLE },
        { OFFER_ROME },
        { OFFER_CONTRACT },
        OFFER_FIELDS,
        { 0 },
    };
    struct offer_form f = { 0 };
    struct str        match;
    int64_t           version;
    enum err          e = body_read(r, fields, &f);
    if (e || (e = req_version(r, &match))) {
        return e;
    }
    if (!str_int(match, &version)) {
        return ERR_PRECONDITION_FAILED;
    }
    CLEANUP(result_done) struct result edited =
        offer_edit(r->db, path_id(r), version, f.title, f.rome, f.contract, f.posts, f.description,
                   f.has_starts_on, f.starts_on, f.has_hours, f.hours, f.has_salary, f.salary, f.publics, f.has_commune, f.commune, f.details);
    if (edited.err) {
        return edited.err;
    }
    if (result_count(&edited) == 0) {
        CLEANUP(result_done) struct result owned = offer_owned(r->db, path_id(r));
        if (owned.err) {
            return owned.err;
        }
        return str_eq(result_text(&owned, 0, 0), STR("mine")) ? ERR_PRECONDITION_FAILED : ERR_FORBIDDEN;
    }
    return offer_get(r);
}

struct step_form {
    struct str confirmed_with, reason, withdrawal;
};

static enum err offer_go(struct req *r, struct str verb, const struct field *fields)
{
    struct step_form f = { 0 };
    enum err         e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = offer_step(r->db, path_id(r), verb, f.confirmed_with, f.reason, f.withdrawal);
    if (done.err) {
        return done.err;
    }
    return offer_get(r);
}

static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct step_form, reason), .min = 3, .max = 500, .required = true },
    { 0 },
};

static const struct field confirmed_fields[] = {
    { .name = "confirmed_with", .type = FIELD_TEXT, .offset = offsetof(struct step_form, confirmed_with), .min = 2, .max = 160, .required = true },
    { 0 },
};

enum err offer_confirm(struct req *r)
{
    return offer_go(r, STR("confirm"), confirmed_fields);
}

enum err offer_open(struct req *r)
{
    return offer_go(r, STR("open"), reason_fields);
}

enum err offer_fill(struct req *r)
{
    struct fill_form {
        const int64_t *posts;
        struct str     reason;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "posts", .type = FIELD_INT, .offset = offsetof(struct fill_form, posts), .nullable = true, .min = -500, .max = 500 },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct fill_form, reason), .max = 500 },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = offer_posts(r->db, path_id(r), f.posts, f.reason);
    return done.err ? done.err : offer_get(r);
}

enum err offer_prolong(struct req *r)
{
    struct step_form f = { 0 };
    enum err         e = body_read(r, confirmed_fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = offer_longer(r->db, path_id(r), f.confirmed_with);
    return done.err ? done.err : offer_get(r);
}

// By mail: the address is sealed for the worker, which makes the token when the letter leaves.
static enum err link_mail(struct req *r, struct str email)
{
    uint8_t    hash[VAULT_HASH];
    struct str normal;
    if (!person_email(email, r->arena, &normal)) {
        req_field_error(r, "email", "format", "Ce n’est pas une adresse électronique.");
        return ERR_INVALID;
    }
    vault_index(VAULT_EMAIL, normal, hash);
    CLEANUP(result_done)
    struct result made = offer_link_new(r->db, path_id(r), (struct str){ 0 }, vault_seal(r->arena, VAULT_EMPLOYER, path_id(r), normal),
                                        (struct str){ (const char *)hash, sizeof hash });
    return made.err ? made.err
                    : reply_json(r, 201, arena_printf(r->arena, "{\"token\":null,\"expires_at\":%.*s}", STR_ARG(result_text(&made, 0, 0))));
}

// Otherwise the token leaves once, in this answer; the database keeps its hash.
enum err offer_link(struct req *r)
{
    struct str                email    = { 0 };
    static const struct field fields[] = { { .name = "email", .type = FIELD_EMAIL, .max = PERSON_EMAIL }, { 0 } };
    char                      token[SECRET_TOKEN + 1];
    uint8_t                   hash[SECRET_HASH];
    enum err                  e = body_read(r, fields, &email);
    if (e || email.len) {
        return e ? e : link_mail(r, email);
    }
    secret_token(token);
    secret_hash(str_of(token), hash);
    CLEANUP(result_done)
    struct result made = offer_link_new(r->db, path_id(r), (struct str){ (const char *)hash, sizeof hash }, (struct str){ 0 }, (struct str){ 0 });
    if (made.err) {
        return made.err;
    }
    return reply_json(r, 201, arena_printf(r->arena, "{\"token\":\"%s\",\"expires_at\":%.*s}", token,
                                           STR_ARG(result_text(&made, 0, 0))));
}

enum err offer_withdrawal_list(struct req *r)
{
    return reply_many(r, offer_withdrawals(r->db));
}

enum err offer_withdraw(struct req *r)
{
    static const struct field fields[]  = {
        { .name = "withdrawal", .type = FIELD_TEXT, .offset = offsetof(struct step_form, withdrawal), .min = 1, .max = 40 }, // data.withdrawal says which
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct step_form, reason), .min = 3, .max = 500 },
        { 0 },
    };
    return offer_go(r, STR("withdraw"), fields);
}

enum err offer_same_post(struct req *r)
{
    struct same_form {
        int64_t offer;
    } f                                = { 0 };
    static const struct field fields[] = { { .name = "offer", .type = FIELD_ID, .offset = offsetof(struct same_form, offer), .required = true }, { 0 } };
    enum err                  e        = body_read(r, fields, &f);
    e                                  = e ? e : result_end(offer_same(r->db, path_id(r), f.offer));
    return e ? e : offer_get(r);
}

enum err offer_apart_post(struct req *r)
{
    struct step_form f = { 0 };
    enum err         e = body_read(r, reason_fields, &f);
    e                  = e ? e : result_end(offer_apart(r->db, path_id(r), f.reason));
    return e ? e : offer_get(r);
}
