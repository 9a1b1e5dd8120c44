// A search of one group, and of the same group again when it is not settled.
#pragma once

#include "plan/tour_private.h"

struct task {
    const struct tour_problem *problem;
    const struct tour_options *options;
    const struct group        *group;
    struct arena              *arena;
    uint64_t                   seed;
    double                     weight;   // its share of the work
    double             work, run, proof; // of this round: all there is; for each run; for a proof
    struct proof_hint *hint;             // see core_prove
    int32_t            hits_wanted;      // runs that must end with the best plan; 0: one run is all
    bool               is_done;
    int32_t            runs, hits; // made; that ended with the best plan
    struct tour_route *tours;      // the best plan: one per vehicle of the group, in its order
    struct tour_left  *left;
    int32_t            left_count, moved;
    int64_t            rank, cost;
    struct search_end  end; // of all runs together
    const char        *refusal;
};

// Runs the group until it is done or the work of the round is: once at least.
void task_solve(struct task *t);
