#include "out/get.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/url.h"
#include "out/call.h"

enum { REDIRECTIONS = 3, HEADER_MOST = 300 };

struct transfer {
    struct arena *arena;
    struct buf    body;
    struct str    etag, modified, next;
};

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    buf_add(&t->body, (struct str){ data, size * count });
    return buf_is_full(&t->body) ? 0 : size * count;
}

static void take(struct transfer *t, struct str line, struct str name, struct str *into)
{
    if (line.len > name.len && str_eq_case(str_sub(line, 0, name.len), name)) {
        struct str value = str_trim(str_sub(line, name.len, line.len));
        bool       is_ok = value.len > 0 && value.len <= HEADER_MOST && str_is_utf8(value);
        *into            = is_ok ? arena_str(t->arena, value) : (struct str){ 0 };
    }
}

// Link: <https://a.fr/?page=2>; rel="next", <https://a.fr/?page=9>; rel="last"
static void take_next(struct transfer *t, struct str line)
{
    enum { LINK_MOST = 2000 };
    struct str rest = str_sub(line, 5, line.len);
    if (!str_eq_case(str_sub(line, 0, 5), STR("link:")) || !str_is_utf8(line)) {
        return;
    }
    while (str_index(rest, '<') < rest.len) {
        rest             = str_sub(rest, str_index(rest, '<') + 1, rest.len);
        struct str link  = str_sub(rest, 0, str_index(rest, '>'));
        rest             = str_sub(rest, link.len + 1, rest.len);
        struct str words = str_sub(rest, 0, str_find(rest, STR(", <")));
        words            = str_sub(words, 0, str_find(words, STR(",<")));
        bool is_next     = str_find(words, STR("rel=\"next\"")) < words.len || str_find(words, STR("rel=next")) < words.len;
        t->next          = is_next && link.len && link.len <= LINK_MOST ? arena_str(t->arena, link) : t->next;
    }
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t    = context;
    struct str       line = { data, size * count };
    take(t, line, STR("etag:"), &t->etag);
    take(t, line, STR("last-modified:"), &t->modified);
    take_next(t, line);
    return line.len;
}

static struct curl_slist *headers_of(struct arena *a, const struct out_question *q)
{
    struct curl_slist *list = curl_slist_append(NULL, "Accept: application/xml, text/xml, application/json, text/csv, */*;q=0.5");
    if (q->etag.len) {
        list = curl_slist_append(list, arena_text(a, arena_printf(a, "If-None-Match: %.*s", STR_ARG(q->etag))));
    }
    if (q->modified.len) {
        list = curl_slist_append(list, arena_text(a, arena_printf(a, "If-Modified-Since: %.*s", STR_ARG(q->modified))));
    }
    return list;
}

// One address; *ret_next is where the answer leads to, absent when it is the answer.
static void ask(struct arena *a, const struct out_question *q, struct str url, long left_ms, struct out_file *ret, struct str *ret_next)
{
    struct out_guard guard = { .is_listed = url_is_listed(url_host(url)) };
    struct transfer  t     = { .arena = a, .body = buf_init(q->most) };
    char             why[CURL_ERROR_SIZE] = "", *next = NULL;
    long             status  = 0;
    CURL            *c       = curl_easy_init();
    struct curl_slist *headers = headers_of(a, q);
    if (!c || !headers) {
        DIE("out of memory");
    }
    out_set_up(c, arena_text(a, url), "http,https", left_ms, &guard, why);
    curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &t);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, &t);
    CURLcode code = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &next);
    if (buf_is_full(&t.body)) {
        ret->is_too_long = true;
        ret->error       = arena_printf(a, "Le fichier dépasse %zu Mo.", q->most >> 20);
    } else if (code != CURLE_OK) {
        ret->error = out_failure(a, &guard, code, why, OUT_GET_MS / 1000);
    } else {
        ret->status   = (int)status;
        ret->etag     = t.etag;
        ret->modified = t.modified;
        ret->next     = t.next;
        ret->bytes    = status == 200 ? arena_str(a, t.body.len ? buf_str(&t.body) : STR("")) : (struct str){ 0 };
        *ret_next     = next && status >= 300 && status < 400 ? arena_str(a, str_of(next)) : (struct str){ 0 };
    }
    buf_done(&t.body);
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
}

static struct str part_of(struct arena *a, CURLU *url, CURLUPart which, unsigned flags)
{
    char      *text = NULL;
    struct str part = curl_url_get(url, which, &text, flags) == CURLUE_OK ? arena_str(a, str_of(text)) : (struct str){ 0 };
    curl_free(text);
    return part;
}

struct str out_beside(struct arena *a, struct str address, struct str link)
{
    CURLU     *from = curl_url(), *to = curl_url();
    struct str there = { 0 };
    if (!from || !to) {
        DIE("out of memory");
    }
    bool is_url = curl_url_set(from, CURLUPART_URL, arena_text(a, address), 0) == CURLUE_OK && curl_url_set(to, CURLUPART_URL, arena_text(a, address), 0) == CURLUE_OK &&
                  curl_url_set(to, CURLUPART_URL, arena_text(a, link), CURLU_URLENCODE) == CURLUE_OK;
    static const CURLUPart same[] = { CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT };
    for (size_t i = 0; i < LENGTH(same); i++) {
        is_url = is_url && str_eq_case(part_of(a, from, same[i], CURLU_DEFAULT_PORT), part_of(a, to, same[i], CURLU_DEFAULT_PORT));
    }
    if (is_url) {
        curl_url_set(to, CURLUPART_FRAGMENT, NULL, 0);
        there = part_of(a, to, CURLUPART_URL, 0);
    }
    curl_url_cleanup(from);
    curl_url_cleanup(to);
    return there;
}

void out_get(struct arena *a, const struct out_question *q, struct out_file *ret)
{
    struct str url   = q->url;
    int64_t    start = clock_ms();
    for (int i = 0; i <= REDIRECTIONS; i++) {
        const char *fault = url_fault(url);
        struct str  next  = { 0 };
        int64_t     left  = (q->ms ? q->ms : OUT_GET_MS) - (clock_ms() - start);
        *ret              = (struct out_file){ 0 };
        if (fault) {
            ret->error = i ? arena_printf(a, "L’adresse renvoie vers une autre, refusée\u202f: %s", fault) : str_of(fault);
            return;
        }
        ask(a, q, url, left > 1 ? (long)left : 1, ret, &next);
        ret->ms  = (int)(clock_ms() - start);
        ret->url = url;
        if (!next.len) {
            return;
        }
        url = next;
    }
    *ret = (struct out_file){ .ms = ret->ms, .error = STR("L’adresse renvoie de l’une à l’autre sans fin.") };
}
