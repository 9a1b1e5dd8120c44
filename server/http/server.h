// Starting and stopping the HTTP side of a program.
//
// Network threads never block; requests wait in lanes for worker threads that own a connection to
// PostgreSQL and one to Redis each. http_stop drains: it closes the listener, lets running and
// waiting requests finish, ends every stream, and only then stops libmicrohttpd, which aborts when
// a connection is still suspended. Call both from the main thread.
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "http/route.h"

struct http; // opaque

struct http_options {
    struct str          listen;  // address:port
    struct str          web;     // directory of static files, absent: none
    struct str          db;      // conninfo
    struct str          redis;   // address, absent: none
    struct str          origins; // allowed origins, comma separated; absent: same host only
    struct str          proxies; // addresses whose X-Forwarded-For is believed
    struct str          metrics_token;
    struct str          temporary; // directory for uploads
    int                 workers;
    int                 per_ip; // connections per address, 0: no limit
    const struct route *routes;
    size_t              route_count;
};

// Starts everything. On failure *reterr_why is a sentence for the administrator.
enum err http_start(const struct http_options *options, struct http **ret_http,
                    struct str *reterr_why) MUST_USE;

// The port that is listened on, for `listen` with port 0.
int http_port(const struct http *http);

// Drains for at most `grace_ms`, then stops and frees.
void http_stop(struct http *http, int grace_ms);
