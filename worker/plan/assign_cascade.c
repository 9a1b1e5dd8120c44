// Very many out of place at once, as when several advisers fall ill: each leaf that holds too many
// raises its price until as many as it may keep prefer to stay, and whoever leaves goes where it is
// best off, so that the surplus runs through the advisers to where there is room (an auction in
// which the seats bid up their price; Bertsekas 1992). Everybody stands at a best place all the
// time, so that a cascade that ends has kept the plan the best. One that does not end, since a few
// bid against each other in ever smaller steps, is left to the search for paths.
#include "plan/assign_private.h"

// One leaves, for the leaf returned; -1: nobody can, or the price of a lower bound has risen to
// nothing, as far as it may.
static int32_t let_one_go(struct assign *s, int32_t v)
{
    struct leaving one = assign_members_first(s, v);

    if (one.price == INT64_MAX) {
        return -1;
    }
    int64_t mu = assign_mu(s, v), rise = one.price - s->price[v];
    if (mu < 0 && rise > -mu) {
        s->price[v] -= mu;
        assign_flow_settle(s, v);
        return -1;
    }
    if (one.next < INT64_MAX) {
        int64_t between = rise + (one.next - one.price) / 2;
        rise            = mu < 0 && between > -mu ? rise : between;
    }
    s->price[v] += rise > 0 ? rise : 0;
    assign_move_to(s, one.who, one.to);
    assign_flow_settle(s, one.to);
    assign_flow_settle(s, v); // the price may have come to nothing, and what is left be let through
    return one.to;
}

void assign_cascade(struct assign *s)
{
    enum { STEPS_MOST = 15 }; // of one leaf
    int32_t  nodes = s->p.nodes, first = 0, count = 0;
    int32_t *queue   = memory_new((size_t)nodes * sizeof *queue);
    int32_t *steps   = memory_zero((size_t)nodes * sizeof *steps);
    bool    *waiting = memory_zero((size_t)nodes * sizeof *waiting);

    for (int32_t v = nodes - 1; v > 0; v--) {
        if (s->excess[v] > 0 && s->is_leaf[v] && !s->is_pool[v]) {
            queue[count++] = v;
            waiting[v]     = true;
        }
    }
    while (count) {
        int32_t v  = queue[first];
        first      = first + 1 < nodes ? first + 1 : 0;
        waiting[v] = false;
        count--;
        while (s->excess[v] > 0 && steps[v]++ < STEPS_MOST) {
            int32_t w = let_one_go(s, v);
            if (w < 0 && assign_mu(s, v) != 0) {
                break;
            }
            if (w >= 0 && s->excess[w] > 0 && !s->is_pool[w] && !waiting[w]) {
                queue[(first + count++) % nodes] = w;
                waiting[w]                       = true;
            }
        }
    }
    free(queue);
    free(steps);
    free(waiting);
}
