// What changes rarely: the ground of the map, nomenclatures, the directory of actors.
#pragma once

#include "http/req.h"

// GET /api/ground: communes of the acting territory, or its zones of a level (?level=epci), GeoJSON.
enum err ground_get(struct req *r);
// GET /api/naf: NAF rév. 2.
enum err naf_list(struct req *r);
// GET /api/rome: occupations by code or words (?q=).
enum err rome_search(struct req *r);
// GET /api/organisations: directory of the acting territory.
enum err organisation_list(struct req *r);
// GET /api/organisations/{id}/members
enum err member_list(struct req *r);
