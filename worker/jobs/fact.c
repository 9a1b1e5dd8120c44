#include "jobs/fact.h"

#include "base/clock.h"
#include "jobs/pace.h"
#include "queries.h"

// A run gives way to the other periodic jobs after BUDGET_MS, and continues at the next. ROUTINE is
// what is taken at first of what the worker did by itself: few, for people wait behind it, and a
// country is read again for each; more where that takes less than QUICK_MS.
enum { URGENT = 2000, ROUTINE = 25, ROUTINE_MAX = 200, QUICK_MS = 500, BUDGET_MS = 3000 };

enum err fact_follow_run(struct job *job)
{
    // What people did is taken before; a machine on which it is slow or quick is so for routine too.
    struct pace routine = {
        .many = ROUTINE, .least = ROUTINE, .most = ROUTINE_MAX, .quick_ms = QUICK_MS
    };
    int64_t end   = clock_ms() + BUDGET_MS;
    int64_t taken = 1;
    while (taken > 0 && clock_ms() < end && !atomic_load(&job->worker->is_stopping)) {
        int64_t                            start = clock_ms();
        CLEANUP(result_done) struct result res   = fact_follow(job->db, URGENT, routine.many);
        if (res.err) {
            return res.err;
        }
        taken = result_int(&res, 0, 0);
        pace_step(&routine, taken, clock_ms() - start);
    }
    return OK;
}
