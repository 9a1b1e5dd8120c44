// A layout for a feed that nobody has described yet: which element is an offer, which of its parts is what.
//
// The element: among those that repeat side by side, the one that carries most text, names that say "job" or "offre" weighing
// more. The fields: by their names in French and English and by what their values look like in the first FEED_LOOKED elements;
// each field takes the best part still free. A proposal, to be looked at by a person. Pure, any thread; deterministic.
#pragma once

#include "feed/offer.h"

enum { FEED_LOOKED = 200, FEED_PATHS = 400 };

// What a part of the offers looks like.
struct feed_path {
    struct str path;
    uint32_t   count;   // elements that have it
    struct str samples[3];
};

struct feed_suggestion {
    struct feed_layout layout;
    uint32_t           elements;
    double             sure[FEED_FIELDS]; // 0: nothing was found, 1: no doubt
    size_t             path_count;
    struct feed_path   paths[FEED_PATHS]; // all there are, in the order of the file
};

// False when nothing in the tree repeats: there is no list of offers in it.
bool feed_suggest(struct arena *a, enum feed_format format, const struct feed_node *root, struct feed_suggestion *ret) MUST_USE;

// What the elements that a path leads to look like, whoever chose it: `elements` and `paths` alone. False when it leads to none.
bool feed_look(struct arena *a, const struct feed_node *root, struct str element, struct feed_suggestion *ret) MUST_USE;

// Elements of the tree that may be offers, the likeliest first, and how many there are of each; returns how many.
enum { FEED_ELEMENTS = 8 };
struct feed_element {
    struct str path;
    uint32_t   count;
};
size_t feed_elements(struct arena *a, const struct feed_node *root, struct feed_element ret[FEED_ELEMENTS]);
