// The bytes of partners' files, sealed at rest.
#pragma once

#include "admin/admin.h"

// Seals the files that wait in plain text and seals again those of an older key, one by one. Cut
// short, the rest is done the next time. *ret_count: how many; *ret_lost: files that no key opens.
bool files_seal(struct admin *admin, int64_t *ret_count, int64_t *ret_lost);
