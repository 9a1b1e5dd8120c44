#include "jobs/known.h"

#include "base/clock.h"
#include "queries.h"

// A run gives way to the other periodic jobs after BUDGET_MS, and continues at the next.
enum { BATCH = 5000, BUDGET_MS = 3000 };

enum err known_follow_run(struct job *job)
{
    int64_t end   = clock_ms() + BUDGET_MS;
    int64_t taken = BATCH;
    while (taken >= BATCH && clock_ms() < end && !atomic_load(&job->worker->is_stopping)) {
        CLEANUP(result_done) struct result res = known_follow(job->db, BATCH);
        if (res.err) {
            return res.err;
        }
        taken = result_int(&res, 0, 0);
    }
    return OK;
}
