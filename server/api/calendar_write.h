// Visits as a calendar (RFC 5545), by libical.
//
// Times are of Europe/Paris, told with their VTIMEZONE. UID is the visit's for ever, SEQUENCE its
// version, LAST-MODIFIED when it last changed; a cancelled one is told as cancelled, so that
// calendars take it out. The same visits give the same bytes. Pure but for libical's memory.
#pragma once

#include "base/arena.h"
#include "base/buf.h"

struct calendar_visit {
    int64_t    id, establishment;
    int        sequence, minutes;
    bool       is_cancelled, is_tentative, is_placed;
    struct str starts;  // 20260609T143000, in Paris
    struct str changed; // 20260604T080000Z
    struct str name, address, phone, contact, due; // absent when not known
    double     lon, lat;
};

// `site`: the address of this site, with which links begin and UIDs end.
void calendar_write(struct str site, struct str member, struct str organisation,
                    const struct calendar_visit *visits, int count, struct arena *a, struct buf *out);
