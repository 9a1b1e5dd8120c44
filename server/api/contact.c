#include "api/contact.h"

#include <jansson.h>
#include <stddef.h>

#include "base/person.h"
#include "queries.h"

struct contact_form {
    struct str  family_name, given_name, position, phones, emails, channel;
    const bool *shared, *confirmed;
    bool        has_given_name, has_position, has_phones, has_emails;
};

static const char *const channels[] = { "phone", "email", "visit", NULL };

#define AT(member) offsetof(struct contact_form, member)
#define CONTACT_FIELDS                                                                             \
    { .name = "given_name", .type = FIELD_TEXT, .offset = AT(given_name), .max = PERSON_NAME, .given = AT(has_given_name) },  \
    { .name = "position", .type = FIELD_TEXT, .offset = AT(position), .max = PERSON_POSITION, .given = AT(has_position) },    \
    { .name = "phones", .type = FIELD_JSON, .offset = AT(phones), .given = AT(has_phones) },       \
    { .name = "emails", .type = FIELD_JSON, .offset = AT(emails), .given = AT(has_emails) },       \
    { .name = "channel", .type = FIELD_CHOICE, .offset = AT(channel), .choices = channels },       \
    { .name = "shared", .type = FIELD_BOOL, .offset = AT(shared), .nullable = true }

static const struct field new_fields[] = {
    { .name = "family_name", .type = FIELD_TEXT, .offset = AT(family_name), .max = PERSON_NAME, .required = true },
    CONTACT_FIELDS,
    { 0 },
};

static const struct field edit_fields[] = {
    { .name = "family_name", .type = FIELD_TEXT, .offset = AT(family_name), .max = PERSON_NAME },
    CONTACT_FIELDS,
    { .name = "confirmed", .type = FIELD_BOOL, .offset = AT(confirmed), .nullable = true },
    { 0 },
};

// The ways to reach somebody: an array of at most PERSON_WAYS texts, each of which must be one.
static bool ways_read(struct req *r, struct person *p, const char *field, struct str json,
                      bool (*add)(struct person *, struct str, struct arena *), const char *wrong)
{
    json_t *list  = json.len ? json_loadb(json.at, json.len, JSON_DECODE_ANY, NULL) : NULL;
    size_t  count = json_array_size(list);
    bool    is_ok = !json.len || (json_is_array(list) && count <= PERSON_WAYS) || json_is_null(list);
    if (!is_ok) {
        req_field_error(r, field, "range", "Cinq au plus.");
    }
    for (size_t i = 0; is_ok && i < count; i++) {
        const json_t *way  = json_array_get(list, i);
        struct str    text = { json_string_value(way), json_string_length(way) };
        if (!text.at || !add(p, text, r->arena)) {
            const char *path = arena_printf(r->arena, "%s[%zu]", field, i).at;
            req_field_error(r, path, "format", wrong);
            is_ok = false;
        }
    }
    json_decref(list);
    return is_ok;
}

// What the form says over what was known; false when a way is none.
static bool form_apply(struct req *r, const struct contact_form *f, struct person *p)
{
    bool is_ok = true;
    if (f->family_name.len) {
        p->family_name = f->family_name;
    }
    if (f->has_given_name) {
        p->given_name = f->given_name;
    }
    if (f->has_position) {
        p->position = f->position;
    }
    if (f->has_phones) {
        p->phone_count = 0;
        is_ok = ways_read(r, p, "phones", f->phones, person_add_phone, "Ce n’est pas un numéro de téléphone.");
    }
    if (f->has_emails) {
        p->email_count = 0;
        is_ok = ways_read(r, p, "emails", f->emails, person_add_email, "Ce n’est pas une adresse électronique.") && is_ok;
    }
    return is_ok;
}

enum err contact_post(struct req *r)
{
    struct contact_form f = { 0 };
    struct person       p = { 0 };
    enum err            e = body_read(r, new_fields, &f);
    if (e) {
        return e;
    }
    if (!form_apply(r, &f, &p)) {
        return ERR_INVALID;
    }
    CLEANUP(result_done) struct result number = contact_number(r->db);
    if (number.err) {
        return number.err;
    }
    int64_t contact = result_int(&number, 0, 0);
    CLEANUP(result_done)
    struct result added = contact_new(r->db, contact, path_id(r), person_seal(r->arena, contact, &p),
                                      person_keys(r->arena, &p), f.channel, !f.shared || *f.shared);
    return added.err ? added.err : reply_one(r, 201, contact_one(r->db, contact));
}

// What is known of the person; false when it does not open.
static bool known(struct req *r, int64_t contact, const struct result *row, struct person *ret)
{
    struct str sealed;
    return vault_from_hex(r->arena, result_text(row, 0, 0), &sealed) && person_open(r->arena, contact, sealed, ret);
}

enum err contact_patch(struct req *r)
{
    struct contact_form f = { 0 };
    struct person       p = { 0 };
    struct str          match, person = { 0 }, keys = { 0 };
    int64_t             version, contact = path_id(r);
    enum err            e = body_read(r, edit_fields, &f);
    if (e || (e = req_version(r, &match))) {
        return e;
    }
    if (!str_int(match, &version)) {
        return ERR_PRECONDITION_FAILED;
    }
    if (f.family_name.len || f.has_given_name || f.has_position || f.has_phones || f.has_emails) {
        CLEANUP(result_done) struct result row = contact_sealed(r->db, contact);
        if (row.err || result_count(&row) == 0) {
            return row.err ? row.err : ERR_NOT_FOUND;
        }
        // One that does not open may be written anew, not guessed at.
        if (!known(r, contact, &row, &p) && !f.family_name.len) {
            req_field_error(r, "family_name", "required", "Cette fiche est illisible : saisissez-la de nouveau.");
            return ERR_INVALID;
        }
        if (!form_apply(r, &f, &p)) {
            return ERR_INVALID;
        }
        person = person_seal(r->arena, contact, &p);
        keys   = person_keys(r->arena, &p);
    }
    CLEANUP(result_done)
    struct result edited = contact_edit(r->db, contact, version, person, keys, f.channel, f.shared, f.confirmed);
    return edited.err ? edited.err : reply_one(r, 200, contact_one(r->db, contact));
}

struct reason_form {
    struct str reason;
};

// The employer's own phone and e-mail say nothing about a person: their hashes, comma-separated.
static struct str spared(struct req *r, const struct result *employer)
{
    struct str phone = STR(""), email = STR(""), normal;
    if (person_phone(result_text(employer, 0, 0), r->arena, &normal)) {
        phone = person_hash(r->arena, VAULT_PHONE, normal);
    }
    if (person_email(result_text(employer, 0, 1), r->arena, &normal)) {
        email = person_hash(r->arena, VAULT_EMAIL, normal);
    }
    return arena_printf(r->arena, "%.*s,%.*s", STR_ARG(phone), STR_ARG(email));
}

static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct reason_form, reason), .max = 500 },
    { 0 },
};

enum err contact_oppose(struct req *r)
{
    struct reason_form f = { 0 };
    enum err           e = body_read(r, reason_fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result employer = contact_employer(r->db, path_id(r));
    if (employer.err || result_count(&employer) == 0) {
        return employer.err ? employer.err : ERR_NOT_FOUND;
    }
    return reply_none(r, person_oppose(r->db, path_id(r), f.reason, spared(r, &employer)));
}

enum err opposition_post(struct req *r)
{
    struct reason_form f = { 0 };
    enum err           e = body_read(r, reason_fields, &f);
    if (e) {
        return e;
    }
    return reply_none(r, opposition_new(r->db, path_id(r), f.reason));
}

enum err opposition_lift(struct req *r)
{
    static const struct field fields[] = {
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct reason_form, reason), .min = 3, .max = 500, .required = true },
        { 0 },
    };
    struct reason_form f = { 0 };
    enum err           e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    return reply_none(r, opposition_end(r->db, path_id(r), f.reason));
}
