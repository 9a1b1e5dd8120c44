// A runner takes messages from one lane, does their jobs, settles them.
//
// The row of a job is locked while it is done: whoever else receives the same job finds nothing to
// do. A process that dies takes its transaction with it; the row is then sent again. While Redis is
// away it takes due rows from PostgreSQL itself, a few times a second.
#pragma once

#include <pthread.h>

#include "jobs.h"

struct runner {
    struct worker *worker;
    enum lane      lane;
    int            number; // within the process
    pthread_t      thread;
};

// Runs until the worker stops; for pthread_create, with a struct runner.
void *run_thread(void *runner);
