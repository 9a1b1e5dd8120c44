// The token that proves a write comes from our own pages: keyed hash of the session token. Pure.
#pragma once

#include "base/arena.h"

// What the pages must send in X-CSRF-Token, for the session with this token.
struct str csrf_of(struct arena *a, struct str session_token);

bool csrf_is_right(struct arena *a, struct str session_token, struct str given);
