// application/problem+json (RFC 9457), with our stable code and whatever SQL added.
#include <jansson.h>

#include "http/call.h"

static void write_fields(const struct field_errors *errors, struct buf *body)
{
    buf_add(body, STR(",\"fields\":["));
    for (const struct field_error *f = errors->first; f; f = f->next) {
        buf_add(body, f == errors->first ? STR("{\"field\":") : STR(",{\"field\":"));
        buf_add_json(body, f->field);
        buf_add(body, STR(",\"code\":"));
        buf_add_json(body, f->code);
        buf_add(body, STR(",\"message\":"));
        buf_add_json(body, f->message);
        buf_add_char(body, '}');
    }
    buf_add_char(body, ']');
}

static bool is_reserved(const char *name)
{
    static const char *const names[] = { "type",   "title",      "status", "code",
                                         "detail", "request_id", "fields" };
    for (size_t i = 0; i < LENGTH(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

// Members of a JSON object become members of the problem; any other text is its detail.
static void write_extra(struct str extra, bool has_detail, struct buf *body)
{
    json_t     *root = json_loadb(extra.at ? extra.at : "", extra.len, 0, NULL);
    const char *name;
    json_t     *value;
    if (!json_is_object(root) && extra.len && !has_detail) {
        buf_add(body, STR(",\"detail\":"));
        buf_add_json(body, extra);
    }
    json_object_foreach(root, name, value)
    {
        bool is_detail = strcmp(name, "detail") == 0 && !has_detail;
        if (is_reserved(name) && !is_detail) {
            continue;
        }
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        buf_add_char(body, ',');
        buf_add_json(body, str_of(name));
        buf_add_char(body, ':');
        buf_add(body, str_of(text));
        free(text);
    }
    json_decref(root);
}

void problem_write(struct req *r, enum err e, struct buf *body)
{
    buf_add(body, STR("{\"type\":\"/problems/"));
    buf_add(body, err_code(e));
    buf_add(body, STR("\",\"title\":"));
    buf_add_json(body, err_sentence(e));
    buf_printf(body, ",\"status\":%d,\"code\":\"", err_status(e));
    buf_add(body, err_code(e));
    buf_add(body, STR("\",\"request_id\":"));
    buf_add_json(body, r->id.at ? r->id : STR(""));
    if (r->why.len) {
        buf_add(body, STR(",\"detail\":"));
        buf_add_json(body, r->why);
    }
    if (r->fields.first) {
        write_fields(&r->fields, body);
    }
    if (r->extra.len) {
        write_extra(r->extra, r->why.len > 0, body);
    }
    buf_add_char(body, '}');
}
