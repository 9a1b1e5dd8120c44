#include "http/reply.h"

#include "base/person.h"
#include "base/secret.h"
#include "http/cursor.h"
#include "http/req.h"

enum { ANSWER_MAX = 64 << 20 };

static const char json_type[] = "application/json; charset=utf-8";

// Takes the memory a handler may have put there before.
static struct reply *start(struct req *r, int status, const char *type)
{
    struct reply *reply = &r->reply;
    buf_done(&reply->body);
    reply->body   = buf_init(ANSWER_MAX);
    reply->status = status;
    reply->type   = type;
    return reply;
}

static enum err finish(struct reply *reply)
{
    return buf_is_full(&reply->body) ? ERR_TOO_LARGE : OK;
}

// The error of a result, freeing it.
static enum err fail(struct result *res)
{
    enum err e = res->err;
    result_done(res);
    return e;
}

// An ETag made of what is sent. A document that is changed under If-Match has its version before
// that: `version` alone would say that nothing changed where another row of the document did, or
// where somebody else reads it.
static void tag(struct req *r, struct str version, struct str bytes)
{
    uint8_t    hash[SECRET_HASH];
    struct buf text = buf_init(64);
    secret_hash(bytes, hash);
    buf_add_base64(&text, (struct str){ (const char *)hash, 12 });
    r->reply.etag = arena_printf(r->arena, "\"%.*s%s%.*s\"", STR_ARG(version),
                                 version.len ? "." : "", STR_ARG(buf_str(&text)));
    buf_done(&text);
}

void reply_tag(struct req *r, struct str bytes)
{
    tag(r, (struct str){ 0 }, bytes);
}

static struct str opened(struct req *r, struct str document)
{
    if (!r->route->person) {
        return document;
    }
    return r->by_key ? person_withhold(r->arena, document) : person_splice(r->arena, document);
}

enum err reply_one(struct req *r, int status, struct result res)
{
    if (res.err || result_count(&res) == 0) {
        enum err e = fail(&res);
        return e ? e : ERR_NOT_FOUND;
    }
    struct str document = result_text(&res, 0, 0);
    if (str_is_absent(document)) { // a function that found nothing returns null
        result_done(&res);
        return ERR_NOT_FOUND;
    }
    document            = opened(r, document);
    struct reply *reply = start(r, status, json_type);
    buf_reserve(&reply->body, document.len);
    buf_add(&reply->body, document);
    if (result_columns(&res) > 1 && !result_is_null(&res, 0, 1)) {
        tag(r, result_text(&res, 0, 1), document);
    } else if (r->method == GET) {
        tag(r, (struct str){ 0 }, document);
    }
    result_done(&res);
    return finish(reply);
}

static enum err reply_rows(struct req *r, struct result *res, int shown, bool has_more)
{
    struct reply *reply = start(r, 200, json_type);
    struct buf   *body  = &reply->body;
    size_t        size  = 64;
    for (int i = 0; i < shown; i++) {
        size += result_text(res, i, 0).len + 1;
    }
    buf_reserve(body, size);
    buf_add(body, STR("{\"items\":["));
    for (int i = 0; i < shown; i++) {
        buf_add(body, i ? STR(",") : STR(""));
        buf_add(body, opened(r, result_text(res, i, 0)));
    }
    buf_add(body, STR("],\"next\":"));
    if (has_more) {
        buf_add_char(body, '"');
        cursor_write(body, result_text(res, shown - 1, 1));
        buf_add(body, STR("\"}"));
    } else {
        buf_add(body, STR("null}"));
    }
    result_done(res);
    return finish(reply);
}

enum err reply_many(struct req *r, struct result res)
{
    return res.err ? fail(&res) : reply_rows(r, &res, result_count(&res), false);
}

enum err reply_page(struct req *r, struct result res, int most)
{
    if (res.err) {
        return fail(&res);
    }
    int count = result_count(&res);
    if (result_columns(&res) < 2 && count > most) {
        DIE("reply_page: the query has no second column");
    }
    return reply_rows(r, &res, count > most ? most : count, count > most);
}

enum err reply_none(struct req *r, struct result res)
{
    if (!res.err) {
        start(r, 204, NULL);
    }
    return fail(&res);
}

enum err reply_json(struct req *r, int status, struct str json)
{
    struct reply *reply = start(r, status, json_type);
    buf_add(&reply->body, json);
    return finish(reply);
}

enum err reply_buf(struct req *r, int status, const char *type, struct buf *body)
{
    struct reply *reply = start(r, status, type);
    reply->body         = *body;
    *body               = buf_init(body->max);
    return finish(reply);
}

enum err reply_file(struct req *r, int status, const char *type, int file, int64_t size)
{
    struct reply *reply = start(r, status, type);
    reply->file         = file;
    reply->file_size    = size;
    return OK;
}

// --- CSV ----------------------------------------------------------------------------------------

// A spreadsheet would run =, +, -, @ as a formula; a number may keep its sign.
static bool is_formula(struct str cell)
{
    double number;
    return cell.len > 0 && strchr("=+-@\t\r", cell.at[0]) && !str_double(cell, &number);
}

static void add_cell(struct buf *out, struct str cell)
{
    bool needs_quotes = is_formula(cell);
    for (size_t i = 0; i < cell.len && !needs_quotes; i++) {
        needs_quotes = strchr(";\"\r\n", cell.at[i]) != NULL;
    }
    if (!needs_quotes) {
        buf_add(out, cell);
        return;
    }
    buf_add(out, is_formula(cell) ? STR("\"'") : STR("\""));
    for (size_t i = 0; i < cell.len; i++) {
        buf_add(out, cell.at[i] == '"' ? STR("\"") : STR(""));
        buf_add_char(out, cell.at[i]);
    }
    buf_add_char(out, '"');
}

// On a route of persons the column `person` holds sealed ones and becomes five.
static void add_person(struct req *r, struct buf *out, const struct result *res, int row, int column)
{
    static const char header[] = "nom;prénom;fonction;téléphones;courriels";
    struct person     p        = { 0 };
    if (row < 0) {
        buf_add(out, str_of(header));
        return;
    }
    if (!person_unseal(r->arena, result_text(res, row, column), &p)) {
        p.family_name = STR("(illisible)");
    }
    for (size_t cell = 0; cell < PERSON_CELLS; cell++) {
        buf_add(out, cell ? STR(";") : STR(""));
        add_cell(out, person_cell(&p, cell, r->arena));
    }
}

enum err reply_csv(struct req *r, const char *name, struct result res)
{
    if (res.err) {
        return fail(&res);
    }
    struct reply *reply   = start(r, 200, "text/csv; charset=utf-8");
    int           columns = result_columns(&res);
    buf_add(&reply->body, STR("\xEF\xBB\xBF"));
    for (int row = -1; row < result_count(&res); row++) {
        for (int column = 0; column < columns; column++) {
            struct str title = str_of(PQfname(res.rows, column));
            buf_add(&reply->body, column ? STR(";") : STR(""));
            if (r->route->person && str_eq(title, STR("person"))) {
                add_person(r, &reply->body, &res, row, column);
            } else {
                add_cell(&reply->body, row < 0 ? title : result_text(&res, row, column));
            }
        }
        buf_add(&reply->body, STR("\r\n"));
    }
    result_done(&res);
    reply_header(r, "Content-Disposition",
                 arena_printf(r->arena, "attachment; filename=\"%s\"", name));
    return finish(reply);
}

// --- headers ------------------------------------------------------------------------------------

void reply_header(struct req *r, const char *name, struct str value)
{
    struct reply *reply = &r->reply;
    if (reply->count == REPLY_HEADERS) {
        DIE("reply_header: too many headers");
    }
    reply->headers[reply->count].name    = name;
    reply->headers[reply->count++].value = arena_text(r->arena, value);
}

void reply_public(struct req *r, int seconds)
{
    r->reply.public_seconds = seconds;
}
