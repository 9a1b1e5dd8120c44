#include "jobs/task.h"

#include "queries.h"

enum err task_raise_run(struct job *job)
{
    CLEANUP(result_done) struct result res = task_raise(job->db);
    return res.err;
}
