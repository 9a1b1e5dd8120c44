#include "api/review.h"

#include <stddef.h>

#include "api/page.h"
#include "queries.h"

enum err review_next(struct req *r)
{
    CLEANUP(result_done) struct result taken = review_take(r->db);
    if (taken.err) {
        return taken.err;
    }
    return result_is_null(&taken, 0, 0) ? reply_none(r, (struct result){ 0 })
                                        : reply_one(r, 200, review_document(r->db, result_int(&taken, 0, 0)));
}

enum err review_list(struct req *r)
{
    enum { MOST = 50 };
    static const char *const states[] = { "open", "decided", NULL };
    struct filter {
        struct str state, after;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct filter, state), .choices = states },
        { .name = "after", .type = FIELD_TEXT, .offset = offsetof(struct filter, after), .max = 200 },
        { 0 },
    };
    int64_t  before;
    enum err e = query_read(r, fields, &f);
    if (e || (e = page_before(r, &before))) {
        return e;
    }
    return reply_page(r, reviews_list(r->db, f.state, before, MOST + 1), MOST);
}

enum err review_count(struct req *r)
{
    return reply_one(r, 200, review_figures(r->db));
}

enum err review_export(struct req *r)
{
    return reply_csv(r, "decisions.csv", review_labels(r->db));
}

enum err review_get(struct req *r)
{
    return reply_one(r, 200, review_document(r->db, path_id(r)));
}

enum err review_post(struct req *r)
{
    static const char *const verdicts[] = { "same", "different", "skip", NULL };
    struct form {
        struct str verdict;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "verdict", .type = FIELD_CHOICE, .offset = offsetof(struct form, verdict), .choices = verdicts, .required = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = review_decide(r->db, path_id(r), f.verdict);
    return done.err ? done.err : reply_one(r, 200, review_document(r->db, path_id(r)));
}

enum err review_back(struct req *r)
{
    CLEANUP(result_done) struct result done = review_undo(r->db, path_id(r));
    return done.err ? done.err : reply_one(r, 200, review_document(r->db, path_id(r)));
}
