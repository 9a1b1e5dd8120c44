#include "jobs/ground.h"

#include "queries.h"

enum err ground_follow_run(struct job *job)
{
    CLEANUP(result_done) struct result res = ground_follow(job->db);
    return res.err;
}
