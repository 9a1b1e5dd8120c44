#include "api/key.h"

#include <stddef.h>

#include "api/page.h"
#include "http/key.h"
#include "queries.h"

struct key_form {
    struct str     name, scopes, expires_on;
    const bool    *sandbox;
    const int64_t *hours;
};

static const char *const scopes[] = { "offers:read", "offers:write", "needs:read", "needs:write",
                                      "visits:read", "visits:write", "employers:read",
                                      "referrals:read", "referrals:write", NULL };

#define AT(member) offsetof(struct key_form, member)

enum err key_list(struct req *r)
{
    enum { MOST = 100 };
    int64_t  before;
    enum err e = page_before(r, &before);
    return e ? e : reply_page(r, keys_list(r->db, before, MOST + 1), MOST);
}

// The document of a key with its secret as one more member.
static enum err reply_secret(struct req *r, int64_t id, struct str secret)
{
    CLEANUP(result_done) struct result res = key_document(r->db, id);
    if (res.err) {
        return res.err;
    }
    struct str document = str_trim(result_text(&res, 0, 0));
    if (!str_ends(document, STR("}"))) {
        return ERR_INTERNAL;
    }
    return reply_json(r, 201, arena_printf(r->arena, "%.*s,\"secret\":\"%.*s\"}",
                                           STR_ARG(str_sub(document, 0, document.len - 1)), STR_ARG(secret)));
}

enum err key_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "name", .type = FIELD_TEXT, .offset = AT(name), .min = 2, .max = 60, .required = true },
        { .name = "scopes", .type = FIELD_TEXTS, .offset = AT(scopes), .choices = scopes, .min = 1, .max = 20, .required = true },
        { .name = "expires_on", .type = FIELD_DATE, .offset = AT(expires_on), .required = true },
        { .name = "sandbox", .type = FIELD_BOOL, .offset = AT(sandbox), .nullable = true },
        { 0 },
    };
    struct key_form f = { 0 };
    enum err        e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    struct str                         secret = key_make(r->arena);
    CLEANUP(result_done) struct result made =
        key_new(r->db, f.name, f.scopes, f.expires_on, f.sandbox && *f.sandbox, key_hash(r->arena, secret), key_prefix(secret));
    return made.err ? made.err : reply_secret(r, result_int(&made, 0, 0), secret);
}

enum err key_rotate(struct req *r)
{
    static const struct field fields[] = {
        { .name = "hours", .type = FIELD_INT, .offset = AT(hours), .nullable = true, .min = 0, .max = 720 },
        { 0 },
    };
    struct key_form f = { 0 };
    enum err        e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    struct str                         secret = key_make(r->arena);
    CLEANUP(result_done) struct result done =
        key_new_secret(r->db, path_id(r), f.hours ? (int32_t)*f.hours : 24, key_hash(r->arena, secret), key_prefix(secret));
    return done.err ? done.err : reply_secret(r, path_id(r), secret);
}

enum err key_patch(struct req *r)
{
    static const struct field fields[] = {
        { .name = "scopes", .type = FIELD_TEXTS, .offset = AT(scopes), .choices = scopes, .min = 1, .max = 20 },
        { .name = "expires_on", .type = FIELD_DATE, .offset = AT(expires_on) },
        { 0 },
    };
    struct key_form f = { 0 };
    enum err        e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = key_edit(r->db, path_id(r), f.scopes, f.expires_on);
    return done.err ? done.err : reply_one(r, 200, key_document(r->db, path_id(r)));
}

enum err key_revoke(struct req *r)
{
    CLEANUP(result_done) struct result done = key_end(r->db, path_id(r));
    return done.err ? done.err : reply_one(r, 200, key_document(r->db, path_id(r)));
}

enum err key_get(struct req *r)
{
    return reply_one(r, 200, key_self(r->db));
}
