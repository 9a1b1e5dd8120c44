#include "api/questionnaire.h"

#include "queries.h"

enum err questionnaire_get(struct req *r)
{
    return reply_one(r, 200, questionnaires_now(r->db, query_int(r, "visit", 0)));
}

static enum err publish(struct req *r, bool is_common)
{
    static const struct field fields[] = {
        { .name = "questions", .type = FIELD_JSON, .offset = 0, .required = true },
        { 0 },
    };
    struct str questions = { 0 };
    struct str match;
    int64_t    version;
    enum err   e = body_read(r, fields, &questions);
    if (e || (e = req_version(r, &match))) {
        return e;
    }
    if (!str_int(match, &version)) {
        return ERR_PRECONDITION_FAILED;
    }
    CLEANUP(result_done) struct result done = questionnaire_next(r->db, is_common, version, questions);
    return done.err ? done.err : questionnaire_get(r);
}

enum err questionnaire_put_common(struct req *r)
{
    return publish(r, true);
}

enum err questionnaire_put_network(struct req *r)
{
    return publish(r, false);
}
