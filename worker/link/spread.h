// Spread: with how many places and names a value was seen.
//
// A telephone seen in thirty towns is a call centre's, an address that holds twenty names is a
// domiciliation, a name met in fifty communes is anybody's. Owned by one thread, read by any.
#pragma once

#include "link/stock.h"

struct spread;

// Counts over all features of the stock; free with spread_free (accepts NULL).
struct spread *spread_new(struct stock *s) MUST_USE;
void           spread_free(struct spread *t);

// Notes in a feature and its names how widely they are spread; spread_new did it for all there
// were.
void spread_note(const struct spread *t, struct stock *s, struct feature *f);

// The key of a value under a tag that tells its kind.
enum spread_tag {
    SPREAD_NAME,
    SPREAD_PHONE,
    SPREAD_MAILBOX,
    SPREAD_DOMAIN,
    SPREAD_SIREN,
    SPREAD_DOOR,
    SPREAD_PERSON,
    SPREAD_GIVEN,
    SPREAD_FAMILY,
    SPREAD_NAME_THERE,
    SPREAD_SIREN_THERE,
    SPREAD_VALUE
};
uint64_t spread_key(enum spread_tag tag, uint64_t value);
// The same within a commune: SPREAD_NAME_THERE and SPREAD_SIREN_THERE count addresses as places.
uint64_t spread_key_there(const struct stock *s, const struct feature *f, enum spread_tag tag,
                          uint64_t value);

// What stands for the person of a record, given name and surname in either order; 0 = none.
uint64_t spread_person(const struct stock *s, const struct feature *f);

// Raises *places and *names to those of the key.
void spread_look(const struct spread *t, uint64_t key, float *places, float *names);

// How much commoner than usual a record's value of a general column is: natural logarithm.
float spread_rare(const struct spread *t, const struct stock *s, const struct feature *f,
                  uint32_t index);
