#include "api/health.h"

#include "base/buf.h"
#include "http/status.h"
#include "queries.h" // generated from health.sql

// server/api/openapi.json, embedded by the build.
extern const char         openapi_json[];
extern const unsigned int openapi_json_size;

enum { METRICS_MAX = 4 << 20 };

enum err health_live(struct req *r)
{
    struct buf body = buf_init(16);
    buf_add(&body, STR("ok\n"));
    return reply_buf(r, 200, "text/plain; charset=utf-8", &body);
}

enum err health_ready(struct req *r)
{
    CLEANUP(result_done) struct result rows   = health_database(r->db);
    CLEANUP(kv_reply_done) redisReply *reply  = kv_call(r->kv, STR("PING"));
    bool                               db     = !rows.err;
    bool                               redis  = str_eq(kv_text(reply), STR("PONG"));
    bool                               is_fit = db && redis && !req_is_stopping(r);
    return reply_json(r, is_fit ? 200 : 503,
                      arena_printf(r->arena, "{\"db\":%s,\"redis\":%s}", db ? "true" : "false",
                                   redis ? "true" : "false"));
}

enum err health_metrics(struct req *r)
{
    if (!req_may_watch(r)) {
        return ERR_FORBIDDEN;
    }
    struct buf body = buf_init(METRICS_MAX);
    status_write(r, &body);
    return reply_buf(r, 200, "text/plain; version=0.0.4; charset=utf-8", &body);
}

enum err health_openapi(struct req *r)
{
    return reply_json(r, 200, (struct str){ openapi_json, openapi_json_size });
}
