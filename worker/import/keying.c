#include "import/keying.h"

#include "base/buf.h"
#include "import/copyline.h"
#include "import/linkage_private.h"
#include "link/candidate.h"

#include "queries.h"

// Writes the keys of the records in rows: id, columns, commune.
static enum err write_keys(struct db *db, const struct result *rows, bool is_row)
{
    enum err e = result_end(keying_stage(db));
    if (e || (e = db_copy_open(db, &query_keying_load))) {
        return e;
    }
    struct candidate_keyer *keyer = candidate_keyer_new(&linkage_schema);
    struct buf              lines = buf_init(KIB(256));
    for (int i = 0; !e && i < result_count(rows); i++) {
        uint64_t   keys[CANDIDATE_KEYS_MAX];
        struct str fields[LINKAGE_COLUMNS];
        linkage_fields(rows, i, fields);
        struct str place = result_text(rows, i, LINKAGE_COLUMNS + 1);
        size_t     n     = is_row ? candidate_chief_keys(keyer, fields, place, keys)
                                  : candidate_keys(keyer, fields, place, keys);
        for (size_t k = 0; k < n; k++) {
            copy_int(&lines, (int64_t)keys[k]);
            copy_int(&lines, result_int(rows, i, 0));
            copy_end(&lines);
        }
        if (lines.len >= KIB(128)) {
            e = db_copy_write(db, buf_str(&lines));
            buf_clear(&lines);
        }
    }
    if (!e && lines.len) {
        e = db_copy_write(db, buf_str(&lines));
    }
    enum err closed = db_copy_close(db, e != OK, NULL);
    buf_done(&lines);
    candidate_keyer_free(keyer);
    return e ? e : closed ? closed : result_end(keying_merge(db));
}

// One batch, in a transaction of its own; *ret_done says how many were taken.
static enum err run_batch(struct db *db, bool is_row, int64_t *ret_done)
{
    enum err e = db_begin(db);
    if (!e) {
        e = result_end(keying_lock(db));
    }
    if (!e) {
        CLEANUP(result_done)
        struct result rows =
            is_row ? keying_rows(db, KEYING_BATCH) : keying_establishments(db, KEYING_BATCH);
        e         = rows.err;
        *ret_done = e ? 0 : result_count(&rows);
        if (!e && *ret_done) {
            e = write_keys(db, &rows, is_row);
        }
    }
    e = e ? e : db_commit(db);
    db_rollback(db);
    return e;
}

enum err keying_run(struct db *db, int64_t most, bool and_rows, int64_t *ret_left)
{
    int64_t  done = 0, batch = 0;
    enum err e = OK;

    for (int is_row = 0; !e && is_row <= and_rows; is_row++) {
        do {
            CLEANUP(result_done) struct result left = keying_left(db);
            bool                               is_waiting =
                !left.err && (is_row ? result_bool(&left, 0, 1) : result_int(&left, 0, 0) > 0);
            batch = 0;
            e     = left.err;
            if (!e && is_waiting && done < most) {
                e = run_batch(db, is_row, &batch);
            }
            done += batch;
        } while (!e && batch > 0);
    }
    if (!e && ret_left) {
        CLEANUP(result_done) struct result left = keying_left(db);
        e                                       = left.err;
        *ret_left                               = e ? 0 : result_int(&left, 0, 0);
    }
    return e;
}

enum err keying_before(struct db *db, int64_t file)
{
    CLEANUP(result_done) struct result left = keying_left_besides(db, file);

    if (left.err || !result_bool(&left, 0, 0)) {
        return left.err;
    }
    return keying_run(db, INT64_MAX, false, NULL);
}
