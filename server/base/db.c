// Connecting, and remembering what went wrong. How a query runs is in db_run.c.
#include <poll.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/db_private.h"
#include "base/log.h"

enum { RETRY_MS = 500 };

static _Atomic uint64_t queries, errors, connections;

struct db_counts db_counts(void)
{
    return (struct db_counts){ atomic_load(&queries), atomic_load(&errors),
                               atomic_load(&connections) };
}

void db_count_query(void)
{
    atomic_fetch_add_explicit(&queries, 1, memory_order_relaxed);
}

struct db *db_open(struct str conninfo, const char *application_name)
{
    struct db *db = memory_zero(sizeof *db);
    db->conninfo  = memory_new(conninfo.len + 1);
    if (conninfo.len) {
        memcpy(db->conninfo, conninfo.at, conninfo.len);
    }
    db->conninfo[conninfo.len] = 0;
    db->name                   = application_name;
    db->timeout                = 2000;
    db->timeout_there          = -1;
    db->scratch                = arena_new();
    db->words                  = arena_new();
    return db;
}

void db_drop(struct db *db)
{
    PQfinish(db->conn);
    db->conn           = NULL;
    db->timeout_there  = -1;
    db->wants_begin    = false;
    db->in_transaction = false;
    db->is_copying     = false;
    db->prepared_count = 0;
    if (db->prepared_room) {
        memset(db->prepared, 0, db->prepared_room * sizeof *db->prepared);
    }
}

void db_close(struct db *db)
{
    if (!db) {
        return;
    }
    db_drop(db);
    db_along(db, NULL);
    PQfreemem(db->notice);
    free(db->prepared);
    free(db->conninfo);
    arena_free(db->scratch);
    arena_free(db->words);
    free(db);
}

// --- failures -----------------------------------------------------------------------------------

const struct db_error *db_error(const struct db *db)
{
    return &db->error;
}

void db_error_clear(struct db *db)
{
    arena_reset(db->words);
    db->error = (struct db_error){ 0 };
}

enum err db_fail(struct db *db, const char *query, enum err e, struct str message)
{
    db_error_clear(db);
    db->error = (struct db_error){
        .err     = e,
        .query   = query,
        .message = str_trim(arena_str(db->words, message)),
    };
    atomic_fetch_add_explicit(&errors, 1, memory_order_relaxed);
    return e;
}

static struct str field_of(struct db *db, const PGresult *rows, int code)
{
    return arena_str(db->words, str_of(PQresultErrorField(rows, code)));
}

enum err db_fail_result(struct db *db, const char *query, const PGresult *rows)
{
    db_error_clear(db);
    struct db_error *error = &db->error;
    error->query           = query;
    error->sqlstate        = field_of(db, rows, PG_DIAG_SQLSTATE);
    error->message         = field_of(db, rows, PG_DIAG_MESSAGE_PRIMARY);
    error->detail          = field_of(db, rows, PG_DIAG_MESSAGE_DETAIL);
    error->constraint      = field_of(db, rows, PG_DIAG_CONSTRAINT_NAME);
    if (str_is_absent(error->sqlstate)) { // libpq itself: the connection broke
        error->message = str_trim(arena_str(db->words, str_of(PQresultErrorMessage(rows))));
        error->err     = ERR_UNAVAILABLE;
    } else {
        error->err = err_of_sql(error->sqlstate, error->message, error->constraint, &error->field);
        if (str_is_absent(error->field) && str_eq(error->sqlstate, STR("23502"))) {
            error->field = field_of(db, rows, PG_DIAG_COLUMN_NAME);
        }
    }
    if (!str_eq(error->sqlstate, STR("ML000"))) {
        atomic_fetch_add_explicit(&errors, 1, memory_order_relaxed);
    }
    return error->err;
}

void db_error_log(const struct db *db)
{
    const struct db_error *e = &db->error;
    if (!e->err) {
        return;
    }
    bool is_ours = err_status(e->err) >= 500;
    log_line(is_ours ? LOG_ERROR : LOG_DEBUG, "query_failed", LOG_TEXT("query", str_of(e->query)),
             LOG_TEXT("code", err_code(e->err)), LOG_TEXT("sqlstate", e->sqlstate),
             LOG_TEXT("constraint", e->constraint), LOG_TEXT("message", e->message));
}

// --- connecting ---------------------------------------------------------------------------------

// Notices of PostgreSQL would go to standard error in the middle of our JSON lines.
static void ignore_notice(void *nothing, const PGresult *notice)
{
    (void)nothing;
    (void)notice;
}

static enum err listen_again(struct db *db)
{
    for (size_t i = 0; i < db->channel_count; i++) {
        char      text[80];
        PGresult *rows;
        snprintf(text, sizeof text, "listen %s", db->channels[i]);
        rows            = PQexec(db->conn, text);
        bool     is_set = PQresultStatus(rows) == PGRES_COMMAND_OK;
        enum err e      = is_set ? OK : db_fail_result(db, "listen", rows);
        PQclear(rows);
        if (e) {
            return e;
        }
    }
    return OK;
}

enum err db_connect(struct db *db)
{
    if (db->conn) {
        return OK;
    }
    if (clock_ms() < db->retry_at) {
        return db_fail(db, "connect", ERR_UNAVAILABLE, STR("waiting before the next attempt"));
    }
    // What the conninfo itself says comes later and wins.
    const char *keys[]   = { "connect_timeout", "tcp_user_timeout", "application_name",
                             "client_encoding", "dbname",           NULL };
    const char *values[] = { "3", "10000", db->name, "UTF8", db->conninfo, NULL };
    db->conn             = PQconnectdbParams(keys, values, 1);
    if (PQstatus(db->conn) != CONNECTION_OK) {
        enum err e   = db_fail(db, "connect", ERR_UNAVAILABLE, str_of(PQerrorMessage(db->conn)));
        db->retry_at = clock_ms() + RETRY_MS;
        db_drop(db);
        return e;
    }
    atomic_fetch_add_explicit(&connections, 1, memory_order_relaxed);
    PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
    enum err e = listen_again(db);
    if (e) {
        db_drop(db);
    }
    return e;
}

// False when the other side has hung up while we were idle.
static bool is_alive(struct db *db)
{
    struct pollfd p = { .fd = PQsocket(db->conn), .events = POLLIN | POLLRDHUP };
    if (poll(&p, 1, 0) <= 0) {
        return true;
    }
    if (p.revents & (POLLHUP | POLLRDHUP | POLLERR | POLLNVAL)) {
        return false;
    }
    return PQconsumeInput(db->conn) == 1;
}

enum err db_ready(struct db *db, bool pipeline)
{
    if (db->conn && !is_alive(db)) {
        bool was_in_transaction = db->in_transaction;
        db_drop(db);
        if (was_in_transaction) {
            return db_fail(db, "connect", ERR_UNAVAILABLE, STR("connection lost in a transaction"));
        }
    }
    bool     wants_begin = db->wants_begin;
    enum err e           = db_connect(db);
    if (e) {
        return e;
    }
    db->wants_begin = wants_begin;
    if (pipeline && PQpipelineStatus(db->conn) == PQ_PIPELINE_OFF) {
        PQenterPipelineMode(db->conn);
        PQsetnonblocking(db->conn, 1);
    } else if (!pipeline && PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF) {
        PQexitPipelineMode(db->conn);
        PQsetnonblocking(db->conn, 0);
    }
    return OK;
}

bool db_wait(struct db *db, bool to_write, int64_t deadline)
{
    struct pollfd p = { .fd = PQsocket(db->conn), .events = POLLIN };
    if (to_write) {
        p.events |= POLLOUT;
    }
    for (;;) {
        int64_t left = deadline ? deadline - clock_ms() : -1;
        if (deadline && left <= 0) {
            return false;
        }
        int n = poll(&p, 1, (int)(left > 60000 ? 60000 : left));
        if (n > 0) {
            return true;
        }
    }
}

// --- notifications ------------------------------------------------------------------------------

enum err db_listen(struct db *db, const char *channel)
{
    if (db->channel_count == CHANNELS_MAX || strlen(channel) > 40) {
        DIE("db_listen: too many channels, or too long a name");
    }
    db->channels[db->channel_count++] = channel;
    if (!db->conn) {
        return db_connect(db);
    }
    enum err e = db_ready(db, false);
    return e ? e : listen_again(db);
}

enum err db_notice(struct db *db, int milliseconds, struct str *ret_channel,
                   struct str *ret_payload)
{
    int64_t  deadline = clock_ms() + (milliseconds > 0 ? milliseconds : 1);
    enum err e        = db_ready(db, false);
    if (e) {
        return e;
    }
    PQfreemem(db->notice);
    while (!(db->notice = PQnotifies(db->conn))) {
        if (!db_wait(db, false, deadline)) {
            return ERR_NOT_FOUND;
        }
        if (!PQconsumeInput(db->conn)) {
            e = db_fail(db, "listen", ERR_UNAVAILABLE, str_of(PQerrorMessage(db->conn)));
            db_drop(db);
            return e;
        }
    }
    *ret_channel = str_of(db->notice->relname);
    *ret_payload = str_of(db->notice->extra);
    return OK;
}

int db_socket(const struct db *db)
{
    return db->conn ? PQsocket(db->conn) : -1;
}
