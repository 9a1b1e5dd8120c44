#include "plan/assign_why.h"

struct str assign_reason_name(enum assign_reason r)
{
    static const struct str names[] = {
        [WHY_BEST] = STR_INIT("best"),           [WHY_LOCK] = STR_INIT("lock"),
        [WHY_FULL] = STR_INIT("full"),           [WHY_SHARE] = STR_INIT("share"),
        [WHY_MINIMUM] = STR_INIT("minimum"),     [WHY_PRICE] = STR_INIT("price"),
        [WHY_WORTHLESS] = STR_INIT("worthless"), [WHY_NO_CANDIDATE] = STR_INIT("no_candidate"),
    };

    return names[r];
}

// The price of the arc of a node: positive where its upper bound holds back, negative where its
// lower one pulls.
static int64_t mu(const struct assign *s, int32_t v)
{
    const struct assign_problem *p = assign_problem_of(s);

    return assign_price(s, v) - assign_price(s, p->parent[v]);
}

static bool may(const struct assign *s, int32_t option)
{
    return assign_option_profit(s, option) != ASSIGN_NEVER;
}

// The option worth most, or, among those worth something, the one nearest to its price.
static int32_t best_option(const struct assign *s, int32_t i, bool by_price)
{
    const struct assign_problem *p    = assign_problem_of(s);
    int32_t                      best = -1;
    int64_t                      most = INT64_MIN;

    for (int32_t e = p->first[i]; e < p->first[i + 1]; e++) {
        int64_t worth = assign_option_profit(s, e);
        int64_t value = by_price ? worth - assign_price(s, p->node[e]) : worth;
        if (may(s, e) && value > most && !(by_price && worth <= 0)) {
            most = value;
            best = e;
        }
    }
    return best;
}

// Nobody leaves what is worth more but for prices: that of the better place, or of its own.
static enum assign_reason why_elsewhere(const struct assign *s, int32_t better)
{
    const struct assign_problem *p = assign_problem_of(s);

    if (mu(s, better) > 0) {
        return WHY_FULL;
    }
    for (int32_t v = p->parent[better]; v > 0; v = p->parent[v]) {
        if (mu(s, v) > 0) {
            return WHY_SHARE;
        }
    }
    return WHY_MINIMUM;
}

enum assign_reason assign_why(const struct assign *s, int32_t i, int32_t *ret_better)
{
    const struct assign_problem *p    = assign_problem_of(s);
    int32_t                      here = assign_option(s, i), best = best_option(s, i, false);

    *ret_better = -1;
    if (here >= 0 && assign_locked(s, i) >= 0) {
        return WHY_LOCK;
    }
    if (here >= 0) {
        if (assign_option_profit(s, best) <= assign_option_profit(s, here)) {
            return WHY_BEST;
        }
        *ret_better = best;
        return why_elsewhere(s, p->node[best]);
    }
    if (best < 0) {
        return WHY_NO_CANDIDATE;
    }
    if (assign_option_profit(s, best) <= 0) {
        return WHY_WORTHLESS;
    }
    *ret_better = best_option(s, i, true);
    return WHY_PRICE;
}
