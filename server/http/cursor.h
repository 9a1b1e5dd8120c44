// Cursors: the position in a list, sealed so that only what we gave comes back. Pure given the key.
//
// The opaque text is base64url of 8 bytes of keyed hash followed by the position.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

// Appends the opaque text of a position.
void cursor_write(struct buf *out, struct str position);

// The position inside; ERR_CURSOR_INVALID when the seal does not hold.
enum err cursor_read(struct str text, struct arena *a, struct str *ret_position) MUST_USE;
