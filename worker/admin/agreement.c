// maillage-admin agreement ...
#include "admin/admin.h"

#include "queries.h"

static int list(struct admin *admin)
{
    static const struct setting table[] = { { 0 } };
    if (!admin_options(admin, table, NULL, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result rows = agreement_list(admin->db);
    if (rows.err) {
        return admin_failed(admin);
    }
    for (int i = 0; i < result_count(&rows); i++) {
        struct str network = result_text(&rows, i, 0);
        printf("%-6.*s version %lld du %.*s, réservation %lld jours, canaux : %.*s\n", STR_ARG(network.len ? network : STR("tous")),
               (long long)result_int(&rows, i, 1), STR_ARG(result_text(&rows, i, 2)), (long long)result_int(&rows, i, 3),
               STR_ARG(result_text(&rows, i, 4)));
    }
    return EXIT_OK;
}

static int explain(struct admin *admin)
{
    CLEANUP(result_done) struct result rows = agreement_outlets(admin->db);
    for (int i = 0; i < result_count(&rows); i++) {
        fprintf(stderr, "  %-8.*s %.*s\n", STR_ARG(result_text(&rows, i, 0)), STR_ARG(result_text(&rows, i, 1)));
    }
    return EXIT_USAGE;
}

static int channels(struct admin *admin)
{
    struct options {
        struct str network, channels;
    } o = { 0 };
    static const struct setting table[] = {
        { "network", SETTING_TEXT, offsetof(struct options, network), NULL, 0, 0, "réseau" },
        { "channels", SETTING_TEXT, offsetof(struct options, channels), NULL, 0, 0, "canaux" },
        { 0 },
    };
    if (!admin_options(admin, table, &o, 0)) {
        return EXIT_USAGE;
    }
    if (str_is_absent(o.channels)) {
        admin_refuse("--channels est nécessaire, séparés par des virgules :");
        return explain(admin);
    }
    CLEANUP(result_done) struct result unknown = agreement_unknown(admin->db, o.channels);
    if (unknown.err) {
        return admin_failed(admin);
    }
    if (!result_is_null(&unknown, 0, 0)) {
        admin_refuse("canal inconnu : %.*s", STR_ARG(result_text(&unknown, 0, 0)));
        return explain(admin);
    }
    struct str                         network = o.network.len ? o.network : (struct str){ 0 };
    CLEANUP(result_done) struct result made    = agreement_channels(admin->db, network, o.channels);
    if (made.err) {
        return admin_failed(admin);
    }
    printf("Convention%s%.*s, version %lld : en vigueur dès aujourd’hui pour les offres qui s’ouvrent.\n", network.len ? " du réseau " : "",
           STR_ARG(network), (long long)result_int(&made, 0, 0));
    return EXIT_OK;
}

// What an agreement counts: the option, the column of data.agreement, what it is, between what and what.
static const struct term {
    const char *option, *column, *what;
    int64_t     min, max;
} terms[] = {
    { "reservation-days", "reservation_days", "jours de réservation d’une offre", 0, 60 },
    { "open-days", "open_days", "jours pendant lesquels une offre reste ouverte", 1, 180 },
    { "unserved-days", "unserved_days", "jours sans candidature avant un rappel", 1, 60 },
    { "referrals-most", "referrals_most", "candidatures proposées au plus, par structure et par offre", 1, 50 },
    { "promise-days", "promise_days", "jours ouvrés d’un engagement de visite", 1, 120 },
    { "promise-days-most", "promise_days_most", "jours ouvrés d’un engagement, au plus", 1, 250 },
    { "grace-days", "grace_days", "jours de grâce après l’échéance", 0, 30 },
    { "extensions-most", "extensions_most", "prolongations d’un engagement, au plus", 0, 10 },
    { "suspension-days-most", "suspension_days_most", "jours d’absence décomptés, au plus", 0, 120 },
    { "transfer-days", "transfer_days", "jours pour répondre à un transfert", 1, 30 },
    { "proposal-days", "proposal_days", "jours pour répondre à une proposition", 1, 30 },
    { "rest-visit-days", "rest_visit_days", "jours de repos après une visite", 0, 730 },
    { "rest-call-days", "rest_call_days", "jours de repos après un appel", 0, 730 },
    { "rest-mail-days", "rest_mail_days", "jours de repos après un courriel", 0, 730 },
    { "rest-forum-days", "rest_forum_days", "jours de repos après un forum", 0, 730 },
    { "retention-months", "retention_months", "mois de conservation des interlocuteurs", 1, 120 },
};

// What a command changed: « réseau ml, version 3 ».
static int told(struct str network, const struct result *made)
{
    printf("Convention%s%.*s, version %lld : en vigueur dès aujourd’hui ; ce qui court déjà ne change pas.\n", network.len ? " du réseau " : "",
           STR_ARG(network), (long long)result_int(made, 0, 0));
    return EXIT_OK;
}

static int show(struct admin *admin)
{
    struct str                  network = { 0 };
    static const struct setting table[] = { { "network", SETTING_TEXT, 0, NULL, 0, 0, "réseau" }, { 0 } };
    if (!admin_options(admin, table, &network, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result rows = agreement_terms(admin->db, network);
    if (rows.err) {
        return admin_failed(admin);
    }
    for (size_t t = 0; t < LENGTH(terms); t++) {
        for (int i = 0; i < result_count(&rows); i++) {
            if (str_eq(result_text(&rows, i, 0), str_of(terms[t].column))) {
                printf("%5.*s  %s (--%s)\n", STR_ARG(result_text(&rows, i, 1)), terms[t].what, terms[t].option);
            }
        }
    }
    return EXIT_OK;
}

static int set(struct admin *admin)
{
    struct options {
        struct str network, terms[LENGTH(terms)];
    } o = { 0 };
    struct setting table[LENGTH(terms) + 2] = { { "network", SETTING_TEXT, offsetof(struct options, network), NULL, 0, 0, "réseau" } };
    for (size_t t = 0; t < LENGTH(terms); t++) {
        table[t + 1] = (struct setting){ terms[t].option, SETTING_TEXT, offsetof(struct options, terms) + t * sizeof o.terms[0], NULL, 0, 0, terms[t].what };
    }
    if (!admin_options(admin, table, &o, 0)) {
        return EXIT_USAGE;
    }
    struct str changes = { 0 };
    for (size_t t = 0; t < LENGTH(terms); t++) {
        int64_t n;
        if (str_is_absent(o.terms[t])) {
            continue;
        }
        if (!str_int(o.terms[t], &n) || n < terms[t].min || n > terms[t].max) {
            admin_refuse("--%s : %s, de %lld à %lld", terms[t].option, terms[t].what, (long long)terms[t].min, (long long)terms[t].max);
            return EXIT_USAGE;
        }
        changes = arena_printf(admin->arena, "%.*s%s\"%s\": %lld", STR_ARG(changes), changes.len ? ", " : "", terms[t].column, (long long)n);
    }
    if (!changes.len) {
        admin_refuse("rien à changer : donnez au moins une option");
        for (size_t t = 0; t < LENGTH(terms); t++) {
            fprintf(stderr, "  --%-22s %s\n", terms[t].option, terms[t].what);
        }
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result made = agreement_set(admin->db, o.network, arena_printf(admin->arena, "{%.*s}", STR_ARG(changes)));
    return made.err ? admin_failed(admin) : told(o.network, &made);
}

static int routes(struct admin *admin)
{
    struct str                  network = { 0 };
    static const struct setting table[] = { { "network", SETTING_TEXT, 0, NULL, 0, 0, "réseau" }, { 0 } };
    if (!admin_options(admin, table, &network, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result rows = agreement_routes(admin->db, network);
    if (rows.err) {
        return admin_failed(admin);
    }
    for (int i = 0; i < result_count(&rows); i++) {
        printf("--%.*s %-12.*s %s %.*s  %.*s\n", STR_ARG(result_text(&rows, i, 0)), STR_ARG(result_text(&rows, i, 1)),
               result_bool(&rows, i, 4) ? "seulement" : "aussi    ", STR_ARG(result_text(&rows, i, 3)), STR_ARG(result_text(&rows, i, 2)));
    }
    return EXIT_OK;
}

static int route(struct admin *admin, bool is_removed)
{
    struct options {
        struct str network, public, contract, rome, to;
        bool       only;
    } o = { 0 };
    static const struct setting table[] = {
        { "network", SETTING_TEXT, offsetof(struct options, network), NULL, 0, 0, "réseau" },
        { "public", SETTING_TEXT, offsetof(struct options, public), NULL, 0, 0, "public" },
        { "contract", SETTING_TEXT, offsetof(struct options, contract), NULL, 0, 0, "contrat" },
        { "rome", SETTING_TEXT, offsetof(struct options, rome), NULL, 0, 0, "métier, ou son début" },
        { "to", SETTING_TEXT, offsetof(struct options, to), NULL, 0, 0, "réseau destinataire" },
        { "only", SETTING_BOOL, offsetof(struct options, only), NULL, 0, 0, "à lui seul" },
        { 0 },
    };
    if (!admin_options(admin, table, &o, 0)) {
        return EXIT_USAGE;
    }
    const struct kind {
        const char *name;
        struct str  code;
    } kinds[]                = { { "public", o.public }, { "contract", o.contract }, { "rome", o.rome } };
    const struct kind *named = NULL;
    int                many  = 0;
    for (size_t k = 0; k < LENGTH(kinds); k++) {
        if (!str_is_absent(kinds[k].code)) {
            named = &kinds[k];
            many++;
        }
    }
    if (many != 1 || str_is_absent(o.to)) {
        admin_refuse("il faut --to et une seule option parmi --public, --contract et --rome");
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result made = agreement_route(admin->db, o.network, str_of(named->name), named->code, o.to, o.only, is_removed);
    return made.err ? admin_failed(admin) : told(o.network, &made);
}

static int route_add(struct admin *admin)
{
    return route(admin, false);
}

static int route_remove(struct admin *admin)
{
    return route(admin, true);
}

const struct command agreement_commands[] = {
    { "agreement list", "", "Ce que disent les conventions en vigueur.", list },
    { "agreement show", "[--network RÉSEAU]", "Tous les nombres d’une convention en vigueur, et l’option qui change chacun.", show },
    { "agreement set", "--reservation-days N [...] [--network RÉSEAU]", "Une nouvelle version, avec d’autres nombres ; sans option, les nomme.", set },
    { "agreement channels", "--channels CANAL[,CANAL]... [--network RÉSEAU]", "Où les offres sont publiées quand elles s’ouvrent.", channels },
    { "agreement route list", "[--network RÉSEAU]", "À quels réseaux vont les offres, selon le public, le contrat, le métier.", routes },
    { "agreement route add", "--public CODE|--contract CODE|--rome DÉBUT --to RÉSEAU [--only=true] [--network RÉSEAU]",
      "Les offres de ce public, de ce contrat ou de ce métier vont aussi à ce réseau ; --only : à lui seul.", route_add },
    { "agreement route remove", "--public CODE|--contract CODE|--rome DÉBUT --to RÉSEAU [--network RÉSEAU]", "Elles n’y vont plus.", route_remove },
    { 0 },
};
