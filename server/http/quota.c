#include "http/quota.h"

#include <pthread.h>

#include "base/buf.h"
#include "base/clock.h"

// One round trip: counts, starts the window at its first request, says how long it still lasts.
static const struct str script = STR_INIT("local n = redis.call('INCR', KEYS[1]) "
                                          "if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end "
                                          "return {n, redis.call('TTL', KEYS[1])}");

// --- in the process, while Redis is away --------------------------------------------------------

enum { SLOTS = 1024, WAYS = 8, SUBJECT = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot {
    char    subject[SUBJECT];
    size_t  length;
    int64_t until; // clock_ms
    int     count;
} slots[SLOTS];

// The place of a subject: its own while its window lasts, else the one among its places that ends first.
static struct slot *slot_of(struct str subject, int64_t now)
{
    size_t hash = 5381;
    for (size_t i = 0; i < subject.len; i++) {
        hash = hash * 33 + (unsigned char)subject.at[i];
    }
    struct slot *oldest = &slots[hash % SLOTS];
    for (size_t i = 0; i < WAYS; i++) {
        struct slot *s = &slots[(hash + i) % SLOTS];
        if (s->until > now && s->length == subject.len && memcmp(s->subject, subject.at, subject.len) == 0) {
            return s;
        }
        oldest = s->until < oldest->until ? s : oldest;
    }
    *oldest = (struct slot){ .length = subject.len, .until = now + QUOTA_WINDOW_S * 1000 };
    memcpy(oldest->subject, subject.at, subject.len);
    return oldest;
}

static void count_here(struct str subject, int64_t *ret_count, int64_t *ret_left_s)
{
    int64_t now = clock_ms();
    subject     = str_sub(subject, 0, SUBJECT);
    pthread_mutex_lock(&lock);
    struct slot *s = slot_of(subject, now);
    *ret_count     = ++s->count;
    *ret_left_s    = (s->until - now + 999) / 1000;
    pthread_mutex_unlock(&lock);
}

// --- in Redis -----------------------------------------------------------------------------------

static bool count_there(struct kv *kv, struct str kind, struct str subject, int64_t *ret_count,
                        int64_t *ret_left_s)
{
    struct buf name   = buf_init(256);
    char       window[16];
    snprintf(window, sizeof window, "%d", QUOTA_WINDOW_S);
    buf_printf(&name, "maillage:quota:%.*s:", STR_ARG(kind));
    buf_add_hex(&name, str_sub(subject, 0, SUBJECT));
    CLEANUP(kv_reply_done)
    redisReply *reply = kv_call(kv, STR("EVAL"), script, STR("1"), buf_str(&name), str_of(window));
    buf_done(&name);
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) {
        return false;
    }
    *ret_count  = kv_int(reply->element[0]);
    *ret_left_s = kv_int(reply->element[1]);
    return *ret_count > 0;
}

struct quota_state quota_take(struct kv *kv, struct str kind, struct str subject, int limit)
{
    int64_t count = 0, left_s = 0;
    if (!count_there(kv, kind, subject, &count, &left_s)) {
        count_here(subject, &count, &left_s);
    }
    struct quota_state state = { .limit = limit, .reset_s = left_s > 0 ? (int)left_s : 1 };
    state.left               = count > limit ? -1 : limit - (int)count;
    return state;
}
