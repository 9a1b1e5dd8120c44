// Keys of the API: what a program sends in place of a session.
//
//     mlg_  8 characters that may be shown  35 secret ones  6 that check the others
//
// 43 random base64url characters and a seal of them under the program's secret (base/secret.h), so that what was never given
// out is refused without asking PostgreSQL, and a key found in a file is recognised by its form. PostgreSQL keeps a keyed
// hash. Pure given the arena and the secret; thread-safe.
#pragma once

#include "base/arena.h"

enum { KEY_TEXT = 53, KEY_PREFIX = 8 };

// True when this looks like a key, whether it is one or not.
bool key_is(struct str bearer);

// A new key: its text, which is shown once.
struct str key_make(struct arena *a);

// What stands in the database for a key; absent when it was not made here.
struct str key_hash(struct arena *a, struct str key);

// The part that may be shown of a key that key_make gave.
struct str key_prefix(struct str key);
