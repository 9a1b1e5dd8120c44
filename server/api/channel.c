#include "api/channel.h"

#include <stddef.h>

#include "api/page.h"
#include "base/secret.h"
#include "base/url.h"
#include "base/vault.h"
#include "queries.h"

struct channel_form {
    struct str  kind, name, target, events, state, schedule;
    const bool *sandbox;
};

static const char *const kinds[]  = { "webhook", "push", "file", NULL };
static const char *const states[] = { "active", "paused", "removed", NULL };
static const char *const rhythms[] = { "hourly", "nightly", NULL };

#define AT(member)     offsetof(struct channel_form, member)
#define CHANNEL_NAME   .name = "name", .type = FIELD_TEXT, .offset = AT(name), .min = 2, .max = 60
#define CHANNEL_TARGET .name = "target", .type = FIELD_TEXT, .offset = AT(target), .min = 3, .max = 500
#define CHANNEL_EVENTS .name = "events", .type = FIELD_TEXTS, .offset = AT(events), .min = 1, .max = 30
#define CHANNEL_RHYTHM .name = "schedule", .type = FIELD_CHOICE, .offset = AT(schedule), .choices = rhythms

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
    char plain[SECRET_SIGNER + 1];
    CLEANUP(result_done) struct result number = channel_secret_number(r->db);
    if (number.err) {
        return number.err;
    }
    secret_signer(plain);
    ret->number = result_int(&number, 0, 0);
    ret->text   = arena_printf(r->arena, "whsec_%s", plain);
    ret->sealed = vault_seal(r->arena, VAULT_SIGNER, ret->number, str_of(plain));
    return OK;
}

// The name of a file in the directory of all files: nothing that leads elsewhere.
static const char *file_fault(struct str name)
{
    bool is_name = name.len >= 3 && name.len <= 60 && name.at[0] != '_' && name.at[0] != '-';
    for (size_t i = 0; i < name.len && is_name; i++) {
        char c  = name.at[i];
        is_name = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
    }
    return is_name ? NULL : "Un nom de fichier de 3 à 60 lettres sans accent, chiffres, - ou _.";
}

static enum err check_target(struct req *r, struct str target, bool is_file)
{
    const char *fault = !target.len ? NULL : is_file ? file_fault(target) : url_fault(target);
    if (fault && is_file) {
        req_field_error(r, "target", "invalid", fault);
        return ERR_INVALID;
    }
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
    struct str quoted = secret.len ? arena_printf(r->arena, "\"%.*s\"", STR_ARG(secret)) : STR("null");
    return reply_json(r, 201, arena_printf(r->arena, "%.*s,\"secret\":%.*s}", STR_ARG(str_sub(document, 0, document.len - 1)), STR_ARG(quoted)));
}

enum err channel_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "kind", .type = FIELD_CHOICE, .offset = AT(kind), .choices = kinds, .required = true },
        { CHANNEL_NAME, .required = true },
        { CHANNEL_TARGET, .required = true },
        { CHANNEL_EVENTS },
        { CHANNEL_RHYTHM },
        { .name = "sandbox", .type = FIELD_BOOL, .offset = AT(sandbox), .nullable = true },
        { 0 },
    };
    struct channel_form f      = { 0 };
    struct signer       signer = { 0 };
    enum err            e      = body_read(r, fields, &f);
    bool                is_file = str_eq(f.kind, STR("file"));
    if (e || (e = check_target(r, f.target, is_file))) {
        return e;
    }
    if (is_file != (f.schedule.len > 0)) {
        req_field_error(r, "schedule", is_file ? "required" : "unknown", "Un fichier a un rythme, un autre canal non.");
        return ERR_INVALID;
    }
    if (str_eq(f.kind, STR("webhook")) != (f.events.len > 0)) {
        req_field_error(r, "events", f.events.len ? "unknown" : "required", "Un webhook dit de quoi il est prévenu, un autre canal non.");
        return ERR_INVALID;
    }
    if (!is_file && (e = signer_make(r, &signer))) {
        return e;
    }
    CLEANUP(result_done) struct result made = channel_new(r->db, f.kind, f.name, f.target, f.events.len ? f.events : STR("{}"),
                                                          f.sandbox && *f.sandbox, signer.number, signer.sealed, f.schedule);
    return made.err ? made.err : reply_signer(r, result_int(&made, 0, 0), signer.text);
}

enum err channel_patch(struct req *r)
{
    static const struct field fields[] = {
        { CHANNEL_NAME },
        { CHANNEL_TARGET },
        { CHANNEL_EVENTS },
        { CHANNEL_RHYTHM },
        { .name = "state", .type = FIELD_CHOICE, .offset = AT(state), .choices = states },
        { 0 },
    };
    struct channel_form f = { 0 };
    struct str          match;
    int64_t             version;
    enum err            e = body_read(r, fields, &f);
    if (e || (e = req_version(r, &match))) {
        return e;
    }
    CLEANUP(result_done) struct result kind = channel_kind_of(r->db, path_id(r));
    if (kind.err || result_count(&kind) == 0) {
        return kind.err ? kind.err : ERR_NOT_FOUND;
    }
    if ((e = check_target(r, f.target, str_eq(result_text(&kind, 0, 0), STR("file"))))) {
        return e;
    }
    if (!str_int(match, &version) || version > INT32_MAX || version < 1) {
        return ERR_PRECONDITION_FAILED;
    }
    CLEANUP(result_done) struct result done = channel_edit(r->db, path_id(r), (int32_t)version, f.name, f.target, f.events, f.state, f.schedule);
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

enum err channel_file(struct req *r)
{
    enum { PAGE = 1000 };
    CLEANUP(result_done) struct result kind = channel_kind_of(r->db, path_id(r));
    if (kind.err || result_count(&kind) == 0 || !str_eq(result_text(&kind, 0, 0), STR("file"))) {
        return kind.err ? kind.err : ERR_NOT_FOUND;
    }
    struct str  name = arena_printf(r->arena, "attachment; filename=\"%.*s.csv\"", STR_ARG(result_text(&kind, 0, 1)));
    struct buf  b     = buf_init(MIB(64));
    int64_t     after = 0;
    int         count = PAGE;
    enum err    e     = OK;
    CLEANUP(result_done) struct result header = channel_file_header(r->db);
    buf_add(&b, header.err ? STR("") : result_text(&header, 0, 0));
    buf_add_char(&b, '\n');
    for (e = header.err; !e && count == PAGE && !buf_is_full(&b);) {
        CLEANUP(result_done) struct result lines = channel_file_lines(r->db, path_id(r), r->site, after, PAGE);
        e     = lines.err;
        count = e ? 0 : result_count(&lines);
        for (int i = 0; i < count; i++) {
            buf_add(&b, result_text(&lines, i, 1));
            buf_add_char(&b, '\n');
            after = result_int(&lines, i, 0);
        }
    }
    if (e || buf_is_full(&b)) {
        bool is_full = !e;
        buf_done(&b);
        return is_full ? ERR_CHANNEL_FILE_LARGE : e;
    }
    reply_header(r, "Content-Disposition", name);
    return reply_buf(r, 200, "text/csv; charset=utf-8", &b);
}

enum err channel_replay(struct req *r)
{
    return reply_one(r, 200, channel_again(r->db, path_id(r)));
}

enum err outlet_list(struct req *r)
{
    return reply_many(r, outlets_list(r->db));
}

enum err offer_outlet_list(struct req *r)
{
    return reply_many(r, offer_outlets_list(r->db, path_id(r)));
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
