// How many requests somebody may make in a minute: counted in Redis for all servers, in the process while Redis is away.
//
// A fixed window per subject, begun by its first request. Thread-safe.
#pragma once

#include "base/kv.h"

enum {
    QUOTA_WINDOW_S = 60,
    QUOTA_KEY      = 300, // per key of the API
    QUOTA_BOARD    = 240, // per visitor's address, on the public board
};

struct quota_state {
    int limit;
    int left;    // -1: beyond the limit
    int reset_s; // seconds until the window ends, at least 1
};

// Counts one request of a subject (bytes, at most 64) among those of a kind, and says what is left.
struct quota_state quota_take(struct kv *kv, struct str kind, struct str subject, int limit);
