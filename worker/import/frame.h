// The systems in which contours of France are published, and which of them a file is in. Pure.
#pragma once

#include "base/base.h"

#include <stdbool.h>
#include <stddef.h>

enum { FRAME_WGS84 = 4326, FRAME_LAMBERT93 = 2154 };

// A position of a commune, as the file gives it.
struct frame_place {
    double x, y;
    char   department[4]; // by the code of the commune
};

// The département of a commune's code, as frame_place holds it.
void frame_department(const char *code, char ret[4]);

// The EPSG code that PostGIS shall take a named system for; 0 when it is not one of ours.
int frame_of_name(int named);

// In what these positions are: `said`, unless another system, or latitude before longitude, puts
// more of the communes where their départements are. 0 when nothing was said (`said` is 0) and
// no system does, unless they may be degrees.
int frame_find(int said, const struct frame_place *places, size_t count, bool *ret_is_swapped);

// Whether a position lies so far from the middle of its département (400 km) that it can be none of
// its communes. False of a département that is not known here.
bool frame_is_far(int srid, bool is_swapped, const struct frame_place *place);

// Whether a position can be one in this system at all.
bool frame_holds(int srid, bool is_swapped, double x, double y);
