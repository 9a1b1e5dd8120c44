#include "api/calendar.h"

#include "api/calendar_write.h"
#include "base/person.h"
#include "base/secret.h"
#include "queries.h"

enum { FEED_BYTES = MIB(4), HOUR_S = 3600, READS_MOST = 120, MISSES_MOST = 30 };

enum err calendar_get(struct req *r)
{
    return reply_one(r, 200, feed_state(r->db));
}

enum err calendar_post(struct req *r)
{
    char    token[SECRET_TOKEN + 1];
    uint8_t hash[SECRET_HASH];
    secret_token(token);
    secret_hash(str_of(token), hash);
    CLEANUP(result_done) struct result made = feed_new(r->db, (struct str){ (const char *)hash, sizeof hash });
    if (made.err) {
        return made.err;
    }
    return reply_json(r, 201, arena_printf(r->arena, "{\"address\":\"%.*s/calendrier/%s.ics\",\"made_at\":%.*s}", STR_ARG(r->site),
                                           token, STR_ARG(result_text(&made, 0, 0))));
}

enum err calendar_delete(struct req *r)
{
    return reply_none(r, feed_end(r->db));
}

// Counts in Redis, for an hour; without Redis nothing is counted, and the lane is the limit.
static enum err count_within(struct req *r, const char *what, struct str who, int64_t most)
{
    uint8_t    seal[16];
    struct buf key = buf_init(96);
    secret_seal(SECRET_LIMITS, arena_printf(r->arena, "feed|%s|%.*s", what, STR_ARG(who)), seal, sizeof seal);
    buf_add(&key, STR("maillage:feed:"));
    buf_add_hex(&key, (struct str){ (const char *)seal, sizeof seal });
    CLEANUP(kv_reply_done) redisReply *count = kv_call(r->kv, STR("INCR"), buf_str(&key));
    int64_t                            n     = kv_int(count);
    if (n == 1) {
        CLEANUP(kv_reply_done)
        redisReply *kept = kv_call(r->kv, STR("EXPIRE"), buf_str(&key), arena_printf(r->arena, "%d", HOUR_S));
        (void)kept;
    }
    buf_done(&key);
    if (n > most) {
        reply_header(r, "Retry-After", STR("900"));
        return ERR_TOO_MANY_ATTEMPTS;
    }
    return OK;
}

// The name and the position of a person; nothing when it does not open.
static struct str contact_of(struct req *r, struct str sealed)
{
    struct person p = { 0 };
    if (sealed.len == 0 || !person_unseal(r->arena, sealed, &p)) {
        return (struct str){ 0 };
    }
    return arena_printf(r->arena, "%.*s%s%.*s%s%.*s", STR_ARG(p.given_name), p.given_name.len ? " " : "", STR_ARG(p.family_name),
                        p.position.len ? ", " : "", STR_ARG(p.position));
}

static struct calendar_visit visit_of(struct req *r, const struct result *rows, int i)
{
    return (struct calendar_visit){
        .id            = result_int(rows, i, 0),
        .sequence      = (int)result_int(rows, i, 1),
        .is_cancelled  = str_eq(result_text(rows, i, 2), STR("cancelled")),
        .is_tentative  = str_eq(result_text(rows, i, 2), STR("tentative")),
        .starts        = result_text(rows, i, 3),
        .minutes       = (int)result_int(rows, i, 4),
        .changed       = result_text(rows, i, 5),
        .establishment = result_int(rows, i, 6),
        .name          = result_text(rows, i, 7),
        .address       = result_text(rows, i, 8),
        .lon           = result_double(rows, i, 9),
        .lat           = result_double(rows, i, 10),
        .is_placed     = !result_is_null(rows, i, 9),
        .phone         = result_text(rows, i, 11),
        .contact       = contact_of(r, result_text(rows, i, 12)),
        .due           = result_text(rows, i, 13),
    };
}

static enum err answer(struct req *r, const struct result *feed)
{
    CLEANUP(result_done) struct result rows = feed_visits(r->db, result_int(feed, 0, 0));
    if (rows.err) {
        return rows.err;
    }
    int                    count  = result_count(&rows);
    struct calendar_visit *visits = ARENA_ARRAY(r->arena, struct calendar_visit, (size_t)count + 1);
    struct buf             body   = buf_init(FEED_BYTES);
    for (int i = 0; i < count; i++) {
        visits[i] = visit_of(r, &rows, i);
    }
    calendar_write(r->site, result_text(feed, 0, 1), result_text(feed, 0, 2), visits, count, r->arena, &body);
    reply_tag(r, buf_str(&body));
    reply_header(r, "Content-Disposition", STR("inline; filename=\"maillage.ics\""));
    reply_header(r, "X-Robots-Tag", STR("noindex"));
    return reply_buf(r, 200, "text/calendar; charset=utf-8", &body);
}

enum err calendar_feed(struct req *r)
{
    struct str name = path_text(r, "feed");
    uint8_t    hash[SECRET_HASH];
    if (name.len != SECRET_TOKEN + 4 || !str_ends(name, STR(".ics"))) {
        return ERR_NOT_FOUND;
    }
    enum err e = count_within(r, "read", name, READS_MOST);
    if (e) {
        return e;
    }
    secret_hash(str_sub(name, 0, SECRET_TOKEN), hash);
    CLEANUP(result_done)
    struct result feed = feed_open(r->db, (struct str){ (const char *)hash, sizeof hash }, r->agent.at ? r->agent : STR(""));
    if (feed.err || result_count(&feed) == 0) {
        e = feed.err ? feed.err : count_within(r, "miss", r->address, MISSES_MOST);
        return e ? e : ERR_NOT_FOUND;
    }
    return answer(r, &feed);
}
