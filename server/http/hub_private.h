// The inside of the hub, shared by hub.c and hub_redis.c. Private to http/.
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "http/hub.h"

struct event;

enum { TERRITORIES_MAX = 64, REMEMBERED = 256 };

// One message, ready to be sent.
struct told {
    int64_t       at; // clock_ms
    struct event *whole, *brief;
    size_t        territory_count;
    int64_t       territories[TERRITORIES_MAX];
};

struct hub {
    pthread_mutex_t lock; // of the streams, their queues and what is remembered
    struct stream  *streams;
    size_t          count;
    bool            is_over;
    struct event   *hello, *beat, *resync;
    struct told     told[REMEMBERED]; // a ring; the latest is told[(told_count - 1) % REMEMBERED]
    uint64_t        told_count;
    int64_t         hears_since; // clock_ms since when nothing can have been missed

    char        *redis; // NULL: no subscription
    pthread_t    listener;
    _Atomic bool is_stopping;
};

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
// Something may have been missed: all streams are told, and nothing before now counts as
// remembered.
void hub_tell_resync(struct hub *hub);
