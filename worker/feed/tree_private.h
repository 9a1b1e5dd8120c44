// What the three readers share: a tree that grows within its limits.
#pragma once

#include "base/buf.h"
#include "feed/tree.h"

struct grower {
    struct arena      *arena;
    struct feed_node  *root, *open[FEED_DEPTH + 1]; // open[0] is the root
    struct buf         text[FEED_DEPTH + 1];        // of what is open
    size_t             depth, count, bytes; // bytes: of text
    struct feed_fault *fault;
    int                header; // of a table
    bool               is_wrong;
};

void grower_begin(struct grower *g, struct arena *a, struct feed_fault *fault);
// Frees the buffers; the tree when nothing went wrong, else NULL.
struct feed_node *grower_end(struct grower *g);
// What is wrong first is what is told.
void grower_fail(struct grower *g, uint32_t line, struct str sentence);
// A node below the innermost open one, which it becomes; false when a limit is met.
bool grower_open(struct grower *g, struct str name, uint32_t line);
// Forgets all that has grown.
void grower_reset(struct grower *g);
void grower_text(struct grower *g, struct str text);
void grower_close(struct grower *g);
// A node with text and nothing below.
void grower_leaf(struct grower *g, struct str name, struct str text, uint32_t line);

bool feed_read_xml(struct grower *g, struct str bytes);
bool feed_read_json(struct grower *g, struct str bytes);
bool feed_read_csv(struct grower *g, struct str bytes);
