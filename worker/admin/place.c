// maillage-admin territory ...
#include "admin/admin.h"

#include "queries.h"

static int fill(struct admin *admin, int64_t territory, struct str communes, struct str department)
{
    CLEANUP(result_done)
    struct result filled = territory_fill(admin->db, territory, communes, department);
    if (filled.err) {
        return admin_failed(admin);
    }
    if (!result_is_null(&filled, 0, 1)) {
        return admin_refuse("aucune commune ne porte ces codes : %.*s",
                            STR_ARG(result_text(&filled, 0, 1)));
    }
    if (result_int(&filled, 0, 0) == 0) {
        return admin_refuse("aucune commune : indiquez --communes ou --department");
    }
    printf("Territoire %lld : %lld communes.\n", (long long)territory,
           (long long)result_int(&filled, 0, 0));
    return EXIT_OK;
}

static int territory_new(struct admin *admin)
{
    struct options {
        struct str name, kind, communes, department;
    } o = { 0 };
    static const struct setting table[] = {
        { "name", SETTING_TEXT, offsetof(struct options, name), NULL, 0, 0, "nom" },
        { "kind", SETTING_TEXT, offsetof(struct options, kind), "bassin", 0, 0, "nature" },
        { "communes", SETTING_TEXT, offsetof(struct options, communes), NULL, 0, 0, "codes" },
        { "department", SETTING_TEXT, offsetof(struct options, department), NULL, 0, 0, "code" },
        { 0 },
    };

    if (!admin_options(admin, table, &o, 0)) {
        return EXIT_USAGE;
    }
    if (!o.name.len) {
        admin_refuse("--name est nécessaire");
        return EXIT_USAGE;
    }
    if (db_begin(admin->db)) {
        return admin_failed(admin);
    }
    CLEANUP(result_done) struct result row = territory_create(admin->db, o.name, o.kind);
    if (row.err) {
        return admin_failed(admin);
    }
    int status = fill(admin, result_int(&row, 0, 0), o.communes, o.department);
    if (status == EXIT_OK && db_commit(admin->db)) {
        status = admin_failed(admin);
    }
    db_rollback(admin->db);
    return status;
}

static int territory_show(struct admin *admin)
{
    if (!admin_options(admin, NULL, NULL, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result rows = territory_list(admin->db);
    if (rows.err) {
        return admin_failed(admin);
    }
    for (int i = 0; i < result_count(&rows); i++) {
        printf("%6lld  %-12.*s %.*s, %lld communes\n", (long long)result_int(&rows, i, 0),
               STR_ARG(result_text(&rows, i, 1)), STR_ARG(result_text(&rows, i, 2)),
               (long long)result_int(&rows, i, 3));
    }
    return EXIT_OK;
}

const struct command place_commands[] = {
    { "territory create",
      "--name NOM [--kind bassin|departement|region|project] --communes CODE,… | --department 03",
      "Crée un territoire.", territory_new },
    { "territory list", "", "Territoires et nombre de leurs communes.", territory_show },
    { 0 },
};
