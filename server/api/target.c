#include "api/target.h"

#include <stddef.h>

#include "api/indicator.h"
#include "queries.h"

struct target_form {
    struct str     indicator, within, from, to;
    const int64_t *organisation;
    double         goal;
};

enum err target_list(struct req *r)
{
    struct target_form        f        = { 0 };
    static const struct field fields[] = {
        { .name   = "from",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct target_form, from),
          .max    = 7 },
        { .name = "to", .type = FIELD_TEXT, .offset = offsetof(struct target_form, to), .max = 7 },
        { 0 },
    };
    enum err e = query_read(r, fields, &f);
    if (e) {
        return e;
    }
    bool has_from = month_check(r, "from", f.from);
    bool has_to   = month_check(r, "to", f.to);
    return has_from && has_to ? reply_one(r, 200, targets_document(r->db, f.from, f.to))
                              : ERR_INVALID;
}

enum err target_post(struct req *r)
{
    enum { GOAL_MOST = 10000000 };
    struct target_form        f        = { 0 };
    static const struct field fields[] = {
        { .name     = "organisation",
          .type     = FIELD_ID,
          .offset   = offsetof(struct target_form, organisation),
          .nullable = true },
        { .name     = "indicator",
          .type     = FIELD_TEXT,
          .offset   = offsetof(struct target_form, indicator),
          .max      = 30,
          .required = true },
        { .name   = "within",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct target_form, within),
          .max    = 60 },
        { .name     = "from",
          .type     = FIELD_TEXT,
          .offset   = offsetof(struct target_form, from),
          .max      = 7,
          .required = true },
        { .name     = "to",
          .type     = FIELD_TEXT,
          .offset   = offsetof(struct target_form, to),
          .max      = 7,
          .required = true },
        { .name     = "goal",
          .type     = FIELD_NUMBER,
          .offset   = offsetof(struct target_form, goal),
          .max      = GOAL_MOST,
          .required = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    bool has_from = month_check(r, "from", f.from);
    bool has_to   = month_check(r, "to", f.to);
    bool has_area = within_check(r, f.within);
    if (!has_from || !has_to || !has_area) {
        return ERR_INVALID;
    }
    struct str within = f.within.len ? f.within : STR("");
    CLEANUP(result_done)
    struct result made =
        target_new(r->db, f.organisation, f.indicator, within, f.from, f.to, f.goal);
    return made.err ? made.err : reply_one(r, 201, targets_document(r->db, f.from, f.to));
}

enum err target_delete(struct req *r)
{
    return reply_none(r, target_dropped(r->db, path_id(r)));
}
