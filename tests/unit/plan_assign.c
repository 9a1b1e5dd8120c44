// The assignment solver against brute force, against itself after edits, and under the checker's
// eyes.
#include "../unit/plan_anew.h"
#include "../unit/tap.h"

#include "check/assignment.h"
#include "plan/assign.h"

// A small generator of numbers of our own: the same cases everywhere.
static uint64_t state;

static int64_t below(int64_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((state >> 33) % (uint64_t)n);
}

enum { NODES = 16, COUNT = 16, OPTIONS = 8 };

// A problem in fixed arrays, easy to change and to try out by hand.
struct small {
    int32_t nodes, count, parent[NODES];
    int64_t lower[NODES], upper[NODES], gain[NODES];
    bool    leaf[NODES], is_pool[NODES];
    int32_t options[COUNT], node[COUNT][OPTIONS], pool[COUNT], lock[COUNT];
    int64_t profit[COUNT][OPTIONS];
    bool    gone[COUNT];
};

static int64_t any_profit(void)
{
    switch (below(4)) {
    case 0:
        return below(3);
    case 1:
        return below(1000) - 100;
    case 2:
        return below(1000000000) - 1000;
    default:
        return 1 + below(10);
    }
}

static void random_options(struct small *p, int32_t i)
{
    p->options[i] = 0;
    p->lock[i]    = -1;
    for (int32_t v = 1; v < p->nodes; v++) {
        if (p->leaf[v] && !p->is_pool[v] && below(3) && p->options[i] < OPTIONS) {
            p->node[i][p->options[i]]     = v;
            p->profit[i][p->options[i]++] = any_profit();
        }
    }
    int32_t pools[NODES] = { 0 }, n = 0;
    for (int32_t v = 1; v < p->nodes; v++) {
        if (p->is_pool[v]) {
            pools[n++] = v;
        }
    }
    p->pool[i] = pools[below(n)];
    if (p->options[i] && below(8) == 0) {
        p->pool[i] = -1;
    }
}

// Organisations with advisers, sometimes in teams; one or two pools, sometimes with a quota.
static void random_problem(struct small *p, int32_t count)
{
    memset(p, 0, sizeof *p);
    p->count            = count;
    p->parent[p->nodes] = -1;
    p->nodes++;
    int32_t organisations = (int32_t)(1 + below(3));
    for (int32_t o = 0; o < organisations; o++) {
        p->parent[p->nodes++] = o && below(4) == 0 ? 1 : 0;
    }
    for (int32_t o = 0; o < organisations; o++) {
        for (int64_t a = 1 + below(2); a > 0; a--) {
            p->leaf[p->nodes]     = true;
            p->parent[p->nodes++] = 1 + o;
        }
    }
    int32_t quota = 0;
    if (below(2)) {
        quota                 = p->nodes;
        p->parent[p->nodes++] = 0;
    }
    for (int64_t k = 1 + below(2); k > 0; k--) {
        p->leaf[p->nodes] = p->is_pool[p->nodes] = true;
        p->parent[p->nodes++]                    = quota;
    }
    for (int32_t v = 1; v < p->nodes; v++) {
        p->upper[v] = p->is_pool[v] && below(2) ? count : below(count + 1);
        p->lower[v] = below(3) ? 0 : below(p->upper[v] + 1);
        p->gain[v]  = below(6) ? 0 : below(21) - 10;
    }
    for (int32_t i = 0; i < count; i++) {
        random_options(p, i);
    }
}

static struct assign_problem problem_of(const struct small *p)
{
    struct assign_problem r = { .count = p->count, .nodes = p->nodes };
    size_t                n = (size_t)p->nodes, c = (size_t)p->count;

    r.parent = memory_new(n * sizeof *r.parent);
    r.lower  = memory_new(n * sizeof *r.lower);
    r.upper  = memory_new(n * sizeof *r.upper);
    r.gain   = memory_new(n * sizeof *r.gain);
    r.first  = memory_zero((c + 1) * sizeof *r.first);
    r.pool   = memory_new(c * sizeof *r.pool);
    r.node   = memory_new(c * OPTIONS * sizeof *r.node);
    r.profit = memory_new(c * OPTIONS * sizeof *r.profit);
    memcpy(r.parent, p->parent, n * sizeof *r.parent);
    memcpy(r.lower, p->lower, n * sizeof *r.lower);
    memcpy(r.upper, p->upper, n * sizeof *r.upper);
    memcpy(r.gain, p->gain, n * sizeof *r.gain);
    for (int32_t i = 0; i < p->count; i++) {
        int32_t at = r.first[i];
        for (int32_t k = 0; k < p->options[i]; k++) {
            r.node[at]     = p->node[i][k];
            r.profit[at++] = p->profit[i][k];
        }
        r.first[i + 1] = at;
        r.pool[i]      = p->pool[i];
    }
    return r;
}

// Every plan there is, as a search in depth.
struct trial {
    const struct small *p;
    int64_t             load[NODES], best;
    bool                any;
};

static void try_all(struct trial *t, int32_t i, int64_t profit)
{
    const struct small *p = t->p;

    if (i == p->count) {
        int64_t load[NODES];
        memcpy(load, t->load, sizeof load);
        for (int32_t v = p->nodes - 1; v > 0; v--) {
            if (load[v] < p->lower[v] || load[v] > p->upper[v]) {
                return;
            }
            load[p->parent[v]] += load[v];
            profit += p->gain[v] * load[v];
        }
        t->best = !t->any || profit > t->best ? profit : t->best;
        t->any  = true;
        return;
    }
    if (p->gone[i]) {
        try_all(t, i + 1, profit);
        return;
    }
    for (int32_t k = 0; k < p->options[i]; k++) {
        int32_t v = p->node[i][k];
        if ((p->lock[i] >= 0 && p->lock[i] != v) || p->profit[i][k] == ASSIGN_NEVER) {
            continue;
        }
        t->load[v]++;
        try_all(t, i + 1, profit + p->profit[i][k]);
        t->load[v]--;
    }
    if (p->pool[i] >= 0 && p->lock[i] < 0) {
        t->load[p->pool[i]]++;
        try_all(t, i + 1, profit);
        t->load[p->pool[i]]--;
    }
}

// The claim and the problem in the checker's own words; gains become profits of the leaves below.
static bool proved(const struct assign *s, enum assign_status status, const struct small *p)
{
    struct check_problem c           = { .nodes = p->nodes };
    struct check_claim   claim       = { .status =
                                     status == ASSIGN_OPTIMAL ? CHECK_OPTIMAL : CHECK_NO_PLAN };
    struct check_report  report      = check_report_init();
    int64_t              gain[NODES] = { 0 };

    c.node      = memory_zero(NODES * sizeof *c.node);
    claim.price = memory_zero(NODES * sizeof *claim.price);
    for (int32_t v = 0; v < p->nodes; v++) {
        int32_t up = p->parent[v];
        c.node[v]  = (struct check_node){ up, p->lower[v], p->upper[v], memory_zero(8) };
        if (v) {
            gain[v]        = gain[up] + p->gain[v];
            claim.price[v] = status == ASSIGN_OPTIMAL
                                 ? assign_price(s, v) - assign_price(s, up) + p->gain[v]
                                 : (int64_t)assign_cut(s, v) - assign_cut(s, up);
        }
    }
    c.choice    = memory_zero(COUNT * sizeof *c.choice);
    c.option    = memory_zero((size_t)COUNT * (OPTIONS + 1) * sizeof *c.option);
    claim.place = memory_zero(COUNT * sizeof *claim.place);
    for (int32_t i = 0; i < p->count; i++) {
        struct check_choice *choice = &c.choice[c.count];
        if (p->gone[i]) {
            continue;
        }
        *choice = (struct check_choice){ c.options, 0, -1 };
        for (int32_t k = 0; k < p->options[i]; k++) {
            int32_t v = p->node[i][k];
            if ((p->lock[i] < 0 || p->lock[i] == v) && p->profit[i][k] != ASSIGN_NEVER) {
                c.option[c.options++] = (struct check_option){ v, p->profit[i][k] + gain[v] };
            }
        }
        if (p->pool[i] >= 0 && p->lock[i] < 0) { // the gain of a pool is a profit too
            c.option[c.options++] = (struct check_option){ p->pool[i], gain[p->pool[i]] };
        }
        choice->count          = c.options - choice->first;
        claim.place[c.count++] = assign_place(s, i);
    }
    claim.profit = claim.bound = status == ASSIGN_OPTIMAL ? assign_profit(s) : 0;
    check_assignment(&c, &claim, &report);
    bool ok = report.faults == 0;
    if (!ok) {
        printf("# %.*s", STR_ARG(buf_str(&report.lines)));
    }
    check_report_done(&report);
    check_claim_done(&claim);
    check_problem_done(&c);
    return ok;
}

static bool agrees(struct assign *s, const struct small *p)
{
    struct trial       t      = { .p = p };
    enum assign_status status = assign_solve(s);

    try_all(&t, 0, 0);
    if (t.any != (status == ASSIGN_OPTIMAL) || (t.any && t.best != assign_profit(s))) {
        printf("# plan %d, best %lld; found %d, %lld\n", t.any, (long long)t.best,
               status == ASSIGN_OPTIMAL, (long long)assign_profit(s));
    }
    return t.any == (status == ASSIGN_OPTIMAL) && (!t.any || t.best == assign_profit(s)) &&
           proved(s, status, p);
}

static struct assign *solver_of(const struct small *p)
{
    struct assign_problem r = problem_of(p);

    CHECK(assign_problem_fault(&r) == NULL);
    return assign_new(&r);
}

static void test_brute_force(void)
{
    int plans = 0;

    state = 1;
    for (int k = 0; k < 6000; k++) {
        struct small p;
        random_problem(&p, (int32_t)below(7));
        struct assign *s  = solver_of(&p);
        bool           ok = agrees(s, &p);
        CHECK(ok);
        struct trial t = { .p = &p };
        try_all(&t, 0, 0);
        plans += t.any;
        assign_free(s);
        if (!ok) {
            printf("# case %d\n", k);
            return;
        }
    }
    CHECK(plans > 1500 && plans < 5500); // both kinds are well represented
}

// One random change, made in the solver and in the small problem.
static void edit(struct assign *s, struct small *p)
{
    int32_t i = (int32_t)below(p->count), v = (int32_t)(1 + below(p->nodes - 1));

    switch (below(6)) {
    case 0:
        p->upper[v] = below(p->count + 1);
        p->lower[v] = below(2) ? 0 : below(p->upper[v] + 1);
        assign_set_bounds(s, v, p->lower[v], p->upper[v]);
        break;
    case 1: {
        int32_t at = p->options[i] ? p->node[i][below(p->options[i])] : -1;
        at         = below(2) ? at : -1;
        if (!p->gone[i] && assign_lock(s, i, at)) {
            p->lock[i] = at;
        }
        break;
    }
    case 2:
        if (p->options[i] && !p->gone[i]) {
            int32_t k       = (int32_t)below(p->options[i]);
            bool    may     = p->pool[i] >= 0 && p->lock[i] < 0 && below(3) == 0;
            p->profit[i][k] = may ? ASSIGN_NEVER : any_profit();
            assign_set_profit(s, assign_problem_of(s)->first[i] + k, p->profit[i][k]);
        }
        break;
    case 3:
        p->gain[v] = below(21) - 10;
        assign_set_gain(s, v, p->gain[v]);
        break;
    case 4:
        if (p->count < 7) {
            i = p->count++;
            random_options(p, i);
            CHECK(assign_add(s, p->pool[i], p->node[i], p->profit[i], p->options[i]) == i);
        }
        break;
    default:
        assign_remove(s, i);
        p->gone[i] = true;
    }
}

static void test_edits(void)
{
    state = 2;
    for (int k = 0; k < 3000; k++) {
        struct small p;
        random_problem(&p, (int32_t)(1 + below(5)));
        struct assign *s  = solver_of(&p);
        bool           ok = agrees(s, &p);
        for (int j = 0; j < 12 && ok; j++) {
            edit(s, &p);
            ok = (below(3) == 0) || agrees(s, &p); // some edits come together
        }
        CHECK(ok);
        assign_free(s);
        if (!ok) {
            printf("# case %d\n", k);
            return;
        }
    }
}

enum { CROWD = 60, TEAM = 24 };

// Organisations whose shares bind, and more people than the brute force could try.
struct crowd {
    int32_t nodes, advisers[TEAM], team;
    int64_t lower[TEAM], upper[TEAM], capacity[TEAM];
    int32_t parent[TEAM], pool[CROWD];
    int64_t profit[CROWD][TEAM]; // 0: not an option
};

static void random_crowd(struct crowd *c)
{
    int32_t organisations = (int32_t)(2 + below(3)), pools = (int32_t)(1 + below(2));

    memset(c, 0, sizeof *c);
    c->parent[0] = -1;
    c->nodes     = 1 + organisations;
    for (int32_t o = 1; o <= organisations; o++) {
        int64_t whole = 0;
        for (int64_t a = 2 + below(3); a > 0; a--) {
            int32_t v              = c->nodes++;
            c->advisers[c->team++] = v;
            c->parent[v]           = o;
            c->upper[v]            = 2 + below(11);
            whole += c->upper[v];
        }
        c->upper[o] = below(4) ? whole * (50 + below(50)) / 100 : CROWD;
        c->lower[o] = below(2) ? 0 : c->upper[o] * below(70) / 100;
        c->lower[o] = c->lower[o] < whole ? c->lower[o] : 0;
    }
    for (int32_t k = 0; k < pools; k++) {
        c->upper[c->nodes++] = k && below(2) ? 5 + below(CROWD) : CROWD;
    }
    memcpy(c->capacity, c->upper, sizeof c->capacity);
    for (int32_t i = 0; i < CROWD; i++) {
        c->pool[i] = c->nodes - 1 - (int32_t)below(pools);
        for (int32_t a = 0; a < c->team; a++) {
            int32_t v       = c->advisers[a];
            int64_t skill   = 4 + v % 5;
            c->profit[i][v] = below(3) ? 1 + skill * below(below(2) ? 1000 : 5) : 0;
        }
    }
}

static struct assign *crowd_solver(const struct crowd *c)
{
    struct assign_problem p = { .count = CROWD, .nodes = c->nodes };
    size_t                n = (size_t)c->nodes;

    p.parent = memory_new(n * sizeof *p.parent);
    p.lower  = memory_new(n * sizeof *p.lower);
    p.upper  = memory_new(n * sizeof *p.upper);
    p.first  = memory_zero((CROWD + 1) * sizeof *p.first);
    p.pool   = memory_new(CROWD * sizeof *p.pool);
    p.node   = memory_new((size_t)CROWD * TEAM * sizeof *p.node);
    p.profit = memory_new((size_t)CROWD * TEAM * sizeof *p.profit);
    memcpy(p.parent, c->parent, n * sizeof *p.parent);
    memcpy(p.lower, c->lower, n * sizeof *p.lower);
    memcpy(p.upper, c->upper, n * sizeof *p.upper);
    for (int32_t i = 0; i < CROWD; i++) {
        int32_t at = p.first[i];
        for (int32_t v = 1; v < c->nodes; v++) {
            if (c->profit[i][v]) {
                p.node[at]     = v;
                p.profit[at++] = c->profit[i][v];
            }
        }
        p.first[i + 1] = at;
        p.pool[i]      = c->pool[i];
    }
    CHECK(assign_problem_fault(&p) == NULL);
    return assign_new(&p);
}

// The bounds of every node are kept, and everybody is somewhere.
static bool keeps_bounds(const struct assign *s, const struct crowd *c)
{
    int64_t load[TEAM] = { 0 };
    bool    ok         = true;

    for (int32_t i = 0; i < CROWD; i++) {
        int32_t v = assign_place(s, i);
        ok        = ok && v > 0 && (v == c->pool[i] || c->profit[i][v]);
        load[v > 0 ? v : 0]++;
    }
    for (int32_t v = c->nodes - 1; v > 0; v--) {
        ok = ok && load[v] >= c->lower[v] && load[v] <= c->upper[v];
        load[c->parent[v]] += load[v];
    }
    return ok;
}

// Advisers fall ill, several at once, and come back, under shares that bind: each time as from
// scratch.
static void test_illness(void)
{
    enum { CROWDS = TAP_CASES(1500, 400) };
    int plans = 0, none = 0;

    state = 3;
    for (int k = 0; k < CROWDS; k++) {
        struct crowd c;
        random_crowd(&c);
        struct assign     *s      = crowd_solver(&c);
        enum assign_status status = assign_solve(s);
        bool               ok     = true;
        for (int j = 0; j < 8 && ok; j++) {
            for (int64_t changes = 1 + below(3); changes > 0; changes--) {
                int32_t v  = c.advisers[below(c.team)];
                c.upper[v] = c.upper[v] ? 0 : c.capacity[v];
                assign_set_bounds(s, v, 0, c.upper[v]);
            }
            status               = assign_solve(s);
            struct assign *fresh = crowd_solver(&c);
            ok                   = assign_solve(fresh) == status &&
                 (status != ASSIGN_OPTIMAL ||
                  (assign_profit(fresh) == assign_profit(s) && keeps_bounds(s, &c)));
            plans += status == ASSIGN_OPTIMAL;
            none += status != ASSIGN_OPTIMAL;
            assign_free(fresh);
        }
        CHECK(ok);
        assign_free(s);
        if (!ok) {
            printf("# case %d\n", k);
            return;
        }
    }
    CHECK(plans > CROWDS * 10 / 3 && none > CROWDS / 15); // both kinds are well represented
}

enum { TOWN = 1500, DESKS = 12, CHOICES = 8 };

// Advisers under organisations whose shares bind, who have many more visits each than a search
// keeps the moves of; and a pool, sometimes with a quota.
static struct assign *town_solver(void)
{
    struct assign_problem p = { .count = TOWN, .nodes = 3 + DESKS + 1 };
    size_t                n = (size_t)p.nodes;

    p.parent = memory_zero(n * sizeof *p.parent);
    p.lower  = memory_zero(n * sizeof *p.lower);
    p.upper  = memory_zero(n * sizeof *p.upper);
    p.first  = memory_zero((TOWN + 1) * sizeof *p.first);
    p.pool   = memory_new(TOWN * sizeof *p.pool);
    p.node   = memory_new((size_t)TOWN * CHOICES * sizeof *p.node);
    p.profit = memory_new((size_t)TOWN * CHOICES * sizeof *p.profit);

    p.parent[0]     = -1;
    int64_t percent = 60 + below(60);
    for (int32_t v = 3; v < 3 + DESKS; v++) {
        p.parent[v] = 1 + v % 2;
        p.upper[v]  = 80 + below(80);
        p.upper[p.parent[v]] += p.upper[v];
    }
    p.upper[1]         = p.upper[1] * (percent < 100 ? percent : 100) / 100;
    p.lower[2]         = below(2) ? p.upper[2] * 7 / 10 : 0;
    p.upper[3 + DESKS] = below(2) ? TOWN : TOWN / 2;
    for (int32_t i = 0; i < TOWN; i++) {
        int32_t at = p.first[i], from = (int32_t)below(DESKS);
        for (int32_t k = 0; k < CHOICES; k++) {
            p.node[at]   = 3 + (from + k) % DESKS;
            p.profit[at] = (p.node[at] % 2 ? 3 : 2) * below(1000);
            at++;
        }
        p.first[i + 1] = at;
        p.pool[i]      = 3 + DESKS;
    }
    CHECK(assign_problem_fault(&p) == NULL);
    return assign_new(&p);
}

// One change at random, of any kind there is.
static void town_edit(struct assign *s, int64_t *capacity)
{
    const struct assign_problem *p = assign_problem_of(s);
    int32_t i = (int32_t)below(p->count), v = 3 + (int32_t)below(DESKS), node[CHOICES];
    int64_t profit[CHOICES];

    switch (below(4)) {
    case 0: // ill, or back at work
        capacity[v] = p->upper[v] ? p->upper[v] : capacity[v];
        assign_set_bounds(s, v, 0, p->upper[v] ? 0 : capacity[v]);
        break;
    case 1:
        if (!assign_lock(s, i, below(3) ? p->node[p->first[i]] : -1)) {
            CHECK(assign_place(s, i) < 0);
        }
        break;
    case 2:
        assign_remove(s, i);
        break;
    default:
        for (int32_t k = 0; k < CHOICES; k++) {
            node[k]   = p->node[p->first[i] + k];
            profit[k] = below(3000);
        }
        CHECK(assign_add(s, 3 + DESKS, node, profit, CHOICES) == p->count - 1);
    }
}

static void test_changes(void)
{
    enum { TOWNS = TAP_CASES(12, 5), EDITS = 30 };
    int plans = 0;

    state = 4;
    for (int k = 0; k < TOWNS; k++) {
        struct assign *s                       = town_solver();
        int64_t        capacity[3 + DESKS + 1] = { 0 };
        bool           ok                      = true;
        (void)!assign_solve(s);
        for (int j = 0; j < EDITS && ok; j++) {
            town_edit(s, capacity);
            enum assign_status status = assign_solve(s);
            struct assign     *fresh  = plan_anew(s);
            ok                        = assign_solve(fresh) == status &&
                 (status != ASSIGN_OPTIMAL || assign_profit(fresh) == assign_profit(s));
            plans += status == ASSIGN_OPTIMAL;
            assign_free(fresh);
        }
        CHECK(ok);
        assign_free(s);
    }
    CHECK(plans > TOWNS * EDITS / 4 && plans < TOWNS * EDITS); // both kinds are there
}

int main(void)
{
    RUN(test_brute_force);
    RUN(test_edits);
    RUN(test_illness);
    RUN(test_changes);
    return tap_done();
}
