// maillage-admin import ...
#include "admin/admin.h"

#include <unistd.h>

#include "base/clock.h"
#include "import/contours.h"
#include "import/market.h"
#include "import/reference.h"

// One line that rewrites itself, on a terminal only.
struct bar {
    int64_t started;
    int64_t shown;
};

static void show(void *context, uint64_t bytes, uint64_t of, uint64_t rows, bool is_merging)
{
    struct bar *bar = context;
    int64_t     now = clock_ms();

    if (!isatty(STDERR_FILENO) || (now - bar->shown < 200 && !is_merging)) {
        return;
    }
    bar->shown = now;
    if (is_merging) {
        fprintf(stderr, "\r\033[K%llu lignes lues, mise à jour du registre…",
                (unsigned long long)rows);
    } else {
        double seconds = (double)(now - bar->started) / 1000;
        fprintf(stderr, "\r\033[K%llu lignes, %.0f %%, %.0f lignes/s", (unsigned long long)rows,
                of ? 100.0 * (double)bytes / (double)of : 0.0,
                seconds > 0 ? (double)rows / seconds : 0.0);
    }
}

static void clear_bar(void)
{
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
}

static void print_notes(const struct sirene_notes *notes)
{
    for (size_t i = 0; i < PROBLEM__COUNT; i++) {
        char text[1024];
        if (notes->count[i]) {
            printf("  remarque, %llu fois ; la première : %s\n",
                   (unsigned long long)notes->count[i],
                   import_problem_text(&notes->first[i], text, sizeof text));
        }
    }
}

static int import_sirene(struct admin *admin)
{
    static const struct setting table[] = {
        { "extract", SETTING_BOOL, 0, NULL, 0, 0, "des successions, un extrait seulement" },
        { 0 },
    };
    static const char *const kinds[] = {
        [SIRENE_ESTABLISHMENTS] = "Établissements",
        [SIRENE_UNITS] = "Unités légales",
        [SIRENE_SUCCESSIONS] = "Successions",
    };
    bool                  is_extract = false;
    struct bar            bar = { .started = clock_ms() };
    struct sirene_report  report;
    struct import_problem p = { 0 };

    if (!admin_options(admin, table, &is_extract, 1)) {
        return EXIT_USAGE;
    }
    const char        *path = admin->argv[1];
    enum import_result result = sirene_import(
        admin->db, path, is_extract, (struct import_progress){ .tell = show, .context = &bar },
        &report, &p);
    clear_bar();
    if (result != IMPORT_DONE) {
        return admin_wrong(admin, path, result, &p);
    }
    printf("%s : %llu lus, %llu nouveaux, %llu modifiés, %llu inchangés, %llu fermés (%.1f s)\n",
           kinds[report.kind],
           (unsigned long long)report.read, (unsigned long long)report.fresh,
           (unsigned long long)report.changed, (unsigned long long)report.unchanged,
           (unsigned long long)report.closed, (double)(clock_ms() - bar.started) / 1000);
    if (report.kind == SIRENE_UNITS) {
        printf("  %llu établissements ont pris le nom de leur entreprise\n",
               (unsigned long long)report.named);
    }
    if (report.partial) {
        printf("  %llu en diffusion partielle\n", (unsigned long long)report.partial);
    }
    if (report.gone) {
        printf("  %llu successions que le répertoire ne dit plus\n",
               (unsigned long long)report.gone);
    }
    if (report.followed || report.undone) {
        printf("  %llu établissements suivis chez leur successeur, %llu rendus à eux-mêmes\n",
               (unsigned long long)report.followed, (unsigned long long)report.undone);
    }
    if (report.released) {
        printf("  %llu engagements levés : l’établissement est fermé\n",
               (unsigned long long)report.released);
    }
    print_notes(&report.notes);
    return EXIT_OK;
}

static int import_partner(struct admin *admin)
{
    static const struct setting table[] = {
        { "organisation", SETTING_TEXT, 0, NULL, 0, 0, "numéro de la structure" },
        { 0 },
    };
    struct str            organisation = { 0 };
    int64_t               id, file;
    struct partner_report report = { 0 };
    struct import_problem p = { 0 };
    char                  text[1024];

    if (!admin_options(admin, table, &organisation, 1) ||
        !admin_id(organisation, "--organisation", &id) || !admin_keys(admin)) {
        return EXIT_USAGE;
    }
    const char        *path = admin->argv[1];
    enum import_result result = partner_receive(admin->db, id, path, &file, &p);
    if (result == IMPORT_DONE) {
        result = partner_run(admin->db, file, (struct partner_watch){ 0 }, &report, &p);
    }
    if (result != IMPORT_DONE) {
        return admin_wrong(admin, path, result, &p);
    }
    if (report.is_repeat) {
        printf("Fichier %lld : déjà reçu et importé, rien à faire.\n", (long long)file);
        return EXIT_OK;
    }
    printf("Fichier %lld : %llu lignes, %llu rapprochées par SIRET, %llu établissements créés, "
           "%llu à examiner, %llu inutilisables\n",
           (long long)file, (unsigned long long)report.read, (unsigned long long)report.linked,
           (unsigned long long)report.created, (unsigned long long)report.review,
           (unsigned long long)report.unusable);
    if (report.restored) {
        printf("  %llu SIRET ont été rétablis (zéros de tête, lettres, notation scientifique)\n",
               (unsigned long long)report.restored);
    }
    if (report.has_conversion) {
        printf("  %s\n", import_problem_text(&report.conversion, text, sizeof text));
    }
    if (report.is_unterminated) {
        printf("  %s\n", import_problem_text(&report.unterminated, text, sizeof text));
    }
    return EXIT_OK;
}

static int import_contours(struct admin *admin)
{
    struct contours_report report;
    struct import_problem  p = { 0 };

    if (!admin_options(admin, NULL, NULL, 1)) {
        return EXIT_USAGE;
    }
    enum import_result result = contours_import(admin->db, admin->argv[1], &report, &p);
    if (result != IMPORT_DONE) {
        return admin_wrong(admin, admin->argv[1], result, &p);
    }
    printf("Contours : %llu lus, %llu modifiés, %llu inchangés, %llu sans commune de ce code\n",
           (unsigned long long)report.read, (unsigned long long)report.changed,
           (unsigned long long)report.unchanged, (unsigned long long)report.unknown);
    if (report.unknown) {
        printf("  codes inconnus : %s%s\n", report.some_unknown, report.unknown > 8 ? "…" : "");
    }
    if (report.frame.far) {
        printf("  %llu contours à plus de 400 km du département que dit leur code, laissés de côté : "
               "%s%s\n",
               (unsigned long long)report.frame.far, report.frame.some_far,
               report.frame.far > 8 ? "…" : "");
    }
    if (report.astray) {
        printf("  à vérifier : %llu contours à plus de 20 km du centre connu de leur commune : "
               "%s%s\n",
               (unsigned long long)report.astray, report.some_astray, report.astray > 8 ? "…" : "");
    }
    if (report.misnamed) {
        printf("  à vérifier : %llu contours au nom d’une autre commune du département : %s%s\n",
               (unsigned long long)report.misnamed, report.some_misnamed,
               report.misnamed > 8 ? "…" : "");
    }
    if (report.covered) {
        printf("  à vérifier : %llu communes sous le contour d’une autre : %s%s\n",
               (unsigned long long)report.covered, report.some_covered, report.covered > 8 ? "…" : "");
    }
    if (report.frame.is_swapped) {
        printf("  la latitude y est donnée avant la longitude : remises dans l’ordre\n");
    }
    if (report.frame.srid != 4326) {
        printf("  coordonnées converties depuis la projection EPSG:%d%s\n", report.frame.srid,
               report.frame.srid == 2154 ? " (Lambert-93)" : "");
    }
    if (report.frame.nameless) {
        printf("  %llu éléments sans code de commune, laissés de côté (le premier : élément %llu)\n",
               (unsigned long long)report.frame.nameless,
               (unsigned long long)report.frame.first_nameless);
    }
    static const struct {
        size_t      at;
        const char *sentence;
    } told[] = {
        { offsetof(struct contours_report, frame.bare), "éléments sans contour, laissés de côté" },
        { offsetof(struct contours_report, flat), "contours sans surface, laissés de côté" },
        { offsetof(struct contours_report, frame.open), "anneaux restés ouverts, fermés" },
        { offsetof(struct contours_report, mended), "contours dont le bord se croise, réparés" },
    };
    for (size_t i = 0; i < LENGTH(told); i++) {
        uint64_t n;
        memcpy(&n, (const char *)&report + told[i].at, sizeof n);
        if (n) {
            printf("  %llu %s\n", (unsigned long long)n, told[i].sentence);
        }
    }
    printf("  communes d’aujourd’hui : %llu réunissent plusieurs contours, %llu sont dessinées faute "
           "de contour, %llu restent sans place\n",
           (unsigned long long)report.dissolved, (unsigned long long)report.drawn,
           (unsigned long long)report.missing);
    return EXIT_OK;
}

// words: how many files, as admin_options counts them.
static int import_references(struct admin *admin, const char *name, int words,
                             enum import_result (*load)(struct db *db, const char *path,
                                                        struct reference_report *ret,
                                                        struct import_problem   *p))
{
    if (!admin_options(admin, NULL, NULL, words)) {
        return EXIT_USAGE;
    }
    for (int i = 1; i < admin->argc; i++) {
        struct reference_report report;
        struct import_problem   p      = { 0 };
        enum import_result      result = load(admin->db, admin->argv[i], &report, &p);
        if (result != IMPORT_DONE) {
            return admin_wrong(admin, admin->argv[i], result, &p);
        }
        printf("%s : %llu lus, %llu nouveaux, %llu modifiés\n", name, (unsigned long long)report.read,
               (unsigned long long)report.fresh, (unsigned long long)report.changed);
    }
    return EXIT_OK;
}

static int import_reference(struct admin *admin, const char *name,
                            enum import_result (*load)(struct db *db, const char *path,
                                                       struct reference_report *ret,
                                                       struct import_problem   *p))
{
    return import_references(admin, name, 1, load);
}

static int import_communes(struct admin *admin)
{
    return import_reference(admin, "Communes", communes_import);
}

static int import_centres(struct admin *admin)
{
    return import_reference(admin, "Centres", centres_import);
}

static int import_zones(struct admin *admin)
{
    return import_reference(admin, "Zonages", zones_import);
}

static int import_naf(struct admin *admin)
{
    return import_reference(admin, "NAF", naf_import);
}

static int import_rome(struct admin *admin)
{
    return import_references(admin, "ROME", -1, rome_import);
}

static int import_bassins(struct admin *admin)
{
    return import_reference(admin, "Communes des bassins", bassins_import);
}

static int import_bmo(struct admin *admin)
{
    return import_reference(admin, "BMO", bmo_import);
}

static int import_tension(struct admin *admin)
{
    return import_reference(admin, "Tensions", tension_import);
}

static int import_hirings(struct admin *admin)
{
    return import_reference(admin, "Embauches", hirings_import);
}

static int import_families(struct admin *admin)
{
    return import_reference(admin, "Familles de métiers", families_import);
}

// What every instance needs, from the packages and files that come with the program.
static int seed(struct admin *admin)
{
    static const struct {
        const char *path, *name;
        bool        is_needed;
        enum import_result (*load)(struct db *db, const char *path, struct reference_report *ret,
                                   struct import_problem *p);
    } files[] = {
        { "web/node_modules/@etalab/decoupage-administratif/data/communes.json", "Communes", true,
          communes_import },
        { "web/node_modules/@socialgouv/codes-naf/index.json", "NAF", true, naf_import },
        { "schema/seed/naf_sections_divisions.csv", "NAF, sections", true, naf_import },
        { "schema/seed/rome.csv", "ROME", false, rome_import },
        { "schema/seed/titles.csv", "Appellations", false, rome_import },
        { "schema/seed/allier.csv", "Centres des communes", true, centres_import },
        { "web/node_modules/@etalab/decoupage-administratif/data/regions.json", "Régions", true, zones_import },
        { "web/node_modules/@etalab/decoupage-administratif/data/departements.json", "Départements", true,
          zones_import },
        { "web/node_modules/@etalab/decoupage-administratif/data/epci.json", "Intercommunalités", true,
          zones_import },
    };
    struct str root = admin_root(admin);

    if (!admin_options(admin, NULL, NULL, 0)) {
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < LENGTH(files); i++) {
        const char *path = arena_printf(admin->arena, "%.*s/%s", STR_ARG(root), files[i].path).at;
        struct reference_report report;
        struct import_problem   p = { 0 };
        if (!files[i].is_needed && access(path, R_OK) != 0) {
            continue;
        }
        enum import_result result = files[i].load(admin->db, path, &report, &p);
        if (result != IMPORT_DONE) {
            return admin_wrong(admin, path, result, &p);
        }
        printf("%s : %llu lus, %llu nouveaux, %llu modifiés\n", files[i].name,
               (unsigned long long)report.read, (unsigned long long)report.fresh,
               (unsigned long long)report.changed);
    }
    return EXIT_OK;
}

const struct command import_commands[] = {
    { "import sirene", "[--extract] FICHIER[.gz]",
      "StockEtablissement, StockUniteLegale, liens de succession ou Annuaire des entreprises.",
      import_sirene },
    { "import partner", "--organisation NUMÉRO FICHIER", "Fichier d’une structure partenaire.",
      import_partner },
    { "import contours", "FICHIER.geojson", "Contours officiels des communes.", import_contours },
    { "import communes", "FICHIER.json", "Communes (paquet @etalab/decoupage-administratif).",
      import_communes },
    { "import centres", "FICHIER.csv", "Centres des communes : colonnes code, lon, lat.",
      import_centres },
    { "import zones", "FICHIER.json",
      "Régions, départements ou intercommunalités (paquet @etalab/decoupage-administratif).", import_zones },
    { "import naf", "FICHIER.json|.csv", "Codes NAF rév. 2 et leurs libellés.", import_naf },
    { "import rome", "FICHIER.csv[.gz]...", "Répertoire ROME 3 et 4.0 : métiers, puis appellations.", import_rome },
    { "import bassins", "FICHIER.csv[.gz]", "Communes des bassins d’emploi.", import_bassins },
    { "import bmo", "FICHIER.csv[.gz]", "Enquête Besoins en main-d’œuvre de France Travail.", import_bmo },
    { "import tension", "FICHIER.csv[.gz]", "Tension des métiers par bassin.", import_tension },
    { "import hirings", "FICHIER.csv[.gz]", "Embauches par activité et métier.", import_hirings },
    { "import families", "FICHIER.csv[.gz]", "Familles de métiers (FAP) et codes ROME.", import_families },
    { "seed", "", "Données de référence livrées avec le programme.", seed },
    { 0 },
};
