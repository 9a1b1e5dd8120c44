// maillage-admin contact ...: sealing.
#include "admin/contact.h"

#include "admin/file.h"
#include "admin/line.h"

#include "base/buf.h"
#include "base/person.h"

#include "queries.h"

enum { BATCH = 500 };

// One more contact of a batch: {"id":..,"person":"hexadecimal","keys":[..]}.
static void batch_add(struct buf *batch, struct arena *a, int64_t id, const struct person *p)
{
    buf_printf(batch, "%s{\"id\":%lld,\"person\":\"", batch->len ? "," : "[", (long long)id);
    buf_add_hex(batch, person_seal(a, id, p));
    buf_add(batch, STR("\",\"keys\":"));
    buf_add(batch, person_keys(a, p));
    buf_add_char(batch, '}');
}

// Sends a batch and empties it; adds what was sealed to *count.
static bool batch_send(struct admin *admin, struct buf *batch, int64_t *count)
{
    buf_add_char(batch, ']');
    CLEANUP(result_done) struct result sealed = contact_seal(admin->db, buf_str(batch));
    buf_clear(batch);
    *count += sealed.err ? 0 : result_int(&sealed, 0, 0);
    return !sealed.err;
}

static bool seal_plain(struct admin *admin, struct arena *a, struct buf *batch, int64_t *count)
{
    for (int64_t after = 0;;) {
        arena_reset(a);
        CLEANUP(result_done) struct result rows = contact_plain_next(admin->db, after, BATCH);
        if (rows.err || result_count(&rows) == 0) {
            return !rows.err;
        }
        for (int i = 0; i < result_count(&rows); i++) {
            struct person p     = { .family_name = result_text(&rows, i, 1),
                                    .given_name  = result_text(&rows, i, 2),
                                    .position    = result_text(&rows, i, 3) };
            struct str    phone = result_text(&rows, i, 4), email = result_text(&rows, i, 5);
            // What an older version took for a number or an address is kept as it stands.
            if (phone.len && !person_add_phone(&p, phone, a)) {
                p.phones[p.phone_count++] = phone;
            }
            if (email.len && !person_add_email(&p, email, a)) {
                p.emails[p.email_count++] = email;
            }
            after = result_int(&rows, i, 0);
            batch_add(batch, a, after, &p);
        }
        if (!batch_send(admin, batch, count)) {
            return false;
        }
    }
}

// Opens what an older key sealed and seals it again. *ret_lost: contacts whose key is not there.
static bool seal_old(struct admin *admin, struct arena *a, struct buf *batch, int64_t *count,
                     int64_t *ret_lost)
{
    for (int64_t after = 0;;) {
        arena_reset(a);
        CLEANUP(result_done)
        struct result rows = contact_old_next(admin->db, vault_version(), after, BATCH);
        if (rows.err || result_count(&rows) == 0) {
            return !rows.err;
        }
        for (int i = 0; i < result_count(&rows); i++) {
            struct person p;
            struct str    sealed;
            after = result_int(&rows, i, 0);
            if (vault_from_hex(a, result_text(&rows, i, 1), &sealed) &&
                person_open(a, after, sealed, &p)) {
                batch_add(batch, a, after, &p);
            } else {
                ++*ret_lost;
            }
        }
        if (batch->len && !batch_send(admin, batch, count)) {
            return false;
        }
    }
}

bool contacts_seal(struct admin *admin, int64_t *ret_count)
{
    struct arena *a     = arena_new();
    struct buf    batch = buf_init(MIB(8));
    int64_t       count = 0;
    bool          is_ok = seal_plain(admin, a, &batch, &count);
    buf_done(&batch);
    arena_free(a);
    if (ret_count) {
        *ret_count = count;
    }
    return is_ok;
}

static int seal(struct admin *admin)
{
    struct arena *a     = arena_new();
    struct buf    batch = buf_init(MIB(8));
    int64_t       plain = 0, old = 0, lost = 0, files = 0, lost_files = 0, lines = 0, lost_lines = 0;

    if (!admin_options(admin, NULL, NULL, 0) || !admin_keys(admin)) {
        arena_free(a);
        return EXIT_USAGE;
    }
    // Each batch is a transaction of its own: cut short, the rest is done the next time.
    bool is_ok = contacts_seal(admin, &plain);
    if (is_ok && plain) {
        CLEANUP(result_done) struct result emptied = contact_plain_empty(admin->db);
        is_ok                                      = !emptied.err;
    }
    is_ok = is_ok && seal_old(admin, a, &batch, &old, &lost);
    is_ok = is_ok && files_seal(admin, &files, &lost_files) &&
            lines_seal(admin, &lines, &lost_lines);
    lost += lost_files + lost_lines;
    buf_done(&batch);
    arena_free(a);
    if (!is_ok) {
        return admin_failed(admin);
    }
    printf("%lld interlocuteur(s) scellé(s), %lld scellé(s) de nouveau avec la clé %d\n",
           (long long)plain, (long long)old, vault_version());
    printf("%lld fichier(s) reçu(s) scellé(s), %lld ligne(s)\n", (long long)files,
           (long long)lines);
    CLEANUP(result_done) struct result versions = contact_versions(admin->db);
    if (versions.err) {
        return admin_failed(admin);
    }
    for (int i = 0; i < result_count(&versions); i++) {
        printf("  clé %lld : %lld fiche(s)\n", (long long)result_int(&versions, i, 0),
               (long long)result_int(&versions, i, 1));
    }
    if (lost) { // nothing that a refusal to start would repair
        admin_refuse("%lld fiche(s) ne s’ouvrent avec aucune clé du fichier", (long long)lost);
    }
    return EXIT_OK;
}

const struct command contact_commands[] = {
    { "contact seal", "",
      "Scelle les interlocuteurs encore en clair, et de nouveau ceux qu’une ancienne clé a scellés.",
      seal },
    { 0 },
};
