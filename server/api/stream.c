#include "api/stream.h"

#include <stddef.h>

#include "http/hub.h"
#include "queries.h" // generated from stream.sql

struct stream_query {
    int64_t missed;
};

enum err stream_get(struct req *r)
{
    static const struct field fields[] = {
        { .name   = "missed",
          .type   = FIELD_INT,
          .offset = offsetof(struct stream_query, missed),
          .min    = 0,
          .max    = 3600000 },
        { 0 },
    };
    struct stream_query query = { 0 };
    enum err            e     = query_read(r, fields, &query);
    if (e) {
        return e;
    }
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
    return reply_stream(r, &audience, query.missed);
}
