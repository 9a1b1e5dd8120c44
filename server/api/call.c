#include "api/call.h"

#include <stddef.h>

#include "queries.h"

enum err call_list(struct req *r)
{
    return reply_one(r, 200, calls_document(r->db, !str_eq(query_text(r, "scope"), STR("organisation"))));
}

enum err call_post(struct req *r)
{
    static const char *const outcomes[] = { "appointment", "later", "message", "no_answer", "wrong", "refused", NULL };
    struct form {
        const int64_t *contact;
        struct str     outcome, note, next_on, override_reason;
    } f                                = { 0 };
    static const struct field fields[] = {
        { .name = "contact", .type = FIELD_ID, .offset = offsetof(struct form, contact), .nullable = true },
        { .name = "outcome", .type = FIELD_CHOICE, .offset = offsetof(struct form, outcome), .choices = outcomes, .required = true },
        { .name = "note", .type = FIELD_TEXT, .offset = offsetof(struct form, note), .max = 500 },
        { .name = "next_on", .type = FIELD_DATE, .offset = offsetof(struct form, next_on) },
        { .name = "override_reason", .type = FIELD_TEXT, .offset = offsetof(struct form, override_reason), .max = 500 },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done)
    struct result made = call_note(r->db, path_id(r), f.contact, f.outcome, f.note, f.next_on, f.override_reason);
    return made.err ? made.err : reply_one(r, 201, call_document(r->db, result_int(&made, 0, 0)));
}
