#include "jobs/known.h"

#include "base/clock.h"
#include "jobs/pace.h"
#include "queries.h"

// A run gives way to the other periodic jobs after BUDGET_MS, and continues at the next. Whoever
// promises to see one of the employers of a step, or reports on it, waits for its end: a step is to
// last for QUICK_MS to twice as long.
enum { LEAST = 50, MOST = 5000, QUICK_MS = 50, BUDGET_MS = 3000 };

enum err known_follow_run(struct job *job)
{
    struct pace pace  = { .many = LEAST, .least = LEAST, .most = MOST, .quick_ms = QUICK_MS };
    int64_t     end   = clock_ms() + BUDGET_MS;
    int64_t     asked = 0, taken = 0;
    while (taken >= asked && clock_ms() < end && !atomic_load(&job->worker->is_stopping)) {
        int64_t                            start = clock_ms();
        CLEANUP(result_done) struct result res   = known_follow(job->db, pace.many);
        if (res.err) {
            return res.err;
        }
        asked = pace.many;
        taken = result_int(&res, 0, 0);
        pace_step(&pace, taken, clock_ms() - start);
    }
    return OK;
}
