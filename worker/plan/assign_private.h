// Inside of the assignment solver; see plan/assign.h.
#pragma once

#include "plan/assign.h"

enum { AT_POOL = -1, AT_NOWHERE = -2 }; // values of at[i] beside an option

// The best of those at a pool for one adviser; option -1: nobody there could go to it.
struct row_entry {
    int64_t gain;
    int32_t node;
    int32_t option;
};

struct row {
    struct row_entry *entries;
    int32_t           count, room;
    bool              fresh;
};

// One who stands at a leaf of advisers, and the two places where it would go: there it goes once
// the price here is `ahead` above the price there, and to none of the others before the price here
// is `next`. As long as one of the two comes before that, what it may do is known without a look at
// all of its pairs.
struct member {
    int64_t ahead[2], next; // next INT64_MIN: nothing is known yet
    int32_t to[2];          // leaves, the same twice when there is one only; -1: it does not leave
    int32_t who;
};
struct members {
    struct member *list;
    int32_t *soon; // beside the list: at what price, rounded down, each leaves at the earliest
    int32_t  count, room;
    bool     stale; // some price fell since: nothing is known of any of them
};

// One who may leave a leaf for another: it does once the price here is `cost` above the price
// there, which is not before the price here comes to `least`.
struct exit {
    int64_t cost, least;
    int32_t who, to;
};
// All moves out of a leaf of advisers that are made before its price comes to `limit`, by `least`.
// Costs do not depend on prices, and prices rise: the list holds until one falls.
struct exits {
    struct exit *list;
    int32_t      count, room;
    int64_t      limit;
    int64_t      known;  // what the limit was before
    int64_t      stride; // by how much it is put ahead of what is asked for
};

// The unvisited of one pool who could go to one adviser: a heap of options, best profit first.
struct segment {
    int32_t  node;
    int32_t  count;
    int32_t  room;
    int32_t *heap; // into segment_space or, after growth, its own
    bool     owned;
};

struct step { // how a node was reached
    int32_t from;
    int32_t what; // who moves, or the node whose arc it is
    enum step_kind { STEP_MOVE, STEP_UP, STEP_DOWN } kind;
};

struct queue_entry {
    int64_t distance;
    int32_t node;
    int32_t exit; // from here on its moves have their turn; -1: the node itself
};

struct assign {
    struct assign_problem p;
    int32_t               count_room, option_room;
    int32_t              *owner;  // [options] whose it is
    uint8_t              *queued; // [options] in the heap of its segment
    int32_t              *at;     // [count] option, AT_POOL or AT_NOWHERE
    int32_t              *slot;   // [count] position among the members of its leaf
    int32_t              *lock;   // [count] option, or -1
    bool                  ready;  // a first solution or start was made
    int64_t               scale;  // profits are multiplied by this, and told apart below it
    int                   coarse; // bits of a price that `soon` does without
    int64_t               turn;   // what makes prices of the scaled problem prices of the true one

    // per node
    int64_t *price, *flow, *load, *excess;
    int32_t *child_first, *child; // children of v: child[child_first[v] .. child_first[v + 1] - 1]
    bool    *is_pool, *is_leaf;

    struct members *members; // of leaves that are no pools
    struct row     *rows;
    struct exits   *exits; // of leaves that are no pools

    int32_t        *segment_first; // [nodes + 1] of pools
    struct segment *segments;
    int32_t        *segment_space;

    // assign_welcome.c: options by leaf, of the establishments known when it was made
    int32_t *option_first; // [nodes + 2] of leaf v: option_first[v] .. option_first[v + 1] - 1
    int32_t *option_of;    // NULL: not made yet
    int32_t  indexed;      // establishments

    // scratch of the search
    int64_t            *distance;
    uint32_t           *seen, *done;
    uint32_t            stamp;
    struct step        *steps;
    struct queue_entry *queue;
    int32_t             queue_count, queue_room;
    int64_t            *pace;  // [nodes] by how much each that came made the last pull dearer
    int32_t            *level; // nodes reached as near as the one whose turn it is
    int32_t            *visited;
    int32_t            *looked; // members to be looked at, of one leaf
    int32_t             looked_room;
    bool               *cut;

    struct assign_effort effort;
};

static inline int64_t assign_mu(const struct assign *s, int32_t v)
{
    return s->price[v] - s->price[s->p.parent[v]] + (s->p.gain ? s->p.gain[v] : 0);
}

// Whether option e of i may be taken.
static inline bool assign_open(const struct assign *s, int32_t i, int32_t e)
{
    return s->p.profit[e] != ASSIGN_NEVER && (s->lock[i] < 0 || s->lock[i] == e);
}
static inline bool assign_pool_open(const struct assign *s, int32_t i)
{
    return s->p.pool[i] >= 0 && s->lock[i] < 0;
}

// The leaf of a choice of i.
static inline int32_t assign_leaf(const struct assign *s, int32_t i, int32_t at)
{
    return at >= 0 ? s->p.node[at] : at == AT_POOL ? s->p.pool[i] : -1;
}
static inline int64_t assign_worth(const struct assign *s, int32_t at)
{
    return at >= 0 ? s->p.profit[at] : 0;
}

// assign_scale.c: profits told apart, so that few ties remain; and the way back.
void    assign_scale_new(struct assign *s);
int64_t assign_scaled(const struct assign *s, int32_t i, int32_t node, int64_t profit);
bool    assign_scale_holds(const struct assign *s, int32_t count);
void    assign_turn(struct assign *s);
int64_t assign_true(const struct assign *s, int64_t scaled);

// assign_start.c: prices worth beginning with.
void assign_start_prices(struct assign *s);

// assign_place.c: who stands where.
void              assign_move(struct assign *s, int32_t i, int32_t to);
void              assign_move_to(struct assign *s, int32_t i, int32_t leaf);
int32_t           assign_best(const struct assign *s, int32_t i, int64_t *ret_net);
const struct row *assign_pool_row(struct assign *s, int32_t pool);
void              assign_segments_new(struct assign *s);
void              assign_pool_enter(struct assign *s, int32_t i);
void              assign_pool_leave(struct assign *s, int32_t i);

void assign_pool_forget(struct assign *s, int32_t option);
void assign_pool_grow(struct assign *s, int32_t pool, int32_t node);

// assign.c: what passes through the arc of a node when prices decide.
void assign_flow_settle(struct assign *s, int32_t v);

// assign_cascade.c: surplus of leaves runs off by prices; some may be left where it was.
void assign_cascade(struct assign *s);

// assign_member.c: those who stand at a leaf, and the price at which each would leave it.
void assign_member_add(struct assign *s, int32_t leaf, int32_t i);
void assign_member_remove(struct assign *s, int32_t leaf, int32_t i);
// Some price fell, so that no bound holds, and no list of moves.
void assign_members_forget(struct assign *s);
// i, who stands at this leaf; what is said of it is true until somebody joins or parts.
struct member *assign_member_of(struct assign *s, int32_t leaf, int32_t i);
// The price at which it leaves, as things are, and for where; INT64_MAX: never.
int64_t assign_member_leaves(const struct assign *s, struct member *m, int32_t *ret_to);
// It may leave at this price, which is lower than was known.
void assign_member_sooner(struct assign *s, int32_t leaf, int32_t i, int64_t least);
// Those of whom nothing is known since some price fell are looked at.
void assign_members_know(struct assign *s, int32_t leaf);
// Calls `visit` for each who leaves the leaf before its price comes to `limit`.
typedef void assign_visit(struct assign *s, int32_t leaf, const struct member *m, void *context);
void         assign_members_walk(struct assign *s, int32_t leaf, int64_t limit, assign_visit *visit,
                                 void *context);
// Who leaves first, for where and at what price (INT64_MAX: nobody does), and when the one after it
// does.
struct leaving {
    int64_t price, next;
    int32_t who, to;
};
struct leaving assign_members_first(struct assign *s, int32_t leaf);

// assign_exits.c: the moves out of a leaf that come first.
void assign_exits_forget(struct exits *x);
// The k-th of them is made later than it was known.
void assign_exits_later(struct exits *x, int32_t k, int64_t least);
// The price of leaf `to` fell: what is known of moves there is over; and one of them as it is now.
void assign_exits_drop(struct assign *s, int32_t to);
void assign_exits_add(struct assign *s, int32_t leaf, struct exit exit);
void assign_exits_know(struct assign *s, int32_t leaf, int64_t limit);
void assign_exits_join(struct assign *s, int32_t leaf, int32_t i);
void assign_exits_part(struct assign *s, int32_t leaf, int32_t i);

// assign_welcome.c: a leaf whose upper bound held its price up has more room.
void assign_welcome(struct assign *s, int32_t leaf);

// assign_pull.c: what lacks many draws them from everywhere.
void assign_pull(struct assign *s, int32_t node);

// assign_path.c: one shortest path from a node with too much; false when nothing can leave.
bool assign_augment(struct assign *s, int32_t from);
