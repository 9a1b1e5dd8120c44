#include "api/contact.h"

#include <stddef.h>

#include "queries.h"

struct contact_form {
    struct str  family_name, given_name, position, phone, email, channel;
    const bool *shared, *confirmed;
};

static const char *const channels[] = { "phone", "email", "visit", NULL };

#define CONTACT_FIELDS                                                                                      \
    { .name = "given_name", .type = FIELD_TEXT, .offset = offsetof(struct contact_form, given_name), .max = 80 },   \
    { .name = "position", .type = FIELD_TEXT, .offset = offsetof(struct contact_form, position), .max = 120 },      \
    { .name = "phone", .type = FIELD_TEXT, .offset = offsetof(struct contact_form, phone), .max = 30 },             \
    { .name = "email", .type = FIELD_EMAIL, .offset = offsetof(struct contact_form, email), .max = 254 },           \
    { .name = "channel", .type = FIELD_CHOICE, .offset = offsetof(struct contact_form, channel), .choices = channels }, \
    { .name = "shared", .type = FIELD_BOOL, .offset = offsetof(struct contact_form, shared), .nullable = true }

static const struct field new_fields[] = {
    { .name = "family_name", .type = FIELD_TEXT, .offset = offsetof(struct contact_form, family_name), .max = 80, .required = true },
    CONTACT_FIELDS,
    { 0 },
};

static const struct field edit_fields[] = {
    { .name = "family_name", .type = FIELD_TEXT, .offset = offsetof(struct contact_form, family_name), .max = 80 },
    CONTACT_FIELDS,
    { .name = "confirmed", .type = FIELD_BOOL, .offset = offsetof(struct contact_form, confirmed), .nullable = true },
    { 0 },
};

enum err contact_post(struct req *r)
{
    struct contact_form f = { 0 };
    enum err            e = body_read(r, new_fields, &f);
    if (e) {
        return e;
    }
    return reply_one(r, 201,
                     contact_new(r->db, path_id(r), f.family_name, f.given_name, f.position, f.phone,
                                 f.email, f.channel, !f.shared || *f.shared));
}

enum err contact_patch(struct req *r)
{
    struct contact_form f = { 0 };
    struct str          match;
    int64_t             version;
    enum err            e = body_read(r, edit_fields, &f);
    if (e || (e = req_version(r, &match))) {
        return e;
    }
    if (!str_int(match, &version)) {
        return ERR_PRECONDITION_FAILED;
    }
    struct result edited = contact_edit(r->db, path_id(r), version, f.family_name, f.given_name,
                                        f.position, f.phone, f.email, f.channel, f.shared, f.confirmed);
    if (edited.err || result_count(&edited) > 0) {
        return reply_one(r, 200, edited);
    }
    result_done(&edited);
    CLEANUP(result_done) struct result owned = contact_owned(r->db, path_id(r));
    if (owned.err) {
        return owned.err;
    }
    return str_eq(result_text(&owned, 0, 0), STR("mine")) ? ERR_PRECONDITION_FAILED : ERR_FORBIDDEN;
}

struct reason_form {
    struct str reason;
};

enum err opposition_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct reason_form, reason), .max = 500 },
        { 0 },
    };
    struct reason_form f = { 0 };
    enum err           e = body_read(r, fields, &f);
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
