#include "api/pack.h"

#include <stddef.h>

#include "api/indicator.h"
#include "api/page.h"
#include "queries.h"

struct pack_form {
    struct str     title, kind, within, from, to, held_on, text;
    struct str     comments;
    const int64_t *again, *read;
    int64_t        version;
};

static const char *const kinds[] = { "local", "departement", "region", NULL };

#define PACK_FIELDS(needed)                                                                   \
    { .name     = "title",                                                                    \
      .type     = FIELD_TEXT,                                                                 \
      .offset   = offsetof(struct pack_form, title),                                          \
      .min      = 3,                                                                          \
      .max      = 120,                                                                        \
      .required = needed },                                                                   \
        { .name     = "kind",                                                                 \
          .type     = FIELD_CHOICE,                                                           \
          .offset   = offsetof(struct pack_form, kind),                                       \
          .choices  = kinds,                                                                  \
          .required = needed },                                                               \
        { .name   = "within",                                                                 \
          .type   = FIELD_TEXT,                                                               \
          .offset = offsetof(struct pack_form, within),                                       \
          .max    = 60 },                                                                        \
        { .name     = "from",                                                                 \
          .type     = FIELD_TEXT,                                                             \
          .offset   = offsetof(struct pack_form, from),                                       \
          .max      = 7,                                                                      \
          .required = needed },                                                               \
        { .name     = "to",                                                                   \
          .type     = FIELD_TEXT,                                                             \
          .offset   = offsetof(struct pack_form, to),                                         \
          .max      = 7,                                                                      \
          .required = needed },                                                               \
    {                                                                                         \
        .name = "held_on", .type = FIELD_DATE, .offset = offsetof(struct pack_form, held_on), \
        .required = needed                                                                    \
    }

#define PACK_VERSION                                                                         \
    {                                                                                        \
        .name = "version", .type = FIELD_INT, .offset = offsetof(struct pack_form, version), \
        .max = INT32_MAX, .required = true                                                   \
    }

// The pack after a change of it.
static enum err shown(struct req *r, struct result done)
{
    enum err e = done.err;
    result_done(&done);
    return e ? e : pack_get(r);
}

static bool form_checked(struct req *r, const struct pack_form *f)
{
    bool has_from = month_check(r, "from", f->from);
    bool has_to   = month_check(r, "to", f->to);
    bool has_area = within_check(r, f->within);
    return has_from && has_to && has_area;
}

enum err pack_list(struct req *r)
{
    enum { MOST = 50 };
    int64_t  before;
    enum err e = page_before(r, &before);
    return e ? e : reply_page(r, packs_list(r->db, before, MOST + 1), MOST);
}

enum err pack_post(struct req *r)
{
    struct pack_form          f        = { .within = STR("") };
    static const struct field fields[] = {
        PACK_FIELDS(true),
        { .name     = "again",
          .type     = FIELD_ID,
          .offset   = offsetof(struct pack_form, again),
          .nullable = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    if (!form_checked(r, &f)) {
        return ERR_INVALID;
    }
    struct str within = f.within.len ? f.within : STR("");
    CLEANUP(result_done)
    struct result made = pack_new(r->db, f.title, f.kind, within, f.from, f.to, f.held_on, f.again);
    return made.err ? made.err : reply_one(r, 201, pack_document(r->db, result_int(&made, 0, 0)));
}

enum err pack_get(struct req *r)
{
    return reply_one(r, 200, pack_document(r->db, path_id(r)));
}

enum err pack_patch(struct req *r)
{
    struct pack_form          f        = { 0 };
    static const struct field fields[] = { PACK_FIELDS(false), PACK_VERSION, { 0 } };
    enum err                  e        = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    if (!form_checked(r, &f)) {
        return ERR_INVALID;
    }
    return shown(r, pack_changed(r->db, path_id(r), f.version, f.title, f.kind, f.within, f.from,
                                 f.to, f.held_on));
}

enum err pack_content_get(struct req *r)
{
    return reply_one(r, 200, pack_bytes(r->db, path_id(r)));
}

enum err pack_comment_put(struct req *r)
{
    static const char *const  parts[]  = { "summary", "coverage", "means", "results",
                                           "trends",  "targets",  "plans", "decisions" };
    struct pack_form          f        = { .text = STR("") };
    static const struct field fields[] = {
        { .name   = "text",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct pack_form, text),
          .max    = 6000 },
        PACK_VERSION,
        { 0 },
    };
    struct str part  = path_text(r, "part");
    bool       known = false;
    for (size_t i = 0; i < LENGTH(parts) && !known; i++) {
        known = str_eq(part, str_of(parts[i]));
    }
    enum err e = known ? body_read(r, fields, &f) : ERR_NOT_FOUND;
    if (e) {
        return e;
    }
    struct str                         text = f.text.len ? f.text : STR("");
    CLEANUP(result_done) struct result done = pack_said(r->db, path_id(r), part, text, f.version);
    return done.err ? done.err : reply_one(r, 200, pack_saying(r->db, path_id(r), part));
}

enum err pack_freeze_post(struct req *r)
{
#define PART(called)                                        \
    {                                                       \
        .name = called, .type = FIELD_INT, .max = INT32_MAX \
    }
    static const struct field parts[] = { PART("summary"), PART("coverage"),  PART("means"),
                                          PART("results"), PART("trends"),    PART("targets"),
                                          PART("plans"),   PART("decisions"), { 0 } };
#undef PART
    static const struct field fields[] = {
        { .name     = "version",
          .type     = FIELD_INT,
          .offset   = offsetof(struct pack_form, read),
          .max      = INT32_MAX,
          .nullable = true },
        { .name   = "comments",
          .type   = FIELD_OBJECT,
          .offset = offsetof(struct pack_form, comments),
          .fields = parts },
        { 0 },
    };
    struct pack_form f = { 0 };
    enum err         e = body_read(r, fields, &f);
    return e ? e : shown(r, pack_frozen(r->db, path_id(r), f.read, f.comments));
}

enum err pack_drop_post(struct req *r)
{
    return reply_none(r, pack_dropped(r->db, path_id(r)));
}
