// The relay sends due jobs to the streams: at their moment, or at once when one is added.
//
// PostgreSQL wakes it (NOTIFY job); between two jobs it sleeps until the next one is due, at most a
// second. Several workers may relay at once. It keeps few messages under way, so that a job sent
// and not begun for LEASE_MS may be taken for lost.
#pragma once

#include "worker.h"

// Runs until the worker stops; for pthread_create, with a struct worker.
void *relay_thread(void *worker);
