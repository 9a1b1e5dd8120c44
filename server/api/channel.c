#include "api/channel.h"

#include <stddef.h>

#include "api/page.h"
#include "base/secret.h"
#include "base/url.h"
#include "base/vault.h"
#include "queries.h"

struct channel_form {
    struct str  kind, name, target, events, state;
    const bool *sandbox;
};

static const char *const kinds[]  = { "webhook", "push", NULL };
static const char *const states[] = { "active", "paused", "removed", NULL };

#define AT(member)     offsetof(struct channel_form, member)
#define CHANNEL_NAME   .name = "name", .type = FIELD_TEXT, .offset = AT(name), .min = 2, .max = 60
#define CHANNEL_TARGET .name = "target", .type = FIELD_TEXT, .offset = AT(target), .min = 3, .max = 500
#define CHANNEL_EVENTS .name = "events", .type = FIELD_TEXTS, .offset = AT(events), .min = 1, .max = 30

enum err channel_list(struct req *r)
{
    return reply_many(r, channels_list(r->db));
}

// A secret as Standard Webhooks writes it, whsec_ and 32 bytes in base64, and the same sealed for its row.
struct signer {
    int64_t    number;
    struct str text, sealed;
};

static enum err signer_make(struct req *r, struct signer *ret)
{
    char       token[SECRET_TOKEN + 1];
    struct str plain;
    CLEANUP(result_done) struct result number = channel_secret_number(r->db);
    if (number.err) {
        return number.err;
    }
    secret_token(token);
    for (char *c = token; *c; c++) { // from the alphabet of addresses to the usual one
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    }
    plain       = arena_printf(r->arena, "%s=", token);
    ret->number = result_int(&number, 0, 0);
    ret->text   = arena_printf(r->arena, "whsec_%.*s", STR_ARG(plain));
    ret->sealed = vault_seal(r->arena, VAULT_SIGNER, ret->number, plain);
    return OK;
}

static enum err check_target(struct req *r, struct str target)
{
    const char *fault = target.len ? url_fault(target) : NULL;
    if (fault) {
        req_field_error(r, "target", "url_refused", fault);
        return ERR_INVALID;
    }
    return OK;
}

static enum err reply_signer(struct req *r, int64_t id, struct str secret)
{
    CLEANUP(result_done) struct result res = channel_document(r->db, id);
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

enum err channel_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "kind", .type = FIELD_CHOICE, .offset = AT(kind), .choices = kinds, .required = true },
        { CHANNEL_NAME, .required = true },
        { CHANNEL_TARGET, .required = true },
        { CHANNEL_EVENTS },
        { .name = "sandbox", .type = FIELD_BOOL, .offset = AT(sandbox), .nullable = true },
        { 0 },
    };
    struct channel_form f      = { 0 };
    struct signer       signer = { 0 };
    enum err            e      = body_read(r, fields, &f);
    if (e || (e = check_target(r, f.target))) {
        return e;
    }
    if (str_eq(f.kind, STR("webhook")) != (f.events.len > 0)) {
        req_field_error(r, "events", f.events.len ? "unknown" : "required", "Un webhook dit de quoi il est prévenu, un autre canal non.");
        return ERR_INVALID;
    }
    if ((e = signer_make(r, &signer))) {
        return e;
    }
    CLEANUP(result_done) struct result made =
        channel_new(r->db, f.kind, f.name, f.target, f.events.len ? f.events : STR("{}"), f.sandbox && *f.sandbox, signer.number, signer.sealed);
    return made.err ? made.err : reply_signer(r, result_int(&made, 0, 0), signer.text);
}

enum err channel_patch(struct req *r)
{
    static const struct field fields[] = {
        { CHANNEL_NAME },
        { CHANNEL_TARGET },
        { CHANNEL_EVENTS },
        { .name = "state", .type = FIELD_CHOICE, .offset = AT(state), .choices = states },
        { 0 },
    };
    struct channel_form f = { 0 };
    struct str          match;
    int64_t             version;
    enum err            e = body_read(r, fields, &f);
    if (e || (e = check_target(r, f.target)) || (e = req_version(r, &match))) {
        return e;
    }
    if (!str_int(match, &version) || version > INT32_MAX || version < 1) {
        return ERR_PRECONDITION_FAILED;
    }
    CLEANUP(result_done) struct result done = channel_edit(r->db, path_id(r), (int32_t)version, f.name, f.target, f.events, f.state);
    if (done.err) {
        return done.err;
    }
    return result_bool(&done, 0, 0) ? reply_one(r, 200, channel_document(r->db, path_id(r))) : ERR_PRECONDITION_FAILED;
}

enum err channel_rotate(struct req *r)
{
    struct signer signer = { 0 };
    enum err      e      = signer_make(r, &signer);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = channel_new_secret(r->db, path_id(r), signer.number, signer.sealed);
    return done.err ? done.err : reply_signer(r, path_id(r), signer.text);
}

enum err channel_test(struct req *r)
{
    CLEANUP(result_done) struct result made = channel_try(r->db, path_id(r));
    return made.err ? made.err : reply_one(r, 201, delivery_document(r->db, result_int(&made, 0, 0)));
}

enum err delivery_list(struct req *r)
{
    enum { MOST = 50 };
    static const char *const settled[] = { "waiting", "done", "dead", "dropped", NULL };
    struct filter {
        const int64_t *channel, *offer;
        struct str     state;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "channel", .type = FIELD_ID, .offset = offsetof(struct filter, channel), .nullable = true },
        { .name = "offer", .type = FIELD_ID, .offset = offsetof(struct filter, offer), .nullable = true },
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct filter, state), .choices = settled },
        { 0 },
    };
    int64_t  before;
    enum err e = query_read(r, fields, &f);
    if (e || (e = page_before(r, &before))) {
        return e;
    }
    return reply_page(r, deliveries_list(r->db, f.channel, f.state, f.offer, before, MOST + 1), MOST);
}

enum err delivery_get(struct req *r)
{
    return reply_one(r, 200, delivery_document(r->db, path_id(r)));
}

enum err delivery_replay(struct req *r)
{
    CLEANUP(result_done) struct result done = delivery_again(r->db, path_id(r));
    return done.err ? done.err : delivery_get(r);
}
