// Paths through a feed, from one node to others.
//
//     job/address/city           down, step by step; "*" is any name
//     @id, g:price               an attribute; a name with its prefix, where two differ by that alone
//     ../../company, /source/publisher    up first, or from the top of the file
//     field[@name='Lieu']/value  only where a part says this; != where it does not, ^= where it begins so; a part that is missing says ''
//     coordinates[2]             the second of them
//     cdi/job | cdd/job          one list behind the other
//
// A name may be written with the blanks and apostrophes it has in the file. Pure, any thread.
#pragma once

#include "feed/tree.h"

// The nodes that a path leads to, below a node, in the order of the file. Up to `most`; returns how many there are. ret_nodes may be NULL.
size_t feed_find(const struct feed_node *node, struct str path, const struct feed_node **ret_nodes, size_t most);
// Likewise, but stops when it has found `most`.
size_t feed_find_some(const struct feed_node *node, struct str path, const struct feed_node **ret_nodes, size_t most);

// Like str_cut, but not within brackets or between apostrophes; "++" is a mark of its own, and no "+".
bool path_cut(struct str *rest, const char *mark, struct str *ret_part);
// Whether each bracket and each apostrophe that begins a quote has its end.
bool path_is_closed(struct str text);
// Whether a path leads up before it leads down; and from where it then leads down: *path is what remains of it. NULL above the top.
bool path_is_up(struct str path);
const struct feed_node *path_turn(const struct feed_node *node, struct str *path);
// What stands between apostrophes. False when it is not so quoted.
bool path_quoted(struct str text, struct str *ret);
// Parts asked for in brackets at the end: "skills[label, level]". False when it ends otherwise, by a condition too.
bool path_parts(struct str path, struct str *ret_base, struct str *ret_parts);
// Words between apostrophes as the last step: text/'Lieu :', what stands behind them on their line (*ret_piece is 0), or title/' - '[2],
// the second of the pieces that they part. False when it ends otherwise.
bool path_words(struct str path, struct str *ret_base, struct str *ret_words, size_t *ret_piece);
