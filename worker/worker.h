// What the threads of a worker process share.
//
// The texts are written before the first thread starts and constant afterwards.
#pragma once

#include <stdatomic.h>

#include "base/str.h"

struct out_mail_server;

struct worker {
    struct str   db;          // libpq conninfo
    struct str   redis;       // socket path or host:port
    struct str   site;        // public address, absent: not told
    const struct out_mail_server *mail; // its url is absent: no mail is sent
    struct str   drop;        // directory of the files that are dropped, absent: none are
    struct str   routing;     // address of a routing service, absent: ways are estimated
    char         name[80];    // host and process: tells our consumers from those of others
    _Atomic bool is_stopping; // finish what is in hand, take nothing more
    _Atomic bool is_emptied;  // Redis has lost what was sent: send again
};

// Sleeps in short pieces; returns early when the worker stops.
void worker_sleep(const struct worker *w, int64_t ms);
