// Profits told apart: M * profit + r with 0 <= r < R drawn from the pair.
//
// M > count * R, so that all the r of a plan together weigh less than one unit of true profit: the
// optimum of the scaled problem is an optimum of the true one.
//
// Prices come back by q(v) = floor((price(v) + turn) / M). An arc of the residual graph says
// price(v) - price(u) >= M * w + d, |d| < R, for a true gain w. If the remainders of price(v) +
// turn leave a gap of R around zero, q(v) - q(u) > w - 1, that is q(v) - q(u) >= w: q proves the
// same plan. At most `nodes` remainders share a circle of M >= nodes * R, so that some gap is that
// wide.
#include "plan/assign_private.h"

enum { SPREAD = 256 }; // R
#define SCALED_MAX (INT64_C(1) << 50)

// A draw that depends on the pair only (the finalizer of splitmix64: Steele, Lea, Flood 2014).
static int64_t draw(int32_t i, int32_t node)
{
    uint64_t x = ((uint64_t)(uint32_t)i << 32 | (uint32_t)node) + UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int64_t)((x ^ (x >> 31)) % SPREAD);
}

// Whether the scale still outweighs the draws of so many establishments.
bool assign_scale_holds(const struct assign *s, int32_t count)
{
    return (int64_t)count * SPREAD < s->scale;
}

int64_t assign_scaled(const struct assign *s, int32_t i, int32_t node, int64_t profit)
{
    if (s->scale == 1 || profit == ASSIGN_NEVER) {
        return profit;
    }
    return profit * s->scale + draw(i, node);
}

int64_t assign_true(const struct assign *s, int64_t scaled)
{
    if (s->scale == 1) {
        return scaled;
    }
    return scaled >= 0 ? scaled / s->scale : -((-scaled + s->scale - 1) / s->scale);
}

void assign_scale_new(struct assign *s)
{
    int64_t most = 1, size = s->p.count > s->p.nodes ? s->p.count : s->p.nodes;

    for (int32_t e = 0; e < s->p.first[s->p.count]; e++) {
        int64_t p = s->p.profit[e];
        most      = p != ASSIGN_NEVER && p > most ? p : most;
        most      = p != ASSIGN_NEVER && -p > most ? -p : most;
    }
    for (int32_t v = 1; s->p.gain && v < s->p.nodes; v++) {
        int64_t g = s->p.gain[v];
        most      = g > most ? g : most;
        most      = -g > most ? -g : most;
    }
    for (int64_t whole = most; whole > INT32_MAX / 8; whole /= 2) {
        s->coarse++;
    }
    // Room for twice as many, should establishments be added.
    s->scale = 2 * (size + 512) * SPREAD;
    if (most > SCALED_MAX / s->scale) {
        s->scale = 1;
        return;
    }
    for (int64_t by = s->scale; by > 1; by /= 2) {
        s->coarse++;
    }
    for (int32_t e = 0; e < s->p.first[s->p.count]; e++) {
        s->p.profit[e] = assign_scaled(s, s->owner[e], s->p.node[e], s->p.profit[e]);
    }
    for (int32_t v = 1; s->p.gain && v < s->p.nodes; v++) {
        s->p.gain[v] *= s->scale;
    }
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

void assign_turn(struct assign *s)
{
    int32_t  n    = s->p.nodes;
    int64_t *rest = s->distance;
    int64_t  wide, at = 0;

    s->turn = 0;
    if (s->scale == 1) {
        return;
    }
    for (int32_t v = 0; v < n; v++) {
        rest[v] = ((s->price[v] % s->scale) + s->scale) % s->scale;
    }
    qsort(rest, (size_t)n, sizeof *rest, ascending);
    wide = rest[0] + s->scale - rest[n - 1];
    for (int32_t k = 1; k < n; k++) {
        if (rest[k] - rest[k - 1] > wide) {
            wide = rest[k] - rest[k - 1];
            at   = rest[k];
        }
    }
    // The first remainder behind the gap becomes the smallest.
    s->turn = at ? s->scale - at : (s->scale - rest[0]) % s->scale;
}
