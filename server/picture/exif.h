// Which way up a photograph is to be seen: the orientation that a camera writes beside it
// (EXIF 2.32, tag 0x0112 of the first directory of the TIFF header in an APP1 segment).
#pragma once

#include "base/str.h"

// The orientation that the bytes of an APP1 segment tell, 1 to 8; 1 (as it is) when they tell none
// or make no sense. Accepts any bytes. Pure.
//
//   1 as it is   2 mirrored         3 upside down      4 upside down and mirrored
//   5 transposed 6 to be turned to the right           7 transverse  8 to be turned to the left
int exif_orientation(struct str segment) MUST_USE;
