#include "jobs/need.h"

#include "base/vault.h"
#include "import/need.h"
#include "queries.h"

static enum err refuse(struct job *job, int64_t file, const struct import_problem *p)
{
    char       message[1024];
    int32_t    line   = p->line > INT32_MAX ? INT32_MAX : (int32_t)p->line;
    struct str column = p->column[0] ? str_of(p->column) : (struct str){ 0 };

    CLEANUP(result_done)
    struct result done =
        need_no(job->db, file, line ? &line : NULL, column, str_of(import_code_name(p->code)),
                str_of(import_problem_message(p, message, sizeof message)));
    return done.err;
}

enum err import_needs_run(struct job *job)
{
    struct import_problem              problem = { 0 };
    struct str                         sealed, bytes;
    CLEANUP(result_done) struct result file = need_file(job->db, job->id);
    if (file.err || !result_count(&file)) {
        return file.err;
    }
    int64_t id = result_int(&file, 0, 0);
    if (!vault_from_hex(job->arena, result_text(&file, 0, 1), &sealed) ||
        !vault_open(job->arena, VAULT_FILE, id, sealed, &bytes)) {
        import_problem_set(&problem, PROBLEM_UNSEALED, 0, STR(""), STR(""));
        return refuse(job, id, &problem);
    }
    struct buf rows = buf_init(MIB(128));
    enum err   e;
    // A wrong file is a job well done: its reasons are kept beside it for the person who sent it.
    if (!need_file_read(bytes, &rows, &problem)) {
        e = refuse(job, id, &problem);
    } else {
        CLEANUP(result_done) struct result taken = need_take(job->db, id, buf_str(&rows));
        e                                        = taken.err;
    }
    buf_done(&rows);
    return e;
}

enum err need_expire_run(struct job *job)
{
    CLEANUP(result_done) struct result res = need_over(job->db);
    return res.err;
}
