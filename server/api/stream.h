// The stream of what changes, as server-sent events.
#pragma once

#include "http/req.h"

// GET /api/stream: stays open; each event says what changed, never the data itself. `resync` means
// that something may have been missed.
enum err stream_get(struct req *r);
