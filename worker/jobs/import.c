#include "jobs/import.h"

#include "base/clock.h"
#include "base/log.h"
#include "import/partner.h"
#include "queries.h"

enum { TELL_MS = 300 };

// Tells where the work stands through a connection of its own: the job's transaction shows nothing
// before its end.
struct beside {
    const struct worker *worker;
    struct db           *db;
    int64_t              file;
    int64_t              told_at;
    const char          *step;
};

static bool tell(void *context, const char *step, uint64_t done, uint64_t total)
{
    struct beside *b   = context;
    int64_t        now = clock_ms();

    if (atomic_load(&b->worker->is_stopping)) {
        return false;
    }
    if (b->step && strcmp(b->step, step) == 0 && now - b->told_at < TELL_MS) {
        return true;
    }
    b->step    = step;
    b->told_at = now;
    CLEANUP(result_done)
    struct result asked = import_step(b->db, b->file, str_of(step), (int64_t)done, (int64_t)total);
    return asked.err || !result_bool(&asked, 0, 0); // what is only told may be lost
}

// Does one kind of work on the file that the job names.
static enum err work(struct job *job, bool is_preview)
{
    struct partner_report              report  = { 0 };
    struct import_problem              problem = { 0 };
    CLEANUP(result_done) struct result file    = import_file(job->db, job->id);
    if (file.err) {
        return file.err;
    }
    if (result_is_null(&file, 0, 0)) {
        job->why = STR("the job names no file");
        return ERR_INVALID;
    }
    struct beside beside = {
        .worker = job->worker,
        .db     = db_open(job->worker->db, "maillage-worker progress"),
        .file   = result_int(&file, 0, 0),
    };
    struct partner_watch watch = { tell, &beside };
    // A wrong file is a job well done: its reasons are kept beside it for the person who sent it.
    enum import_result end      = is_preview
                                      ? partner_preview(job->db, beside.file, watch, &problem)
                                      : partner_run(job->db, beside.file, watch, &report, &problem);
    enum err           e        = OK;
    bool               is_asked = end == IMPORT_STOPPED && !atomic_load(&job->worker->is_stopping);
    if (is_asked) {
        CLEANUP(result_done) struct result stopped = partner_stopped_file(job->db, beside.file);
        e                                          = stopped.err;
    } else if (end == IMPORT_STOPPED) {
        e = ERR_UNAVAILABLE; // another worker begins it anew
    } else if (end == IMPORT_FAILED) {
        e = db_error(job->db)->err ? db_error(job->db)->err : ERR_INTERNAL;
    }
    if (!e) {
        CLEANUP(result_done) struct result over    = import_over(beside.db, beside.file);
        static const char *const           names[] = { "done", "refused", "failed", "stopped" };
        (void)over.err; // what is only told may be lost
        log_line(LOG_INFO, is_preview ? "import_preview" : "import_run",
                 LOG_TEXT("end", str_of(names[end])), LOG_NUMBER("job", job->id),
                 LOG_NUMBER("file", beside.file), LOG_NUMBER("rows", (int64_t)report.read));
    }
    db_close(beside.db);
    return e;
}

enum err import_partner_run(struct job *job)
{
    return work(job, false);
}

enum err import_preview_run(struct job *job)
{
    return work(job, true);
}

enum err import_revert_run(struct job *job)
{
    CLEANUP(result_done) struct result done = import_take_back(job->db, job->id);
    return done.err;
}

enum err import_purge_run(struct job *job)
{
    CLEANUP(result_done) struct result done = import_give_up(job->db);
    return done.err;
}
