// A feed of offers as a tree, whatever it is written in: XML, JSON or CSV.
//
// Each node has a name, its text, the line where it begins (of JSON that is not one document a line: 0) and children in the order of
// the file. Attributes of XML are children named "@name"; members of a JSON array carry the name of the array ("ligne" when it is the
// whole file), those of an array within an array are 1, 2, 3; lines of CSV are nodes "ligne" with a child for each column. Names lose
// their XML prefix, which stands before them. Text is UTF-8, trimmed; a node may have both text and children; what is marked up as
// HTML within an element is text of that element too. A line that cannot be read alone is an element without anything.
//
// Read from memory, in bounded memory: no DTD, FEED_DEPTH levels, FEED_NODES nodes. Pure, any thread; everything lives in the arena.
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
    uint32_t          line, prefix; // prefix: bytes of it, its colon too, before the name
    struct feed_node *first, *last, *next, *parent;
};

// Why a file cannot be read.
struct feed_fault {
    uint32_t   line;     // 0: the whole file
    struct str sentence; // French, without full stop
};

// What the bytes look like: < begins XML, { or [ JSON, anything else is CSV.
enum feed_format feed_format_of(struct str bytes);
// By its name in a layout: xml, json, csv, or what people call them too (rss, jsonl, tsv...); FEED_UNKNOWN for any other.
enum feed_format feed_format_named(struct str name);
struct str       feed_format_name(enum feed_format format);

// Reads the file. NULL with *ret_fault filled when it cannot be read. `header`: the line of a table that names its columns; 0 when none
// does, and they are "colonne 1", "colonne 2"...; FEED_HEADER_FOUND: the first that looks like it.
enum { FEED_HEADER_FOUND = -1 };
struct feed_node *feed_read(struct arena *a, enum feed_format format, struct str bytes, int header, struct feed_fault *ret_fault);
