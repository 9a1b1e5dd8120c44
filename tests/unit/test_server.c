// The HTTP side as a whole, over real sockets, without PostgreSQL; run with sanitizers too.
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "http/call.h"
#include "http/hub_private.h"
#include "tap.h"

// --- a small server
// -------------------------------------------------------------------------------

struct echo {
    struct str text;
};

static enum err ping(struct req *r)
{
    return reply_json(r, 200, STR("{\"ping\":true}"));
}

static enum err slow(struct req *r)
{
    clock_sleep_ms(100);
    return reply_json(r, 200, STR("{\"slow\":true}"));
}

static enum err large(struct req *r)
{
    struct buf body = buf_init(MIB(2));
    for (int i = 0; i < 20000; i++) {
        buf_add(&body, STR("{\"name\":\"Boulangerie\"},"));
    }
    return reply_buf(r, 200, "application/json", &body);
}

static enum err echo(struct req *r)
{
    static const struct field fields[] = {
        { .name = "text", .type = FIELD_TEXT, .offset = 0, .required = true },
        { 0 },
    };
    struct echo form = { 0 };
    enum err    e    = body_read(r, fields, &form);
    return e ? e : reply_json(r, 201, form.text);
}

static enum err upload(struct req *r)
{
    char    text[64];
    ssize_t n = pread(r->body_file, text, sizeof text, 0);
    return reply_json(
        r, 200,
        arena_printf(r->arena, "%lld %.*s", (long long)r->body_size, n < 5 ? (int)n : 5, text));
}

static enum err address(struct req *r)
{
    return reply_json(r, 200, r->address);
}

static enum err events(struct req *r)
{
    struct audience a = { .territory = query_int(r, "t", 0), .is_partner = true };
    a.member          = query_int(r, "m", (int64_t)(secret_random() >> 2));
    return reply_stream(r, &a, query_int(r, "missed", 0));
}

static enum err guarded(struct req *r)
{
    return reply_json(r, 200, STR("{}"));
}

static const struct route table[] = {
    { GET, "/api/address", address, .role = PUBLIC },
    { POST, "/api/echo", echo, .role = PUBLIC, .body = KIB(1) },
    { GET, "/api/events", events, .role = PUBLIC },
    { GET, "/api/guarded", guarded, .role = ADVISER },
    { GET, "/api/inline", ping, .role = PUBLIC, .lane = INLINE },
    { GET, "/api/large", large, .role = PUBLIC },
    { GET, "/api/ping", ping, .role = PUBLIC },
    { GET, "/api/slow", slow, .role = PUBLIC, .lane = HEAVY },
    { POST, "/api/upload", upload, .role = PUBLIC, .body = MIB(1), .upload = true },
    { GET, "/api/{id}", ping, .role = PUBLIC },
};

static char         directory[] = "/tmp/test_server_XXXXXX";
static struct http *http;
static uint16_t     port;

static void start(void)
{
    struct str          why     = { 0 };
    struct http_options options = {
        .listen      = STR("127.0.0.1:0"),
        .web         = str_of(directory),
        .temporary   = STR("/tmp"),
        .db          = STR("host=/nowhere"),
        .redis       = { 0 },
        .proxies     = STR("127.0.0.1"),
        .workers     = 4,
        .routes      = table,
        .route_count = LENGTH(table),
    };
    if (http_start(&options, &http, &why)) {
        printf("# %.*s\n", STR_ARG(why));
        exit(1);
    }
    port = (uint16_t)http_port(http);
}

// --- a small client
// -------------------------------------------------------------------------------

static int dial(void)
{
    struct sockaddr_in to   = { .sin_family      = AF_INET,
                                .sin_port        = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval     wait = { 5, 0 };
    int                s    = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    if (connect(s, (struct sockaddr *)&to, sizeof to) != 0) {
        close(s);
        return -1;
    }
    return s;
}

static void say(int s, const char *text)
{
    if (send(s, text, strlen(text), MSG_NOSIGNAL) < 0) {
        printf("# the server does not listen any more\n");
    }
}

static char answer[1 << 20];

// The whole answer to one request, read until the server closes.
static const char *ask(const char *request)
{
    size_t got = 0;
    int    s   = dial();
    say(s, request);
    for (ssize_t n; (n = recv(s, answer + got, sizeof answer - 1 - got, 0)) > 0;) {
        got += (size_t)n;
    }
    answer[got] = 0;
    close(s);
    return answer;
}

#define CLOSE "Host: x\r\nConnection: close\r\n"

static bool get(const char *path, const char *headers, const char *wanted)
{
    char request[2000];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" CLOSE "%s\r\n", path, headers);
    bool is_there = strstr(ask(request), wanted) != NULL;
    if (!is_there) {
        printf("# GET %s: no \"%s\" in: %.400s\n", path, wanted, answer);
    }
    return is_there;
}

// --- tests
// ----------------------------------------------------------------------------------------

static void test_requests(void)
{
    CHECK(get("/api/ping", "", "{\"ping\":true}"));
    CHECK(strstr(answer, "X-Request-Id: ") && strstr(answer, "nosniff") &&
          strstr(answer, "Content-Security-Policy: default-src 'none'"));
    CHECK(get("/api/inline", "", "{\"ping\":true}"));
    CHECK(get("/api/7", "X-Request-Id: given-1234\r\n", "X-Request-Id: given-1234"));
    CHECK(get("/api/seven", "", "404"));
    CHECK(get("/api/%zz", "", "400"));
    CHECK(get("/api/guarded", "", "not_signed_in"));
    CHECK(strstr(ask("PUT /api/echo HTTP/1.1\r\n" CLOSE "\r\n"), "Allow: POST"));
    CHECK(strstr(ask("BREW /api/ping HTTP/1.1\r\n" CLOSE "\r\n"), " 405 "));
    CHECK(strstr(ask("HEAD /api/ping HTTP/1.1\r\n" CLOSE "\r\n"), "Content-Length: 13"));
    CHECK(!strstr(answer, "{\"ping\""));
}

static void test_bodies(void)
{
    static char request[9000];
    CHECK(strstr(ask("POST /api/echo HTTP/1.1\r\n" CLOSE "Content-Type: application/json\r\n"
                     "Content-Length: 15\r\n\r\n{\"text\":\"[42]\"}"),
                 "[42]"));
    CHECK(strstr(
        ask("POST /api/echo HTTP/1.1\r\n" CLOSE "Content-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"text\"\r\n8\r\n:\"[42]\"}\r\n0\r\n\r\n"),
        "[42]"));
    CHECK(strstr(ask("POST /api/echo HTTP/1.1\r\n" CLOSE "Content-Type: text/plain\r\n"
                     "Content-Length: 2\r\n\r\n{}"),
                 " 415 "));
    CHECK(strstr(ask("POST /api/echo HTTP/1.1\r\n" CLOSE "Content-Type: application/json\r\n"
                     "Content-Length: 99999999\r\n\r\n"),
                 " 413 "));
    CHECK(strstr(ask("POST /api/echo HTTP/1.1\r\n" CLOSE "Origin: http://evil.example\r\n"
                     "Content-Length: 0\r\n\r\n"),
                 "\"csrf\""));
    int n = snprintf(request, sizeof request,
                     "POST /api/echo HTTP/1.1\r\n" CLOSE "Content-Type: application/json\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n1000\r\n");
    memset(request + n, ' ', 4096);
    memcpy(request + n + 4096, "\r\n0\r\n\r\n", 8);
    CHECK(strstr(ask(request), " 413 "));
    CHECK(strstr(ask("POST /api/upload HTTP/1.1\r\n" CLOSE "Content-Type: text/csv\r\n"
                     "Content-Length: 9\r\n\r\nabc;def;g"),
                 "9 abc;d"));
    CHECK(strstr(ask("POST /api/upload HTTP/1.1\r\n" CLOSE "Content-Length: 2000000\r\n\r\n"),
                 " 413 "));
}

// A proxy adds the address it sees after what the client claimed: behind a comma, or on a line of
// its own.
static void test_address(void)
{
    CHECK(get("/api/address", "", "127.0.0.1"));
    CHECK(get("/api/address", "X-Forwarded-For: 6.6.6.6, 9.9.9.9\r\n", "\r\n\r\n9.9.9.9"));
    CHECK(get("/api/address", "X-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 9.9.9.9\r\n",
              "\r\n\r\n9.9.9.9"));
    CHECK(get("/api/address", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 127.0.0.1\r\n",
              "\r\n\r\n6.6.6.6"));
}

// A request whose end is read in two ways is not followed by another one on its connection.
static void test_smuggling(void)
{
    static const char *const lengths[] = {
        "Content-Length: 2\r\nContent-Length: 40\r\n",
        "Content-Length: 0\r\nContent-Length: 40\r\n",
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
    };
    for (size_t i = 0; i < LENGTH(lengths); i++) {
        char request[400];
        snprintf(request, sizeof request,
                 "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\n"
                 "0\r\n\r\nGET /api/ping HTTP/1.1\r\n" CLOSE "\r\n",
                 lengths[i]);
        CHECK(strstr(ask(request), " 400 ") && !strstr(answer, "{\"ping\""));
    }
}

static void test_compression(void)
{
    CHECK(get("/api/large", "", "Content-Length: 460000"));
    CHECK(get("/api/large", "Accept-Encoding: gzip\r\n", "Content-Encoding: gzip"));
    CHECK(get("/api/ping", "Accept-Encoding: gzip\r\n", "{\"ping\":true}"));
}

static void write_file(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

static void test_files(void)
{
    char request[400];
    CHECK(get("/", "", "<title>Maillage"));
    CHECK(strstr(answer, "Cache-Control: no-cache") && strstr(answer, "script-src 'self'"));
    CHECK(get("/etablissements/12?x=1", "", "<title>Maillage"));
    CHECK(get("/assets/a-1.js", "", "plain"));
    CHECK(strstr(answer, "immutable") && strstr(answer, "text/javascript"));
    CHECK(get("/assets/a-1.js", "Accept-Encoding: gzip, br\r\n", "Content-Encoding: br"));
    CHECK(get("/assets/a-1.js", "Accept-Encoding: gzip\r\n", "as gzip"));
    CHECK(get("/assets/lost.js", "", " 404 "));
    CHECK(get("/assets/a-1.js.br", "", " 404 "));
    CHECK(get("/.hidden", "", " 404 "));
    CHECK(get("/../../../../etc/passwd", "", " 200 ") && !strstr(answer, "root:"));
    CHECK(get("/..%2f..%2f..%2fetc%2fpasswd", "", "HTTP/1.1") && !strstr(answer, "root:"));
    CHECK(get("/assets/a-1.js", "", "ETag: "));
    const char *tag = strstr(answer, "ETag: ") + 6;
    snprintf(request, sizeof request, "If-None-Match: %.*s\r\n", (int)strcspn(tag, "\r"), tag);
    CHECK(get("/assets/a-1.js", request, " 304 "));
    CHECK(strstr(ask("POST / HTTP/1.1\r\n" CLOSE "Content-Length: 0\r\n\r\n"), " 404 "));
}

static void wait_for_streams(size_t count)
{
    for (int i = 0; i < 500 && hub_count(http->hub) != count; i++) {
        clock_sleep_ms(10);
    }
    CHECK(hub_count(http->hub) == count);
}

static bool hears(int s, const char *wanted)
{
    char   text[4000];
    size_t got = 0;
    text[0]    = 0;
    while (!strstr(text, wanted)) {
        ssize_t n = recv(s, text + got, sizeof text - 1 - got, 0);
        if (n <= 0) {
            return false;
        }
        got += (size_t)n;
        text[got] = 0;
    }
    return true;
}

static void test_streams(void)
{
    enum { MANY = 60 };
    int sockets[MANY];
    for (int i = 0; i < MANY; i++) {
        char request[200];
        sockets[i] = dial();
        snprintf(request, sizeof request, "GET /api/events?t=%d HTTP/1.1\r\nHost: x\r\n\r\n",
                 i % 2 + 1);
        say(sockets[i], request);
    }
    wait_for_streams(MANY);
    for (int i = 0; i < MANY; i++) {
        CHECK(hears(sockets[i], "bonjour"));
    }
    hub_tell(http->hub,
             STR("{\"seq\":7,\"kind\":\"promise.made\",\"establishment\":3,\"territories\":[1]}"));
    for (int i = 0; i < MANY; i++) { // the others learn only that something happened
        CHECK(hears(sockets[i],
                    i % 2 ? "{\"seq\":7,\"kind\":\"promise.made\"}" : "\"establishment\":3"));
    }
    hub_tell(http->hub, STR("not JSON"));
    hub_tell(http->hub, STR("{\"seq\":8}"));
    for (int i = 0; i < MANY / 2; i++) { // half of them leave
        close(sockets[i]);
    }
    for (int i = 0; i < 40; i++) { // found at a write
        hub_tell(http->hub, STR("{\"seq\":9,\"kind\":\"a.b\",\"territories\":[]}"));
        clock_sleep_ms(5);
    }
    wait_for_streams(MANY / 2);
    for (int i = MANY / 2; i < MANY; i++) {
        close(sockets[i]);
    }
    for (int i = 0; i < 40; i++) {
        hub_tell(http->hub, STR("{\"seq\":9,\"kind\":\"a.b\",\"territories\":[]}"));
        clock_sleep_ms(5);
    }
    wait_for_streams(0);
}

// A page that was loading, or lost its stream, hears what was told meanwhile.
static void test_streams_missed(void)
{
    enum { LATE, EARLY, OTHER, BEFORE, COUNT };
    static const char *const asks[COUNT] = {
        [LATE]   = "GET /api/events?t=1&missed=900 HTTP/1.1\r\nHost: x\r\n\r\n",
        [EARLY]  = "GET /api/events?t=1 HTTP/1.1\r\nHost: x\r\n\r\n",
        [OTHER]  = "GET /api/events?t=2&missed=900 HTTP/1.1\r\nHost: x\r\n\r\n",
        [BEFORE] = "GET /api/events?t=1&missed=3600000 HTTP/1.1\r\nHost: x\r\n\r\n",
    };
    int sockets[COUNT];
    hub_tell_resync(http->hub); // what earlier tests told is not remembered
    clock_sleep_ms(1000);
    hub_tell(http->hub, STR("{\"seq\":20,\"kind\":\"a.b\",\"establishment\":5,\"territories\":[1]}"));
    for (int i = 0; i < COUNT; i++) {
        sockets[i] = dial();
        say(sockets[i], asks[i]);
        wait_for_streams((size_t)i + 1);
    }
    hub_tell(http->hub, STR("{\"seq\":21,\"kind\":\"c.d\",\"territories\":[]}"));
    static const char *const first[COUNT] = {
        [LATE]   = "\"establishment\":5",
        [EARLY]  = "id: 21\n",
        [OTHER]  = "id: 20\ndata: {\"seq\":20,\"kind\":\"a.b\"}",
        [BEFORE] = "event: resync",
    };
    for (int i = 0; i < COUNT; i++) {
        CHECK(hears(sockets[i], first[i]));
        close(sockets[i]);
    }
    for (int i = 0; i < 60; i++) { // more than a queue holds, and found at a write
        hub_tell(http->hub, STR("{\"seq\":22,\"kind\":\"a.b\",\"territories\":[]}"));
        clock_sleep_ms(2);
    }
    wait_for_streams(0);
    int s = dial();
    say(s, "GET /api/events?t=1&missed=1000 HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(hears(s, "event: resync"));
    close(s);
    for (int i = 0; i < 40; i++) {
        hub_tell(http->hub, STR("{\"seq\":23,\"kind\":\"a.b\",\"territories\":[]}"));
        clock_sleep_ms(5);
    }
    wait_for_streams(0);
}

static void test_streams_per_member(void)
{
    enum { MOST = 8 };
    int sockets[MOST + 1];
    for (int i = 0; i < MOST; i++) {
        sockets[i] = dial();
        say(sockets[i], "GET /api/events?m=1 HTTP/1.1\r\nHost: x\r\n\r\n");
        wait_for_streams((size_t)i + 1);
    }
    sockets[MOST] = dial();
    say(sockets[MOST], "GET /api/events?m=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(hears(sockets[0], "0\r\n\r\n")); // the end of a chunked body: the oldest made room
    close(sockets[0]);
    wait_for_streams(MOST);
    uint8_t session[32] = { 0 };
    hub_end_session(http->hub, session);
    for (int i = 1; i <= MOST; i++) {
        CHECK(hears(sockets[i], "0\r\n\r\n"));
        close(sockets[i]);
    }
    wait_for_streams(0);
}

static void *hammer(void *unused)
{
    for (int i = 0; i < 300; i++) {
        int s = dial();
        if (s < 0) {
            break;
        }
        say(s, i % 5 ? "GET /api/ping HTTP/1.1\r\nHost: x\r\n\r\n"
                     : "GET /api/slow HTTP/1.1\r\nHost: x\r\n\r\n");
        char text[2000];
        if (i % 3) {
            (void)!recv(s, text, sizeof text, 0);
        }
        close(s);
    }
    return unused;
}

static void test_stop_in_the_middle(void)
{
    pthread_t threads[4];
    int       streams[10];
    for (int i = 0; i < 10; i++) {
        streams[i] = dial();
        say(streams[i], "GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    wait_for_streams(10);
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, hammer, NULL);
    }
    clock_sleep_ms(60);
    http_stop(http, 2000); // with requests running, waiting, and streams open: must not abort
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < 10; i++) {
        close(streams[i]);
    }
}

int main(void)
{
    struct str    why;
    struct arena *arena = arena_new();
    char          path[200];
    if (!mkdtemp(directory) || secret_init((struct str){ 0 }, arena, &why)) {
        return 1;
    }
    snprintf(path, sizeof path, "%s/assets", directory);
    mkdir(path, 0700);
    write_file("index.html", "<!doctype html><title>Maillage</title>");
    write_file("assets/a-1.js", "plain");
    write_file("assets/a-1.js.br", "as br");
    write_file("assets/a-1.js.gz", "as gzip");
    write_file(".hidden", "secret");
    json_in_init();
    start();
    RUN(test_requests);
    RUN(test_bodies);
    RUN(test_address);
    RUN(test_smuggling);
    RUN(test_compression);
    RUN(test_files);
    RUN(test_streams);
    RUN(test_streams_missed);
    RUN(test_streams_per_member);
    RUN(test_stop_in_the_middle);
    arena_free(arena);
    snprintf(path, sizeof path, "rm -r %s", directory);
    return tap_done() + (system(path) != 0);
}
