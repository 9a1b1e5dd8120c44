#include "jobs/purge.h"

#include "queries.h"

enum err session_purge_run(struct job *job)
{
    CLEANUP(result_done) struct result res = session_purge(job->db);
    return res.err;
}

enum err idempotency_purge_run(struct job *job)
{
    CLEANUP(result_done) struct result res = idempotency_purge(job->db);
    return res.err;
}

enum err job_purge_run(struct job *job)
{
    int64_t gone = 1;
    while (gone > 0 && !atomic_load(&job->worker->is_stopping)) {
        CLEANUP(result_done) struct result res = job_purge(job->db);
        if (res.err) {
            return res.err;
        }
        gone = result_int(&res, 0, 0);
    }
    return OK;
}
