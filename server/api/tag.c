#include "api/tag.h"

#include <stddef.h>

#include "queries.h"

struct tag_form {
    struct str label, tags, columns;
    bool       shared;
};

enum err code_list(struct req *r)
{
    return reply_one(r, 200, codes_list(r->db));
}

enum err code_put(struct req *r)
{
    static const struct field fields[] = {
        { .name     = "columns",
          .type     = FIELD_TEXTS,
          .offset   = offsetof(struct tag_form, columns),
          .required = true,
          .max      = 20 },
        { 0 },
    };
    struct tag_form f = { 0 };
    enum err        e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = codes_choose(r->db, f.columns);
    return done.err ? done.err : code_list(r);
}

enum err establishment_tags_put(struct req *r)
{
    static const struct field fields[] = {
        { .name     = "tags",
          .type     = FIELD_IDS,
          .offset   = offsetof(struct tag_form, tags),
          .required = true,
          .max      = 50 },
        { 0 },
    };
    struct tag_form f = { 0 };
    enum err        e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = tags_set(r->db, path_id(r), f.tags);
    return done.err ? done.err : reply_one(r, 200, tags_of(r->db, path_id(r)));
}

enum err tag_list(struct req *r)
{
    return reply_many(r, tags_list(r->db));
}

enum err tag_post(struct req *r)
{
    static const struct field fields[] = {
        { .name     = "label",
          .type     = FIELD_TEXT,
          .offset   = offsetof(struct tag_form, label),
          .min      = 2,
          .max      = 40,
          .required = true },
        { .name = "shared", .type = FIELD_BOOL, .offset = offsetof(struct tag_form, shared) },
        { 0 },
    };
    struct tag_form f = { 0 };
    enum err        e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = tag_new(r->db, f.label, f.shared);
    return made.err ? made.err : reply_one(r, 201, tag_document(r->db, result_int(&made, 0, 0)));
}
