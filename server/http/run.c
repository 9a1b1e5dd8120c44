// Running one request on a worker thread: identity, transaction, retry, answer.
#include <arpa/inet.h>
#include <jansson.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/vault.h"
#include "http/call.h"
#include "queries.h" // generated from request.sql

static const int statement_ms[] = { [LIGHT] = 2000, [HEAVY] = 15000 };

static enum err handle(struct call *c)
{
    struct req *r = &c->req;
    enum err    e = r->route->handle(r);
    if (!e && r->reply.status == 0) {
        log_line(LOG_ERROR, "no_reply", LOG_TEXT("path", str_of(r->route->path)));
        return ERR_INTERNAL;
    }
    return e;
}

// What a handler leaves behind when it has to run again.
static void forget(struct call *c)
{
    struct req *r = &c->req;
    buf_done(&r->reply.body);
    r->reply  = (struct reply){ .file = -1 };
    r->fields = (struct field_errors){ 0 };
    r->why    = (struct str){ 0 };
    r->extra  = (struct str){ 0 };
}

// The same key with another request is refused: method, address and body make the difference.
static struct str fingerprint(struct call *c)
{
    struct req *r       = &c->req;
    uint8_t    *hash    = arena_alloc(r->arena, SECRET_HASH);
    struct str  parts[] = {
         method_name(r->method), STR(" "), r->path, STR("?"), r->query, STR("\n"), r->body
    };
    secret_hash_parts(parts, LENGTH(parts), hash);
    return (struct str){ (const char *)hash, SECRET_HASH };
}

// The kept answer is sealed: it may hold what the database must not read. It is bound to its key.
static int64_t answer_row(struct str key)
{
    uint8_t hash[SECRET_HASH];
    int64_t row;
    secret_hash(key, hash);
    memcpy(&row, hash, sizeof row);
    return row;
}

// One transaction around the key, the handler's work and the answer: all kept, or nothing.
static enum err handle_once(struct call *c, struct db *db)
{
    struct req *r   = &c->req;
    struct str  key = c->idempotency_key;
    enum err    e   = db_begin(db);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result kept = request_replay(db, key, fingerprint(c));
    if (kept.err) {
        db_rollback(db);
        return kept.err;
    }
    if (result_count(&kept) == 1) {
        struct str sealed, body;
        if (!vault_from_hex(r->arena, result_text(&kept, 0, 1), &sealed) ||
            !vault_open(r->arena, VAULT_ANSWER, answer_row(key), sealed, &body)) {
            db_rollback(db);
            return ERR_ALREADY_DONE; // but its answer cannot be given again
        }
        enum err replayed = reply_json(r, (int)result_int(&kept, 0, 0), body);
        reply_header(r, "Idempotency-Replayed", STR("true"));
        e = db_commit(db);
        return e ? e : replayed;
    }
    e = handle(c);
    if (!e) {
        struct str sealed =
            vault_seal(r->arena, VAULT_ANSWER, answer_row(key), buf_str(&r->reply.body));
        struct result done = request_keep(db, key, r->reply.status, sealed);
        e                  = done.err;
        result_done(&done);
    }
    if (e) {
        db_rollback(db);
        return e;
    }
    return db_commit(db);
}

static bool has_key(const struct call *c)
{
    const struct route *route = c->req.route;
    return c->idempotency_key.len > 0 && route->method == POST && !route->stale && !route->upload &&
           route->role != PUBLIC;
}

static enum err run(struct call *c, struct db *db)
{
    if (!has_key(c)) {
        return handle(c);
    }
    if (c->idempotency_key.len < 8 || c->idempotency_key.len > 128 ||
        !str_is_utf8(c->idempotency_key)) {
        req_why(&c->req, STR("L’en-tête Idempotency-Key compte de 8 à 128 octets, en UTF-8."));
        return ERR_MALFORMED;
    }
    enum err e = handle_once(c, db);
    if (e && db_error_is_transient(db)) {
        forget(c);
        e = handle_once(c, db);
    }
    return e;
}

// A refusal that says in how many seconds one may come again says it in the header too.
static void say_when(struct req *r, struct str detail)
{
    json_t    *root    = json_loadb(detail.at ? detail.at : "", detail.len, 0, NULL);
    json_int_t seconds = json_integer_value(json_object_get(root, "retry_after"));
    if (seconds > 0) {
        reply_header(r, "Retry-After", arena_printf(r->arena, "%lld", (long long)seconds));
    }
    json_decref(root);
}

// Column names and their errors come from SQL; the form shows them beside the field.
static void blame_field(struct req *r, enum err e)
{
    const struct db_error *error = db_error(r->db);
    if (error->err != e) {
        return;
    }
    if (str_eq(error->sqlstate, STR("ML000"))) {
        r->extra = arena_str(r->arena, error->detail);
        say_when(r, r->extra);
    }
    if (error->field.len) {
        field_error_add(&r->fields, r->arena, error->field, err_code(e), err_sentence(e));
    }
}

// The address of a visitor; of IPv6 the first half, which is one subscriber's.
static struct str visitor_of(struct req *r)
{
    uint8_t *bytes = arena_alloc(r->arena, 16);
    bool     is_v6 = inet_pton(AF_INET6, arena_text(r->arena, r->address), bytes) == 1;
    return is_v6 ? (struct str){ (const char *)bytes, 8 } : r->address;
}

// Whoever is beyond a quota is told so before PostgreSQL hears of it. This machine is not counted.
static enum err take_quota(struct call *c)
{
    struct req *r      = &c->req;
    bool        is_key = r->by_key && r->route->role != PUBLIC;
    if (!is_key && (!r->route->metered || c->is_loopback)) {
        return OK;
    }
    struct str subject = is_key ? r->token_hash : visitor_of(r);
    c->policy          = is_key ? "key" : "board";
    c->quota = quota_take(r->kv, str_of(c->policy), subject, is_key ? QUOTA_KEY : QUOTA_BOARD);
    if (c->quota.left >= 0) {
        return OK;
    }
    c->retry_after = c->quota.reset_s;
    req_extra(r, arena_printf(r->arena, "{\"retry_after\":%d,\"violated-policies\":[\"%s\"]}",
                              c->quota.reset_s, c->policy));
    return ERR_RATE_LIMITED;
}

void call_run(struct call *c, struct worker *w)
{
    struct req *r = &c->req;
    r->db         = w->db;
    r->kv         = w->kv;
    log_context(r->id, r->trace);
    db_timeout(w->db, r->route->seconds ? r->route->seconds * 1000 : statement_ms[r->route->lane]);
    enum err e = take_quota(c);
    if (r->route->role == PUBLIC) {
        db_anonymous(w->db);
    } else if (r->by_key) {
        db_identify(w->db, &query_request_identify_key, r->token_hash,
                    r->route->role | r->route->scope << 16);
    } else {
        db_identify(w->db, &query_request_identify, r->token_hash, r->route->role);
    }
    e = e ? e : run(c, w->db);
    if (db_is_in_transaction(w->db)) { // a handler that began and forgot, or failed in between
        db_rollback(w->db);
    }
    if (e) {
        blame_field(r, e);
        if (db_error(w->db)->err == e) {
            db_error_log(w->db);
        }
        call_refuse(c, e);
    } else {
        call_answer(c, w);
    }
    log_context((struct str){ 0 }, (struct str){ 0 });
    r->db = NULL;
    r->kv = NULL;
}
