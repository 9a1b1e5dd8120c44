// Feeds come packed too, or in UTF-16: gzip and ZIP archives of one file are undone, within the size that a feed may have, and text
// becomes UTF-8 where its format knows no other. Pure, any thread.
#pragma once

#include "feed/tree.h"

// *bytes as they are, or what they hold when they are packed; a workbook stays as it is. False with *ret_fault when they cannot be
// undone or hold more than FEED_BYTES. What they then point to lives in the arena.
bool feed_plain(struct arena *a, struct str *bytes, struct feed_fault *ret_fault) MUST_USE;
