#include "jobs/plan.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "import/copyline.h"
#include "jobs/plan_case.h"
#include "plan/assign_why.h"
#include "queries.h"
#include "segment/rule.h"

enum progress { HAS_RULES = 15, HAS_FACTS = 35, HAS_CASE = 45, HAS_PLAN = 80 };
enum { TELL_MS = 300, MEMBERS_MOST = 250000, TOLD_MOST = MIB(32) };

struct scenario {
    struct job       *job;
    int64_t           id;
    struct plan_input in;
    int               ordinal[WORTH_COUNT]; // place of each component in the table; 0: not there
    struct str        ids;                  // of the candidates, as an array
    int64_t           told_at;              // when its progress was last told
    enum err          end;                  // why the engine was told to give up
};

// A candidate and the partner that leads on the segment it comes from.
struct member {
    int64_t  id;
    uint64_t lead;
};

static enum err outcome(struct result res)
{
    enum err e = res.err;
    result_done(&res);
    return e;
}

// ERR_CONFLICT when it was cancelled.
static enum err step(struct scenario *s, int percent)
{
    s->told_at                               = clock_ms();
    CLEANUP(result_done) struct result still = plan_scenario_step(s->job->db, s->id, percent);
    if (still.err) {
        return still.err;
    }
    return result_bool(&still, 0, 0) ? OK : ERR_CONFLICT;
}

// Asked by the engine now and then. A worker that stops leaves the scenario to another.
static bool goes_on(void *context, int percent)
{
    struct scenario     *s      = context;
    const struct worker *worker = s->job->worker; // the administration command has none

    if (worker && atomic_load(&worker->is_stopping)) {
        s->end = ERR_UNAVAILABLE;
    } else if (clock_ms() - s->told_at >= TELL_MS) {
        s->end = step(s, HAS_CASE + (HAS_PLAN - HAS_CASE) * percent / 100);
    }
    return s->end == OK;
}

// --- reading
// ---------------------------------------------------------------------------------------

static enum err read_partners(struct scenario *s)
{
    CLEANUP(result_done) struct result rows = plan_partners(s->job->db, s->id);
    if (rows.err) {
        return rows.err;
    }
    s->in.partner_count = result_count(&rows) < PLAN_PARTNERS ? result_count(&rows) : PLAN_PARTNERS;
    s->in.partners      = ARENA_ARRAY(s->in.arena, struct plan_partner, PLAN_PARTNERS);
    for (int i = 0; i < s->in.partner_count; i++) {
        s->in.partners[i] = (struct plan_partner){
            .id    = result_int(&rows, i, 0),
            .name  = arena_str(s->in.arena, result_text(&rows, i, 1)),
            .fit   = (int)result_int(&rows, i, 2),
            .least = result_int(&rows, i, 3),
            .most  = result_int(&rows, i, 4),
        };
    }
    return OK;
}

static int32_t partner_place(const struct scenario *s, int64_t id)
{
    for (int32_t p = 0; p < s->in.partner_count; p++) {
        if (s->in.partners[p].id == id) {
            return p;
        }
    }
    return -1;
}

static enum err read_advisers(struct scenario *s)
{
    CLEANUP(result_done) struct result rows = plan_advisers(s->job->db, s->id);
    if (rows.err) {
        return rows.err;
    }
    s->in.advisers = ARENA_ARRAY(s->in.arena, struct plan_adviser, (size_t)result_count(&rows) + 1);
    for (int i = 0; i < result_count(&rows); i++) {
        int32_t partner = partner_place(s, result_int(&rows, i, 1));
        if (partner < 0) {
            continue;
        }
        s->in.advisers[s->in.adviser_count++] = (struct plan_adviser){
            .id      = result_int(&rows, i, 0),
            .name    = arena_str(s->in.arena, result_text(&rows, i, 2)),
            .partner = partner,
            .lon     = result_is_null(&rows, i, 3) ? NAN : result_double(&rows, i, 3),
            .lat     = result_is_null(&rows, i, 4) ? NAN : result_double(&rows, i, 4),
            .visits  = result_int(&rows, i, 5),
        };
    }
    return OK;
}

static enum err read_weights(struct scenario *s)
{
    CLEANUP(result_done) struct result rows = plan_weights(s->job->db, s->id);
    if (rows.err) {
        return rows.err;
    }
    s->in.weights = (struct assign_weights){ { 0 } };
    for (int i = 0; i < result_count(&rows); i++) {
        for (int c = 0; c < WORTH_GIVEN; c++) {
            if (str_eq(assign_component_name((enum assign_component)c), result_text(&rows, i, 1))) {
                s->in.weights.points[c] = result_int(&rows, i, 2);
                s->ordinal[c]           = (int)result_int(&rows, i, 0);
            }
        }
    }
    return OK;
}

static enum err read_rules(struct scenario *s)
{
    CLEANUP(result_done) struct result row      = plan_rule_figures(s->job->db, s->id);
    CLEANUP(result_done) struct result communes = { 0 };
    if (row.err) {
        return row.err;
    }
    s->in.never_visited = result_int(&row, 0, 0);
    s->in.small         = result_int(&row, 0, 1);
    s->in.each_commune  = result_int(&row, 0, 2);
    s->in.km_most       = result_int(&row, 0, 3);
    if (s->in.each_commune == 0) {
        return OK;
    }
    communes = plan_communes(s->job->db, s->id);
    if (communes.err) {
        return communes.err;
    }
    s->in.commune_count = result_count(&communes);
    s->in.communes = ARENA_ARRAY(s->in.arena, struct plan_commune, (size_t)s->in.commune_count + 1);
    for (int i = 0; i < s->in.commune_count; i++) {
        s->in.communes[i].number = (int32_t)result_int(&communes, i, 0);
        s->in.communes[i].name   = arena_str(s->in.arena, result_text(&communes, i, 1));
    }
    return OK;
}

// Those whom one rule keeps, as the segment's own organisation sees them.
static enum err add_members(struct scenario *s, int64_t segment, struct str json, uint64_t lead,
                            struct buf *members)
{
    struct rule        *rule = ARENA_NEW(s->in.arena, struct rule);
    struct field_errors why  = { 0 };
    if (!rule_compile(json, 1, s->in.arena, rule, &why)) {
        s->job->why = STR("the rule of a segment is not one of this program");
        return ERR_INVALID;
    }
    enum err e = outcome(plan_speak(s->job->db, segment));
    if (e) {
        return e;
    }
    struct query query = rule_query(&query_plan_members, rule, s->in.arena);
    CLEANUP(result_done)
    struct result rows = db_run(s->job->db, &query, rule_params(NULL, 0, rule, s->in.arena));
    for (int i = 0; i < (rows.err ? 0 : result_count(&rows)); i++) {
        struct member m = { result_int(&rows, i, 0), lead };
        buf_add(members, (struct str){ (const char *)&m, sizeof m });
    }
    return rows.err;
}

static int by_id(const void *x, const void *y)
{
    const struct member *a = x, *b = y;
    return a->id < b->id ? -1 : a->id > b->id;
}

// The members of all segments, each once, and the array of their numbers.
static enum err gather(struct scenario *s, struct buf *members, struct member **ret,
                       size_t *ret_count)
{
    enum { DIGITS = 20 };
    size_t         n = members->len / sizeof(struct member), kept = 0;
    struct member *all = ARENA_ARRAY(s->in.arena, struct member, n + 1);
    struct buf     ids = buf_init((n + 1) * (DIGITS + 1));

    memcpy(all, buf_str(members).at ? buf_str(members).at : "", n * sizeof *all);
    qsort(all, n, sizeof *all, by_id);
    buf_add_char(&ids, '{');
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && all[kept - 1].id == all[i].id) {
            all[kept - 1].lead |= all[i].lead;
            continue;
        }
        all[kept++] = all[i];
        buf_add(&ids, kept > 1 ? STR(",") : STR(""));
        buf_add_int(&ids, all[i].id);
    }
    buf_add_char(&ids, '}');
    s->ids = arena_str(s->in.arena, buf_str(&ids));
    buf_done(&ids);
    *ret       = all;
    *ret_count = kept;
    if (kept > MEMBERS_MOST) {
        s->job->why = STR("the segments keep more employers than a plan can hold");
        return ERR_INVALID;
    }
    return OK;
}

// Segments are asked in a transaction of their own, which speaks as their organisations.
static enum err read_members(struct scenario *s, struct member **ret, size_t *ret_count)
{
    struct buf members =
        buf_init(SIZE_MAX / 2); // as many as there are: they come from the database
    enum err e = db_begin(s->job->db);
    if (!e) {
        CLEANUP(result_done) struct result rules = plan_rules(s->job->db, s->id);
        e                                        = rules.err;
        for (int i = 0; !e && i < result_count(&rules); i++) {
            int32_t lead = partner_place(s, result_int(&rules, i, 2));
            e            = add_members(s, result_int(&rules, i, 0), result_text(&rules, i, 1),
                            lead < 0 ? 0 : UINT64_C(1) << lead, &members);
        }
    }
    db_rollback(s->job->db);
    e = e ? e : gather(s, &members, ret, ret_count);
    buf_done(&members);
    return e;
}

static enum err read_facts(struct scenario *s, const struct member *members, size_t count)
{
    CLEANUP(result_done) struct result rows = plan_facts(s->job->db, s->id, s->ids);
    if (rows.err) {
        return rows.err;
    }
    size_t m = 0;
    s->in.candidates =
        ARENA_ARRAY(s->in.arena, struct plan_candidate, (size_t)result_count(&rows) + 1);
    s->in.candidate_count = result_count(&rows);
    for (int i = 0; i < s->in.candidate_count; i++) {
        struct plan_candidate *c = &s->in.candidates[i];
        *c                       = (struct plan_candidate){
                                  .id        = result_int(&rows, i, 0),
                                  .lon       = (int32_t)result_int(&rows, i, 1),
                                  .lat       = (int32_t)result_int(&rows, i, 2),
                                  .potential = (int32_t)result_int(&rows, i, 3),
                                  .needs     = (int32_t)result_int(&rows, i, 4),
                                  .silence   = (int32_t)result_int(&rows, i, 5),
                                  .tension   = (int32_t)result_int(&rows, i, 6),
                                  .is_first  = result_bool(&rows, i, 7),
                                  .is_small  = result_bool(&rows, i, 8),
                                  .commune   = (int32_t)result_int(&rows, i, 9),
                                  .fits      = (int32_t)result_int(&rows, i, 10),
                                  .state     = arena_str(s->in.arena, result_text(&rows, i, 11)),
                                  .why       = arena_str(s->in.arena, result_text(&rows, i, 12)),
                                  .previous  = result_int(&rows, i, 13),
        };
        while (m < count && members[m].id < c->id) {
            m++;
        }
        c->lead = m < count && members[m].id == c->id ? members[m].lead : 0;
    }
    return OK;
}

static enum err read_ties(struct scenario *s)
{
    CLEANUP(result_done) struct result rows = plan_ties(s->job->db, s->id, s->ids);
    if (rows.err) {
        return rows.err;
    }
    int32_t at = 0;
    s->in.ties = ARENA_ARRAY(s->in.arena, struct plan_tie, (size_t)result_count(&rows) + 1);
    for (int i = 0; i < result_count(&rows); i++) {
        int64_t id      = result_int(&rows, i, 0);
        int32_t partner = partner_place(s, result_int(&rows, i, 1));
        while (at < s->in.candidate_count && s->in.candidates[at].id < id) {
            at++;
        }
        if (partner >= 0 && at < s->in.candidate_count && s->in.candidates[at].id == id) {
            s->in.ties[s->in.tie_count++] =
                (struct plan_tie){ at, partner, (int32_t)result_int(&rows, i, 2),
                                   result_bool(&rows, i, 3) };
        }
    }
    return OK;
}

static enum err read_all(struct scenario *s)
{
    struct member *members = NULL;
    size_t         count   = 0;
    enum err       e       = read_partners(s);
    e                      = e ? e : read_advisers(s);
    e                      = e ? e : read_weights(s);
    e                      = e ? e : read_rules(s);
    e                      = e ? e : read_members(s, &members, &count);
    e                      = e ? e : step(s, HAS_RULES);
    e                      = e ? e : read_facts(s, members, count);
    e                      = e ? e : read_ties(s);
    return e ? e : step(s, HAS_FACTS);
}

// --- writing
// ---------------------------------------------------------------------------------------

static void add_points(const struct scenario *s, const struct case_pair *p, struct buf *line)
{
    int64_t component[WORTH_COUNT], by_ordinal[PLAN_COMPONENTS] = { 0 };
    int     most = 0;

    assign_worth_of(&p->features, &s->in.weights, component);
    for (int c = 0; c < WORTH_GIVEN; c++) {
        int at = s->ordinal[c];
        if (at > 0 && at < PLAN_COMPONENTS) {
            by_ordinal[at] = component[c];
            most           = at > most ? at : most;
        }
    }
    copy_begin(line);
    copy_piece(line, STR("{"));
    for (int k = 1; k <= most; k++) {
        char number[24];
        snprintf(number, sizeof number, "%s%lld", k > 1 ? "," : "", (long long)by_ordinal[k]);
        copy_piece(line, str_of(number));
    }
    copy_piece(line, STR("}"));
}

// Where candidate i stands, as a line of COPY.
static void add_line(const struct scenario *s, const struct assign_case *c,
                     const struct assign *solved, int32_t i, int32_t place, struct buf *why,
                     struct buf *out)
{
    const struct plan_candidate *from = &s->in.candidates[i];
    const struct case_pair      *pair = NULL;
    struct case_told             told = { -1, -1, 0, from->state };

    if (place >= 0) {
        told = case_tell(c, solved, place, why);
        pair = told.adviser < 0 ? NULL : case_pair_of(&c->establishments[place], told.adviser);
    }
    copy_int(out, from->id);
    if (pair) {
        const struct plan_adviser *a = &s->in.advisers[told.adviser];
        copy_int(out, s->in.partners[a->partner].id);
        copy_int(out, a->id);
        copy_int(out, told.profit);
        copy_int(out, pair->features.value[WORTH_TRAVEL]);
    } else {
        copy_null(out);
        copy_null(out);
        copy_int(out, 0);
        copy_null(out);
    }
    copy_bool(out, from->is_first);
    copy_bool(out, from->is_small);
    copy_text(out, told.reason);
    if (pair) {
        add_points(s, pair, out);
    } else {
        copy_null(out);
    }
    copy_text(out, place >= 0 ? buf_str(why) : from->why);
    copy_end(out);
}

static enum err write_lines(struct scenario *s, const struct assign_case *c,
                            const struct assign *solved, const int32_t *place)
{
    struct buf out = buf_init(KIB(256)), why = buf_init(KIB(1));
    enum err   e = outcome(plan_stage(s->job->db));
    if (!e) {
        e = db_copy_open(s->job->db, &query_plan_load);
    }
    bool is_open = !e;
    for (int32_t i = 0; !e && i < s->in.candidate_count; i++) {
        add_line(s, c, solved, i, place[i], &why, &out);
        if (out.len >= KIB(128)) {
            e = db_copy_write(s->job->db, buf_str(&out));
            buf_clear(&out);
        }
    }
    if (!e) {
        e = db_copy_write(s->job->db, buf_str(&out));
    }
    if (is_open) {
        enum err closed = db_copy_close(s->job->db, e != OK, NULL);
        e               = e ? e : closed;
    }
    buf_done(&why);
    buf_done(&out);
    return e ? e : outcome(plan_keep(s->job->db, s->id));
}

// Price of the arc of a node alone: what one unit more of its bound would bring.
static int64_t price_of(const struct assign *solved, int32_t node)
{
    return assign_price(solved, node) -
           assign_price(solved, assign_problem_of(solved)->parent[node]);
}

static void tell_sharers(const struct scenario *s, const struct assign_case *c,
                         const struct assign *solved, struct buf *out)
{
    buf_add(out, STR(",\"organisations\":["));
    for (int32_t p = 0; p < c->organisation_count; p++) {
        const struct case_organisation *o        = &c->organisations[p];
        int64_t                         capacity = 0;
        for (int32_t a = 0; a < c->adviser_count; a++) {
            capacity += c->advisers[a].organisation == p ? c->advisers[a].capacity : 0;
        }
        buf_printf(
            out,
            "%s{\"organisation\":%lld,\"least\":%lld,\"most\":%lld,\"capacity\":%lld,\"price\":%lld}",
            p ? "," : "", (long long)s->in.partners[p].id, (long long)o->lower,
            (long long)(o->upper < ASSIGN_COUNT_MAX ? o->upper : capacity), (long long)capacity,
            (long long)price_of(solved, o->node));
    }
    buf_add(out, STR("],\"advisers\":["));
    for (int32_t a = 0; a < c->adviser_count; a++) {
        const struct case_adviser *o = &c->advisers[a];
        buf_printf(out, "%s{\"member\":%lld,\"name\":", a ? "," : "",
                   (long long)s->in.advisers[a].id);
        buf_add_json(out, o->name);
        buf_printf(out, ",\"organisation\":%lld,\"capacity\":%lld,\"visits\":%lld,\"price\":%lld}",
                   (long long)s->in.partners[o->organisation].id, (long long)o->capacity,
                   (long long)assign_flow(solved, o->node), (long long)price_of(solved, o->node));
    }
    buf_add(out, STR("],\"quotas\":["));
    bool any = false;
    for (int32_t q = 0; q < c->quota_count; q++) {
        const struct case_quota *quota = &c->quotas[q];
        if (quota->price > 0 || quota->visits < quota->least ||
            (q + 2 >= c->quota_count && quota->least > 0)) {
            buf_add(out, any ? STR(",{\"name\":") : STR("{\"name\":"));
            buf_add_json(out, quota->name);
            buf_printf(out, ",\"least\":%lld,\"visits\":%lld,\"price\":%lld}",
                       (long long)quota->least, (long long)quota->visits, (long long)quota->price);
            any = true;
        }
    }
    buf_add_char(out, ']');
}

static void tell_conflict(const struct assign_case *c, struct buf *out)
{
    struct buf rule = buf_init(KIB(1));

    buf_add(out, STR(",\"conflict\":["));
    for (int32_t k = 0; k < c->conflict_count; k++) {
        buf_clear(&rule);
        case_tell_rule(c, c->conflict[k], &rule);
        buf_add(out, k ? STR(",") : STR(""));
        buf_add_json(out, buf_str(&rule));
    }
    buf_add_char(out, ']');
    buf_done(&rule);
}

// The figures that only the engine knows; those of the lines are counted from them.
static void tell(const struct scenario *s, const struct assign_case *c, const struct assign *solved,
                 struct buf *out)
{
    buf_printf(out, "{\"expected\":%lld", (long long)plan_case_expected(&s->in));
    if (c->status != ASSIGN_OPTIMAL) {
        tell_conflict(c, out);
    } else {
        buf_printf(out, ",\"status\":\"%s\",\"profit\":%lld,\"bound\":%lld",
                   c->unmet                ? "unmet"
                   : c->profit == c->bound ? "optimal"
                                           : "within",
                   (long long)c->profit, (long long)c->bound);
        tell_sharers(s, c, solved, out);
    }
    buf_add_char(out, '}');
}

static enum err finish(struct scenario *s, struct str told)
{
    CLEANUP(result_done) struct result kept = plan_scenario_done(s->job->db, s->id, told);
    if (kept.err) {
        return kept.err;
    }
    return result_bool(&kept, 0, 0) ? db_commit(s->job->db) : ERR_CONFLICT;
}

static enum err write_all(struct scenario *s, const struct assign_case *c,
                          const struct assign *solved, const int32_t *place)
{
    struct buf told = buf_init(TOLD_MOST);
    enum err   e    = db_begin(s->job->db);
    tell(s, c, solved, &told);
    if (!e && c->status == ASSIGN_OPTIMAL) {
        e = write_lines(s, c, solved, place);
    }
    e = e ? e : finish(s, buf_str(&told));
    buf_done(&told);
    db_rollback(s->job->db);
    return e;
}

// Nobody has an hour: said as the conflict that it is, without asking the engine.
static enum err refuse_empty(struct scenario *s)
{
    enum err e = db_begin(s->job->db);
    e = e ? e : finish(s, STR("{\"expected\":0,\"conflict\":[\"aucun conseiller n’a d’heures\"]}"));
    db_rollback(s->job->db);
    return e;
}

static enum err compute(struct scenario *s)
{
    struct assign_case c;
    int32_t           *place;
    enum err           e = read_all(s);
    if (e || s->in.adviser_count == 0) {
        return e ? e : refuse_empty(s);
    }
    plan_case_make(&s->in, &c, &place);
    if ((e = step(s, HAS_CASE))) {
        return e;
    }
    c.go_on               = goes_on;
    c.context             = s;
    struct assign *solved = case_solve(&c);
    e                     = s->end ? s->end : step(s, HAS_PLAN);
    e                     = e ? e : write_all(s, &c, solved, place);
    assign_free(solved);
    return e;
}

enum err plan_scenario_run(struct job *job)
{
    struct scenario *s = ARENA_NEW(job->arena, struct scenario);
    *s                 = (struct scenario){ .job = job, .in = { .arena = job->arena } };
    CLEANUP(result_done) struct result of = plan_scenario_of(job->db, job->id);
    if (of.err || result_count(&of) == 0) {
        return of.err;
    }
    s->id                                   = result_int(&of, 0, 0);
    CLEANUP(result_done) struct result plan = plan_scenario_begin(job->db, s->id);
    if (plan.err || result_is_null(&plan, 0, 0)) {
        return plan.err; // cancelled, or done by an attempt whose end was not heard of
    }
    enum err e = compute(s);
    if (e == ERR_CONFLICT) {
        return OK; // cancelled meanwhile
    }
    if (e && e != ERR_UNAVAILABLE) {
        db_error_log(job->db);
        enum err failed = outcome(plan_scenario_failed(job->db, s->id));
        log_line(LOG_ERROR, "plan_scenario_failed", LOG_NUMBER("scenario", s->id),
                 LOG_TEXT("error", job->why.len ? job->why : err_code(e)));
        return failed;
    }
    return e;
}
