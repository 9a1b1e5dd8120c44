// Lambert-93 (EPSG:2154, RGF93) to longitude and latitude in degrees. Pure, any thread.
#pragma once

#include <stdbool.h>

// Converts metres to degrees; false when the point is not in metropolitan France.
bool lambert93_to_lonlat(double x, double y, double *ret_lon, double *ret_lat);
