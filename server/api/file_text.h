// A file given back to its partner: text in the encoding it came in, and a name for the download.
//
// Pure functions, any thread.
#pragma once

#include "base/arena.h"
#include "base/buf.h"

// Adds UTF-8 text as Windows-1252; what that does not have becomes a question mark, but the narrow
// no-break space, which becomes a wide one.
void text_as_1252(struct buf *into, struct str text);

// The value of Content-Disposition for "name - erreurs.csv", whatever letters the name has
// (RFC 6266, RFC 8187). suffix: what stands behind the name without its extension; kind: the new
// one ("csv").
struct str text_download(struct arena *a, struct str name, const char *suffix, const char *kind);
