#include "jobs/offer.h"

#include "queries.h"

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
