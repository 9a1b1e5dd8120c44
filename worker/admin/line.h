// The lines of partners' files, sealed at rest: what they say of establishments stays readable, the
// rest, and what was seen of the file, is sealed (base/vault.h, VAULT_LINE).
#pragma once

#include "admin/admin.h"

// Seals the lines that wait in plain text, with what was seen of their files, and seals again those
// of an older key; in the transaction that is open if any. Cut short, the rest is done the next
// time. *ret_count: lines; *ret_lost: lines that no key opens.
bool lines_seal(struct admin *admin, int64_t *ret_count, int64_t *ret_lost) MUST_USE;

// A sealed line (in hexadecimal) as a JSON object by the names of its columns (a JSON array), in
// the arena; what stands beyond them goes by its number. Absent when it does not open.
struct str line_open(struct arena *a, int64_t file, int64_t line, struct str hex, struct str names);
