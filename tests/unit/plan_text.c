// The plain text format: solved, proved, changed, compared with LEMON where it is, and refused.
#include "../unit/tap.h"

#include <unistd.h>

#include "check/assignment.h"
#include "plan/assign_text.h"

static uint64_t state;

static int below(int n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((state >> 33) % (uint64_t)n);
}

struct company {
    int     count, adviser[12];
    int64_t profit[12];
};
struct instance {
    int            companies, advisers, organisations, lower[4], upper[4], of[12], capacity[12];
    struct company company[400];
};

static void random_instance(struct instance *x, int companies)
{
    *x        = (struct instance){ companies, 3 + below(10), 1 + below(4), { 0 },
                                   { 0 },     { 0 },         { 0 },        { { 0 } } };
    int range = below(2) ? 5 : 10000;
    for (int o = 0; o < x->organisations; o++) {
        x->lower[o] = below(3) ? 0 : below(companies / 8 + 1);
        x->upper[o] = x->lower[o] + below(companies / 2 + 1);
    }
    for (int a = 0; a < x->advisers; a++) {
        x->of[a]       = below(x->organisations);
        x->capacity[a] = below(2 * companies / x->advisers + 1);
    }
    for (int i = 0; i < companies; i++) {
        struct company *c = &x->company[i];
        for (int a = 0; a < x->advisers && a < 12; a++) {
            if (below(3) == 0) {
                c->adviser[c->count]  = a;
                c->profit[c->count++] = below(range) - range / 10;
            }
        }
    }
}

// The text, with companies in the order given and profits times a factor.
static void write_instance(const struct instance *x, const int *order, int64_t factor,
                           struct buf *b)
{
    buf_clear(b);
    buf_printf(b, "%d %d %d\n", x->companies, x->advisers, x->organisations);
    for (int o = 0; o < x->organisations; o++) {
        buf_printf(b, "%d %d %d\n", o, x->lower[o], x->upper[o]);
    }
    for (int a = 0; a < x->advisers; a++) {
        buf_printf(b, "%d %d %d\n", a, x->of[a], x->capacity[a]);
    }
    for (int i = 0; i < x->companies; i++) {
        const struct company *c = &x->company[order[i]];
        buf_printf(b, "%d", c->count);
        for (int k = 0; k < c->count; k++) {
            buf_printf(b, " %d %lld", c->adviser[k], (long long)(c->profit[k] * factor));
        }
        buf_add_char(b, '\n');
    }
}

// Solves and proves; INT64_MIN when there is no plan.
static int64_t profit_of(struct str text)
{
    struct buf            out = buf_init(MIB(16)), why = buf_init(KIB(4));
    struct check_report   report = check_report_init();
    struct assign_text    t;
    struct assign_problem p;

    CHECK(assign_text_read(text, &t, &p, &why));
    CHECK(assign_problem_fault(&p) == NULL);
    struct assign     *s      = assign_new(&p);
    enum assign_status status = assign_solve(s);
    int64_t            profit = status == ASSIGN_OPTIMAL ? assign_profit(s) : INT64_MIN;
    assign_text_write(s, status, &t, &out);
    check_assignment_text(text, buf_str(&out), &report);
    CHECK(report.faults == 0);
    if (report.faults) {
        printf("# %.*s", STR_ARG(buf_str(&report.lines)));
    }
    assign_free(s);
    check_report_done(&report);
    buf_done(&out);
    buf_done(&why);
    return profit;
}

// What LEMON says of the instance: false when it is not there.
static bool judged(struct str text, int64_t *ret_profit)
{
    char path[] = "/tmp/plan_text_XXXXXX", command[1200], line[128] = "";
    int  fd = access(PLAN_LEMON, X_OK) == 0 ? mkstemp(path) : -1;

    if (fd < 0) {
        return false;
    }
    bool ok = write(fd, text.at, text.len) == (ssize_t)text.len;
    close(fd);
    snprintf(command, sizeof command, "%s %s", PLAN_LEMON, path);
    FILE *out = ok ? popen(command, "r") : NULL;
    ok        = out && fgets(line, sizeof line, out);
    if (out) {
        pclose(out);
    }
    unlink(path);
    struct str said = str_trim(str_of(line));
    *ret_profit     = INT64_MIN;
    return ok && (str_eq(said, STR("impossible")) ||
                  (str_starts(said, STR("profit ")) && str_int(str_sub(said, 7, 40), ret_profit)));
}

static void test_random(void)
{
    static struct instance x;
    struct buf             text = buf_init(MIB(4));
    int                    order[400], judgements = 0, plans = 0;

    state = 11;
    for (int k = 0; k < 150; k++) {
        random_instance(&x, 20 + below(380));
        for (int i = 0; i < x.companies; i++) {
            order[i] = i;
        }
        write_instance(&x, order, 1, &text);
        int64_t profit = profit_of(buf_str(&text)), other = 0;
        plans += profit != INT64_MIN;
        if (judged(buf_str(&text), &other)) {
            judgements++;
            CHECK(other == profit);
        }
        // Another order and another unit change nothing.
        for (int i = x.companies - 1; i > 0; i--) {
            int j = below(i + 1), kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        write_instance(&x, order, 1000, &text);
        int64_t scaled = profit_of(buf_str(&text));
        CHECK(profit == INT64_MIN ? scaled == profit : scaled == 1000 * profit);
    }
    printf("# %d of 150 have a plan, %d judged by LEMON\n", plans, judgements);
    CHECK(plans > 50 && plans < 150);
    buf_done(&text);
}

static const char *const reasons[] = { "best", "full", "share", "minimum", "price", "worthless" };

// The result with the reason of one line replaced, and the adviser it names kept or added.
static void forge(struct str result, struct str line, const char *reason, struct buf *into)
{
    size_t at = (size_t)(line.at - result.at), words = 0, end = 0, rest;
    bool   named = reason[0] != 'b' && reason[0] != 'w';

    for (; words < 4; end++) {
        words += line.at[end] == ' ';
    }
    for (rest = end; rest < line.len && line.at[rest] != ' ';) {
        rest++;
    }
    buf_clear(into);
    buf_add(into, str_sub(result, 0, at + end));
    buf_add(into, str_of(reason));
    if (named) {
        buf_add(into, rest < line.len ? str_sub(line, rest, line.len) : STR(" 0"));
    }
    buf_add(into, str_sub(result, at + line.len, result.len));
}

static bool accepted(struct str instance, struct str result)
{
    struct check_report report = check_report_init();

    check_assignment_text(instance, result, &report);
    bool ok = report.faults == 0;
    check_report_done(&report);
    return ok;
}

// Every reason but the one given is refused, for every company, and so is a wrong adviser.
static void forge_all(struct str instance, struct str result, int *seen)
{
    struct buf forged = buf_init(MIB(1));

    CHECK(accepted(instance, result));
    for (size_t at = str_find(result, STR("company ")); at < result.len;) {
        struct str tail = str_sub(result, at, result.len);
        struct str line = str_sub(tail, 0, str_index(tail, '\n'));
        for (size_t k = 0; k < LENGTH(reasons); k++) {
            char word[16];
            snprintf(word, sizeof word, " %s", reasons[k]);
            bool own = str_find(line, str_of(word)) < line.len;
            forge(result, line, reasons[k], &forged);
            seen[k] += own;
            CHECK(accepted(instance, buf_str(&forged)) == own);
        }
        at += line.len + 1;
    }
    buf_done(&forged);
}

static void test_forged_reasons(void)
{
    static struct instance x;
    struct buf             text = buf_init(MIB(1)), out = buf_init(MIB(1)), why = buf_init(KIB(4));
    int                    order[400], seen[LENGTH(reasons)] = { 0 };

    state = 23;
    for (int k = 0; k < 120; k++) {
        struct assign_text    t;
        struct assign_problem p;
        random_instance(&x, 20 + below(30));
        for (int o = 0; o < x.organisations && k % 2; o++) { // one has a minimum, nobody is full
            x.lower[o] = o ? 0 : x.companies / (2 + below(4));
            x.upper[o] = x.companies;
        }
        for (int a = 0; a < x.advisers && k % 2; a++) {
            x.capacity[a] = x.companies;
        }
        for (int i = 0; i < x.companies; i++) {
            order[i] = i;
        }
        write_instance(&x, order, 1, &text);
        CHECK(assign_text_read(buf_str(&text), &t, &p, &why));
        struct assign *s = assign_new(&p);
        if (assign_solve(s) == ASSIGN_OPTIMAL) {
            buf_clear(&out);
            assign_text_write(s, ASSIGN_OPTIMAL, &t, &out);
            forge_all(buf_str(&text), buf_str(&out), seen);
        }
        assign_free(s);
    }
    for (size_t k = 0; k < LENGTH(reasons); k++) {
        printf("# %s: %d\n", reasons[k], seen[k]);
        CHECK(seen[k] >= 5);
    }
    buf_done(&text);
    buf_done(&out);
    buf_done(&why);
}

static void test_benchmark(void)
{
    static const struct {
        const char *name;
        int64_t     optimum;
    } instances[]      = { { "a02_2000x40_share", 8535398 }, { "a04_5000x100_tight", 22521074 } };
    const char *shared = getenv("MAILLAGE_SHARED");

    for (size_t k = 0; shared && k < LENGTH(instances); k++) {
        struct buf text = buf_init(MIB(8));
        char       path[1024], piece[4096];
        snprintf(path, sizeof path, "%s/data/planning/assign/%s.txt", shared, instances[k].name);
        FILE *file = fopen(path, "rb");
        for (size_t n; file && (n = fread(piece, 1, sizeof piece, file)) > 0;) {
            buf_add(&text, (struct str){ piece, n });
        }
        if (file) {
            fclose(file);
            CHECK(profit_of(buf_str(&text)) == instances[k].optimum);
        }
        buf_done(&text);
    }
}

static void test_checker_sees(void)
{
    static const char instance[] = "2 1 1\n0 0 2\n0 0 1\n1 0 5\n1 0 7\n";
    static const struct {
        const char *result;
        bool        good;
    } cases[] = {
        { "assignment 2 1 1\nstatus optimal\nprofit 7\nbound 7\norganisation 0 1 0\nadviser 0 1 5\n"
          "company 0 - 0 price 0\ncompany 1 0 2 best\n",
          true },
        // the wrong one, both, a price that proves nothing, a profit that is not there, cut short
        { "assignment 2 1 1\nstatus optimal\nprofit 5\nbound 5\norganisation 0 1 0\nadviser 0 1 5\n"
          "company 0 0 0 best\ncompany 1 - 2 price 0\n",
          false },
        { "assignment 2 1 1\nstatus optimal\nprofit 12\nbound 12\norganisation 0 2 0\nadviser 0 2 0\n"
          "company 0 0 5 best\ncompany 1 0 7 best\n",
          false },
        { "assignment 2 1 1\nstatus optimal\nprofit 7\nbound 7\norganisation 0 1 0\nadviser 0 1 4\n"
          "company 0 - 0 price 0\ncompany 1 0 2 best\n",
          false },
        { "assignment 2 1 1\nstatus optimal\nprofit 8\nbound 8\norganisation 0 1 0\nadviser 0 1 5\n"
          "company 0 - 0 price 0\ncompany 1 0 2 best\n",
          false },
        { "assignment 2 1 1\nstatus optimal\nprofit 7\nbound 7\norganisation 0 1 0\nadviser 0 1 5\n",
          false },
        { "assignment 2 1 1\nstatus impossible\nshortage 1\norganisation 0 - 0\nadviser 0 - 1\n",
          false },
    };

    for (size_t k = 0; k < LENGTH(cases); k++) {
        struct check_report report = check_report_init();
        check_assignment_text(str_of(instance), str_of(cases[k].result), &report);
        CHECK((report.faults == 0) == cases[k].good);
        check_report_done(&report);
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        { "", "nombre d’établissements" },
        { "1 1", "nombre de structures" },
        { "1 1 1\n0 2 1\n0 0 1\n0\n", "ligne 2, maximum de la structure" },
        { "1 1 1\n1 0 1\n0 0 1\n0\n", "numéro de la structure" },
        { "1 1 1\n0 0 1\n0 1 1\n0\n", "structure du conseiller" },
        { "1 1 1\n0 0 1\n0 0 1\n1 1 5\n", "ligne 4, conseiller d’une paire" },
        { "1 1 1\n0 0 1\n0 0 1\n2 0 5 0 6\n", "deux fois" },
        { "1 1 1\n0 0 1\n0 0 1\n1 0 5e3\n", "valeur d’une paire" },
        { "1 1 1\n0 0 1\n0 0 1\n1 0 5\n7\n", "fin du fichier" },
        { "1 1 1\n0 0 1\n0 0 1\n1 0 9999999999999999999999\n", "trop grand" },
        { "2000000 1 1\n", "trop court" },
    };
    struct buf why = buf_init(KIB(4));

    for (size_t k = 0; k < LENGTH(cases); k++) {
        struct assign_text    t;
        struct assign_problem p;
        buf_clear(&why);
        CHECK(!assign_text_read(str_of(cases[k].text), &t, &p, &why));
        bool named = str_find(buf_str(&why), str_of(cases[k].why)) < why.len;
        CHECK(named);
        if (!named) {
            printf("# %zu: %.*s\n", k, STR_ARG(buf_str(&why)));
        }
    }
    buf_done(&why);
}

int main(void)
{
    RUN(test_random);
    RUN(test_benchmark);
    RUN(test_checker_sees);
    RUN(test_forged_reasons);
    RUN(test_refusals);
    return tap_done();
}
