// From what a handler replied to a response of libmicrohttpd, with the headers every answer has.
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/call.h"
#include "http/cookie.h"
#include "http/headers.h"
#include "http/hub.h"
#include "http/metrics.h"
#include "http/sweep.h"

enum { GZIP_FROM = 1400 }; // one network packet: less gains nothing

static void free_buffer(void *memory)
{
    free(memory);
}

// Compresses the body in place when that makes it smaller.
static bool gzip(struct worker *w, struct buf *body)
{
    w->gzip = w->gzip ? w->gzip : libdeflate_alloc_compressor(1);
    if (!w->gzip) {
        return false;
    }
    char  *out  = memory_new(body->len);
    size_t size = libdeflate_gzip_compress(w->gzip, body->at, body->len, out, body->len);
    if (size == 0) { // did not fit
        free(out);
        return false;
    }
    size_t max = body->max;
    buf_done(body);
    *body = (struct buf){ .at = memory_resize(out, size), .len = size, .room = size, .max = max };
    return true;
}

// A response that owns the memory of the buf.
static struct MHD_Response *from_buf(struct buf *body)
{
    struct MHD_Response *response;
    if (body->len == 0) {
        buf_done(body);
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    }
    response = MHD_create_response_from_buffer_with_free_callback(body->len, body->at, free_buffer);
    if (response) {
        *body = buf_init(body->max);
    }
    return response;
}

static void set(struct call *c, const char *name, struct str value)
{
    MHD_add_response_header(c->response, name, arena_text(c->req.arena, value));
}

static void set_always(struct call *c)
{
    const char *type = c->req.reply.type;
    headers_add_security(c->response, type && str_starts(str_of(type), STR("text/html"))
                                          ? HEADERS_PAGE
                                          : HEADERS_API,
                        c->req.route && c->req.route->secret);
    set(c, "X-Request-Id", c->req.id.at ? c->req.id : STR("-"));
    if (c->retry_after > 0) {
        set(c, "Retry-After", arena_printf(c->req.arena, "%d", c->retry_after));
    }
    if (c->quota.limit > 0) {
        struct arena *a    = c->req.arena;
        int           left = c->quota.left < 0 ? 0 : c->quota.left;
        set(c, "RateLimit-Policy", arena_printf(a, "\"%s\";q=%d;w=%d", c->policy, c->quota.limit, QUOTA_WINDOW_S));
        set(c, "RateLimit", arena_printf(a, "\"%s\";r=%d;t=%d", c->policy, left, c->quota.reset_s));
    }
    for (size_t i = 0; i < c->req.reply.count; i++) {
        MHD_add_response_header(c->response, c->req.reply.headers[i].name,
                                c->req.reply.headers[i].value);
    }
}

static void set_allow(struct call *c)
{
    struct buf list = buf_init(100);
    for (unsigned m = GET; m <= DELETE; m++) {
        if (c->methods & 1u << m) {
            buf_add(&list, list.len ? STR(", ") : STR(""));
            buf_add(&list, method_name((enum method)m));
        }
    }
    set(c, "Allow", buf_str(&list));
    buf_done(&list);
}

// Whether people read what stands at this address, by this method or another.
static bool is_page(const struct call *c)
{
    struct path_match match;
    bool              is_one = c->req.route && c->req.route->page;
    for (size_t i = 0; i < c->http->options.route_count && !c->req.route && !is_one; i++) {
        const struct route *route = &c->http->options.routes[i];
        is_one                    = route->page && path_matches(route->path, c->req.path, &match);
    }
    return is_one;
}

void call_refuse(struct call *c, enum err e)
{
    struct req *r    = &c->req;
    struct buf  body = buf_init(KIB(256));
    bool        page = is_page(c);
    c->status        = err_status(e);
    if (c->status == 503 && c->retry_after == 0) {
        c->retry_after = 1;
    }
    if (page) {
        refusal_page(r, e, c->retry_after, &body);
        r->reply.type = "text/html; charset=utf-8"; // with the headers of a page
    } else {
        problem_write(r, e, &body);
    }
    c->response = from_buf(&body);
    if (!c->response) {
        buf_done(&body);
        return;
    }
    set(c, "Content-Type", page ? STR("text/html; charset=utf-8") : STR("application/problem+json; charset=utf-8"));
    set(c, "Cache-Control", STR("no-store"));
    set_always(c);
    if (e == ERR_METHOD_NOT_ALLOWED) {
        set_allow(c);
    }
    if (r->by_key && c->status == 401) {
        set(c, "WWW-Authenticate", STR("Bearer realm=\"Maillage\", error=\"invalid_token\""));
    }
}

static void set_caching(struct call *c)
{
    struct reply *reply = &c->req.reply;
    if (reply->etag.len) {
        set(c, "ETag", reply->etag);
    }
    if (reply->public_seconds > 0) {
        set(c, "Cache-Control",
            arena_printf(c->req.arena, "public, max-age=%d", reply->public_seconds));
    } else {
        // Private documents may be kept by the browser that asked, but must be checked each time.
        set(c, "Cache-Control", reply->etag.len ? STR("private, no-cache") : STR("no-store"));
    }
    if (reply->type) {
        set(c, "Vary", STR("Accept-Encoding, Cookie"));
    }
}

static bool is_compressible(const char *type)
{
    return type && (strncmp(type, "text/", 5) == 0 || strncmp(type, "application/json", 16) == 0 ||
                    strncmp(type, "application/geo+json", 20) == 0 ||
                    strncmp(type, "application/vnd.mapbox-vector-tile", 34) == 0);
}

static void answer_stream(struct call *c)
{
    struct stream *stream = c->req.reply.stream;
    c->req.reply.stream   = NULL;
    c->has_stream         = true;
    c->response           = stream_response(stream, c->connection);
    if (!c->response) {
        stream_close(stream);
        call_refuse(c, ERR_UNAVAILABLE);
        return;
    }
    set(c, "Content-Type", STR("text/event-stream; charset=utf-8"));
    set(c, "Cache-Control", STR("no-store"));
    set(c, "X-Accel-Buffering", STR("no"));
    set_always(c);
}

void call_answer(struct call *c, struct worker *w)
{
    struct reply *reply = &c->req.reply;
    c->status           = reply->status;
    if (reply->stream) {
        answer_stream(c);
        return;
    }
    bool is_same = c->req.method == GET && reply->status == 200 && reply->etag.len &&
                   header_names_tag(c->if_none_match, reply->etag);
    bool is_gzip = false;
    if (is_same) {
        c->status = 304;
        buf_done(&reply->body);
        reply->type = NULL;
    } else if (w && c->wants_gzip && reply->body.len >= GZIP_FROM && is_compressible(reply->type)) {
        is_gzip = gzip(w, &reply->body);
    }
    if (reply->file >= 0 && !is_same) {
        c->response = MHD_create_response_from_fd64((uint64_t)reply->file_size, reply->file);
        reply->file = c->response ? -1 : reply->file; // closed with the response
    } else {
        c->response = from_buf(&reply->body);
    }
    if (!c->response) {
        call_refuse(c, ERR_UNAVAILABLE);
        return;
    }
    if (reply->type) {
        set(c, "Content-Type", str_of(reply->type));
    }
    if (is_gzip) {
        set(c, "Content-Encoding", STR("gzip"));
    }
    set_caching(c);
    set_always(c);
}

static void tell(struct call *c)
{
    struct req *r       = &c->req;
    int64_t     took_us = clock_us() - c->started_us;
    metrics_request(r->route ? (size_t)(r->route - c->http->options.routes) : METRICS_OTHER,
                    c->status, took_us);
    // A refused request costs nothing, so its line must not either: the ticker counts them.
    bool is_quiet = c->is_refused || (c->status < 500 && (!r->route || r->method == GET));
    log_context(r->id, r->trace);
    log_line(c->status >= 500 ? LOG_WARNING
             : is_quiet       ? LOG_DEBUG
                              : LOG_INFO,
             "request", LOG_TEXT("method", r->route ? method_name(r->method) : STR("-")),
             LOG_TEXT("path", r->route && r->route->secret ? str_of(r->route->path) : r->path), LOG_NUMBER("status", c->status), LOG_NUMBER("us", took_us),
             LOG_TEXT("address", r->address));
    log_context((struct str){ 0 }, (struct str){ 0 });
}

enum MHD_Result call_send(struct call *c)
{
    if (!c->response) {
        return MHD_NO; // closes the connection
    }
    if (c->http->is_stopping) {
        MHD_add_response_header(c->response, "Connection", "close");
    }
    c->state = CALL_SENT;
    link_enter(c->link, c->has_stream ? PHASE_STREAM : PHASE_SENDING, 0);
    tell(c);
    enum MHD_Result sent = MHD_queue_response(c->connection, (unsigned)c->status, c->response);
    MHD_destroy_response(c->response);
    c->response = NULL;
    return sent;
}

// --- streams ------------------------------------------------------------------------------------

enum err reply_stream(struct req *r, const struct audience *audience, int64_t missed_ms)
{
    struct stream *stream = stream_open(call_of(r)->http->hub, audience, missed_ms);
    if (!stream) {
        return ERR_TOO_MANY_STREAMS;
    }
    r->reply.stream = stream;
    r->reply.status = 200;
    return OK;
}

void streams_end(struct req *r, struct str token_hash)
{
    if (token_hash.len == 32) {
        hub_end_session(call_of(r)->http->hub, (const uint8_t *)token_hash.at);
    }
}
