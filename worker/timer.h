// The timer runs periodic jobs: in one worker of all, which an advisory lock elects.
#pragma once

#include "worker.h"

// Runs until the worker stops; for pthread_create, with a struct worker.
void *timer_thread(void *worker);
