// From the first byte to a request that can be run: headers, body, early refusals.
#include "http/call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "http/cookie.h"
#include "http/csrf.h"
#include "http/key.h"
#include "http/sweep.h"

enum { ARENAS_KEPT = 64, KEPT_SIZE = 64 * 1024, AGENT_MAX = 300, BODY_RATE = 50 };

// --- arenas kept for the next request ------------------------------------------------------------

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena   *pool[ARENAS_KEPT];
static size_t          pool_count;

static struct arena *pool_take(void)
{
    pthread_mutex_lock(&pool_lock);
    struct arena *a = pool_count ? pool[--pool_count] : NULL;
    pthread_mutex_unlock(&pool_lock);
    return a ? a : arena_new();
}

static void pool_give(struct arena *a)
{
    arena_reset(a);
    pthread_mutex_lock(&pool_lock);
    if (pool_count < ARENAS_KEPT) {
        pool[pool_count++] = a;
        a                  = NULL;
    }
    pthread_mutex_unlock(&pool_lock);
    arena_free(a);
}

void call_pool_done(void)
{
    while (pool_count) {
        arena_free(pool[--pool_count]);
    }
}

// --- birth and end -------------------------------------------------------------------------------

struct call *call_new(struct http *http, struct MHD_Connection *connection, const char *target)
{
    struct arena *a    = pool_take();
    struct call  *c    = ARENA_NEW(a, struct call);
    struct str    rest = arena_str(a, str_of(target));
    c->req.arena       = a;
    c->req.body_file   = -1;
    c->req.reply.file  = -1;
    c->http            = http;
    c->connection      = connection;
    c->started_us      = clock_us();
    str_cut(&rest, '?', &c->req.path); // still as sent; decoded by call_open
    c->req.query = rest;
    return c;
}

void call_free(struct call *c)
{
    if (!c) {
        return;
    }
    if (c->response) {
        MHD_destroy_response(c->response);
    }
    if (c->req.body_file >= 0) {
        close(c->req.body_file);
    }
    if (c->req.reply.file >= 0) {
        close(c->req.reply.file);
    }
    buf_done(&c->req.reply.body);
    buf_done(&c->body);
    pool_give(c->req.arena);
}

// --- headers -------------------------------------------------------------------------------------

static struct str header(struct call *c, const char *name)
{
    const char *value = NULL;
    size_t      size  = 0;
    if (MHD_lookup_connection_value_n(c->connection, MHD_HEADER_KIND, name, strlen(name), &value,
                                      &size) != MHD_YES) {
        return (struct str){ 0 };
    }
    return (struct str){ value ? value : "", value ? size : 0 };
}

// The values of a header as one list, whether they came in one line or in several.
struct values {
    struct arena *arena;
    struct str    name, list;
};

static enum MHD_Result add_value(void *context, enum MHD_ValueKind kind, const char *name,
                                 size_t name_size, const char *value, size_t size)
{
    struct values *v    = context;
    struct str     text = { value ? value : "", value ? size : 0 };
    (void)kind;
    if (str_eq_case((struct str){ name, name_size }, v->name)) {
        v->list = str_is_absent(v->list)
                      ? text
                      : arena_printf(v->arena, "%.*s,%.*s", STR_ARG(v->list), STR_ARG(text));
    }
    return MHD_YES;
}

static struct str header_list(struct call *c, const char *name)
{
    struct values v = { .arena = c->req.arena, .name = str_of(name) };
    MHD_get_connection_values_n(c->connection, MHD_HEADER_KIND, add_value, &v);
    return v.list;
}

static bool is_listed(const struct str *list, size_t count, struct str item)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(list[i], item)) {
            return true;
        }
    }
    return false;
}

// The client's address: of the peer, or what the last trusted proxy says.
static struct str read_address(struct call *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char                   text[INET6_ADDRSTRLEN] = "";
    const struct sockaddr *from                   = info ? info->client_addr : NULL;
    if (from && from->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)from;
        inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
        c->is_loopback = ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    } else if (from && from->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)from;
        inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
        c->is_loopback = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
    }
    struct str address   = arena_str(c->req.arena, str_of(text));
    struct str forwarded = header_list(c, "X-Forwarded-For");
    // A request that came through a proxy on this machine does not come from this machine.
    c->is_loopback = c->is_loopback && str_is_absent(forwarded);
    while (is_listed(c->http->proxies, c->http->proxy_count, address) && forwarded.len) {
        size_t     last = 0;
        struct str rest = forwarded;
        for (size_t i = 0; i < rest.len; i++) {
            last = rest.at[i] == ',' ? i + 1 : last;
        }
        struct str hop = str_trim(str_sub(rest, last, rest.len));
        if (hop.len == 0 || hop.len >= INET6_ADDRSTRLEN) {
            break;
        }
        address   = hop;
        forwarded = str_sub(rest, 0, last ? last - 1 : 0);
    }
    return address;
}

// If-Match: what an ETag begins with, up to its dot, or the version alone in quotes.
static struct str read_version(struct call *c)
{
    struct str tag = str_trim(header(c, "If-Match"));
    if (str_starts(tag, STR("W/"))) {
        tag = str_sub(tag, 2, tag.len);
    }
    if (tag.len >= 2 && tag.at[0] == '"' && tag.at[tag.len - 1] == '"') {
        tag = str_sub(tag, 1, tag.len - 2);
        return str_sub(tag, 0, str_index(tag, '.'));
    }
    return (struct str){ 0 };
}

// Ours, or a well-formed one that a proxy gave.
static struct str read_id(struct call *c)
{
    struct str given = header(c, "X-Request-Id");
    bool       is_ok = given.len >= 8 && given.len <= 64;
    for (size_t i = 0; is_ok && i < given.len; i++) {
        char x = given.at[i];
        is_ok  = (x >= '0' && x <= '9') || (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') ||
                x == '-' || x == '_';
    }
    return is_ok ? given
                 : arena_printf(c->req.arena, "%016llx", (unsigned long long)secret_random());
}

static void read_headers(struct call *c)
{
    struct req *r       = &c->req;
    struct str  cookies = header(c, "Cookie");
    struct str  accepts = header(c, "Accept-Encoding");
    struct str  bearer  = header(c, "Authorization");
    struct str  length  = header_list(c, "Content-Length");
    // Whoever shows something in place of a key is told that it is none, an empty one too: no session is looked for.
    bool is_bearer = str_eq_case(str_sub(bearer, 0, 6), STR("bearer")) && (bearer.len == 6 || bearer.at[6] == ' ');
    c->has_body         = (length.len > 0 && !str_eq(length, STR("0"))) ||
                  !str_is_absent(header(c, "Transfer-Encoding"));
    c->host            = header(c, "Host");
    c->origin          = header(c, "Origin");
    c->csrf            = header(c, "X-CSRF-Token");
    c->fetch_site      = header(c, "Sec-Fetch-Site");
    c->content_type    = header(c, "Content-Type");
    c->idempotency_key = header(c, "Idempotency-Key");
    c->if_none_match   = header(c, "If-None-Match");
    c->wants_gzip      = header_accepts(accepts, STR("gzip"));
    c->wants_br        = header_accepts(accepts, STR("br"));
    c->bearer   = is_bearer ? str_trim(str_sub(bearer, 6, bearer.len)) : STR("");
    r->site = c->http->origin_count > 0
                  ? c->http->origins[0]
                  : arena_printf(r->arena, "http://%.*s", STR_ARG(c->host));
    r->id       = read_id(c);
    r->trace    = header_trace(header(c, "traceparent"));
    r->address  = read_address(c);
    r->agent    = str_sub(header(c, "User-Agent"), 0, AGENT_MAX);
    r->if_match = read_version(c);
    r->device   = cookie_find(cookies, STR("__Host-device"));
    r->by_key   = is_bearer;
    r->token    = r->by_key ? (struct str){ 0 } : cookie_find(cookies, STR("__Host-session"));
    if (r->by_key) {
        r->token_hash = key_hash(r->arena, c->bearer);
    }
    if (r->token.len != SECRET_TOKEN) {
        r->token = (struct str){ 0 };
        return;
    }
    uint8_t *hash = arena_alloc(r->arena, SECRET_HASH);
    secret_hash(r->token, hash);
    r->token_hash = (struct str){ (const char *)hash, SECRET_HASH };
}

// --- early refusals ------------------------------------------------------------------------------

static bool is_write(enum method method)
{
    return method != GET;
}

// A browser says where a request comes from; what does not come from our pages may not write.
static bool is_from_elsewhere(const struct call *c)
{
    if (str_eq(c->fetch_site, STR("cross-site"))) {
        return true;
    }
    if (str_is_absent(c->origin) || is_listed(c->http->origins, c->http->origin_count, c->origin)) {
        return false;
    }
    size_t scheme = str_find(c->origin, STR("://"));
    bool   same   = scheme < c->origin.len &&
                str_eq_case(str_sub(c->origin, scheme + 3, c->origin.len), c->host);
    return c->http->origin_count > 0 || !same;
}

static enum err check_writer(struct call *c)
{
    if (is_from_elsewhere(c)) {
        return ERR_CSRF;
    }
    if (c->req.route->role == PUBLIC) {
        return OK;
    }
    return csrf_is_right(c->req.arena, c->req.token, c->csrf) ? OK : ERR_CSRF;
}

// A key travels in a header that no page of another site can set by itself: it needs no token.
static enum err check_key(const struct call *c)
{
    const struct req *r = &c->req;
    if (str_is_absent(r->token_hash)) {
        return ERR_KEY_INVALID;
    }
    return r->route->scope ? OK : ERR_KEY_CLOSED;
}

static enum err check_asker(struct call *c)
{
    const struct req *r = &c->req;
    if (r->by_key && r->route->role != PUBLIC) {
        return check_key(c);
    }
    if (r->route->role != PUBLIC && str_is_absent(r->token)) {
        return ERR_NOT_SIGNED_IN;
    }
    return is_write(r->method) ? check_writer(c) : OK;
}

static enum err check_body(struct call *c)
{
    const struct route *route      = c->req.route;
    struct str          length     = header_list(c, "Content-Length");
    bool                is_chunked = !str_is_absent(header(c, "Transfer-Encoding"));
    int64_t             size       = 0;
    if (str_is_absent(length) && !is_chunked) {
        return OK;
    }
    // Two lengths, or a length and chunks: a proxy may have seen the request end elsewhere.
    if (!str_is_absent(length) && (is_chunked || !str_int(length, &size) || size < 0)) {
        return ERR_MALFORMED;
    }
    if (size > (int64_t)route->body) {
        return ERR_TOO_LARGE;
    }
    link_enter(c->link, PHASE_BODY, size / BODY_RATE);
    if ((size == 0 && !is_chunked) || route->upload) {
        return OK;
    }
    return header_is_type(c->content_type, STR("application/json")) ? OK : ERR_UNSUPPORTED_MEDIA;
}

static enum err open_upload(struct call *c)
{
    const struct http_options *o         = &c->http->options;
    const char                *directory = o->temporary.len ? o->temporary.at : "/tmp";
    c->req.body_file                     = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return c->req.body_file >= 0 ? OK : ERR_UNAVAILABLE;
}

enum err call_open(struct call *c, const char *method)
{
    struct req *r    = &c->req;
    struct str  name = str_of(method);
    c->is_known      = true;
    c->body          = buf_init(0);
    read_headers(c);
    if (!percent_decode(r->path, false, r->arena, &r->path)) {
        return ERR_MALFORMED;
    }
    c->is_head   = str_eq(name, STR("HEAD"));
    bool is_ours = method_of(c->is_head ? STR("GET") : name, &r->method);
    r->route = route_find(c->http->options.routes, c->http->options.route_count, r->method, r->path,
                          &r->match, &c->methods);
    if (!r->route || !is_ours) {
        r->route = NULL;
        return c->methods ? ERR_METHOD_NOT_ALLOWED : ERR_NOT_FOUND;
    }
    enum err e = check_asker(c);
    if (!e) {
        e = check_body(c);
    }
    if (!e && r->route->upload) {
        e = open_upload(c);
    }
    c->body = buf_init(r->route->body);
    return e;
}

static void write_upload(struct call *c, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(c->req.body_file, data, size);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            c->refusal = ERR_UNAVAILABLE; // the disk is full
            return;
        }
        data += n;
        size -= (size_t)n;
    }
}

void call_body(struct call *c, const char *data, size_t size)
{
    c->req.body_size += (int64_t)size;
    if (c->refusal) {
        return; // read to the end, so that the answer can be sent
    }
    if (c->req.body_size > (int64_t)c->req.route->body) {
        c->refusal = ERR_TOO_LARGE;
    } else if (c->req.route->upload) {
        write_upload(c, data, size);
    } else {
        buf_add(&c->body, (struct str){ data, size });
    }
}
