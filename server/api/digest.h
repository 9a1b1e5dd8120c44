// The summary by mail: how often one wants it, and the link that ends it.
//
// The link stands in letters, for whoever holds one: member.organisation.seal. It does nothing but
// end these letters, asks for no session, and a GET changes nothing, since mail servers look at
// links.
#pragma once

#include "http/req.h"

// GET, PUT /api/digest: {frequency: daily, weekly or none}.
enum err digest_get(struct req *r);
enum err digest_put(struct req *r);
// GET /courriel/{link}: asks whether; POST: done, from a page or in one click (RFC 8058).
enum err digest_stop_page(struct req *r);
enum err digest_stop(struct req *r);
