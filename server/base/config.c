#include "base/config.h"

#include <ctype.h>

#include "base/buf.h"

#define AT(member) offsetof(struct config, member)

const struct setting config_settings[] = {
    { "db", SETTING_TEXT, AT(db), "dbname=maillage", 0, 0, "PostgreSQL, as a libpq conninfo" },
    { "redis", SETTING_TEXT, AT(redis), "127.0.0.1:6379", 0, 0, "Redis, socket path or host:port" },
    { "listen", SETTING_TEXT, AT(listen), "127.0.0.1:8080", 0, 0, "address:port to answer on" },
    { "web", SETTING_TEXT, AT(web), NULL, 0, 0, "directory of the built web app" },
    { "workers", SETTING_INT, AT(workers), "4", 1, 64, "threads that talk to PostgreSQL" },
    { "secret-file", SETTING_TEXT, AT(secret_file), NULL, 0, 0, "32 random bytes, mode 0600" },
    { "keys-file", SETTING_TEXT, AT(keys_file), NULL, 0, 0, "keys of personal data, mode 0600" },
    { "public-url", SETTING_TEXT, AT(public_url), NULL, 0, 0, "allowed origins, comma separated" },
    { "trusted-proxy", SETTING_TEXT, AT(trusted_proxy), NULL, 0, 0, "proxies that are believed" },
    { "log-level", SETTING_TEXT, AT(log_level), "info", 0, 0, "debug, info, warning or error" },
    { "metrics-token", SETTING_TEXT, AT(metrics_token), NULL, 0, 0, "lets others read /metrics" },
    { "per-ip", SETTING_INT, AT(per_ip), "0", 0, 100000, "connections per address, 0: no limit" },
    { "private-hosts", SETTING_TEXT, AT(private_hosts), NULL, 0, 0,
      "private hosts that may be called, comma separated" },
    { "data", SETTING_TEXT, AT(data), NULL, 0, 0, "directory for temporary files" },
    { "demo", SETTING_BOOL, AT(demo), NULL, 0, 0, "this instance holds invented data" },
    { "test-clock", SETTING_BOOL, AT(test_clock), NULL, 0, 0, "the clock may be set" },
    { "help", SETTING_BOOL, AT(help), NULL, 0, 0, "print this" },
    { 0 },
};

static const struct setting *find(const struct setting *table, struct str name)
{
    for (; table->name; table++) {
        if (str_eq(str_of(table->name), name)) {
            return table;
        }
    }
    return NULL;
}

// Words that mean true and false.
static bool read_bool(struct str text, bool *ret_value)
{
    static const char *const yes[] = { "1", "true", "yes", "on" };
    static const char *const no[]  = { "0", "false", "no", "off", "" };
    for (size_t i = 0; i < LENGTH(yes); i++) {
        if (str_eq_case(text, str_of(yes[i]))) {
            *ret_value = true;
            return true;
        }
    }
    for (size_t i = 0; i < LENGTH(no); i++) {
        if (str_eq_case(text, str_of(no[i]))) {
            *ret_value = false;
            return true;
        }
    }
    return false;
}

// In words, what a number may be; empty when it may be any.
static struct str bounds(const struct setting *s, struct arena *a)
{
    long long min = s->min, max = s->max;
    return !min && !max       ? (struct str){ 0 }
           : max == INT64_MAX ? arena_printf(a, ", %lld au moins", min)
                              : arena_printf(a, " de %lld à %lld", min, max);
}

static enum err store(const struct setting *s, void *into, struct arena *a, struct str text,
                      struct str *reterr_why)
{
    char *member = (char *)into + s->offset;
    switch (s->type) {
    case SETTING_TEXT:
        *(struct str *)(void *)member = arena_str(a, text);
        return OK;
    case SETTING_INT: {
        int64_t n;
        if (!str_int(text, &n) || ((s->min || s->max) && (n < s->min || n > s->max))) {
            *reterr_why = arena_printf(a, "%s : « %.*s » n’est pas un nombre entier%.*s", s->name,
                                       STR_ARG(text), STR_ARG(bounds(s, a)));
            return ERR_INVALID;
        }
        *(int64_t *)(void *)member = n;
        return OK;
    }
    case SETTING_BOOL:
        if (!read_bool(text, (bool *)member)) {
            *reterr_why =
                arena_printf(a, "%s : « %.*s » n’est ni « yes » ni « no »", s->name, STR_ARG(text));
            return ERR_INVALID;
        }
        return OK;
    }
    return ERR_INTERNAL;
}

static enum err read_file(const struct setting *table, void *into, struct arena *a,
                          const char *path, struct str *reterr_why)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        *reterr_why = arena_printf(a, "%s : fichier de configuration illisible", path);
        return ERR_INVALID;
    }
    char     line[4096];
    int      number = 0;
    enum err e      = OK;
    while (!e && fgets(line, sizeof line, file)) {
        struct str rest = str_trim(str_of(line));
        struct str name;
        number++;
        if (rest.len == 0 || rest.at[0] == '#') {
            continue;
        }
        bool                  has_value = str_index(rest, '=') < rest.len;
        const struct setting *s         = NULL;
        if (str_cut(&rest, '=', &name)) {
            s = find(table, str_trim(name));
        }
        if (!has_value) {
            *reterr_why =
                arena_printf(a, "%s, ligne %d : on attend « nom = valeur »", path, number);
            e = ERR_INVALID;
        } else if (s) {
            e = store(s, into, a, str_trim(rest), reterr_why);
        }
    }
    fclose(file);
    return e;
}

// MAILLAGE_SECRET_FILE for secret-file.
static const char *from_environment(const char *name)
{
    char text[80] = "MAILLAGE_";
    for (size_t n = strlen(text); *name && n + 1 < sizeof text; name++, n++) {
        text[n]     = *name == '-' ? '_' : (char)toupper((unsigned char)*name);
        text[n + 1] = 0;
    }
    return getenv(text);
}

// One pass over the flags; keeps in argv what it does not know when `some` allows it.
static enum err read_flags(const struct setting *table, void *into, struct arena *a, int *argc,
                           char **argv, bool some, struct str *reterr_why)
{
    int  kept     = 1;
    bool is_words = false;
    for (int i = 1; i < *argc; i++) {
        struct str rest = str_of(argv[i]);
        struct str name;
        if (is_words || !str_starts(rest, STR("--"))) {
            argv[kept++] = argv[i];
            continue;
        }
        if (rest.len == 2) {
            is_words = true;
            continue;
        }
        rest = str_sub(rest, 2, rest.len);
        str_cut(&rest, '=', &name);
        const struct setting *s         = find(table, name);
        bool                  is_config = str_eq(name, STR("config"));
        if (!s && (some || !is_config)) {
            if (!some) {
                *reterr_why = arena_printf(a, "option inconnue : %s", argv[i]);
                return ERR_INVALID;
            }
            argv[kept++] = argv[i];
            continue;
        }
        bool is_switch = s && s->type == SETTING_BOOL;
        if (str_is_absent(rest) && is_switch) {
            rest = STR("yes");
        } else if (str_is_absent(rest)) {
            if (i + 1 >= *argc) {
                *reterr_why = arena_printf(a, "%s attend une valeur", argv[i]);
                return ERR_INVALID;
            }
            rest = str_of(argv[++i]);
        }
        enum err e = is_config ? OK : store(s, into, a, rest, reterr_why);
        if (e) {
            return e;
        }
    }
    argv[kept] = NULL;
    *argc      = kept;
    return OK;
}

// Finds --config without touching anything else: the file comes before the flags.
static const char *find_config(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
            return argv[i + 1];
        }
        if (strncmp(argv[i], "--config=", 9) == 0) {
            return argv[i] + 9;
        }
    }
    return getenv("MAILLAGE_CONFIG");
}

static enum err read_all(const struct setting *table, void *into, struct arena *a, int *argc,
                         char **argv, bool some, struct str *reterr_why)
{
    enum err e = OK;
    for (const struct setting *s = table; s->name && !e; s++) {
        if (s->initial) {
            e = store(s, into, a, str_of(s->initial), reterr_why);
        }
    }
    const char *file = find_config(*argc, argv);
    if (!e && file && *file) {
        e = read_file(table, into, a, file, reterr_why);
    }
    for (const struct setting *s = table; s->name && !e; s++) {
        const char *value = from_environment(s->name);
        if (value) {
            e = store(s, into, a, str_of(value), reterr_why);
        }
    }
    return e ? e : read_flags(table, into, a, argc, argv, some, reterr_why);
}

enum err config_read(const struct setting *table, void *into, struct arena *a, int *argc,
                     char **argv, struct str *reterr_why)
{
    return read_all(table, into, a, argc, argv, false, reterr_why);
}

enum err config_read_some(const struct setting *table, void *into, struct arena *a, int *argc,
                          char **argv, struct str *reterr_why)
{
    return read_all(table, into, a, argc, argv, true, reterr_why);
}

void config_usage(const struct setting *table, FILE *out)
{
    for (; table->name; table++) {
        fprintf(out, "  --%-14s %s%s%s%s\n", table->name, table->help, table->initial ? " (" : "",
                table->initial ? table->initial : "", table->initial ? ")" : "");
    }
}
