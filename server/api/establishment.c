#include "api/establishment.h"

#include <stddef.h>
#include <stdlib.h>

#include "api/page.h"
#include "base/person.h"
#include "queries.h"

struct filter {
    struct str q, commune, naf, size, state, visited, sort, bbox;
    bool           closed;
    int64_t        limit;
    const int64_t *segment;
};

static const char *const visited_choices[] = { "never", "year", "older", NULL };
static const char *const sort_choices[]    = { "name", "size", "visited", "match", NULL };

static const struct field filter_fields[] = {
    { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct filter, q), .max = 200 },
    { .name = "commune", .type = FIELD_TEXT, .offset = offsetof(struct filter, commune), .max = 2000 },
    { .name = "naf", .type = FIELD_TEXT, .offset = offsetof(struct filter, naf), .max = 400 },
    { .name = "size", .type = FIELD_TEXT, .offset = offsetof(struct filter, size), .max = 100 },
    { .name = "state", .type = FIELD_TEXT, .offset = offsetof(struct filter, state), .max = 100 },
    { .name = "visited", .type = FIELD_CHOICE, .offset = offsetof(struct filter, visited), .choices = visited_choices },
    { .name = "sort", .type = FIELD_CHOICE, .offset = offsetof(struct filter, sort), .choices = sort_choices },
    { .name = "segment", .type = FIELD_ID, .offset = offsetof(struct filter, segment), .nullable = true },
    { .name = "bbox", .type = FIELD_TEXT, .offset = offsetof(struct filter, bbox), .max = 100 },
    { .name = "closed", .type = FIELD_BOOL, .offset = offsetof(struct filter, closed) },
    { .name = "limit", .type = FIELD_INT, .offset = offsetof(struct filter, limit), .min = 1, .max = 200 },
    { 0 },
};

// A phone number or an e-mail address also finds whoever has it: its hash goes in front.
static struct str with_contact(struct req *r, struct str q)
{
    struct str      normal;
    enum vault_kind kind = VAULT_EMAIL;
    if (!q.len) {
        return q;
    }
    if (!person_email(q, r->arena, &normal)) {
        kind = VAULT_PHONE;
        // Ten digits that begin with 0, or the number of another country: the rest is a SIRET.
        if (!person_phone(q, r->arena, &normal) ||
            !(normal.at[0] == '+' || (normal.at[0] == '0' && normal.len == 10))) {
            return q;
        }
    }
    return arena_printf(r->arena, "contact:%.*s %.*s", STR_ARG(person_hash(r->arena, kind, normal)), STR_ARG(q));
}

static enum err filter_read(struct req *r, struct filter *ret_f)
{
    *ret_f     = (struct filter){ .sort = STR("name"), .limit = 50 };
    enum err e = query_read(r, filter_fields, ret_f);
    ret_f->q   = with_contact(r, ret_f->q);
    return e;
}

enum err establishment_list(struct req *r)
{
    struct filter f;
    struct str    after;
    enum err      e = filter_read(r, &f);
    if (e || (e = query_cursor(r, &after))) {
        return e;
    }
    if (str_eq(f.sort, STR("visited"))) {
        return reply_page(r,
                          establishments_by_visit(r->db, f.q, f.commune, f.naf, f.size, f.state,
                                                  f.visited, f.segment, f.closed, after, f.limit + 1),
                          (int)f.limit);
    }
    return reply_page(r,
                      establishments_list(r->db, f.q, f.commune, f.naf, f.size, f.state, f.visited,
                                          f.segment, f.closed, f.sort, after, f.limit + 1),
                      (int)f.limit);
}

enum err establishment_count(struct req *r)
{
    struct filter f;
    enum err      e = filter_read(r, &f);
    if (e) {
        return e;
    }
    return reply_one(r, 200,
                     establishments_counts(r->db, f.q, f.commune, f.naf, f.size, f.state, f.visited, f.segment, f.closed));
}

// Four numbers between commas; false when it is anything else or no box on Earth.
static bool bbox_read(struct req *r, struct str text, double box[4])
{
    const char *at = arena_text(r->arena, text);
    for (int i = 0; i < 4; i++) {
        char *end;
        box[i] = strtod(at, &end);
        if (end == at || *end != (i < 3 ? ',' : '\0')) {
            return false;
        }
        at = end + 1;
    }
    return box[0] >= -180 && box[2] <= 180 && box[1] >= -90 && box[3] <= 90 && box[0] < box[2] && box[1] < box[3];
}

enum err establishment_points(struct req *r)
{
    struct filter f;
    double        box[4];
    enum err      e = filter_read(r, &f);
    if (e) {
        return e;
    }
    if (!f.bbox.at || !bbox_read(r, f.bbox, box)) {
        req_field_error(r, "bbox", "format", "Indiquez ouest, sud, est et nord en degrés, séparés par des virgules.");
        return ERR_INVALID;
    }
    return reply_many(r,
                      establishments_points(r->db, f.q, f.commune, f.naf, f.size, f.state, f.visited,
                                            f.segment, f.closed, box[0], box[1], box[2], box[3]));
}

enum err establishment_get(struct req *r)
{
    return reply_one(r, 200, establishment_sheet(r->db, path_id(r)));
}

enum err establishment_history(struct req *r)
{
    enum { MOST = 50 };
    int64_t  before;
    enum err e = page_before(r, &before);
    if (e) {
        return e;
    }
    return reply_page(r, establishment_timeline(r->db, path_id(r), before, MOST + 1), MOST);
}

enum err establishment_named(struct req *r, const int64_t *id, struct str siret, int64_t *ret_id)
{
    if (id || siret.len == 0) {
        if (!id || siret.len) {
            req_field_error(r, id ? "siret" : "establishment", id ? "duplicate" : "required",
                            "Indiquez l’employeur par son numéro ou par son SIRET.");
            return ERR_INVALID;
        }
        *ret_id = *id;
        return OK;
    }
    CLEANUP(result_done) struct result found = establishment_of_siret(r->db, siret);
    if (found.err) {
        return found.err;
    }
    if (result_count(&found) == 0) {
        req_field_error(r, "siret", "not_found", "Aucun employeur de votre territoire ne porte ce SIRET.");
        return ERR_INVALID;
    }
    *ret_id = result_int(&found, 0, 0);
    return OK;
}

enum err establishment_potential(struct req *r)
{
    return reply_one(r, 200, establishment_score(r->db, path_id(r)));
}
