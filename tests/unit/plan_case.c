// Cases in JSON: read, solved, told, and proved by the checker; refusals name the field.
#include "../unit/tap.h"

#include "check/assignment_json.h"
#include "plan/assign_case.h"

static uint64_t state;

static int below(int n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((state >> 33) % (uint64_t)n);
}

// Points as they are: none, few different ones, or more than a scaled problem can hold.
static void random_points(struct buf *b)
{
    int kind = below(24);

    if (kind < 2) {
        buf_printf(b, ",\"profit\":%d", below(3) - 1);
    } else if (kind == 2) {
        buf_printf(b, ",\"profit\":%lld", below(1000000000) * 499LL);
    }
}

static void random_pair(struct buf *b, int adviser)
{
    buf_printf(b, "{\"adviser\":%d,\"km\":%d,\"fruitful\":%d", adviser, below(60), below(8));
    buf_printf(b, ",\"needs\":%d", below(3));
    random_points(b);
    buf_printf(b, ",\"tension\":%d,\"lead\":%s", adviser % 6, adviser % 3 ? "false" : "true");
    buf_add(b, below(4) ? STR("") : STR(",\"known\":true"));
    buf_add(b, below(6) ? STR("") : STR(",\"excluded\":true"));
    buf_add(b, below(12) ? STR("") : STR(",\"promise\":true"));
    buf_add_char(b, '}');
}

static void random_establishment(struct buf *b, int advisers, int quotas)
{
    int locked = -1;

    buf_printf(b, "{\"potential\":%d,\"days\":%d,\"pairs\":[", below(8), below(900));
    int pairs = 0;
    for (int a = 0; a < advisers; a++) {
        if (below(2)) {
            buf_add(b, pairs++ ? STR(",") : STR(""));
            if (below(10) == 0) {
                locked = a;
                buf_printf(b, "{\"adviser\":%d}", a);
            } else {
                random_pair(b, a);
            }
        }
    }
    buf_add(b, STR("],\"quotas\":["));
    int in = 0;
    for (int q = 0; q < quotas; q++) {
        if (below(3) == 0) {
            buf_printf(b, "%s%d", in++ ? "," : "", q);
        }
    }
    buf_add_char(b, ']');
    if (locked >= 0) {
        buf_printf(b, ",\"lock\":%d", locked);
    } else if (below(10) == 0) {
        buf_add(b, below(2) ? STR(",\"opposition\":true") : STR(",\"rest\":true"));
    }
    if (below(3) == 0) {
        buf_printf(b, ",\"previous\":%d", below(advisers));
    }
    buf_add(b, below(40) ? STR("") : STR(",\"promise\":true"));
    buf_add_char(b, '}');
}

static void random_case(struct buf *b)
{
    int organisations = 1 + below(3), advisers = 1 + below(5), quotas = below(4), count = below(25);

    buf_clear(b);
    buf_add(b, STR("{\"organisations\":["));
    for (int o = 0; o < organisations; o++) {
        int lower = below(4) ? 0 : below(4);
        buf_printf(b, "%s{\"lower\":%d,\"upper\":%d}", o ? "," : "", lower, lower + below(12));
    }
    buf_add(b, STR("],\"advisers\":["));
    for (int a = 0; a < advisers; a++) {
        int lower = below(20) ? 0 : below(3), capacity = below(9) ? 3 + below(8) : lower;
        buf_printf(b, "%s{\"name\":\"A%d\",\"organisation\":%d,\"lower\":%d,\"capacity\":%d}",
                   a ? "," : "", a, below(organisations), lower, capacity);
    }
    buf_add(b, STR("],\"quotas\":["));
    for (int q = 0; q < quotas; q++) {
        buf_printf(b, "%s{\"least\":%d}", q ? "," : "", below(4));
    }
    buf_add(b, STR("],\"establishments\":["));
    for (int i = 0; i < count; i++) {
        buf_add(b, i ? STR(",") : STR(""));
        random_establishment(b, advisers, quotas);
    }
    buf_add(b, STR("]}"));
}

static void test_random_cases(void)
{
    enum { CASES = TAP_CASES(10000, 5000) };
    struct buf json = buf_init(MIB(1)), out = buf_init(MIB(1)), why = buf_init(KIB(4));
    int        optimal = 0, within = 0, none = 0, unmet = 0;

    state = 3;
    for (int k = 0; k < CASES; k++) {
        struct arena       *a      = arena_new();
        struct check_report report = check_report_init();
        struct assign_case  c;
        random_case(&json);
        bool read = case_read(a, buf_str(&json), &c, &why);
        CHECK(read);
        if (read) {
            struct assign *s = case_solve(&c);
            buf_clear(&out);
            case_write(&c, s, &out);
            check_assignment_json(buf_str(&json), buf_str(&out), &report);
            optimal += c.status == ASSIGN_OPTIMAL && !c.unmet && c.profit == c.bound;
            within += c.status == ASSIGN_OPTIMAL && !c.unmet && c.profit < c.bound;
            unmet += c.status == ASSIGN_OPTIMAL && c.unmet;
            none += c.status == ASSIGN_IMPOSSIBLE;
            assign_free(s);
        }
        CHECK(report.faults == 0);
        if (report.faults || !read) {
            printf("# case %d: %.*s%.*s\n", k, STR_ARG(buf_str(&report.lines)),
                   STR_ARG(buf_str(&why)));
            k = CASES;
        }
        check_report_done(&report);
        arena_free(a);
    }
    printf("# %d optimal, %d within a bound, %d unmet, %d impossible\n", optimal, within, unmet,
           none);
    CHECK(optimal > CASES / 3 && unmet < optimal / 10 && none > CASES / 30);
    buf_done(&json);
    buf_done(&out);
    buf_done(&why);
}

static void test_wrong_result(void)
{
    static const char instance[] =
        "{\"organisations\":[{}],\"advisers\":[{\"organisation\":0,\"capacity\":1}],"
        "\"establishments\":[{\"potential\":2,\"pairs\":[{\"adviser\":0}]},"
        "{\"potential\":5,\"pairs\":[{\"adviser\":0}]}]}";
    struct arena      *a   = arena_new();
    struct buf         out = buf_init(KIB(64)), why = buf_init(KIB(4));
    struct assign_case c;

    CHECK(case_read(a, str_of(instance), &c, &why));
    struct assign *s = case_solve(&c);
    case_write(&c, s, &out);
    // Every digit changed must be seen, but for those that are only words of a sentence or of
    // points.
    int seen = 0, tried = 0;
    for (size_t k = 0; k < out.len; k++) {
        if (out.at[k] >= '0' && out.at[k] <= '8' && out.at[k - 1] == ':') {
            struct check_report report = check_report_init();
            out.at[k]++;
            check_assignment_json(str_of(instance), buf_str(&out), &report);
            tried++;
            seen += report.faults > 0;
            check_report_done(&report);
            out.at[k]--;
        }
    }
    // Points are told again for the reader; a price within its range proves as much as another.
    CHECK(tried > 8 && seen >= tried - 3);
    assign_free(s);
    buf_done(&out);
    buf_done(&why);
    arena_free(a);
}

// Nadia is full of what pays more: the second establishment goes to Paul, the third to nobody.
static void test_forged_reasons(void)
{
    static const char instance[] =
        "{\"organisations\":[{\"name\":\"Cap emploi\"},{\"name\":\"Mission Locale\",\"upper\":1}],"
        "\"advisers\":[{\"name\":\"Nadia\",\"organisation\":0,\"capacity\":1},"
        "{\"name\":\"Paul\",\"organisation\":1,\"capacity\":5}],\"establishments\":["
        "{\"pairs\":[{\"adviser\":0,\"profit\":90},{\"adviser\":1,\"profit\":10}]},"
        "{\"pairs\":[{\"adviser\":0,\"profit\":80},{\"adviser\":1,\"profit\":50}]},"
        "{\"pairs\":[{\"adviser\":0,\"profit\":60},{\"adviser\":1,\"profit\":5}]}]}";
    static const struct {
        const char *told, *forged;
    } cases[]              = { { "\"reason\":\"full\",\"better\":0", "\"reason\":\"best\"" },
                               { "\"reason\":\"full\",\"better\":0", "\"reason\":\"share\",\"better\":0" },
                               { "\"reason\":\"full\",\"better\":0", "\"reason\":\"full\",\"better\":1" },
                               { "\"reason\":\"full\",\"better\":0", "\"reason\":\"lock\"" },
                               { "\"reason\":\"price\"", "\"reason\":\"worthless\"" },
                               { "\"reason\":\"price\"", "\"reason\":\"rest\"" },
                               { "\"reason\":\"best\"", "\"reason\":\"full\",\"better\":1" } };
    struct arena      *a   = arena_new();
    struct buf         out = buf_init(KIB(64)), why = buf_init(KIB(4)), forged = buf_init(KIB(64));
    struct assign_case c;

    CHECK(case_read(a, str_of(instance), &c, &why));
    struct assign *s = case_solve(&c);
    case_write(&c, s, &out);
    CHECK(str_find(buf_str(&out), STR("30 points de plus avec Cap emploi (Nadia), complet")) <
          out.len);
    for (size_t k = 0; k < LENGTH(cases); k++) {
        struct check_report report = check_report_init();
        size_t              at     = str_find(buf_str(&out), str_of(cases[k].told));
        CHECK(at < out.len);
        buf_clear(&forged);
        buf_add(&forged, str_sub(buf_str(&out), 0, at));
        buf_add(&forged, str_of(cases[k].forged));
        buf_add(&forged, str_sub(buf_str(&out), at + strlen(cases[k].told), out.len));
        check_assignment_json(str_of(instance), buf_str(&forged), &report);
        CHECK(report.faults == 1);
        check_report_done(&report);
    }
    assign_free(s);
    buf_done(&out);
    buf_done(&why);
    buf_done(&forged);
    arena_free(a);
}

// Two quotas that cross, one visit each, and only one visit to give beside the establishment that is
// in both, where nobody may go: the plan says which quota was left without, and how far.
static void test_quota_unmet(void)
{
    static const char instance[] =
        "{\"organisations\":[{}],\"advisers\":[{\"organisation\":0,\"capacity\":1}],"
        "\"quotas\":[{\"name\":\"Petits\",\"least\":1},{\"name\":\"Jamais vus\",\"least\":1}],"
        "\"establishments\":["
        "{\"quotas\":[0],\"days\":null,\"pairs\":[{\"adviser\":0,\"profit\":20}]},"
        "{\"quotas\":[0,1],\"opposition\":true,\"pairs\":[{\"adviser\":0,\"profit\":50}]},"
        "{\"quotas\":[1],\"days\":null,\"pairs\":[{\"adviser\":0,\"profit\":10}]}]}";
    static const char   told[] = "{\"name\":\"%s\",\"least\":1,\"visits\":%d,";
    struct arena       *a      = arena_new();
    struct buf          out = buf_init(KIB(64)), why = buf_init(KIB(4));
    struct check_report report = check_report_init(), forged = check_report_init();
    struct assign_case  c;
    char                text[64];

    CHECK(case_read(a, str_of(instance), &c, &why));
    struct assign *s = case_solve(&c);
    case_write(&c, s, &out);
    CHECK(c.status == ASSIGN_OPTIMAL && c.unmet == 1);
    CHECK(str_find(buf_str(&out), STR("\"status\":\"unmet\"")) < out.len);
    for (int32_t q = 0; q < 2; q++) {
        snprintf(text, sizeof text, told, q ? "Jamais vus" : "Petits", (int)c.quotas[q].visits);
        CHECK(str_find(buf_str(&out), str_of(text)) < out.len);
    }
    CHECK(c.quotas[0].visits + c.quotas[1].visits == 1);
    CHECK(str_find(buf_str(&out), STR("jamais contacté")) < out.len);
    check_assignment_json(str_of(instance), buf_str(&out), &report);
    CHECK(report.faults == 0);
    // Another number of visits than the plan has is refused.
    size_t at = str_find(buf_str(&out), STR("\"visits\":0,\"price\""));
    CHECK(at < out.len);
    if (at < out.len) {
        out.at[at + 9] = '1';
        check_assignment_json(str_of(instance), buf_str(&out), &forged);
        CHECK(forged.faults > 0);
    }
    check_report_done(&report);
    check_report_done(&forged);
    assign_free(s);
    buf_done(&out);
    buf_done(&why);
    arena_free(a);
}

// Three quotas that cross: one visit each of two of three establishments. Half of each would do for
// the prices, so that the bound stays above the best plan.
static void test_within(void)
{
    static const char instance[] =
        "{\"organisations\":[{}],\"advisers\":[{\"organisation\":0,\"capacity\":9}],"
        "\"quotas\":[{\"least\":1},{\"least\":1},{\"least\":1}],\"establishments\":["
        "{\"quotas\":[0,1],\"pairs\":[{\"adviser\":0,\"profit\":-10}]},"
        "{\"quotas\":[1,2],\"pairs\":[{\"adviser\":0,\"profit\":-10}]},"
        "{\"quotas\":[0,2],\"pairs\":[{\"adviser\":0,\"profit\":-10}]}]}";
    struct arena       *a   = arena_new();
    struct buf          out = buf_init(KIB(64)), why = buf_init(KIB(4));
    struct check_report report = check_report_init(), forged = check_report_init();
    struct assign_case  c;

    CHECK(case_read(a, str_of(instance), &c, &why));
    struct assign *s = case_solve(&c);
    case_write(&c, s, &out);
    CHECK(str_find(buf_str(&out), STR("\"status\":\"within\"")) < out.len);
    CHECK(c.status == ASSIGN_OPTIMAL && c.unmet == 0 && c.profit <= -20 && c.bound >= -20 &&
          c.profit < c.bound);
    check_assignment_json(str_of(instance), buf_str(&out), &report);
    CHECK(report.faults == 0);
    // A bound that says more than the prices is refused.
    size_t at = str_find(buf_str(&out), STR("\"bound\":-"));
    CHECK(at < out.len);
    if (at < out.len) {
        out.at[at + 9] = '9';
        check_assignment_json(str_of(instance), buf_str(&out), &forged);
        CHECK(forged.faults > 0);
    }
    printf("# profit %lld, bound %lld\n", (long long)c.profit, (long long)c.bound);
    check_report_done(&report);
    check_report_done(&forged);
    assign_free(s);
    buf_done(&out);
    buf_done(&why);
    arena_free(a);
}

static void test_refusals(void)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        { "", "JSON incorrect" },
        { "[]", "pas un objet" },
        { "{\"organisations\":3}", "organisations : une liste" },
        { "{\"organisations\":[{\"lower\":3,\"upper\":2}]}", "organisations[0].upper" },
        { "{\"advisers\":[{\"capacity\":2}]}", "advisers[0].organisation" },
        { "{\"organisations\":[{}],\"advisers\":[{\"organisation\":1}]}",
          "advisers[0].organisation" },
        { "{\"establishments\":[{\"pairs\":[{\"adviser\":0}]}]}",
          "establishments[0].pairs.adviser" },
        { "{\"establishments\":[{\"potential\":\"x\"}]}", "establishments[0].potential" },
        { "{\"establishments\":[{\"quotas\":[\"x\"]}]}", "establishments[0].quotas" },
        { "{\"weights\":{\"km\":1.5}}", "weights.km" },
        { "{\"weights\":{\"kms\":1}}", "weights.kms : champ inconnu" },
        { "{\"organisations\":[{\"most\":3}]}", "organisations[0].most : champ inconnu" },
        { "{\"establishment\":[]}", "establishment : champ inconnu" },
        { "{\"organisations\":[{}],\"advisers\":[{\"organisation\":0}],\"establishments\":"
          "[{\"lock\":0}]}",
          "establishments[0].lock" },
    };
    struct buf why = buf_init(KIB(4));

    for (size_t k = 0; k < LENGTH(cases); k++) {
        struct arena      *a = arena_new();
        struct assign_case c;
        buf_clear(&why);
        CHECK(!case_read(a, str_of(cases[k].json), &c, &why));
        bool named = str_find(buf_str(&why), str_of(cases[k].why)) < why.len;
        CHECK(named);
        if (!named) {
            printf("# %s: %.*s\n", cases[k].json, STR_ARG(buf_str(&why)));
        }
        arena_free(a);
    }
    buf_done(&why);
}

static bool holds_rule(const struct assign_case *c, enum case_rule_kind kind, int32_t index,
                       int32_t but)
{
    for (int32_t k = 0; k < c->conflict_count; k++) {
        if (k != but && c->conflict[k].kind == kind && c->conflict[k].index == index) {
            return true;
        }
    }
    return false;
}

// Without its lock, anybody may go who could, and whom the lock named too.
static void unlock(const struct assign_case *c, struct case_establishment *e)
{
    for (int32_t k = 0; k < e->count; k++) {
        e->pairs[k].excluded = !case_usable(c, e, k, -1) && e->pairs[k].adviser != e->lock;
    }
    for (int32_t k = 0; k < e->count; k++) {
        e->pairs[k].features.value[WORTH_PROMISE] = 0;
    }
    e->lock = -1;
}

// Whether the case has a plan under the rules of the conflict alone, but one.
static bool has_plan(struct str json, const struct assign_case *of, int32_t but)
{
    struct arena      *a   = arena_new();
    struct buf         why = buf_init(KIB(4));
    struct assign_case c;

    CHECK(case_read(a, json, &c, &why));
    for (int32_t o = 0; o < c.organisation_count; o++) {
        struct case_organisation *x = &c.organisations[o];
        x->lower = holds_rule(of, RULE_ORGANISATION_LEAST, o, but) ? x->lower : 0;
        x->upper = holds_rule(of, RULE_ORGANISATION_MOST, o, but) ? x->upper : 1000;
    }
    for (int32_t k = 0; k < c.adviser_count; k++) {
        struct case_adviser *x = &c.advisers[k];
        x->lower               = holds_rule(of, RULE_ADVISER_LEAST, k, but) ? x->lower : 0;
        x->capacity            = holds_rule(of, RULE_ADVISER_MOST, k, but) ? x->capacity : 1000;
    }
    for (int32_t q = 0; q < c.quota_count; q++) {
        c.quotas[q].least = holds_rule(of, RULE_QUOTA, q, but) ? c.quotas[q].least : 0;
    }
    for (int32_t i = 0; i < c.count; i++) {
        if (!holds_rule(of, RULE_LOCK, i, but)) {
            unlock(&c, &c.establishments[i]);
        }
    }
    struct assign *s  = case_solve(&c);
    bool           ok = c.status == ASSIGN_OPTIMAL;
    assign_free(s);
    buf_done(&why);
    arena_free(a);
    return ok;
}

static void test_conflict_is_irreducible(void)
{
    struct buf json = buf_init(MIB(1)), why = buf_init(KIB(4));
    int        conflicts = 0, rules = 0;

    state = 29;
    for (int k = 0; k < 400; k++) {
        struct arena      *a = arena_new();
        struct assign_case c;
        random_case(&json);
        CHECK(case_read(a, buf_str(&json), &c, &why));
        struct assign *s = case_solve(&c);
        if (c.status == ASSIGN_IMPOSSIBLE) {
            bool ok = c.conflict_count > 0 && !has_plan(buf_str(&json), &c, -1);
            for (int32_t r = 0; r < c.conflict_count; r++) {
                ok = ok && has_plan(buf_str(&json), &c, r);
            }
            CHECK(ok);
            conflicts++;
            rules += c.conflict_count;
        }
        assign_free(s);
        arena_free(a);
    }
    printf("# %d conflicts of %d rules in all\n", conflicts, rules);
    CHECK(conflicts > 50 && rules > conflicts);
    buf_done(&json);
    buf_done(&why);
}

static void test_conflict_is_named(void)
{
    static const char instance[] =
        "{\"organisations\":[{\"name\":\"Cap emploi\",\"lower\":2}],"
        "\"advisers\":[{\"name\":\"Nadia\",\"organisation\":0,\"capacity\":1}],"
        "\"establishments\":[{\"pairs\":[{\"adviser\":0}]},{\"pairs\":[{\"adviser\":0}]}]}";
    struct arena      *a   = arena_new();
    struct buf         out = buf_init(KIB(64)), why = buf_init(KIB(4));
    struct assign_case c;

    CHECK(case_read(a, str_of(instance), &c, &why));
    struct assign *s = case_solve(&c);
    case_write(&c, s, &out);
    CHECK(c.status == ASSIGN_IMPOSSIBLE);
    CHECK(str_find(buf_str(&out), STR("minimum de Cap emploi")) < out.len);
    CHECK(str_find(buf_str(&out), STR("capacité de Nadia")) < out.len);
    assign_free(s);
    buf_done(&out);
    buf_done(&why);
    arena_free(a);
}

int main(void)
{
    RUN(test_random_cases);
    RUN(test_wrong_result);
    RUN(test_forged_reasons);
    RUN(test_within);
    RUN(test_quota_unmet);
    RUN(test_refusals);
    RUN(test_conflict_is_named);
    RUN(test_conflict_is_irreducible);
    return tap_done();
}
