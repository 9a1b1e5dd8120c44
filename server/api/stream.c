#include "api/stream.h"

#include "http/hub.h"
#include "queries.h" // generated from stream.sql

enum err stream_get(struct req *r)
{
    CLEANUP(result_done) struct result who = stream_audience(r->db);
    if (who.err) {
        return who.err;
    }
    struct audience audience = {
        .member     = result_int(&who, 0, 0),
        .territory  = result_int(&who, 0, 1),
        .is_partner = result_bool(&who, 0, 2),
    };
    memcpy(audience.session, r->token_hash.at, sizeof audience.session);
    return reply_stream(r, &audience);
}
