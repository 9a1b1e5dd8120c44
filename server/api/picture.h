// Photographs and business cards beside the report of a visit.
#pragma once

#include "http/req.h"

// GET /api/visits/{id}/pictures: those that I may see, oldest first.
enum err picture_list(struct req *r);
// POST /api/visits/{id}/pictures: one picture, base64url in JSON so that a telephone's queue
// carries it like the rest. It is decoded and encoded anew by a child; what is kept is sealed.
enum err picture_post(struct req *r);
// GET /api/pictures/{id}: the JPEG.
enum err picture_get(struct req *r);
// DELETE /api/pictures/{id}: its bytes are gone; that it was there stays.
enum err picture_delete(struct req *r);
