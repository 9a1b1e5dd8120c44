// The ground of the map follows what becomes known of it.
#pragma once

#include "jobs.h"

// Draws a commune that was on no map, or on it by guess, once an employer says where it lies. One département a run.
enum err ground_follow_run(struct job *job);
