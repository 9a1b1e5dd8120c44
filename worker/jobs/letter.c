#include "jobs/letter.h"

#include <time.h>

#include "base/buf.h"
#include "out/mail.h"

enum { LETTER_MOST = KIB(256) };

void letter_send(struct job *job, struct mime_mail *mail, struct out_answer *ret)
{
    const struct worker *w = job->worker;
    *ret                   = (struct out_answer){ 0 };
    if (!w->mail->url.len) {
        ret->error = STR("Aucun serveur de messagerie n’est configuré (smtp-url).");
        return;
    }
    struct buf letter = buf_init(LETTER_MOST);
    mail->from        = w->mail->from;
    mail->at          = (int64_t)time(NULL); // what people compare with their clock is real time
    mime_write(mail, &letter);
    out_mail(job->arena, w->mail, mail->to, buf_str(&letter), ret);
    buf_done(&letter);
}
