// SIREN and SIRET: are these digits valid?
//
// Reading what people write is elsewhere (import/siret.h, link/ident.h). Pure, any thread.
#pragma once

#include "base/base.h"

enum { SIREN_LEN = 9, SIRET_LEN = 14 };

// True when 14 digits make a valid SIRET: Luhn on all and on the SIREN, except La Poste
// (356000000), whose sum of digits is a multiple of 5 but for its head office (NIC 00048).
bool siret_is_valid(const char digits[SIRET_LEN]);

// True when 9 digits make a valid SIREN (Luhn, not all zeros).
bool siren_is_valid(const char digits[SIREN_LEN]);
