// Who visits whom: the best assignment of establishments to advisers, proved, in whole numbers.
//
// The model is a flow. Nodes form a tree under node 0, the root; an establishment stands at one
// leaf: that of an adviser, worth the profit of the pair, or its pool, the leaf of those nobody
// visits, worth nothing. The arc of node v to its parent carries everything that stands below v,
// between lower[v] and upper[v]: the capacity of an adviser, the share of an organisation, and, as
// an upper bound on a pool, a quota (at most so many of this group left out). Laminar bounds of any
// depth are therefore exact; bounds that overlap are kept by prices (plan/assign_case.h).
//
// Method: only nodes are kept in the residual graph. Prices come from coordinate descent on the
// dual, each adviser raising its price until its demand meets its capacity (Bertsekas, "Auction
// algorithms", 1992, in the form of one exact step per adviser), then all of them together.
// Whatever imbalance is left is removed by successive shortest paths with reduced costs (Jewell
// 1958; Edmonds and Karp 1972), which ends at the exact optimum from any prices. The arcs out of an
// adviser are those of its members, of which a list in order keeps the first (assign_exits.c): a
// search looks at the few that are near to it. Later changes are repaired the same way, from the
// prices and places at hand; a surplus of more than there are nodes runs off by an auction first
// (assign_cascade.c), and where a share binds, what lacks many draws them from everywhere
// (assign_pull.c).
//
// Where many profits are equal the search would wander among equals, so profits are multiplied by
// more than the sum of a small different amount added to each: the optimum is one of the true
// problem too, and prices of the one give prices of the other (assign_scale.c).
//
// The proof: price[v] for each node, 0 at the root. With mu(v) = price[v] - price[parent[v]] +
// gain[v], the sum over establishments of max(profit - price of the leaf) plus, over nodes, mu *
// upper where mu > 0 and mu * lower where mu < 0, bounds every assignment from above; it equals the
// profit.
//
// A solver belongs to one thread. Nothing here reads a clock or depends on addresses: same problem
// and same edits, same plan.
#pragma once

#include "base/str.h"

enum assign_limit {
    ASSIGN_COUNT_MAX   = 2000000,  // establishments
    ASSIGN_NODE_MAX    = 50000,    // nodes of the tree
    ASSIGN_OPTION_MAX  = 50000000, // pairs
    ASSIGN_OPTIONS_MAX = 10000,    // pairs of one establishment
};
#define ASSIGN_PROFIT_MAX INT64_C(1000000000000)

// The problem, arrays on the heap (assign_problem_done frees them).
struct assign_problem {
    int32_t  count;  // establishments
    int32_t  nodes;  // of the tree; 0 is the root
    int32_t *parent; // [nodes] parent[v] < v; of the root: -1
    int64_t *lower;  // [nodes] 0 <= lower <= upper; of the root: not looked at
    int64_t *upper;  // [nodes]
    int64_t *gain;   // [nodes] earned by each unit that passes from v to its parent; may be NULL
    int32_t *first;  // [count + 1] options of i: first[i] .. first[i + 1] - 1
    int32_t *node;   // [options] a leaf, each at most once per establishment
    int64_t *profit; // [options] |profit| <= ASSIGN_PROFIT_MAX
    int32_t *pool;   // [count] the leaf of i when nobody visits it; -1: somebody must
};
void assign_problem_done(struct assign_problem *p);

// NULL when the problem is well formed, else what is wrong, in English, for the programmer: readers
// of files make their own checks first.
const char *assign_problem_fault(const struct assign_problem *p);

enum assign_status {
    ASSIGN_OPTIMAL,
    ASSIGN_IMPOSSIBLE, // no assignment keeps all bounds; assign_cut says which nodes conflict
};

struct assign; // the solver

// Takes the arrays of a well formed problem over (*p is emptied). Free it with assign_free.
struct assign *assign_new(struct assign_problem *p) MUST_USE;
void           assign_free(struct assign *s);

// Finds the optimum, or repairs it after edits: same profit as from scratch.
enum assign_status assign_solve(struct assign *s) MUST_USE;

// The plan after ASSIGN_OPTIMAL. assign_place: the leaf where i stands, its pool when left out, -1
// when removed. assign_option: index of the option taken, -1 for the pool.
int32_t assign_place(const struct assign *s, int32_t i);
int32_t assign_option(const struct assign *s, int32_t i);
int64_t assign_profit(const struct assign *s);
int64_t assign_price(const struct assign *s, int32_t node); // relative to the root
int64_t assign_flow(const struct assign *s, int32_t node);  // what passes from node to its parent
// profit - price at the best leaf of i: what one more establishment like i would add.
int64_t assign_surplus(const struct assign *s, int32_t i);
// Of the last ASSIGN_IMPOSSIBLE: whether the node is in the cut, a set of nodes where more has to
// stand than its bounds let stand there or pass out of it.
bool assign_cut(const struct assign *s, int32_t node);
// How many units too many the cut holds. Prices of 1 in it and 0 elsewhere prove that there is no
// plan: with all profits 0 the bound above is minus this number.
int64_t assign_shortage(const struct assign *s);
// The tree and the options as edited; a view. Its profits and gains are the solver's own: ask
// assign_option_profit for what an option is worth.
const struct assign_problem *assign_problem_of(const struct assign *s);
int64_t                      assign_option_profit(const struct assign *s, int32_t option);

// How much work the last assign_solve did.
struct assign_effort {
    int64_t excess; // units out of place when the search began
    int64_t paths;  // searches made
    int64_t visits; // nodes they looked at
};
struct assign_effort assign_effort(const struct assign *s);

// Edits, each followed at leisure by assign_solve.
// New bounds of the arc of a node: an adviser who is ill has 0, 0.
void assign_set_bounds(struct assign *s, int32_t node, int64_t lower, int64_t upper);
// i stands at `node` whatever happens; -1 takes the lock away. False when i has no such option.
bool    assign_lock(struct assign *s, int32_t i, int32_t node) MUST_USE;
int32_t assign_locked(const struct assign *s, int32_t i); // the leaf, or -1
// Another profit for an option (an index of the arrays); ASSIGN_NEVER forbids it.
#define ASSIGN_NEVER (-(INT64_C(1) << 60))
void assign_set_profit(struct assign *s, int32_t option, int64_t profit);
// What a node's units earn from now on; of all nodes at once (the root's is not looked at), which
// is one look at everybody instead of one for each node.
void assign_set_gain(struct assign *s, int32_t node, int64_t gain);
void assign_set_gains(struct assign *s, const int64_t *gain);
// One establishment more; its number is the count before, or -1 once twice as many stand in the
// problem as at its beginning (and a few hundred more): make a new solver then. And one less: its
// number stays unused.
int32_t assign_add(struct assign *s, int32_t pool, const int32_t *nodes, const int64_t *profits,
                   int32_t count);
void    assign_remove(struct assign *s, int32_t i);
