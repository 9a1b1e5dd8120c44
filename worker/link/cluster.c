#include "link/cluster.h"

#include <math.h>

struct state {
    float    *affinity;
    size_t    n;
    uint32_t *best; // of each living row, the column it goes best with
    float    *size;
    uint32_t *into; // a dead row's heir
};

static float at(const struct state *s, size_t a, size_t b)
{
    return s->affinity[a * s->n + b];
}

static bool lives(const struct state *s, size_t row)
{
    return s->into[row] == row;
}

static void find_best(struct state *s, size_t row)
{
    s->best[row] = (uint32_t)row;
    for (size_t k = 0; k < s->n; k++) {
        bool is_better = s->best[row] == row || at(s, row, k) > at(s, row, s->best[row]);
        if (k != row && lives(s, k) && is_better) {
            s->best[row] = (uint32_t)k;
        }
    }
}

static float mean(const struct state *s, size_t a, size_t b, size_t k)
{
    float x = at(s, a, k), y = at(s, b, k);

    if (isinf(x) || isinf(y)) { // an order of one is an order of both; "apart" wins
        return x == -INFINITY || y == -INFINITY ? -INFINITY : INFINITY;
    }
    return (x * s->size[a] + y * s->size[b]) / (s->size[a] + s->size[b]);
}

static void merge(struct state *s, size_t a, size_t b)
{
    for (size_t k = 0; k < s->n; k++) {
        if (k != a && k != b && lives(s, k)) {
            s->affinity[a * s->n + k] = s->affinity[k * s->n + a] = mean(s, a, b, k);
        }
    }
    s->size[a] += s->size[b];
    s->into[b] = (uint32_t)a;
    find_best(s, a);
    for (size_t k = 0; k < s->n; k++) {
        if (!lives(s, k) || k == a) {
            continue;
        }
        if (s->best[k] == a || s->best[k] == b) {
            find_best(s, k);
        } else if (at(s, k, a) > at(s, k, s->best[k])) {
            s->best[k] = (uint32_t)a;
        }
    }
}

// The living row whose best is best of all; n when nothing is worth merging.
static size_t next(const struct state *s)
{
    size_t found = s->n;

    for (size_t i = 0; i < s->n; i++) {
        if (lives(s, i) && s->best[i] != i && at(s, i, s->best[i]) > 0 &&
            (found == s->n || at(s, i, s->best[i]) > at(s, found, s->best[found]))) {
            found = i;
        }
    }
    return found;
}

static size_t number_groups(const struct state *s, uint32_t *ret_group)
{
    size_t groups = 0;

    for (size_t i = 0; i < s->n; i++) {
        size_t root = i;
        while (!lives(s, root)) {
            root = s->into[root];
        }
        // Heirs come before those they inherit from, so that a root is numbered first.
        ret_group[i] = root == i ? (uint32_t)groups++ : ret_group[root];
    }
    return groups;
}

size_t cluster_average(float *affinity, size_t n, uint32_t *ret_group)
{
    struct state s = { .affinity = affinity, .n = n };

    s.best = memory_new((n + 1) * sizeof *s.best);
    s.size = memory_new((n + 1) * sizeof *s.size);
    s.into = memory_new((n + 1) * sizeof *s.into);
    for (size_t i = 0; i < n; i++) {
        s.into[i] = (uint32_t)i;
        s.size[i] = 1;
    }
    for (size_t i = 0; i < n; i++) {
        find_best(&s, i);
    }
    for (size_t i; (i = next(&s)) < n;) {
        size_t k = s.best[i];
        merge(&s, i < k ? i : k, i < k ? k : i);
    }
    size_t groups = number_groups(&s, ret_group);
    free(s.best);
    free(s.size);
    free(s.into);
    return groups;
}
