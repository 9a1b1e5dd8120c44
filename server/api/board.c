#include "api/board.h"

#include <stddef.h>

#include "queries.h"

struct board_filter {
    struct str q, commune;
};

enum err board_site(struct req *r)
{
    return reply_one(r, 200, board_about(r->db));
}

enum err board_list(struct req *r)
{
    enum { MOST = 50 };
    static const struct field fields[] = {
        { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct board_filter, q), .max = 100 },
        { .name = "commune", .type = FIELD_TEXT, .offset = offsetof(struct board_filter, commune), .min = 5, .max = 5 },
        { 0 },
    };
    struct board_filter f = { 0 };
    struct str          after;
    enum err            e = query_read(r, fields, &f);
    if (e || (e = query_cursor(r, &after))) {
        return e;
    }
    return reply_page(r, board_offers(r->db, f.q, f.commune, after, MOST + 1), MOST);
}

enum err board_get(struct req *r)
{
    return reply_one(r, 200, board_offer(r->db, path_id(r)));
}
