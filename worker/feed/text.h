// What people wrote in HTML, as plain text: paragraphs, lists as "- ", entities decoded, scripts and tags gone.
//
// Text that was escaped twice (&lt;p&gt;) is unescaped once more. White space is folded, at most one blank line in a row. Not a
// browser: an unknown tag is dropped, an unknown entity stays as it is. Pure, any thread.
#pragma once

#include "base/arena.h"

struct str feed_text(struct arena *a, struct str html);

// On one line: line ends become blanks.
struct str feed_line(struct arena *a, struct str text);

// The first `most` code points, cut before a word and ended by … when it is longer.
struct str feed_cut(struct arena *a, struct str text, size_t most);

// Lower case without accents, anything but letters and digits a single blank: what names and codes are compared by.
struct str feed_fold(struct arena *a, struct str text);

// Whether it is one of these names, whatever its case; the list ends with NULL.
bool feed_is_one_of(struct str name, const char *const *names);

// Adds what the entity of HTML that begins at text[at] stands for (&eacute; &#233;); how many bytes it takes, 0 when there is none.
struct buf;
size_t feed_entity(struct buf *out, struct str text, size_t at);

// Text that should be UTF-8: as it is, or put right where a few bytes are wrong, or else taken for Windows-1252.
struct str feed_utf8(struct arena *a, struct str bytes);
