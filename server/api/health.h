// Health: what a supervisor, a load balancer and Prometheus ask.
#pragma once

#include "http/req.h"

// GET /healthz: the process answers, without touching anything else.
enum err health_live(struct req *r);

// GET /readyz: PostgreSQL and Redis answer and we are not stopping; 503 otherwise.
enum err health_ready(struct req *r);

// GET /metrics: Prometheus text, from this machine or with the configured token only.
enum err health_metrics(struct req *r);

// GET /openapi.json: the description of this API.
enum err health_openapi(struct req *r);
