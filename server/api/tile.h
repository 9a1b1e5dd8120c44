// Vector tiles of the map (Mapbox Vector Tile 2.1), and what the map must know before it asks for
// them.
#pragma once

#include "http/req.h"

// GET /api/tiles/frame?within=epci:200071140: what to frame, how the outlines came to be, their
// number.
enum err tile_frame(struct req *r);
// GET /api/tiles/zones/{level}/{z}/{x}/{y}: outlines and where names go; layers `zones`, `names`.
// Zoom 4 to 14.
enum err tile_zones(struct req *r);
// GET /api/tiles/employers/{z}/{x}/{y}?from=2026-01&segment=&naf=&size=: employers in activity that
// the person may see, gathered; layer `employers`. Zoom 9 to 15.
enum err tile_employers(struct req *r);
