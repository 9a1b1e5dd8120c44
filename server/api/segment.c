#include "api/segment.h"

#include <stddef.h>

#include "queries.h"
#include "segment/rule.h"

struct segment_form {
    struct str     name, lead, rule, note;
    const bool    *shared, *archived;
    const int64_t *base;
    bool           has_lead;
};

enum { NAME_MOST = 80, NOTE_MOST = 300, SAMPLE_MOST = 12 };

static const char *const leads[] = { "ft", "ml", "ce", "plie", NULL };

#define SEGMENT_RULE                                                                       \
    {                                                                                      \
        .name = "rule", .type = FIELD_JSON, .offset = offsetof(struct segment_form, rule), \
        .required = true                                                                   \
    }
#define SEGMENT_NOTE                                                                       \
    {                                                                                      \
        .name = "note", .type = FIELD_TEXT, .offset = offsetof(struct segment_form, note), \
        .max = NOTE_MOST                                                                   \
    }
#define SEGMENT_LEAD                                                                         \
    {                                                                                        \
        .name = "lead", .type = FIELD_CHOICE, .offset = offsetof(struct segment_form, lead), \
        .choices = leads, .given = offsetof(struct segment_form, has_lead)                   \
    }
#define SEGMENT_SHARED                                                                         \
    {                                                                                          \
        .name = "shared", .type = FIELD_BOOL, .offset = offsetof(struct segment_form, shared), \
        .nullable = true                                                                       \
    }

// The rule compiled behind `own` parameters; what is wrong with it becomes wrong fields.
static enum err compiled(struct req *r, struct str json, int own, struct rule **ret)
{
    struct field_errors errors = { 0 };
    *ret                       = ARENA_NEW(r->arena, struct rule);
    if (rule_compile(json, own + 1, r->arena, *ret, &errors)) {
        return OK;
    }
    for (const struct field_error *e = errors.first; e; e = e->next) {
        req_field_error(r, arena_text(r->arena, e->field), arena_text(r->arena, e->code),
                        arena_text(r->arena, e->message));
    }
    return ERR_INVALID;
}

static struct result run(struct req *r, const struct query *q, const struct param *own,
                         const struct rule *rule)
{
    struct query *query = ARENA_NEW(r->arena, struct query);
    *query              = rule_query(q, rule, r->arena);
    return db_run(r->db, query, rule_params(own, q->count, rule, r->arena));
}

// The body {"rule": ...}, compiled.
static enum err body_rule(struct req *r, int own, struct rule **ret)
{
    static const struct field fields[] = { SEGMENT_RULE, { 0 } };
    struct segment_form       f        = { 0 };
    enum err                  e        = body_read(r, fields, &f);
    return e ? e : compiled(r, f.rule, own, ret);
}

enum err segment_list(struct req *r)
{
    return reply_many(r, segments_list(r->db, str_eq(query_text(r, "archived"), STR("true"))));
}

enum err segment_fields(struct req *r)
{
    return reply_json(r, 200,
                      arena_printf(r->arena, "{\"items\":%.*s}", STR_ARG(rule_fields(r->arena))));
}

enum err segment_count(struct req *r)
{
    struct rule *rule;
    enum err     e = body_rule(r, query_segment_counted.count, &rule);
    return e ? e : reply_one(r, 200, run(r, &query_segment_counted, NULL, rule));
}

enum err segment_places(struct req *r)
{
    struct rule *rule;
    enum err     e = body_rule(r, query_segment_placed.count, &rule);
    return e ? e : reply_one(r, 200, run(r, &query_segment_placed, NULL, rule));
}

enum err segment_effects(struct req *r)
{
    struct rule *rule;
    enum err     e = body_rule(r, query_segment_without.count, &rule);
    if (e) {
        return e;
    }
    return reply_one(r, 200, run(r, &query_segment_without, NULL, rule));
}

enum err segment_sample(struct req *r)
{
    struct rule *rule;
    struct param most = param_int8(SAMPLE_MOST);
    enum err     e    = body_rule(r, query_segment_sampled.count, &rule);
    return e ? e : reply_many(r, run(r, &query_segment_sampled, &most, rule));
}

enum err segment_get(struct req *r)
{
    return reply_one(r, 200, segment_document(r->db, path_id(r)));
}

enum err segment_post(struct req *r)
{
    static const struct field fields[] = {
        { .name     = "name",
          .type     = FIELD_TEXT,
          .offset   = offsetof(struct segment_form, name),
          .min      = 3,
          .max      = NAME_MOST,
          .required = true },
        SEGMENT_LEAD,
        SEGMENT_SHARED,
        SEGMENT_RULE,
        SEGMENT_NOTE,
        { 0 },
    };
    struct segment_form f = { 0 };
    struct rule        *rule;
    enum err            e = body_read(r, fields, &f);
    if (e || (e = compiled(r, f.rule, 0, &rule))) {
        return e;
    }
    CLEANUP(result_done)
    struct result made =
        segment_new(r->db, f.name, f.lead, f.shared ? *f.shared : true, f.rule, f.note);
    if (made.err) {
        return made.err;
    }
    return reply_one(r, 201, segment_document(r->db, result_int(&made, 0, 0)));
}

enum err segment_patch(struct req *r)
{
    static const struct field fields[] = {
        { .name   = "name",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct segment_form, name),
          .min    = 3,
          .max    = NAME_MOST },
        SEGMENT_LEAD,
        SEGMENT_SHARED,
        { .name     = "archived",
          .type     = FIELD_BOOL,
          .offset   = offsetof(struct segment_form, archived),
          .nullable = true },
        { 0 },
    };
    struct segment_form f = { 0 };
    struct str          match;
    int64_t             edit;
    enum err            e = body_read(r, fields, &f);
    if (e || (e = req_version(r, &match))) {
        return e;
    }
    if (!str_int(match, &edit)) {
        return ERR_PRECONDITION_FAILED;
    }
    // A lead given as null is a lead taken away, which SQL is told by an empty text.
    struct str lead = f.has_lead && !f.lead.at ? STR("") : f.lead;
    CLEANUP(result_done)
    struct result done =
        segment_change(r->db, path_id(r), edit, f.name, lead, f.shared, f.archived);
    return done.err ? done.err : segment_get(r);
}

enum err segment_version_post(struct req *r)
{
    static const struct field fields[] = {
        { .name     = "base",
          .type     = FIELD_INT,
          .offset   = offsetof(struct segment_form, base),
          .nullable = true,
          .required = true,
          .min      = 1,
          .max      = INT32_MAX },
        SEGMENT_RULE,
        SEGMENT_NOTE,
        { 0 },
    };
    struct segment_form f = { 0 };
    struct rule        *rule;
    enum err            e = body_read(r, fields, &f);
    if (e || (e = compiled(r, f.rule, 0, &rule))) {
        return e;
    }
    CLEANUP(result_done)
    struct result done = segment_version_new(r->db, path_id(r), *f.base, f.rule, f.note);
    return done.err ? done.err : reply_one(r, 201, segment_document(r->db, path_id(r)));
}
