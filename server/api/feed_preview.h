// What a layout makes of a feed: its first offers, its faults, the parts that there are. What the page of a feed looks at.
#pragma once

#include "http/req.h"

// Answers with the preview of these bytes by a layout; without one, by the one that is proposed for them.
enum err feed_preview_reply(struct req *r, struct str bytes, struct str layout);
