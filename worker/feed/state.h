// What words say of an offer: that it is out, or that it is over. Pure, any thread.
#pragma once

#include "base/arena.h"

// "open" or "closed". Only what says that it is over, or not out yet, closes an offer; words that are not known, or say both, give
// an absent text.
struct str feed_state_of(struct arena *a, struct str text);
