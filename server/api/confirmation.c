#include "api/confirmation.h"

#include <stddef.h>

#include "base/secret.h"
#include "queries.h"

struct confirmation_form {
    struct str token, answer, name, comment;
};

#define CONFIRMATION_TOKEN                                                                         \
    { .name     = "token",                                                                         \
      .type     = FIELD_SECRET,                                                                    \
      .offset   = offsetof(struct confirmation_form, token),                                       \
      .min      = SECRET_TOKEN,                                                                    \
      .max      = SECRET_TOKEN,                                                                    \
      .required = true }

enum err confirmation_post(struct req *r)
{
    static const struct field fields[] = { CONFIRMATION_TOKEN, { 0 } };
    struct confirmation_form  f        = { 0 };
    uint8_t                   hash[SECRET_HASH];
    enum err                  e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    secret_hash(f.token, hash);
    return reply_one(r, 200, confirmation_read(r->db, (struct str){ (const char *)hash, sizeof hash }));
}

enum err confirmation_answer(struct req *r)
{
    static const char *const  answers[] = { "confirmed", "corrected", NULL };
    static const struct field fields[]  = {
        CONFIRMATION_TOKEN,
        { .name = "answer", .type = FIELD_CHOICE, .offset = offsetof(struct confirmation_form, answer), .choices = answers, .required = true },
        { .name = "name", .type = FIELD_TEXT, .offset = offsetof(struct confirmation_form, name), .min = 2, .max = 160, .required = true },
        { .name = "comment", .type = FIELD_TEXT, .offset = offsetof(struct confirmation_form, comment), .max = 500 },
        { 0 },
    };
    struct confirmation_form f = { 0 };
    uint8_t                  hash[SECRET_HASH];
    enum err                 e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    secret_hash(f.token, hash);
    return reply_one(r, 200, confirmation_settle(r->db, (struct str){ (const char *)hash, sizeof hash }, f.answer, f.name, f.comment));
}
