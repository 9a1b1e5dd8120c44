// Feeds come compressed too: gzip is undone, within the size that a feed may have. Pure, any thread.
#pragma once

#include "feed/tree.h"

// *bytes as they are, or what they hold when they are gzip; false with *ret_fault when they cannot be undone or hold more than
// FEED_BYTES. What they then point to lives in the arena.
bool feed_plain(struct arena *a, struct str *bytes, struct feed_fault *ret_fault) MUST_USE;
