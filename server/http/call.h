// A call is a request together with the connection it came by. Private to http/.
//
// Life: READING (network thread) -> QUEUED (suspended, in a lane) -> ANSWERED (a response is ready)
// -> SENT. Exactly one thread touches a call at a time: the network thread until it was pushed into
// a lane and again after MHD_resume_connection, the worker in between. Its arena is given back
// when libmicrohttpd says that the request is over.
#pragma once

#include <libdeflate.h>
#include <microhttpd.h>
#include <stdatomic.h>

#include "http/lane.h"
#include "http/quota.h"
#include "http/req.h"
#include "http/server.h"

enum call_state { CALL_READING, CALL_QUEUED, CALL_ANSWERED, CALL_SENT };

// Where a connection is and until when it may stay there; see sweep.h.
struct link;

// What a worker thread owns.
struct worker {
    struct db                    *db;
    struct kv                    *kv;
    struct libdeflate_compressor *gzip; // NULL until something is compressed
};

struct call {
    struct req             req; // first, so that a req leads back to its call
    struct ticket          ticket;
    struct http           *http;
    struct MHD_Connection *connection;
    struct link           *link;
    enum call_state        state;
    bool                   is_head;
    bool                   is_known; // headers were looked at
    bool                   wants_gzip;
    bool                   wants_br;
    bool                   is_loopback;
    bool                   has_stream;
    bool                   has_body;
    bool                   is_refused; // by a lane
    enum err               refusal;    // decided while the body was still coming
    unsigned               methods;    // known at this path, for Allow
    struct str             host, origin, csrf, fetch_site, content_type, idempotency_key, bearer;
    struct str             if_none_match;
    struct buf             body; // JSON body as it comes
    int64_t                started_us;
    struct MHD_Response   *response; // what will be queued
    int                    status;
    int                    retry_after; // seconds, 0: none
    struct quota_state     quota;       // of the key or the visitor that asks
    const char            *policy;      // its name
};

// The parts a running server is made of; opaque outside http/.
struct http {
    struct http_options options;
    struct MHD_Daemon  *daemon;
    struct lanes       *lanes;
    struct hub         *hub;
    struct files       *files;
    struct sweep       *sweep;
    struct arena       *arena; // lives as long as the server
    struct str          origins[16];
    size_t              origin_count;
    struct str          proxies[16];
    size_t              proxy_count;
    int                 listener;
    int                 port;
    pthread_t           ticker;
    _Atomic bool        is_stopping;
};

static inline struct call *call_of(struct req *r)
{
    return (struct call *)(void *)r;
}

// A call for a request whose first line has just come; `target` is the raw address with its query.
struct call *call_new(struct http *http, struct MHD_Connection *connection, const char *target);
// Gives everything back. Accepts NULL.
void call_free(struct call *call);
// Frees the arenas kept for reuse, at the very end.
void call_pool_done(void);

// Looks at the headers: fills the req, finds the route, refuses what can be refused already.
enum err call_open(struct call *call, const char *method);
// Takes a piece of the body; a refusal is remembered until the end of the body.
void call_body(struct call *call, const char *data, size_t size);

// Runs the handler with identity, transaction and retry; on return the response is ready.
void call_run(struct call *call, struct worker *worker);
// Makes the response of an error, or of what the handler replied.
void call_refuse(struct call *call, enum err e);
void call_answer(struct call *call, struct worker *worker);
// Hands the response to libmicrohttpd, on the network thread.
enum MHD_Result call_send(struct call *call);

// A refusal as a page for people, and as the problem document of an error, into `body`.
void refusal_page(const struct req *r, enum err e, int retry_after, struct buf *body);
void problem_write(struct req *r, enum err e, struct buf *body);
