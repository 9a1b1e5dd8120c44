// Clustering: groups from how well each two records go together.
//
// Agglomerative, by average linkage (Sokal and Michener 1958) of log-odds: two groups merge while
// the mean of the log-odds of their pairs is above zero, best first. A chain of resemblances does
// not make a group, since every pair counts; what must or must not go together is obeyed. Pure.
#pragma once

#include "base/base.h"

// affinity: n*n symmetric log-odds, overwritten; infinite ones are orders: +INFINITY joins,
// -INFINITY keeps apart, also by way of others. ret_group gets a number for each, from 0 in the
// order of first members; returns how many groups there are.
size_t cluster_average(float *affinity, size_t n, uint32_t *ret_group);
