#include "jobs/tile.h"

#include "base/clock.h"
#include "queries.h"

// A run gives way to the other periodic jobs after BUDGET_MS, and continues at the next.
enum { BUDGET_MS = 1500 };

enum err tile_ahead_run(struct job *job)
{
    int64_t end      = clock_ms() + BUDGET_MS;
    bool    has_more = true;
    while (has_more && clock_ms() < end && !atomic_load(&job->worker->is_stopping)) {
        CLEANUP(result_done) struct result res = tile_ahead(job->db);
        if (res.err) {
            return res.err;
        }
        has_more = result_bool(&res, 0, 0);
    }
    return OK;
}
