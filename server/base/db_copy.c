// COPY FROM STDIN: the fast way in for many rows. libpq forbids it in a pipeline.
#include "base/clock.h"
#include "base/db_private.h"
#include "queries.h" // generated: what the library itself says

enum { PIECE = 64 * 1024 };

// Sends the BEGIN that db_begin left for the first statement.
static enum err begin_now(struct db *db)
{
    if (!db->wants_begin) {
        return OK;
    }
    struct step steps[] = { { &query_db_say_begin, NULL } };
    PGresult   *rows    = NULL;
    enum err    e       = db_ready(db, true);
    if (!e) {
        e = db_steps(db, steps, 1, &rows);
        PQclear(rows);
    }
    db->wants_begin    = false;
    db->in_transaction = !e;
    return e;
}

enum err db_copy_open(struct db *db, const struct query *query)
{
    db_error_clear(db);
    enum err e = begin_now(db);
    if (!e) {
        e = db_ready(db, false);
    }
    if (e) {
        return e;
    }
    PGresult *rows = PQexec(db->conn, query->sql);
    if (PQresultStatus(rows) == PGRES_COPY_IN) {
        db->is_copying = true;
    } else {
        e = db_fail_result(db, query->name, rows);
    }
    PQclear(rows);
    return e;
}

enum err db_copy_write(struct db *db, struct str data)
{
    while (data.len) {
        struct str piece = str_sub(data, 0, PIECE);
        data             = str_sub(data, piece.len, data.len);
        if (!db->is_copying || PQputCopyData(db->conn, piece.at, (int)piece.len) != 1) {
            struct str why = db->conn ? str_of(PQerrorMessage(db->conn)) : STR("connection lost");
            return db_fail(db, "copy", ERR_UNAVAILABLE, why);
        }
    }
    return OK;
}

enum err db_copy_close(struct db *db, bool give_up, int64_t *ret_rows)
{
    if (!db->is_copying) {
        return db->error.err;
    }
    db->is_copying = false;
    db_error_clear(db);
    PQputCopyEnd(db->conn, give_up ? "given up" : NULL);
    for (PGresult *rows; (rows = PQgetResult(db->conn)); PQclear(rows)) {
        if (PQresultStatus(rows) == PGRES_COMMAND_OK) {
            int64_t count = 0;
            str_int(str_of(PQcmdTuples(rows)), &count);
            if (ret_rows) {
                *ret_rows = count;
            }
        } else if (!give_up && !db->error.err) {
            db_fail_result(db, "copy", rows);
        }
    }
    if (PQstatus(db->conn) != CONNECTION_OK) {
        if (!db->error.err) {
            db_fail(db, "copy", ERR_UNAVAILABLE, STR("connection lost"));
        }
        db_drop(db);
    }
    return db->error.err;
}
