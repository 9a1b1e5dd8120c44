// Whether cells that say where an offer is hold several towns each, and what parts them. Pure, any thread.
#pragma once

#include "base/arena.h"

enum { FEED_MARKS = 8 };

// The marks that part towns in these cells; returns how many, none when no cell shows several towns, or when what stands between the
// marks is no town: « Saint-Pourçain, Allier (03) », « ZA des Écherolles, Moulins », « Vichy et environs ». Two names beside each other
// in every cell may be a town and what it lies in: a comma or a slash needs three of them, or the same names elsewhere.
size_t feed_parted(struct arena *a, const struct str *cells, size_t count, const char *ret_marks[FEED_MARKS]);
