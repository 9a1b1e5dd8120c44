// What the process knows of itself, for health and metrics.
#pragma once

#include "base/buf.h"
#include "http/req.h"

// True once a stop was asked for: a load balancer should look elsewhere.
bool req_is_stopping(struct req *r);

// True when /metrics may be shown to who asks: from this machine, or with the configured token.
bool req_may_watch(struct req *r);

// Appends everything measured, as Prometheus text.
void status_write(struct req *r, struct buf *out);
