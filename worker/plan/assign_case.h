// An assignment as people describe it: names, features, locks, quotas, a plan before; read from
// JSON, solved, and told again in French with reasons. The format is in docs/planning.md.
//
// A case lives in an arena. One thread.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "plan/assign.h"
#include "plan/assign_model.h"

enum case_limit { CASE_QUOTAS_MAX = 512, CASE_WEIGHT_MAX = 1000000 };

struct case_set { // of quotas
    uint64_t word[CASE_QUOTAS_MAX / 64];
};
static inline bool case_in(const struct case_set *set, int32_t quota)
{
    return set->word[quota / 64] >> (quota % 64) & 1;
}
static inline void case_put(struct case_set *set, int32_t quota)
{
    set->word[quota / 64] |= UINT64_C(1) << (quota % 64);
}

struct case_organisation {
    struct str name;
    int64_t    lower, upper;
    int32_t    node;
};
struct case_adviser {
    struct str name;
    int32_t    organisation, node;
    int64_t    lower, capacity;
};
struct case_quota { // at least `least` of its establishments are visited
    struct str name;
    int64_t    least, size, price; // price: what one more would cost
    int64_t    visits;             // after solving; below `least` where no price made it hold
    int32_t    node;               // -1: kept by a price, not by the flow
};
struct case_pair {
    int32_t                adviser;
    bool                   excluded;
    struct assign_features features;
    int64_t                profit;
};
enum case_out { OUT_NOT, OUT_OPPOSITION, OUT_REST }; // why nobody may visit
struct case_establishment {
    struct str        name;
    enum case_out     out;
    int32_t           lock, previous; // advisers; -1: none
    struct case_set   quotas;
    struct case_pair *pairs;
    int32_t           count;
    int32_t           pool; // its leaf when it is left out
};
// A rule that can be in conflict with others; index: of the organisation, adviser, quota or
// establishment.
struct case_rule {
    enum case_rule_kind {
        RULE_ORGANISATION_LEAST,
        RULE_ORGANISATION_MOST,
        RULE_ADVISER_LEAST,
        RULE_ADVISER_MOST,
        RULE_QUOTA,
        RULE_LOCK,
    } kind;
    int32_t index;
};
struct assign_case {
    struct arena              *arena;
    struct assign_weights      weights;
    struct case_organisation  *organisations;
    struct case_adviser       *advisers;
    struct case_quota         *quotas;
    struct case_establishment *establishments;
    int32_t                    organisation_count, adviser_count, quota_count, count;
    // Asked now and then while it is solved, with the percentage done; false: give up, and nothing
    // of the result stands. NULL: nobody asks.
    bool (*go_on)(void *context, int percent);
    void *context;
    // after solving
    bool               is_given_up;
    enum assign_status status;
    int64_t            profit, bound;
    int32_t            unmet;    // crossing quotas that no price could make hold
    struct case_rule  *conflict; // without a plan: rules that contradict each other, none too many
    int32_t            conflict_count;
};

static inline bool case_goes_on(struct assign_case *c, int percent)
{
    c->is_given_up = c->is_given_up || (c->go_on && !c->go_on(c->context, percent));
    return !c->is_given_up;
}

// Reads the JSON format; false with a French sentence naming the field in *ret_why.
bool case_read(struct arena *a, struct str json, struct assign_case *ret_case,
               struct buf *ret_why) MUST_USE;

// Makes the problem and solves it. Quotas that nest or are disjoint are part of the flow, hence
// exact; of others, prices are raised one after the other until they hold, and bound - profit says
// how far from the best the plan may be. The caller frees the solver.
struct assign *case_solve(struct assign_case *c) MUST_USE;

// assign_conflict.c, called by case_solve: names the conflict of a case without a plan. Frees the
// solver, and returns one with those rules only and the cut that proves it, all worth nothing.
struct assign *case_conflict(struct assign_case *c, struct assign *plan) MUST_USE;
// Whether pair k may be used when `lock` is the adviser who must go (-1: nobody).
bool case_usable(const struct assign_case *c, const struct case_establishment *e, int32_t k,
                 int32_t lock);

// The result: plan, reasons, prices, and what changed from the plan before; without a plan, the
// rules in conflict.
void case_write(const struct assign_case *c, const struct assign *s, struct buf *into);

// One line of it, for who keeps it otherwise: where an establishment stands after case_solve, the
// word of the reason, and in *ret_why (emptied first) the sentence.
struct case_told {
    int32_t    adviser, better; // -1: nobody, none
    int64_t    profit;
    struct str reason; // constant
};
struct case_told case_tell(const struct assign_case *c, const struct assign *s, int32_t i,
                           struct buf *ret_why);
// The pair of an establishment and an adviser; NULL when there is none.
const struct case_pair *case_pair_of(const struct case_establishment *e, int32_t adviser);
// A rule of a conflict as people call it: "minimum de Cap emploi : 12". Appended.
void case_tell_rule(const struct assign_case *c, struct case_rule r, struct buf *into);
