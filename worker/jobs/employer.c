#include "jobs/employer.h"

#include "base/log.h"
#include "base/secret.h"
#include "base/vault.h"
#include "jobs/letter.h"
#include "queries.h"

static bool address_open(struct job *job, struct str sealed, struct str *ret_address)
{
    struct str offer, bytes;
    int64_t    row;
    return str_cut(&sealed, ' ', &offer) && str_int(offer, &row) && vault_from_hex(job->arena, sealed, &bytes) &&
           vault_open(job->arena, VAULT_EMPLOYER, row, bytes, ret_address);
}

// A fault of this letter alone, which no other try mends.
static void give_up(struct out_answer *ret, struct str why)
{
    ret->error       = why;
    ret->is_hopeless = true;
}

void employer_send(struct job *job, const struct employer_letter *l, struct out_answer *ret)
{
    struct arena        *a = job->arena;
    const struct worker *w = job->worker;
    const struct str     mark = STR("{lien}");
    struct str           to, before, after;
    char                 token[SECRET_TOKEN + 1];
    uint8_t              hash[SECRET_HASH];
    *ret = (struct out_answer){ 0 };
    if (!w->site.len) {
        give_up(ret, STR("L’adresse publique de cette installation n’est pas connue (site)\u202f: le courriel n’aurait pas de lien."));
        return;
    }
    if (!address_open(job, l->address, &to)) {
        log_line(LOG_ERROR, "address_unreadable", LOG_NUMBER("link", l->link));
        give_up(ret, STR("L’adresse de l’employeur ne s’ouvre pas."));
        return;
    }
    secret_token_of(SECRET_EMPLOYER, arena_printf(a, "%lld", (long long)l->link), token);
    secret_hash(str_of(token), hash);
    CLEANUP(result_done) struct result known = employer_token(job->db, l->link, (struct str){ (const char *)hash, sizeof hash });
    if (known.err) { // the try ends here: nothing has left, and the next one may know it
        ret->error = STR("Le lien n’a pas pu être préparé.");
        return;
    }
    if (!result_bool(&known, 0, 0)) {
        give_up(ret, STR("Ce lien ne vaut plus."));
        return;
    }
    before        = str_sub(l->text, 0, str_find(l->text, mark));
    after         = str_sub(l->text, before.len + mark.len, l->text.len);
    struct mime_mail mail = {
        .to      = to,
        .subject = l->subject,
        .id      = l->message,
        .text    = arena_printf(a, "%.*s%.*s/employeur/%s%.*s", STR_ARG(before), STR_ARG(w->site), token, STR_ARG(after)),
    };
    letter_send(job, &mail, ret);
    ret->text = (struct str){ 0 };
    if (ret->status >= 400) {
        ret->error = STR("Le serveur de messagerie a refusé le courriel.");
    }
}
