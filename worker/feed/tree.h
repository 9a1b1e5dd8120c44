// A feed of offers as a tree, whatever it is written in: XML, JSON or CSV.
//
// Each node has a name, its text, the line where it begins (of JSON: 0) and children in the order of the file. Attributes of XML are
// children named "@name"; members of a JSON array carry the name of the array ("ligne" when it is the whole file); lines of CSV
// are nodes "ligne" with a child for each column. Names lose their XML prefix. Text is UTF-8, trimmed; a node may have both text
// and children.
//
// Read from memory, in bounded memory: no DTD and no entity beyond the five of XML, FEED_DEPTH levels, FEED_NODES nodes. Pure,
// any thread; everything lives in the arena.
#pragma once

#include "base/arena.h"

enum {
    FEED_BYTES = 64 * 1024 * 1024,
    FEED_DEPTH = 64,
    FEED_NODES = 2000000,
    FEED_NAME  = 128, // bytes of a name; longer ones are cut
};

enum feed_format { FEED_UNKNOWN, FEED_XML, FEED_JSON, FEED_CSV };

struct feed_node {
    struct str        name, text;
    uint32_t          line;
    struct feed_node *first, *last, *next;
};

// Why a file cannot be read.
struct feed_fault {
    uint32_t   line;     // 0: the whole file
    struct str sentence; // French, without full stop
};

// What the bytes look like: < begins XML, { or [ JSON, anything else is CSV.
enum feed_format feed_format_of(struct str bytes);
// By its name in a layout: xml, json, csv; FEED_UNKNOWN for any other.
enum feed_format feed_format_named(struct str name);
struct str       feed_format_name(enum feed_format format);

// Reads the file. NULL with *ret_fault filled when it cannot be read.
struct feed_node *feed_read(struct arena *a, enum feed_format format, struct str bytes, struct feed_fault *ret_fault);

// The nodes that a path leads to, below a node: "job", "address/city", "contractType/label", "*" for any name. Up to `most`, in
// the order of the file; returns how many there are.
size_t feed_find(const struct feed_node *node, struct str path, const struct feed_node **ret_nodes, size_t most);
