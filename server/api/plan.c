#include "api/plan.h"

#include <stddef.h>

#include "api/page.h"
#include "queries.h"

// --- the content
// -------------------------------------------------------------------------------------

static const struct field segment_fields[] = {
    { .name = "segment", .type = FIELD_ID, .required = true },
    { .name = "version", .type = FIELD_INT, .required = true, .min = 1, .max = INT32_MAX },
    { .name = "lead", .type = FIELD_ID, .nullable = true },
    { 0 },
};
static const struct field rule_fields[] = {
    { .name = "visit_minutes", .type = FIELD_INT, .min = 15, .max = 600 },
    { .name = "never_visited", .type = FIELD_INT, .min = 0, .max = 100 },
    { .name = "small", .type = FIELD_INT, .min = 0, .max = 100 },
    { .name = "each_commune", .type = FIELD_INT, .min = 0, .max = 50 },
    { .name = "km_most", .type = FIELD_INT, .nullable = true, .min = 1, .max = 500 },
    { 0 },
};
static const struct field share_fields[] = {
    { .name = "organisation", .type = FIELD_ID, .required = true },
    { .name = "least", .type = FIELD_INT, .min = 0, .max = 100 },
    { .name = "most", .type = FIELD_INT, .min = 0, .max = 100 },
    { 0 },
};
static const struct field capacity_fields[] = {
    { .name = "organisation", .type = FIELD_ID, .required = true },
    { .name = "member", .type = FIELD_ID, .nullable = true },
    { .name = "hours", .type = FIELD_INT, .required = true, .min = 0, .max = 50000 },
    { 0 },
};
static const struct field objective_fields[] = {
    { .name = "organisation", .type = FIELD_ID, .required = true },
    { .name = "visits", .type = FIELD_INT, .min = 0, .max = 100000 },
    { .name = "first_contacts", .type = FIELD_INT, .min = 0, .max = 100000 },
    { .name = "needs", .type = FIELD_INT, .min = 0, .max = 100000 },
    { .name = "offers", .type = FIELD_INT, .min = 0, .max = 100000 },
    { 0 },
};
static const struct field content_fields[] = {
    { .name = "name", .type = FIELD_TEXT, .required = true, .min = 3, .max = 120 },
    { .name = "starts_on", .type = FIELD_DATE, .required = true },
    { .name = "ends_on", .type = FIELD_DATE, .required = true },
    { .name = "communes", .type = FIELD_TEXTS, .max = 2000 },
    { .name = "partners", .type = FIELD_IDS, .required = true, .min = 1, .max = 40 },
    { .name = "segments", .type = FIELD_LIST, .fields = segment_fields, .max = 50 },
    { .name = "rules", .type = FIELD_OBJECT, .fields = rule_fields },
    { .name = "shares", .type = FIELD_LIST, .fields = share_fields, .max = 40 },
    { .name = "capacities", .type = FIELD_LIST, .fields = capacity_fields, .max = 1000 },
    { .name = "objectives", .type = FIELD_LIST, .fields = objective_fields, .max = 40 },
    { 0 },
};

struct plan_form {
    struct str     content, note, hash, reason, text, part;
    int64_t        version, scenario;
    const int64_t *segment, *establishment;
};

#define PLAN_CONTENT                                                                            \
    {                                                                                           \
        .name = "content", .type = FIELD_OBJECT, .offset = offsetof(struct plan_form, content), \
        .fields = content_fields, .required = true                                              \
    }
#define PLAN_VERSION                                                                         \
    {                                                                                        \
        .name = "version", .type = FIELD_INT, .offset = offsetof(struct plan_form, version), \
        .required = true, .min = 1, .max = INT32_MAX                                         \
    }
#define PLAN_HASH                                                                       \
    {                                                                                   \
        .name = "hash", .type = FIELD_TEXT, .offset = offsetof(struct plan_form, hash), \
        .required = true, .min = 64, .max = 64                                          \
    }
#define PLAN_REASON                                                                         \
    {                                                                                       \
        .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct plan_form, reason), \
        .required = true, .min = 3, .max = 500                                              \
    }

// The plan after a change of it.
static enum err shown(struct req *r, struct result done)
{
    enum err e = done.err;
    result_done(&done);
    return e ? e : plan_get(r);
}

static enum err edit_read(struct req *r, int64_t *ret_edit)
{
    struct str match;
    enum err   e = req_version(r, &match);
    if (e) {
        return e;
    }
    return str_int(match, ret_edit) ? OK : ERR_PRECONDITION_FAILED;
}

enum err plan_list(struct req *r)
{
    enum { MOST = 50 };
    static const char *const states[] = { "draft",     "proposed",  "agreed", "active",
                                          "evaluated", "abandoned", NULL };
    struct filter {
        struct str state;
        bool       mine, deadlocked;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name    = "state",
          .type    = FIELD_CHOICE,
          .offset  = offsetof(struct filter, state),
          .choices = states },
        { .name = "mine", .type = FIELD_BOOL, .offset = offsetof(struct filter, mine) },
        { .name = "deadlocked", .type = FIELD_BOOL, .offset = offsetof(struct filter, deadlocked) },
        { 0 },
    };
    int64_t  before;
    enum err e = query_read(r, fields, &f);
    if (e || (e = page_before(r, &before))) {
        return e;
    }
    return reply_page(r, plan_rows(r->db, f.state, f.mine, f.deadlocked, before, MOST + 1), MOST);
}

enum err plan_get(struct req *r)
{
    return reply_one(r, 200, plan_document(r->db, path_id(r)));
}

enum err plan_weights(struct req *r)
{
    return reply_one(r, 200, plan_tables(r->db));
}

enum err plan_post(struct req *r)
{
    static const struct field fields[] = { PLAN_CONTENT, { 0 } };
    struct plan_form          f        = { 0 };
    enum err                  e        = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result made = plan_new(r->db, f.content);
    return made.err ? made.err : reply_one(r, 201, plan_document(r->db, result_int(&made, 0, 0)));
}

enum err plan_content_put(struct req *r)
{
    static const struct field fields[] = {
        PLAN_CONTENT,
        { .name   = "note",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct plan_form, note),
          .max    = 500 },
        { 0 },
    };
    struct plan_form f = { 0 };
    int64_t          edit;
    enum err         e = body_read(r, fields, &f);
    if (e || (e = edit_read(r, &edit))) {
        return e;
    }
    return shown(r, plan_changed(r->db, path_id(r), edit, f.content, f.note));
}

enum err plan_choose_post(struct req *r)
{
    static const struct field fields[] = {
        { .name     = "scenario",
          .type     = FIELD_ID,
          .offset   = offsetof(struct plan_form, scenario),
          .required = true },
        { 0 },
    };
    struct plan_form f = { 0 };
    int64_t          edit;
    enum err         e = body_read(r, fields, &f);
    if (e || (e = edit_read(r, &edit))) {
        return e;
    }
    return shown(r, plan_chosen(r->db, path_id(r), edit, f.scenario));
}

enum err plan_propose_post(struct req *r)
{
    int64_t  edit;
    enum err e = edit_read(r, &edit);
    return e ? e : shown(r, plan_proposed(r->db, path_id(r), edit));
}

// --- signatures
// --------------------------------------------------------------------------------------

static enum err answer(struct req *r, const struct plan_form *f, struct str word)
{
    for (size_t i = 0; i < f->hash.len; i++) {
        char c = f->hash.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            req_field_error(r, "hash", "format", "Cette empreinte n’est pas celle d’une version.");
            return ERR_INVALID;
        }
    }
    return shown(r, plan_answered(r->db, path_id(r), f->version, f->hash, word, f->reason));
}

enum err plan_sign_post(struct req *r)
{
    static const struct field fields[] = { PLAN_VERSION, PLAN_HASH, { 0 } };
    struct plan_form          f        = { 0 };
    enum err                  e        = body_read(r, fields, &f);
    return e ? e : answer(r, &f, STR("signed"));
}

enum err plan_refuse_post(struct req *r)
{
    static const struct field fields[] = { PLAN_VERSION, PLAN_HASH, PLAN_REASON, { 0 } };
    struct plan_form          f        = { 0 };
    enum err                  e        = body_read(r, fields, &f);
    return e ? e : answer(r, &f, STR("refused"));
}

// --- states
// ------------------------------------------------------------------------------------------

enum err plan_activate_post(struct req *r)
{
    static const struct field fields[] = { PLAN_VERSION, { 0 } };
    struct plan_form          f        = { 0 };
    enum err                  e        = body_read(r, fields, &f);
    return e ? e : shown(r, plan_activated(r->db, path_id(r), f.version));
}

enum err plan_abandon_post(struct req *r)
{
    static const struct field fields[] = { PLAN_REASON, { 0 } };
    struct plan_form          f        = { 0 };
    enum err                  e        = body_read(r, fields, &f);
    return e ? e : shown(r, plan_abandoned(r->db, path_id(r), f.reason));
}

enum err plan_evaluate_post(struct req *r)
{
    static const struct field fields[] = {
        { .name     = "conclusion",
          .type     = FIELD_TEXT,
          .offset   = offsetof(struct plan_form, text),
          .required = true,
          .min      = 3,
          .max      = 4000 },
        { 0 },
    };
    struct plan_form f = { 0 };
    enum err         e = body_read(r, fields, &f);
    return e ? e : shown(r, plan_evaluated(r->db, path_id(r), f.text));
}

enum err plan_comment_post(struct req *r)
{
    static const char *const  parts[]  = { "scope",     "partners",   "segments",
                                           "rules",     "capacities", "objectives",
                                           "scenarios", "signatures", NULL };
    static const struct field fields[] = {
        { .name    = "part",
          .type    = FIELD_CHOICE,
          .offset  = offsetof(struct plan_form, part),
          .choices = parts },
        { .name     = "segment",
          .type     = FIELD_ID,
          .offset   = offsetof(struct plan_form, segment),
          .nullable = true },
        { .name     = "establishment",
          .type     = FIELD_ID,
          .offset   = offsetof(struct plan_form, establishment),
          .nullable = true },
        { .name     = "text",
          .type     = FIELD_TEXT,
          .offset   = offsetof(struct plan_form, text),
          .required = true,
          .min      = 1,
          .max      = 2000 },
        { 0 },
    };
    struct plan_form f = { 0 };
    enum err         e = body_read(r, fields, &f);
    if (!e && (f.part.len > 0) + (f.segment != NULL) + (f.establishment != NULL) > 1) {
        req_field_error(r, "part", "range", "Un commentaire porte sur une seule chose.");
        e = ERR_INVALID;
    }
    return e ? e
             : shown(r,
                     plan_commented(r->db, path_id(r), f.part, f.segment, f.establishment, f.text));
}

enum err plan_history_get(struct req *r)
{
    return reply_one(r, 200, plan_events(r->db, path_id(r)));
}

enum err plan_results_get(struct req *r)
{
    return reply_one(r, 200, plan_outcome(r->db, path_id(r)));
}

enum err plan_skipped_get(struct req *r)
{
    return reply_many(r, plan_skips(r->db, path_id(r)));
}
