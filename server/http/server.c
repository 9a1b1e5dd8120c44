// libmicrohttpd: network threads, the way of a request through them, start and stop.
#include "http/server.h"

#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/call.h"
#include "http/files.h"
#include "http/hub.h"
#include "http/metrics.h"
#include "http/sweep.h"

enum {
    NETWORK_THREADS   = 2,
    CONNECTIONS       = 8000,
    CONNECTION_MEMORY = 12 * 1024, // holds the headers of a request, pieces of a body, of an answer
    INACTIVITY        = 75,        // seconds
    STACK             = 256 * 1024,
    BACKLOG           = 511,
    TICK_MS           = 250,
};

// --- the way of a request
// -------------------------------------------------------------------------

static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct call                    *c = call_new(context, connection, target);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    c->link = info ? info->socket_context : NULL;
    link_enter(c->link, PHASE_HEADERS, 0);
    return c;
}

static enum MHD_Result refuse(struct call *c, enum err e)
{
    call_refuse(c, e);
    return call_send(c);
}

// Addresses that are no route: the web app, if it is a page or a file of it.
static bool send_file(struct call *c)
{
    struct req         *r       = &c->req;
    struct file_request request = { r->path, c->if_none_match, c->wants_br, c->wants_gzip };
    bool                is_read = c->is_head || str_eq(method_name(GET), method_name(r->method));
    if (!is_read || !files_send(c->http->files, &request, c->connection, &c->status)) {
        return false;
    }
    c->state = CALL_SENT;
    link_enter(c->link, PHASE_SENDING, 0);
    metrics_request(METRICS_OTHER, c->status, clock_us() - c->started_us);
    return true;
}

// A refusal is told at once when a body would follow, which closes the connection afterwards;
// without one it waits for the end of the request, so that the connection can be kept.
static enum MHD_Result open_call(struct call *c, const char *method)
{
    c->refusal = call_open(c, method);
    return c->refusal && c->has_body ? refuse(c, c->refusal) : MHD_YES;
}

// The whole request has come: run it here if it cannot block, otherwise hand it to a lane.
static enum MHD_Result start_call(struct call *c)
{
    struct req *r = &c->req;
    if (c->refusal == ERR_NOT_FOUND && !c->has_body && send_file(c)) {
        return MHD_YES;
    }
    if (c->refusal) {
        return refuse(c, c->refusal);
    }
    r->body = buf_str(&c->body);
    if (r->route->lane == INLINE) {
        enum err e = r->route->handle(r);
        if (e) {
            return refuse(c, e);
        }
        call_answer(c, NULL);
        return call_send(c);
    }
    link_enter(c->link, PHASE_WORK, 0);
    c->state = CALL_QUEUED;
    MHD_suspend_connection(c->connection); // first suspend, then publish
    if (!lanes_push(c->http->lanes, &c->ticket, r->route->lane)) {
        c->is_refused = true;
        call_refuse(c, ERR_BUSY);
        c->state = CALL_ANSWERED;
        MHD_resume_connection(c->connection);
    }
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    struct call *c = *state;
    (void)context, (void)connection, (void)url, (void)version;
    if (!c->is_known) {
        return open_call(c, method);
    }
    if (*size > 0) {
        call_body(c, data, *size);
        *size = 0;
        // Far more than allowed: cut instead of reading it all.
        return c->req.body_size > (int64_t)(c->req.route->body + MIB(8)) ? MHD_NO : MHD_YES;
    }
    switch (c->state) {
    case CALL_READING:
        return start_call(c);
    case CALL_ANSWERED:
        return call_send(c);
    default:
        return MHD_YES;
    }
}

static void on_end(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode code)
{
    struct call *c = *state;
    (void)context, (void)connection, (void)code;
    if (c) {
        link_enter(c->link, PHASE_IDLE, 0);
    }
    call_free(c);
    *state = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_context = info ? link_open(http->sweep, info->connect_fd) : NULL;
    } else {
        link_close(*socket_context);
        *socket_context = NULL;
    }
}

// --- workers
// --------------------------------------------------------------------------------------

static struct call *call_of_ticket(struct ticket *t)
{
    return (struct call *)(void *)((char *)t - offsetof(struct call, ticket));
}

static void *open_worker(void *context)
{
    struct http   *http = context;
    struct worker *w    = memory_zero(sizeof *w);
    w->db               = db_open(http->options.db, "maillage-server");
    w->kv               = kv_open(http->options.redis, 500);
    return w;
}

static void close_worker(void *context, void *state)
{
    struct worker *w = state;
    (void)context;
    db_close(w->db);
    kv_close(w->kv);
    libdeflate_free_compressor(w->gzip);
    free(w);
}

static void resume(struct call *c)
{
    struct MHD_Connection *connection = c->connection;
    c->state                          = CALL_ANSWERED;
    MHD_resume_connection(connection); // the call belongs to the network thread again
}

static void run_ticket(void *context, void *state, struct ticket *t)
{
    struct call *c = call_of_ticket(t);
    (void)context;
    call_run(c, state);
    resume(c);
}

static void refuse_ticket(void *context, struct ticket *t)
{
    struct call *c = call_of_ticket(t);
    (void)context;
    c->is_refused = true;
    call_refuse(c, ERR_BUSY);
    resume(c);
}

// --- what happens a few times per second
// ----------------------------------------------------------

// One line for all the requests refused since the last look.
static void tell_refusals(struct http *http, uint64_t *known)
{
    uint64_t light = lanes_depth(http->lanes, LIGHT).refused;
    uint64_t heavy = lanes_depth(http->lanes, HEAVY).refused;
    if (light != known[LIGHT] || heavy != known[HEAVY]) {
        log_line(LOG_WARNING, "busy", LOG_NUMBER("light_refused", (int64_t)(light - known[LIGHT])),
                 LOG_NUMBER("heavy_refused", (int64_t)(heavy - known[HEAVY])));
    }
    known[LIGHT] = light;
    known[HEAVY] = heavy;
}

static void *tick(void *context)
{
    struct http *http         = context;
    uint64_t     known[LANES] = { 0 };
    for (unsigned i = 1; !http->is_stopping; i++) {
        clock_sleep_ms(TICK_MS);
        lanes_expire(http->lanes);
        if (i % 4 == 0) {
            hub_beat(http->hub);
            sweep_run(http->sweep);
            tell_refusals(http, known);
        }
        if (i % 20 == 0) {
            files_reload(http->files);
        }
    }
    return NULL;
}

// --- start
// ----------------------------------------------------------------------------------------

static void fail_with(struct http *http, struct str *reterr_why, const char *what)
{
    static char text[300]; // start happens once, on the main thread
    snprintf(text, sizeof text, "%.*s: %s: %s", STR_ARG(http->options.listen), what,
             strerror(errno));
    *reterr_why = str_of(text);
}

// A listening socket for address:port or [address]:port.
static enum err open_listener(struct http *http, struct str *reterr_why)
{
    struct str       listen_on = http->options.listen;
    size_t           colon     = listen_on.len;
    struct addrinfo  hints     = { .ai_flags    = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM };
    struct addrinfo *found     = NULL;
    for (size_t i = 0; i < listen_on.len; i++) {
        colon = listen_on.at[i] == ':' ? i : colon;
    }
    struct str host = str_sub(listen_on, 0, colon);
    if (str_starts(host, STR("["))) {
        host = str_sub(host, 1, host.len - 2);
    }
    const char *name = arena_text(http->arena, host);
    const char *port = arena_text(http->arena, str_sub(listen_on, colon + 1, listen_on.len));
    if (getaddrinfo(*name ? name : NULL, port, &hints, &found) != 0) {
        errno = EINVAL;
        fail_with(http, reterr_why, "not an address:port");
        return ERR_INVALID;
    }
    int one        = 1;
    http->listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(http->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bool is_open = http->listener >= 0 &&
                   bind(http->listener, found->ai_addr, found->ai_addrlen) == 0 &&
                   listen(http->listener, BACKLOG) == 0;
    freeaddrinfo(found);
    if (!is_open) {
        fail_with(http, reterr_why, "cannot listen");
        return ERR_UNAVAILABLE;
    }
    struct sockaddr_storage bound;
    socklen_t               size = sizeof bound;
    getsockname(http->listener, (struct sockaddr *)&bound, &size);
    http->port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                   : ((struct sockaddr_in *)&bound)->sin_port);
    return OK;
}

static size_t read_list(struct arena *a, struct str text, struct str *list, size_t room)
{
    size_t     count = 0;
    struct str part;
    while (count < room && str_cut(&text, ',', &part)) {
        part = str_trim(part);
        if (str_ends(part, STR("/"))) {
            part.len--;
        }
        if (part.len) {
            list[count++] = arena_str(a, part);
        }
    }
    return count;
}

PRINTF(2, 0)
static void log_message(void *context, const char *format, va_list args)
{
    char text[300];
    (void)context;
    vsnprintf(text, sizeof text, format, args);
    log_line(LOG_DEBUG, "microhttpd", LOG_TEXT("message", str_trim(str_of(text))));
}

static enum err start_daemon(struct http *http, struct str *reterr_why)
{
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    http->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, http, MHD_OPTION_EXTERNAL_LOGGER, log_message, NULL,
        MHD_OPTION_LISTEN_SOCKET, http->listener, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)NETWORK_THREADS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)http->options.per_ip, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)2048,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)INACTIVITY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, http, MHD_OPTION_NOTIFY_COMPLETED, on_end, http,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_END);
    if (!http->daemon) {
        fail_with(http, reterr_why, "libmicrohttpd does not start");
        return ERR_INTERNAL;
    }
    return OK;
}

// Two allocation arenas instead of one per thread: memory freed by one is found by another.
static void tune_process(void)
{
    struct rlimit files;
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    mallopt(M_TRIM_THRESHOLD, 1024 * 1024);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
}

static struct lanes *start_lanes(struct http *http)
{
    struct lane_options options = {
        .workers = http->options.workers,
        .lanes   = { [LIGHT] = { .room = 256, .wait_ms = 1000 },
                     [HEAVY] = { .room = 16, .wait_ms = 5000 } },
        .context = http,
        .open    = open_worker,
        .close   = close_worker,
        .run     = run_ticket,
        .refuse  = refuse_ticket,
    };
    return lanes_start(&options);
}

enum err http_start(const struct http_options *options, struct http **ret_http,
                    struct str *reterr_why)
{
    struct http *http = memory_zero(sizeof *http);
    http->arena       = arena_new();
    http->options     = *options;
    http->origin_count =
        read_list(http->arena, options->origins, http->origins, LENGTH(http->origins));
    http->proxy_count =
        read_list(http->arena, options->proxies, http->proxies, LENGTH(http->proxies));
    if (options->route_count > METRICS_ROUTES) {
        DIE("more routes than metrics.h has room for");
    }
    tune_process();
    enum err e = open_listener(http, reterr_why);
    if (e) {
        arena_free(http->arena);
        free(http);
        return e;
    }
    http->sweep = sweep_new();
    http->files = files_open(options->web);
    http->hub   = hub_start(options->redis);
    http->lanes = start_lanes(http);
    if (pthread_create(&http->ticker, NULL, tick, http) != 0) {
        DIE("no thread can be started");
    }
    e = start_daemon(http, reterr_why);
    if (e) {
        close(http->listener);
        http_stop(http, 0);
        return e;
    }
    *ret_http = http;
    return OK;
}

int http_port(const struct http *http)
{
    return http->port;
}

// --- stop
// -----------------------------------------------------------------------------------------

void http_stop(struct http *http, int grace_ms)
{
    if (!http) {
        return;
    }
    http->is_stopping = true;
    pthread_join(http->ticker, NULL);
    if (http->daemon) {
        MHD_socket listener = MHD_quiesce_daemon(http->daemon); // no new connection
        if (listener != MHD_INVALID_SOCKET) {
            close(listener);
        }
    }
    lanes_stop(http->lanes, grace_ms); // every waiting request is answered and resumed
    hub_end(http->hub);                // every stream too
    if (http->daemon) {
        clock_sleep_ms(100); // lets the network threads send what was answered last
        MHD_stop_daemon(http->daemon);
    }
    hub_stop(http->hub);
    files_close(http->files);
    sweep_free(http->sweep);
    call_pool_done();
    arena_free(http->arena);
    free(http);
}
