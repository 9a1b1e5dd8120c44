#include "out/mail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "out/call.h"
#include "out/mime.h"

enum { CREDENTIALS_MOST = 1000 };

enum err out_mail_credentials(struct str file, struct arena *a, struct out_mail_server *server,
                              struct str *reterr_why)
{
    char        text[CREDENTIALS_MOST];
    struct stat s;
    if (!file.len) {
        return OK;
    }
    int     fd = open(arena_text(a, file), O_RDONLY | O_CLOEXEC);
    ssize_t n =
        fd >= 0 && fstat(fd, &s) == 0 && (s.st_mode & 077) == 0 ? read(fd, text, sizeof text) : -1;
    if (fd >= 0) {
        close(fd);
    }
    struct str line = n > 0 ? arena_str(a, (struct str){ text, (size_t)n }) : (struct str){ 0 };
    line            = str_trim(str_sub(line, 0, str_index(line, '\n')));
    size_t colon    = str_index(line, ':');
    explicit_bzero(text, sizeof text);
    if (colon == 0 || colon >= line.len) {
        *reterr_why =
            arena_printf(a, "%.*s is no file of one line user:password that nobody else may read",
                         STR_ARG(file));
        return ERR_INVALID;
    }
    server->user     = arena_str(a, str_sub(line, 0, colon));
    server->password = arena_str(a, str_sub(line, colon + 1, line.len));
    return OK;
}

struct letter {
    struct str rest;
    char       last[200]; // its last refusal
    size_t     said;
    bool       is_asked; // the server wants to have it
};

static size_t give(char *data, size_t size, size_t count, void *context)
{
    struct letter *l = context;
    size_t         n = size * count < l->rest.len ? size * count : l->rest.len;
    l->is_asked      = true;
    memcpy(data, l->rest.at, n);
    l->rest = str_sub(l->rest, n, l->rest.len);
    return n;
}

// libcurl hands the lines of the server over as headers. Kept is the last refusal: what follows is
// a goodbye.
static size_t hear(char *data, size_t size, size_t count, void *context)
{
    struct letter *l = context;
    size_t         n = size * count;
    if (n > 0 && (*data == '4' || *data == '5')) {
        l->said = n < sizeof l->last ? n : sizeof l->last;
        memcpy(l->last, data, l->said);
    }
    return n;
}

static void set_up(CURL *c, struct arena *a, const struct out_mail_server *server,
                   struct curl_slist *to, struct letter *l)
{
    curl_easy_setopt(c, CURLOPT_USE_SSL,
                     (long)(server->is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (server->authority.len) {
        curl_easy_setopt(c, CURLOPT_CAINFO, arena_text(a, server->authority));
    }
    if (server->user.len) {
        curl_easy_setopt(c, CURLOPT_USERNAME, arena_text(a, server->user));
        curl_easy_setopt(c, CURLOPT_PASSWORD, arena_text(a, server->password));
    }
    curl_easy_setopt(c, CURLOPT_MAIL_FROM,
                     arena_text(a, arena_printf(a, "<%.*s>", STR_ARG(mime_address(server->from)))));
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
    // A goodbye is waited for no longer than anything else: two minutes otherwise.
    curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)server->seconds);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(c, CURLOPT_READDATA, l);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, hear);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, l);
}

void out_mail(struct arena *a, const struct out_mail_server *server, struct str to, struct str text,
              struct out_answer *ret)
{
    struct letter      l                    = { .rest = text };
    char               why[CURL_ERROR_SIZE] = "";
    long               status               = 0;
    int64_t            start                = clock_ms();
    CURL              *c                    = curl_easy_init();
    struct curl_slist *rcpt =
        curl_slist_append(NULL, arena_text(a, arena_printf(a, "<%.*s>", STR_ARG(to))));
    *ret = (struct out_answer){ 0 };
    if (!c || !rcpt) {
        DIE("out of memory");
    }
    out_set_up(c, arena_text(a, server->url), "smtp,smtps", (long)server->seconds * 1000, NULL,
               why);
    set_up(c, a, server, rcpt, &l);
    CURLcode code = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    struct str said = str_trim((struct str){ l.last, l.said });
    ret->ms         = (int)(clock_ms() - start);
    if (code == CURLE_OK) {
        ret->status = 250;
        ret->text   = STR("Pris en charge par le serveur de messagerie");
    } else if (status >= 400 && status < 600) {
        ret->status = (int)status;
        ret->text   = str_is_utf8(said) ? arena_str(a, said) : (struct str){ 0 };
    } else {
        ret->error     = out_failure(a, NULL, code, why, (int)server->seconds);
        ret->is_unsure = l.is_asked && l.rest.len == 0;
    }
    curl_slist_free_all(rcpt);
    curl_easy_cleanup(c);
}
