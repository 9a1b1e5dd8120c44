// Photographs made anew: what somebody sends is decoded and encoded again as a plain JPEG.
//
// Nothing of what came survives but the picture, upright as its EXIF says: no EXIF, no position, no
// thumbnail, no profile, no bytes behind the end. What it is is told by its first bytes, whatever
// its name says: JPEG (libjpeg-turbo) or PNG (libpng). The result has three channels and at most
// PICTURE_SIDE points a side; larger ones are made smaller by averaging the points that fall
// together.
//
// Decoders of pictures have had their share of holes: the server never calls this in its own
// process. It runs maillage-picture (picture_main.c), a child without rights, descriptors or much
// memory, which reads one picture and ends. Pure, any thread; memory is bounded by the limits
// below.
#pragma once

#include "base/buf.h"

enum {
    PICTURE_IN_MOST  = 780000,   // bytes received: as base64 within the body of a request
    PICTURE_OUT_MOST = 1500000,  // bytes given
    PICTURE_SIDE     = 1600,     // points, of the longer side of the result
    PICTURE_AREA     = 26000000, // points of what is received: what telephones make
};

enum picture_result { PICTURE_DONE, PICTURE_UNREADABLE, PICTURE_TOO_LARGE };

// Encodes `bytes` anew into ret; *ret_width and *ret_height are those of the result. A cut picture
// is unreadable.
enum picture_result picture_renew(struct str bytes, struct buf *ret, int *ret_width,
                                  int *ret_height) MUST_USE;
