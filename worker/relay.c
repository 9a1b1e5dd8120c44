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
    TAKEN_MOST  = 1000,  // jobs per pass
};

// Messages under way at most.
static const int64_t under_way[LANE_COUNT] = { [LANE_QUICK] = 12, [LANE_SLOW] = 4, [LANE_OUT] = 8 };

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
static bool find_room(struct relay *r, bool room[static LANE_COUNT])
{
    for (int lane = 0; lane < LANE_COUNT; lane++) {
        int64_t length;
        if (queue_length(r->queues[lane], &length)) {
            tell_redis(r, true);
            return false;
        }
        room[lane] = length < under_way[lane];
    }
    tell_redis(r, false);
    return true;
}

// Takes due jobs and sends them. What cannot be sent waits again; should that fail too, the lease
// will tell.
static enum err take(struct relay *r, const bool room[static LANE_COUNT], int64_t *ret_count)
{
    struct str kinds    = job_kind_names(r->arena, room, false);
    struct str together = job_kind_names(r->arena, room, true);
    CLEANUP(result_done)
    struct result taken = queue_take(r->db, kinds, together, JOBS_TOGETHER, TAKEN_MOST);
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
    bool     room[LANE_COUNT], is_open = false, is_full = false;
    int64_t  count = 0;
    enum err e     = recover(r);
    if (e) {
        return e;
    }
    if (!find_room(r, room)) {
        *ret_wait_ms = REST_MS;
        return OK;
    }
    for (int lane = 0; lane < LANE_COUNT; lane++) {
        is_open = is_open || room[lane];
        is_full = is_full || !room[lane];
    }
    if (is_open) {
        e = take(r, room, &count);
    }
    if (r->is_redis_down) {
        *ret_wait_ms = REST_MS;
        return OK;
    }
    if (e) {
        return e;
    }
    // A lane that is full is not asked about: it will be looked at again shortly anyway.
    CLEANUP(result_done)
    struct result next = queue_next_due(r->db, job_kind_names(r->arena, room, false));
    if (next.err) {
        return next.err;
    }
    int64_t wait = result_is_null(&next, 0, 0) ? TICK_MS : result_int(&next, 0, 0);
    if (is_full) {
        wait = wait < PAUSE_MS && is_open ? wait : PAUSE_MS;
    }
    *ret_wait_ms = wait < TICK_MS ? wait : TICK_MS;
    if (clock_ms() >= r->sweep_at) {
        for (int lane = 0; lane < LANE_COUNT; lane++) {
            queue_sweep(r->queues[lane]);
        }
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
    r.db = db_open(r.worker->db, "maillage-worker relay");
    for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
        r.queues[lane] = queue_open(r.worker, lane, "relay");
    }
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
    for (int lane = 0; lane < LANE_COUNT; lane++) {
        queue_close(r.queues[lane]);
    }
    db_close(r.db);
    arena_free(r.arena);
    return NULL;
}
