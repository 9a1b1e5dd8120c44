// The public board: what anybody may read without an account.
#pragma once

#include "http/req.h"

// GET /api/public/site: name of the installation, whether its data are fictitious.
enum err board_site(struct req *r);
// GET /api/public/offers: open offers, newest first.
enum err board_list(struct req *r);
// GET /api/public/offers/{id}: 404 when it is not, or no longer, open.
enum err board_get(struct req *r);

// The pages, as HTML that needs no script: what search engines and old telephones read.

// GET /offres: found by words, place and contract (?q=, ?lieu=, ?km=, ?contrat=, ?after=).
enum err board_search_page(struct req *r);
// GET /offres/{id}: one offer with its JobPosting; 410 when it was open once, 404 when never.
enum err board_offer_page(struct req *r);
// GET /offres.atom: the newest fifty of the same search.
enum err board_atom(struct req *r);
// GET /sitemap.xml: the parts; GET /sitemap-offres.xml: open offers after a number (?apres=).
enum err board_sitemap(struct req *r);
enum err board_sitemap_part(struct req *r);
// GET /robots.txt
enum err board_robots(struct req *r);
