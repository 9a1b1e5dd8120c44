#include "relay.h"

#include "base/clock.h"
#include "base/log.h"
#include "queries.h"
#include "queue.h"

enum {
    TICK_MS     = 1000,  // sleeps no longer
    PAUSE_MS    = 10,    // between two passes while the streams are full
    REST_MS     = 200,   // after a failure
    LEASE_MS    = 4000,  // a job sent and in nobody's hands for so long is sent again
    SWEEP_MS    = 60000, // housekeeping of the streams
    CHUNK       = 100,   // jobs per message, of kinds that are done together
    TAKEN_MOST  = 1000,  // jobs per pass
    UNDER_QUICK = 12,    // messages under way
    UNDER_SLOW  = 4,
};

struct relay {
    struct worker *worker;
    struct db     *db;
    struct arena  *arena;
    struct queue  *queues[LANE_COUNT];
    bool           is_redis_down;
    int64_t        recover_at, sweep_at;
};

static void tell_redis(struct relay *r, bool is_down)
{
    if (r->is_redis_down != is_down) {
        r->is_redis_down = is_down;
        log_line(is_down ? LOG_ERROR : LOG_INFO, is_down ? "redis_lost" : "redis_back",
                 LOG_TEXT("thread", STR("relay")));
    }
}

// Jobs lost on the way go back to waiting: after the lease, or at once when Redis was emptied.
static enum err recover(struct relay *r)
{
    bool is_emptied = atomic_exchange(&r->worker->is_emptied, false);
    if (!is_emptied && clock_ms() < r->recover_at) {
        return OK;
    }
    int64_t count = 1;
    while (count > 0) {
        CLEANUP(result_done)
        struct result back = queue_recover(r->db, is_emptied ? 0 : LEASE_MS);
        if (back.err) {
            if (is_emptied) {
                atomic_store(&r->worker->is_emptied, true);
            }
            return back.err;
        }
        count = result_int(&back, 0, 0);
        if (count > 0) {
            log_line(LOG_WARNING, "jobs_sent_again", LOG_NUMBER("count", count));
        }
    }
    r->recover_at = clock_ms() + TICK_MS;
    return OK;
}

// Which lanes have room; false when Redis does not answer.
static bool find_room(struct relay *r, bool *ret_quick, bool *ret_slow)
{
    int64_t quick, slow;
    if (queue_length(r->queues[LANE_QUICK], &quick) || queue_length(r->queues[LANE_SLOW], &slow)) {
        tell_redis(r, true);
        return false;
    }
    tell_redis(r, false);
    *ret_quick = quick < UNDER_QUICK;
    *ret_slow  = slow < UNDER_SLOW;
    return true;
}

// Takes due jobs and sends them. What cannot be sent waits again; should that fail too, the lease
// will tell.
static enum err take(struct relay *r, bool quick, bool slow, int64_t *ret_count)
{
    struct str kinds    = job_kind_names(r->arena, quick, slow, false);
    struct str together = job_kind_names(r->arena, quick, slow, true);
    CLEANUP(result_done)
    struct result taken = queue_take(r->db, kinds, together, CHUNK, TAKEN_MOST);
    enum err      e     = OK;
    for (int i = 0; i < result_count(&taken); i++) {
        struct str             name = result_text(&taken, i, 0);
        struct str             ids  = result_text(&taken, i, 1);
        const struct job_kind *kind = job_kind_find(name);
        *ret_count += result_int(&taken, i, 2);
        if (!e && queue_send(r->queues[kind->lane], name, ids)) {
            tell_redis(r, true);
            e = ERR_UNAVAILABLE;
        }
        if (e) {
            CLEANUP(result_done) struct result back = queue_put_back(r->db, ids);
        }
    }
    return taken.err ? taken.err : e;
}

// One pass; *ret_wait_ms says how long nothing will be due, as far as known.
static enum err pass(struct relay *r, int64_t *ret_wait_ms)
{
    bool     quick, slow;
    int64_t  count = 0;
    enum err e     = recover(r);
    if (e) {
        return e;
    }
    if (!find_room(r, &quick, &slow)) {
        *ret_wait_ms = REST_MS;
        return OK;
    }
    if (quick || slow) {
        e = take(r, quick, slow, &count);
    }
    if (r->is_redis_down) {
        *ret_wait_ms = REST_MS;
        return OK;
    }
    if (e) {
        return e;
    }
    // The lane that is full is not asked about: it will be looked at again shortly anyway.
    CLEANUP(result_done)
    struct result next = queue_next_due(r->db, job_kind_names(r->arena, quick, slow, false));
    if (next.err) {
        return next.err;
    }
    int64_t wait = result_is_null(&next, 0, 0) ? TICK_MS : result_int(&next, 0, 0);
    if (!quick || !slow) {
        wait = wait < PAUSE_MS && (quick || slow) ? wait : PAUSE_MS;
    }
    *ret_wait_ms = wait < TICK_MS ? wait : TICK_MS;
    if (clock_ms() >= r->sweep_at) {
        queue_sweep(r->queues[LANE_QUICK]);
        queue_sweep(r->queues[LANE_SLOW]);
        r->sweep_at = clock_ms() + SWEEP_MS;
    }
    return OK;
}

// Sleeps until a job was added or the time has passed; takes all notifications that came together.
static enum err sleep_until_told(struct relay *r, int64_t wait_ms)
{
    struct str channel, payload;
    enum err   e = wait_ms > 0 ? db_notice(r->db, (int)wait_ms, &channel, &payload) : OK;
    while (!e) {
        e = db_notice(r->db, 1, &channel, &payload);
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

void *relay_thread(void *worker)
{
    struct relay r = {
        .worker   = worker,
        .arena    = arena_new(),
        .sweep_at = clock_ms() + SWEEP_MS,
    };
    r.db                 = db_open(r.worker->db, "maillage-worker relay");
    r.queues[LANE_QUICK] = queue_open(r.worker, LANE_QUICK, "relay");
    r.queues[LANE_SLOW]  = queue_open(r.worker, LANE_SLOW, "relay");
    db_timeout(r.db, 10000);
    enum err e       = db_listen(r.db, "job");
    bool     is_told = false;
    while (!atomic_load(&r.worker->is_stopping)) {
        int64_t wait_ms = 0;
        arena_reset(r.arena);
        e = pass(&r, &wait_ms);
        if (!e) {
            e = sleep_until_told(&r, wait_ms);
        }
        if (e && !is_told) {
            db_error_log(r.db);
        }
        is_told = e != OK;
        if (e) {
            worker_sleep(r.worker, REST_MS);
        }
    }
    queue_close(r.queues[LANE_QUICK]);
    queue_close(r.queues[LANE_SLOW]);
    db_close(r.db);
    arena_free(r.arena);
    return NULL;
}
