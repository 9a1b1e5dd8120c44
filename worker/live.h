// Tells every server what changed: NOTIFY live becomes PUBLISH maillage:live, unread and in order.
//
// One worker of all publishes (an advisory lock says which); the others listen too and remember the
// last moments, so that whoever takes over publishes what fell in between. A message may then be
// told twice. While Redis is away messages are dropped: they say that something changed, not what.
#pragma once

#include "worker.h"

// Runs until the worker stops; for pthread_create, with a struct worker.
void *live_thread(void *worker);
