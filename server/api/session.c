#include "api/session.h"

#include "api/attempt.h"
#include "base/log.h"
#include "base/secret.h"
#include "http/csrf.h"
#include "queries.h" // generated from session.sql

enum { GATE_MS = 4000 };

static const char session_cookie[] =
    "__Host-session=%.*s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=%d";
static const char device_cookie[] =
    "__Host-device=%.*s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000";

enum { SESSION_SECONDS = 12 * 3600 };

struct sign_in {
    struct str     email, password;
    const int64_t *organisation;
};

static const struct field sign_in_fields[] = {
    { .name     = "email",
      .type     = FIELD_EMAIL,
      .offset   = offsetof(struct sign_in, email),
      .required = true,
      .max      = 254 },
    { .name     = "password",
      .type     = FIELD_SECRET,
      .offset   = offsetof(struct sign_in, password),
      .required = true,
      .max      = 200 },
    { .name     = "organisation",
      .type     = FIELD_ID,
      .offset   = offsetof(struct sign_in, organisation),
      .nullable = true },
    { 0 },
};

// The document of SQL with the csrf token as one more member.
static enum err reply_session(struct req *r, int status, struct result *res, struct str token)
{
    struct str document = str_trim(result_text(res, 0, 0));
    if (!str_ends(document, STR("}"))) {
        return ERR_INTERNAL;
    }
    struct str csrf = csrf_of(r->arena, token);
    struct str head = str_sub(document, 0, document.len - 1);
    return reply_json(
        r, status, arena_printf(r->arena, "%.*s,\"csrf\":\"%.*s\"}", STR_ARG(head), STR_ARG(csrf)));
}

static void set_cookie(struct req *r, struct str token, int seconds)
{
    reply_header(r, "Set-Cookie", arena_printf(r->arena, session_cookie, STR_ARG(token), seconds));
}

// Keeps the same password at today's cost; a failure costs nothing but another try next time.
static void rehash(struct req *r, int64_t member, struct str password)
{
    struct str hash = { 0 };
    if (password_hash(password, r->arena, &hash) == OK) {
        CLEANUP(result_done) struct result done = session_rehash(r->db, member, hash);
        if (done.err) {
            db_error_log(r->db);
        }
    }
}

static enum err open_session(struct req *r, const struct sign_in *form, int64_t member)
{
    char    token[SECRET_TOKEN + 1];
    uint8_t hash[SECRET_HASH];
    secret_token(token);
    secret_hash(str_of(token), hash);
    CLEANUP(result_done)
    struct result opened =
        session_create(r->db, member, form->organisation,
                       (struct str){ (const char *)hash, sizeof hash }, r->address, r->agent);
    if (opened.err) {
        return opened.err;
    }
    set_cookie(r, str_of(token), SESSION_SECONDS);
    struct str device = attempt_device(r->arena, form->email);
    reply_header(r, "Set-Cookie", arena_printf(r->arena, device_cookie, STR_ARG(device)));
    return reply_session(r, 201, &opened, str_of(token));
}

enum err session_post(struct req *r)
{
    struct sign_in form = { 0 };
    enum err       e    = body_read(r, sign_in_fields, &form);
    if (e) {
        return e;
    }
    struct attempt attempt = attempt_of(r, form.email);
    e                      = attempt_allow(r, &attempt);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result account = session_account(r->db, form.email);
    if (account.err) {
        return account.err;
    }
    bool                  is_known = result_count(&account) == 1;
    struct str            hash     = is_known ? result_text(&account, 0, 1) : (struct str){ 0 };
    enum password_verdict verdict;
    e = password_verify(hash, form.password, GATE_MS, &verdict);
    if (e) {
        return e;
    }
    if (verdict == PASSWORD_WRONG) {
        attempt_failed(r, &attempt);
        log_line(LOG_INFO, "sign_in_refused", LOG_TEXT("address", r->address));
        return ERR_BAD_CREDENTIALS;
    }
    int64_t member = result_int(&account, 0, 0);
    attempt_succeeded(r, &attempt);
    if (verdict == PASSWORD_RIGHT_BUT_OLD) {
        rehash(r, member, form.password);
    }
    return open_session(r, &form, member);
}

enum err session_get(struct req *r)
{
    CLEANUP(result_done) struct result res = session_read(r->db);
    return res.err ? res.err : reply_session(r, 200, &res, r->token);
}

enum err session_put(struct req *r)
{
    static const struct field fields[] = {
        { .name = "organisation", .type = FIELD_ID, .offset = 0, .required = true },
        { 0 },
    };
    int64_t  organisation = 0;
    enum err e            = body_read(r, fields, &organisation);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result res = session_act_for(r->db, r->token_hash, organisation);
    if (res.err) {
        return res.err;
    }
    streams_end(r, r->token_hash); // they listened for the other organisation
    return reply_session(r, 200, &res, r->token);
}

enum err session_delete(struct req *r)
{
    enum err e = reply_none(r, session_end(r->db, r->token_hash));
    if (!e) {
        streams_end(r, r->token_hash);
        set_cookie(r, STR(""), 0);
    }
    return e;
}
