#include "jobs/channel.h"

#include <time.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/vault.h"
#include "jobs/digest.h"
#include "jobs/employer.h"
#include "jobs/partner_file.h"
#include "out/post.h"
#include "out/sign.h"
#include "queries.h"

struct delivery {
    int64_t    id, channel;
    int32_t    attempt;
    struct str kind, target, message, body, secrets;
};

// One signature for each secret that is valid, separated by blanks.
static struct str signatures(struct job *job, const struct delivery *d, int64_t now)
{
    struct buf list = buf_init(KIB(4));
    struct str rest = d->secrets, number, hex;
    while (rest.len && str_cut(&rest, ' ', &number) && str_cut(&rest, ' ', &hex)) {
        int64_t    row;
        struct str sealed, secret;
        if (!str_int(number, &row) || !vault_from_hex(job->arena, hex, &sealed) ||
            !vault_open(job->arena, VAULT_SIGNER, row, sealed, &secret)) {
            log_line(LOG_ERROR, "secret_unreadable", LOG_NUMBER("delivery", d->id));
            continue;
        }
        buf_add(&list, list.len ? STR(" ") : STR(""));
        buf_add(&list, sign_v1(job->arena, secret, d->message, now, d->body));
    }
    struct str text = arena_str(job->arena, buf_str(&list));
    buf_done(&list);
    return text;
}

static void send(struct job *job, const struct delivery *d, struct out_answer *ret)
{
    struct arena      *a    = job->arena;
    int64_t            now  = (int64_t)time(NULL); // what receivers compare with their clock is real time
    struct str         list = signatures(job, d, now);
    struct out_request q    = {
           .url  = d->target,
           .body = d->body,
           .headers =
               {
                arena_printf(a, "webhook-id: %.*s", STR_ARG(d->message)),
                arena_printf(a, "webhook-timestamp: %lld", (long long)now),
                arena_printf(a, "webhook-signature: %.*s", STR_ARG(list)),
                arena_printf(a, "Idempotency-Key: %.*s", STR_ARG(d->message)),
            },
    };
    if (!list.len) { // what nobody can check is not sent
        *ret = (struct out_answer){ .error = STR("Le secret de signature ne s’ouvre pas.") };
        return;
    }
    out_post(a, &q, ret);
}

enum err channel_send_run(struct job *job)
{
    CLEANUP(result_done) struct result taken = delivery_take(job->db, job->id);
    if (taken.err || result_count(&taken) == 0) {
        return taken.err;
    }
    struct delivery d = {
        .id      = result_int(&taken, 0, 0),
        .target  = arena_str(job->arena, result_text(&taken, 0, 2)),
        .message = arena_str(job->arena, result_text(&taken, 0, 3)),
        .body    = arena_str(job->arena, result_text(&taken, 0, 4)),
        .attempt = (int32_t)result_int(&taken, 0, 5),
        .channel = result_int(&taken, 0, 7),
        .kind    = arena_str(job->arena, result_text(&taken, 0, 1)),
        .secrets = arena_str(job->arena, result_text(&taken, 0, 6)),
    };
    struct out_answer answer = { 0 };
    if (str_eq(d.kind, STR("file"))) {
        enum err e = partner_file_drop(job, d.channel, d.target, &answer);
        if (e) {
            return e;
        }
    } else if (str_eq(d.kind, STR("mail"))) {
        const struct digest letter = { d.target, result_text(&taken, 0, 8), d.body, d.message, result_text(&taken, 0, 9) };
        digest_send(job, &letter, &answer);
    } else if (str_eq(d.kind, STR("employer"))) {
        const struct employer_letter letter = { result_text(&taken, 0, 8), d.body, d.message, d.secrets, result_int(&taken, 0, 9) };
        employer_send(job, &letter, &answer);
    } else {
        send(job, &d, &answer);
    }
    CLEANUP(result_done) struct result settled =
        delivery_settle(job->db, d.id, d.attempt, answer.status, answer.ms, answer.error, answer.text, answer.retry_after,
                        answer.is_unsure, answer.is_hopeless);
    if (!settled.err) {
        log_line(answer.status >= 200 && answer.status < 300 ? LOG_INFO : LOG_WARNING, "delivery_tried", LOG_NUMBER("delivery", d.id),
                 LOG_NUMBER("attempt", d.attempt), LOG_NUMBER("status", answer.status), LOG_NUMBER("ms", answer.ms),
                 LOG_TEXT("state", result_text(&settled, 0, 0)));
    }
    return settled.err;
}

enum err channel_follow_run(struct job *job)
{
    CLEANUP(result_done) struct result due = files_due(job->db);
    if (!due.err && result_int(&due, 0, 0)) {
        log_line(LOG_INFO, "files_due", LOG_NUMBER("count", result_int(&due, 0, 0)));
    }
    return due.err;
}
