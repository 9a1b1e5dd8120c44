// maillage-admin job list, retry
#include "admin/admin.h"

#include "queries.h"

static int list(struct admin *admin)
{
    if (!admin_options(admin, NULL, NULL, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result kinds = jobs_by_kind(admin->db);
    if (kinds.err) {
        return admin_failed(admin);
    }
    CLEANUP(result_done) struct result dead = jobs_dead(admin->db);
    if (dead.err) {
        return admin_failed(admin);
    }
    if (result_count(&kinds) == 0) {
        puts("Aucune tâche en attente ni en échec.");
    }
    for (int i = 0; i < result_count(&kinds); i++) {
        printf("%-20.*s %-10.*s %8lld   la plus ancienne : %.*s\n",
               STR_ARG(result_text(&kinds, i, 0)), STR_ARG(result_text(&kinds, i, 1)),
               (long long)result_int(&kinds, i, 2), STR_ARG(result_text(&kinds, i, 3)));
    }
    for (int i = 0; i < result_count(&dead); i++) {
        printf("%sno %lld, %.*s %.*s, %lld tentatives, le %.*s\n      %.*s\n",
               i == 0 ? "\nEn échec (maillage-admin job retry NUMÉRO) :\n" : "",
               (long long)result_int(&dead, i, 0), STR_ARG(result_text(&dead, i, 1)),
               STR_ARG(result_text(&dead, i, 2)), (long long)result_int(&dead, i, 3),
               STR_ARG(result_text(&dead, i, 4)), STR_ARG(result_text(&dead, i, 5)));
    }
    return EXIT_OK;
}

static int retry(struct admin *admin)
{
    int64_t id;

    if (!admin_options(admin, NULL, NULL, 1) || !admin_id(str_of(admin->argv[1]), "tâche", &id)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result again = job_again(admin->db, id);
    if (again.err) {
        return admin_failed(admin);
    }
    if (!result_bool(&again, 0, 0)) {
        return admin_refuse("la tâche %lld n’existe pas ou n’est pas en échec", (long long)id);
    }
    printf("La tâche %lld est relancée.\n", (long long)id);
    return EXIT_OK;
}

const struct command job_commands[] = {
    { "job list", "", "Tâches en attente, et celles en échec avec leur erreur.", list },
    { "job retry", "NUMÉRO", "Relance une tâche en échec.", retry },
    { 0 },
};
