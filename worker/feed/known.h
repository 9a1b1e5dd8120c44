// Feeds of which the make is known: their layouts come with the program, and are proposed as they are.
//
// Pure, any thread.
#pragma once

#include "feed/layout.h"

// The layout of the make that this tree is of. False when it is none of them.
bool feed_known(struct arena *a, const struct feed_node *root, struct feed_layout *ret) MUST_USE;
