// The inside of a connection, shared by db.c, db_run.c and db_copy.c. Private to base.
#pragma once

#include "base/db.h"

enum { CHANNELS_MAX = 4, STEPS_MAX = 6 };

struct db {
    char       *conninfo;
    const char *name;     // application_name
    PGconn     *conn;     // NULL: not connected
    int64_t     retry_at; // no new attempt before, in clock_ms

    const struct query *identity; // NULL: nobody
    uint8_t             token_hash[32];
    size_t              token_length;
    int                 roles;

    int timeout;       // wanted, ms
    int timeout_there; // what the session has now, -1: unknown

    bool wants_begin;    // db_begin was called, nothing was sent yet
    bool in_transaction; // PostgreSQL was told
    bool is_copying;

    const struct query *along;      // travels with the next query
    PGresult           *along_rows; // what it gave, until somebody takes it

    const struct query **prepared; // open addressing, power of two
    size_t               prepared_room, prepared_count;

    const char *channels[CHANNELS_MAX];
    size_t      channel_count;
    PGnotify   *notice; // last one given out

    struct arena   *scratch; // parameters of the running query
    struct arena   *words;   // texts of `error`
    struct db_error error;
};

// One statement of a round trip.
struct step {
    const struct query *query;
    const struct param *params;
};

// Sends the steps as one pipeline, reads everything back. *ret_rows is the result of the last step,
// NULL on error; errors are recorded in db->error.
enum err db_steps(struct db *db, const struct step *steps, size_t count, PGresult **ret_rows);

// Makes sure of a usable connection in the wanted mode.
enum err db_ready(struct db *db, bool pipeline);

// Drops the connection; the next query makes a new one.
void db_drop(struct db *db);

// Records a failure told by a result, or one of our own; both return the err.
enum err db_fail_result(struct db *db, const char *query, const PGresult *rows);
enum err db_fail(struct db *db, const char *query, enum err e, struct str message);
void     db_error_clear(struct db *db);

// Waits until the connection can be read (or written, when asked); false at the deadline.
bool db_wait(struct db *db, bool to_write, int64_t deadline);

// What libpq wants for parameters.
struct encoded {
    const char *values[PARAM_MAX];
    int         lengths[PARAM_MAX];
    int         formats[PARAM_MAX];
    uint8_t     bytes[PARAM_MAX][8];
};
// Texts that need a final NUL are copied into the arena.
void db_encode(const struct param *params, int count, struct arena *a, struct encoded *ret_e);

void db_count_query(void);
