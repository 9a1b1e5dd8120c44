// How a query runs: steps sent together, results drained in one loop, one retry.
#include "base/clock.h"
#include "base/db_private.h"
#include "queries.h" // generated: what the library itself says

enum { GRACE_MS = 3000 }; // PostgreSQL cancels first; this is for one that does not answer at all

// --- statements known to the session -----------------------------------------------------------

static size_t place_of(const struct db *db, const struct query *query)
{
    size_t mask = db->prepared_room - 1;
    size_t i    = ((uintptr_t)query >> 4) * 0x9E3779B97F4A7C15u >> 20 & mask;
    while (db->prepared[i] && db->prepared[i] != query) {
        i = (i + 1) & mask;
    }
    return i;
}

static bool is_prepared(const struct db *db, const struct query *query)
{
    return db->prepared_room && db->prepared[place_of(db, query)] == query;
}

static void set_prepared(struct db *db, const struct query *query)
{
    if ((db->prepared_count + 1) * 2 > db->prepared_room) {
        const struct query **old  = db->prepared;
        size_t               room = db->prepared_room;
        db->prepared_room         = room ? room * 2 : 64;
        db->prepared              = memory_zero(db->prepared_room * sizeof *db->prepared);
        for (size_t i = 0; i < room; i++) {
            if (old[i]) {
                db->prepared[place_of(db, old[i])] = old[i];
            }
        }
        free(old);
    }
    db->prepared[place_of(db, query)] = query;
    db->prepared_count++;
}

// --- one round trip -----------------------------------------------------------------------------

// What a place in the pipeline is: the preparation of a statement, or its run.
struct sent {
    const struct query *query;
    bool                is_prepare;
};

static bool send_step(struct db *db, const struct step *step, struct sent *sent, size_t *count)
{
    const struct query *q = step->query;
    struct encoded      e;
    db_encode(step->params, q->count, db->scratch, &e);
    if (q->once) {
        sent[(*count)++] = (struct sent){ q, false };
        return PQsendQueryParams(db->conn, q->sql, q->count, NULL, e.values, e.lengths, e.formats, 0) == 1;
    }
    if (!is_prepared(db, q)) {
        if (!PQsendPrepare(db->conn, q->name, q->sql, 0, NULL)) {
            return false;
        }
        sent[(*count)++] = (struct sent){ q, true };
    }
    sent[(*count)++] = (struct sent){ q, false };
    return PQsendQueryPrepared(db->conn, q->name, q->count, e.values, e.lengths, e.formats, 0) == 1;
}

static bool flush(struct db *db, int64_t deadline)
{
    int left;
    while ((left = PQflush(db->conn)) > 0) {
        if (!db_wait(db, true, deadline) || !PQconsumeInput(db->conn)) {
            return false;
        }
    }
    return left == 0;
}

// The next result; false at the deadline or when the connection broke. NULL ends one command.
static bool next_result(struct db *db, int64_t deadline, PGresult **ret_rows)
{
    while (PQisBusy(db->conn)) {
        if (!db_wait(db, false, deadline) || !PQconsumeInput(db->conn)) {
            return false;
        }
    }
    *ret_rows = PQgetResult(db->conn);
    return PQstatus(db->conn) == CONNECTION_OK;
}

// Reads to the end of the pipeline whatever happens. Keeps the rows of the last command and the
// first error; false when the connection is lost.
static bool drain(struct db *db, const struct sent *sent, size_t count, int64_t deadline,
                  PGresult **ret_rows)
{
    size_t at = 0;
    for (size_t silences = 0; silences < 3;) {
        PGresult *rows = NULL;
        if (!next_result(db, deadline, &rows)) {
            if (rows && !db->error.err) {
                db_fail_result(db, sent[at < count ? at : count - 1].query->name, rows);
            }
            PQclear(rows);
            return false;
        }
        if (!rows) { // end of this command
            at++;
            silences++;
            continue;
        }
        silences                   = 0;
        ExecStatusType     status  = PQresultStatus(rows);
        const struct sent *command = &sent[at < count ? at : count - 1];
        if (status == PGRES_PIPELINE_SYNC) {
            PQclear(rows);
            return true;
        }
        if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
            if (!db->error.err) {
                db_fail_result(db, command->query->name, rows);
            }
        } else if (status != PGRES_PIPELINE_ABORTED && command->is_prepare) {
            set_prepared(db, command->query);
        } else if (status != PGRES_PIPELINE_ABORTED && at == count - 1) {
            *ret_rows = rows;
            continue;
        } else if (status != PGRES_PIPELINE_ABORTED && command->query == db->along && !db->along_rows) {
            db->along_rows = rows;
            continue;
        }
        PQclear(rows);
    }
    return false;
}

enum err db_steps(struct db *db, const struct step *steps, size_t count, PGresult **ret_rows)
{
    struct sent sent[STEPS_MAX * 2 + 2];
    size_t      sent_count = 0;
    PGresult   *rows       = NULL;
    int64_t     deadline   = db->timeout ? clock_ms() + db->timeout + GRACE_MS : 0;
    bool        is_fine    = true;
    db_count_query();
    for (size_t i = 0; i < count && is_fine; i++) {
        is_fine = send_step(db, &steps[i], sent, &sent_count);
    }
    if (is_fine || sent_count > 0) {
        is_fine = PQpipelineSync(db->conn) && flush(db, deadline) &&
                  drain(db, sent, sent_count, deadline, &rows) && is_fine;
    }
    if (!is_fine) { // the state of the connection is unknown: start afresh
        struct str why = db->conn ? str_of(PQerrorMessage(db->conn)) : STR("");
        if (!db->error.err) {
            db_fail(db, steps[count - 1].query->name, ERR_UNAVAILABLE,
                    why.len ? why : STR("no answer in time"));
        }
        PQclear(rows);
        rows = NULL;
        db_drop(db);
    }
    if (db->error.err && rows) {
        PQclear(rows);
        rows = NULL;
    }
    *ret_rows = rows;
    return db->error.err;
}

// --- a query and what goes before it ------------------------------------------------------------

// Timeout, transaction, identity: whatever the session still has to be told before the query.
static size_t prelude(struct db *db, struct step *steps, struct param *timeout, char *text,
                      size_t room, struct param *identity)
{
    size_t count = 0;
    if (db->timeout_there != db->timeout && !db->in_transaction) {
        snprintf(text, room, "%d", db->timeout);
        *timeout       = param_bytes(str_of(text));
        steps[count++] = (struct step){ &query_db_set_timeout, timeout };
    }
    if (db->wants_begin) {
        steps[count++] = (struct step){ &query_db_say_begin, NULL };
    }
    if (db->identity && !db->in_transaction) {
        identity[0] = param_bytes((struct str){ (const char *)db->token_hash, db->token_length });
        identity[1] = param_int4(db->roles);
        steps[count++] = (struct step){ db->identity, identity };
    }
    return count;
}

static enum err check_shape(struct db *db, const struct query *query, const PGresult *rows)
{
    int count = PQntuples(rows);
    if ((query->shape == SHAPE_ONE || query->shape == SHAPE_OPTIONAL) && count > 1) {
        return db_fail(db, query->name, ERR_INTERNAL, STR("more than one row"));
    }
    if (query->shape == SHAPE_ONE && count == 0) {
        db_error_clear(db);
        db->error.err   = ERR_NOT_FOUND;
        db->error.query = query->name;
        return ERR_NOT_FOUND;
    }
    return OK;
}

static struct result run_once(struct db *db, const struct query *query, const struct param *params)
{
    struct step   steps[STEPS_MAX];
    struct param  timeout, identity[2];
    char          text[16];
    struct result res = { 0 };
    res.err           = db_ready(db, true);
    if (res.err) {
        return res;
    }
    size_t count  = prelude(db, steps, &timeout, text, sizeof text, identity);
    bool   begins = db->wants_begin;
    if (db->along && !db->along_rows) {
        steps[count++] = (struct step){ db->along, NULL };
    }
    if (query->replan) {
        steps[count++] = (struct step){ &query_db_say_replan, NULL };
    }
    steps[count++] = (struct step){ query, params };
    res.err        = db_steps(db, steps, count, &res.rows);
    if (db->conn) {
        // A failed implicit transaction takes the setting back with it.
        db->timeout_there  = res.err && !db->in_transaction ? -1 : db->timeout;
        db->in_transaction = db->in_transaction || begins;
        db->wants_begin    = false;
    }
    if (res.err) { // nothing of this round trip stands
        PQclear(db->along_rows);
        db->along_rows = NULL;
    } else {
        res.err = check_shape(db, query, res.rows);
        if (res.err) {
            result_done(&res);
        }
    }
    return res;
}

static bool is_worth_a_retry(const struct db *db)
{
    return str_eq(db->error.sqlstate, STR("40001")) || str_eq(db->error.sqlstate, STR("40P01"));
}

// PostgreSQL stores no NUL; found before anything is sent, it costs nothing.
static bool holds_nul(const struct query *query, const struct param *params)
{
    for (int i = 0; i < query->count; i++) {
        const struct param *p = &params[i];
        if (p->kind == PARAM_TEXT && !p->is_null && str_index(p->s, 0) < p->s.len) {
            return true;
        }
    }
    return false;
}

struct result db_run(struct db *db, const struct query *query, const struct param *params)
{
    arena_reset(db->scratch);
    db_error_clear(db);
    if (holds_nul(query, params)) {
        return (
            struct result){ .err = db_fail(db, query->name, ERR_INVALID, STR("a text holds NUL")) };
    }
    bool          is_alone = !db->in_transaction && !db->wants_begin;
    struct result res      = run_once(db, query, params);
    if (res.err && is_alone && is_worth_a_retry(db)) {
        db_error_clear(db);
        res = run_once(db, query, params);
    }
    return res;
}

void db_along(struct db *db, const struct query *query)
{
    PQclear(db->along_rows);
    db->along_rows = NULL;
    db->along      = query;
}

struct result db_along_take(struct db *db, const struct query *query)
{
    struct result res = { 0 };
    if (db->along == query && db->along_rows) {
        res.rows       = db->along_rows;
        db->along_rows = NULL;
        db->along      = NULL;
        res.err        = check_shape(db, query, res.rows);
        if (res.err) {
            result_done(&res);
        }
        return res;
    }
    db_along(db, NULL);
    return db_run(db, query, NULL);
}

bool db_error_is_transient(const struct db *db)
{
    return is_worth_a_retry(db);
}

// --- transactions and identity ------------------------------------------------------------------

void db_timeout(struct db *db, int milliseconds)
{
    db->timeout = milliseconds;
}

void db_identify(struct db *db, const struct query *identity, struct str token_hash, int roles)
{
    if (token_hash.len > sizeof db->token_hash) {
        DIE("db_identify: not a hash");
    }
    db_along(db, NULL);
    memcpy(db->token_hash, token_hash.at, token_hash.len);
    db->token_length = token_hash.len;
    db->identity     = identity;
    db->roles        = roles;
}

void db_anonymous(struct db *db)
{
    db_along(db, NULL);
    db->identity = NULL;
}

enum err db_begin(struct db *db)
{
    if (db->in_transaction || db->wants_begin) {
        DIE("db_begin: already in a transaction");
    }
    db_error_clear(db);
    enum err e = db_connect(db);
    if (!e) {
        db->wants_begin = true; // travels with the first query
    }
    return e;
}

bool db_is_in_transaction(const struct db *db)
{
    return db->in_transaction || db->wants_begin;
}

enum err db_commit(struct db *db)
{
    db->wants_begin = false;
    if (!db->in_transaction) {
        return db->conn ? OK : db_fail(db, "commit", ERR_UNAVAILABLE, STR("connection lost"));
    }
    struct step steps[] = { { &query_db_say_commit, NULL } };
    PGresult   *rows    = NULL;
    db_error_clear(db);
    enum err e = db_ready(db, true);
    if (!e) {
        e = db_steps(db, steps, 1, &rows);
    }
    // PostgreSQL answers ROLLBACK to the COMMIT of a failed transaction.
    if (!e && strcmp(PQcmdStatus(rows), "COMMIT") != 0) {
        e = db_fail(db, "commit", ERR_INTERNAL, STR("the transaction had failed"));
    }
    PQclear(rows);
    db->in_transaction = false;
    return e;
}

void db_rollback(struct db *db)
{
    db->wants_begin = false;
    if (!db->in_transaction) {
        return;
    }
    // What made us roll back stays the error that is told.
    struct step     steps[] = { { &query_db_say_rollback, NULL } };
    PGresult       *rows    = NULL;
    struct db_error kept    = db->error;
    struct arena   *words   = db->words;
    db->words               = arena_new();
    db->error               = (struct db_error){ 0 };
    if (db->conn && !db->is_copying && db_ready(db, true) == OK &&
        db_steps(db, steps, 1, &rows) == OK) {
        PQclear(rows);
    } else if (db->conn) {
        db_drop(db);
    }
    arena_free(db->words);
    db->words          = words;
    db->error          = kept;
    db->in_transaction = false;
    db->timeout_there  = -1;
}
