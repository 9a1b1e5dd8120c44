// What calls to other servers share: how they are made, bounded, refused and told.
#pragma once

#include <curl/curl.h>

#include "base/arena.h"

// Who is called, and whether that was refused.
struct out_guard {
    bool is_listed;  // the administrator lets us call this host wherever it is
    bool is_refused; // it leads to a private address
};

// The settings of every call: `protocols` are the only ones, redirections are not followed, proxies of the environment are not
// used; `why` has CURL_ERROR_SIZE bytes. With a `guard`, that lives as long as the call, private addresses are refused unless
// listed; without one the administrator chose the address.
void out_set_up(CURL *c, const char *url, const char *protocols, long timeout_ms, struct out_guard *guard, char *why);

// Why no answer came, in words. guard may be NULL.
struct str out_failure(struct arena *a, const struct out_guard *guard, CURLcode code, const char *why, int seconds);
