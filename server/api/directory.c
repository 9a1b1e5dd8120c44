#include "api/directory.h"

#include <stddef.h>

#include "queries.h"

enum err organisation_put(struct req *r)
{
    struct form {
        struct str about, website, opening, phone, email, services, areas;
        int64_t    version;
    } f                                = { .services = STR("{}"), .areas = STR("{}") };
    static const struct field fields[] = {
        { .name = "about", .type = FIELD_TEXT, .offset = offsetof(struct form, about), .max = 600 },
        { .name   = "website",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct form, website),
          .max    = 200 },
        { .name   = "opening",
          .type   = FIELD_TEXT,
          .offset = offsetof(struct form, opening),
          .max    = 200 },
        { .name = "phone", .type = FIELD_TEXT, .offset = offsetof(struct form, phone), .max = 30 },
        { .name = "email", .type = FIELD_EMAIL, .offset = offsetof(struct form, email) },
        { .name   = "services",
          .type   = FIELD_TEXTS,
          .offset = offsetof(struct form, services),
          .max    = 30 },
        { .name   = "areas",
          .type   = FIELD_TEXTS,
          .offset = offsetof(struct form, areas),
          .max    = 400 },
        { .name     = "version",
          .type     = FIELD_INT,
          .offset   = offsetof(struct form, version),
          .min      = 1,
          .max      = INT32_MAX,
          .required = true },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    return reply_none(r, organisation_changed(r->db, path_id(r), f.version, f.about, f.website,
                                              f.opening, f.phone, f.email, f.services, f.areas));
}

enum err organisation_communes_get(struct req *r)
{
    return reply_one(r, 200, organisation_communes(r->db, path_id(r)));
}

enum err organisation_gaps(struct req *r)
{
    return reply_one(r, 200, directory_gaps(r->db));
}

enum err service_list(struct req *r)
{
    return reply_many(r, services_list(r->db));
}
