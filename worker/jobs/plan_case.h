// A scenario of a joint plan as a case of the assignment engine. No I/O.
//
// Every adviser of every partner may go to every candidate, as long as these pairs are few enough
// (PAIRS_MOST); else each candidate keeps the advisers it is worth most with, among them those of
// several partners, so that shares can still be met.
#pragma once

#include "plan/assign_case.h"

enum { PLAN_PARTNERS = 40, PLAN_COMPONENTS = 16, PAIRS_MOST = 1600000, PAIRS_LEAST = 16 };

struct plan_partner {
    int64_t    id;
    struct str name;
    int        fit;         // bit of its network
    int64_t    least, most; // share, in percent of the visits to be expected
};
struct plan_adviser {
    int64_t    id;
    struct str name;
    int32_t    partner;
    double     lon, lat; // degrees; NAN when the base is unknown
    int64_t    visits;
};
// What ties a partner to a candidate, in the order of the candidates.
struct plan_tie {
    int32_t candidate, partner;
    int32_t fruitful;
    bool    known;
};
struct plan_candidate {
    int64_t    id, previous; // previous: a member, 0: none
    int32_t    lon, lat;     // hundred-thousandths of a degree
    int32_t    potential, needs, silence, tension, commune, fits;
    bool       is_first, is_small;
    uint64_t   lead;       // partners that lead on one of its segments, by bit
    struct str state, why; // "" when somebody may go; else the reason, and its sentence
};
struct plan_commune {
    int32_t    number;
    struct str name;
};
struct plan_input {
    struct arena          *arena;
    struct plan_partner   *partners;
    struct plan_adviser   *advisers;
    struct plan_candidate *candidates; // by rising id
    struct plan_tie       *ties;
    struct plan_commune   *communes; // by rising number
    int32_t                partner_count, adviser_count, candidate_count, tie_count, commune_count;
    struct assign_weights  weights;
    int64_t                never_visited, small, each_commune, km_most;
};

// The case of those to whom somebody may go. *ret_place[i]: the number in the case of candidate i,
// -1 when it is not part of it.
void plan_case_make(const struct plan_input *in, struct assign_case *ret, int32_t **ret_place);

// How many visits can be expected at most: as many as there are candidates, or hours for them.
int64_t plan_case_expected(const struct plan_input *in);
