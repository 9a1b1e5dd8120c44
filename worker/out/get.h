// Fetching what partners put at an address: one GET, bounded in time and size, never into a private network.
//
// As out/post.h, but up to three redirections are followed, each judged as the first address was. What came compressed is
// undone, and counted as it then is.
#pragma once

#include "base/arena.h"

enum { OUT_GET_MS = 60000 };

struct out_question {
    struct str url;
    struct str etag, modified; // of what we have; absent: none
    size_t     most;           // bytes
    int        ms;             // at most; 0: OUT_GET_MS
};

struct out_file {
    int        status;         // 0: no answer, or more bytes than allowed
    int        ms;
    struct str error;          // then why, in words
    bool       is_too_long;    // it was more than `most`
    struct str url;            // that answered, behind all redirections
    struct str bytes;          // of a 200
    struct str etag, modified; // absent when the answer has none
    struct str next;           // what its header Link says comes next (RFC 8288), as it is written
};

// Where a link leads from an address, when that is on the same host and by the same protocol; absent else.
struct str out_beside(struct arena *a, struct str address, struct str link);

// Asks and waits, at most OUT_GET_MS. What *ret points to lives in the arena.
void out_get(struct arena *a, const struct out_question *question, struct out_file *ret);
