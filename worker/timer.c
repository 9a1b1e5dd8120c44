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

struct hand {
    struct timer *timer;
    struct db    *db;
    struct arena *arena;
    int64_t       due[KINDS_MAX]; // clock_ms, by place in job_kinds
};

static const char *const timer_names[TIMER_COUNT] = { [TIMER_REST]    = "timer",
                                                      [TIMER_FIGURES] = "timer figures",
                                                      [TIMER_LIST]    = "timer list",
                                                      [TIMER_GROUND]  = "timer ground" };

static void run(struct hand *t, const struct job_kind *kind)
{
    struct job job   = { .db = t->db, .arena = t->arena, .worker = t->timer->worker };
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

static void tick(struct hand *t)
{
    CLEANUP(result_done) struct result res = lead(t->db, str_of(timer_names[t->timer->which]));
    if (res.err || !result_bool(&res, 0, 0)) {
        return;
    }
    for (size_t i = 0; job_kinds[i].name; i++) {
        const struct job_kind *kind = &job_kinds[i];
        if (kind->every_s && kind->timer == t->timer->which && clock_ms() >= t->due[i]) {
            arena_reset(t->arena);
            run(t, kind);
            t->due[i] = clock_ms() + kind->every_s * 1000;
        }
    }
}

void *timer_thread(void *timer)
{
    struct hand t = { .timer = timer, .arena = arena_new() };
    t.db          = db_open(t.timer->worker->db, "maillage-worker timer");
    for (size_t i = 0; job_kinds[i].name; i++) {
        if (i == KINDS_MAX) {
            DIE("job_kinds has outgrown the timer");
        }
        t.due[i] = clock_ms() + (job_kinds[i].every_s > 1 ? FIRST_MS : 0);
    }
    while (!atomic_load(&t.timer->worker->is_stopping)) {
        tick(&t);
        worker_sleep(t.timer->worker, TICK_MS);
    }
    db_close(t.db);
    arena_free(t.arena);
    return NULL;
}
