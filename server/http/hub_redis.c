// What the other processes say: one thread subscribed to Redis.
#include <jansson.h>
#include <poll.h>

#include "base/clock.h"
#include "base/kv.h"
#include "base/log.h"
#include "http/hub_private.h"

enum { STACK = 256 * 1024, PAUSE_MS = 500, LOOK_MS = 250, PING_MS = 10000 };

static const struct str channel = STR_INIT("maillage:live");

void hub_tell(struct hub *h, struct str message)
{
    struct notice n    = { 0 };
    json_t       *root = json_loadb(message.at ? message.at : "", message.len, 0, NULL);
    const char   *kind = json_string_value(json_object_get(root, "kind"));
    json_t       *list = json_object_get(root, "territories");
    json_t       *item;
    size_t        i;
    if (!json_is_object(root) || !kind) {
        json_decref(root);
        return;
    }
    n.seq = json_integer_value(json_object_get(root, "seq"));
    json_array_foreach(list, i, item)
    {
        if (n.territory_count < TERRITORIES_MAX) {
            n.territories[n.territory_count++] = json_integer_value(item);
        }
    }
    // Dumped again so that it is one line whatever was published.
    json_t *few   = json_pack("{s:I,s:s}", "seq", (json_int_t)n.seq, "kind", kind);
    char   *whole = json_dumps(root, JSON_COMPACT);
    char   *brief = json_dumps(few, JSON_COMPACT);
    n.whole       = str_of(whole);
    n.brief       = str_of(brief);
    if (whole && brief) {
        hub_tell_notice(h, &n);
    }
    free(whole);
    free(brief);
    json_decref(few);
    json_decref(root);
}

// One reply of the subscription: ["message", channel, text].
static void take(struct hub *h, const redisReply *reply)
{
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 &&
        str_eq(kv_text(reply->element[0]), STR("message"))) {
        hub_tell(h, kv_text(reply->element[2]));
    }
}

// Follows the channel until the connection breaks.
static void follow(struct hub *h, struct kv *kv)
{
    int64_t heard = clock_ms();
    while (!h->is_stopping && kv_is_connected(kv)) {
        struct pollfd p = { .fd = kv_socket(kv), .events = POLLIN };
        redisReply   *reply;
        if (poll(&p, 1, LOOK_MS) > 0) {
            for (reply = kv_receive(kv); reply; reply = kv_receive_more(kv)) {
                take(h, reply);
                kv_reply_done(&(redisReply *){ reply });
            }
            heard = clock_ms();
        } else if (clock_ms() - heard > PING_MS) {
            // Proves that Redis is still there. A subscribed connection answers with an array; a
            // plain PONG means that kv made a new connection, which is not subscribed.
            reply              = kv_call(kv, STR("PING"));
            bool is_subscribed = reply && reply->type == REDIS_REPLY_ARRAY;
            if (is_subscribed) {
                take(h, reply);
            }
            kv_reply_done(&reply);
            if (!is_subscribed) {
                return;
            }
            heard = clock_ms();
        }
    }
}

static void *listen_to_redis(void *argument)
{
    struct hub *h         = argument;
    struct kv  *kv        = kv_open(str_of(h->redis), 3000);
    bool        was_there = true;
    while (!h->is_stopping) {
        CLEANUP(kv_reply_done) redisReply *reply = kv_call(kv, STR("SUBSCRIBE"), channel);
        if (reply && reply->type == REDIS_REPLY_ARRAY) {
            log_line(LOG_INFO, "live_connected", LOG_TEXT("channel", channel));
            hub_tell_resync(h); // what was said before is not known
            was_there = true;
            follow(h, kv);
        }
        if (!h->is_stopping) {
            if (was_there) {
                log_line(LOG_WARNING, "live_lost", LOG_TEXT("redis", str_of(h->redis)));
            }
            was_there = false;
            clock_sleep_ms(PAUSE_MS);
        }
    }
    kv_close(kv);
    return NULL;
}

struct hub *hub_start(struct str redis)
{
    struct hub *h = hub_new();
    if (redis.len == 0) {
        return h;
    }
    pthread_attr_t attributes;
    h->redis = memory_new(redis.len + 1);
    memcpy(h->redis, redis.at, redis.len);
    h->redis[redis.len] = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    if (pthread_create(&h->listener, &attributes, listen_to_redis, h) != 0) {
        DIE("hub: no thread can be started");
    }
    pthread_attr_destroy(&attributes);
    return h;
}

void hub_stop(struct hub *h)
{
    if (!h) {
        return;
    }
    if (h->redis) {
        h->is_stopping = true;
        pthread_join(h->listener, NULL);
        free(h->redis);
    }
    hub_delete(h);
}
