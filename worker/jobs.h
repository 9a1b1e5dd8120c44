// Every job of this installation: its name, what does it, and how much it may cost.
//
// A job of record is a row of data.job. Its function runs in the transaction that holds the row and
// settles it: what it does to the database happens exactly once, or not at all. It must therefore
// have no effect elsewhere, unless it is_long and bears repeating. A periodic job has no row and no transaction; one worker of all runs it.
#pragma once

#include "base/db.h"
#include "worker.h"

// Quick jobs, slow ones, and those that wait for other people's servers do not wait for each other.
enum lane { LANE_QUICK, LANE_SLOW, LANE_OUT, LANE_COUNT };

// Periodic jobs of one timer wait for each other: figures that people look at, what follows the list, the rest.
enum timer_kind { TIMER_REST, TIMER_FIGURES, TIMER_LIST, TIMER_GROUND, TIMER_COUNT };

enum { JOBS_TOGETHER = 500 }; // jobs in hand at once, of kinds that are done together

struct job {
    struct db           *db;
    struct arena        *arena;
    const struct worker *worker; // a long job looks at is_stopping
    int64_t              id;     // 0 for a periodic job
    struct str           why;    // what the job wants kept as error, when it is not db_error
};

// Does one job. An error undoes everything; it is tried again later, as often as `attempts` says.
typedef enum err job_run(struct job *job) MUST_USE;
// Does many in one statement. *ret_done: those that need nothing more, as a PostgreSQL array, and
// how many they are; the others are then run one by one. So are all of them after an error.
typedef enum err job_run_many(struct job *job, struct str ids, struct str *ret_done,
                              int *ret_count) MUST_USE;

struct job_kind {
    const char   *name;
    job_run      *run;
    job_run_many *run_many; // NULL: one by one
    int           attempts; // then it is dead, until somebody retries it
    int           limit_ms; // per statement
    enum lane     lane;
    int           every_s; // periodic when not 0
    enum timer_kind timer;   // of a periodic job
    // Long and reading what people send: it makes its own transactions and is safe to repeat, its row
    // is held by another connection, and an attempt that kills the worker counts too.
    bool is_long;
};
extern const struct job_kind job_kinds[]; // a NULL name ends it

// The kind of that name that has rows; NULL when this program knows none.
const struct job_kind *job_kind_find(struct str name);

// Names of the kinds of the lanes that are true, as a PostgreSQL array; with together, those with run_many only.
struct str job_kind_names(struct arena *a, const bool lanes[static LANE_COUNT], bool together);
