// Where something is: postcode and commune, without CEDEX, with Paris, Lyon and Marseille in one.
//
// Pure, any thread.
#pragma once

#include "link/fold.h"

struct place {
    uint32_t postcode; // 1000..98999, 0 = unknown
    uint16_t
        county; // department: postcode / 1000, 971..988 overseas, 20 for both Corsicas; 0 = unknown
    uint8_t      district; // of Paris, Lyon or Marseille, from postcode or name; 0 = none
    bool         is_cedex; // the postcode is that of a CEDEX: only the department counts
    struct words commune;  // "Saint-Étienne Cedex 2" gives saint etienne; "Ste" is "sainte"
};

// Reads a postcode and a commune, either may be empty. A postcode that lost its leading zero is
// given it back; "F-75001", "75 001" and "75001.0" are 75001; Corsican 2A and 2B are 20; an Insee
// code of a Paris, Lyon or Marseille district (75101) is turned into its postcode.
void place_read(struct str postcode, struct str commune, struct place *ret);
