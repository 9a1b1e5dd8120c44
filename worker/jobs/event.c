#include "jobs/event.h"

#include "queries.h"

enum { AT_ONCE = 2000 }; // events per transaction: the row locks and the pause of others stay short

enum err event_seal_run(struct job *job)
{
    int64_t sealed = AT_ONCE;
    while (sealed == AT_ONCE && !atomic_load(&job->worker->is_stopping)) {
        CLEANUP(result_done) struct result res = event_seal(job->db, AT_ONCE);
        if (res.err) {
            return res.err;
        }
        sealed = result_int(&res, 0, 0);
    }
    return OK;
}
