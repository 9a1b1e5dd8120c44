// maillage-admin person ...: what a person may ask for, and how long persons are kept.
#include "admin/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/person.h"

#include "queries.h"

static struct person open_hex(struct admin *admin, int64_t contact, struct str hex)
{
    struct str    sealed;
    struct person p = { 0 };

    if (!vault_from_hex(admin->arena, hex, &sealed) ||
        !person_open(admin->arena, contact, sealed, &p)) {
        p = (struct person){ .family_name = STR("(illisible)") };
    }
    return p;
}

static int find(struct admin *admin)
{
    enum vault_kind kind;

    if (!admin_options(admin, NULL, NULL, 1) || !admin_keys(admin)) {
        return EXIT_USAGE;
    }
    struct str hashes = person_search(admin->arena, str_of(admin->argv[1]), &kind);
    if (!hashes.len) {
        admin_refuse("un nom, un numéro de téléphone ou une adresse électronique est attendu");
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result rows = person_found(admin->db, hashes);
    if (rows.err) {
        return admin_failed(admin);
    }
    if (result_count(&rows) == 0) {
        puts("Personne n’est connu ainsi.");
    }
    for (int i = 0; i < result_count(&rows); i++) {
        struct person p = open_hex(admin, result_int(&rows, i, 0), result_text(&rows, i, 1));
        printf("no %lld  %.*s %.*s, %.*s\n    %.*s (%.*s), donné par %.*s%s\n"
               "    dernier contact %.*s, conservé jusqu’au %.*s\n",
               (long long)result_int(&rows, i, 0), STR_ARG(p.given_name), STR_ARG(p.family_name),
               STR_ARG(p.position.len ? p.position : STR("fonction inconnue")),
               STR_ARG(result_text(&rows, i, 2)), STR_ARG(result_text(&rows, i, 3)),
               STR_ARG(result_text(&rows, i, 4)), result_bool(&rows, i, 5) ? ", opposé" : "",
               STR_ARG(result_text(&rows, i, 6)), STR_ARG(result_text(&rows, i, 7)));
    }
    return EXIT_OK;
}

// Writes a file that nobody else may read and that was not there.
static bool write_private(const char *path, struct str text)
{
    int  file       = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_written = file >= 0 && write(file, text.at, text.len) == (ssize_t)text.len;

    if (file >= 0 && close(file) != 0) {
        is_written = false;
    }
    if (!is_written) {
        admin_refuse("%s : %s", path, strerror(errno));
    }
    return is_written;
}

static int export_one(struct admin *admin)
{
    struct options {
        struct str contact, out;
    } o = { 0 };
    static const struct setting table[] = {
        { "contact", SETTING_TEXT, offsetof(struct options, contact), NULL, 0, 0, "numéro" },
        { "out", SETTING_TEXT, offsetof(struct options, out), NULL, 0, 0, "fichier" },
        { 0 },
    };
    int64_t contact;

    if (!admin_options(admin, table, &o, 0) || !admin_id(o.contact, "--contact", &contact) ||
        !admin_keys(admin)) {
        return EXIT_USAGE;
    }
    if (!o.out.len) {
        admin_refuse("--out est nécessaire : un fichier qui n’existe pas encore");
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result row = person_dossier_all(admin->db, contact);
    if (row.err) {
        return admin_failed(admin);
    }
    if (!result_count(&row)) {
        return admin_refuse("l’interlocuteur %lld n’existe pas ou est effacé", (long long)contact);
    }
    struct str document = person_splice(admin->arena, result_text(&row, 0, 0));
    if (!write_private(arena_text(admin->arena, o.out), document)) {
        return EXIT_REFUSED;
    }
    printf("Tout ce qui est connu de cette personne est dans %.*s ; la remise est tracée.\n",
           STR_ARG(o.out));
    return EXIT_OK;
}

static int erase(struct admin *admin)
{
    struct options {
        struct str contact;
        bool       same;
    } o = { 0 };
    static const struct setting table[] = {
        { "contact", SETTING_TEXT, offsetof(struct options, contact), NULL, 0, 0, "numéro" },
        { "same", SETTING_BOOL, offsetof(struct options, same), NULL, 0, 0, "aussi ailleurs" },
        { 0 },
    };
    int64_t contact;
    int     erased = 0;

    if (!admin_options(admin, table, &o, 0) || !admin_id(o.contact, "--contact", &contact)) {
        return EXIT_USAGE;
    }
    if (db_begin(admin->db)) {
        return admin_failed(admin);
    }
    CLEANUP(result_done) struct result ids = person_same(admin->db, contact);
    for (int i = 0; !ids.err && i < result_count(&ids); i++) {
        int64_t id = result_int(&ids, i, 0);
        if (id == contact || o.same) {
            CLEANUP(result_done) struct result gone = person_erase(admin->db, id);
            if (gone.err) {
                return admin_failed(admin);
            }
            erased += result_bool(&gone, 0, 0);
        }
    }
    if (ids.err || db_commit(admin->db)) {
        return admin_failed(admin);
    }
    if (!erased) {
        return admin_refuse("l’interlocuteur %lld n’existe pas ou est déjà effacé",
                            (long long)contact);
    }
    printf("%d fiche(s) effacée(s) ; visites et décomptes restent.\n", erased);
    if (!o.same && result_count(&ids) > 1) {
        printf("La même personne semble connue ailleurs (%d fiche(s)) : --same=true les efface aussi.\n",
               result_count(&ids) - 1);
    }
    return EXIT_OK;
}

static int purge(struct admin *admin)
{
    struct options {
        bool dry_run;
    } o = { 0 };
    static const struct setting table[] = {
        { "dry-run", SETTING_BOOL, offsetof(struct options, dry_run), NULL, 0, 0, "à blanc" },
        { 0 },
    };
    enum { MOST = 500 };
    int64_t erased = 0, now = MOST;

    if (!admin_options(admin, table, &o, 0)) {
        return EXIT_USAGE;
    }
    if (o.dry_run) {
        CLEANUP(result_done) struct result rows = person_ending(admin->db);
        if (rows.err) {
            return admin_failed(admin);
        }
        for (int i = 0; i < result_count(&rows); i++) {
            printf("no %lld  %.*s, donné par %.*s, dernier contact %.*s\n",
                   (long long)result_int(&rows, i, 0), STR_ARG(result_text(&rows, i, 1)),
                   STR_ARG(result_text(&rows, i, 2)), STR_ARG(result_text(&rows, i, 3)));
        }
        printf("%d fiche(s) seraient effacées ; rien ne l’a été.\n", result_count(&rows));
        return EXIT_OK;
    }
    while (now == MOST) {
        CLEANUP(result_done) struct result gone = person_purge(admin->db, MOST);
        if (gone.err) {
            return admin_failed(admin);
        }
        now = result_int(&gone, 0, 0);
        erased += now;
    }
    printf("%lld fiche(s) effacée(s) : leur durée de conservation était passée.\n",
           (long long)erased);
    return EXIT_OK;
}

static int retention(struct admin *admin)
{
    struct options {
        struct str network;
        int64_t    months;
    } o = { 0 };
    static const struct setting table[] = {
        { "network", SETTING_TEXT, offsetof(struct options, network), NULL, 0, 0, "réseau" },
        { "months", SETTING_INT, offsetof(struct options, months), "36", 1, 120, "mois" },
        { 0 },
    };

    if (!admin_options(admin, table, &o, 0)) {
        return EXIT_USAGE;
    }
    struct str                         network = o.network.len ? o.network : (struct str){ 0 };
    CLEANUP(result_done) struct result set     = retention_set(admin->db, network, (int32_t)o.months);
    if (set.err) {
        return admin_failed(admin);
    }
    printf("Les interlocuteurs sont conservés %lld mois après le dernier contact%s%.*s.\n",
           (long long)o.months, network.len ? ", réseau " : "", STR_ARG(network));
    return EXIT_OK;
}

const struct command person_commands[] = {
    { "person find", "TEXTE", "Fiches qui ont exactement ce téléphone, ce courriel ou ce nom.", find },
    { "person export", "--contact NUMÉRO --out FICHIER",
      "Écrit en JSON tout ce qui est connu de la personne (droit d’accès) ; la remise est tracée.",
      export_one },
    { "person erase", "--contact NUMÉRO [--same=true]",
      "Efface une personne ; visites et décomptes restent. --same : aussi ses autres fiches.", erase },
    { "person purge", "[--dry-run=true]",
      "Efface les personnes dont la durée de conservation est passée ; à blanc, les montre.", purge },
    { "person retention", "--months N [--network RÉSEAU]",
      "Durée de conservation après le dernier contact, 36 mois à l’origine.", retention },
    { 0 },
};
