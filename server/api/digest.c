#include "api/digest.h"

#include <stddef.h>

#include "api/public_frame.h"
#include "base/secret.h"
#include "queries.h"

enum err digest_get(struct req *r)
{
    return reply_one(r, 200, digest_document(r->db));
}

enum err digest_put(struct req *r)
{
    static const char *const  frequencies[] = { "daily", "weekly", "none", NULL };
    struct str                frequency     = { 0 };
    static const struct field fields[]      = {
             { .name = "frequency", .type = FIELD_CHOICE, .choices = frequencies, .required = true },
             { 0 },
    };
    enum err e = body_read(r, fields, &frequency);
    e          = e ? e : result_end(digest_set(r->db, frequency));
    return e ? e : digest_get(r);
}

// Whose letters a link ends; false when it is none of ours.
static bool link_read(struct req *r, int64_t *ret_member, int64_t *ret_organisation)
{
    struct str rest = path_text(r, "link"), member, organisation;
    uint8_t    seal[SECRET_STOP];
    if (!str_cut(&rest, '.', &member) || !str_cut(&rest, '.', &organisation) ||
        !str_int(member, ret_member) || !str_int(organisation, ret_organisation)) {
        return false;
    }
    struct buf hex = buf_init(KIB(4));
    secret_seal(
        SECRET_LETTER,
        arena_printf(r->arena, "%lld.%lld", (long long)*ret_member, (long long)*ret_organisation),
        seal, sizeof seal);
    buf_add_hex(&hex, (struct str){ (const char *)seal, sizeof seal });
    bool is_ours = secret_equal(buf_str(&hex), rest);
    buf_done(&hex);
    return is_ours;
}

static enum err page(struct req *r, int status, const char *heading, const char *markup)
{
    return public_words(r, status, STR("Résumé par courriel · Maillage"), heading, markup);
}

static enum err unknown(struct req *r)
{
    return page(
        r, 404, "Ce lien n’est pas complet.",
        "<p>Recopiez-le en entier depuis le courriel, ou réglez le résumé depuis la page « Aujourd’hui » de Maillage.</p>\n");
}

enum err digest_stop_page(struct req *r)
{
    int64_t member, organisation;
    return !link_read(r, &member, &organisation)
               ? unknown(r)
               : page(
                     r, 200, "Ne plus recevoir ce résumé\u202f?",
                     "<form method=\"post\"><p>Les courriels de Maillage qui résument les nouvelles offres et ce qui est à traiter s’arrêtent. "
                     "Vous pourrez les redemander depuis la page « Aujourd’hui ».</p>\n<p><button type=\"submit\">Ne plus le recevoir</button></p></form>\n");
}

enum err digest_stop(struct req *r)
{
    int64_t member, organisation;
    if (!link_read(r, &member, &organisation)) {
        return unknown(r);
    }
    CLEANUP(result_done) struct result ended = digest_end(r->db, member, organisation);
    return ended.err
               ? ended.err
               : page(
                     r, 200, "C’est fait.",
                     "<p>Vous ne recevrez plus ce résumé. Rien d’autre ne change dans Maillage.</p>\n");
}
