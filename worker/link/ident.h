// SIRET and SIREN of a record, as far as they can be trusted.
//
// Reads what base/siren.h validates, and besides: a 9-digit value, a VAT number (FR 12 123456789),
// zeros lost by a spreadsheet. Scientific notation, all zeros, wrong keys give no identifier, but
// the digits of a 9- or 14-digit value with a wrong key are kept to recognise two swapped digits.
// Pure, any thread.
#pragma once

#include "base/str.h"

struct ident {
    uint32_t siren;  // 0 = unknown
    uint32_t nic;    // number of the site, 1..99999; 0 = unknown
    bool     is_bad; // digits whose key is wrong: siren and nic as written
};

// Reads a SIRET, SIREN or VAT number.
void ident_read(struct str text, struct ident *ret);

// True when the numbers differ by one digit or by two neighbours swapped; both count `digits`
// digits.
bool ident_is_near(uint64_t a, uint64_t b, unsigned digits);
