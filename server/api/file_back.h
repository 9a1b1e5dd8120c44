// A partner's file given back: its lines as they came, with columns of ours behind, as a text in
// its separator and encoding or as a workbook.
//
// Lines are sealed in the database (base/vault.h, VAULT_LINE); they are opened here, on their way
// out. What does not open any more leaves an empty line with our columns.
#pragma once

#include "http/req.h"

// GET /api/imports/{id}/return.csv, .xlsx: every line with the SIRET found.
enum err file_return_csv(struct req *r);
enum err file_return_xlsx(struct req *r);
// GET /api/imports/{id}/errors.csv, .xlsx: those with something to say, with the reason.
enum err file_errors_csv(struct req *r);
enum err file_errors_xlsx(struct req *r);
