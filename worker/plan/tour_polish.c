// Inserts what is left out wherever that is worth it.
#include "plan/tour_private.h"

// What inserting k there costs in the end, visits that move included.
static int64_t full_cost(const struct core *c, int32_t v, const struct route *r, int32_t k,
                         struct place found)
{
    if (!c->stability || found.at < 0) {
        return found.cost;
    }
    struct route copy = { 0 };
    route_copy(c, &copy, r);
    route_insert(c, v, &copy, k, found.at);
    int64_t cost = copy.cost - r->cost + (copy.moved - r->moved) * c->stability;
    route_done(&copy);
    return cost;
}

static bool insert_if_worth(const struct core *c, struct route *routes, int32_t k)
{
    int64_t best = INT64_MAX;
    int32_t tour = -1, at = -1;
    for (int32_t v = 0; v < c->m; v++) {
        if (!c->may[(size_t)v * (size_t)c->n + (size_t)k]) {
            continue;
        }
        struct place found = route_place(c, v, &routes[v], k, -1);
        int64_t      cost  = full_cost(c, v, &routes[v], k, found);
        if (found.at >= 0 && cost < best) {
            best = cost;
            tour = v;
            at   = found.at;
        }
    }
    if (tour < 0 || (best >= c->prize[k] && !c->rank[k])) {
        return false;
    }
    route_insert(c, tour, &routes[tour], k, at);
    return true;
}

struct by_rank {
    int64_t rank, prize;
    int32_t job;
};

static int better_first(const void *a, const void *b)
{
    const struct by_rank *x = a, *y = b;
    if (x->rank != y->rank) {
        return x->rank > y->rank ? -1 : 1;
    }
    if (x->prize != y->prize) {
        return x->prize > y->prize ? -1 : 1;
    }
    return (x->job > y->job) - (x->job < y->job);
}

void core_polish(const struct core *c, struct route *routes, const struct search_limits *limits)
{
    struct by_rank *left   = memory_new(((size_t)c->n + 1) * sizeof *left);
    uint8_t        *served = memory_zero((size_t)c->n + 1);
    int32_t         count  = 0;
    for (int32_t v = 0; v < c->m; v++) {
        for (int32_t i = 1; i <= routes[v].len; i++) {
            served[routes[v].id[i]] = 1;
        }
    }
    for (int32_t k = 0; k < c->n; k++) {
        if (!served[k]) {
            left[count++] = (struct by_rank){ c->rank[k], c->prize[k], k };
        }
    }
    qsort(left, (size_t)count, sizeof *left, better_first);
    for (bool again = true; again;) {
        again = false;
        for (int32_t i = 0; i < count; i++) {
            if (limits && limits->stop && limits->stop(limits->context)) {
                again = false;
                break;
            }
            if (!served[left[i].job] && insert_if_worth(c, routes, left[i].job)) {
                served[left[i].job] = 1;
                again               = true;
            }
        }
    }
    free(left);
    free(served);
}
