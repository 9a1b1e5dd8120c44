// Settings of a program: flags over environment over file over default.
//
// `--name value` (or `--name=value`; a bare `--name` for a bool) beats MAILLAGE_NAME, which beats
// the line `name = value` of the file given by --config or MAILLAGE_CONFIG. A table says which
// names exist: an unknown flag is an error; the file is shared by several programs, each takes from
// it what it knows. Texts live in the arena given. Read once at start, constant afterwards,
// therefore thread-safe.
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum setting_type { SETTING_TEXT, SETTING_INT, SETTING_BOOL };

// TEXT stores a struct str, INT an int64_t, BOOL a bool at `offset`.
struct setting {
    const char       *name; // a NULL name ends the table
    enum setting_type type;
    size_t            offset;
    const char       *initial;  // NULL: absent, 0, false
    int64_t           min, max; // of an INT; both 0: any
    const char       *help;
};

// The settings all our programs share.
struct config {
    struct str db;            // libpq conninfo
    struct str redis;         // unix socket path or host:port
    struct str listen;        // address:port
    struct str web;           // directory of the built web app, absent: none
    int64_t    workers;       // threads that talk to PostgreSQL
    struct str secret_file;   // 32 random bytes or more
    struct str keys_file;     // keys of personal data (base/vault.h)
    struct str public_url;    // allowed origins, comma separated
    struct str trusted_proxy; // addresses whose X-Forwarded-For is believed, comma separated
    struct str log_level;
    struct str metrics_token; // lets others than loopback read /metrics
    int64_t    per_ip;        // connections allowed per address, 0: no limit
    struct str private_hosts; // hosts we may call although they are private, comma separated
    struct str data;          // directory for temporary uploads and conf, absent: TMPDIR
    bool       demo;
    bool       test_clock;
    bool       help;
};
extern const struct setting config_settings[];

// Fills `into` from the table. argv loses what was understood: on return it holds argv[0] and the
// words that are no setting, and *argc says how many. Several tables may be read one after the
// other when all but the last are read with `config_read_some`, which leaves unknown flags alone.
// On ERR_INVALID *reterr_why is a sentence for the person who typed it.
enum err config_read(const struct setting *table, void *into, struct arena *a, int *argc,
                     char **argv, struct str *reterr_why) MUST_USE;
enum err config_read_some(const struct setting *table, void *into, struct arena *a, int *argc,
                          char **argv, struct str *reterr_why) MUST_USE;

// One line per setting, for --help.
void config_usage(const struct setting *table, FILE *out);
