// The communes of the invented files: their names are real, drawn by the power 3/4 of their people.
//
// Read-only between places_open and places_close.
#pragma once

#include "phrase.h"

struct place {
    const char *name;
    const char *postcodes; // five digits each, one after the other
    uint32_t    postcode_count;
};

// Reads communes.json of @etalab/decoupage-administratif; without that file, a short list of our
// own.
void places_open(const char *file);
void places_close(void);

const struct place *place_draw(struct rng *r);
// True the first time something that a commune has only once (a number below 64) is asked for.
bool place_take(const struct place *place, uint32_t what);
// One of its postcodes, with its NUL.
void place_postcode(const struct place *place, struct rng *r, char into[6]);
// First digit of its landline numbers: '1' to '5'.
char place_phone_region(const char *postcode);
