// Proof of an assignment: a problem, a claim about it, and everything that does not hold.
//
// The problem is a tree of nodes with bounds on what stands below each, and establishments that
// choose one leaf. The claim is a plan with prices of nodes: the plan is feasible when all bounds
// hold; it is the best when the prices bound every plan by its very profit (weak duality of linear
// programming). That no plan exists is proved by prices too: with all profits zero they bound every
// plan below zero. Sums are taken in 128 bits. Shares no code with the engines. One thread.
#pragma once

#include "check/report.h"

struct check_node {
    int32_t parent; // -1 for node 0, the root; smaller than the node's own number
    int64_t lower, upper;
    char   *name; // for sentences; on the heap
};
struct check_option {
    int32_t node;
    int64_t profit;
};
struct check_choice {     // one establishment
    int64_t first, count; // its options
    int32_t pool;         // the leaf of those left out; -1: must be visited
};
struct check_problem {
    int32_t              nodes;
    struct check_node   *node;
    int64_t              count;
    struct check_choice *choice;
    int64_t              options, room;
    struct check_option *option;
};
void check_problem_done(struct check_problem *p);

enum check_status { CHECK_OPTIMAL, CHECK_WITHIN, CHECK_NO_PLAN };

// Why an establishment is where it is. ELSEWHERE: worth more at `better`, where the price of that
// leaf (FULL), of what is above it (SHARE), or a negative one here (MINIMUM), keeps it from.
enum check_reason {
    CHECK_BEST,
    CHECK_FULL,
    CHECK_SHARE,
    CHECK_MINIMUM,
    CHECK_PRICE,
    CHECK_WORTHLESS,
    CHECK_NO_CANDIDATE,
};

struct check_claim {
    enum check_status status; // WITHIN: the bound may exceed the profit, by what it says
    int64_t           profit, bound;
    int64_t          *price;   // [nodes] of the arc of each node: what one more unit would be worth
    int32_t          *place;   // [count] leaf
    int64_t          *surplus; // [count], or NULL
    int64_t          *flow;    // [nodes] as told, or -1 where not told
    uint8_t          *reason;  // [count] enum check_reason, or NULL
    int32_t          *better;  // [count] the leaf a reason speaks of, or -1
};
void check_claim_done(struct check_claim *c);

// Checks all of it and says so in the report.
void check_assignment(const struct check_problem *p, const struct check_claim *c,
                      struct check_report *report);

// Reads an instance and a result in the plain text format (docs/planning.md) and checks them.
void check_assignment_text(struct str instance, struct str result, struct check_report *report);
