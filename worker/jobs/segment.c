#include "jobs/segment.h"

#include "base/clock.h"
#include "base/log.h"
#include "queries.h"
#include "segment/rule.h"

// A run gives way to the other periodic jobs after BUDGET_MS, and continues at the next.
enum { BATCH = 20000, WHOLE_FROM = 60000, BUDGET_MS = 5000 };

// A segment that this transaction has locked, its rule compiled.
struct held {
    int64_t     id, version, member_version;
    struct rule rule;
};

static bool done(struct result res)
{
    bool is_done = !res.err;
    result_done(&res);
    return is_done;
}

// ERR_NOT_FOUND when it is archived, gone, held by others, or its rule is not one of this program.
static enum err hold(struct job *job, int64_t id, struct result (*take)(struct db *db, int64_t id),
                     int first, struct held *ret)
{
    struct field_errors                why = { 0 };
    CLEANUP(result_done) struct result row = take(job->db, id);
    if (row.err) {
        return row.err;
    }
    if (result_count(&row) == 0) {
        return ERR_NOT_FOUND;
    }
    ret->id             = id;
    ret->version        = result_int(&row, 0, 0);
    ret->member_version = result_int(&row, 0, 2);
    if (!rule_compile(result_text(&row, 0, 1), first, job->arena, &ret->rule, &why)) {
        log_line(LOG_WARNING, "segment_rule", LOG_NUMBER("segment", id),
                 LOG_TEXT("field", why.first->field));
        return ERR_NOT_FOUND;
    }
    return OK;
}

// Makes the members of a segment what its rule keeps of the whole list.
static enum err apply(struct job *job, const struct held *s)
{
    struct query query   = rule_query(&query_member_fill, &s->rule, job->arena);
    bool         is_done = done(member_table(job->db)) && done(member_clear(job->db)) &&
                   done(db_run(job->db, &query, rule_params(NULL, 0, &s->rule, job->arena))) &&
                   done(member_apply(job->db, s->id, s->version));
    return is_done ? OK : db_error(job->db)->err;
}

// Notes what the rule keeps of the employers that changed; the rule is compiled behind the two
// parameters.
static enum err note_touched(struct job *job, const struct held *s)
{
    struct query query = rule_query(&query_segment_touched_only, &s->rule, job->arena);
    struct param own[] = { param_int8(s->id), param_int8(s->version) };
    return done(db_run(job->db, &query, rule_params(own, LENGTH(own), &s->rule, job->arena)))
               ? OK
               : db_error(job->db)->err;
}

enum err segment_refresh_run(struct job *job)
{
    struct held                       *s   = ARENA_NEW(job->arena, struct held);
    CLEANUP(result_done) struct result row = segment_of_job(job->db, job->id);
    if (row.err) {
        return row.err;
    }
    enum err e =
        result_count(&row) ? hold(job, result_int(&row, 0, 0), segment_hold, 1, s) : ERR_NOT_FOUND;
    if (e || s->member_version == s->version) { // done meanwhile
        return e == ERR_NOT_FOUND ? OK : e;
    }
    return apply(job, s);
}

// What one segment needs of itself: all of it, or only to be seen. In a transaction of its own.
static enum err look_at(struct job *job, int64_t id)
{
    struct held *s = ARENA_NEW(job->arena, struct held);
    enum err     e = db_begin(job->db);
    if (!e && !(e = hold(job, id, segment_hold_free, 1, s))) {
        if (s->member_version != s->version || s->rule.is_timed) {
            e = apply(job, s);
        } else {
            e = done(segment_seen(job->db, id, s->version)) ? OK : db_error(job->db)->err;
        }
    }
    if (e) {
        db_rollback(job->db);
        return e == ERR_NOT_FOUND ? OK : e;
    }
    return db_commit(job->db);
}

static enum err look_at_all(struct job *job)
{
    CLEANUP(result_done) struct result due = segments_due(job->db);
    enum err                           e   = due.err;
    int64_t                            end = clock_ms() + BUDGET_MS;
    for (int i = 0; !e && i < result_count(&due) && clock_ms() < end &&
                    !atomic_load(&job->worker->is_stopping);
         i++) {
        e = look_at(job, result_int(&due, i, 0));
    }
    return e;
}

// Every segment of which the touched employers may be members now, or no longer.
static enum err follow(struct job *job)
{
    CLEANUP(result_done) struct result kept      = segments_kept(job->db);
    enum err                           e         = kept.err;
    int64_t                            territory = 0;
    for (int i = 0; !e && i < result_count(&kept); i++) {
        struct held *s = ARENA_NEW(job->arena, struct held);
        e              = hold(job, result_int(&kept, i, 0), segment_hold, 3, s);
        if (e == ERR_NOT_FOUND) {
            e = OK;
            continue;
        }
        if (!e && territory != result_int(&kept, i, 1)) {
            territory = result_int(&kept, i, 1);
            e         = done(touched_lines_drop(job->db)) && done(touched_lines(job->db))
                            ? OK
                            : db_error(job->db)->err;
        }
        // One whose rule changed meanwhile is computed whole by the job of that change.
        if (!e && s->member_version == s->version) {
            e = note_touched(job, s);
        }
    }
    if (!e && !(done(touched_segment_measure(job->db)) && done(touched_now_measure(job->db)) &&
                done(touched_apply(job->db)))) {
        e = db_error(job->db)->err;
    }
    return e;
}

// Takes what is touched and what follows in one transaction: a worker that dies leaves it for the
// next.
static enum err follow_batch(struct job *job, int64_t *ret_taken)
{
    *ret_taken = 0;
    enum err e = db_begin(job->db);
    if (e) {
        return e;
    }
    if (!done(touched_table(job->db))) {
        e = db_error(job->db)->err;
    }
    if (!e) {
        CLEANUP(result_done) struct result taken = touched_take(job->db, BATCH);
        e                                        = taken.err;
        *ret_taken                               = e ? 0 : result_int(&taken, 0, 0);
    }
    if (!e && *ret_taken &&
        !(done(touched_measure(job->db)) && done(touched_blocks(job->db)) &&
          done(touched_blocks_measure(job->db)) && done(touched_segment_table(job->db)) &&
          done(touched_now_table(job->db)))) {
        e = db_error(job->db)->err;
    }
    if (!e && *ret_taken) {
        e = follow(job);
    }
    if (e) {
        db_rollback(job->db);
        return e;
    }
    return db_commit(job->db);
}

enum err segment_follow_run(struct job *job)
{
    int64_t taken = BATCH;
    {
        CLEANUP(result_done) struct result waiting = touched_count(job->db, WHOLE_FROM + 1);
        if (waiting.err) {
            return waiting.err;
        }
        if (result_int(&waiting, 0, 0) > WHOLE_FROM && !done(touched_all(job->db))) {
            return db_error(job->db)->err;
        }
        taken = result_int(&waiting, 0, 0);
    }
    enum err e = look_at_all(job);
    while (!e && taken > 0 && !atomic_load(&job->worker->is_stopping)) {
        e = follow_batch(job, &taken);
    }
    return e;
}
