// Communes whose own name joins two with « et »: Bourg-et-Comin, Arc-et-Senans, Thue et Mue. Pure, any thread.
#pragma once

#include "base/str.h"

// Whether a folded text begins with the name of one.
bool feed_begins_joined(struct str folded);
