// Imports a file of the register: everything or nothing, in constant memory, as fast as COPY
// allows.
//
// The file streams through sirene_row into a temporary table, which is then merged in one
// statement. A wrong file changes nothing; the same file twice changes nothing; no establishment is
// removed. What partners know of those that closed then follows the successors that the register
// names (data.register_follow).
#pragma once

#include "base/db.h"
#include "import/sirene_row.h"

// Told now and then while a file is read; all may be 0 when unknown.
struct import_progress {
    void (*tell)(void *context, uint64_t bytes, uint64_t of, uint64_t rows, bool is_merging);
    void *context;
};

enum import_result {
    IMPORT_DONE,
    IMPORT_WRONG,   // the file: the problem says what and where
    IMPORT_FAILED,  // the database: db_error says what
    IMPORT_STOPPED, // somebody asked to stop
};

struct sirene_report {
    enum sirene_kind    kind;
    uint64_t            read, fresh, changed, unchanged, closed, partial;
    uint64_t            named; // establishments that took a name from their company
    uint64_t            gone;  // successions that the register does not say any more
    // What followed: employers taken over by their successor, taken back from it, engagements
    // released because the employer closed.
    uint64_t            followed, undone, released;
    struct sirene_notes notes;
};

// Imports the file at path (plain or gzip). db is in no transaction and has no time limit set that
// would stop a long statement.
// A file of successions is the whole of them: what it does not say any more is undone. is_extract:
// it is only a part, and nothing is undone.
enum import_result sirene_import(struct db *db, const char *path, bool is_extract,
                                 struct import_progress progress, struct sirene_report *ret,
                                 struct import_problem *p) MUST_USE;
