// A connection to PostgreSQL, and the way every query runs.
//
// Nobody writes SQL in C: queries live in noun.sql and sqlgen turns each into a typed C function
// that calls db_run. A struct db belongs to one thread. Statements are prepared the first time they
// run on a connection and again after a reconnection. A lost connection is reopened by the next
// query; the failed one answers ERR_UNAVAILABLE.
//
// Who asks: after db_identify every query outside an explicit transaction travels behind the
// identity statement in the same round trip, both in one implicit transaction; a refusal of the
// identity means that the query never ran. db_begin sends the identity once for the whole
// transaction. Serialization failures and deadlocks outside an explicit transaction are tried once
// more by db_run.
#pragma once

#include <libpq-fe.h>

#include "base/arena.h"
#include "base/err.h"

struct db; // opaque

// --- what sqlgen writes -------------------------------------------------------------------------

enum shape {
    SHAPE_VOID,     // nothing expected
    SHAPE_ONE,      // json, row: exactly one row, none is ERR_NOT_FOUND
    SHAPE_OPTIONAL, // json?, row?: none is fine
    SHAPE_MANY,     // json*, row*
    SHAPE_COPY,     // copy ... from stdin: run it with db_copy_open
};

struct query {
    const char *name; // unique in the program
    const char *sql;
    int         count; // of parameters
    enum shape  shape;
    bool        replan; // planned for the values of each run, because most filters are null
    bool        once;   // its text was made for this run (segment/rule.h): not kept prepared
};

enum param_kind {
    PARAM_INT2,
    PARAM_INT4,
    PARAM_INT8,
    PARAM_BOOL,
    PARAM_FLOAT8,
    PARAM_BYTES,
    PARAM_TEXT
};

struct param {
    enum param_kind kind;
    bool            is_null;
    union {
        int64_t    i;
        double     d;
        struct str s;
    };
};

#define PARAM_MAX 128

// --- results ------------------------------------------------------------------------------------

// What a query gave: an error, or rows. Whoever receives it calls result_done, or hands it to one
// of the reply_ functions. Views into it live as long as it does.
struct result {
    enum err  err;
    PGresult *rows; // NULL on error
};

// Frees the rows. For CLEANUP(result_done) struct result x = ...
void result_done(struct result *res);
// The same of a query of which only its success matters: says it.
enum err result_end(struct result res) MUST_USE;

int        result_count(const struct result *res);   // rows
int        result_columns(const struct result *res); // columns
bool       result_is_null(const struct result *res, int row, int column);
struct str result_text(const struct result *res, int row, int column); // absent when null
int64_t    result_int(const struct result *res, int row, int column);  // 0 when null
double     result_double(const struct result *res, int row, int column);
bool       result_bool(const struct result *res, int row, int column);

// --- connection ---------------------------------------------------------------------------------

// A connection that will be made by the first query. conninfo must outlive it; it may name several
// hosts. application_name shows in pg_stat_activity. Never fails.
struct db *db_open(struct str conninfo, const char *application_name) MUST_USE;
void       db_close(struct db *db);

// Connects now if need be; ERR_UNAVAILABLE when it cannot.
enum err db_connect(struct db *db) MUST_USE;

// Statements running longer are cancelled by PostgreSQL (ERR_BUSY); 0: no limit. Default 2000.
void db_timeout(struct db *db, int milliseconds);

// From now on queries run as the session with this token hash, restricted to the roles of the mask.
// The statement takes ($1 bytea, $2 int). db_anonymous forgets it.
void db_identify(struct db *db, const struct query *identity, struct str token_hash, int roles);
void db_anonymous(struct db *db);

// Runs a query; called by generated code.
struct result db_run(struct db *db, const struct query *query, const struct param *params);

// Sends this query, which takes no parameters, along with the next one: the same round trip and transaction. One at a time.
// db_along_take gives what it gave, and asks it now when nothing took it along; the next identity forgets it.
void          db_along(struct db *db, const struct query *query);
struct result db_along_take(struct db *db, const struct query *query);

// An explicit transaction. BEGIN (and the identity) travel with its first query. db_rollback and
// db_commit are harmless outside of one.
enum err db_begin(struct db *db) MUST_USE;
enum err db_commit(struct db *db) MUST_USE;
void     db_rollback(struct db *db);
bool     db_is_in_transaction(const struct db *db);

// Loading many rows: open with a query of shape copy, write text or CSV in pieces, close. After an
// error of db_copy_write call db_copy_close all the same. *ret_rows may be NULL.
enum err db_copy_open(struct db *db, const struct query *query) MUST_USE;
enum err db_copy_write(struct db *db, struct str data) MUST_USE;
enum err db_copy_close(struct db *db, bool give_up, int64_t *ret_rows) MUST_USE;

// Notifications. db_listen survives reconnections. db_notice waits at most `milliseconds` for one:
// ERR_NOT_FOUND when none came; the payload lives until the next call.
enum err db_listen(struct db *db, const char *channel) MUST_USE;
enum err db_notice(struct db *db, int milliseconds, struct str *ret_channel,
                   struct str *ret_payload) MUST_USE;

// The descriptor to poll for notifications; -1 when not connected.
int db_socket(const struct db *db);

// --- what went wrong ----------------------------------------------------------------------------

// Details of the last failure, valid until the next query.
struct db_error {
    enum err    err;
    const char *query;    // name of the query
    struct str  sqlstate; // absent when it is not PostgreSQL that refused
    struct str  message;
    struct str  detail; // of ML000: JSON members to merge into the answer
    struct str  constraint;
    struct str  field; // form field to blame, absent when unknown
};
const struct db_error *db_error(const struct db *db);

// True when the last failure was a serialization failure or a deadlock: the whole transaction may
// be tried again.
bool db_error_is_transient(const struct db *db);

// Numbers of this process since it started, for metrics.
struct db_counts {
    uint64_t queries, errors, connections;
};
struct db_counts db_counts(void);

// Logs the last failure once, at the level it deserves; for programs, not for libraries.
void db_error_log(const struct db *db);

// --- parameters, for generated code -------------------------------------------------------------

static inline struct param param_int2(int32_t v)
{
    return (struct param){ .kind = PARAM_INT2, .i = v };
}
static inline struct param param_int4(int32_t v)
{
    return (struct param){ .kind = PARAM_INT4, .i = v };
}
static inline struct param param_int8(int64_t v)
{
    return (struct param){ .kind = PARAM_INT8, .i = v };
}
static inline struct param param_bool(bool v)
{
    return (struct param){ .kind = PARAM_BOOL, .i = v };
}
static inline struct param param_float8(double v)
{
    return (struct param){ .kind = PARAM_FLOAT8, .d = v };
}
static inline struct param param_int4_null(const int32_t *v)
{
    return (struct param){ .kind = PARAM_INT4, .is_null = !v, .i = v ? *v : 0 };
}
static inline struct param param_int8_null(const int64_t *v)
{
    return (struct param){ .kind = PARAM_INT8, .is_null = !v, .i = v ? *v : 0 };
}
static inline struct param param_bool_null(const bool *v)
{
    return (struct param){ .kind = PARAM_BOOL, .is_null = !v, .i = v ? *v : 0 };
}
static inline struct param param_float8_null(const double *v)
{
    return (struct param){ .kind = PARAM_FLOAT8, .is_null = !v, .d = v ? *v : 0 };
}
static inline struct param param_bytes(struct str v)
{
    return (struct param){ .kind = PARAM_BYTES, .s = v };
}
static inline struct param param_bytes_null(struct str v)
{
    return (struct param){ .kind = PARAM_BYTES, .is_null = !v.at, .s = v };
}
static inline struct param param_text(struct str v)
{
    return (struct param){ .kind = PARAM_TEXT, .s = v };
}
static inline struct param param_text_null(struct str v)
{
    return (struct param){ .kind = PARAM_TEXT, .is_null = !v.at, .s = v };
}
