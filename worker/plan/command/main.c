// maillage-plan: who visits whom, in which order, and the proof of it, from the command line.
#include "command/command.h"

#include "base/config.h"

static const struct subcommand subcommands[] = {
    { "assign", cmd_assign, "INSTANCE", "répartit les établissements entre les conseillers", 1, 1 },
    { "tours", cmd_tours, "INSTANCE [RÉSULTAT-PRÉCÉDENT]",
      "ordonne les visites en tournées ; près du résultat précédent s’il est donné", 1, 2 },
    { "check", cmd_check, "INSTANCE RÉSULTAT [RÉSULTAT-PRÉCÉDENT]",
      "vérifie un résultat sans le code qui l’a produit", 2, 3 },
};

struct flags {
    struct str time_limit;
    int64_t    seed, threads, vehicles;
    struct str format;
    bool       nearest, routes, usage, help;
};

static const struct setting settings[] = {
    { "time-limit", SETTING_TEXT, offsetof(struct flags, time_limit), NULL, 0, 0,
      "secondes de processeur au plus" },
    { "seed", SETTING_INT, offsetof(struct flags, seed), "1", 0, INT64_MAX,
      "graine : même graine, même plan" },
    { "threads", SETTING_INT, offsetof(struct flags, threads), "1", 1, 64, "fils d’exécution" },
    { "format", SETTING_TEXT, offsetof(struct flags, format), NULL, 0, 0,
      "format de l’instance ; sinon reconnu" },
    { "vehicles", SETTING_INT, offsetof(struct flags, vehicles), NULL, 1, 10000,
      "formats texte : nombre de tournées" },
    { "nearest", SETTING_BOOL, offsetof(struct flags, nearest), NULL, 0, 0,
      "formats texte : distances arrondies au lieu d’être tronquées" },
    { "routes", SETTING_BOOL, offsetof(struct flags, routes), NULL, 0, 0,
      "tournées en lignes « Route #1: … » au lieu de JSON" },
    { "usage", SETTING_BOOL, offsetof(struct flags, usage), NULL, 0, 0,
      "dit à la fin, sur l’erreur standard, le temps de processeur et la mémoire" },
    { "help", SETTING_BOOL, offsetof(struct flags, help), NULL, 0, 0, "aide" },
    { 0 },
};

static int usage(FILE *out, int status)
{
    fputs("maillage-plan COMMANDE [options] FICHIER…\n\n", out);
    for (size_t i = 0; i < LENGTH(subcommands); i++) {
        const struct subcommand *c = &subcommands[i];
        fprintf(out, "  %s %s\n      %s\n", c->name, c->arguments, c->what);
    }
    fputs("\nOptions (« - » est l’entrée standard ; le résultat va sur la sortie standard) :\n",
          out);
    config_usage(settings, out);
    fputs(
        "\nStatut : 0, un plan est écrit (check : tout est prouvé) ; 1, aucun plan n’existe (check : quelque\n"
        "chose est faux) ; 2, la commande, un fichier ou une instance n’est pas valide.\n"
        "Formats, méthodes et mesures : docs/planning.md.\n",
        out);
    return status;
}

static const struct subcommand *find(struct str name)
{
    for (size_t i = 0; i < LENGTH(subcommands); i++) {
        if (str_eq(name, str_of(subcommands[i].name))) {
            return &subcommands[i];
        }
    }
    return NULL;
}

// The high-water mark of this program alone: rusage would count whoever started it.
static long peak_kb(void)
{
    char  line[128];
    long  kb   = 0;
    FILE *file = fopen("/proc/self/status", "r");

    while (file && fgets(line, sizeof line, file)) {
        if (str_starts(str_of(line), STR("VmHWM:"))) {
            kb = strtol(line + 6, NULL, 10);
        }
    }
    if (file) {
        fclose(file);
    }
    return kb;
}

static void tell_usage(void)
{
    fprintf(stderr, "usage %.3f s %ld kB\n", command_cpu(), peak_kb());
}

static int run(struct arena *arena, int argc, char **argv)
{
    struct flags   flags = { 0 };
    struct options o     = { .arena = arena };
    struct str     why   = { 0 };

    if (config_read(settings, &flags, arena, &argc, argv, &why)) {
        return command_refuse("%.*s", STR_ARG(why));
    }
    if (flags.help || argc < 2 || str_eq(str_of(argv[1]), STR("help"))) {
        return usage(flags.help || argc > 1 ? stdout : stderr,
                     flags.help || argc > 1 ? EXIT_DONE : EXIT_REFUSED);
    }
    const struct subcommand *c = find(str_of(argv[1]));
    if (!c) {
        return command_refuse("commande inconnue : %s ; voyez maillage-plan help", argv[1]);
    }
    if (flags.time_limit.len && (!str_double(flags.time_limit, &o.time_limit) ||
                                 !(o.time_limit > 0 && o.time_limit <= 1e6))) {
        return command_refuse("--time-limit attend un nombre de secondes");
    }
    if (argc - 2 < c->least || argc - 2 > c->most) {
        return command_refuse("usage : maillage-plan %s %s", c->name, c->arguments);
    }
    o.seed     = (uint64_t)flags.seed;
    o.threads  = (int)flags.threads;
    o.format   = flags.format;
    o.vehicles = flags.vehicles;
    o.nearest  = flags.nearest;
    o.routes   = flags.routes;
    for (int i = 2; i < argc; i++) {
        o.paths[o.path_count++] = argv[i];
    }
    int status = c->run(&o);
    if (flags.usage) {
        tell_usage();
    }
    return status;
}

int main(int argc, char **argv)
{
    struct arena *arena  = arena_new();
    int           status = run(arena, argc, argv);

    arena_free(arena);
    if (fflush(stdout) || ferror(stdout)) {
        return command_refuse("la sortie ne peut pas être écrite");
    }
    return status;
}
