#include "jobs/linkage.h"

#include "base/log.h"
#include "import/keying.h"
#include "import/linkage.h"
#include "import/pairs.h"
#include "queries.h"

enum err linkage_records_run(struct job *job)
{
    struct linkage_report report;

    CLEANUP(result_done) struct result file = import_file(job->db, job->id);
    if (file.err) {
        return file.err;
    }
    if (result_is_null(&file, 0, 0)) {
        job->why = STR("the job names no file");
        return ERR_INVALID;
    }
    enum err e = keying_before(job->db, result_int(&file, 0, 0));
    e          = e ? e : db_begin(job->db);
    e          = e ? e : linkage_run(job->db, result_int(&file, 0, 0), &report);
    e          = e ? e : db_commit(job->db);
    db_rollback(job->db);
    if (!e) {
        log_line(LOG_INFO, "linkage_done", LOG_NUMBER("file", result_int(&file, 0, 0)),
                 LOG_NUMBER("linked", report.linked), LOG_NUMBER("review", report.review),
                 LOG_NUMBER("created", report.created), LOG_NUMBER("unplaced", report.unplaced));
    }
    return e;
}

enum err linkage_pairs_run(struct job *job)
{
    int64_t pairs;

    CLEANUP(result_done) struct result territory = pairs_territory(job->db, job->id);
    if (territory.err) {
        return territory.err;
    }
    if (result_is_null(&territory, 0, 0)) {
        job->why = STR("the job names no territory");
        return ERR_INVALID;
    }
    enum err e = pairs_run(job->db, result_int(&territory, 0, 0), &pairs);
    if (!e) {
        log_line(LOG_INFO, "pairs_done", LOG_NUMBER("territory", result_int(&territory, 0, 0)),
                 LOG_NUMBER("pairs", pairs));
    }
    return e;
}

enum err linkage_night_run(struct job *job)
{
    CLEANUP(result_done) struct result asked = pairs_night(job->db);
    return asked.err;
}

enum err linkage_keys_run(struct job *job)
{
    return keying_run(job->db, KEYING_BATCH, true, NULL);
}
