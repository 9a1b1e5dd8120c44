#include "api/reference.h"

#include "queries.h"

enum err ground_get(struct req *r)
{
    static const char *const levels[] = { "epci", "bassin", "departement", "region" };
    struct str               level    = query_text(r, "level");
    for (size_t i = 0; i < LENGTH(levels); i++) {
        if (str_eq(level, str_of(levels[i]))) {
            return reply_one(r, 200, ground_zones(r->db, level));
        }
    }
    if (level.len && !str_eq(level, STR("commune"))) {
        req_field_error(r, "level", "choice", "Ce découpage n’existe pas.");
        return ERR_INVALID;
    }
    return reply_one(r, 200, ground_document(r->db));
}

enum err naf_list(struct req *r)
{
    return reply_many(r, naf_all(r->db));
}

enum err rome_search(struct req *r)
{
    enum { MOST = 30 };
    struct str q = query_text(r, "q");
    if (q.len > 100) {
        req_field_error(r, "q", "too_long", "Cette recherche est trop longue.");
        return ERR_INVALID;
    }
    return reply_many(r, rome_matches(r->db, q, MOST));
}

enum err organisation_list(struct req *r)
{
    return reply_many(r, organisations_list(r->db));
}

enum err member_list(struct req *r)
{
    return reply_many(r, members_list(r->db, path_id(r)));
}
