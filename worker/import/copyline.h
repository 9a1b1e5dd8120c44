// Lines of COPY ... FROM STDIN in text format, written field by field into a buf.
#pragma once

#include "base/buf.h"

// Each adds one field; the first of a line has no tab before it.
void copy_text(struct buf *b, struct str text); // absent or empty: null
void copy_int(struct buf *b, int64_t value);
void copy_null(struct buf *b);
// A boolean that may be unknown: -1 is null.
void copy_bool(struct buf *b, int value);
// A PostGIS point in degrees (EWKB).
void copy_point(struct buf *b, double lon, double lat);
// Text already escaped piece by piece: begins and ends a field around copy_piece calls.
void copy_begin(struct buf *b);
void copy_piece(struct buf *b, struct str text);
// Ends the line.
void copy_end(struct buf *b);
