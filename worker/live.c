#include "live.h"

#include "base/clock.h"
#include "base/db.h"
#include "base/kv.h"
#include "base/log.h"
#include "queries.h"

enum {
    LEAD_EVERY_MS = 500,  // how often leadership is asked for or confirmed
    REST_MS       = 200,  // after a failure
    REMEMBER      = 512,  // messages
    REMEMBER_MS   = 3000, // longer than it takes to notice that the leader is gone
    ANSWER_MS     = 1000, // of Redis
};

struct remembered {
    int64_t at;   // clock_ms
    char   *text; // NULL: empty place
};

struct live {
    struct worker    *worker;
    struct db        *db;
    struct kv        *kv;
    bool              is_leader;
    int64_t           lead_at; // next time to ask
    struct remembered ring[REMEMBER];
    size_t            next;
    int64_t           dropped; // since Redis went away
};

static void publish(struct live *l, struct str message)
{
    CLEANUP(kv_reply_done)
    redisReply *reply = kv_call(l->kv, STR("PUBLISH"), STR("maillage:live"), message);
    if (reply && reply->type == REDIS_REPLY_INTEGER) {
        if (l->dropped > 0) {
            log_line(LOG_WARNING, "live_dropped", LOG_NUMBER("count", l->dropped));
            l->dropped = 0;
        }
        return;
    }
    l->dropped++;
}

static void remember(struct live *l, struct str message)
{
    struct remembered *place = &l->ring[l->next++ % REMEMBER];
    free(place->text);
    place->at   = clock_ms();
    place->text = memory_new(message.len + 1);
    memcpy(place->text, message.at, message.len);
    place->text[message.len] = 0;
}

static void forget(struct live *l)
{
    for (size_t i = 0; i < REMEMBER; i++) {
        free(l->ring[i].text);
        l->ring[i].text = NULL;
    }
}

static void take_over(struct live *l)
{
    int64_t since = clock_ms() - REMEMBER_MS;
    log_line(LOG_INFO, "live_leads", LOG_TEXT("worker", str_of(l->worker->name)));
    for (size_t i = 0; i < REMEMBER; i++) {
        const struct remembered *m = &l->ring[(l->next + i) % REMEMBER];
        if (m->text && m->at >= since) {
            publish(l, str_of(m->text));
        }
    }
    forget(l);
}

static enum err ask_to_lead(struct live *l)
{
    CLEANUP(result_done) struct result res = lead(l->db, STR("live"));
    if (res.err) {
        l->is_leader = false;
        return res.err;
    }
    bool was_leader = l->is_leader;
    l->is_leader    = result_bool(&res, 0, 0);
    l->lead_at      = clock_ms() + LEAD_EVERY_MS;
    if (l->is_leader && !was_leader) {
        take_over(l);
    }
    return OK;
}

static enum err step(struct live *l)
{
    struct str channel, payload;
    enum err   e = clock_ms() >= l->lead_at ? ask_to_lead(l) : OK;
    if (!e) {
        e = db_notice(l->db, LEAD_EVERY_MS, &channel, &payload);
    }
    if (!e && l->is_leader) {
        publish(l, payload);
    } else if (!e) {
        remember(l, payload);
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

void *live_thread(void *worker)
{
    struct live *l = memory_zero(sizeof *l);
    l->worker      = worker;
    l->db          = db_open(l->worker->db, "maillage-worker live");
    l->kv          = kv_open(l->worker->redis, ANSWER_MS);
    enum err e     = db_listen(l->db, "live");
    while (!atomic_load(&l->worker->is_stopping)) {
        e = step(l);
        if (e) {
            l->lead_at = 0;
            worker_sleep(l->worker, REST_MS);
        }
    }
    forget(l);
    kv_close(l->kv);
    db_close(l->db);
    free(l);
    return NULL;
}
