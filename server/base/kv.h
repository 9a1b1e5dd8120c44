// A connection to Redis, for what may be lost: rate limits, fan-out, dispatch.
//
// hiredis 0.14 throws a connection away at the first error; we do it here and reconnect at the next
// call, at most once every half second; a command that met a connection closed while idle is sent a
// second time. A struct kv belongs to one thread. Every call is bounded by the timeout given at
// birth (a blocking Redis command must ask for less).
#pragma once

#include <hiredis/hiredis.h>

#include "base/err.h"

struct kv; // opaque

// address is a unix socket path or host:port, and must outlive the connection. Never fails.
struct kv *kv_open(struct str address, int timeout_ms) MUST_USE;
void       kv_close(struct kv *kv);

// Sends the words of one command and waits for its reply. NULL when Redis cannot be reached; an
// error told by Redis itself is a reply of type REDIS_REPLY_ERROR. Free with kv_reply_done.
redisReply *kv_send(struct kv *kv, const struct str *words, size_t count);
// kv_call(kv, STR("SET"), key, value)
#define kv_call(kv, ...)                               \
    kv_send((kv), (const struct str[]){ __VA_ARGS__ }, \
            sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))

// Waits for one more reply (subscriptions). NULL when the connection broke or nothing came in time:
// hiredis cannot go on after a time-out either, so poll kv_socket first.
redisReply *kv_receive(struct kv *kv);
// One that had already arrived with an earlier read; NULL when there is none. Never waits.
redisReply *kv_receive_more(struct kv *kv);
bool        kv_is_connected(const struct kv *kv);
// The descriptor to poll before kv_receive; -1 when not connected.
int kv_socket(const struct kv *kv);

// For CLEANUP(kv_reply_done) redisReply *reply = ...; accepts NULL inside.
void kv_reply_done(redisReply **reply);

// The text of a string, status or error reply; absent for anything else or NULL.
struct str kv_text(const redisReply *reply);
// The number of an integer reply, or of a string that is one; 0 otherwise.
int64_t kv_int(const redisReply *reply);
