#include "api/value.h"

#include <stddef.h>

#include "queries.h"

// All but the commune, which says who sees the employer.
static const char *const fields_known[] = { "legal_name", "usual_name", "brand", "address", "postcode", "city",
                                            "naf", "size_band", "phone", "email", NULL };

struct value_form {
    struct str field, value, reason;
};

enum err value_list(struct req *r)
{
    return reply_one(r, 200, values_document(r->db, path_id(r)));
}

enum err value_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "field", .type = FIELD_CHOICE, .offset = offsetof(struct value_form, field), .choices = fields_known, .required = true },
        { .name = "value", .type = FIELD_TEXT, .offset = offsetof(struct value_form, value), .max = 200, .required = true },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct value_form, reason), .min = 3, .max = 500, .required = true },
        { 0 },
    };
    struct value_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = value_pin(r->db, path_id(r), f.field, f.value, f.reason);
    return done.err ? done.err : value_list(r);
}

enum err value_back(struct req *r)
{
    static const struct field fields[] = {
        { .name = "field", .type = FIELD_CHOICE, .offset = offsetof(struct value_form, field), .choices = fields_known, .required = true },
        { 0 },
    };
    struct value_form f = { 0 };
    enum err          e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = value_release(r->db, path_id(r), f.field);
    return done.err ? done.err : value_list(r);
}
