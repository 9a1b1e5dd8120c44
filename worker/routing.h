// Ways by road, asked of a routing service that speaks as OSRM does (`/table/v1/driving`).
//
// Only used when the settings name one; the address comes from the settings and from nowhere else.
// Blocks until the service has answered or failed; no redirections, no other protocols than HTTP.
// What it sends is outside data: read by week/week_matrix.h.
#pragma once

#include <stdatomic.h>

#include "week/week.h"

struct routing_table {
    int32_t *seconds, *metres; // between all places, row by row; in the arena
};

// False when the service does not answer as it should, or the worker stops: one estimates instead.
bool routing_ask(struct str url, const struct week_place *places, int32_t count, struct arena *a,
                 const _Atomic bool *is_stopping, struct routing_table *ret_table) MUST_USE;
