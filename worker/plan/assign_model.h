// What a visit is worth, in points: a sum of components, each kept so that a line can be explained.
//
// A pure function of features and weights, in whole numbers. Default weights are in
// assign_weights_of.
#pragma once

#include "base/str.h"

enum assign_component {
    WORTH_POTENTIAL, // hiring potential, per unit
    WORTH_NEEDS,     // needs known, each
    WORTH_SILENCE,   // per month since the last contact, SILENCE_MOST at most; SILENCE_NEVER: no contact ever
    WORTH_FRUITFUL,  // fruitful contacts of this organisation, 5 at most
    WORTH_KNOWN,     // the organisation knows somebody there
    WORTH_PUBLIC,    // its public fits (20 employees and more for Cap emploi, youth sectors...)
    WORTH_PROMISE,   // the organisation promised this visit
    WORTH_TRAVEL,    // per kilometre; negative
    WORTH_STABLE,    // same adviser as in the plan before
    WORTH_TENSION,   // tension of its occupations, per degree
    WORTH_LEAD,      // the organisation leads on it
    WORTH_GIVEN,     // points given as they are
    WORTH_COUNT,
};

struct assign_weights {
    int64_t points[WORTH_COUNT];
};
struct assign_weights assign_weights_default(void);
// Wire name of a component ("potential"), as in the instance format.
struct str assign_component_name(enum assign_component c);

// SILENCE_NEVER is worth no more than SILENCE_MOST, it is told otherwise.
enum { FEATURE_MAX = 1000000, SILENCE_MOST = 24, SILENCE_NEVER = SILENCE_MOST + 1 };

struct assign_features {
    int64_t value[WORTH_COUNT]; // units of each component, 0..FEATURE_MAX; GIVEN: any points
};
// The components of a pair, and their sum. SILENCE and FRUITFUL are capped here.
int64_t assign_worth_of(const struct assign_features *f, const struct assign_weights *w,
                        int64_t ret_components[WORTH_COUNT]);
