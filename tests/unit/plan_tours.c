// Tours: the search itself, seeds, permutations, locks, breaks, previous plans, formats.
#include "check/tours.h"
#include "plan/tour_instance.h"
#include "plan/tour_private.h"
#include "tap.h"

#include <pthread.h>

struct solved {
    struct arena        *arena;
    struct tour_instance instance;
    struct tour_plan     plan;
    struct buf           json;
    int64_t              faults;
    bool                 done;
};

static struct solved solve(struct str text, struct str previous, uint64_t seed, double work)
{
    struct solved       s       = { .arena = arena_new(), .json = buf_init(MIB(8)) };
    struct buf          why     = buf_init(4096);
    struct check_report report  = check_report_init();
    struct tour_options options = { .seed = seed, .work = work };
    s.done                      = tour_read_vroom(text, previous, s.arena, &s.instance, &why) &&
             !tour_solve(&s.instance.problem, &options, s.arena, &s.plan);
    if (s.done) {
        tour_write_json(&s.instance, &s.plan, &s.json);
        check_tours(text, buf_str(&s.json), previous, &report);
    }
    s.faults = s.done ? report.faults : -1;
    if (s.faults) {
        printf("# %.*s %.*s\n", STR_ARG(buf_str(&why)), STR_ARG(buf_str(&report.lines)));
    }
    check_report_done(&report);
    buf_done(&why);
    return s;
}

static void solved_done(struct solved *s)
{
    buf_done(&s->json);
    arena_free(s->arena);
}

static int64_t value(const struct solved *s)
{
    int64_t sum = 0;
    for (int32_t v = 0; v < s->instance.problem.vehicle_count; v++) {
        sum -=
            tour_cost(&s->instance.problem, &s->instance.problem.vehicles[v], &s->plan.routes[v]);
        for (int i = 0; i < s->plan.routes[v].count; i++) {
            int32_t job = s->plan.routes[v].stops[i].job;
            sum += job >= 0 ? s->instance.problem.jobs[job].prize : 0;
        }
    }
    return sum;
}

static uint64_t state;

static int64_t pick(int64_t least, int64_t most)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return least + (int64_t)((state >> 33) % (uint64_t)(most - least + 1));
}

static int  shift;    // another week for another number
static bool is_light; // that a visit moves costs next to nothing

// A week of two advisers: lunch, two windows a day, prizes, a few appointments. Jobs come in the
// order of `turn`, which permutes nothing when it is 1. `without` is a job that is not there,
// `urgent` adds one that must be done.
static void make_week(struct buf *b, int jobs, int turn, int without, bool urgent)
{
    buf_add(b, STR("{\"vehicles\":["));
    for (int v = 1; v <= 4; v++) {
        int day = (v - 1) % 2 * 86400;
        buf_printf(b,
                   "%s{\"id\":%d,\"start\":[3.3,46.5],\"end\":[3.3,46.5],\"time_window\":[%d,%d],"
                   "\"breaks\":[{\"id\":1,\"service\":2700,\"time_windows\":[[%d,%d]]}]}",
                   v > 1 ? "," : "", v, day + 30600, day + 63000, day + 43200, day + 48600);
    }
    buf_add(b, STR("],\"jobs\":["));
    bool first = true;
    for (int i = 0; i < jobs; i++) {
        int id = 1 + i * turn % jobs;
        if (id == without) {
            continue;
        }
        state = (uint64_t)(id + 1000 * shift) * 977;
        pick(0, 9);
        // Drawn one by one: the order of arguments is the compiler's choice.
        int64_t east = pick(0, 6000), north = pick(0, 4000), quarters = pick(1, 4);
        int64_t day = pick(0, 1) * 86400;
        buf_printf(b, "%s{\"id\":%d,\"location\":[%.4f,%.4f],\"service\":%lld", first ? "" : ",",
                   id, 3.0 + (double)east / 10000, 46.3 + (double)north / 10000,
                   (long long)(900 * quarters));
        if (id % 11 == 0) {
            int64_t at = day + 32400 + 1800 * pick(0, 12);
            buf_printf(b, ",\"time_windows\":[[%lld,%lld]]}", (long long)at, (long long)at);
        } else {
            buf_printf(b, ",\"prize\":%lld,\"time_windows\":[[%lld,%lld],[%lld,%lld]]}",
                       (long long)pick(500, 4000), (long long)(day + 32400),
                       (long long)(day + 43200), (long long)(day + 50400),
                       (long long)(day + 61200));
        }
        first = false;
    }
    if (urgent) {
        buf_add(b, STR(",{\"id\":9999,\"location\":[3.35,46.52],\"service\":1800}"));
    }
    buf_printf(b, "]%s}", is_light ? ",\"stability\":1" : "");
}

// Threads of the test: each takes every nth task.
struct crew {
    void (*task)(void *tasks, int index);
    void *tasks;
    int   count, first, step;
};

static void *take_turns(void *context)
{
    const struct crew *c = context;
    for (int i = c->first; i < c->count; i += c->step) {
        c->task(c->tasks, i);
    }
    return NULL;
}

static void run_at_once(void (*task)(void *tasks, int index), void *tasks, int count, int threads)
{
    struct crew crew[8];
    pthread_t   thread[8];
    for (int i = 0; i < threads; i++) {
        crew[i] = (struct crew){ task, tasks, count, i, threads };
        CHECK(!pthread_create(&thread[i], NULL, take_turns, &crew[i]));
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(thread[i], NULL);
    }
}

// Both ways to share the work: seeds of one group, and groups of one vehicle each.
static void test_threads_do_not_change_the_plan(void)
{
    for (int apart = 0; apart < 2; apart++) {
        struct buf           text = buf_init(MIB(1)), why = buf_init(4096);
        struct buf           out[3] = { buf_init(MIB(8)), buf_init(MIB(8)), buf_init(MIB(8)) };
        struct arena        *a      = arena_new();
        struct tour_problem  problem;
        struct tour_instance instance;
        make_week(&text, 60, 1, 0, false);
        CHECK(tour_read_vroom(buf_str(&text), (struct str){ 0 }, a, &instance, &why));
        problem               = instance.problem;
        struct tour_job *jobs = ARENA_ARRAY(a, struct tour_job, (size_t)problem.job_count);
        int32_t         *own  = ARENA_ARRAY(a, int32_t, (size_t)problem.job_count);
        for (int32_t k = 0; k < problem.job_count; k++) {
            jobs[k] = problem.jobs[k];
            own[k]  = k % problem.vehicle_count;
            if (apart) {
                jobs[k].vehicles      = &own[k];
                jobs[k].vehicle_count = 1;
            }
        }
        instance.problem.jobs = jobs;
        for (int i = 0; i < 3; i++) {
            struct tour_options options = {
                .seed = 3, .work = 3e7, .threads = 3, .run = i ? run_at_once : NULL
            };
            struct tour_plan plan;
            CHECK(!tour_solve(&instance.problem, &options, a, &plan) && !plan.stopped);
            tour_write_json(&instance, &plan, &out[i]);
        }
        CHECK(out[0].len > 1000 && str_eq(buf_str(&out[0]), buf_str(&out[1])));
        CHECK(str_eq(buf_str(&out[0]), buf_str(&out[2])));
        for (int i = 0; i < 3; i++) {
            buf_done(&out[i]);
        }
        buf_done(&text);
        buf_done(&why);
        arena_free(a);
    }
}

static bool stop_at_once(void *context)
{
    (*(int *)context)++;
    return true;
}

// Stopped before it began: a plan that holds, and says of what is missing that there was no time.
static void test_stopped_at_once(void)
{
    struct buf           text = buf_init(MIB(1)), why = buf_init(4096), out = buf_init(MIB(8));
    struct arena        *a      = arena_new();
    struct check_report  report = check_report_init();
    struct tour_instance instance;
    struct tour_plan     plan;
    int                  asked = 0, late = 0;
    struct tour_options  options = {
         .seed = 1, .work = 1e9, .stop = stop_at_once, .context = &asked
    };
    make_week(&text, 200, 1, 0, false);
    CHECK(tour_read_vroom(buf_str(&text), (struct str){ 0 }, a, &instance, &why));
    CHECK(!tour_solve(&instance.problem, &options, a, &plan) && plan.stopped && asked > 0);
    for (int32_t i = 0; i < plan.left_count; i++) {
        late += plan.left[i].reason == TOUR_NO_TIME;
    }
    CHECK(late > 0 && plan.work < 1e8);
    tour_write_json(&instance, &plan, &out);
    check_tours(buf_str(&text), buf_str(&out), (struct str){ 0 }, &report);
    CHECK(!report.faults);
    check_report_done(&report);
    buf_done(&text);
    buf_done(&why);
    buf_done(&out);
    arena_free(a);
}

static void test_same_seed_same_plan(void)
{
    struct buf text = buf_init(MIB(1));
    make_week(&text, 60, 1, 0, false);
    struct solved a = solve(buf_str(&text), (struct str){ 0 }, 5, 1e8);
    struct solved b = solve(buf_str(&text), (struct str){ 0 }, 5, 1e8);
    CHECK(!a.faults && !b.faults && a.plan.iterations > 100);
    CHECK(str_eq(buf_str(&a.json), buf_str(&b.json)));
    solved_done(&a);
    solved_done(&b);
    buf_done(&text);
}

static void test_more_time_is_not_worse_and_order_does_not_matter(void)
{
    struct buf text = buf_init(MIB(1)), turned = buf_init(MIB(1));
    make_week(&text, 60, 1, 0, false);
    make_week(&turned, 60, 7, 0, false);
    int64_t few = 0, many = 0, other = 0;
    for (uint64_t seed = 1; seed <= TAP_CASES(3, 1); seed++) {
        struct solved a = solve(buf_str(&text), (struct str){ 0 }, seed, 1e7);
        struct solved b = solve(buf_str(&text), (struct str){ 0 }, seed, 3e8);
        struct solved c = solve(buf_str(&turned), (struct str){ 0 }, seed, 3e8);
        CHECK(!a.faults && !b.faults && !c.faults);
        few += value(&a);
        many += value(&b);
        other += value(&c);
        solved_done(&a);
        solved_done(&b);
        solved_done(&c);
    }
    CHECK(many >= few);
    CHECK(llabs(many - other) * 100 <= many); // the same within 1 %
    buf_done(&text);
    buf_done(&turned);
}

// The tour and the moment of each job, by id; -1 = left out.
static void where(const struct solved *s, int64_t *tour, int64_t *start, int64_t ids)
{
    for (int64_t i = 0; i < ids; i++) {
        tour[i] = start[i] = -1;
    }
    for (int32_t v = 0; v < s->instance.problem.vehicle_count; v++) {
        for (int i = 0; i < s->plan.routes[v].count; i++) {
            const struct tour_stop *stop = &s->plan.routes[v].stops[i];
            int64_t id = stop->job >= 0 ? s->instance.problem.jobs[stop->job].id : ids;
            if (id < ids) {
                tour[id]  = v;
                start[id] = stop->start;
            }
        }
    }
}

enum { WEEK = 60, IDS = 70 };

// Replans after a change; how many visits of the first plan moved, of how many.
static void replan(int without, bool urgent, int *ret_moved, int *ret_of)
{
    struct buf text = buf_init(MIB(1)), changed = buf_init(MIB(1));
    int64_t    tour[2][IDS], start[2][IDS];
    make_week(&text, WEEK, 1, 0, false);
    make_week(&changed, WEEK, 1, without, urgent);
    struct solved a = solve(buf_str(&text), (struct str){ 0 }, 1, 6e6);
    struct solved b = solve(buf_str(&changed), buf_str(&a.json), 1, 6e6);
    CHECK(!a.faults && !b.faults);
    where(&a, tour[0], start[0], IDS);
    where(&b, tour[1], start[1], IDS);
    for (int i = 1; i <= WEEK; i++) {
        if (tour[0][i] >= 0 && i != without) {
            (*ret_of)++;
            *ret_moved += tour[0][i] != tour[1][i] || start[0][i] != start[1][i];
        }
    }
    if (urgent) {
        CHECK(b.plan.left_count == 0 || b.instance.problem.jobs[b.plan.left[0].job].prize > 0);
    }
    solved_done(&a);
    solved_done(&b);
    buf_done(&text);
    buf_done(&changed);
}

// So many random weeks, of which one visit that was planned is cancelled; the largest share that
// moved, in percent.
static int cancel(int weeks, int *ret_moved, int *ret_of)
{
    int most = 0, cases = 0;

    for (shift = 0; shift < weeks; shift++) {
        int before = *ret_moved, before_of = *ret_of;
        replan(1 + shift * 7 % WEEK, false, ret_moved, ret_of);
        cases += *ret_of > before_of;
        int share = *ret_of > before_of ? 100 * (*ret_moved - before) / (*ret_of - before_of) : 0;
        most      = share > most ? share : most;
    }
    shift = 0;
    printf("# %d cases, at most %d %% moved, in all %d of %d\n", cases, most, *ret_moved, *ret_of);
    CHECK(cases == weeks);
    return most;
}

static void test_a_change_moves_little(void)
{
    enum { WEEKS = TAP_CASES(200, 40) };
    int moved = 0, of = 0;
    CHECK(cancel(WEEKS, &moved, &of) <= 10);
    // Not only because it costs: one in ten, whatever the others would bring.
    moved = of = 0;
    is_light   = true;
    CHECK(cancel(WEEKS, &moved, &of) <= 10);
    CHECK(moved * 20 <= of);
    is_light = false;
    moved = of = 0;
    replan(0, true, &moved, &of);
    printf("# urgent: %d of %d moved\n", moved, of);
    CHECK(moved * 5 <= of);
}

static const char lunch[] =
    "{\"vehicles\":[{\"id\":1,\"start_index\":0,\"end_index\":0,\"time_window\":[0,%d],"
    "\"breaks\":[{\"id\":4,\"service\":40,\"time_windows\":[[100,140]]}]}],"
    "\"jobs\":[{\"id\":1,\"location_index\":1,\"service\":%d}],"
    "\"matrices\":{\"car\":{\"durations\":[[0,30],[30,0]]}}}";

static int count_breaks(int day, int service, int64_t *ret_waiting)
{
    struct buf text   = buf_init(4096);
    int        breaks = 0;
    buf_printf(&text, lunch, day, service);
    struct solved s = solve(buf_str(&text), (struct str){ 0 }, 1, 1e6);
    CHECK(!s.faults);
    const struct tour_route *r = &s.plan.routes[0];
    *ret_waiting               = 0;
    for (int i = 0; i < r->count; i++) {
        breaks += r->stops[i].job < 0;
        *ret_waiting += r->stops[i].start - r->stops[i].arrival;
    }
    breaks = r->count ? breaks : -1;
    solved_done(&s);
    buf_done(&text);
    return breaks;
}

static void test_lunch(void)
{
    int64_t waiting;
    CHECK(count_breaks(400, 40, &waiting) == 0);  // home at 100, when lunch may begin
    CHECK(count_breaks(400, 41, &waiting) == 1);  // one later: lunch is due
    CHECK(waiting == 0);                          // on the road, nobody waits for it
    CHECK(count_breaks(140, 41, &waiting) == -1); // no time for both
    CHECK(count_breaks(400, 200, &waiting) == 1); // before a long visit
}

static void test_locks(void)
{
    struct buf text = buf_init(MIB(1));
    make_week(&text, 30, 1, 0, false);
    struct solved a = solve(buf_str(&text), (struct str){ 0 }, 1, 1e8);
    CHECK(!a.faults);
    int64_t tour[2][IDS], start[2][IDS];
    where(&a, tour[0], start[0], IDS);
    // The same week, all visits locked, their prizes gone.
    struct buf locked = buf_init(MIB(1));
    struct str rest   = buf_str(&text);
    for (size_t at; (at = str_find(rest, STR("\"service\":"))) < rest.len;) {
        buf_add(&locked, str_sub(rest, 0, at));
        bool is_break = str_starts(str_sub(rest, at, 20), STR("\"service\":2700,\"time_w"));
        buf_add(&locked, is_break ? STR("") : STR("\"locked\":true,"));
        buf_add(&locked, STR("\"service\":"));
        rest = str_sub(rest, at + 10, rest.len);
    }
    buf_add(&locked, rest);
    struct solved b = solve(buf_str(&locked), buf_str(&a.json), 9, 1e8);
    CHECK(!b.faults);
    where(&b, tour[1], start[1], IDS);
    for (int i = 1; i <= 30; i++) {
        CHECK(tour[0][i] < 0 || (tour[0][i] == tour[1][i] && start[0][i] == start[1][i]));
    }
    solved_done(&a);
    solved_done(&b);
    buf_done(&text);
    buf_done(&locked);
}

// The search itself, on problems small enough for the exact plan: nearly always as good.
static void test_search_against_exact(void)
{
    int equal = 0, of = 0;
    for (int i = 0; i < TAP_CASES(60, 20); i++) {
        struct buf           text = buf_init(MIB(1)), why = buf_init(4096);
        struct arena        *a = arena_new();
        struct tour_instance n;
        make_week(&text, 8, 1, 0, i % 2);
        // Other places: the ids are shifted by the loop.
        state = (uint64_t)i;
        CHECK(tour_read_vroom(buf_str(&text), (struct str){ 0 }, a, &n, &why));
        for (int32_t k = 0; k < n.problem.place_count; k++) {
            struct tour_place *p = (struct tour_place *)(uintptr_t)&n.problem.places[k];
            p->x += (double)pick(0, 100) / 300;
            p->y += (double)pick(0, 100) / 300;
        }
        int32_t       groups;
        double        work = 0;
        struct group *g    = groups_find(&n.problem, a, &groups);
        struct core   c;
        CHECK(groups == 2 && !core_fill(&c, &n.problem, &g[1], a, &work));
        struct route exact[4] = { { 0 } }, found[4] = { { 0 } };
        for (int32_t v = 0; v < c.m; v++) {
            route_refresh(&c, v, &exact[v]);
            route_refresh(&c, v, &found[v]);
        }
        int64_t              rank[2], cost[2];
        struct search_limits limits = { (uint64_t)i, 2e7, NULL, NULL };
        CHECK(core_exact(&c, exact, &work));
        core_search(&c, found, &limits);
        route_score(&c, exact, &rank[0], &cost[0]);
        route_score(&c, found, &rank[1], &cost[1]);
        CHECK(rank[0] <= rank[1] && (rank[0] < rank[1] || cost[0] <= cost[1]));
        equal += rank[0] == rank[1] && cost[0] == cost[1];
        of++;
        for (int32_t v = 0; v < c.m; v++) {
            CHECK(route_refresh(&c, v, &found[v]));
            route_done(&exact[v]);
            route_done(&found[v]);
        }
        arena_free(a);
        buf_done(&text);
        buf_done(&why);
    }
    printf("# search equals exact: %d of %d\n", equal, of);
    CHECK(equal * 100 >= of * 97);
}

static const struct {
    const char *text, *why;
} refused[] = {
    { "", "ligne" },
    { "[]", "/ : un objet est attendu" },
    { "{}", "« vehicles » manque" },
    { "{\"vehicles\":[{\"id\":1,\"start_index\":0}]}",
      "/vehicles/0 : « start_index » sans matrice" },
    { "{\"vehicles\":[{\"start\":[3,46]}]}", "/vehicles/0 : « id » manque" },
    { "{\"vehicles\":[{\"id\":1},{\"id\":1}]}", "/vehicles/1/id : identifiant donné deux fois" },
    { "{\"vehicles\":[],\"jobs\":[{\"id\":1}]}", "/jobs/0 : « location » manque" },
    { "{\"vehicles\":[],\"jobs\":[{\"id\":1,\"location\":[200,0]}]}", "/jobs/0/location" },
    { "{\"vehicles\":[],\"jobs\":[{\"id\":1,\"location\":[2,46],\"priority\":101}]}",
      "/jobs/0/priority" },
    { "{\"vehicles\":[],\"jobs\":[{\"id\":1,\"location\":[2,46],\"time_windows\":[[5,4]]}]}",
      "/jobs/0/time_windows/0 : la fin précède le début" },
    { "{\"vehicles\":[],\"shipments\":[{}]}", "/shipments" },
    { "{\"vehicles\":[{\"id\":1,\"profile\":\"bike\"}],\"matrices\":{\"car\":{\"durations\":[[0]]}}}",
      "/vehicles/0/profile" },
    { "{\"vehicles\":[],\"matrices\":{\"car\":{\"durations\":[[0,1]]}}}",
      "/matrices/car/durations/0" },
    { "{\"vehicles\":[],\"jobs\":[{\"id\":1,\"location\":[2,46],\"vehicles\":[3]}]}",
      "/jobs/0/vehicles/0 : véhicule inconnu" },
    { "{\"vehicles\":[{\"id\":1,\"steps\":[{\"type\":\"pickup\",\"id\":1}]}]}",
      "/vehicles/0/steps/0/type" },
    { "{\"vehicles\":[{\"id\":1,\"breaks\":[{\"id\":1,\"max_load\":[2]}]}]}",
      "/vehicles/0/breaks/0 : « max_load »" },
};

// A member nobody knows has no effect, and is told.
static void test_unknown_members_are_told(void)
{
    static const char text[] =
        "{\"vehicles\":[{\"id\":1,\"start\":[3,46],\"max_task\":2}],\"comment\":\"x\",\"jobs\":"
        "[{\"id\":1,\"location\":[3,46],\"time_window\":[0,5]}]}";
    struct arena        *a   = arena_new();
    struct buf           why = buf_init(4096);
    struct tour_instance n;

    CHECK(tour_read_vroom(str_of(text), (struct str){ 0 }, a, &n, &why));
    CHECK(str_eq(n.unknown, STR("/comment\n/vehicles/0/max_task\n/jobs/0/time_window")));
    buf_done(&why);
    arena_free(a);
}

static void test_refusals_name_the_field(void)
{
    for (size_t i = 0; i < LENGTH(refused); i++) {
        struct arena        *a   = arena_new();
        struct buf           why = buf_init(4096);
        struct tour_instance n;
        CHECK(!tour_read_vroom(str_of(refused[i].text), (struct str){ 0 }, a, &n, &why));
        bool named = str_find(buf_str(&why), str_of(refused[i].why)) < why.len;
        if (!named) {
            printf("# %zu: %.*s\n", i, STR_ARG(buf_str(&why)));
        }
        CHECK(named);
        buf_done(&why);
        arena_free(a);
    }
}

// A result that was tampered with is found out.
static void test_checker_sees_faults(void)
{
    static const char *const edits[][2] = {
        { "\"waiting_time\":", "\"waiting_time\":1" },
        { "\"id\":1,", "\"id\":2," },
        { "\"reason\":\"full\"", "\"reason\":\"unreachable\"" },
        { "\"type\":\"break\"", "\"type\":\"job\"" },
        { "\"cost\":", "\"cost\":9" },
    };
    struct buf text = buf_init(MIB(1));
    make_week(&text, 60, 1, 0, false);
    struct solved s = solve(buf_str(&text), (struct str){ 0 }, 1, 5e7);
    CHECK(!s.faults);
    for (size_t i = 0; i < LENGTH(edits); i++) {
        struct check_report report = check_report_init();
        struct buf          other  = buf_init(MIB(8));
        size_t              at     = str_find(buf_str(&s.json), str_of(edits[i][0]));
        if (at < s.json.len) {
            buf_add(&other, str_sub(buf_str(&s.json), 0, at));
            buf_add(&other, str_of(edits[i][1]));
            buf_add(&other, str_sub(buf_str(&s.json), at + strlen(edits[i][0]), s.json.len));
            check_tours(buf_str(&text), buf_str(&other), (struct str){ 0 }, &report);
            CHECK(report.faults > 0);
        }
        check_report_done(&report);
        buf_done(&other);
    }
    solved_done(&s);
    buf_done(&text);
}

static bool read_file(const char *folder, const char *name, struct buf *into)
{
    char path[1024], piece[4096];
    snprintf(path, sizeof path, "%s/data/planning/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        return false;
    }
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) {
        buf_add(into, (struct str){ piece, n });
    }
    fclose(f);
    return true;
}

// Public instances with their best known values; short runs stay close to them.
static void test_public_instances(void)
{
    static const struct {
        const char      *name;
        enum tour_format format;
        int64_t          vehicles, best; // cost * 10, or profit
    } files[] = {
        { "solomon/C101.txt", TOUR_SOLOMON, 0, 8273 },
        { "solomon/R110.txt", TOUR_SOLOMON, 0, 10680 },
        { "solomon/RC203.txt", TOUR_SOLOMON, 0, 9237 },
        { "toptw/c101.txt", TOUR_TOPTW, 2, 590 },
        { "toptw/pr02.txt", TOUR_TOPTW, 3, 943 },
        { "toptw/r105.txt", TOUR_TOPTW, 4, 775 },
    };
    const char *folder = getenv("MAILLAGE_SHARED");
    for (size_t i = 0; folder && i < LENGTH(files); i++) {
        struct buf           text = buf_init(MIB(1)), why = buf_init(4096), json = buf_init(MIB(4));
        struct arena        *a = arena_new();
        struct tour_instance n;
        struct tour_plan     plan;
        struct tour_options  options = { .seed = 1, .work = TAP_CASES(6e8, 3e8) };
        struct tour_reading  how     = { .vehicles = files[i].vehicles };
        struct check_report  report  = check_report_init();
        if (read_file(folder, files[i].name, &text)) {
            CHECK(tour_format_guess(buf_str(&text)) == files[i].format);
            CHECK(tour_read_text(buf_str(&text), files[i].format, how, a, &n, &why));
            CHECK(!tour_solve(&n.problem, &options, a, &plan));
            tour_write_json(&n, &plan, &json);
            check_tours(buf_str(&text), buf_str(&json), (struct str){ 0 }, &report);
            CHECK(report.faults == 0);
            int64_t cost = 0, rank = 0;
            for (int32_t v = 0; v < n.problem.vehicle_count; v++) {
                cost += tour_cost(&n.problem, &n.problem.vehicles[v], &plan.routes[v]);
            }
            for (int32_t k = 0; k < n.problem.job_count; k++) {
                rank += n.problem.jobs[k].rank;
            }
            for (int32_t k = 0; k < plan.left_count; k++) {
                rank -= n.problem.jobs[plan.left[k].job].rank;
            }
            if (files[i].format == TOUR_SOLOMON) {
                CHECK(plan.left_count == 0 && cost * 100 <= files[i].best * 102);
            } else {
                CHECK(rank >= files[i].best * 96);
            }
        }
        check_report_done(&report);
        buf_done(&text);
        buf_done(&why);
        buf_done(&json);
        arena_free(a);
    }
}

int main(void)
{
    RUN(test_same_seed_same_plan);
    RUN(test_threads_do_not_change_the_plan);
    RUN(test_stopped_at_once);
    RUN(test_more_time_is_not_worse_and_order_does_not_matter);
    RUN(test_a_change_moves_little);
    RUN(test_lunch);
    RUN(test_locks);
    RUN(test_search_against_exact);
    RUN(test_refusals_name_the_field);
    RUN(test_unknown_members_are_told);
    RUN(test_checker_sees_faults);
    RUN(test_public_instances);
    return tap_done();
}
