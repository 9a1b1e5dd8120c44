#include "jobs/tour.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "queries.h"
#include "routing.h"
#include "week/week_rows.h"

enum {
    TELL_MS    = 300,
    ONE_MS     = 350,   // of search, for one member
    AGAIN_MS   = 100,   // around one change
    EACH_MS    = 300,   // for each member of a team
    TEAM_MS    = 10000, // at most
    PLAN_BYTES = MIB(8),
};

// A suggestion in the making.
struct making {
    struct job      *job;
    int64_t          tour, revision;
    bool             is_again, is_given_up;
    int64_t          began, told, budget;
    struct week      week;
    struct week_plan plan;
    struct str       travel;
};

static enum err read_week(struct making *m)
{
    CLEANUP(result_done) struct result days = tour_days(m->job->db, m->tour);
    if (days.err) {
        return days.err;
    }
    CLEANUP(result_done) struct result jobs = tour_jobs(m->job->db, m->tour);
    if (!jobs.err) {
        week_read_days(&days, m->job->arena, &m->week);
        week_read_wishes(&jobs, m->job->arena, &m->week);
    }
    return jobs.err;
}

// --- the plan out -------------------------------------------------------------------------------

static void write_number(struct buf *out, const char *name, int64_t value, bool is_known)
{
    buf_printf(out, ",\"%s\":", name);
    if (is_known) {
        buf_add_int(out, value);
    } else {
        buf_add(out, STR("null"));
    }
}

// What every line says, whether it stands or not.
static void write_wish(const struct making *m, struct buf *out, int32_t wish)
{
    static const char *const kinds[] = { "visit", "promise", "nearby" };
    const struct week_wish  *x       = &m->week.wishes[wish];
    buf_printf(out, "%s{\"kind\":\"%s\",\"locked\":%s", out->len > 1 ? "," : "", kinds[x->kind],
               x->is_locked ? "true" : "false");
    write_number(out, "establishment", x->establishment, true);
    write_number(out, "visit", x->visit, x->visit > 0);
    write_number(out, "promise", x->promise, x->promise > 0);
    write_number(out, "minutes", x->service / 60, true);
    write_number(out, "worth", x->worth, true);
}

static struct str write_lines(const struct making *m)
{
    struct buf out = buf_init(PLAN_BYTES);
    buf_add_char(&out, '[');
    for (int32_t i = 0; i < m->plan.stop_count; i++) {
        const struct week_stop *s = &m->plan.stops[i];
        write_wish(m, &out, s->wish);
        write_number(&out, "member", s->member, true);
        write_number(&out, "at", s->at, true);
        write_number(&out, "position", s->position, s->position > 0);
        write_number(&out, "way", s->way, s->position > 0);
        write_number(&out, "metres", s->metres, s->position > 0);
        write_number(&out, "late", (s->late + 59) / 60, s->late > 0);
        buf_add_char(&out, '}');
    }
    for (int32_t i = 0; i < m->plan.left_count; i++) {
        const struct week_left *l = &m->plan.left[i];
        write_wish(m, &out, l->wish);
        write_number(&out, "member", m->week.wishes[l->wish].member,
                     m->week.wishes[l->wish].member > 0);
        write_number(&out, "cost", l->cost, l->cost >= 0);
        buf_printf(&out, ",\"left_reason\":\"%.*s\"}", STR_ARG(week_reason_code(l->reason)));
    }
    buf_add_char(&out, ']');
    struct str text = arena_str(m->job->arena, buf_str(&out));
    buf_done(&out);
    return text;
}

static struct str write_days(const struct making *m)
{
    struct buf out = buf_init(MIB(1));
    buf_add_char(&out, '[');
    for (int32_t i = 0; i < m->week.day_count; i++) {
        const struct week_round *d = &m->plan.rounds[i];
        if (d->visits == 0) {
            continue;
        }
        buf_printf(&out, "%s{\"member\":%lld", out.len > 1 ? "," : "",
                   (long long)m->week.days[i].member);
        write_number(&out, "day", m->week.days[i].day, true);
        write_number(&out, "leaves", d->leaves, true);
        write_number(&out, "returns", d->returns, true);
        write_number(&out, "way", d->way, true);
        write_number(&out, "metres", d->metres, true);
        write_number(&out, "visits", d->visits, true);
        buf_add_char(&out, '}');
    }
    buf_add_char(&out, ']');
    struct str text = arena_str(m->job->arena, buf_str(&out));
    buf_done(&out);
    return text;
}

// --- the work -----------------------------------------------------------------------------------

// Asked by the search now and then: tells how far it is, and hears that nobody waits any longer.
static bool is_over(void *context)
{
    struct making *m   = context;
    int64_t        now = clock_ms(), spent = now - m->began;
    if (atomic_load(&m->job->worker->is_stopping)) {
        return true;
    }
    if (now - m->told >= TELL_MS) {
        int64_t percent = spent * 100 / (m->budget + 1);
        m->told         = now;
        CLEANUP(result_done)
        struct result asked =
            tour_step(m->job->db, m->tour, m->revision, (int32_t)(percent < 99 ? percent : 99));
        m->is_given_up = !asked.err && !result_bool(&asked, 0, 0);
    }
    return m->is_given_up || spent > 2 * m->budget;
}

static void ask_ways(struct making *m)
{
    int32_t                  count  = 0;
    const struct week_place *places = week_places(&m->week, m->job->arena, &count);
    m->travel                       = STR("estimate");
    if (str_is_empty(m->job->worker->routing) || count == 0) {
        return;
    }
    struct routing_table table;
    if (routing_ask(m->job->worker->routing, places, count, m->job->arena,
                    &m->job->worker->is_stopping, &table)) {
        m->week.seconds = table.seconds;
        m->week.metres  = table.metres;
        m->travel       = STR("matrix");
    } else {
        log_line(LOG_WARNING, "routing_lost", LOG_NUMBER("tour", m->tour),
                 LOG_NUMBER("places", count));
    }
}

static enum err plan(struct making *m, int64_t members)
{
    int64_t  team = members * EACH_MS < TEAM_MS ? members * EACH_MS : TEAM_MS;
    enum err e    = read_week(m);
    if (e) {
        return e;
    }
    ask_ways(m);
    m->budget                   = m->is_again ? AGAIN_MS : members > 1 ? team : ONE_MS;
    struct tour_options options = {
        .seed    = 1,
        .work    = (double)m->budget / 1000 * tour_work_rate(),
        .stop    = is_over,
        .context = m,
    };
    const char *refusal = week_solve(&m->week, &options, m->job->arena, &m->plan);
    if (refusal) {
        CLEANUP(result_done)
        struct result told = tour_fail(m->job->db, m->tour, m->revision, str_of(refusal));
        return told.err;
    }
    if (atomic_load(&m->job->worker->is_stopping)) {
        return ERR_UNAVAILABLE; // another worker begins it anew
    }
    if (m->is_given_up) {
        return OK;
    }
    CLEANUP(result_done)
    struct result kept =
        tour_settle(m->job->db, m->tour, m->revision, write_lines(m), write_days(m),
                    (int32_t)(clock_ms() - m->began), m->plan.moved, m->travel);
    return kept.err;
}

enum err tour_plan_run(struct job *job)
{
    int64_t                            now   = clock_ms();
    CLEANUP(result_done) struct result begun = tour_begin(job->db, job->id);
    if (begun.err || result_count(&begun) == 0) {
        return begun.err; // nobody waits for it
    }
    struct making m = {
        .job      = job,
        .tour     = result_int(&begun, 0, 0),
        .revision = result_int(&begun, 0, 1),
        .is_again = result_bool(&begun, 0, 3),
        .began    = now,
        .told     = now,
    };
    return plan(&m, result_int(&begun, 0, 2));
}

enum err tour_purge_run(struct job *job)
{
    CLEANUP(result_done) struct result gone = tour_purge(job->db);
    return gone.err;
}
