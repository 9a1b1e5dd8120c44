#include "jobs/digest.h"

#include <time.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/secret.h"
#include "out/mail.h"
#include "out/mime.h"
#include "queries.h"

enum { LETTER_MOST = KIB(256) };

enum err digest_follow_run(struct job *job)
{
    const struct worker               *w   = job->worker;
    CLEANUP(result_done) struct result due = digest_due(job->db, w->mail->url.len > 0, w->site);
    if (!due.err && result_int(&due, 0, 0)) {
        log_line(LOG_INFO, "digests_due", LOG_NUMBER("count", result_int(&due, 0, 0)));
    }
    return due.err;
}

void digest_send(struct job *job, const struct digest *d, struct out_answer *ret)
{
    struct arena        *a = job->arena;
    const struct worker *w = job->worker;
    *ret                   = (struct out_answer){ 0 };
    if (!w->mail->url.len) {
        ret->error = STR("Aucun serveur de messagerie n’est configuré (smtp-url).");
        return;
    }
    struct buf link = buf_init(KIB(4)), letter = buf_init(LETTER_MOST);
    if (w->site.len) {
        uint8_t seal[SECRET_STOP];
        secret_seal(SECRET_LETTER, d->reader, seal, sizeof seal);
        buf_printf(&link, "%.*s/courriel/%.*s.", STR_ARG(w->site), STR_ARG(d->reader));
        buf_add_hex(&link, (struct str){ (const char *)seal, sizeof seal });
    }
    struct mime_mail mail = {
        .from    = w->mail->from,
        .to      = d->to,
        .subject = d->subject,
        .id      = d->message,
        .stop    = buf_str(&link),
        .at      = (int64_t)time(NULL), // what people compare with their clock is real time
        .text    = link.len ? arena_printf(a, "%.*sNe plus le recevoir\u202f: %.*s\n",
                                           STR_ARG(d->text), STR_ARG(buf_str(&link)))
                            : d->text,
    };
    mime_write(&mail, &letter);
    out_mail(a, w->mail, d->to, buf_str(&letter), ret);
    buf_done(&link);
    buf_done(&letter);
}
