// What the subcommands of maillage-plan share: options, reading of files, refusals.
//
// One subcommand is one file cmd_NAME.c and one line of the table in main.c. Results go to standard
// output, everything said to people to standard error. One thread.
#pragma once

#include "base/arena.h"
#include "base/buf.h"

enum {
    EXIT_DONE    = 0, // a plan was written; `check`: everything was proved
    EXIT_NO      = 1, // no plan exists; `check`: something is wrong
    EXIT_REFUSED = 2, // the words of the command, a file or an instance are not valid
};

struct options {
    double        time_limit; // CPU seconds of the whole process; 0: the engine's own
    uint64_t      seed;
    int           threads;
    struct str    format;   // absent: found out
    int64_t       vehicles; // text formats of tours: how many, 0 = as the file says
    bool          nearest;  // likewise: distances rounded to the nearest
    bool          routes;   // tours as lines instead of JSON
    const char   *paths[4];
    int           path_count;
    struct arena *arena; // lives as long as the command
};

struct subcommand {
    const char *name;
    int (*run)(const struct options *o); // its result is the exit status
    const char *arguments;
    const char *what;
    int         least, most; // how many paths
};

// The subcommands, each in its cmd_NAME.c.
int cmd_assign(const struct options *o);
int cmd_check(const struct options *o);
int cmd_tours(const struct options *o);

// The whole file ("-" is standard input), at most COMMAND_FILE_MAX bytes, in *into. On failure says
// so on standard error and returns false.
enum { COMMAND_FILE_MAX = 1 << 30 };
bool command_read(const char *path, struct buf *into) MUST_USE;

// CPU seconds this process has used (all threads, user and system).
double command_cpu(void);

// Says why on standard error, returns EXIT_REFUSED.
int command_refuse(const char *format, ...) PRINTF(1, 2);
