#include "api/scenario.h"

#include <stddef.h>

#include "api/book.h"
#include "queries.h"

static const struct field hour_fields[] = {
    { .name = "organisation", .type = FIELD_ID, .required = true },
    { .name = "percent", .type = FIELD_INT, .required = true, .min = 0, .max = 300 },
    { 0 },
};
static const struct field share_fields[] = {
    { .name = "organisation", .type = FIELD_ID, .required = true },
    { .name = "least", .type = FIELD_INT, .min = 0, .max = 100 },
    { .name = "most", .type = FIELD_INT, .min = 0, .max = 100 },
    { 0 },
};
// One member per component of worth (data.plan_weight).
#define POINTS(of)                                                               \
    {                                                                            \
        .name = of, .type = FIELD_INT, .nullable = true, .min = -100, .max = 100 \
    }
static const struct field weight_fields[] = {
    POINTS("potential"),
    POINTS("needs"),
    POINTS("silence"),
    POINTS("fruitful"),
    POINTS("known"),
    POINTS("public"),
    POINTS("km"),
    POINTS("stability"),
    POINTS("tension"),
    POINTS("lead"),
    { 0 },
};
static const struct field rule_fields[] = {
    { .name = "never_visited", .type = FIELD_INT, .nullable = true, .min = 0, .max = 100 },
    { .name = "small", .type = FIELD_INT, .nullable = true, .min = 0, .max = 100 },
    { .name = "each_commune", .type = FIELD_INT, .nullable = true, .min = 0, .max = 50 },
    { .name = "km_most", .type = FIELD_INT, .nullable = true, .min = 1, .max = 500 },
    { 0 },
};
static const struct field settings_fields[] = {
    { .name = "hours", .type = FIELD_LIST, .fields = hour_fields, .max = 40 },
    { .name = "shares", .type = FIELD_LIST, .fields = share_fields, .max = 40 },
    { .name = "weights", .type = FIELD_OBJECT, .fields = weight_fields },
    { .name = "rules", .type = FIELD_OBJECT, .fields = rule_fields },
    { 0 },
};

enum err scenario_post(struct req *r)
{
    struct form {
        struct str name, settings;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name     = "name",
          .type     = FIELD_TEXT,
          .offset   = offsetof(struct form, name),
          .min      = 2,
          .max      = 80,
          .required = true },
        { .name   = "settings",
          .type   = FIELD_OBJECT,
          .offset = offsetof(struct form, settings),
          .fields = settings_fields },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = scenario_new(r->db, path_id(r), f.name, f.settings);
    return made.err ? made.err
                    : reply_one(r, 201, scenario_document(r->db, result_int(&made, 0, 0)));
}

enum err scenario_get(struct req *r)
{
    return reply_one(r, 200, scenario_document(r->db, path_id(r)));
}

enum err scenario_cancel_post(struct req *r)
{
    CLEANUP(result_done) struct result done = scenario_cancelled(r->db, path_id(r));
    return done.err ? done.err : scenario_get(r);
}

enum err scenario_archive_post(struct req *r)
{
    CLEANUP(result_done) struct result done = scenario_archived(r->db, path_id(r));
    return done.err ? done.err : scenario_get(r);
}

// "worth:id", as the list gave it.
static bool is_position(struct str s)
{
    size_t  at = 0;
    int64_t worth, id;
    while (at < s.len && s.at[at] != ':') {
        at++;
    }
    return at < s.len && str_int(str_sub(s, 0, at), &worth) &&
           str_int(str_sub(s, at + 1, s.len), &id) && worth >= INT32_MIN && worth <= INT32_MAX;
}

enum err scenario_lines_get(struct req *r)
{
    enum { MOST = 500 };
    static const char *const places[] = { "visited", "left", NULL };
    struct filter {
        const int64_t *organisation, *member;
        const bool    *first;
        struct str     place, commune, q;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name     = "organisation",
          .type     = FIELD_ID,
          .offset   = offsetof(struct filter, organisation),
          .nullable = true },
        { .name     = "member",
          .type     = FIELD_ID,
          .offset   = offsetof(struct filter, member),
          .nullable = true },
        { .name    = "place",
          .type    = FIELD_CHOICE,
          .offset  = offsetof(struct filter, place),
          .choices = places },
        { .name     = "first",
          .type     = FIELD_BOOL,
          .offset   = offsetof(struct filter, first),
          .nullable = true },
        { .name   = "commune",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct filter, commune),
          .max    = 5 },
        { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct filter, q), .max = 80 },
        { 0 },
    };
    struct str after;
    enum err   e = query_read(r, fields, &f);
    if (e || (e = query_cursor(r, &after))) {
        return e;
    }
    if (after.at && !is_position(after)) {
        return ERR_CURSOR_INVALID;
    }
    return reply_page(r,
                      scenario_lines(r->db, path_id(r), f.organisation, f.member, f.place, f.first,
                                     f.commune, f.q, after, MOST + 1),
                      MOST);
}

enum err scenario_lines_csv(struct req *r)
{
    return reply_csv(r, "plan.csv", scenario_table(r->db, path_id(r)));
}

enum err scenario_lines_xlsx(struct req *r)
{
    CLEANUP(result_done) struct result lines = scenario_table(r->db, path_id(r));
    if (lines.err) {
        return lines.err;
    }
    size_t       columns = (size_t)result_columns(&lines);
    struct str  *cells   = ARENA_ARRAY(r->arena, struct str, columns);
    struct buf   body    = buf_init(BOOK_MOST);
    struct book *book    = book_new(STR("Lignes"), columns);
    for (int row = -1; row < result_count(&lines); row++) {
        for (size_t column = 0; column < columns; column++) {
            cells[column] = row < 0 ? str_of(PQfname(lines.rows, (int)column)) : result_text(&lines, row, (int)column);
        }
        book_row(book, (size_t)(row + 2), cells, columns, row < 0 ? BOOK_HEAD : BOOK_PLAIN);
    }
    if (!book_end(book, &body)) {
        buf_done(&body);
        return ERR_TOO_LARGE;
    }
    reply_header(r, "Content-Disposition", STR("attachment; filename=\"plan.xlsx\""));
    return reply_buf(r, 200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &body);
}

enum err scenario_points_get(struct req *r)
{
    return reply_one(r, 200, scenario_points(r->db, path_id(r)));
}

enum err scenario_against_get(struct req *r)
{
    struct filter {
        int64_t with;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name     = "with",
          .type     = FIELD_ID,
          .offset   = offsetof(struct filter, with),
          .required = true },
        { 0 },
    };
    enum err e = query_read(r, fields, &f);
    return e ? e : reply_one(r, 200, scenario_difference(r->db, path_id(r), f.with));
}
