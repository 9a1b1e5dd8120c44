// Why an establishment is where it is, in one word that a checker proves again from the prices.
//
// With the price P of a leaf (its own and of all above it), nobody stands where profit - P is less
// than elsewhere. Who would be worth more at `better` than here is kept from it by P(better) -
// P(here) >= the difference: so the better adviser is full (a price of its own), or what stands
// above it is, or a minimum here pulls (a negative price). Pure functions of a solved plan.
#pragma once

#include "plan/assign.h"

enum assign_reason {
    WHY_BEST,         // nowhere is it worth more
    WHY_LOCK,         // put there by hand
    WHY_FULL,         // worth more with `better`, who is full
    WHY_SHARE,        // worth more with `better`, whose organisation has its maximum
    WHY_MINIMUM,      // worth more with `better`, but a minimum here has to be met
    WHY_PRICE,        // left out: every adviser is worth more to others; `better` is the nearest
    WHY_WORTHLESS,    // left out: no visit is worth anything
    WHY_NO_CANDIDATE, // left out: nobody may go
};

// As in the formats: "best", "lock", ...
struct str assign_reason_name(enum assign_reason r);

// The reason of i after ASSIGN_OPTIMAL. *ret_better gets the option it speaks of, or -1.
enum assign_reason assign_why(const struct assign *s, int32_t i, int32_t *ret_better);
