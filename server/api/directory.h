// The living directory: what an organisation says of itself, where it works, and where nobody or several of a network do.
// Rules: schema/api/83_directory.sql. The list itself is in api/reference.h.
#pragma once

#include "http/req.h"

// PUT /api/organisations/{id}: contact, presentation, services, areas; by who answers for it, from the version it read.
enum err organisation_put(struct req *r);
// GET /api/organisations/{id}/communes: those that it covers.
enum err organisation_communes_get(struct req *r);
// GET /api/organisations/gaps: network by network, communes without anybody, communes with several.
enum err organisation_gaps(struct req *r);
// GET /api/services: what organisations may offer.
enum err service_list(struct req *r);
