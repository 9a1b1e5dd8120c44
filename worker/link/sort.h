// Sorting many numbers.
//
// Pure but for the memory it takes meanwhile; any thread.
#pragma once

#include "base/base.h"

// Sorts count numbers of at most `bits` bits in ascending order (by digits, least first).
void sort_numbers(uint64_t *numbers, size_t count, unsigned bits);

// Removes repetitions from sorted numbers; returns how many are left.
size_t sort_unique(uint64_t *numbers, size_t count);
