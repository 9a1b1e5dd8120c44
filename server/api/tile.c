#include "api/tile.h"

#include <stddef.h>

#include "api/indicator.h"
#include "queries.h"

enum { TILE_MAX = 8 << 20 };

static const char tile_type[] = "application/vnd.mapbox-vector-tile";

struct tile_question {
    struct str     from, to, network, naf, size, within;
    const int64_t *organisation, *segment;
};

// A number of a path: digits only, and few of them.
static bool number_of(struct req *r, const char *name, int32_t *ret)
{
    struct str text = path_text(r, name);
    int32_t    n    = 0;
    bool       ok   = text.len > 0 && text.len <= 6;
    for (size_t i = 0; ok && i < text.len; i++) {
        ok = text.at[i] >= '0' && text.at[i] <= '9';
        n  = n * 10 + (text.at[i] - '0');
    }
    *ret = n;
    return ok;
}

static int nibble(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

// The bytes of one row with one column in hexadecimal.
static enum err reply_tile(struct req *r, struct result res)
{
    struct str hex = res.err || !result_count(&res) ? (struct str){ 0 } : result_text(&res, 0, 0);
    enum err   e   = res.err;
    if (!e && str_is_absent(hex)) {
        e = ERR_NOT_FOUND;
    }
    if (!e) {
        struct buf body = buf_init(TILE_MAX);
        buf_reserve(&body, hex.len / 2 + 1);
        for (size_t i = 0; i + 1 < hex.len;) { // two megabytes of outlines: not byte by byte
            char   piece[4096];
            size_t n = 0;
            for (; n < sizeof piece && i + 1 < hex.len; i += 2) {
                piece[n++] = (char)(nibble(hex.at[i]) << 4 | nibble(hex.at[i + 1]));
            }
            buf_add(&body, (struct str){ piece, n });
        }
        reply_tag(r, buf_str(&body));
        e = buf_is_full(&body) ? ERR_TOO_LARGE : reply_buf(r, 200, tile_type, &body);
        buf_done(&body);
    }
    result_done(&res);
    return e;
}

enum err tile_frame(struct req *r)
{
    struct str within = query_text(r, "within");
    if (!within_check(r, within)) {
        return ERR_INVALID;
    }
    return reply_one(r, 200, tile_frame_of(r->db, within.at ? within : STR("")));
}

enum err tile_zones(struct req *r)
{
    int32_t z, x, y;
    if (!number_of(r, "z", &z) || !number_of(r, "x", &x) || !number_of(r, "y", &y)) {
        return ERR_NOT_FOUND;
    }
    return reply_tile(r, tile_of_zones(r->db, path_text(r, "level"), z, x, y));
}

enum err tile_employers(struct req *r)
{
    static const char *const  networks[] = { "ft", "ml", "ce", "plie", NULL };
    static const struct field fields[]   = {
        { .name   = "from",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct tile_question, from),
          .max    = 7 },
        { .name   = "to",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct tile_question, to),
          .max    = 7 },
        { .name    = "network",
          .type    = FIELD_CHOICE,
          .offset  = offsetof(struct tile_question, network),
          .choices = networks },
        { .name     = "organisation",
          .type     = FIELD_ID,
          .offset   = offsetof(struct tile_question, organisation),
          .nullable = true },
        { .name   = "naf",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct tile_question, naf),
          .max    = 100 },
        { .name   = "size",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct tile_question, size),
          .max    = 100 },
        { .name   = "within",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct tile_question, within),
          .max    = WITHIN_MAX },
        { .name     = "segment",
          .type     = FIELD_ID,
          .offset   = offsetof(struct tile_question, segment),
          .nullable = true },
        { 0 },
    };
    struct tile_question q = { 0 };
    int32_t              z, x, y;
    if (!number_of(r, "z", &z) || !number_of(r, "x", &x) || !number_of(r, "y", &y)) {
        return ERR_NOT_FOUND;
    }
    enum err e = query_read(r, fields, &q);
    if (e) {
        return e;
    }
    // Each is looked at, so that all that is wrong is told at once.
    bool has_from = month_check(r, "from", q.from);
    bool has_to   = month_check(r, "to", q.to);
    bool has_area = within_check(r, q.within);
    if (!has_from || !has_to || !has_area) {
        return ERR_INVALID;
    }
    return reply_tile(r, tile_of_employers(r->db, z, x, y, q.from, q.to, q.network, q.organisation,
                                           q.segment, q.naf, q.size,
                                           q.within.at ? q.within : STR("")));
}
