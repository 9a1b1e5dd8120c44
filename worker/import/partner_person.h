// The persons named in a partner's file: sealed and kept as contacts.
#pragma once

#include "base/db.h"

// Within the transaction of an import, once its rows are linked: makes contacts of the persons they
// name. *ret_opposed: how many were left out because they are in the register of oppositions.
enum err partner_persons_keep(struct db *db, int64_t file, int64_t *ret_opposed) MUST_USE;
