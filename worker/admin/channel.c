// maillage-admin channel list, replay
#include "admin/admin.h"

#include "queries.h"

static int list(struct admin *admin)
{
    if (!admin_options(admin, NULL, NULL, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result rows = channels_failing(admin->db);
    if (rows.err) {
        return admin_failed(admin);
    }
    if (result_count(&rows) == 0) {
        puts("Aucun envoi en échec.");
    }
    for (int i = 0; i < result_count(&rows); i++) {
        printf("no %-6lld %.*s, %.*s, %.*s : %lld en échec depuis le %.*s\n",
               (long long)result_int(&rows, i, 0), STR_ARG(result_text(&rows, i, 1)),
               STR_ARG(result_text(&rows, i, 2)), STR_ARG(result_text(&rows, i, 3)),
               (long long)result_int(&rows, i, 4), STR_ARG(result_text(&rows, i, 5)));
    }
    return EXIT_OK;
}

static int replay(struct admin *admin)
{
    int64_t id;

    if (!admin_options(admin, NULL, NULL, 1) || !admin_id(str_of(admin->argv[1]), "canal", &id)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result done = channel_back(admin->db, id);
    if (done.err) {
        return admin_failed(admin);
    }
    if (result_count(&done) == 0) {
        return admin_refuse("le canal %lld n’existe pas ou n’est pas en service", (long long)id);
    }
    printf("Repartis : %lld. Abandonnés, leur offre étant close : %lld. Encore en échec : %lld. Courriels peut-être partis, à renvoyer un par un : %lld.\n",
           (long long)result_int(&done, 0, 0), (long long)result_int(&done, 0, 1),
           (long long)result_int(&done, 0, 2), (long long)result_int(&done, 0, 3));
    return EXIT_OK;
}

const struct command channel_commands[] = {
    { "channel list", "", "Canaux dont des envois ont échoué.", list },
    { "channel replay", "NUMÉRO", "Renvoie ce qui a échoué vers un canal, 500 à la fois.", replay },
    { 0 },
};
