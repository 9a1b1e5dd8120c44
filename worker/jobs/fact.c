#include "jobs/fact.h"

#include "base/clock.h"
#include "queries.h"

// A run gives way to the other periodic jobs after BUDGET_MS, and continues at the next. ROUTINE is
// what is taken at once of what the worker did by itself: few, for people wait behind it.
enum { URGENT = 2000, ROUTINE = 300, BUDGET_MS = 3000 };

enum err fact_follow_run(struct job *job)
{
    int64_t end   = clock_ms() + BUDGET_MS;
    int64_t taken = 1;
    while (taken > 0 && clock_ms() < end && !atomic_load(&job->worker->is_stopping)) {
        CLEANUP(result_done) struct result res = fact_follow(job->db, URGENT, ROUTINE);
        if (res.err) {
            return res.err;
        }
        taken = result_int(&res, 0, 0);
    }
    return OK;
}
