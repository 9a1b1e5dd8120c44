#include "api/attempt.h"

#include <arpa/inet.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/secret.h"

enum { FORGET_S = 3600, LONGEST_S = 900, SEAL = 16, NONCE = 16 };

// Failures that cost nothing, for the pair (or device), the address, the account.
static const int64_t free_failures[ATTEMPT_COUNTS] = { 5, 50, 20 };

// The account's wait is short: it is for everybody, and only strangers pay it.
static const int64_t longest[ATTEMPT_COUNTS] = { LONGEST_S, LONGEST_S, 60 };

// --- device cookie ------------------------------------------------------------------------------

static struct str lower(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        copy[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + 32) : s.at[i];
    }
    return (struct str){ copy, s.len };
}

// Base64url of a nonce and the seal of nonce and account.
static struct str device_text(struct arena *a, const uint8_t *nonce, struct str email)
{
    uint8_t    seal[SEAL];
    struct buf sealed = buf_init(1024);
    struct buf text   = buf_init(256);
    buf_add(&sealed, (struct str){ (const char *)nonce, NONCE });
    buf_add(&sealed, lower(a, email));
    secret_seal(SECRET_DEVICE, buf_str(&sealed), seal, SEAL);
    buf_clear(&sealed);
    buf_add(&sealed, (struct str){ (const char *)nonce, NONCE });
    buf_add(&sealed, (struct str){ (const char *)seal, SEAL });
    buf_add_base64(&text, buf_str(&sealed));
    struct str kept = arena_str(a, buf_str(&text));
    buf_done(&sealed);
    buf_done(&text);
    return kept;
}

struct str attempt_device(struct arena *a, struct str email)
{
    uint64_t nonce[NONCE / 8] = { secret_random(), secret_random() };
    return device_text(a, (const uint8_t *)nonce, email);
}

bool attempt_is_device(struct arena *a, struct str cookie, struct str email)
{
    uint8_t bytes[NONCE + SEAL];
    size_t  size = 0;
    return secret_from_base64(cookie, bytes, sizeof bytes, &size) && size == sizeof bytes &&
           secret_equal(cookie, device_text(a, bytes, email));
}

// --- counting -----------------------------------------------------------------------------------

// Addresses and accounts never stand in Redis in clear.
static void make_key(char *key, const char *kind, struct arena *a, struct str one, struct str two)
{
    uint8_t    seal[SEAL];
    struct str text = arena_printf(a, "%s|%.*s|%.*s", kind, STR_ARG(one), STR_ARG(two));
    secret_seal(SECRET_LIMITS, text, seal, SEAL);
    struct buf out = buf_init(ATTEMPT_KEY);
    buf_add(&out, STR("maillage:try:"));
    buf_add_hex(&out, (struct str){ (const char *)seal, SEAL });
    memcpy(key, out.at, out.len + 1);
    buf_done(&out);
}

// One subscriber has a whole /64 of IPv6: its addresses count as one.
static struct str subscriber(struct arena *a, struct str address)
{
    struct in6_addr v6;
    char            text[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, arena_text(a, address), &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6)) {
        return address;
    }
    memset(v6.s6_addr + 8, 0, 8);
    return arena_str(a, str_of(inet_ntop(AF_INET6, &v6, text, sizeof text)));
}

struct attempt attempt_of(struct req *r, struct str email)
{
    struct attempt attempt  = { .email = lower(r->arena, email) };
    attempt.is_known_device = attempt_is_device(r->arena, r->device, email);
    struct str address      = subscriber(r->arena, r->address);
    struct str who          = attempt.is_known_device ? r->device : address;
    make_key(attempt.keys[0], "pair", r->arena, attempt.email, who);
    make_key(attempt.keys[1], "address", r->arena, address, STR(""));
    make_key(attempt.keys[2], "account", r->arena, attempt.email, STR(""));
    return attempt;
}

// A known device only answers for itself.
static int counts_of(const struct attempt *attempt)
{
    return attempt->is_known_device ? 1 : ATTEMPT_COUNTS;
}

static int64_t wait_after(int index, int64_t failures)
{
    int64_t over = failures - free_failures[index];
    int64_t wait = over <= 0 ? 0 : over > 20 ? LONGEST_S : (int64_t)1 << over;
    return wait < longest[index] ? wait : longest[index];
}

// --- in Redis: the number under the key, the wait under key:w -----------------------------------

// Seconds to wait, -1 when Redis does not answer.
static int64_t redis_wait(struct req *r, const char *key)
{
    CLEANUP(kv_reply_done)
    redisReply *reply = kv_call(r->kv, STR("TTL"), arena_printf(r->arena, "%s:w", key));
    if (!reply || reply->type != REDIS_REPLY_INTEGER) {
        return -1;
    }
    return reply->integer > 0 ? reply->integer : 0;
}

static bool redis_fail(struct req *r, const char *key, int index)
{
    struct str                         name  = str_of(key);
    CLEANUP(kv_reply_done) redisReply *count = kv_call(r->kv, STR("INCR"), name);
    if (!count || count->type != REDIS_REPLY_INTEGER) {
        return false;
    }
    CLEANUP(kv_reply_done)
    redisReply *kept = kv_call(r->kv, STR("EXPIRE"), name, arena_printf(r->arena, "%d", FORGET_S));
    int64_t     wait = wait_after(index, count->integer);
    if (wait > 0) {
        CLEANUP(kv_reply_done)
        redisReply *set = kv_call(r->kv, STR("SET"), arena_printf(r->arena, "%s:w", key), STR("1"),
                                  STR("EX"), arena_printf(r->arena, "%lld", (long long)wait));
        return set != NULL;
    }
    return kept != NULL;
}

// --- in the process, while Redis is away --------------------------------------------------------

enum { SLOTS = 2048, WAYS = 8 };

static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot {
    char    key[ATTEMPT_KEY];
    int64_t failures, until, seen; // clock_ms
} slots[SLOTS];

// The slot of a key: its own, or else the one among its places that was used least recently.
static struct slot *slot_of(const char *key)
{
    size_t hash = 5381;
    for (const char *p = key; *p; p++) {
        hash = hash * 33 + (unsigned char)*p;
    }
    struct slot *oldest = &slots[hash % SLOTS];
    for (size_t i = 0; i < WAYS; i++) {
        struct slot *s = &slots[(hash + i) % SLOTS];
        if (strcmp(s->key, key) == 0 && clock_ms() - s->seen < FORGET_S * 1000) {
            s->seen = clock_ms();
            return s;
        }
        oldest = s->seen < oldest->seen ? s : oldest;
    }
    *oldest = (struct slot){ .seen = clock_ms() };
    memcpy(oldest->key, key, strlen(key));
    return oldest;
}

static int64_t local_wait(const char *key)
{
    pthread_mutex_lock(&slots_lock);
    int64_t left = slot_of(key)->until - clock_ms();
    pthread_mutex_unlock(&slots_lock);
    return left > 0 ? (left + 999) / 1000 : 0;
}

static void local_fail(const char *key, int index)
{
    pthread_mutex_lock(&slots_lock);
    struct slot *s = slot_of(key);
    s->until       = clock_ms() + wait_after(index, ++s->failures) * 1000;
    pthread_mutex_unlock(&slots_lock);
}

// --- what sessions ask --------------------------------------------------------------------------

enum err attempt_allow(struct req *r, const struct attempt *attempt)
{
    int64_t wait = 0;
    for (int i = 0; i < counts_of(attempt); i++) {
        int64_t one = redis_wait(r, attempt->keys[i]);
        one         = one < 0 ? local_wait(attempt->keys[i]) : one;
        wait        = one > wait ? one : wait;
    }
    if (wait == 0) {
        return OK;
    }
    reply_header(r, "Retry-After", arena_printf(r->arena, "%lld", (long long)wait));
    req_extra(r, arena_printf(r->arena, "{\"retry_after\":%lld}", (long long)wait));
    return ERR_TOO_MANY_ATTEMPTS;
}

void attempt_failed(struct req *r, const struct attempt *attempt)
{
    for (int i = 0; i < counts_of(attempt); i++) {
        if (!redis_fail(r, attempt->keys[i], i)) {
            local_fail(attempt->keys[i], i);
        }
    }
}

void attempt_succeeded(struct req *r, const struct attempt *attempt)
{
    CLEANUP(kv_reply_done)
    redisReply *gone = kv_call(r->kv, STR("DEL"), str_of(attempt->keys[0]));
    if (!gone) {
        pthread_mutex_lock(&slots_lock);
        *slot_of(attempt->keys[0]) = (struct slot){ 0 };
        pthread_mutex_unlock(&slots_lock);
    }
}
