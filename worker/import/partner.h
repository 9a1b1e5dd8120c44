// Imports a partner's file: kept as received, each row linked to its establishment by SIRET.
//
// Three steps, so that the browser's desk and the command line share them: partner_receive keeps
// the bytes as a data.source_file, partner_preview says what importing would do and writes nothing
// in the list, partner_run imports. Rows are never refused; a file that cannot be read is, as a
// whole, and changes nothing. How the table is read is data.source_file.layout where a person said
// so, else what the organisation called the columns of such a header before, else the best guess.
#pragma once

#include "import/sirene.h"

enum { PARTNER_BYTES_MAX = 20 * 1024 * 1024 };

struct partner_report {
    int64_t  file;
    bool     is_repeat; // the file had been imported before: nothing was done
    uint64_t read, linked, created, review, unusable, restored;
    bool     has_conversion; // the file was not in UTF-8; conversion says from where on
    bool     is_unterminated;
    // Rows with the SIRET of a row above; of the first of them, its line and the one above.
    uint64_t repeats, repeat, repeated;

    struct import_problem conversion;
    struct import_problem unterminated;
};

// Keeps the file at path for an organisation; *ret_file is its number. The same bytes given twice
// are the same file.
enum import_result partner_receive(struct db *db, int64_t organisation, const char *path,
                                   int64_t *ret_file, struct import_problem *p) MUST_USE;

// Says that an import or a preview was stopped as somebody asked.
struct result partner_stopped_file(struct db *db, int64_t file) MUST_USE;

// Told where the work stands; false asks it to stop, which changes nothing. May be NULL.
struct partner_watch {
    bool (*tell)(void *context, const char *step, uint64_t done, uint64_t total);
    void *context;
};

// Looks at a file in state "preview" and leaves it "ready" with data.source_file.preview and
// data.import_line filled, or refused. Safe to repeat. IMPORT_STOPPED when watch said so.
enum import_result partner_preview(struct db *db, int64_t file, struct partner_watch watch,
                                   struct import_problem *p) MUST_USE;

// Imports a file that was received. Safe to repeat: a file already done is left alone. A wrong
// file becomes "refused", with the reason among its errors (data.source_error).
enum import_result partner_run(struct db *db, int64_t file, struct partner_watch watch,
                               struct partner_report *ret, struct import_problem *p) MUST_USE;
