// The hub: open event streams (server-sent events), and what is told to them.
//
// A stream that has nothing to say is suspended and costs no CPU; a dead client is found at the
// second heartbeat. A stream that cannot follow loses its events and is told to resync, that is to
// load again what it shows. What was told lately is remembered, so that a page that was loading, or
// lost its stream for a while, hears what it missed. Thread-safe.
#pragma once

#include <microhttpd.h>

#include "base/str.h"

struct hub;    // opaque
struct stream; // opaque

// Who listens: what the session was allowed to see when the stream opened.
struct audience {
    int64_t member;
    int64_t territory;
    bool    is_partner;  // others receive only kind and seq
    uint8_t session[32]; // hash of the session token
};

// redis: address to subscribe to, absent: nothing is received from elsewhere.
struct hub *hub_start(struct str redis) MUST_USE;

// A new stream; a member's ninth ends their oldest. NULL when the server has too many. What was
// told in the last missed_ms milliseconds is told again, or, when not all of it is remembered,
// resync.
struct stream *stream_open(struct hub *hub, const struct audience *audience, int64_t missed_ms);
// Gives back one that was never sent. Accepts NULL.
void stream_close(struct stream *stream);
// The response that carries it to a connection; takes the stream over.
struct MHD_Response *stream_response(struct stream *stream, struct MHD_Connection *connection);

// Tells everybody concerned about one message of the channel `maillage:live`.
void hub_tell(struct hub *hub, struct str message);
// Ends the streams of one session (signed out, or acting for somebody else).
void hub_end_session(struct hub *hub, const uint8_t session[static 32]);

// Heartbeats and age limits; call about once per second.
void hub_beat(struct hub *hub);

size_t hub_count(struct hub *hub);

// hub_end ends every stream and refuses new ones. hub_stop frees, once libmicrohttpd has given
// every stream back (after MHD_stop_daemon). Accepts NULL.
void hub_end(struct hub *hub);
void hub_stop(struct hub *hub);
