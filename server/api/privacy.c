#include "api/privacy.h"

#include <stddef.h>

#include "api/page.h"
#include "base/person.h"
#include "queries.h"

enum { PAGE = 100, DAYS_MOST = 3660 };

enum err opposition_list(struct req *r)
{
    struct register_form {
        bool       all;
        struct str subject;
    } f = { 0 };
    static const char *const  subjects[] = { "establishment", "person", NULL };
    static const struct field fields[]   = {
        { .name = "all", .type = FIELD_BOOL, .offset = offsetof(struct register_form, all) },
        { .name = "subject", .type = FIELD_CHOICE, .offset = offsetof(struct register_form, subject), .choices = subjects },
        { 0 },
    };
    int64_t  before;
    enum err e = query_read(r, fields, &f);
    if (e || (e = page_before(r, &before))) {
        return e;
    }
    return reply_page(r, oppositions_list(r->db, f.all, f.subject, before, PAGE + 1), PAGE);
}

enum err person_list(struct req *r)
{
    struct search_form {
        struct str q;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct search_form, q), .min = 2, .max = 200, .required = true },
        { 0 },
    };
    enum vault_kind kind;
    enum err        e = query_read(r, fields, &f);
    if (e) {
        return e;
    }
    struct str hashes = person_search(r->arena, f.q, &kind);
    return reply_many(r, people_found(r->db, hashes.at ? hashes : STR("{}")));
}

enum err person_ending(struct req *r)
{
    struct ending_form {
        int64_t days;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "days", .type = FIELD_INT, .offset = offsetof(struct ending_form, days), .min = 0, .max = DAYS_MOST },
        { 0 },
    };
    struct str after;
    enum err   e = query_read(r, fields, &f);
    if (e || (e = query_cursor(r, &after))) {
        return e;
    }
    return reply_page(r, people_ending(r->db, f.days, after, PAGE + 1), PAGE);
}

// A request whose address says everything.
static enum err nothing_else(struct req *r)
{
    static const struct field none[] = { { 0 } };
    char                      nowhere;
    return body_read(r, none, &nowhere);
}

enum err person_erase(struct req *r)
{
    enum err e = nothing_else(r);
    return e ? e : reply_none(r, person_forget(r->db, path_id(r)));
}

enum err person_export(struct req *r)
{
    enum err e = nothing_else(r);
    return e ? e : reply_one(r, 200, person_dossier(r->db, path_id(r)));
}

enum err person_export_csv(struct req *r)
{
    enum err e = nothing_else(r);
    return e ? e : reply_csv(r, "personne.csv", person_table(r->db, path_id(r)));
}
