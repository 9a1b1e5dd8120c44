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

const struct command agreement_commands[] = {
    { "agreement list", "", "Ce que disent les conventions en vigueur.", list },
    { "agreement channels", "--channels CANAL[,CANAL]... [--network RÉSEAU]", "Où les offres sont publiées quand elles s’ouvrent.", channels },
    { 0 },
};
