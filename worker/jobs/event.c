#include "jobs/event.h"

#include "base/clock.h"
#include "queries.h"

enum { AT_ONCE = 1000 }; // events per transaction

enum err event_seal_run(struct job *job)
{
    int64_t sealed = AT_ONCE;
    while (sealed == AT_ONCE && !atomic_load(&job->worker->is_stopping)) {
        int64_t                            start = clock_ms();
        CLEANUP(result_done) struct result res   = event_seal(job->db, AT_ONCE);
        if (res.err) {
            return res.err;
        }
        sealed = result_int(&res, 0, 0);
        if (sealed == AT_ONCE) {
            // Much has happened at once and may go on: others need PostgreSQL more than we do.
            worker_sleep(job->worker, clock_ms() - start);
        }
    }
    return OK;
}
