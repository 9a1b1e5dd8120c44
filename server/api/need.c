#include "api/need.h"

#include <sodium.h>
#include <stddef.h>

#include "api/establishment.h"
#include "api/file.h"
#include "api/page.h"
#include "base/vault.h"
#include "queries.h"

static const char *const horizons[]     = { "now", "quarter", "half", "year", NULL };
static const char *const difficulties[] = { "easy", "hard", NULL };
static const char *const sources[]      = { "visit", "bmo", "call", "contributor", NULL };
static const char *const contracts[]    = { "cdi", "cdd", "interim", "seasonal", "apprenticeship", "professionalisation",
                                            "subsidised", "internship", NULL };

enum err need_list(struct req *r)
{
    enum { MOST = 100 };
    static const char *const states[] = { "declared", "confirmed", "offer", "filled", "abandoned", "zero", NULL };
    static const char *const scopes[] = { "all", "mine", "ours", "call", NULL };
    struct filter {
        const int64_t *establishment;
        struct str     scope, state, source, rome, q, commune;
        bool           expiring;
    } f = { .scope = STR("all") };
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct filter, establishment), .nullable = true },
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct filter, state), .choices = states },
        { .name = "scope", .type = FIELD_CHOICE, .offset = offsetof(struct filter, scope), .choices = scopes },
        { .name = "source", .type = FIELD_CHOICE, .offset = offsetof(struct filter, source), .choices = sources },
        { .name = "rome", .type = FIELD_TEXT, .offset = offsetof(struct filter, rome), .max = 10 },
        { .name = "q", .type = FIELD_TEXT, .offset = offsetof(struct filter, q), .max = 100 },
        { .name = "commune", .type = FIELD_TEXT, .offset = offsetof(struct filter, commune), .min = 5, .max = 5 },
        { .name = "expiring", .type = FIELD_BOOL, .offset = offsetof(struct filter, expiring) },
        { 0 },
    };
    int64_t  before;
    enum err e = query_read(r, fields, &f);
    if (e || (e = page_before(r, &before))) {
        return e;
    }
    return reply_page(r, needs_list(r->db, f.scope, f.establishment, f.state, f.source, f.rome, f.q, f.commune, f.expiring, before, MOST + 1), MOST);
}

struct need_form {
    const int64_t *establishment, *posts;
    const bool    *seasonal;
    struct str     siret, rome, horizon, contract, difficulty, expires_on;
    bool           has_posts, has_contract, has_seasonal, has_difficulty; // said, perhaps that it is unknown
};

#define AT(member) offsetof(struct need_form, member)

#define NEED_MEANT                                                                                                                      \
    { .name = "posts", .type = FIELD_INT, .offset = AT(posts), .nullable = true, .min = 1, .max = 500, .given = AT(has_posts) },       \
    { .name = "contract", .type = FIELD_CHOICE, .offset = AT(contract), .choices = contracts, .given = AT(has_contract) },             \
    { .name = "seasonal", .type = FIELD_BOOL, .offset = AT(seasonal), .nullable = true, .given = AT(has_seasonal) },                   \
    { .name = "difficulty", .type = FIELD_CHOICE, .offset = AT(difficulty), .choices = difficulties, .given = AT(has_difficulty) },    \
    { .name = "expires_on", .type = FIELD_DATE, .offset = AT(expires_on) }

enum err need_post(struct req *r)
{
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct need_form, establishment), .nullable = true },
        { .name = "siret", .type = FIELD_TEXT, .offset = offsetof(struct need_form, siret), .min = 14, .max = 14 },
        { .name = "rome", .type = FIELD_TEXT, .offset = offsetof(struct need_form, rome), .min = 5, .max = 5, .required = true },
        { .name = "horizon", .type = FIELD_CHOICE, .offset = offsetof(struct need_form, horizon), .choices = horizons, .required = true },
        NEED_MEANT,
        { 0 },
    };
    struct need_form f = { 0 };
    int64_t          employer;
    enum err         e = body_read(r, fields, &f);
    if (e || (e = establishment_named(r, f.establishment, f.siret, &employer))) {
        return e;
    }
    CLEANUP(result_done)
    struct result made = need_new(r->db, employer, f.rome, f.posts, f.horizon, f.contract, f.seasonal, f.difficulty, f.expires_on);
    return made.err ? made.err : reply_one(r, 201, need_document(r->db, result_int(&made, 0, 0)));
}

enum err need_get(struct req *r)
{
    return reply_one(r, 200, need_sheet(r->db, path_id(r)));
}

enum err need_patch(struct req *r)
{
    static const struct field fields[] = {
        { .name = "horizon", .type = FIELD_CHOICE, .offset = offsetof(struct need_form, horizon), .choices = horizons },
        NEED_MEANT,
        { 0 },
    };
    struct need_form f = { 0 };
    struct str       match;
    int64_t          version;
    enum err         e = body_read(r, fields, &f);
    if (e || (e = req_version(r, &match))) {
        return e;
    }
    if (!str_int(match, &version)) {
        return ERR_PRECONDITION_FAILED;
    }
    CLEANUP(result_done)
    struct result done = need_change(r->db, path_id(r), version, f.has_posts, f.posts, f.horizon, f.has_contract, f.contract,
                                     f.has_seasonal, f.seasonal, f.has_difficulty, f.difficulty, f.expires_on);
    return done.err ? done.err : need_get(r);
}

enum err need_move_post(struct req *r)
{
    static const char *const states[] = { "confirmed", "filled", "abandoned", "zero", NULL };
    struct form {
        struct str state, reason, on;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "state", .type = FIELD_CHOICE, .offset = offsetof(struct form, state), .choices = states, .required = true },
        { .name = "reason", .type = FIELD_TEXT, .offset = offsetof(struct form, reason), .min = 3, .max = 500 },
        { .name = "on", .type = FIELD_DATE, .offset = offsetof(struct form, on) },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result done = need_step(r->db, path_id(r), f.state, f.reason, f.on);
    return done.err ? done.err : need_get(r);
}

enum err need_count(struct req *r)
{
    enum { MOST = 100 };
    static const char *const by[]     = { "employer", "occupation", "area", NULL };
    static const char *const scopes[] = { "all", "ours", NULL };
    struct filter {
        struct str by, scope, source, since, until;
    } f = { .by = STR("occupation"), .scope = STR("all") };
    static const struct field fields[] = {
        { .name = "by", .type = FIELD_CHOICE, .offset = offsetof(struct filter, by), .choices = by },
        { .name = "scope", .type = FIELD_CHOICE, .offset = offsetof(struct filter, scope), .choices = scopes },
        { .name = "source", .type = FIELD_CHOICE, .offset = offsetof(struct filter, source), .choices = sources },
        { .name = "since", .type = FIELD_DATE, .offset = offsetof(struct filter, since) },
        { .name = "until", .type = FIELD_DATE, .offset = offsetof(struct filter, until) },
        { 0 },
    };
    enum err e = query_read(r, fields, &f);
    return e ? e : reply_one(r, 200, need_counts(r->db, f.by, f.scope, f.source, f.since, f.until, MOST));
}

enum err need_survey_get(struct req *r)
{
    enum { MOST = 200 };
    struct filter {
        struct str bassin;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "bassin", .type = FIELD_TEXT, .offset = offsetof(struct filter, bassin), .max = 40 },
        { 0 },
    };
    enum err e = query_read(r, fields, &f);
    return e ? e : reply_one(r, 200, need_survey(r->db, f.bassin, MOST));
}

enum err need_import_post(struct req *r)
{
    struct name_form {
        struct str name;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "name", .type = FIELD_TEXT, .offset = offsetof(struct name_form, name), .max = 200, .required = true },
        { 0 },
    };
    struct str bytes;
    enum err   e = query_read(r, fields, &f);
    if (e || (e = file_bytes(r, &bytes))) {
        return e;
    }
    CLEANUP(result_done) struct result number = file_number(r->db);
    if (number.err) {
        return number.err;
    }
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)bytes.at, bytes.len);
    int64_t id = result_int(&number, 0, 0);
    CLEANUP(result_done)
    struct result kept = need_file_new(r->db, id, f.name, (struct str){ (char *)digest, sizeof digest }, (int64_t)bytes.len,
                                       vault_seal(r->arena, VAULT_FILE, id, bytes));
    if (kept.err) {
        return kept.err;
    }
    if (result_count(&kept) == 0) {
        return ERR_CONFLICT; // being given at this very moment by somebody else
    }
    return reply_one(r, result_bool(&kept, 0, 1) ? 202 : 200, file_document(r->db, result_int(&kept, 0, 0)));
}
