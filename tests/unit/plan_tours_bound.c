// One tour: what the bound promises holds for every tour there is, and no better tour than a proved
// one turns up.
#include "plan/tour_bound_private.h"
#include "plan/tour_instance.h"
#include "tap.h"

enum { PLACES_MAX = 24 };

static uint64_t state;
static int      bounds;

static int64_t pick(int64_t least, int64_t most)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return least + (int64_t)((state >> 33) % (uint64_t)(most - least + 1));
}

static bool chance(int percent)
{
    return pick(1, 100) <= percent;
}

// How many cases: the usual number keeps the tests quick.
static int cases(int usual)
{
    const char *asked = getenv("MAILLAGE_PLAN_CASES");
    int64_t     n     = usual;
    return asked && str_int(str_of(asked), &n) ? (int)n : usual;
}

// A day of one vehicle, read and filled.
struct day {
    struct arena        *arena;
    struct tour_instance instance;
    struct core          core;
};

static void day_read(struct str text, struct day *ret)
{
    *ret            = (struct day){ .arena = arena_new() };
    struct buf why  = buf_init(4096);
    double     work = 0;
    int32_t    count;
    CHECK(tour_read_vroom(text, (struct str){ 0 }, ret->arena, &ret->instance, &why));
    struct group *groups = groups_find(&ret->instance.problem, ret->arena, &count);
    CHECK(count == 2 && groups[1].job_count > 0);
    CHECK(!core_fill(&ret->core, &ret->instance.problem, &groups[1], ret->arena, &work));
    buf_done(&why);
}

// Ways as on a map with slow and fast places, where the direct one is not always the soonest, or
// any; in the unit of the day.
static void add_ways(struct buf *b, int64_t places, int64_t unit)
{
    int64_t x[PLACES_MAX], y[PLACES_MAX], slow[PLACES_MAX];
    bool    is_map = chance(60);
    for (int64_t i = 0; i < places; i++) {
        x[i]    = pick(0, 10 * unit);
        y[i]    = pick(0, 10 * unit);
        slow[i] = pick(1, 3);
    }
    buf_add(b, STR("],\"matrices\":{\"car\":{\"durations\":["));
    for (int64_t i = 0; i < places; i++) {
        buf_add(b, i ? STR(",[") : STR("["));
        for (int64_t j = 0; j < places; j++) {
            int64_t east = x[i] > x[j] ? x[i] - x[j] : x[j] - x[i];
            int64_t way  = east + (y[i] > y[j] ? y[i] - y[j] : y[j] - y[i]);
            way          = is_map ? way * (slow[i] + slow[j]) / 2 : i == j ? 0 : pick(1, 20 * unit);
            buf_printf(b, j ? ",%lld" : "%lld", (long long)way);
        }
        buf_add_char(b, ']');
    }
    buf_add(b, STR("]}}}"));
}

// 2 to 20 visits; a unit is a hundredth of the day.
static void make_day(struct buf *b, uint64_t seed)
{
    state        = seed * 977;
    int64_t unit = pick(3, 330), jobs = chance(50) ? pick(2, 6) : pick(7, 20),
            from = pick(0, 90000);
    buf_printf(b, "{\"vehicles\":[{\"id\":1,\"start_index\":0,\"end_index\":%d",
               chance(80) ? 0 : 1);
    buf_printf(b, ",\"time_window\":[%lld,%lld]", (long long)from, (long long)(from + 100 * unit));
    int64_t breaks = pick(0, 2);
    for (int64_t i = 0; i < breaks; i++) {
        int64_t open = from + pick(30, 60) * unit, close = open + pick(0, 15) * unit;
        buf_printf(b, "%s{\"id\":%lld,\"service\":%lld,\"time_windows\":[[%lld,%lld]]}",
                   i ? "," : ",\"breaks\":[", (long long)i, (long long)(pick(0, 8) * unit),
                   (long long)open, (long long)close);
    }
    buf_add(b, breaks ? STR("]}],\"jobs\":[") : STR("}],\"jobs\":["));
    for (int64_t i = 1; i <= jobs; i++) {
        buf_printf(b, "%s{\"id\":%lld,\"location_index\":%lld,\"service\":%lld", i > 1 ? "," : "",
                   (long long)i, (long long)i, (long long)(pick(1, 9) * unit));
        if (chance(10)) {
            buf_printf(b, ",\"setup\":%lld", (long long)(pick(1, 3) * unit));
        }
        if (!chance(7)) {
            buf_printf(b, ",\"prize\":%lld", (long long)(pick(5, 90) * unit));
        }
        if (chance(60)) {
            int64_t open = from + pick(0, 70) * unit, close = open + pick(0, 30) * unit;
            buf_printf(b, ",\"time_windows\":[[%lld,%lld]", (long long)open, (long long)close);
            if (chance(40)) {
                buf_printf(b, ",[%lld,%lld]", (long long)(close + 5 * unit),
                           (long long)(close + pick(5, 30) * unit));
            }
            buf_add_char(b, ']');
        }
        buf_add_char(b, '}');
    }
    add_ways(b, jobs + 1, unit);
}

// A tour of visits in random order, each where it still fits at the end.
static void random_tour(const struct core *c, struct route *r)
{
    int32_t order[BOUND_VISITS_MAX];
    for (int32_t k = 0; k < c->n; k++) {
        int32_t other = (int32_t)pick(0, k);
        order[k]      = order[other];
        order[other]  = k;
    }
    r->len = 0;
    route_refresh(c, 0, r);
    for (int32_t k = 0; k < c->n; k++) {
        route_append(c, 0, r, order[k]);
    }
}

static int32_t number_of(const struct bound *b, int32_t job)
{
    int32_t k = 0;
    while (b->job[k] != job) {
        k++;
    }
    return k;
}

// Whether the bound, asked at each visit of a tour that holds, promises what the tour brings.
static bool bound_promises(const struct bound *b, const struct route *r)
{
    const int32_t layers = b->c->layers, used = b->v->break_count;
    const double  whole = bound_value(b, r);
    double        value = -(double)b->v->fixed, lambda = b->lambda_sum;
    uint64_t      set   = 0;
    int32_t       from  = b->n;
    bool          right = true;
    for (int32_t i = 1; i <= r->len; i++) {
        int32_t k    = number_of(b, r->id[i]);
        size_t  edge = (size_t)from * ((size_t)b->n + 2) + (size_t)k;
        double  most = -1e300;
        for (int32_t e = 0; e <= used; e++) {
            for (int32_t a = 0; a <= e; a++) {
                int32_t t = r->early[(i - 1) * layers + a];
                t         = t < NEVER ? leg_arrive(b->v, t, b->time[edge], a, e) : NEVER;
                if (t <= b->v->close) {
                    double after = bound_after(b, e, k, t, set);
                    most         = after > most ? after : most;
                }
            }
        }
        right &= value - b->cost[edge] + lambda + most >= whole - bound_hair;
        value += b->gain[k] - b->cost[edge];
        lambda -= b->lambda[k];
        set |= UINT64_C(1) << k;
        from = k;
    }
    return right;
}

// The bound at multipliers that bring it near the best tour, where what it leaves out shows.
static bool bound_holds(struct core *c, uint64_t seed)
{
    struct route         best = { 0 }, other = { 0 };
    struct search_limits limits = { seed, 2e6, NULL, NULL };
    struct bound         b;
    double               work  = 0;
    bool                 right = true;
    route_refresh(c, 0, &best);
    core_search(c, &best, &limits);
    if (best.len && bound_open(&b, c, &work)) { // an empty tour is not bounded
        double known = bound_value(&b, &best);
        bound_guess(&b, &best);
        double top = bound_improve(&b, known, 20, 1e9);
        if (seed % 2) {
            bound_remember(&b, NULL);
            double more = bound_improve(&b, known, 20, 1e9);
            top         = more < top ? more : top;
        }
        right &= top >= known - bound_hair && bound_finish(&b) >= known - bound_hair &&
                 bound_promises(&b, &best);
        for (int t = 0; t < 20; t++) {
            random_tour(c, &other);
            right &= !other.len ||
                     (bound_value(&b, &other) <= top + bound_hair && bound_promises(&b, &other));
        }
        bound_close(&b);
        bounds++;
    }
    route_done(&best);
    route_done(&other);
    return right;
}

static void test_the_bound_promises_what_tours_bring(void)
{
    const int days  = cases(TAP_CASES(600, 60));
    int       wrong = 0;
    for (int i = 1; i <= days && wrong < 5; i++) {
        struct buf text = buf_init(MIB(1));
        make_day(&text, (uint64_t)i);
        struct day day;
        day_read(buf_str(&text), &day);
        if (!bound_holds(&day.core, (uint64_t)i)) {
            printf("# day %d: the bound is below a tour\n", i);
            wrong++;
        }
        arena_free(day.arena);
        buf_done(&text);
    }
    CHECK(wrong == 0);
    printf("# %d days, %d bounds\n", days, bounds);
    CHECK(bounds * 2 > days);
}

// What a search finds is no better than what was proved.
static void test_no_search_beats_a_proof(void)
{
    const int days  = cases(TAP_CASES(60, 10));
    int       wrong = 0, proved = 0;
    for (int i = 1; i <= days && wrong < 5; i++) {
        struct buf text = buf_init(MIB(1));
        make_day(&text, (uint64_t)i);
        struct day day;
        day_read(buf_str(&text), &day);
        struct core         *c    = &day.core;
        struct route         poor = { 0 }, found = { 0 };
        struct search_limits limits = { (uint64_t)i, 1e7, NULL, NULL };
        struct proof_hint    hint   = { .calls = i % 2 }; // as one that follows another
        double               work   = 0;
        int64_t              rank[2], cost[2];
        random_tour(c, &poor);
        if (poor.len && core_prove(c, &poor, &hint, 1e8, &work)) {
            route_refresh(c, 0, &found);
            core_search(c, &found, &limits);
            route_score(c, &poor, &rank[0], &cost[0]);
            route_score(c, &found, &rank[1], &cost[1]);
            bool right = route_refresh(c, 0, &poor) &&
                         (rank[0] < rank[1] || (rank[0] == rank[1] && cost[0] <= cost[1]));
            if (!right) {
                printf("# day %d: proved %lld and %lld, found %lld and %lld\n", i,
                       (long long)rank[0], (long long)cost[0], (long long)rank[1],
                       (long long)cost[1]);
            }
            wrong += !right;
            proved++;
        }
        route_done(&poor);
        route_done(&found);
        arena_free(day.arena);
        buf_done(&text);
    }
    CHECK(wrong == 0);
    printf("# %d days, %d proved\n", days, proved);
    CHECK(proved * 2 > days);
}

// The soonest way to visit 2 leads by way of visit 1. In steps, visit 1 is reached earlier than in
// truth and so is visit 2, before anybody can be there: the tour of both has to be counted all the
// same.
static void test_the_soonest_way_by_another_visit(void)
{
    static const char text[] =
        "{\"vehicles\":[{\"id\":1,\"start_index\":0,\"end_index\":0,\"time_window\":[0,1000]}],"
        "\"jobs\":[{\"id\":1,\"location_index\":1,\"service\":100,\"prize\":1000},"
        "{\"id\":2,\"location_index\":2,\"service\":100,\"prize\":1000}],"
        "\"matrices\":{\"car\":{\"durations\":[[0,31,500],[31,0,101],[100,101,0]]}}}";
    struct day        day;
    struct proof_hint hint = { 0 };
    struct route      r    = { 0 };
    double            work = 0;
    day_read(str_of(text), &day);
    route_refresh(&day.core, 0, &r);
    route_append(&day.core, 0, &r, 0);
    CHECK(core_prove(&day.core, &r, &hint, 1e8, &work));
    CHECK(r.len == 2 && r.id[1] == 0 && r.id[2] == 1 && r.cost == 232);
    route_done(&r);
    arena_free(day.arena);
}

// The direct way from visit 1 to visit 2 costs least and takes longer than the day, the way by
// visit 3 is quick: a tour of 1 and 2 would be the best, if only it could be made.
static void test_a_tour_holds_when_a_visit_is_gone(void)
{
    static const char text[] =
        "{\"vehicles\":[{\"id\":1,\"start_index\":0,\"end_index\":0,\"time_window\":[0,1000]}],"
        "\"jobs\":[{\"id\":1,\"location_index\":1,\"service\":9,\"prize\":900},"
        "{\"id\":2,\"location_index\":2,\"service\":9,\"prize\":900},"
        "{\"id\":3,\"location_index\":3,\"service\":9,\"prize\":1}],\"matrices\":{\"car\":{"
        "\"durations\":[[0,9,2000,2000],[9,0,2000,9],[9,2000,0,9],[9,9,9,0]],"
        "\"costs\":[[0,9,9,9],[9,0,9,99],[9,9,0,99],[9,99,99,0]]}}}";
    struct day           day;
    struct route         r      = { 0 };
    struct search_limits limits = { 1, 1e6, NULL, NULL };
    day_read(str_of(text), &day);
    route_refresh(&day.core, 0, &r);
    route_append(&day.core, 0, &r, 0);
    route_append(&day.core, 0, &r, 2);
    route_append(&day.core, 0, &r, 1);
    CHECK(r.len == 3);
    core_search(&day.core, &r, &limits);
    CHECK(route_refresh(&day.core, 0, &r) && r.len == 3 && r.id[2] == 2);
    route_done(&r);
    arena_free(day.arena);
}

// Nothing true can be written of a tour that has no way: two appointments at once. That is told,
// and ends nobody but the one who asked.
static void test_a_tour_that_cannot_be_made_is_told(void)
{
    static const char text[] =
        "{\"vehicles\":[{\"id\":1,\"start_index\":0,\"end_index\":0,\"time_window\":[0,1000]}],"
        "\"jobs\":[{\"id\":1,\"location_index\":1,\"service\":100,\"time_windows\":[[500,500]]},"
        "{\"id\":2,\"location_index\":2,\"service\":100,\"time_windows\":[[500,500]]}],"
        "\"matrices\":{\"car\":{\"durations\":[[0,50,50],[50,0,50],[50,50,0]]}}}";
    struct day        day;
    struct route      r = { 0 };
    struct tour_route tours[1];
    struct tour_left  left[2];
    int32_t           left_count = 0, moved = 0;
    day_read(str_of(text), &day);
    route_refresh(&day.core, 0, &r);
    route_insert(&day.core, 0, &r, 0, 1);
    CHECK(plan_write(&day.core, &r, day.arena, tours, left, &left_count, &moved));
    CHECK(tours[0].count == 1 && left_count == 1 && left[0].job == 1);
    route_insert(&day.core, 0, &r, 1, 2);
    CHECK(!plan_write(&day.core, &r, day.arena, tours, left, &left_count, &moved));
    CHECK(tours[0].count == 0);
    route_done(&r);
    arena_free(day.arena);
}

int main(void)
{
    RUN(test_a_tour_that_cannot_be_made_is_told);
    RUN(test_a_tour_holds_when_a_visit_is_gone);
    RUN(test_the_soonest_way_by_another_visit);
    RUN(test_the_bound_promises_what_tours_bring);
    RUN(test_no_search_beats_a_proof);
    return tap_done();
}
