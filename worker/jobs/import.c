#include "jobs/import.h"

#include "base/log.h"
#include "import/partner.h"
#include "queries.h"

enum err import_partner_run(struct job *job)
{
    struct partner_report              report;
    struct import_problem              problem = { 0 };
    CLEANUP(result_done) struct result file    = import_file(job->db, job->id);
    if (file.err) {
        return file.err;
    }
    if (result_is_null(&file, 0, 0)) {
        job->why = STR("the job names no file");
        return ERR_INVALID;
    }
    // A wrong file is a job well done: its reasons are kept beside it for the person who sent it.
    enum import_result end = partner_run(job->db, result_int(&file, 0, 0), &report, &problem);
    if (end == IMPORT_FAILED) {
        enum err e = db_error(job->db)->err;
        return e ? e : ERR_INTERNAL;
    }
    log_line(LOG_INFO, end == IMPORT_DONE ? "import_done" : "import_refused",
             LOG_NUMBER("job", job->id), LOG_NUMBER("file", result_int(&file, 0, 0)),
             LOG_NUMBER("rows", (int64_t)report.read));
    return OK;
}
