// What calls to other people's servers share: how they are made, bounded, refused and told.
#pragma once

#include <curl/curl.h>

#include "base/arena.h"

// Who is called, and whether that was refused.
struct out_guard {
    bool is_listed;  // the administrator lets us call this host wherever it is
    bool is_refused; // it leads to a private address
};

// The settings of every call; `why` has CURL_ERROR_SIZE bytes, `guard` lives as long as the call.
void out_set_up(CURL *c, const char *url, long timeout_ms, struct out_guard *guard, char *why);

// Why no answer came, in words.
struct str out_failure(struct arena *a, const struct out_guard *guard, CURLcode code, const char *why, int seconds);
