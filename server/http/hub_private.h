// The inside of the hub, shared by hub.c and hub_redis.c. Private to http/.
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "http/hub.h"

struct event;

struct hub {
    pthread_mutex_t lock; // of the streams and their queues
    struct stream  *streams;
    size_t          count;
    bool            is_over;
    struct event   *hello, *beat, *resync;

    char        *redis; // NULL: no subscription
    pthread_t    listener;
    _Atomic bool is_stopping;
};

enum { TERRITORIES_MAX = 64 };

// One message, read.
struct notice {
    int64_t    seq;
    int64_t    territories[TERRITORIES_MAX];
    size_t     territory_count;
    struct str whole; // as published, on one line
    struct str brief; // kind and seq only
};

struct hub *hub_new(void);
void        hub_delete(struct hub *hub);

void hub_tell_notice(struct hub *hub, const struct notice *notice);
void hub_tell_resync(struct hub *hub);
