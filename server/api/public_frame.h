// The frame of the pages that the server writes itself, for anybody: the board, the links of
// letters.
#pragma once

#include "http/req.h"

struct public_head {
    struct str title, description, canonical, posting; // posting: JSON of ours, without `<`
    bool       is_hidden;                              // not for search engines
};

// What the frame needs of the database comes with the handler's next query: called before that, it saves a round trip.
void public_along(struct req *r);

// What stands before the content, and behind it. After an error of the first the buffer is still
// the caller's; the second takes it over. A 200 may be kept by shared caches for `seconds`.
enum err public_begin(struct req *r, struct buf *b, const struct public_head *head) MUST_USE;
enum err public_end(struct req *r, int status, int seconds, struct buf *b) MUST_USE;

// A page of a heading and markup of ours, not for search engines.
enum err public_words(struct req *r, int status, struct str title, const char *heading, const char *markup) MUST_USE;

// Parts that several pages have: the mark of a network; a line of a list of facts, nothing where the value is empty; a telephone.
void public_network(struct buf *b, struct str network);
void public_fact(struct buf *b, struct str label, struct str value, const char *unit);
void public_phone(struct buf *b, struct str phone);
