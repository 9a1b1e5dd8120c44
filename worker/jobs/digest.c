#include "jobs/digest.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/secret.h"
#include "jobs/letter.h"
#include "out/mail.h"
#include "queries.h"

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
    struct arena        *a    = job->arena;
    const struct worker *w    = job->worker;
    struct buf           link = buf_init(KIB(4));
    if (w->site.len) {
        uint8_t seal[SECRET_STOP];
        secret_seal(SECRET_LETTER, d->reader, seal, sizeof seal);
        buf_printf(&link, "%.*s/courriel/%.*s.", STR_ARG(w->site), STR_ARG(d->reader));
        buf_add_hex(&link, (struct str){ (const char *)seal, sizeof seal });
    }
    struct mime_mail mail = {
        .to      = d->to,
        .subject = d->subject,
        .id      = d->message,
        .stop    = buf_str(&link),
        .text    = link.len ? arena_printf(a, "%.*sNe plus le recevoir\u202f: %.*s\n",
                                           STR_ARG(d->text), STR_ARG(buf_str(&link)))
                            : d->text,
    };
    letter_send(job, &mail, ret);
    buf_done(&link);
}
