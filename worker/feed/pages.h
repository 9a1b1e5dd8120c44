// A feed that comes in several pages, kept as one file: feed_read reads it as one.
//
// Pure, any thread.
#pragma once

#include "feed/layout.h"

enum { FEED_PAGES = 100 };

// The pages one behind the other, each with its length before it; one alone is itself.
struct str feed_pages_join(struct arena *a, const struct str *pages, size_t count);

bool feed_is_pages(struct str bytes);

// Takes the next page; false when there is none, or it is cut. Before the first one *rest is the whole file.
bool feed_page_cut(struct str *rest, struct str *ret_page);

// Where the page that follows this one is, as the page says it (`suite`); absent when it says none, or cannot be read. Adds to *nodes how
// many nodes the page has; nothing but the link stays in the arena.
struct str feed_page_next(struct arena *a, const struct feed_layout *layout, struct str page, size_t *nodes);
