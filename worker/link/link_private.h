// The inside of a link: what its files share.
#pragma once

#include "link/alias.h"
#include "link/block.h"
#include "link/link.h"
#include "link/model.h"
#include "link/spread.h"

#define NO_GROUP UINT32_MAX // an enumerator would not fit an int

// A pair of features that go together well enough to be remembered.
struct edge {
    uint32_t a, b; // nodes
    float    odds; // natural logarithm
};

// Entity ids, as numbers in entities.
struct redirect {
    uint32_t from, to;
};

struct decision {
    uint32_t a, b; // records
    bool     same;
};

// Records of one node were the same to the last letter; those that a reviewer said to be different
// from some other have a node of their own.
struct node {
    uint32_t feature, group;
    uint32_t next; // of the same feature, NO_GROUP at the end
    float    odds; // mean log-odds with the other nodes of its group; huge when there is none
};

// A record joined after grouping.
struct late {
    uint32_t record, next; // next late record of its group, NO_GROUP at the end
};

struct link {
    const struct link_schema *schema;
    struct stock             *stock;
    struct intern            *ids;      // record ids: number - 1 is the record
    struct intern            *entities; // ids given by link_previous and of new groups
    uint32_t                 *feature;  // of each record
    uint32_t                 *node;     // of each record, after grouping
    uint32_t                 *previous; // of each record, number in entities; 0 = none
    size_t                    count, room;
    struct decision          *decisions;
    size_t                    decision_count, decision_room;
    bool                      has_different; // among them
    uint32_t                 *kin;   // union-find of records said to be the same
    uint64_t                 *apart; // pairs of groups kept apart by a reviewer, sorted
    size_t                    apart_count;
    bool                      grouped;

    struct spread *spread;
    struct alias  *alias;
    struct block  *block;
    struct model   model;
    struct node   *nodes;
    size_t         node_count, node_room;
    uint32_t      *node_first; // first node of each feature
    struct edge   *edges;      // by first node, then second
    size_t         edge_count;
    uint32_t      *edge_start; // of each node, and one more
    uint64_t       pairs;

    uint32_t           *group_entity; // of each group, number in entities
    uint32_t           *member_start; // groups + 1: where the members of a group begin in member
    uint32_t           *member;       // records by group
    size_t              group_count;
    uint32_t           *late_head; // of each group
    struct link_review *reviews;
    size_t              review_count;
    struct redirect    *redirects;
    size_t              redirect_count;

    // Records joined after grouping.
    struct late *late;
    size_t       late_count, late_room, distinct;
};

static inline struct knowledge link_knowledge(const struct link *l)
{
    return (struct knowledge){ l->spread, l->alias };
}

// The log-odds of two features under the learned model.
float link_odds(const struct link *l, uint32_t a, uint32_t b);

// Makes nodes of the records: called once, features being sorted.
void link_make_nodes(struct link *l);
// Fills edges, then the group of each node.
void link_compare(struct link *l, struct link_progress progress);
void link_cluster(struct link *l, struct link_progress progress);
// Names the groups, scores the records, lists reviews and redirects.
void link_name_groups(struct link *l);
void link_list_reviews(struct link *l);

// What is wrong with the id of a new record; the number of a new entity called after it.
enum link_status link_check_id(const struct link *l, struct str id);
uint32_t         link_new_entity(struct link *l, struct str id);

// Members of a group as nodes, each once, late ones included, up to most; returns how many.
size_t link_nodes_of(const struct link *l, uint32_t group, uint32_t *ret, size_t most);
// Log-odds of two nodes, pairs that share no key being held down, and the bound of what one pair
// counts.
float  link_affinity(const struct link *l, uint32_t a, uint32_t b);
float  link_bounded(float odds);
float  link_stranger(const struct link *l, float odds);
double link_probability(float odds);

// True when a reviewer keeps some record of one group apart from some record of the other.
bool link_groups_differ(const struct link *l, uint32_t a, uint32_t b);
