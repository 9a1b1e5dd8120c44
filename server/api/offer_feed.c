#include "api/offer_feed.h"

#include <sodium.h>
#include <stddef.h>
#include <unistd.h>

#include "api/feed_preview.h"
#include "api/file.h"
#include "api/page.h"
#include "base/url.h"
#include "base/vault.h"
#include "feed/layout.h"
#include "queries.h"

struct feed_form {
    const int64_t *every_minutes;
    const bool    *only_here;
    struct str     name, address, confirmed_with, state, layout;
    bool           has_address, has_agreement, adds;
};

#define AT(member)  offsetof(struct feed_form, member)
#define FEED_NAMED  .name = "name", .type = FIELD_TEXT, .offset = AT(name), .min = 2, .max = 60
#define FEED_FIELDS_COMMON                                                                                                              \
    { .name = "address", .type = FIELD_TEXT, .offset = AT(address), .max = 500, .given = AT(has_address) },                           \
    { .name = "every_minutes", .type = FIELD_INT, .offset = AT(every_minutes), .nullable = true, .min = 15, .max = 10080 },           \
    { .name = "confirmed_with", .type = FIELD_TEXT, .offset = AT(confirmed_with), .min = 3, .max = 160, .given = AT(has_agreement) },                    \
    { .name = "only_here", .type = FIELD_BOOL, .offset = AT(only_here), .nullable = true }

static enum err check_address(struct req *r, struct str address)
{
    const char *fault = address.len ? url_fault(address) : NULL;
    if (fault) {
        req_field_error(r, "address", "url_refused", fault);
        return ERR_INVALID;
    }
    return OK;
}

// The version of If-Match as a number.
static enum err version_of(struct req *r, int32_t *ret_version)
{
    struct str match;
    int64_t    version;
    enum err   e = req_version(r, &match);
    if (e) {
        return e;
    }
    if (!str_int(match, &version) || version < 1 || version > INT32_MAX) {
        return ERR_PRECONDITION_FAILED;
    }
    *ret_version = (int32_t)version;
    return OK;
}

enum err feed_list(struct req *r)
{
    return reply_many(r, feeds_list(r->db));
}

enum err feed_get(struct req *r)
{
    return reply_one(r, 200, feed_document(r->db, path_id(r)));
}

enum err feed_post(struct req *r)
{
    static const struct field fields[] = { { FEED_NAMED, .required = true }, FEED_FIELDS_COMMON, { .name = "adds", .type = FIELD_BOOL, .offset = AT(adds) }, { 0 } };
    static const int64_t      hourly   = 60;
    struct feed_form          f        = { 0 };
    enum err                  e        = body_read(r, fields, &f);
    if (e || (e = check_address(r, f.address))) {
        return e;
    }
    if (f.adds && (f.address.len || f.confirmed_with.len)) {
        req_field_error(r, "adds", "invalid", "Un fichier qui ne fait qu’ajouter n’a ni adresse ni convention.");
        return ERR_INVALID;
    }
    const int64_t *every = f.address.len ? (f.every_minutes ? f.every_minutes : &hourly) : NULL;
    CLEANUP(result_done) struct result made = offer_feed_new(r->db, f.name, f.address, every, f.confirmed_with, f.adds, f.only_here);
    return made.err ? made.err : reply_one(r, 201, feed_document(r->db, result_int(&made, 0, 0)));
}

enum err feed_patch(struct req *r)
{
    static const char *const  states[] = { "active", "paused", "removed", NULL };
    static const struct field fields[] = {
        { FEED_NAMED },
        FEED_FIELDS_COMMON,
        { .name = "state", .type = FIELD_CHOICE, .offset = AT(state), .choices = states },
        { 0 },
    };
    struct feed_form f = { 0 };
    int32_t          version;
    enum err         e = body_read(r, fields, &f);
    if (e || (e = check_address(r, f.address)) || (e = version_of(r, &version))) {
        return e;
    }
    // What is given and empty is taken away.
    struct str address = f.has_address && !f.address.len ? STR("") : f.address;
    struct str agreed  = f.has_agreement && !f.confirmed_with.len ? STR("") : f.confirmed_with;
    CLEANUP(result_done) struct result done = feed_edit(r->db, path_id(r), version, f.name, address, f.every_minutes, agreed, f.state, f.only_here);
    if (done.err) {
        return done.err;
    }
    if (!result_bool(&done, 0, 0)) {
        return ERR_PRECONDITION_FAILED;
    }
    return str_eq(f.state, STR("removed")) ? reply_json(r, 200, STR("{\"removed\":true}")) : feed_get(r);
}

enum err feed_file_put(struct req *r)
{
    struct feed_form          f        = { 0 };
    static const struct field fields[] = { { .name = "name", .type = FIELD_TEXT, .offset = AT(name), .max = 200, .required = true }, { 0 } };
    unsigned char             digest[crypto_hash_sha256_BYTES];
    struct str                bytes;
    enum err                  e = query_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result number = feed_file_number(r->db, path_id(r));
    if (number.err || (e = file_bytes(r, &bytes))) {
        return number.err ? number.err : e;
    }
    crypto_hash_sha256(digest, (const unsigned char *)bytes.at, bytes.len);
    e = result_end(feed_give(r->db, path_id(r), f.name, (struct str){ (char *)digest, sizeof digest }, (int64_t)bytes.len,
                             vault_seal(r->arena, VAULT_FILE, result_int(&number, 0, 0), bytes)));
    return e ? e : reply_one(r, 202, feed_document(r->db, path_id(r)));
}

#define FEED_LAYOUT .name = "layout", .type = FIELD_TEXT, .offset = AT(layout), .max = 65536

enum err feed_layout_put(struct req *r)
{
    static const struct field fields[] = { { FEED_LAYOUT, .required = true }, { 0 } };
    struct feed_form          f        = { 0 };
    struct feed_layout        layout;
    struct feed_fault         fault;
    int32_t                   version;
    enum err                  e = body_read(r, fields, &f);
    if (e || (e = version_of(r, &version))) {
        return e;
    }
    if (!feed_layout_read(r->arena, f.layout, &layout, &fault)) {
        struct str why = fault.line ? arena_printf(r->arena, "Ligne %u\u202f: %.*s.", fault.line, STR_ARG(fault.sentence))
                                    : arena_printf(r->arena, "%.*s.", STR_ARG(fault.sentence));
        req_field_error(r, "layout", "format", arena_text(r->arena, why));
        return ERR_INVALID;
    }
    CLEANUP(result_done) struct result done = feed_describe(r->db, path_id(r), version, f.layout);
    if (done.err) {
        return done.err;
    }
    return result_bool(&done, 0, 0) ? feed_get(r) : ERR_PRECONDITION_FAILED;
}

enum err feed_preview(struct req *r)
{
    static const struct field fields[] = { { FEED_LAYOUT }, { 0 } };
    struct feed_form          f        = { 0 };
    enum err                  e        = body_read(r, fields, &f);
    struct str                sealed, bytes;
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result kept = feed_bytes(r->db, path_id(r));
    if (kept.err) {
        return kept.err;
    }
    if (result_is_null(&kept, 0, 0)) {
        return ERR_FEED_EMPTY;
    }
    if (!vault_from_hex(r->arena, result_text(&kept, 0, 0), &sealed) || !vault_open(r->arena, VAULT_FILE, result_int(&kept, 0, 1), sealed, &bytes)) {
        return ERR_INTERNAL;
    }
    return feed_preview_reply(r, bytes, f.layout);
}

enum err feed_read_post(struct req *r)
{
    enum err e = result_end(feed_ask_reading(r->db, path_id(r)));
    return e ? e : reply_one(r, 202, feed_document(r->db, path_id(r)));
}

enum err feed_runs(struct req *r)
{
    enum { MOST = 30 };
    int64_t  before;
    enum err e = page_before(r, &before);
    return e ? e : reply_page(r, feed_run_list(r->db, path_id(r), before, MOST + 1), MOST);
}

enum err feed_faults(struct req *r)
{
    enum { MOST = 200 };
    struct str position;
    int64_t    after = 0;
    enum err   e     = query_cursor(r, &position);
    if (e) {
        return e;
    }
    if (position.at && !str_int(position, &after)) {
        return ERR_CURSOR_INVALID;
    }
    return reply_page(r, feed_fault_list(r->db, path_id(r), path_id_named(r, "run_id"), after, MOST + 1), MOST);
}

enum err feed_faults_csv(struct req *r)
{
    return reply_csv(r, "fautes", feed_fault_table(r->db, path_id(r), path_id_named(r, "run_id")));
}

enum err feed_decide(struct req *r)
{
    static const char *const  choices[] = { "withdraw", "keep", NULL };
    static const struct field fields[]  = { { .name = "decision", .type = FIELD_CHOICE, .offset = AT(state), .choices = choices, .required = true }, { 0 } };
    struct feed_form          f         = { 0 };
    enum err                  e         = body_read(r, fields, &f);
    e                                   = e ? e : result_end(feed_say(r->db, path_id(r), path_id_named(r, "run_id"), f.state));
    return e ? e : feed_get(r);
}

enum err feed_offers(struct req *r)
{
    enum { MOST = 50 };
    static const char *const  states[] = { "incomplete", "offer", "ended", "aside", "differs", NULL };
    static const struct field fields[] = { { .name = "state", .type = FIELD_CHOICE, .offset = AT(state), .choices = states }, { 0 } };
    struct feed_form          f        = { 0 };
    int64_t                   before;
    enum err                  e = query_read(r, fields, &f);
    if (e || (e = page_before(r, &before))) {
        return e;
    }
    return reply_page(r, feed_offer_list(r->db, path_id(r), f.state, before, MOST + 1), MOST);
}

enum err feed_offer_patch(struct req *r)
{
    static const char *const contracts[] = { "cdi", "cdd", "interim", "seasonal", "apprenticeship", "professionalisation", "subsidised", "internship", NULL };
    struct missing_form {
        const int64_t *establishment;
        struct str     rome, contract, commune;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "establishment", .type = FIELD_ID, .offset = offsetof(struct missing_form, establishment), .nullable = true },
        { .name = "rome", .type = FIELD_TEXT, .offset = offsetof(struct missing_form, rome), .min = 5, .max = 5 },
        { .name = "contract", .type = FIELD_CHOICE, .offset = offsetof(struct missing_form, contract), .choices = contracts },
        { .name = "commune", .type = FIELD_TEXT, .offset = offsetof(struct missing_form, commune), .min = 5, .max = 5 },
        { 0 },
    };
    int32_t  version;
    enum err e = body_read(r, fields, &f);
    if (e || (e = version_of(r, &version))) {
        return e;
    }
    CLEANUP(result_done) struct result done = feed_offer_fill(r->db, path_id(r), version, f.establishment, f.rome, f.contract, f.commune);
    if (done.err) {
        return done.err;
    }
    return result_bool(&done, 0, 0) ? reply_one(r, 200, feed_offer_document(r->db, path_id(r))) : ERR_PRECONDITION_FAILED;
}

enum err feed_offer_aside(struct req *r)
{
    struct aside_form {
        bool aside;
    } f                                = { 0 };
    static const struct field fields[] = { { .name = "aside", .type = FIELD_BOOL, .offset = offsetof(struct aside_form, aside), .required = true }, { 0 } };
    enum err                  e        = body_read(r, fields, &f);
    e                                  = e ? e : result_end(feed_offer_put(r->db, path_id(r), f.aside));
    return e ? e : reply_one(r, 200, feed_offer_document(r->db, path_id(r)));
}

enum err feed_aside(struct req *r)
{
    enum { MOST = 500 };
    struct aside_form {
        struct str offers;
        bool       aside;
    } f                                = { .aside = true };
    static const struct field fields[] = {
        { .name = "offers", .type = FIELD_IDS, .offset = offsetof(struct aside_form, offers), .max = MOST, .required = true },
        { .name = "aside", .type = FIELD_BOOL, .offset = offsetof(struct aside_form, aside) },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    return e ? e : reply_one(r, 200, feed_offers_aside(r->db, path_id(r), f.offers, f.aside));
}

enum err feed_offer_take(struct req *r)
{
    enum err e = result_end(feed_offer_take_over(r->db, path_id(r)));
    return e ? e : reply_one(r, 200, feed_offer_document(r->db, path_id(r)));
}
