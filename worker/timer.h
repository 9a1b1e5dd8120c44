// The timer runs periodic jobs: in one worker of all, which an advisory lock elects. There are several, so that what
// people look at waits for nothing that is long.
#pragma once

#include <pthread.h>

#include "jobs.h"
#include "worker.h"

struct timer {
    struct worker *worker;
    enum timer_kind which;
    pthread_t      thread;
};

// Runs until the worker stops; for pthread_create, with a struct timer.
void *timer_thread(void *timer);
