#include "api/file.h"

#include <sodium.h>
#include <stddef.h>

#include "api/page.h"
#include "base/vault.h"
#include "queries.h"

enum err file_bytes(struct req *r, struct str *ret_bytes)
{
    enum err e = upload_read(r, ret_bytes);
    return e || ret_bytes->len ? e : ERR_IMPORT_EMPTY;
}

enum err file_post(struct req *r)
{
    struct name_form {
        struct str name;
        bool       preview;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "name", .type = FIELD_TEXT, .offset = offsetof(struct name_form, name), .max = 200, .required = true },
        { .name = "preview", .type = FIELD_BOOL, .offset = offsetof(struct name_form, preview) },
        { 0 },
    };
    struct str bytes;
    enum err   e = query_read(r, fields, &f);
    if (e) {
        return e;
    }
    if ((e = file_bytes(r, &bytes))) {
        return e;
    }
    CLEANUP(result_done) struct result number = file_number(r->db);
    if (number.err) {
        return number.err;
    }
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)bytes.at, bytes.len);
    int64_t    id     = result_int(&number, 0, 0);
    struct str sealed = vault_seal(r->arena, VAULT_FILE, id, bytes);
    CLEANUP(result_done)
    struct result kept = file_new(r->db, id, f.name, (struct str){ (char *)digest, sizeof digest }, (int64_t)bytes.len, sealed,
                                  f.preview ? STR("preview") : STR("received"));
    if (kept.err) {
        return kept.err;
    }
    if (result_count(&kept) == 0) {
        return ERR_CONFLICT; // being given at this very moment by somebody else
    }
    return reply_one(r, result_bool(&kept, 0, 1) ? 202 : 200, file_document(r->db, result_int(&kept, 0, 0)));
}

enum err file_list(struct req *r)
{
    enum { MOST = 50 };
    int64_t  before;
    enum err e = page_before(r, &before);
    return e ? e : reply_page(r, files_list(r->db, before, MOST + 1), MOST);
}

enum err file_get(struct req *r)
{
    return reply_one(r, 200, file_document(r->db, path_id(r)));
}

enum err file_errors(struct req *r)
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
    return reply_page(r, file_faults(r->db, path_id(r), after, MOST + 1), MOST);
}

// Two JSON objects as one.
static void join(struct buf *into, struct str one, struct str two)
{
    buf_add(into, str_sub(one, 0, one.len - 1));
    buf_add(into, one.len > 2 && two.len > 2 ? STR(",") : STR(""));
    buf_add(into, str_sub(two, 1, two.len));
}

enum err file_preview_get(struct req *r)
{
    CLEANUP(result_done) struct result kept = file_preview(r->db, path_id(r));
    struct str                         sealed, seen = STR("{}");
    if (kept.err || result_count(&kept) == 0) {
        return kept.err ? kept.err : ERR_NOT_FOUND;
    }
    // What was seen of the lines is sealed; a key that is lost leaves the figures.
    if (!result_is_null(&kept, 0, 1) &&
        (!vault_from_hex(r->arena, result_text(&kept, 0, 1), &sealed) ||
         !vault_open(r->arena, VAULT_LINE, vault_line(path_id(r), 0), sealed, &seen))) {
        return ERR_UNAVAILABLE;
    }
    struct buf document = buf_init(64 << 20);
    join(&document, seen, result_text(&kept, 0, 0));
    return reply_buf(r, 200, "application/json", &document);
}

enum err file_lines_get(struct req *r)
{
    enum { MOST = 200 };
    static const char *const outcomes[] = { "linked", "created", "review", "unusable", NULL };
    struct lines_form {
        struct str outcome;
        bool       faulty;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "outcome", .type = FIELD_CHOICE, .offset = offsetof(struct lines_form, outcome), .choices = outcomes },
        { .name = "faulty", .type = FIELD_BOOL, .offset = offsetof(struct lines_form, faulty) },
        { 0 },
    };
    struct str position;
    int64_t    after = 0;
    enum err   e     = query_read(r, fields, &f);
    e                = e ? e : query_cursor(r, &position);
    if (e) {
        return e;
    }
    if (position.at && !str_int(position, &after)) {
        return ERR_CURSOR_INVALID;
    }
    return reply_page(r, file_lines(r->db, path_id(r), f.outcome, f.faulty, after, MOST + 1), MOST);
}

enum err file_layout_put(struct req *r)
{
    static const char *const separators[] = { ";", ",", "|", "tab", NULL };
    static const char *const encodings[]  = { "UTF-8", "Windows-1252", "ISO-8859-15", "CP850", "MacRoman", NULL };
    static const char *const meanings[]   = {
        "none", "siret", "siren", "nic", "name", "brand", "address", "postcode", "city", "commune_code", "phone",
        "email", "naf", "contact", "given_name", "position",
        "contact_phone", "contact_email", "notes", "own_key", NULL,
    };
    struct layout_form {
        const int64_t *sheet, *header, *lines;
        struct str     separator, encoding, columns;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "sheet", .type = FIELD_INT, .offset = offsetof(struct layout_form, sheet), .nullable = true, .max = 254 },
        { .name = "separator", .type = FIELD_CHOICE, .offset = offsetof(struct layout_form, separator), .choices = separators },
        { .name = "encoding", .type = FIELD_CHOICE, .offset = offsetof(struct layout_form, encoding), .choices = encodings },
        { .name = "header", .type = FIELD_INT, .offset = offsetof(struct layout_form, header), .nullable = true, .max = 2000000 },
        { .name = "lines", .type = FIELD_INT, .offset = offsetof(struct layout_form, lines), .nullable = true, .min = 1, .max = 2 },
        { .name = "columns", .type = FIELD_TEXTS, .offset = offsetof(struct layout_form, columns), .choices = meanings, .max = 512 },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done)
    struct result kept = file_layout(r->db, path_id(r), f.sheet, f.separator, f.encoding, f.header, f.lines, f.columns);
    return kept.err ? kept.err : reply_one(r, 202, file_document(r->db, path_id(r)));
}

enum err file_sheet_post(struct req *r)
{
    struct sheet_form {
        int64_t sheet;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "sheet", .type = FIELD_INT, .offset = offsetof(struct sheet_form, sheet), .required = true, .max = 254 },
        { 0 },
    };
    enum err e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    CLEANUP(result_done) struct result whole = file_whole(r->db, path_id(r));
    if (whole.err || result_count(&whole) == 0) {
        return whole.err ? whole.err : ERR_NOT_FOUND;
    }
    // Bytes that are erased are for the database to refuse, with the state of the file.
    struct str bytes = STR("");
    if (!result_is_null(&whole, 0, 0) &&
        (!vault_from_hex(r->arena, result_text(&whole, 0, 0), &bytes) ||
         (result_bool(&whole, 0, 1) && !vault_open(r->arena, VAULT_FILE, path_id(r), bytes, &bytes)))) {
        return ERR_UNAVAILABLE;
    }
    CLEANUP(result_done) struct result number = file_number(r->db);
    if (number.err) {
        return number.err;
    }
    int64_t                            id     = result_int(&number, 0, 0);
    struct str                         sealed = vault_seal(r->arena, VAULT_FILE, id, bytes);
    CLEANUP(result_done) struct result kept   = file_again(r->db, id, path_id(r), f.sheet, sealed);
    return kept.err ? kept.err : reply_one(r, 202, file_document(r->db, id));
}

static enum err moved(struct req *r, struct result res)
{
    enum err e = res.err;
    result_done(&res);
    return e ? e : reply_one(r, 200, file_document(r->db, path_id(r)));
}

enum err file_start_post(struct req *r)
{
    return moved(r, file_start(r->db, path_id(r)));
}

enum err file_cancel_post(struct req *r)
{
    return moved(r, file_cancel(r->db, path_id(r)));
}

enum err file_revert_post(struct req *r)
{
    return moved(r, file_revert(r->db, path_id(r)));
}
