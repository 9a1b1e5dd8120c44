// Visits of unequal length: against brute force, against the best known of the benchmark, and
// proved.
#include "../unit/tap.h"

#include "check/visits.h"
#include "plan/gap.h"

static uint64_t state;

static int below(int n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((state >> 33) % (uint64_t)n);
}

static void random_instance(struct buf *b, int m, int n)
{
    buf_clear(b);
    buf_printf(b, "%d %d\n", m, n);
    int *weight = memory_new((size_t)(m * n) * sizeof *weight);
    for (int k = 0; k < m * n; k++) {
        weight[k] = 1 + below(20);
        buf_printf(b, "%d ", 111 - 5 * weight[k] + below(20));
    }
    int64_t all = 0;
    for (int k = 0; k < m * n; k++) {
        buf_printf(b, "\n%d", weight[k]);
        all += weight[k];
    }
    for (int i = 0; i < m; i++) {
        buf_printf(b, " %d", (int)(all / m / m) + below(12));
    }
    free(weight);
}

static void try_all(const struct gap_problem *p, int32_t item, int64_t *left, int64_t cost,
                    int64_t *best)
{
    if (item == p->items) {
        *best = cost < *best ? cost : *best;
        return;
    }
    for (int32_t i = 0; i < p->agents; i++) {
        size_t at = (size_t)i * (size_t)p->items + (size_t)item;
        if (p->weight[at] <= left[i]) {
            left[i] -= p->weight[at];
            try_all(p, item + 1, left, cost + p->cost[at], best);
            left[i] += p->weight[at];
        }
    }
}

static int64_t faults_of(struct str instance, const struct gap_problem *p,
                         const struct gap_result *r)
{
    struct buf          out    = buf_init(MIB(8));
    struct check_report report = check_report_init();

    gap_text_write(p, r, &out);
    check_visits_text(instance, buf_str(&out), &report);
    if (report.faults) {
        printf("# %.*s", STR_ARG(buf_str(&report.lines)));
    }
    int64_t faults = report.faults;
    check_report_done(&report);
    buf_done(&out);
    return faults;
}

static void test_brute_force(void)
{
    enum { CASES = TAP_CASES(300, 120) };
    struct buf text = buf_init(MIB(1)), why = buf_init(KIB(4));
    int        best_found = 0, plans = 0;

    state = 5;
    for (int k = 0; k < CASES; k++) {
        struct gap_problem p;
        int64_t            left[4], best = INT64_MAX;
        random_instance(&text, 1 + below(4), 1 + below(8));
        CHECK(gap_text_read(buf_str(&text), &p, &why));
        struct gap_result r = gap_solve(&p, &(struct gap_options){ .seed = 1, .work = 1000000 });
        memcpy(left, p.capacity, (size_t)p.agents * sizeof *left);
        try_all(&p, 0, left, 0, &best);
        CHECK(best == INT64_MAX ? !r.found : r.bound <= best);
        CHECK(!r.found || r.cost >= best);
        CHECK(faults_of(buf_str(&text), &p, &r) == 0);
        plans += best < INT64_MAX;
        best_found += best < INT64_MAX && r.found && r.cost == best;
        gap_result_done(&r);
        gap_problem_done(&p);
    }
    printf("# best plan in %d of %d\n", best_found, plans);
    CHECK(plans > CASES / 3 && best_found >= plans - plans / 20);
    buf_done(&text);
    buf_done(&why);
}

static bool read_file(const char *path, struct buf *into)
{
    char  piece[4096];
    FILE *file = fopen(path, "rb");

    if (!file) {
        return false;
    }
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;) {
        buf_add(into, (struct str){ piece, n });
    }
    fclose(file);
    return true;
}

static void test_benchmark(void)
{
    static const struct {
        const char *name;
        int64_t     best;
    } instances[]      = { { "c10200", 2806 }, { "d10200", 12430 }, { "e10200", 23307 } };
    const char *shared = getenv("MAILLAGE_SHARED");

    for (size_t k = 0; shared && k < TAP_CASES(LENGTH(instances), 2); k++) {
        struct buf         text = buf_init(MIB(8)), why = buf_init(KIB(4));
        struct gap_problem p;
        char               path[1024];
        snprintf(path, sizeof path, "%s/data/planning/gap/%s", shared, instances[k].name);
        if (read_file(path, &text)) {
            double best = (double)instances[k].best;
            CHECK(gap_text_read(buf_str(&text), &p, &why));
            struct gap_result r =
                gap_solve(&p, &(struct gap_options){ .seed = 1, .work = 20000000 });
            CHECK(r.found && (double)r.cost <= best * 1.006 && (double)r.bound >= best * 0.995 &&
                  r.bound <= instances[k].best);
            CHECK(faults_of(buf_str(&text), &p, &r) == 0);
            struct gap_result again =
                gap_solve(&p, &(struct gap_options){ .seed = 1, .work = 20000000 });
            CHECK(again.cost == r.cost); // same seed, same plan
            gap_result_done(&again);
            gap_result_done(&r);
            gap_problem_done(&p);
        }
        buf_done(&text);
        buf_done(&why);
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        { "", "nombre d’agents" }, { "2 x", "nombre de visites" }, { "1 1 5 3", "capacité" },
        { "1 1 5 -3 4", "durée" }, { "1 1 5 3 4 7", "fin du" },    { "9 999", "trop court" },
        { "1 1 5.5 3 4", "coût" },
    };
    struct buf why = buf_init(KIB(4));

    for (size_t k = 0; k < LENGTH(cases); k++) {
        struct gap_problem p;
        buf_clear(&why);
        CHECK(!gap_text_read(str_of(cases[k].text), &p, &why));
        CHECK(str_find(buf_str(&why), str_of(cases[k].why)) < why.len);
    }
    buf_done(&why);
}

int main(void)
{
    RUN(test_brute_force);
    RUN(test_benchmark);
    RUN(test_refusals);
    return tap_done();
}
