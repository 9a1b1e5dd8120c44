#include "command/options.h"

// Options that take values; how many.
static const struct {
    const char *name;
    size_t      offset, values;
} table[] = {
    { "--type", offsetof(struct options, type), 1 },
    { "--output", offsetof(struct options, output), 1 },
    { "--review", offsetof(struct options, review), 1 },
    { "--redirects", offsetof(struct options, redirects), 1 },
    { "--previous", offsetof(struct options, previous), 1 },
    { "--decisions", offsetof(struct options, decisions), 1 },
    { "--explain", offsetof(struct options, explain), 2 },
};

void options_usage(FILE *out)
{
    fputs("maillage-link group --type TYPE [options] FICHIER.csv…\n\n"
          "Groupe les fiches qui parlent du même établissement ou de la même personne.\n"
          "Les fichiers sont des CSV, comprimés (.gz) ou non ; leur ordre ne compte pas.\n\n"
          "  --type TYPE           etablissement, contact, ou le chemin d’un fichier de\n"
          "                        correspondance (.toml) qui dit comment lire les colonnes\n"
          "  --output FICHIER      où écrire les groupes : record_id,entity_id,score\n"
          "                        (par défaut la sortie standard)\n"
          "  --review FICHIER      écrit les paires à faire vérifier par quelqu’un\n"
          "  --previous FICHIER    groupes d’un passage précédent : les identifiants des\n"
          "                        entités qui survivent sont gardés\n"
          "  --redirects FICHIER   écrit, pour chaque entité disparue, celle qui la remplace\n"
          "  --decisions FICHIER   décisions déjà prises : colonnes a,b,decision, où decision\n"
          "                        vaut « same » ou « different »\n"
          "  --explain A B         dit pourquoi ces deux fiches sont ensemble ou non, champ par\n"
          "                        champ, au lieu d’écrire les groupes\n"
          "  --quiet               ne montre pas l’avancement\n"
          "  --help                cette aide\n",
          out);
}

static bool refuse(const char *what, const char *arg)
{
    fprintf(stderr, "maillage-link : %s%s%s ; voyez maillage-link --help\n", what, arg ? " " : "",
            arg ? arg : "");
    return false;
}

// Takes the option at argv[*i] with its values; false when it is unknown or lacks one.
static bool take(int argc, char **argv, int *i, struct options *ret)
{
    for (size_t k = 0; k < LENGTH(table); k++) {
        if (strcmp(argv[*i], table[k].name) != 0) {
            continue;
        }
        const char **into = (const char **)(void *)((char *)ret + table[k].offset);
        for (size_t v = 0; v < table[k].values; v++) {
            if (++*i >= argc) {
                return refuse("il manque une valeur après", table[k].name);
            }
            into[v] = argv[*i];
        }
        return true;
    }
    return refuse("option inconnue :", argv[*i]);
}

bool options_read(int argc, char **argv, struct options *ret)
{
    bool only_files = false;

    *ret = (struct options){ .type = NULL };
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        ret->help = true;
        return true;
    }
    if (argc < 2 || strcmp(argv[1], "group") != 0) {
        return refuse("la commande est « group »", NULL);
    }
    ret->files = argv + 2;
    for (int i = 2; i < argc; i++) {
        if (only_files || argv[i][0] != '-' || !argv[i][1]) {
            ret->files[ret->file_count++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            only_files = true;
        } else if (strcmp(argv[i], "--help") == 0) {
            ret->help = true;
            return true;
        } else if (strcmp(argv[i], "--quiet") == 0) {
            ret->quiet = true;
        } else if (!take(argc, argv, &i, ret)) {
            return false;
        }
    }
    if (!ret->type) {
        return refuse("il manque --type", NULL);
    }
    return ret->file_count ? true : refuse("il manque un fichier", NULL);
}
