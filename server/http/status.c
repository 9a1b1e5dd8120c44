#include "http/status.h"

#include "base/secret.h"
#include "http/call.h"
#include "http/hub.h"
#include "http/metrics.h"
#include "http/sweep.h"

bool req_is_stopping(struct req *r)
{
    return call_of(r)->http->is_stopping;
}

bool req_may_watch(struct req *r)
{
    const struct call *c = call_of(r);
    return c->is_loopback || secret_equal(c->bearer, c->http->options.metrics_token);
}

void status_write(struct req *r, struct buf *out)
{
    struct http      *http  = call_of(r)->http;
    struct db_counts  db    = db_counts();
    struct lane_depth light = lanes_depth(http->lanes, LIGHT);
    struct lane_depth heavy = lanes_depth(http->lanes, HEAVY);
    metrics_write(out, http->options.routes, http->options.route_count);
    const struct {
        const char *name, *type;
        int64_t     value;
    } figures[] = {
        { "maillage_light_waiting", "gauge", (int64_t)light.waiting },
        { "maillage_light_running", "gauge", light.running },
        { "maillage_light_refused_total", "counter", (int64_t)light.refused },
        { "maillage_heavy_waiting", "gauge", (int64_t)heavy.waiting },
        { "maillage_heavy_running", "gauge", heavy.running },
        { "maillage_heavy_refused_total", "counter", (int64_t)heavy.refused },
        { "maillage_connections", "gauge", (int64_t)sweep_count(http->sweep) },
        { "maillage_streams", "gauge", (int64_t)hub_count(http->hub) },
        { "maillage_db_queries_total", "counter", (int64_t)db.queries },
        { "maillage_db_errors_total", "counter", (int64_t)db.errors },
        { "maillage_db_connections_total", "counter", (int64_t)db.connections },
        { "process_resident_memory_bytes", "gauge", metrics_memory() },
    };
    for (size_t i = 0; i < LENGTH(figures); i++) {
        metrics_add(out, figures[i].name, figures[i].type, figures[i].value);
    }
}
