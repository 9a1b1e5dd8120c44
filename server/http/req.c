#include "http/req.h"

#include <unistd.h>

#include "http/cursor.h"

static size_t match_index(const struct req *r, const char *name)
{
    for (size_t i = 0; i < r->match.count; i++) {
        if (str_eq(r->match.name[i], str_of(name))) {
            return i;
        }
    }
    return PATH_PARTS;
}

int64_t path_id(const struct req *r)
{
    for (size_t i = 0; i < r->match.count; i++) {
        if (r->match.id[i]) {
            return r->match.id[i];
        }
    }
    DIE("path_id: the route has no id");
}

int64_t path_id_named(const struct req *r, const char *name)
{
    size_t i = match_index(r, name);
    if (i == PATH_PARTS) {
        DIE("path_id_named: the route has no such id");
    }
    return r->match.id[i];
}

struct str path_text(const struct req *r, const char *name)
{
    size_t i = match_index(r, name);
    return i < PATH_PARTS ? r->match.text[i] : (struct str){ 0 };
}

enum err body_read(struct req *r, const struct field *fields, void *form)
{
    // No body at all is an empty object: only required fields can be missing.
    struct str json = r->body.len ? r->body : STR("{}");
    return json_read(json, fields, form, r->arena, &r->fields, &r->why);
}

enum err query_read(struct req *r, const struct field *fields, void *form)
{
    return query_read_fields(r->query, fields, form, r->arena, &r->fields);
}

enum err upload_read(struct req *r, struct str *ret_bytes)
{
    size_t size = r->body_file < 0 ? 0 : (size_t)r->body_size;
    char  *at   = arena_alloc(r->arena, size + 1);
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

enum err form_read(struct req *r, const struct field *fields, void *form)
{
    struct str text;
    enum err   e = upload_read(r, &text);
    return e ? e : query_read_fields(text, fields, form, r->arena, &r->fields);
}

struct str query_text(struct req *r, const char *name)
{
    return query_value(r->query, str_of(name), r->arena);
}

int64_t query_int(struct req *r, const char *name, int64_t otherwise)
{
    int64_t value = 0;
    return str_int(query_text(r, name), &value) ? value : otherwise;
}

enum err query_cursor(struct req *r, struct str *ret_position)
{
    struct str text = query_text(r, "after");
    if (text.len == 0) {
        *ret_position = (struct str){ 0 };
        return OK;
    }
    return cursor_read(text, r->arena, ret_position);
}

enum err req_version(struct req *r, struct str *ret_version)
{
    if (str_is_absent(r->if_match)) {
        return ERR_PRECONDITION_REQUIRED;
    }
    *ret_version = r->if_match;
    return OK;
}

void req_field_error(struct req *r, const char *field, const char *code, const char *message)
{
    field_error_add(&r->fields, r->arena, str_of(field), str_of(code), str_of(message));
}

void req_extra(struct req *r, struct str json)
{
    r->extra = arena_str(r->arena, json);
}

void req_why(struct req *r, struct str sentence)
{
    r->why = arena_str(r->arena, sentence);
}
