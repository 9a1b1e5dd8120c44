// maillage-admin migrate, instance, clock ..., verify
#include "admin/admin.h"

#include <unistd.h>

#include "base/clock.h"

#include "queries.h"

// Becomes schema/migrate, which every way of deploying calls.
static int migrate(struct admin *admin)
{
    if (!admin_options(admin, NULL, NULL, 0)) {
        return EXIT_USAGE;
    }
    struct str  root = admin_root(admin);
    const char *path = arena_printf(admin->arena, "%.*s/schema/migrate", STR_ARG(root)).at;
    execl(path, path, arena_text(admin->arena, admin->conninfo), (char *)NULL);
    return admin_refuse("%s ne peut pas être lancé", path);
}

static int print_clock(struct admin *admin)
{
    CLEANUP(result_done) struct result row = clock_state(admin->db);
    if (row.err) {
        return admin_failed(admin);
    }
    printf("Heure de l’instance : %.*s\n", STR_ARG(result_text(&row, 0, 1)));
    return EXIT_OK;
}

static int clock_refused(struct admin *admin)
{
    if (str_eq(db_error(admin->db)->constraint, STR("clock_test_only"))) {
        return admin_refuse("refusé : cette instance n’a pas été démarrée avec --test-clock");
    }
    return admin_failed(admin);
}

static int clock_set(struct admin *admin)
{
    if (!admin_options(admin, NULL, NULL, 1)) {
        return EXIT_USAGE;
    }
    struct str at = str_of(admin->argv[1]);
    CLEANUP(result_done)
    struct result moved =
        clock_is_time(at) ? clock_move(admin->db, at) : clock_move_local(admin->db, at);
    if (moved.err) {
        return clock_refused(admin);
    }
    return print_clock(admin);
}

static int clock_reset(struct admin *admin)
{
    if (!admin_options(admin, NULL, NULL, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result moved = clock_back(admin->db);
    return moved.err ? clock_refused(admin) : print_clock(admin);
}

static int clock_show(struct admin *admin)
{
    return admin_options(admin, NULL, NULL, 0) ? print_clock(admin) : EXIT_USAGE;
}

static int instance(struct admin *admin)
{
    struct options {
        struct str test_clock, name;
    } o                                 = { 0 };
    static const struct setting table[] = {
        { "test-clock", SETTING_TEXT, offsetof(struct options, test_clock), NULL, 0, 0, "on, off" },
        { "name", SETTING_TEXT, offsetof(struct options, name), NULL, 0, 0, "nom" },
        { 0 },
    };

    if (!admin_options(admin, table, &o, 0)) {
        return EXIT_USAGE;
    }
    if (o.test_clock.len) {
        bool is_on = str_eq(o.test_clock, STR("on"));
        if (!is_on && !str_eq(o.test_clock, STR("off"))) {
            admin_refuse("--test-clock : on ou off");
            return EXIT_USAGE;
        }
        CLEANUP(result_done) struct result allowed = clock_allow(admin->db, is_on);
        if (allowed.err) {
            return admin_failed(admin);
        }
    }
    if (o.name.len) {
        CLEANUP(result_done) struct result named = instance_name(admin->db, o.name);
        if (named.err) {
            return admin_failed(admin);
        }
    }
    CLEANUP(result_done) struct result row = instance_state(admin->db);
    if (row.err) {
        return admin_failed(admin);
    }
    printf("%.*s%s, horloge de test %s, %.*s\n", STR_ARG(result_text(&row, 0, 0)),
           result_bool(&row, 0, 1) ? " (démonstration)" : "",
           result_bool(&row, 0, 2) ? "permise" : "interdite", STR_ARG(result_text(&row, 0, 3)));
    return EXIT_OK;
}

static int verify(struct admin *admin)
{
    if (!admin_options(admin, NULL, NULL, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result row = events_verify(admin->db);
    if (row.err) {
        return admin_failed(admin);
    }
    printf("Journal : %lld événements scellés et intacts, %lld pas encore scellés\n",
           (long long)result_int(&row, 0, 0), (long long)result_int(&row, 0, 1));
    if (!result_is_null(&row, 0, 2)) {
        return admin_refuse("le journal a été modifié : l’événement %lld n’est plus celui qui a "
                            "été scellé",
                            (long long)result_int(&row, 0, 2));
    }
    return EXIT_OK;
}

const struct command instance_commands[] = {
    { "migrate", "", "Met le schéma de la base au niveau de ce programme.", migrate },
    { "instance", "[--test-clock on|off] [--name NOM]", "Montre ou change les réglages.",
      instance },
    { "clock set", "HEURE",
      "Fixe l’heure d’une instance de test (2026-03-29T02:30:00+01:00, ou "
      "sans décalage à l’heure de Paris).",
      clock_set },
    { "clock reset", "", "Rend l’heure réelle.", clock_reset },
    { "clock show", "", "Montre l’heure de l’instance.", clock_show },
    { "verify", "", "Vérifie que le journal des événements n’a pas été modifié.", verify },
    { 0 },
};
