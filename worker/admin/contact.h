// Persons in the hands of administrators: sealing what waits in plain text or under an older key.
#pragma once

#include "admin/admin.h"

// Seals every contact that waits in plain text, in the transaction that is open if any; *ret_count
// (may be NULL) says how many. False after a failure, which db_error describes.
bool contacts_seal(struct admin *admin, int64_t *ret_count) MUST_USE;
