// maillage-admin demo: a fictitious territory on the real communes of the Allier.
//
// The generator is SQL (schema/seed/demo, in the order of the numbers): this brings it to the
// database, in one transaction, and writes the accounts. The file of the accounts is written before
// the end of the transaction, so that a demo that stands always has its passwords somewhere.
#include "admin/admin.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/contact.h"
#include "admin/file.h"
#include "admin/line.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/vault.h"
#include "import/input.h"

#include "import/keying.h"
#include "import/linkage.h"
#include "import/pairs.h"
#include "import/partner.h"
#include "jobs/plan.h"
#include "queries.h"

enum { SEED = 3, ESTABLISHMENTS = 12000, FILE_MAX = 1 << 20, PASSWORD_LEN = 14 };

// Fourteen letters and digits that nobody confuses: 68 bits, and possible to dictate.
static void make_password(char ret[static PASSWORD_LEN + 1])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    char              token[SECRET_TOKEN + 1];
    size_t            n = 0;

    while (n < PASSWORD_LEN) {
        secret_token(token);
        // Of the 64 characters of a token those that stand for 0 to 30 choose a letter: evenly.
        for (size_t i = 0; i + 1 < SECRET_TOKEN && n < PASSWORD_LEN; i++) {
            static const char base64[] =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            size_t value = (size_t)(strchr(base64, token[i]) - base64);
            if (value < sizeof letters - 1) {
                ret[n++] = letters[value];
            }
        }
    }
    ret[n] = '\0';
}

// A file of schema/seed; what admin_refuse said when it cannot be read.
static bool read_seed(struct admin *admin, const char *name, struct str *ret)
{
    struct str  root = admin_root(admin);
    const char *path = arena_printf(admin->arena, "%.*s/schema/seed/%s", STR_ARG(root), name).at;
    struct import_problem p = { 0 };
    size_t                len;
    char                 *text = input_all(path, FILE_MAX, &len, &p);

    if (!text) {
        admin_wrong(admin, path, IMPORT_WRONG, &p);
        return false;
    }
    *ret = arena_str(admin->arena, (struct str){ text, len });
    free(text);
    return true;
}

static bool done(struct result res)
{
    bool is_done = !res.err;
    result_done(&res);
    return is_done;
}

static bool load(struct admin *admin, const char *name, const struct query *query)
{
    struct str text;
    int64_t    rows;

    if (!read_seed(admin, name, &text)) {
        return false;
    }
    if (db_copy_open(admin->db, query)) {
        admin_failed(admin);
        return false;
    }
    enum err wrote = db_copy_write(admin->db, text);
    if (db_copy_close(admin->db, wrote != OK, &rows) || wrote) {
        admin_failed(admin);
        return false;
    }
    return true;
}

static bool run_scripts(struct admin *admin)
{
    static const char *const scripts[] = {
        "demo/1_tools.sql",    "demo/2_establishments.sql", "demo/3_directory.sql",
        "demo/4_plan.sql",     "demo/5_files.sql",          "demo/6_replay.sql",
        "demo/7_segments.sql", "demo/7_life.sql",           "demo/7_needs.sql",
        "demo/7_week.sql",     "demo/8_finish.sql",         "demo/9_partner.sql",
        "demo/9_feed.sql",
    };

    if (!done(demo_runner(admin->db))) {
        admin_failed(admin);
        return false;
    }
    for (size_t i = 0; i < LENGTH(scripts); i++) {
        struct str script;
        if (!read_seed(admin, scripts[i], &script)) {
            return false;
        }
        if (!done(demo_script(admin->db, script))) {
            admin_failed(admin);
            return false;
        }
    }
    return load(admin, "demo/trades.csv", &query_demo_trade) &&
           load(admin, "demo/jobs.csv", &query_demo_job) &&
           load(admin, "allier.csv", &query_demo_place);
}

// Webhooks sign with a secret of this instance: given another address, the one of the demo works.
static bool give_secrets(struct admin *admin)
{
    CLEANUP(result_done) struct result rows = demo_unsigned(admin->db);
    bool                               good = !rows.err;
    for (int i = 0; good && i < result_count(&rows); i++) {
        char       plain[SECRET_SIGNER + 1];
        int64_t    number = result_int(&rows, i, 1);
        secret_signer(plain);
        struct str sealed = vault_seal(admin->arena, VAULT_SIGNER, number, str_of(plain));
        good = done(demo_sign(admin->db, result_int(&rows, i, 0), number, sealed));
    }
    return good;
}

static bool make_territory(struct admin *admin, struct str hash)
{
    struct db *db = admin->db;
    int64_t    lines, lost;

    if (done(demo_territories(db)) && done(demo_directory(db, hash)) &&
        done(demo_draw(db, SEED, ESTABLISHMENTS)) && done(demo_load(db)) &&
        done(demo_measure(db)) && done(demo_plan(db)) && done(demo_replay(db)) &&
        done(demo_segments(db)) && done(demo_finish(db)) && done(demo_partner(db)) &&
        give_secrets(admin) && done(demo_feed(db)) && done(demo_clean(db)) && contacts_seal(admin, NULL) &&
        lines_seal(admin, &lines, &lost) && done(demo_oppose(db)) && done(demo_remeasure(db))) {
        return true;
    }
    admin_failed(admin);
    return false;
}

// Writes beside the file and puts it in its place at once, readable by its owner only.
static bool write_accounts(struct admin *admin, struct str path, struct str password)
{
    CLEANUP(result_done) struct result row = demo_accounts(admin->db, password);
    if (row.err) {
        admin_failed(admin);
        return false;
    }
    struct str  text   = result_text(&row, 0, 0);
    const char *final  = arena_text(admin->arena, path);
    const char *beside = arena_printf(admin->arena, "%s.%ld", final, (long)getpid()).at;
    int         fd     = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool        is_written =
        fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len && fsync(fd) == 0;

    if (fd >= 0 && close(fd) != 0) {
        is_written = false;
    }
    if (!is_written || rename(beside, final) != 0) {
        unlink(beside);
        admin_refuse("%s : les comptes ne peuvent pas y être écrits", final);
        return false;
    }
    return true;
}

static bool seal(struct admin *admin)
{
    for (;;) {
        CLEANUP(result_done) struct result row = demo_seal(admin->db);
        if (row.err) {
            admin_failed(admin);
            return false;
        }
        if (result_int(&row, 0, 0) == 0) {
            return true;
        }
    }
}

// The rows that no SIRET places are compared as the worker would.
static bool link_rows(struct admin *admin)
{
    CLEANUP(result_done) struct result jobs = demo_linkage(admin->db);
    bool good = !jobs.err && !keying_run(admin->db, INT64_MAX, true, NULL);
    for (int i = 0; good && i < result_count(&jobs); i++) {
        struct linkage_report report;
        good = !db_begin(admin->db) && !linkage_run(admin->db, result_int(&jobs, i, 1), &report) &&
               done(demo_linked(admin->db, result_int(&jobs, i, 0))) && !db_commit(admin->db);
    }
    CLEANUP(result_done) struct result territory = demo_widest(admin->db);
    int64_t                            pairs;
    good = good && !territory.err && !db_begin(admin->db) &&
           !pairs_run(admin->db, result_int(&territory, 0, 0), &pairs) &&
           done(demo_paired(admin->db)) && !db_commit(admin->db);
    if (!good) {
        db_rollback(admin->db);
        admin_failed(admin);
    }
    return good;
}

// Files that wait at the import desk are looked at as the worker would.
static bool look_at_files(struct admin *admin)
{
    CLEANUP(result_done) struct result files = demo_given(admin->db);
    bool                               good  = !files.err;
    for (int i = 0; good && i < result_count(&files); i++) {
        struct import_problem p    = { 0 };
        int64_t               file = result_int(&files, i, 0);
        good = partner_preview(admin->db, file, (struct partner_watch){ 0 }, &p) == IMPORT_DONE &&
               done(demo_looked(admin->db, file));
    }
    int64_t count, lost;
    good = good && files_seal(admin, &count, &lost);
    if (!good) {
        admin_failed(admin);
    }
    return good;
}

// The joint plans: their scenarios are computed as the worker would, then they are signed; and
// what committees read of it all.
static bool make_plans(struct admin *admin)
{
    struct str script, committees;
    if (!read_seed(admin, "demo/9_plans.sql", &script) ||
        !read_seed(admin, "demo/9_committees.sql", &committees)) {
        return false;
    }
    bool good = done(demo_script(admin->db, script)) && done(demo_plans_open(admin->db));
    CLEANUP(result_done) struct result jobs = { 0 };
    if (good) {
        jobs = demo_scenarios(admin->db);
        good = !jobs.err;
    }
    for (int i = 0; good && i < result_count(&jobs); i++) {
        struct job job = { .db = admin->db, .arena = admin->arena, .id = result_int(&jobs, i, 0) };
        good           = done(demo_clock(admin->db, job.id)) && !plan_scenario_run(&job);
    }
    good = good && done(demo_clock(admin->db, 0));
    good = good && done(demo_plans_sign(admin->db)) && done(demo_events_order(admin->db)) &&
           done(demo_settle(admin->db)) && done(demo_script(admin->db, committees)) &&
           done(demo_targets(admin->db)) && done(demo_actors(admin->db)) &&
           done(demo_committees(admin->db)) && done(demo_clean(admin->db));
    for (int i = 0; good && i < result_count(&jobs); i++) {
        good = done(demo_linked(admin->db, result_int(&jobs, i, 0)));
    }
    if (!good) {
        admin_failed(admin);
    }
    return good;
}

static int say_counts(struct admin *admin, int64_t started)
{
    CLEANUP(result_done) struct result row = demo_counts(admin->db);
    if (row.err) {
        return admin_failed(admin);
    }
    printf("%lld établissements fictifs, %lld engagements, %lld comptes rendus, %lld "
           "sollicitations, %lld offres, %lld comptes (%.1f s)\n",
           (long long)result_int(&row, 0, 0), (long long)result_int(&row, 0, 1),
           (long long)result_int(&row, 0, 2), (long long)result_int(&row, 0, 3),
           (long long)result_int(&row, 0, 4), (long long)result_int(&row, 0, 5),
           (double)(clock_ms() - started) / 1000);
    return EXIT_OK;
}

static int demo(struct admin *admin)
{
    static const struct setting table[] = {
        { "out", SETTING_TEXT, 0, NULL, 0, 0, "fichier des comptes" },
        { 0 },
    };
    struct str out = { 0 };
    struct str hash;
    int64_t    started = clock_ms();
    char       password[PASSWORD_LEN + 1];

    if (!admin_options(admin, table, &out, 0) || !admin_keys(admin)) {
        return EXIT_USAGE;
    }
    if (!out.len) {
        admin_refuse("--out est nécessaire : le fichier où écrire les comptes");
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result state = demo_state(admin->db);
    if (state.err) {
        return admin_failed(admin);
    }
    bool is_there = result_bool(&state, 0, 0);
    if (is_there && access(arena_text(admin->arena, out), F_OK) == 0) {
        puts("La démonstration est déjà là : rien à faire.");
        return EXIT_OK;
    }
    if (!is_there && result_bool(&state, 0, 1)) {
        return admin_refuse(
            "cette instance a déjà des structures : la démonstration n’y est pas ajoutée");
    }
    make_password(password);
    if (password_hash(str_of(password), admin->arena, &hash)) {
        return admin_refuse("mémoire insuffisante pour protéger le mot de passe");
    }
    if (db_begin(admin->db)) {
        return admin_failed(admin);
    }
    bool is_made = is_there ? done(demo_passwords(admin->db, hash))
                            : run_scripts(admin) && make_territory(admin, hash);
    if (!is_made || !write_accounts(admin, out, str_of(password))) {
        db_rollback(admin->db);
        return EXIT_REFUSED;
    }
    if (db_commit(admin->db)) {
        return admin_failed(admin);
    }
    if (is_there) {
        puts(
            "La démonstration est déjà là ; ses mots de passe étaient perdus : en voici de nouveaux.");
    } else if (!link_rows(admin) || !look_at_files(admin) || !make_plans(admin) || !seal(admin)) {
        return EXIT_REFUSED;
    }
    printf("Mot de passe de tous les comptes : %s\n", password);
    return say_counts(admin, started);
}

const struct command demo_commands[] = {
    { "demo", "--out FICHIER",
      "Crée un territoire de démonstration, l’Allier, dont les employeurs sont fictifs ; écrit les "
      "comptes dans FICHIER.",
      demo },
    { 0 },
};
