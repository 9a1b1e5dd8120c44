#include "check/assignment.h"

__extension__ typedef __int128 wide;

void check_problem_done(struct check_problem *p)
{
    for (int32_t v = 0; v < p->nodes && p->node; v++) {
        free(p->node[v].name);
    }
    free(p->node);
    free(p->choice);
    free(p->option);
    *p = (struct check_problem){ 0 };
}

void check_claim_done(struct check_claim *c)
{
    free(c->price);
    free(c->place);
    free(c->surplus);
    free(c->flow);
    free(c->reason);
    free(c->better);
    *c = (struct check_claim){ 0 };
}

// Price of standing at a node: of its own arc and of all above.
static wide *levels(const struct check_problem *p, const struct check_claim *c)
{
    wide *level = memory_zero((size_t)p->nodes * sizeof *level);

    for (int32_t v = 1; v < p->nodes; v++) {
        level[v] = level[p->node[v].parent] + c->price[v];
    }
    return level;
}

// The bound that the prices give; `worth` is 0 for a problem without profits, else 1. Tells
// establishments whose surplus is not what was claimed.
static wide bound_of(const struct check_problem *p, const struct check_claim *c, int worth,
                     struct check_report *report)
{
    wide *level = levels(p, c), bound = 0;

    for (int64_t i = 0; i < p->count; i++) {
        const struct check_choice *choice = &p->choice[i];
        bool                       any    = choice->pool >= 0;
        wide                       best   = any ? -level[choice->pool] : 0;
        for (int64_t k = choice->first; k < choice->first + choice->count; k++) {
            wide net = (wide)worth * p->option[k].profit - level[p->option[k].node];
            best     = !any || net > best ? net : best;
            any      = true;
        }
        bound += best;
        if (worth && c->surplus && best != c->surplus[i]) {
            check_fault(report, "établissement %lld : l’excédent annoncé n’est pas celui des prix",
                        (long long)i);
        }
    }
    for (int32_t v = 1; v < p->nodes; v++) {
        bound += (wide)c->price[v] * (c->price[v] > 0 ? p->node[v].upper : p->node[v].lower);
    }
    free(level);
    return bound;
}

// The profit of the plan; its establishments are counted at their leaves.
static wide follow(const struct check_problem *p, const struct check_claim *c, int64_t *load,
                   struct check_report *report)
{
    wide profit = 0;

    for (int64_t i = 0; i < p->count; i++) {
        const struct check_choice *choice = &p->choice[i];
        int32_t                    leaf   = c->place[i];
        bool                       found  = leaf >= 0 && leaf == choice->pool;
        for (int64_t k = choice->first; !found && k < choice->first + choice->count; k++) {
            if (p->option[k].node == leaf) {
                profit += p->option[k].profit;
                found = true;
            }
        }
        if (!found) {
            check_fault(report, "établissement %lld : cette place ne lui est pas permise",
                        (long long)i);
        } else {
            load[leaf]++;
        }
    }
    return profit;
}

static void check_bounds(const struct check_problem *p, const struct check_claim *c, int64_t *load,
                         struct check_report *report)
{
    for (int32_t v = p->nodes - 1; v > 0; v--) {
        const struct check_node *n = &p->node[v];
        if (load[v] < n->lower || load[v] > n->upper) {
            check_fault(report, "%s : %lld, alors que les bornes sont %lld et %lld", n->name,
                        (long long)load[v], (long long)n->lower, (long long)n->upper);
        }
        if (c->flow && c->flow[v] >= 0 && c->flow[v] != load[v]) {
            check_fault(report, "%s : %lld annoncés, %lld comptés", n->name, (long long)c->flow[v],
                        (long long)load[v]);
        }
        load[n->parent] += load[v];
    }
}

// The price that keeps from a better leaf, by name.
static bool holds_back(const struct check_problem *p, const struct check_claim *c, int64_t i)
{
    int32_t better = c->better[i], v = p->node[better].parent;
    bool    above = false, pulls = false;

    for (; v > 0; v = p->node[v].parent) {
        above = above || c->price[v] > 0;
    }
    for (v = c->place[i]; v > 0; v = p->node[v].parent) {
        pulls = pulls || c->price[v] < 0;
    }
    switch (c->reason[i]) {
    case CHECK_FULL:
        return c->price[better] > 0;
    case CHECK_SHARE:
        return c->price[better] <= 0 && above;
    default:
        return c->price[better] <= 0 && !above && pulls;
    }
}

// The reason of one establishment, from its options and the prices of their leaves.
static bool reason_holds(const struct check_problem *p, const struct check_claim *c, int64_t i,
                         const wide *level)
{
    const struct check_choice *choice = &p->choice[i];
    int32_t                    here   = c->place[i];
    bool                       left   = here == choice->pool;
    wide                       most = INT64_MIN, own = 0, named = INT64_MIN, best = INT64_MIN;

    for (int64_t k = choice->first; k < choice->first + choice->count; k++) {
        const struct check_option *o = &p->option[k];
        most                         = o->profit > most ? o->profit : most;
        own                          = o->node == here ? o->profit : own;
        named                        = o->node == c->better[i] ? o->profit : named;
        best = o->profit - level[o->node] > best ? o->profit - level[o->node] : best;
    }
    switch (c->reason[i]) {
    case CHECK_BEST:
        return !left && own >= most;
    case CHECK_NO_CANDIDATE:
        return left && choice->count == 0;
    case CHECK_WORTHLESS:
        return left && choice->count && most <= 0;
    case CHECK_PRICE:
        return left && named > 0 && best <= -level[here];
    default:
        return !left && named > own && named == most && own - level[here] >= best &&
               holds_back(p, c, i);
    }
}

static void check_reasons(const struct check_problem *p, const struct check_claim *c,
                          struct check_report *report)
{
    wide   *level  = levels(p, c);
    int64_t before = report->faults;

    for (int64_t i = 0; c->reason && i < p->count; i++) {
        if (!reason_holds(p, c, i, level)) {
            check_fault(report, "établissement %lld : la raison donnée ne tient pas", (long long)i);
        }
    }
    if (c->reason && report->faults == before) {
        check_proved(report, "chaque raison tient : les prix le prouvent");
    }
    free(level);
}

static void check_plan(const struct check_problem *p, const struct check_claim *c,
                       struct check_report *report)
{
    int64_t *load   = memory_zero((size_t)p->nodes * sizeof *load);
    int64_t  before = report->faults;
    wide     profit = follow(p, c, load, report);

    check_bounds(p, c, load, report);
    free(load);
    if (profit != c->profit) {
        check_fault(report, "la valeur du plan est %lld, et non %lld", (long long)profit,
                    (long long)c->profit);
    }
    if (report->faults == before) {
        check_proved(report, "le plan respecte toutes les bornes et vaut %lld", (long long)profit);
    }
    if (report->faults == before) {
        check_reasons(p, c, report);
    }
    wide bound = bound_of(p, c, 1, report);
    if (bound != c->bound) {
        check_fault(report, "les prix donnent la borne %lld, et non %lld", (long long)bound,
                    (long long)c->bound);
    } else if (c->status == CHECK_OPTIMAL && bound != profit) {
        check_fault(report, "la borne des prix, %lld, n’est pas la valeur du plan",
                    (long long)bound);
    } else if (c->status == CHECK_OPTIMAL && report->faults == before) {
        check_proved(report, "aucun plan ne vaut plus : les prix le prouvent");
    } else if (report->faults == before) {
        check_proved(report, "aucun plan ne vaut plus de %lld : les prix le prouvent",
                     (long long)bound);
    }
}

void check_assignment(const struct check_problem *p, const struct check_claim *c,
                      struct check_report *report)
{
    if (c->status != CHECK_NO_PLAN) {
        check_plan(p, c, report);
        return;
    }
    wide bound = bound_of(p, c, 0, report);
    if (bound >= 0) {
        check_fault(report, "les prix ne prouvent pas qu’il n’existe aucun plan");
    } else {
        check_proved(report, "aucun plan ne respecte toutes les bornes : les prix le prouvent");
    }
}
