#include "run.h"

#include "base/clock.h"
#include "base/log.h"
#include "queries.h"
#include "queue.h"

enum {
    WAIT_MS = 1000, // for a message; a stop is noticed as soon
    REST_MS = 200,  // after a failure
    TAKE_MS = 10000,
    TRIES   = 5, // for a row that somebody holds, after 10, 20, 40... ms
};

struct hands {
    struct worker *worker;
    struct db     *db;
    struct db     *keeper; // holds the rows of long jobs while db does them
    struct arena  *arena;
    struct queue  *queue;
};

static struct str id_array(struct arena *a, int64_t id)
{
    return arena_printf(a, "{%lld}", (long long)id);
}

// What is kept as the error of an attempt.
static struct str failure(struct hands *h, const struct job *job, enum err e)
{
    const struct db_error *error = db_error(h->db);
    if (job->why.len) {
        return job->why;
    }
    if (error->err && error->message.len) {
        return arena_printf(h->arena, "%.*s (%s, %.*s)", STR_ARG(error->message),
                            error->query ? error->query : "?", STR_ARG(error->sqlstate));
    }
    return err_code(e);
}

static enum err fail(struct hands *h, const struct job_kind *kind, int64_t id, struct str why)
{
    CLEANUP(result_done)
    struct result res = job_fail(h->db, id, why, kind->attempts, kind->is_long);
    if (!res.err && result_count(&res) > 0) {
        bool is_dead = str_eq(result_text(&res, 0, 0), STR("dead"));
        log_line(is_dead ? LOG_ERROR : LOG_WARNING, is_dead ? "job_dead" : "job_failed",
                 LOG_NUMBER("job", id), LOG_TEXT("kind", str_of(kind->name)),
                 LOG_NUMBER("attempt", result_int(&res, 0, 1)), LOG_TEXT("error", why));
    }
    return res.err;
}

// Takes the jobs in hand: *ret_ids those still to be done, *ret_count how many they are,
// *ret_missing how many are done, not due, or in other hands.
static enum err lock(struct hands *h, struct db *db, const struct job_kind *kind, struct str ids,
                     struct str *ret_ids, int *ret_count, int *ret_missing)
{
    enum err e = db_begin(db);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result locked = job_lock(db, str_of(kind->name), ids);
    if (!locked.err) {
        *ret_ids     = arena_str(h->arena, result_text(&locked, 0, 0));
        *ret_count   = (int)result_int(&locked, 0, 1);
        *ret_missing = (int)result_int(&locked, 0, 2);
    }
    return locked.err;
}

static enum err settle(struct db *db, const struct job_kind *kind, struct str ids)
{
    CLEANUP(result_done) struct result done = job_done(db, ids, kind->is_long);
    return done.err ? done.err : db_commit(db);
}

// One job. *ret_held: its row is in other hands. ERR_UNAVAILABLE: the database went away, nothing
// is known.
static enum err run_one(struct hands *h, const struct job_kind *kind, int64_t id, bool *ret_held)
{
    int64_t    start  = clock_ms();
    int        count  = 0, missing;
    struct db *holder = kind->is_long ? h->keeper : h->db;
    struct str ids;
    struct job job = { .db = h->db, .arena = h->arena, .worker = h->worker, .id = id };
    if (kind->is_long) {
        CLEANUP(result_done) struct result counted = job_count(h->db, id, kind->attempts);
        if (counted.err || result_count(&counted) == 0) {
            *ret_held = true;
            return counted.err;
        }
        if (!result_bool(&counted, 0, 0)) {
            log_line(LOG_ERROR, "job_dead", LOG_NUMBER("job", id),
                     LOG_TEXT("kind", str_of(kind->name)));
            return OK;
        }
    }
    enum err e = lock(h, holder, kind, id_array(h->arena, id), &ids, &count, &missing);
    if (e || count == 0) {
        db_rollback(holder);
        *ret_held = true;
        return e;
    }
    e              = kind->run(&job);
    struct str why = e ? failure(h, &job, e) : STR("");
    if (!e) {
        e = settle(holder, kind, ids);
    }
    if (!e) {
        log_line(LOG_INFO, "job_done", LOG_NUMBER("job", id), LOG_TEXT("kind", str_of(kind->name)),
                 LOG_NUMBER("ms", clock_ms() - start));
        return OK;
    }
    db_rollback(holder);
    return e == ERR_UNAVAILABLE ? e : fail(h, kind, id, why.len ? why : err_code(e));
}

// As many as can be done in one statement; the rest is left to run_one, errors included.
static enum err run_together(struct hands *h, const struct job_kind *kind, struct str ids,
                             bool *ret_all)
{
    int64_t    start = clock_ms();
    int        count = 0, missing = 0, done = 0;
    struct str locked, settled;
    struct job job = { .db = h->db, .arena = h->arena, .worker = h->worker };
    enum err   e   = lock(h, h->db, kind, ids, &locked, &count, &missing);
    if (!e && count == 0) {
        db_rollback(h->db);
        return OK;
    }
    if (!e) {
        e = kind->run_many(&job, locked, &settled, &done);
    }
    if (!e) {
        e = settle(h->db, kind, settled);
    }
    if (e) {
        struct str why = failure(h, &job, e);
        db_rollback(h->db);
        if (e != ERR_UNAVAILABLE) {
            log_line(LOG_WARNING, "jobs_failed_together", LOG_TEXT("kind", str_of(kind->name)),
                     LOG_NUMBER("count", count), LOG_TEXT("error", why));
        }
        return e == ERR_UNAVAILABLE ? e : OK;
    }
    *ret_all = done == count && missing == 0;
    log_line(LOG_INFO, "jobs_done", LOG_TEXT("kind", str_of(kind->name)), LOG_TEXT("jobs", settled),
             LOG_NUMBER("count", done), LOG_NUMBER("ms", clock_ms() - start));
    return OK;
}

// One pass over the jobs of a message; *ret_held: some are still to be done but in other hands.
static enum err pass(struct hands *h, const struct job_kind *kind, struct str ids, bool *ret_held)
{
    bool     is_all = false;
    enum err e      = kind->run_many ? run_together(h, kind, ids, &is_all) : OK;
    if (e || is_all) {
        return e;
    }
    CLEANUP(result_done) struct result left = job_left(h->db, str_of(kind->name), ids);
    e                                       = left.err;
    for (int i = 0; !e && i < result_count(&left); i++) {
        if (atomic_load(&h->worker->is_stopping)) {
            break;
        }
        e = run_one(h, kind, result_int(&left, i, 0), ret_held);
    }
    return e;
}

// The hands that hold a row may be those of another runner, which does the job; or of a relay that
// came too late to take it and lets go at once. Therefore a few more looks.
static enum err run_message(struct hands *h, const struct job_kind *kind, struct str ids)
{
    enum err e = OK;
    db_timeout(h->db, kind->limit_ms);
    for (int i = 0; i < TRIES; i++) {
        bool is_held = false;
        e            = pass(h, kind, ids, &is_held);
        if (e || !is_held) {
            break;
        }
        worker_sleep(h->worker, (int64_t)10 << i);
    }
    return e;
}

// Again and again while PostgreSQL is away, so that its return is used at once.
static void run_to_the_end(struct hands *h, const struct message *m)
{
    const struct job_kind *kind = job_kind_find(m->kind);
    if (!kind || str_is_empty(m->ids)) {
        return; // a newer worker knows it; the row is sent again
    }
    bool is_told = false;
    while (run_message(h, kind, m->ids) && !atomic_load(&h->worker->is_stopping)) {
        if (!is_told) {
            is_told = true;
            db_error_log(h->db);
        }
        worker_sleep(h->worker, REST_MS);
    }
}

// Redis is away: due rows are taken from PostgreSQL, as a relay takes them. Two that do so at once
// take different ones; what is not begun within the lease of a row is anybody's again.
static void run_without_redis(struct hands *h, enum lane lane)
{
    bool lanes[LANE_COUNT] = { 0 };
    lanes[lane]            = true;
    struct str kinds       = job_kind_names(h->arena, lanes, false);
    struct str together    = job_kind_names(h->arena, lanes, true);
    db_timeout(h->db, TAKE_MS);
    CLEANUP(result_done)
    struct result taken = queue_take(h->db, kinds, together, JOBS_TOGETHER, JOBS_TOGETHER);
    for (int i = 0; i < result_count(&taken) && !atomic_load(&h->worker->is_stopping); i++) {
        const struct message m = { .kind = arena_str(h->arena, result_text(&taken, i, 0)),
                                   .ids  = arena_str(h->arena, result_text(&taken, i, 1)) };
        run_to_the_end(h, &m);
    }
    if (taken.err || result_count(&taken) == 0) {
        worker_sleep(h->worker, REST_MS);
    }
}

void *run_thread(void *runner)
{
    struct runner *r = runner;
    char           consumer[16];
    snprintf(consumer, sizeof consumer, "%d", r->number);
    struct hands h = {
        .worker = r->worker,
        .db     = db_open(r->worker->db, "maillage-worker runner"),
        .keeper = db_open(r->worker->db, "maillage-worker keeper"),
        .arena  = arena_new(),
        .queue  = queue_open(r->worker, r->lane, consumer),
    };
    bool is_told = false;
    while (!atomic_load(&h.worker->is_stopping)) {
        struct message m = { 0 };
        arena_reset(h.arena);
        enum err e = queue_receive(h.queue, WAIT_MS, h.arena, &m);
        if (!e) {
            run_to_the_end(&h, &m);
            queue_settle(h.queue, &m);
        } else if (e != ERR_NOT_FOUND) {
            if (!is_told) {
                log_line(LOG_ERROR, "redis_lost", LOG_TEXT("thread", str_of(consumer)));
            }
            run_without_redis(&h, r->lane);
        }
        is_told = e && e != ERR_NOT_FOUND;
    }
    queue_close(h.queue);
    db_close(h.keeper);
    db_close(h.db);
    arena_free(h.arena);
    return NULL;
}
