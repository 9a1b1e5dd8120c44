// The inside of a link: what its files share.
#pragma once

#include "link/block.h"
#include "link/link.h"
#include "link/model.h"
#include "link/spread.h"

enum { NO_GROUP = UINT32_MAX };

// A pair of features that go together well enough to be remembered.
struct edge {
    uint32_t a, b; // nodes
    float    odds; // natural logarithm
};

struct decision {
    uint32_t a, b; // records
    bool     same;
};

// Records of one node were the same to the last letter; those that a reviewer said to be different
// from some other have a node of their own.
struct node {
    uint32_t feature, group;
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
    uint32_t                 *kin; // union-find of records said to be the same
    bool                      grouped;

    struct spread *spread;
    struct block  *block;
    struct model   model;
    struct node   *nodes;
    size_t         node_count;
    uint32_t      *node_first; // first node of each feature
    struct edge   *edges; // by first node, then second
    size_t         edge_count;
    uint32_t      *edge_start; // of each node, and one more
    uint64_t       pairs;

    uint32_t             *group_entity; // of each group, number in entities
    uint32_t             *member_start; // groups + 1: where the members of a group begin in member
    uint32_t             *member;       // records by group
    size_t                group_count;
    float                *score; // of each record
    struct link_review   *reviews;
    size_t                review_count;
    struct link_redirect *redirects;
    size_t                redirect_count;

    // Records joined after grouping: their keys are not in block.
    struct late *late;
    size_t       late_count, late_room, distinct;
};

// The log-odds of two features under the learned model.
float link_odds(const struct link *l, uint32_t a, uint32_t b);

// Makes nodes of the records: called once, features being sorted.
void link_make_nodes(struct link *l);
// Fills edges, then the group of each node.
void link_compare(struct link *l, struct link_progress progress);
void link_cluster(struct link *l, struct link_progress progress);
// Names the groups, scores the records, lists reviews and redirects.
void link_name_groups(struct link *l);
void link_score_records(struct link *l);
void link_list_reviews(struct link *l);

// True when a reviewer keeps these two records apart, or two groups.
bool link_are_different(const struct link *l, uint32_t a, uint32_t b);
