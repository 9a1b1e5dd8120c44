// What the commands of maillage-admin share.
//
// One command is one function; the table in main.c says which words call it. Messages are in
// French: they are for the administrators of an instance. Results go to standard output, complaints
// to standard error. One thread.
#pragma once

#include "base/config.h"
#include "base/db.h"
#include "import/problem.h"
#include "import/sirene.h"

struct admin {
    struct db    *db;
    struct str    conninfo; // of db
    struct arena *arena;
    bool          has_keys; // --keys-file was given: persons can be sealed and opened
    int           argc; // words behind the command, options still among them
    char        **argv; // argv[0] is the program, argv[1] the first word
};

enum { EXIT_OK = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

struct command {
    const char *words;     // "import sirene"
    const char *arguments; // "FICHIER"
    const char *what;      // one sentence
    int (*run)(struct admin *admin);
};

// The commands, one group per file; each ends with { 0 }.
extern const struct command import_commands[];
extern const struct command people_commands[];
extern const struct command place_commands[];
extern const struct command instance_commands[];
extern const struct command export_commands[];
extern const struct command demo_commands[];
extern const struct command job_commands[];
extern const struct command channel_commands[];
extern const struct command contact_commands[];
extern const struct command person_commands[];
extern const struct command agreement_commands[];

// Reads the options of a command and checks that exactly `words` words remain, at least -`words` when
// it is negative. False after having said what is wrong.
bool admin_options(struct admin *admin, const struct setting *table, void *into, int words);

// Whether persons can be sealed and opened; false after having said that --keys-file is missing.
bool admin_keys(const struct admin *admin);

// Says a sentence on standard error, prefixed by the program's name; returns EXIT_REFUSED.
int admin_refuse(const char *format, ...) PRINTF(1, 2);

// Says why the last query failed; returns EXIT_REFUSED.
int admin_failed(struct admin *admin);

// Says what is wrong in a file, then that nothing was changed; returns EXIT_REFUSED.
int admin_wrong(struct admin *admin, const char *path, enum import_result result,
                const struct import_problem *p);

// The folder that holds schema/ and web/: MAILLAGE_ROOT, else two levels above this program, else
// where it was built from.
struct str admin_root(struct admin *admin);

// An id given as a word; false after having said that it is none.
bool admin_id(struct str text, const char *what, int64_t *ret_id);
