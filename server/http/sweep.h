// Deadlines of connections, which libmicrohttpd does not have: it only knows inactivity.
//
// A client that sends one byte per second, or never reads, is cut when the phase it is in lasts too
// long. Thread-safe; links are made and given back by network threads.
#pragma once

#include "base/base.h"

struct sweep; // opaque
struct link;  // one connection

enum phase {
    PHASE_IDLE,    // nothing of a request has come
    PHASE_HEADERS, // the first line is there, the headers are not complete
    PHASE_BODY,
    PHASE_WORK, // ours to answer: no deadline
    PHASE_SENDING,
    PHASE_STREAM, // ends by itself
};

struct sweep *sweep_new(void) MUST_USE;
void          sweep_free(struct sweep *sweep);

struct link *link_open(struct sweep *sweep, int socket) MUST_USE;
void         link_close(struct link *link);

// Enters a phase; `extra_ms` is added to its deadline (a large body takes its time).
void link_enter(struct link *link, enum phase phase, int64_t extra_ms);

// Cuts what is overdue; call about once per second. Returns how many were cut.
size_t sweep_run(struct sweep *sweep);
size_t sweep_count(struct sweep *sweep);
