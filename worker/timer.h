// The timer runs periodic jobs: in one worker of all, which an advisory lock elects. Those that are to be soon have a timer of
// their own, so that none waits for what is long.
#pragma once

#include "worker.h"

// Runs until the worker stops; for pthread_create, with a struct worker.
void *timer_thread(void *worker);
void *timer_soon_thread(void *worker);
