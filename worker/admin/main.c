// maillage-admin: what administrators do on an instance, from the command line.
#include "admin/admin.h"

#include <unistd.h>

#include "base/secret.h"
#include "base/vault.h"

static const struct command *const groups[] = {
    import_commands, people_commands, place_commands, instance_commands,
    export_commands, demo_commands,   job_commands,   channel_commands, contact_commands,
    person_commands,
    agreement_commands,
};

// What all commands share; the rest of a settings file is for the other programs.
struct common {
    struct str db, keys_file;
    bool       help;
};

static const struct setting common_settings[] = {
    { "db", SETTING_TEXT, offsetof(struct common, db), NULL, 0, 0, "connexion à PostgreSQL" },
    { "keys-file", SETTING_TEXT, offsetof(struct common, keys_file), NULL, 0, 0, "clés" },
    { "help", SETTING_BOOL, offsetof(struct common, help), NULL, 0, 0, "aide" },
    { 0 },
};

static void usage(FILE *out)
{
    fputs("maillage-admin [options] COMMANDE\n\n", out);
    for (size_t g = 0; g < LENGTH(groups); g++) {
        for (const struct command *c = groups[g]; c->words; c++) {
            fprintf(out, "  %s %s\n      %s\n", c->words, c->arguments, c->what);
        }
        fputc('\n', out);
    }
    fputs("Options communes (ou fichier de --config, ou variables MAILLAGE_…) :\n"
          "  --config FICHIER  réglages, une ligne « nom = valeur » chacun\n"
          "  --db CONNINFO     connexion à PostgreSQL, au nom de maillage_owner\n"
          "  --keys-file FICHIER  clés des données personnelles\n"
          "Une valeur qui commence par « -- » s’écrit --option=valeur.\n",
          out);
}

// How many of the first words of argv are those of the command; 0 when they are not.
static int matches(const struct command *command, int argc, char **argv)
{
    struct str words = str_of(command->words);
    int        n     = 0;

    for (struct str word; str_cut(&words, ' ', &word);) {
        n++;
        if (n >= argc || !str_eq(word, str_of(argv[n]))) {
            return 0;
        }
    }
    return n;
}

static const struct command *find(int argc, char **argv, int *ret_words)
{
    for (size_t g = 0; g < LENGTH(groups); g++) {
        for (const struct command *c = groups[g]; c->words; c++) {
            *ret_words = matches(c, argc, argv);
            if (*ret_words) {
                return c;
            }
        }
    }
    return NULL;
}

bool admin_options(struct admin *admin, const struct setting *table, void *into, int words)
{
    static const struct setting none[] = { { 0 } };
    struct str                  why    = { 0 };

    if (config_read(table ? table : none, into, admin->arena, &admin->argc, admin->argv, &why)) {
        admin_refuse("%.*s", STR_ARG(why));
        return false;
    }
    int least = words < 0 ? -words : words;
    if (admin->argc - 1 < least || (words >= 0 && admin->argc - 1 > words)) {
        admin_refuse(admin->argc - 1 < least ? "il manque un argument ; voyez maillage-admin help"
                                             : "argument en trop : %s",
                     admin->argc - 1 < least ? "" : admin->argv[words + 1]);
        return false;
    }
    return true;
}

bool admin_keys(const struct admin *admin)
{
    if (!admin->has_keys) {
        admin_refuse("--keys-file est nécessaire : le fichier des clés des données personnelles");
    }
    return admin->has_keys;
}

int admin_refuse(const char *format, ...)
{
    va_list args;

    fputs("maillage-admin : ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return EXIT_REFUSED;
}

int admin_failed(struct admin *admin)
{
    const struct db_error *e = db_error(admin->db);

    admin_refuse("%.*s", STR_ARG(err_sentence(e->err)));
    if (e->message.len) {
        fprintf(stderr, "  %.*s\n", STR_ARG(e->message));
    }
    return EXIT_REFUSED;
}

int admin_wrong(struct admin *admin, const char *path, enum import_result result,
                const struct import_problem *p)
{
    char text[1024];

    if (result == IMPORT_FAILED) {
        admin_failed(admin);
    } else {
        admin_refuse("%s : %s", path, import_problem_text(p, text, sizeof text));
    }
    fputs("  Rien n’a été modifié.\n", stderr);
    return EXIT_REFUSED;
}

struct str admin_root(struct admin *admin)
{
    char        path[4096];
    const char *given = getenv("MAILLAGE_ROOT");
    ssize_t     n     = readlink("/proc/self/exe", path, sizeof path);

    if (given && *given) {
        return arena_str(admin->arena, str_of(given));
    }
    for (int level = 0; level < 2; level++) {
        while (n > 0 && path[--n] != '/') {
        }
    }
    struct str root = arena_str(admin->arena, n > 0 ? (struct str){ path, (size_t)n } : STR("."));
    // A build directory elsewhere knows where it was made from.
    struct str seed = arena_printf(admin->arena, "%.*s/schema/seed", STR_ARG(root));
    return access(seed.at, R_OK) == 0 ? root : STR(MAILLAGE_SOURCE);
}

bool admin_id(struct str text, const char *what, int64_t *ret_id)
{
    if (!str_int(text, ret_id) || *ret_id < 1) {
        admin_refuse("%s : un numéro est attendu", what);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct arena         *arena  = arena_new();
    struct common         common = { 0 };
    struct str            why    = { 0 };
    int                   words  = 0;
    int                   status = EXIT_USAGE;
    const struct command *command;

    if (config_read_some(common_settings, &common, arena, &argc, argv, &why)) {
        admin_refuse("%.*s", STR_ARG(why));
        arena_free(arena);
        return EXIT_USAGE;
    }
    command = find(argc, argv, &words);
    if (common.help || argc < 2 || str_eq(str_of(argv[1]), STR("help"))) {
        usage(stdout);
        status = argc < 2 && !common.help ? EXIT_USAGE : EXIT_OK;
    } else if (!command) {
        admin_refuse("commande inconnue : %s ; voyez maillage-admin help", argv[1]);
    } else if (secret_init((struct str){ 0 }, arena, &why) ||
               (common.keys_file.len && vault_init(common.keys_file, arena, &why))) {
        admin_refuse("%.*s", STR_ARG(why));
    } else {
        struct admin admin = {
            .db       = db_open(common.db, "maillage-admin"),
            .conninfo = common.db,
            .arena    = arena,
            .has_keys = common.keys_file.len > 0,
            .argc     = argc - words,
            .argv     = argv + words,
        };
        db_timeout(admin.db, 0);
        status = db_connect(admin.db) ? admin_failed(&admin) : command->run(&admin);
        db_close(admin.db);
    }
    arena_free(arena);
    return status;
}
