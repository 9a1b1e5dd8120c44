// A small generator of numbers (splitmix64, Steele, Lea & Flood 2014): the same seed gives the
// same numbers on every machine.
//
// A generator belongs to one thread.
#pragma once

#include "base/base.h"

struct rng {
    uint64_t state;
};

static inline uint64_t rng_next(struct rng *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);
    z          = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z          = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

// A number from 0 to n - 1; n is at least 1.
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
    return (uint32_t)(((rng_next(r) >> 32) * n) >> 32);
}

// From 0 up to, not including, 1.
static inline double rng_unit(struct rng *r)
{
    return (double)(rng_next(r) >> 11) / 9007199254740992.0;
}

static inline bool rng_chance(struct rng *r, double p)
{
    return rng_unit(r) < p;
}

// An index drawn by its weight.
static inline uint32_t rng_weighted(struct rng *r, const double *weights, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += weights[i];
    }
    double at = rng_unit(r) * sum;
    for (uint32_t i = 0; i + 1 < count; i++) {
        at -= weights[i];
        if (at < 0) {
            return i;
        }
    }
    return count - 1;
}
