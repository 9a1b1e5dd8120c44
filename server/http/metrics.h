// Counters of this process, written for Prometheus. Thread-safe, never blocks.
#pragma once

#include "base/buf.h"
#include "http/route.h"

enum { METRICS_ROUTES = 400, METRICS_OTHER = METRICS_ROUTES }; // OTHER: files, unknown addresses

// One answered request.
void metrics_request(size_t route, int status, int64_t took_us);

// Appends the requests by route and status, and the durations as a histogram.
void metrics_write(struct buf *out, const struct route *list, size_t count);

// Appends one metric with its type ("counter" or "gauge").
void metrics_add(struct buf *out, const char *name, const char *type, int64_t value);

// Resident memory in bytes.
int64_t metrics_memory(void);
