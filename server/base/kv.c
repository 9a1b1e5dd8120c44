#include "base/kv.h"

#include <errno.h>

#include "base/clock.h"

enum { RETRY_MS = 500, WORDS_MAX = 64 };

struct kv {
    char         *address;
    int           timeout_ms;
    redisContext *context; // NULL: not connected
    int64_t       retry_at;
};

struct kv *kv_open(struct str address, int timeout_ms)
{
    struct kv *kv = memory_zero(sizeof *kv);
    kv->address   = memory_new(address.len + 1);
    if (address.len) {
        memcpy(kv->address, address.at, address.len);
    }
    kv->address[address.len] = 0;
    kv->timeout_ms           = timeout_ms;
    return kv;
}

static void drop(struct kv *kv)
{
    if (kv->context) {
        redisFree(kv->context);
        kv->context = NULL;
    }
}

void kv_close(struct kv *kv)
{
    if (kv) {
        drop(kv);
        free(kv->address);
        free(kv);
    }
}

static redisContext *connect_to(const char *address, struct timeval timeout)
{
    if (strchr(address, '/')) {
        return redisConnectUnixWithTimeout(address, timeout);
    }
    char        host[256];
    const char *colon = strrchr(address, ':');
    int64_t     port  = 6379;
    size_t      n     = colon ? (size_t)(colon - address) : strlen(address);
    if (n >= sizeof host || (colon && !str_int(str_of(colon + 1), &port))) {
        return NULL;
    }
    memcpy(host, address, n);
    host[n] = 0;
    return redisConnectWithTimeout(host, (int)port, timeout);
}

static bool make_ready(struct kv *kv)
{
    if (kv->context) {
        return true;
    }
    if (clock_ms() < kv->retry_at) {
        return false;
    }
    struct timeval timeout = { kv->timeout_ms / 1000, kv->timeout_ms % 1000 * 1000 };
    kv->context            = connect_to(kv->address, timeout);
    if (!kv->context || kv->context->err || redisSetTimeout(kv->context, timeout) != REDIS_OK) {
        drop(kv);
        kv->retry_at = clock_ms() + RETRY_MS;
        return false;
    }
    return true;
}

redisReply *kv_send(struct kv *kv, const struct str *words, size_t count)
{
    const char *texts[WORDS_MAX];
    size_t      lengths[WORDS_MAX];
    if (count > WORDS_MAX) {
        DIE("kv_send: too many words");
    }
    for (size_t i = 0; i < count; i++) {
        texts[i]   = words[i].at ? words[i].at : "";
        lengths[i] = words[i].len;
    }
    // A connection that Redis closed while it was idle is noticed only now: try a second time,
    // unless this one was fresh. Every command we send may be repeated.
    for (int attempt = 0; attempt < 2; attempt++) {
        bool was_fresh = !kv->context;
        if (!make_ready(kv)) {
            return NULL;
        }
        redisReply *reply = redisCommandArgv(kv->context, (int)count, texts, lengths);
        if (reply) {
            return reply;
        }
        bool timed_out = kv->context->err == REDIS_ERR_IO && errno == EAGAIN;
        drop(kv);
        if (was_fresh || timed_out) {
            break;
        }
    }
    return NULL;
}

redisReply *kv_receive(struct kv *kv)
{
    void *reply = NULL;
    if (!kv->context) {
        return NULL;
    }
    if (redisGetReply(kv->context, &reply) == REDIS_OK) {
        return reply;
    }
    drop(kv); // errors of hiredis are sticky
    return NULL;
}

redisReply *kv_receive_more(struct kv *kv)
{
    void *reply = NULL;
    if (kv->context && redisGetReplyFromReader(kv->context, &reply) != REDIS_OK) {
        drop(kv);
        return NULL;
    }
    return reply;
}

bool kv_is_connected(const struct kv *kv)
{
    return kv->context != NULL;
}

int kv_socket(const struct kv *kv)
{
    return kv->context ? kv->context->fd : -1;
}

void kv_reply_done(redisReply **reply)
{
    if (reply && *reply) {
        freeReplyObject(*reply);
        *reply = NULL;
    }
}

struct str kv_text(const redisReply *reply)
{
    if (reply && (reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS ||
                  reply->type == REDIS_REPLY_ERROR)) {
        return (struct str){ reply->str, (size_t)reply->len };
    }
    return (struct str){ 0 };
}

int64_t kv_int(const redisReply *reply)
{
    int64_t value = 0;
    if (reply && reply->type == REDIS_REPLY_INTEGER) {
        return reply->integer;
    }
    return str_int(kv_text(reply), &value) ? value : 0;
}
