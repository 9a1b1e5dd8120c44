// Lanes: bounded queues in front of a fixed set of worker threads.
//
// LIGHT may use every worker, HEAVY at most half of them, so that slow requests never take the
// place of quick ones. A full lane refuses at once; a request that waited too long is refused
// before it costs anything. Thread-safe. Knows nothing of HTTP.
#pragma once

#include "base/base.h"
#include "http/route.h"

struct lanes; // opaque

enum { LANES = 2 }; // LIGHT and HEAVY

// One per request; belongs to the lane from lanes_push until `run` or `refuse` is called with it.
struct ticket {
    struct ticket *next;
    enum lane      lane;
    int64_t        since; // clock_ms of the push
};

struct lane_options {
    int workers;
    struct {
        size_t  room;    // tickets waiting at most
        int64_t wait_ms; // and how long
    } lanes[LANES];
    void *context;
    // Each worker thread opens its own state and closes it at the end.
    void *(*open)(void *context);
    void (*close)(void *context, void *state);
    void (*run)(void *context, void *state, struct ticket *ticket);
    void (*refuse)(void *context, struct ticket *ticket);
};

struct lanes *lanes_start(const struct lane_options *options) MUST_USE;

// False when the lane is full or stopping; the ticket then still belongs to the caller.
bool lanes_push(struct lanes *lanes, struct ticket *ticket, enum lane lane);

// Refuses what has waited too long; call a few times per second.
void lanes_expire(struct lanes *lanes);

struct lane_depth {
    size_t   waiting;
    int      running;
    uint64_t refused;
};
struct lane_depth lanes_depth(struct lanes *lanes, enum lane lane);

// From now on nothing is accepted. Waits at most grace_ms for what waits to be run, refuses the
// rest, ends the threads and frees. Accepts NULL.
void lanes_stop(struct lanes *lanes, int grace_ms);
