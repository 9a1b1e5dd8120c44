// Official contours of communes, from GeoJSON.
#pragma once

#include "base/buf.h"
#include "import/partner.h"

// How the positions of a file are to be read, and what was left out of it.
struct contours_frame {
    int      srid;           // EPSG code: 4326, or that of a projection
    bool     is_swapped;     // latitude first
    uint64_t bare;           // features without a polygon
    uint64_t nameless;       // features without a code, while others have one
    uint64_t open;           // rings that were not closed
    uint64_t first_nameless; // of them: its place in the file, from 1
    uint64_t far;            // features that lie nowhere near the département of their code
    char     some_far[64];   // the codes of the first of them
};

struct contours_report {
    struct contours_frame frame;
    uint64_t              read;           // features
    uint64_t changed, unchanged, unknown; // codes; unknown: that no commune bears or bore
    uint64_t flat, mended;     // codes without a surface; contours that crossed themselves
    char     some_unknown[64]; // the first of them
    uint64_t astray;           // contours beside what is known of where their commune lies
    char     some_astray[64];
    uint64_t misnamed;           // contours to which the file gives the name of another commune
    char     some_misnamed[320]; // "29003 (Argol)", the first of them
    uint64_t covered;           // communes under the contour of another one
    char     some_covered[160]; // "03013 sous 03012", the first of them
    // Of the communes of today in these départements: made of several contours, drawn for want of
    // one, on no map.
    uint64_t dissolved, drawn, missing;
};

// Imports the file at path, packed or not: a FeatureCollection, or Features one after the other, in
// longitude and latitude (in whichever order), in Lambert-93 or another system of France, named or
// not: what puts the communes where their départements are. What lies far from its own is left out.
// Each Polygon or MultiPolygon becomes the cell of the commune whose code a property tells, or a
// part of that of the commune it has become part of; communes of these départements that no contour
// tells are drawn (schema/api/80_ground.sql). Everything or nothing.
enum import_result contours_import(struct db *db, const char *path, struct contours_report *ret,
                                   struct import_problem *p) MUST_USE;

// The pure part: checks the whole text and writes one COPY line per feature that has a geometry
// (ordinal, code, name, geometry). False with p filled when anything is wrong.
bool contours_read(struct str json, struct buf *lines, struct contours_frame *ret_frame,
                   uint64_t *ret_count, struct import_problem *p);
