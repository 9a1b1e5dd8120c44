// Imports a partner's file: kept as received, each row linked to its establishment by SIRET.
//
// Two steps, so that the browser's upload and the command line share the second one:
// partner_receive keeps the bytes as a data.source_file, partner_run works on such a file. Rows are
// never refused; a file that cannot be read is, as a whole, and changes nothing.
#pragma once

#include "import/sirene.h"

enum { PARTNER_BYTES_MAX = 20 * 1024 * 1024 };

struct partner_report {
    int64_t  file;
    bool     is_repeat; // the file had been imported before: nothing was done
    uint64_t read, linked, created, review, unusable, restored;
    bool     has_conversion; // the file was in Windows-1252; conversion says from where on
    bool     is_unterminated;

    struct import_problem conversion;
    struct import_problem unterminated;
};

// Keeps the file at path for an organisation; *ret_file is its number. The same bytes given twice
// are the same file.
enum import_result partner_receive(struct db *db, int64_t organisation, const char *path,
                                   int64_t *ret_file, struct import_problem *p) MUST_USE;

// Imports a file that was received. Safe to repeat: a file already done is left alone. A wrong
// file becomes "refused", with the reason among its errors (data.source_error).
enum import_result partner_run(struct db *db, int64_t file, struct partner_report *ret,
                               struct import_problem *p) MUST_USE;
