#include "jobs/contact.h"

#include "base/log.h"
#include "queries.h"

enum { AT_ONCE = 200 }; // persons per transaction

enum err contact_purge_run(struct job *job)
{
    int64_t erased = 0, now = AT_ONCE;
    while (now == AT_ONCE && !atomic_load(&job->worker->is_stopping)) {
        CLEANUP(result_done) struct result res = contact_purge(job->db, AT_ONCE);
        if (res.err) {
            return res.err;
        }
        now = result_int(&res, 0, 0);
        erased += now;
    }
    CLEANUP(result_done) struct result cards = card_purge(job->db);
    if (cards.err) {
        return cards.err;
    }
    if (erased) {
        log_line(LOG_INFO, "contacts_purged", LOG_NUMBER("count", erased));
    }
    return OK;
}
