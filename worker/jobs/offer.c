#include "jobs/offer.h"

#include "base/log.h"
#include "queries.h"

enum { AT_ONCE = 500 }; // expiries per transaction

enum err offer_open_run(struct job *job)
{
    CLEANUP(result_done) struct result opened = offer_open(job->db, job->id);
    return opened.err;
}

enum err offer_open_run_many(struct job *job, struct str ids, struct str *ret_done, int *ret_count)
{
    CLEANUP(result_done) struct result done = offer_open_many(job->db, ids);
    if (!done.err) {
        *ret_done  = arena_str(job->arena, result_text(&done, 0, 0));
        *ret_count = (int)result_int(&done, 0, 1);
    }
    return done.err;
}

enum err offer_expire_run(struct job *job)
{
    int64_t expired = 0, now = AT_ONCE;
    while (now == AT_ONCE && !atomic_load(&job->worker->is_stopping)) {
        CLEANUP(result_done) struct result res = offer_expire(job->db, AT_ONCE);
        if (res.err) {
            return res.err;
        }
        now = result_int(&res, 0, 0);
        expired += now;
    }
    if (expired) {
        log_line(LOG_INFO, "offers_expired", LOG_NUMBER("count", expired));
    }
    return OK;
}

enum err offer_twin_run(struct job *job)
{
    CLEANUP(result_done) struct result found = offer_twin(job->db, job->id);
    if (!found.err && result_bool(&found, 0, 0)) {
        log_line(LOG_INFO, "offer_twin", LOG_NUMBER("job", job->id));
    }
    return found.err;
}
