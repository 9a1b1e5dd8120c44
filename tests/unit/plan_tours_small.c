// Small random cases with everything at once: the plan passes the checker and equals brute force.
//
// MAILLAGE_PLAN_CASES says how many; the usual number keeps the tests quick.
#include "check/tours.h"
#include "plan/tour_bound_private.h"
#include "plan/tour_instance.h"
#include "tap.h"

enum { JOBS = 8, CARS = 3, BEST = 1 << JOBS };
#define NONE INT64_MAX

static uint64_t state;
static int      proofs;

static int64_t pick(int64_t least, int64_t most)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return least + (int64_t)((state >> 16) % (uint64_t)(most - least + 1));
}

static bool chance(int percent)
{
    return pick(1, 100) <= percent;
}

// One to three windows between 0 and 400.
static void add_windows(struct buf *b)
{
    int64_t count = pick(1, 3), at = pick(0, 120);
    for (int64_t i = 0; i < count; i++) {
        int64_t close = at + (chance(15) ? 0 : pick(5, 90));
        buf_printf(b, "%s[%lld,%lld]", i ? "," : "", (long long)at, (long long)close);
        at = close + pick(1, 90);
    }
}

static void add_list(struct buf *b, const char *key, int64_t most, int percent)
{
    if (!chance(percent)) {
        return;
    }
    buf_printf(b, ",\"%s\":[", key);
    int count = 0;
    for (int64_t i = 1; i <= most; i++) {
        if (chance(60)) {
            buf_printf(b, count++ ? ",%lld" : "%lld", (long long)i);
        }
    }
    buf_add(b, count ? STR("]") : STR("1]"));
}

static void add_vehicle(struct buf *b, int64_t id, int64_t places, bool loads, bool rich)
{
    buf_printf(b, "%s{\"id\":%lld", id > 1 ? "," : "", (long long)id);
    if (!rich || chance(85)) {
        buf_printf(b, ",\"start_index\":%lld", (long long)pick(0, places - 1));
    }
    if (!rich || chance(85)) {
        buf_printf(b, ",\"end_index\":%lld", (long long)pick(0, places - 1));
    }
    if (chance(90)) {
        int64_t from = pick(0, 60);
        buf_printf(b, ",\"time_window\":[%lld,%lld]", (long long)from,
                   (long long)(from + pick(60, 340)));
    }
    add_list(b, "skills", 2, rich ? 70 : 0);
    if (loads) {
        buf_printf(b, ",\"capacity\":[%lld]", (long long)pick(2, 12));
    }
    if (rich && chance(60)) {
        buf_add(b, STR(",\"breaks\":["));
        int64_t count = pick(1, 2);
        for (int64_t i = 0; i < count; i++) {
            int64_t from = pick(20, 250);
            buf_printf(b, "%s{\"id\":%lld,\"service\":%lld,\"time_windows\":[[%lld,%lld]",
                       i ? "," : "", (long long)(i + 7), (long long)pick(0, 40), (long long)from,
                       (long long)(from + pick(0, 60)));
            if (chance(30)) {
                buf_printf(b, ",[%lld,%lld]", (long long)(from + 80), (long long)(from + 120));
            }
            buf_add(b, STR("]}"));
        }
        buf_add_char(b, ']');
    }
    if (rich && chance(15)) {
        buf_printf(b, ",\"max_tasks\":%lld", (long long)pick(0, 5));
    }
    if (rich && chance(15)) {
        buf_printf(b, ",\"max_travel_time\":%lld", (long long)pick(20, 160));
    }
    if (rich && chance(15)) {
        buf_printf(b, ",\"max_distance\":%lld", (long long)pick(50, 600));
    }
    if (rich && chance(20)) {
        buf_printf(b, ",\"costs\":{\"fixed\":%lld,\"per_hour\":3600}", (long long)pick(0, 50));
    }
    if (rich && chance(20)) {
        buf_add(b, STR(",\"type\":\"bike\""));
    }
    buf_add_char(b, '}');
}

static void add_job(struct buf *b, int64_t id, int64_t places, int64_t cars, bool loads, bool rich,
                    bool prizes)
{
    buf_printf(b, "%s{\"id\":%lld,\"location_index\":%lld,\"service\":%lld", id > 1 ? "," : "",
               (long long)id, (long long)pick(0, places - 1), (long long)pick(0, 25));
    if (chance(70)) {
        buf_add(b, STR(",\"time_windows\":["));
        add_windows(b);
        buf_add_char(b, ']');
    }
    add_list(b, "skills", 2, rich ? 30 : 0);
    add_list(b, "vehicles", cars, rich ? 20 : 0);
    if (rich && chance(25)) {
        buf_printf(b, ",\"setup\":%lld", (long long)pick(1, 15));
    }
    if (rich && chance(15)) {
        buf_printf(b, ",\"service_per_type\":{\"bike\":%lld}", (long long)pick(0, 30));
    }
    if (loads) {
        buf_printf(b, ",\"delivery\":[%lld]", (long long)pick(0, 4));
        if (chance(50)) {
            buf_printf(b, ",\"pickup\":[%lld]", (long long)pick(0, 4));
        }
    }
    if (prizes ? chance(80) : chance(20)) {
        buf_printf(b, ",\"prize\":%lld", (long long)pick(0, 80));
    }
    if (chance(15)) {
        buf_printf(b, ",\"priority\":%lld", (long long)pick(1, 3));
    }
    buf_add_char(b, '}');
}

static void make_case(struct buf *b, uint64_t seed)
{
    state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (int i = 0; i < 5; i++) {
        pick(0, 1);
    }
    int64_t cars = pick(1, CARS), jobs = pick(1, JOBS), places = pick(2, 9), reach = pick(5, 60);
    bool    rich = chance(75), loads = chance(30), prizes = chance(60), symmetric = chance(50);
    int64_t table[9][9];
    for (int64_t i = 0; i < places; i++) {
        for (int64_t j = 0; j < places; j++) {
            table[i][j] = i == j ? 0 : symmetric && j < i ? table[j][i] : pick(1, reach);
        }
    }
    buf_add(b, STR("{\"vehicles\":["));
    for (int64_t i = 1; i <= cars; i++) {
        add_vehicle(b, i, places, loads, rich);
    }
    buf_add(b, STR("],\"jobs\":["));
    for (int64_t i = 1; i <= jobs; i++) {
        add_job(b, i, places, cars, loads, rich, prizes);
    }
    buf_add(b, STR("],\"matrices\":{\"car\":{"));
    for (int k = 0; k < 2; k++) {
        buf_add(b, k ? STR(",\"distances\":[") : STR("\"durations\":["));
        for (int64_t i = 0; i < places; i++) {
            buf_add(b, i ? STR(",[") : STR("["));
            for (int64_t j = 0; j < places; j++) {
                buf_printf(b, j ? ",%lld" : "%lld", (long long)(table[i][j] * (k ? 3 : 1)));
            }
            buf_add_char(b, ']');
        }
        buf_add_char(b, ']');
    }
    buf_add(b, STR("}}}"));
}

// Brute force: every order of every set of visits for every vehicle, every leg for every break.
struct brute {
    const struct tour_problem *p;
    const struct tour_vehicle *v;
    int64_t                   *best; // by set of visits: least cost of an order that holds
    int32_t                    order[JOBS];
};

static int64_t first_in(struct tour_windows w, int64_t t)
{
    for (int i = 0; i < w.count; i++) {
        if (t <= w.at[i].close) {
            return t > w.at[i].open ? t : w.at[i].open;
        }
    }
    return w.count ? NONE : t;
}

static int64_t drive(const struct brute *b, int32_t from, int32_t to)
{
    int64_t duration = 0, distance;
    if (from >= 0 && to >= 0) {
        tour_travel(b->p, b->v, from, to, &duration, &distance);
    }
    return duration;
}

static bool is_legal(const struct brute *b, int count)
{
    const struct tour_vehicle *v      = b->v;
    int64_t                    travel = 0, distance = 0, load = 0;
    int32_t                    at = v->start;
    for (int i = 0; i <= count; i++) {
        int32_t to = i < count ? b->p->jobs[b->order[i]].place : v->end;
        int64_t d, x;
        if (at >= 0 && to >= 0) {
            tour_travel(b->p, v, at, to, &d, &x);
            travel += d;
            distance += x;
        }
        at = to;
    }
    for (int i = 0; b->p->dimension_count && i < count; i++) {
        load += b->p->jobs[b->order[i]].delivery[0];
    }
    bool holds = !b->p->dimension_count || load <= v->capacity[0];
    for (int i = 0; b->p->dimension_count && i < count; i++) {
        const struct tour_job *j = &b->p->jobs[b->order[i]];
        load += j->pickup[0] - j->delivery[0];
        holds &= load <= v->capacity[0];
    }
    return holds && (v->max_tasks < 0 || count <= v->max_tasks) &&
           (v->max_travel < 0 || travel <= v->max_travel) &&
           (v->max_distance < 0 || distance <= v->max_distance);
}

// Whether visits i.. of the order can follow, `left` of the leg still to drive, the next break b.
static bool can_follow(const struct brute *b, int i, int count, int32_t at, int64_t left, int64_t t,
                       int next)
{
    const struct tour_vehicle *v = b->v;
    if (next < v->break_count) {
        int64_t start = first_in(v->breaks[next].start, t);
        if (start != NONE) {
            int64_t meanwhile = start - t < left ? start - t : left;
            if (can_follow(b, i, count, at, left - meanwhile, start + v->breaks[next].service,
                           next + 1)) {
                return true;
            }
        }
    }
    t += left;
    if (i == count) {
        return t <= v->time.close &&
               (next == v->break_count || t <= v->breaks[next].start.at[0].open);
    }
    const struct tour_job *j = &b->p->jobs[b->order[i]];
    t                        = first_in(j->start, t);
    if (t == NONE) {
        return false;
    }
    t += j->service[v->type] + (at != j->place ? j->setup[v->type] : 0);
    int32_t to = i + 1 < count ? b->p->jobs[b->order[i + 1]].place : v->end;
    return can_follow(b, i + 1, count, j->place, drive(b, j->place, to), t, next);
}

static void every_order(struct brute *b, int count, unsigned set, int64_t cost)
{
    const struct tour_problem *p = b->p;
    if (count) {
        int64_t whole = cost + drive(b, p->jobs[b->order[count - 1]].place, b->v->end);
        if (whole < b->best[set] && is_legal(b, count) &&
            can_follow(b, 0, count, b->v->start, drive(b, b->v->start, p->jobs[b->order[0]].place),
                       b->v->time.open, 0)) {
            b->best[set] = whole;
        }
    }
    for (int32_t k = 0; k < p->job_count; k++) {
        const struct tour_job *j   = &p->jobs[k];
        bool                   may = !(set >> k & 1);
        for (int i = 0; i < j->skill_count; i++) {
            bool has = false;
            for (int s = 0; s < b->v->skill_count; s++) {
                has |= b->v->skills[s] == j->skills[i];
            }
            may &= has;
        }
        bool named = !j->vehicle_count;
        for (int i = 0; i < j->vehicle_count; i++) {
            named |= j->vehicles[i] == (int32_t)(b->v - p->vehicles);
        }
        if (may && named) {
            b->order[count] = k;
            int32_t from    = count ? p->jobs[b->order[count - 1]].place : b->v->start;
            every_order(b, count + 1, set | 1u << k, cost + drive(b, from, j->place));
        }
    }
}

// Least rank left out, then least cost with prizes left out.
static void brute_force(const struct tour_problem *p, int64_t *ret_rank, int64_t *ret_cost)
{
    static int64_t best[CARS][BEST], all[BEST];
    unsigned       sets = 1u << p->job_count;
    for (unsigned s = 0; s < sets; s++) {
        all[s] = s ? NONE : 0;
    }
    for (int32_t v = 0; v < p->vehicle_count; v++) {
        struct brute b = { .p = p, .v = &p->vehicles[v], .best = best[v] };
        for (unsigned s = 0; s < sets; s++) {
            best[v][s] = s ? NONE : 0;
        }
        every_order(&b, 0, 0, p->vehicles[v].fixed);
        for (unsigned s = sets; s-- > 0;) {
            for (unsigned part = s; part; part = (part - 1) & s) {
                if (best[v][part] != NONE && all[s ^ part] != NONE &&
                    best[v][part] + all[s ^ part] < all[s]) {
                    all[s] = best[v][part] + all[s ^ part];
                }
            }
        }
    }
    *ret_rank = *ret_cost = NONE;
    for (unsigned s = 0; s < sets; s++) {
        int64_t rank = 0, cost = all[s];
        if (cost == NONE) {
            continue;
        }
        for (int32_t k = 0; k < p->job_count; k++) {
            rank += s >> k & 1 ? 0 : p->jobs[k].rank;
            cost += s >> k & 1 ? 0 : p->jobs[k].prize;
        }
        if (rank < *ret_rank || (rank == *ret_rank && cost < *ret_cost)) {
            *ret_rank = rank;
            *ret_cost = cost;
        }
    }
}

// A single vehicle: the proof by bound and labels, begun from a poor plan, ends with the best one.
static bool prove_equals_exact(const struct tour_problem *p, struct arena *a)
{
    int32_t       count;
    bool          right  = true;
    struct group *groups = groups_find(p, a, &count);
    for (int32_t g = 0; g < count && right; g++) {
        struct core  c;
        double       work = 0;
        int64_t      rank[2], cost[2];
        struct route exact = { 0 }, poor = { 0 };
        // One in two as a proof that follows another, which remembers more.
        struct proof_hint hint = { .calls = g % 2 };
        if (groups[g].vehicle_count != 1 || !groups[g].job_count ||
            core_fill(&c, p, &groups[g], a, &work)) {
            continue;
        }
        route_refresh(&c, 0, &exact);
        route_refresh(&c, 0, &poor);
        core_polish(&c, &poor, NULL);
        if (poor.len && core_exact(&c, &exact, &work) && core_prove(&c, &poor, &hint, 1e9, &work)) {
            route_score(&c, &exact, &rank[0], &cost[0]);
            route_score(&c, &poor, &rank[1], &cost[1]);
            right = route_refresh(&c, 0, &poor) && rank[0] == rank[1] && cost[0] == cost[1];
            proofs++;
        }
        route_done(&exact);
        route_done(&poor);
    }
    return right;
}

static bool one_case(uint64_t seed)
{
    struct arena        *a    = arena_new();
    struct buf           text = buf_init(MIB(1)), why = buf_init(4096), out = buf_init(MIB(1));
    struct tour_instance instance;
    struct tour_plan     plan;
    struct check_report  report  = check_report_init();
    struct tour_options  options = { .seed = seed, .work = 1e12 };
    int64_t              rank = 0, cost = 0, best_rank = 0, best_cost = 0;

    make_case(&text, seed);
    bool right = tour_read_vroom(buf_str(&text), (struct str){ 0 }, a, &instance, &why) &&
                 !tour_solve(&instance.problem, &options, a, &plan);
    if (right) {
        const struct tour_problem *p = &instance.problem;
        tour_write_json(&instance, &plan, &out);
        check_tours(buf_str(&text), buf_str(&out), (struct str){ 0 }, &report);
        for (int32_t v = 0; v < p->vehicle_count; v++) {
            cost += tour_cost(p, &p->vehicles[v], &plan.routes[v]);
        }
        for (int32_t i = 0; i < plan.left_count; i++) {
            rank += p->jobs[plan.left[i].job].rank;
            cost += p->jobs[plan.left[i].job].prize;
        }
        brute_force(p, &best_rank, &best_cost);
        right =
            !report.faults && rank == best_rank && cost == best_cost && prove_equals_exact(p, a);
    }
    if (!right) {
        printf("# case %llu: %.*s%.*s", (unsigned long long)seed, STR_ARG(buf_str(&why)),
               STR_ARG(buf_str(&report.lines)));
        printf("# rank %lld cost %lld, brute force %lld and %lld\n# %.*s\n", (long long)rank,
               (long long)cost, (long long)best_rank, (long long)best_cost,
               STR_ARG(buf_str(&text)));
    }
    check_report_done(&report);
    buf_done(&text);
    buf_done(&why);
    buf_done(&out);
    arena_free(a);
    return right;
}

static void test_equals_brute_force(void)
{
    const char *asked = getenv("MAILLAGE_PLAN_CASES");
    int64_t     cases = 400, first = 1;
    if (asked && !str_int(str_of(asked), &cases)) {
        cases = 400;
    }
    int wrong = 0;
    for (int64_t i = first; i < first + cases && wrong < 5; i++) {
        wrong += !one_case((uint64_t)i);
    }
    CHECK(wrong == 0);
    printf("# %lld cases, %d single tours proved\n", (long long)cases, proofs);
    CHECK(proofs * 50 > cases);
}

int main(void)
{
    RUN(test_equals_brute_force);
    return tap_done();
}
