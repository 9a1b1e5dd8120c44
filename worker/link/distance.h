// How far apart two strings are.
//
// Bytes are compared, so fold first. No allocation. Pure, any thread.
#pragma once

#include "base/str.h"

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours cost 1
// (bit-parallel, Hyyrö 2003; beyond 64 bytes in both strings by rows). Strings over 255 bytes are
// cut there.
unsigned distance(struct str a, struct str b);

// 1 - distance / longer length; 1 for two empty strings.
float similarity(struct str a, struct str b);

// Jaro-Winkler similarity, 0..1 (Winkler 1990: prefix of 4, weight 0.1); strings are cut at 64
// bytes.
float jaro_winkler(struct str a, struct str b);
