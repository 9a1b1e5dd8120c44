#include "base/config.h"
#include "tap.h"

#include <unistd.h>

static char path[] = "/tmp/test_config_XXXXXX";

static enum err read_with(struct config *c, struct arena *a, int *argc, char **argv,
                          struct str *why)
{
    memset(c, 0, sizeof *c);
    return config_read(config_settings, c, a, argc, argv, why);
}

static void test_order(void)
{
    struct arena *a = arena_new();
    struct config c;
    struct str    why;
    char *argv[] = { "x", "--config", path, "word", "--listen", "1.2.3.4:5", "--demo", NULL };
    int   argc   = 7;
    setenv("MAILLAGE_LISTEN", "9.9.9.9:9", 1);
    setenv("MAILLAGE_SECRET_FILE", "/env/secret", 1);
    CHECK(read_with(&c, a, &argc, argv, &why) == OK);
    CHECK_STR(c.listen, "1.2.3.4:5");        // flag over environment
    CHECK_STR(c.secret_file, "/env/secret"); // environment over file
    CHECK(c.workers == 7);                   // file over default
    CHECK_STR(c.log_level, "info");          // default
    CHECK(c.demo && !c.test_clock);
    CHECK(argc == 2 && strcmp(argv[1], "word") == 0);
    unsetenv("MAILLAGE_LISTEN");
    unsetenv("MAILLAGE_SECRET_FILE");
    arena_free(a);
}

static void refused(const char *one, const char *two, const char *words)
{
    struct arena *a = arena_new();
    struct config c;
    struct str    why    = { 0 };
    char         *argv[] = { "x", (char *)(uintptr_t)one, (char *)(uintptr_t)two, NULL };
    int           argc   = two ? 3 : 2;
    CHECK(read_with(&c, a, &argc, argv, &why) == ERR_INVALID);
    CHECK_STR(why, words);
    arena_free(a);
}

static void test_refusals(void)
{
    refused("--nonsense", "1", "option inconnue : --nonsense");
    refused("--workers", "many", "workers : « many » n’est pas un nombre entier de 1 à 64");
    refused("--workers=0", NULL, "workers : « 0 » n’est pas un nombre entier de 1 à 64");
    refused("--listen", NULL, "--listen attend une valeur");
    refused("--demo=perhaps", NULL, "demo : « perhaps » n’est ni « yes » ni « no »");
    refused("--config", "/nowhere/at/all", "/nowhere/at/all : fichier de configuration illisible");
}

static void test_two_tables(void)
{
    struct other {
        int64_t organisation;
    } other                             = { 0 };
    static const struct setting table[] = {
        { "organisation", SETTING_INT, offsetof(struct other, organisation), NULL, 1, 9999, "" },
        { 0 },
    };
    struct arena *a = arena_new();
    struct config c = { 0 };
    struct str    why;
    char *argv[] = { "x", "import", "--config", path, "--organisation", "12", "file.csv", NULL };
    int   argc   = 7;
    CHECK(config_read_some(config_settings, &c, a, &argc, argv, &why) == OK);
    CHECK(config_read(table, &other, a, &argc, argv, &why) == OK);
    CHECK(c.workers == 7 && other.organisation == 12);
    CHECK(argc == 3 && strcmp(argv[1], "import") == 0 && strcmp(argv[2], "file.csv") == 0);
    arena_free(a);
}

int main(void)
{
    static const char text[] =
        "# comment\n\nworkers = 7\nsecret-file=/file/secret\nother = thing\n";
    int file = mkstemp(path);
    if (file < 0 || write(file, text, sizeof text - 1) < 0) {
        return 1;
    }
    close(file);
    RUN(test_order);
    RUN(test_refusals);
    RUN(test_two_tables);
    unlink(path);
    return tap_done();
}
