#include "jobs/promise.h"

#include "queries.h"

enum err promise_lapse_run(struct job *job)
{
    CLEANUP(result_done) struct result lapsed = promise_lapse(job->db, job->id);
    return lapsed.err;
}

enum err promise_lapse_run_many(struct job *job, struct str ids, struct str *ret_done,
                                int *ret_count)
{
    CLEANUP(result_done) struct result done = promise_lapse_many(job->db, ids);
    if (!done.err) {
        *ret_done  = arena_str(job->arena, result_text(&done, 0, 0));
        *ret_count = (int)result_int(&done, 0, 1);
    }
    return done.err;
}

enum err transfer_expire_run(struct job *job)
{
    CLEANUP(result_done) struct result expired = transfer_expire(job->db, job->id);
    return expired.err;
}

enum err proposal_next_run(struct job *job)
{
    CLEANUP(result_done) struct result made = proposal_next(job->db, job->id);
    return made.err;
}

enum err proposal_expire_run(struct job *job)
{
    CLEANUP(result_done) struct result expired = proposal_expire(job->db, job->id);
    return expired.err;
}
