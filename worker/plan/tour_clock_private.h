// The clock of the core: windows, and legs that breaks interrupt. Inline, because every test of an
// insertion asks them.
#pragma once

#include "plan/tour_private.h"

// Earliest moment in the windows at or after t; NEVER when there is none.
static inline int32_t windows_next(const struct window32 *w, int32_t count, int32_t t)
{
    for (int32_t i = 0; i < count; i++) {
        if (t <= w[i].close) {
            return t > w[i].open ? t : w[i].open;
        }
    }
    return NEVER;
}

// Latest moment in the windows at or before t; negative when there is none.
static inline int32_t windows_last(const struct window32 *w, int32_t count, int32_t t)
{
    for (int32_t i = count - 1; i >= 0; i--) {
        if (t >= w[i].open) {
            return t < w[i].close ? t : w[i].close;
        }
    }
    return -1;
}

// Arrival after leaving at t and taking breaks b to `to` - 1 on the way. A break may interrupt the
// travel anywhere; driving before it, while its window is not open, is never worse than waiting.
static inline int32_t leg_arrive(const struct core_vehicle *v, int32_t t, int32_t travel, int32_t b,
                                 int32_t to)
{
    for (; b < to; b++) {
        int32_t start = windows_next(v->breaks[b].windows, v->breaks[b].window_count, t);
        if (start >= NEVER) {
            return NEVER;
        }
        travel -= travel < start - t ? travel : start - t;
        t = start + v->breaks[b].service;
    }
    return t >= NEVER || travel >= NEVER ? NEVER : t + travel;
}

// Latest departure that arrives by t with the same breaks on the way; negative when there is none.
static inline int32_t leg_leave(const struct core_vehicle *v, int32_t t, int32_t travel, int32_t b,
                                int32_t to)
{
    while (to > b) {
        to--;
        const struct core_break *r    = &v->breaks[to];
        int32_t                  last = windows_last(r->windows, r->window_count, t - r->service);
        if (last < 0) {
            return -1;
        }
        int32_t after = t - r->service - last;
        travel -= travel < after ? travel : after;
        t = last;
    }
    return t - travel;
}
