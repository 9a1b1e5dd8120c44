// maillage-admin organisation ..., member ...
#include "admin/admin.h"

#include "base/secret.h"

#include "queries.h"

enum { PASSWORD_MIN = 12, PASSWORD_MAX = 200 };

static int organisation_new(struct admin *admin)
{
    struct options {
        struct str name, short_name, network, territory, address, commune, phone, email;
    } o = { 0 };
    static const struct setting table[] = {
        { "name", SETTING_TEXT, offsetof(struct options, name), NULL, 0, 0, "nom" },
        { "short-name", SETTING_TEXT, offsetof(struct options, short_name), NULL, 0, 0, "sigle" },
        { "network", SETTING_TEXT, offsetof(struct options, network), NULL, 0, 0, "réseau" },
        { "territory", SETTING_TEXT, offsetof(struct options, territory), NULL, 0, 0, "numéro" },
        { "address", SETTING_TEXT, offsetof(struct options, address), NULL, 0, 0, "adresse" },
        { "commune", SETTING_TEXT, offsetof(struct options, commune), NULL, 0, 0, "code" },
        { "phone", SETTING_TEXT, offsetof(struct options, phone), NULL, 0, 0, "téléphone" },
        { "email", SETTING_TEXT, offsetof(struct options, email), NULL, 0, 0, "courriel" },
        { 0 },
    };
    int64_t territory;

    if (!admin_options(admin, table, &o, 0) || !admin_id(o.territory, "--territory", &territory)) {
        return EXIT_USAGE;
    }
    if (!o.name.len || !o.network.len) {
        admin_refuse("--name et --network sont nécessaires");
        return EXIT_USAGE;
    }
    CLEANUP(result_done)
    struct result row =
        organisation_create(admin->db, o.name, o.short_name.len ? o.short_name : o.name, o.network,
                            territory, o.address, o.commune, o.phone, o.email);
    if (row.err) {
        return admin_failed(admin);
    }
    printf("Structure %lld créée.\n", (long long)result_int(&row, 0, 0));
    return EXIT_OK;
}

static int organisation_show(struct admin *admin)
{
    if (!admin_options(admin, NULL, NULL, 0)) {
        return EXIT_USAGE;
    }
    CLEANUP(result_done) struct result rows = organisation_list(admin->db);
    if (rows.err) {
        return admin_failed(admin);
    }
    for (int i = 0; i < result_count(&rows); i++) {
        printf("%6lld  %-12.*s %.*s — %.*s, %lld membre(s)\n", (long long)result_int(&rows, i, 0),
               STR_ARG(result_text(&rows, i, 1)), STR_ARG(result_text(&rows, i, 2)),
               STR_ARG(result_text(&rows, i, 3)), (long long)result_int(&rows, i, 4));
    }
    return EXIT_OK;
}

// The password is a line of standard input when asked for; otherwise one is made and shown once. It
// never stands on the command line, where others could see it.
static bool choose_password(struct admin *admin, bool from_input, struct str *ret_hash,
                            char *ret_shown, size_t size)
{
    char line[PASSWORD_MAX + 3];

    ret_shown[0] = '\0';
    if (from_input) {
        if (!fgets(line, sizeof line, stdin)) {
            line[0] = '\0';
        }
        line[strcspn(line, "\r\n")] = '\0';
        struct str password = str_of(line);
        if (str_utf8_count(password) < PASSWORD_MIN || password.len > PASSWORD_MAX ||
            !str_is_utf8(password)) {
            admin_refuse("le mot de passe doit avoir de %d à %d caractères", PASSWORD_MIN,
                         PASSWORD_MAX);
            return false;
        }
        return password_hash(password, admin->arena, ret_hash) == OK;
    }
    char token[SECRET_TOKEN + 1];
    secret_token(token);
    // Four groups of five characters: 119 bits, and possible to dictate.
    int n =
        snprintf(ret_shown, size, "%.5s-%.5s-%.5s-%.5s", token, token + 5, token + 10, token + 15);
    return password_hash((struct str){ ret_shown, (size_t)n }, admin->arena, ret_hash) == OK;
}

struct member_options {
    struct str email, name, organisation, role;
    bool       password_stdin;
};

static const struct setting member_table[] = {
    { "email", SETTING_TEXT, offsetof(struct member_options, email), NULL, 0, 0, "courriel" },
    { "name", SETTING_TEXT, offsetof(struct member_options, name), NULL, 0, 0, "nom" },
    { "organisation", SETTING_TEXT, offsetof(struct member_options, organisation), NULL, 0, 0,
      "numéro" },
    { "role", SETTING_TEXT, offsetof(struct member_options, role), "adviser", 0, 0, "rôle" },
    { "password-stdin", SETTING_BOOL, offsetof(struct member_options, password_stdin), NULL, 0, 0,
      "mot de passe lu sur l’entrée standard" },
    { 0 },
};

static int member_new(struct admin *admin)
{
    struct member_options o = { 0 };
    struct str            hash = { 0 };
    int64_t               organisation = 0;
    char                  shown[32];

    if (!admin_options(admin, member_table, &o, 0) ||
        (o.organisation.len && !admin_id(o.organisation, "--organisation", &organisation))) {
        return EXIT_USAGE;
    }
    if (!o.email.len || !o.name.len) {
        admin_refuse("--email et --name sont nécessaires");
        return EXIT_USAGE;
    }
    if (!choose_password(admin, o.password_stdin, &hash, shown, sizeof shown)) {
        return EXIT_REFUSED;
    }
    if (db_begin(admin->db)) {
        return admin_failed(admin);
    }
    CLEANUP(result_done) struct result row = member_create(admin->db, o.email, o.name, hash);
    if (row.err) {
        return admin_failed(admin);
    }
    int64_t id = result_int(&row, 0, 0);
    if (organisation) {
        CLEANUP(result_done)
        struct result joined = member_join(admin->db, id, organisation, o.role);
        if (joined.err) {
            return admin_failed(admin);
        }
    }
    if (db_commit(admin->db)) {
        return admin_failed(admin);
    }
    printf("Membre %lld créé.\n", (long long)id);
    if (shown[0]) {
        printf("Mot de passe : %s (il ne sera plus montré)\n", shown);
    }
    return EXIT_OK;
}

// The number of the member with this address; 0 after having said that there is none.
static int64_t find_member(struct admin *admin, struct str email)
{
    CLEANUP(result_done) struct result row = member_find(admin->db, email);
    if (row.err) {
        admin_failed(admin);
        return 0;
    }
    if (!result_count(&row)) {
        admin_refuse("aucun membre n’a l’adresse %.*s", STR_ARG(email));
        return 0;
    }
    return result_int(&row, 0, 0);
}

static int member_add(struct admin *admin)
{
    struct member_options o = { 0 };
    int64_t               organisation, member;

    if (!admin_options(admin, member_table, &o, 0) ||
        !admin_id(o.organisation, "--organisation", &organisation)) {
        return EXIT_USAGE;
    }
    member = find_member(admin, o.email);
    if (!member) {
        return EXIT_REFUSED;
    }
    CLEANUP(result_done)
    struct result joined = member_join(admin->db, member, organisation, o.role);
    if (joined.err) {
        return admin_failed(admin);
    }
    printf("Membre %lld ajouté à la structure %lld (%.*s).\n", (long long)member,
           (long long)organisation, STR_ARG(o.role));
    return EXIT_OK;
}

static int member_remove(struct admin *admin)
{
    struct member_options o = { 0 };
    int64_t               organisation, member;

    if (!admin_options(admin, member_table, &o, 0) ||
        !admin_id(o.organisation, "--organisation", &organisation)) {
        return EXIT_USAGE;
    }
    member = find_member(admin, o.email);
    if (!member) {
        return EXIT_REFUSED;
    }
    CLEANUP(result_done) struct result left = member_leave(admin->db, member, organisation);
    if (left.err) {
        return admin_failed(admin);
    }
    if (!result_count(&left)) {
        return admin_refuse("ce membre n’est pas de cette structure");
    }
    printf("Membre %lld retiré de la structure %lld.\n", (long long)member,
           (long long)organisation);
    return EXIT_OK;
}

static int member_set_password(struct admin *admin)
{
    struct member_options o = { 0 };
    struct str            hash = { 0 };
    char                  shown[32];

    if (!admin_options(admin, member_table, &o, 0)) {
        return EXIT_USAGE;
    }
    int64_t member = find_member(admin, o.email);
    if (!member || !choose_password(admin, o.password_stdin, &hash, shown, sizeof shown)) {
        return EXIT_REFUSED;
    }
    CLEANUP(result_done) struct result changed = member_password(admin->db, member, hash);
    if (changed.err) {
        return admin_failed(admin);
    }
    puts("Mot de passe changé ; les sessions ouvertes sont closes.");
    if (shown[0]) {
        printf("Mot de passe : %s (il ne sera plus montré)\n", shown);
    }
    return EXIT_OK;
}

const struct command people_commands[] = {
    { "organisation create",
      "--name NOM --network ft|ml|ce|plie|contributor|state --territory NUMÉRO [--short-name SIGLE]"
      " [--address A] [--commune CODE] [--phone T] [--email C]",
      "Crée une structure.", organisation_new },
    { "organisation list", "", "Structures et nombre de leurs membres.", organisation_show },
    { "member create",
      "--email C --name NOM [--organisation NUMÉRO --role RÔLE] [--password-stdin]",
      "Crée un membre. Mot de passe tiré au hasard et montré, ou lu sur l’entrée standard.",
      member_new },
    { "member add", "--email C --organisation NUMÉRO [--role RÔLE]",
      "Ajoute un membre à une structure, ou change son rôle (adviser, manager, contributor, "
      "observer, administrator).",
      member_add },
    { "member remove", "--email C --organisation NUMÉRO", "Met fin à une appartenance.",
      member_remove },
    { "member password", "--email C [--password-stdin]", "Change un mot de passe.",
      member_set_password },
    { 0 },
};
