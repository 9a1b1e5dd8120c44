// The calendar feed of an adviser (RFC 5545): a secret address that other calendars read.
//
// The token stands in the address, since that is all a calendar lets one type; it is 256 random
// bits, kept as a hash, never logged (route.secret), and revoked by its owner.
#pragma once

#include "http/req.h"

// GET, POST, DELETE /api/calendar: whether there is an address; a new one; none any longer.
enum err calendar_get(struct req *r);
enum err calendar_post(struct req *r);
enum err calendar_delete(struct req *r);
// GET /calendrier/{feed}: TOKEN.ics
enum err calendar_feed(struct req *r);
