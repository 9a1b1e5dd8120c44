#include "api/picture.h"

#include <sodium.h>
#include <stddef.h>

#include "api/picture_child.h"
#include "base/secret.h"
#include "base/vault.h"
#include "picture/picture.h"
#include "queries.h"

enum err picture_list(struct req *r)
{
    return reply_many(r, pictures_of(r->db, path_id(r)));
}

enum err picture_post(struct req *r)
{
    static const char *const kinds[] = { "photo", "card", NULL };
    struct form {
        struct str kind, image;
    } f = { 0 };
    static const struct field fields[] = {
        { .name = "kind", .type = FIELD_CHOICE, .offset = offsetof(struct form, kind), .choices = kinds, .required = true },
        { .name = "image", .type = FIELD_TEXT, .offset = offsetof(struct form, image), .min = 100, .max = (PICTURE_IN_MOST + 2) / 3 * 4, .required = true },
        { 0 },
    };
    struct picture picture;
    size_t         size;
    enum err       e = body_read(r, fields, &f);
    if (e) {
        return e;
    }
    // Whether it is wanted at all is asked before a child is bothered.
    CLEANUP(result_done) struct result number = picture_number(r->db, path_id(r));
    if (number.err) {
        return number.err;
    }
    char *bytes = arena_alloc(r->arena, f.image.len);
    if (!secret_from_base64(f.image, (uint8_t *)bytes, f.image.len, &size)) {
        req_field_error(r, "image", "format", "Cette image n’est pas en base64url.");
        return ERR_INVALID;
    }
    if ((e = picture_run(r->arena, (struct str){ bytes, size }, &picture))) {
        return e;
    }
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)picture.jpeg.at, picture.jpeg.len);
    int64_t id = result_int(&number, 0, 0);
    CLEANUP(result_done)
    struct result made = picture_new(r->db, id, path_id(r), f.kind, (struct str){ (char *)digest, sizeof digest }, picture.width, picture.height,
                                     (int64_t)picture.jpeg.len, vault_seal(r->arena, VAULT_PICTURE, id, picture.jpeg));
    return made.err ? made.err : reply_one(r, 201, picture_document(r->db, result_int(&made, 0, 0)));
}

enum err picture_get(struct req *r)
{
    struct str sealed, jpeg;
    CLEANUP(result_done) struct result row = picture_content(r->db, path_id(r));
    if (row.err || result_count(&row) == 0) {
        return row.err ? row.err : ERR_NOT_FOUND;
    }
    if (!vault_from_hex(r->arena, result_text(&row, 0, 0), &sealed) || !vault_open(r->arena, VAULT_PICTURE, path_id(r), sealed, &jpeg)) {
        return ERR_INTERNAL;
    }
    struct buf body = buf_init(jpeg.len + 1);
    buf_add(&body, jpeg);
    return reply_buf(r, 200, "image/jpeg", &body);
}

enum err picture_delete(struct req *r)
{
    return reply_none(r, picture_away(r->db, path_id(r)));
}
