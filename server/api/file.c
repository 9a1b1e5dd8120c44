#include "api/file.h"

#include <stddef.h>
#include <unistd.h>

#include "api/page.h"
#include "queries.h"

// The whole body, from its file into the arena.
static enum err body_bytes(struct req *r, struct str *ret_bytes)
{
    size_t size = (size_t)r->body_size;
    char  *at   = arena_alloc(r->arena, size);
    for (size_t got = 0; got < size;) {
        ssize_t n = pread(r->body_file, at + got, size - got, (off_t)got);
        if (n <= 0) {
            return ERR_INTERNAL;
        }
        got += (size_t)n;
    }
    *ret_bytes = (struct str){ at, size };
    return OK;
}

enum err file_post(struct req *r)
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
    if (e) {
        return e;
    }
    if (r->body_file < 0 || r->body_size == 0) {
        return ERR_IMPORT_EMPTY;
    }
    if ((e = body_bytes(r, &bytes))) {
        return e;
    }
    CLEANUP(result_done) struct result kept = file_new(r->db, f.name, bytes);
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
