// Official contours of communes, from a GeoJSON FeatureCollection.
#pragma once

#include "base/buf.h"
#include "import/partner.h"

struct contours_report {
    uint64_t read, changed, unchanged, unknown; // unknown: codes that no commune bears or bore
    // Of the communes of today in these départements: made of several contours, drawn for want of one, on no map.
    uint64_t dissolved, drawn, missing;
};

// Imports the file at path: each Polygon or MultiPolygon with properties code and nom becomes the
// cell of its commune, or a part of that of the commune it has become part of; communes of these
// départements that no contour tells are drawn (schema/api/80_ground.sql). Everything or nothing.
enum import_result contours_import(struct db *db, const char *path, struct contours_report *ret,
                                   struct import_problem *p) MUST_USE;

// The pure part: checks the whole text and writes one COPY line per feature (ordinal, code, name,
// geometry). False with p filled when anything is wrong.
bool contours_read(struct str json, struct buf *lines, uint64_t *ret_count,
                   struct import_problem *p);
