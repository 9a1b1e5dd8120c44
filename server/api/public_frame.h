// The frame of the pages that the server writes itself, for anybody: the board, the links of
// letters.
#pragma once

#include "http/req.h"

struct public_head {
    struct str title, description, canonical, posting; // posting: JSON of ours, without `<`
    bool       is_hidden;                              // not for search engines
};

// What stands before the content, and behind it. After an error of the first the buffer is still
// the caller's; the second takes it over. A 200 may be kept by shared caches for `seconds`.
enum err public_begin(struct req *r, struct buf *b, const struct public_head *head) MUST_USE;
enum err public_end(struct req *r, int status, int seconds, struct buf *b) MUST_USE;
