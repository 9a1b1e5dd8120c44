// Tiles of the map that are wide enough to be waited for.
#pragma once

#include "jobs.h"

// After the ground changed, makes its wide tiles before somebody asks.
enum err tile_ahead_run(struct job *job);
