// Runs maillage-picture, the program beside this one, for one picture: the decoder works in a child
// without rights.
//
// Blocks the calling worker, five seconds at most; a child that takes longer is killed. Any thread.
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct picture {
    struct str jpeg; // in the arena
    int        width, height;
};

// ERR_PICTURE_UNREADABLE or ERR_PICTURE_TOO_LARGE say what is wrong with the bytes; ERR_UNAVAILABLE
// that no child could run.
enum err picture_run(struct arena *a, struct str bytes, struct picture *ret) MUST_USE;
