#include "timer.h"

#include "base/clock.h"
#include "base/log.h"
#include "jobs.h"
#include "queries.h"

enum {
    TICK_MS   = 1000,
    FIRST_MS  = 5000, // after a start, before the first run of what is rare
    KINDS_MAX = 64,
};

struct timer {
    struct worker *worker;
    struct db     *db;
    struct arena  *arena;
    bool           is_soon; // whose jobs
    int64_t        due[KINDS_MAX]; // clock_ms, by place in job_kinds
};

static void run(struct timer *t, const struct job_kind *kind)
{
    struct job job   = { .db = t->db, .arena = t->arena, .worker = t->worker };
    int64_t    start = clock_ms();
    db_timeout(t->db, kind->limit_ms);
    if (kind->run(&job)) {
        log_line(LOG_ERROR, "job_failed", LOG_TEXT("kind", str_of(kind->name)),
                 LOG_TEXT("error", db_error(t->db)->message));
        return;
    }
    if (clock_ms() - start > TICK_MS) {
        log_line(LOG_INFO, "job_done", LOG_TEXT("kind", str_of(kind->name)),
                 LOG_NUMBER("ms", clock_ms() - start));
    }
}

static void tick(struct timer *t)
{
    CLEANUP(result_done) struct result res = lead(t->db, t->is_soon ? STR("timer soon") : STR("timer"));
    if (res.err || !result_bool(&res, 0, 0)) {
        return;
    }
    for (size_t i = 0; job_kinds[i].name; i++) {
        const struct job_kind *kind = &job_kinds[i];
        if (kind->every_s && kind->is_soon == t->is_soon && clock_ms() >= t->due[i]) {
            arena_reset(t->arena);
            run(t, kind);
            t->due[i] = clock_ms() + kind->every_s * 1000;
        }
    }
}

static void *keep_time(struct worker *worker, bool is_soon)
{
    struct timer t = { .worker = worker, .arena = arena_new(), .is_soon = is_soon };
    t.db           = db_open(t.worker->db, "maillage-worker timer");
    for (size_t i = 0; job_kinds[i].name; i++) {
        if (i == KINDS_MAX) {
            DIE("job_kinds has outgrown the timer");
        }
        t.due[i] = clock_ms() + (job_kinds[i].every_s > 1 ? FIRST_MS : 0);
    }
    while (!atomic_load(&t.worker->is_stopping)) {
        tick(&t);
        worker_sleep(t.worker, TICK_MS);
    }
    db_close(t.db);
    arena_free(t.arena);
    return NULL;
}

void *timer_thread(void *worker)
{
    return keep_time(worker, false);
}

void *timer_soon_thread(void *worker)
{
    return keep_time(worker, true);
}
