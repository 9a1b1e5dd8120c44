// Calling other people's servers: one POST, bounded in time and size, never into a private network.
//
// The address that a name leads to is judged when the connection is made (base/url.h), redirections are not followed, proxies
// of the environment are not used, certificates are checked. out_init comes before any thread, out_done after all of them.
#pragma once

#include "base/arena.h"

enum { OUT_TIMEOUT_MS = 10000, OUT_ANSWER = 500, OUT_HEADERS = 8 };

struct out_request {
    struct str url, body; // JSON
    struct str headers[OUT_HEADERS]; // "Name: value", absent ones are left out
};

struct out_answer {
    int        status; // 0: none came
    int        ms;
    int        retry_after; // seconds that the receiver asked for, 0: none
    struct str error;       // why no answer came, in words; absent otherwise
    struct str text;        // how it begins, valid UTF-8
    bool       is_unsure;   // of a letter: given whole, and nothing was heard after
    bool       is_hopeless; // of a letter: it cannot leave, whatever is tried
};

void out_init(void);
void out_done(void);

// Sends and waits, at most OUT_TIMEOUT_MS. What *ret points to lives in the arena.
void out_post(struct arena *a, const struct out_request *request, struct out_answer *ret);
