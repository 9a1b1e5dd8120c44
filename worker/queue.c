#include "queue.h"

#include "base/clock.h"
#include "base/kv.h"
#include "base/log.h"

enum {
    ANSWER_MS    = 3000,   // Redis answers within, beyond what we ask it to wait
    CLAIM_IDLE   = 3000,   // a message unsettled for so long lost its reader, or its job is long
    CLAIM_EVERY  = 1000,   // how often a reader looks for such messages
    GONE_IDLE    = 600000, // a consumer silent for so long is gone
    LENGTH_LIMIT = 10000,  // the relay sends far fewer; guards Redis against a mistake of ours
};

static const struct str streams[LANE_COUNT] = {
    [LANE_QUICK] = STR_INIT("maillage:jobs"),
    [LANE_SLOW]  = STR_INIT("maillage:jobs:slow"),
    [LANE_OUT]   = STR_INIT("maillage:jobs:out"),
};
static const struct str group = STR_INIT("workers");

struct queue {
    struct worker *worker;
    struct str     stream;
    char           consumer[120];
    struct kv     *kv;
    int64_t        claim_at; // next look for messages left behind
};

struct queue *queue_open(struct worker *w, enum lane lane, const char *consumer)
{
    struct queue *q = memory_zero(sizeof *q);
    q->worker       = w;
    q->stream       = streams[lane];
    q->kv           = kv_open(w->redis, ANSWER_MS);
    snprintf(q->consumer, sizeof q->consumer, "%s-%s", w->name, consumer);
    return q;
}

void queue_close(struct queue *q)
{
    if (!q) {
        return;
    }
    // With messages pending the consumer stays: removing it would hide them from the others.
    CLEANUP(kv_reply_done)
    redisReply *pending = kv_call(q->kv, STR("XPENDING"), q->stream, group, STR("-"), STR("+"),
                                  STR("1"), str_of(q->consumer));
    if (pending && pending->type == REDIS_REPLY_ARRAY && pending->elements == 0) {
        CLEANUP(kv_reply_done)
        redisReply *left = kv_call(q->kv, STR("XGROUP"), STR("DELCONSUMER"), q->stream, group,
                                   str_of(q->consumer));
    }
    kv_close(q->kv);
    free(q);
}

// Says once what Redis refused; absent replies (no connection) are the caller's to tell.
static enum err check(const redisReply *reply, const char *command)
{
    if (!reply) {
        return ERR_UNAVAILABLE;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
        log_line(LOG_ERROR, "redis_refused", LOG_TEXT("command", str_of(command)),
                 LOG_TEXT("message", kv_text(reply)));
        return ERR_UNAVAILABLE;
    }
    return OK;
}

enum err queue_send(struct queue *q, struct str kind, struct str ids)
{
    char limit[16];
    snprintf(limit, sizeof limit, "%d", LENGTH_LIMIT);
    CLEANUP(kv_reply_done)
    redisReply *reply = kv_call(q->kv, STR("XADD"), q->stream, STR("MAXLEN"), STR("~"),
                                str_of(limit), STR("*"), STR("kind"), kind, STR("ids"), ids);
    return check(reply, "XADD");
}

enum err queue_length(struct queue *q, int64_t *ret_length)
{
    CLEANUP(kv_reply_done) redisReply *reply = kv_call(q->kv, STR("XLEN"), q->stream);
    enum err                           e     = check(reply, "XLEN");
    if (!e) {
        *ret_length = kv_int(reply);
    }
    return e;
}

// The group is made from the beginning of the stream, so that what was sent before it is read. Who
// really made it knows that Redis starts from nothing.
static enum err make_group(struct queue *q)
{
    CLEANUP(kv_reply_done)
    redisReply *reply =
        kv_call(q->kv, STR("XGROUP"), STR("CREATE"), q->stream, group, STR("0"), STR("MKSTREAM"));
    if (reply && reply->type == REDIS_REPLY_ERROR && str_starts(kv_text(reply), STR("BUSYGROUP"))) {
        return OK;
    }
    enum err e = check(reply, "XGROUP");
    if (!e) {
        log_line(LOG_INFO, "group_made", LOG_TEXT("stream", q->stream));
        atomic_store(&q->worker->is_emptied, true);
    }
    return e;
}

static const redisReply *element(const redisReply *array, size_t i)
{
    return array && array->type == REDIS_REPLY_ARRAY && i < array->elements ? array->element[i]
                                                                            : NULL;
}

// Reads [id, [field, value, ...]]. False for anything else (a message deleted meanwhile).
static bool read_message(const redisReply *entry, struct arena *a, struct message *ret_message)
{
    const redisReply *fields = element(entry, 1);
    struct message    m      = { .stream_id = arena_str(a, kv_text(element(entry, 0))) };
    for (size_t i = 0; fields && i + 1 < fields->elements; i += 2) {
        struct str name = kv_text(element(fields, i));
        if (str_eq(name, STR("kind"))) {
            m.kind = arena_str(a, kv_text(element(fields, i + 1)));
        } else if (str_eq(name, STR("ids"))) {
            m.ids = arena_str(a, kv_text(element(fields, i + 1)));
        }
    }
    if (str_is_absent(m.stream_id)) {
        return false;
    }
    *ret_message = m;
    return true;
}

// When the stream or its group is not there, makes them and says that nothing was received.
static enum err check_group(struct queue *q, const redisReply *reply, const char *command)
{
    if (reply && reply->type == REDIS_REPLY_ERROR &&
        (str_starts(kv_text(reply), STR("NOGROUP")) ||
         str_starts(kv_text(reply), STR("UNBLOCKED")))) {
        enum err e = make_group(q);
        return e ? e : ERR_NOT_FOUND;
    }
    return check(reply, command);
}

static enum err claim(struct queue *q, struct arena *a, struct message *ret_message)
{
    char idle[16];
    snprintf(idle, sizeof idle, "%d", CLAIM_IDLE);
    CLEANUP(kv_reply_done)
    redisReply *reply = kv_call(q->kv, STR("XAUTOCLAIM"), q->stream, group, str_of(q->consumer),
                                str_of(idle), STR("0-0"), STR("COUNT"), STR("1"));
    enum err    e     = check_group(q, reply, "XAUTOCLAIM");
    if (!e && !read_message(element(element(reply, 1), 0), a, ret_message)) {
        e = ERR_NOT_FOUND;
    }
    return e;
}

enum err queue_receive(struct queue *q, int wait_ms, struct arena *a, struct message *ret_message)
{
    if (clock_ms() >= q->claim_at) {
        enum err e = claim(q, a, ret_message);
        if (e != ERR_NOT_FOUND) {
            return e;
        }
        q->claim_at = clock_ms() + CLAIM_EVERY;
    }
    char wait[16];
    snprintf(wait, sizeof wait, "%d", wait_ms);
    CLEANUP(kv_reply_done)
    redisReply *reply =
        kv_call(q->kv, STR("XREADGROUP"), STR("GROUP"), group, str_of(q->consumer), STR("COUNT"),
                STR("1"), STR("BLOCK"), str_of(wait), STR("STREAMS"), q->stream, STR(">"));
    enum err e = check_group(q, reply, "XREADGROUP");
    // [[stream, [entry]]]
    if (!e && !read_message(element(element(element(reply, 0), 1), 0), a, ret_message)) {
        e = ERR_NOT_FOUND;
    }
    return e;
}

void queue_settle(struct queue *q, const struct message *message)
{
    // In this order: what is left when we die in between is a reference that XAUTOCLAIM drops.
    CLEANUP(kv_reply_done)
    redisReply *gone = kv_call(q->kv, STR("XDEL"), q->stream, message->stream_id);
    CLEANUP(kv_reply_done)
    redisReply *settled = kv_call(q->kv, STR("XACK"), q->stream, group, message->stream_id);
}

// --- housekeeping -------------------------------------------------------------------------------

// The value behind a name in [name, value, name, value...].
static const redisReply *member(const redisReply *pairs, struct str name)
{
    for (size_t i = 0; pairs && pairs->type == REDIS_REPLY_ARRAY && i + 1 < pairs->elements;
         i += 2) {
        if (str_eq(kv_text(pairs->element[i]), name)) {
            return pairs->element[i + 1];
        }
    }
    return NULL;
}

static void sweep_consumers(struct queue *q)
{
    CLEANUP(kv_reply_done)
    redisReply *all = kv_call(q->kv, STR("XINFO"), STR("CONSUMERS"), q->stream, group);
    for (size_t i = 0; element(all, i); i++) {
        const redisReply *one = element(all, i);
        if (kv_int(member(one, STR("pending"))) == 0 &&
            kv_int(member(one, STR("idle"))) > GONE_IDLE) {
            CLEANUP(kv_reply_done)
            redisReply *gone = kv_call(q->kv, STR("XGROUP"), STR("DELCONSUMER"), q->stream, group,
                                       kv_text(member(one, STR("name"))));
        }
    }
}

// "123-4" as two numbers.
static bool read_id(struct str text, int64_t ret_id[static 2])
{
    struct str first;
    return str_cut(&text, '-', &first) && str_int(first, &ret_id[0]) && str_int(text, &ret_id[1]);
}

// A message that was delivered, is pending with nobody and yet still there would be counted for
// ever in the length of the stream. Read in this order: last delivered, then pending; what is
// delivered in between has a greater id than both.
static void sweep_messages(struct queue *q)
{
    CLEANUP(kv_reply_done)
    redisReply *groups = kv_call(q->kv, STR("XINFO"), STR("GROUPS"), q->stream);
    CLEANUP(kv_reply_done)
    redisReply *pending = kv_call(q->kv, STR("XPENDING"), q->stream, group);
    struct str  oldest  = { 0 };
    for (size_t i = 0; element(groups, i); i++) {
        if (str_eq(kv_text(member(element(groups, i), STR("name"))), group)) {
            oldest = kv_text(member(element(groups, i), STR("last-delivered-id")));
        }
    }
    int64_t last[2], first[2];
    if (!element(pending, 0) || !read_id(oldest, last)) {
        return;
    }
    struct str first_pending = kv_text(element(pending, 1));
    if (read_id(first_pending, first) &&
        (first[0] < last[0] || (first[0] == last[0] && first[1] < last[1]))) {
        oldest = first_pending;
    }
    CLEANUP(kv_reply_done)
    redisReply *trimmed = kv_call(q->kv, STR("XTRIM"), q->stream, STR("MINID"), oldest);
    if (kv_int(trimmed) > 0) {
        log_line(LOG_WARNING, "messages_trimmed", LOG_TEXT("stream", q->stream),
                 LOG_NUMBER("count", kv_int(trimmed)));
    }
}

void queue_sweep(struct queue *q)
{
    sweep_consumers(q);
    sweep_messages(q);
}

enum err queue_ping(struct queue *q)
{
    CLEANUP(kv_reply_done) redisReply *reply = kv_call(q->kv, STR("PING"));
    return check(reply, "PING");
}
