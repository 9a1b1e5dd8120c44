#include "out/post.h"

#include <time.h>

#include "base/clock.h"
#include "base/url.h"
#include "out/call.h"

enum { READ_MOST = 64 * 1024, RETRY_MOST = 86400 };

// What the callbacks share.
struct transfer {
    struct out_answer *answer;
    char               text[OUT_ANSWER];
    size_t             length, read;
};

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t    = context;
    size_t           all  = size * count;
    size_t           room = sizeof t->text - t->length;
    memcpy(t->text + t->length, data, all < room ? all : room);
    t->length += all < room ? all : room;
    t->read += all;
    return t->read > READ_MOST ? 0 : all; // nobody has that much to say: the status is known already
}

// Seconds, or a date.
static int seconds_of(struct str value)
{
    int64_t seconds = 0;
    char    text[64];
    if (!str_int(value, &seconds)) {
        snprintf(text, sizeof text, "%.*s", STR_ARG(value));
        time_t at = curl_getdate(text, NULL);
        seconds   = at > 0 ? (int64_t)at - (int64_t)time(NULL) : 0;
    }
    return seconds < 0 ? 0 : seconds > RETRY_MOST ? RETRY_MOST : (int)seconds;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    static const struct str name = STR_INIT("retry-after:");
    struct transfer        *t    = context;
    struct str              line = { data, size * count };
    if (line.len > name.len && str_eq_case(str_sub(line, 0, name.len), name)) {
        t->answer->retry_after = seconds_of(str_trim(str_sub(line, name.len, line.len)));
    }
    return line.len;
}

static void set_up(CURL *c, const struct out_request *q, struct transfer *t)
{
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.len);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->body.at);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
}

static struct curl_slist *headers_of(struct arena *a, const struct out_request *q)
{
    struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");
    list                    = curl_slist_append(list, "Expect:");
    for (size_t i = 0; i < OUT_HEADERS; i++) {
        if (q->headers[i].len) {
            list = curl_slist_append(list, arena_text(a, q->headers[i]));
        }
    }
    return list;
}

// What people and the database can read of an answer: text, or how many bytes it was.
static struct str readable(struct arena *a, struct str text)
{
    while (text.len && (text.at[text.len - 1] & 0xc0) == 0x80) {
        text.len--; // cut in the middle of a character
    }
    if (text.len && (unsigned char)text.at[text.len - 1] >= 0xc0) {
        text.len--;
    }
    return str_is_utf8(text) ? arena_str(a, text) : arena_printf(a, "(%zu octets)", text.len);
}

void out_post(struct arena *a, const struct out_request *q, struct out_answer *ret)
{
    const char     *fault = url_fault(q->url);
    struct transfer t     = { .answer = ret };
    struct out_guard guard = { .is_listed = url_is_listed(url_host(q->url)) };
    char            why[CURL_ERROR_SIZE] = "";
    int64_t         start                = clock_ms();
    long            status               = 0;
    *ret                                 = (struct out_answer){ 0 };
    if (fault) {
        ret->error = str_of(fault);
        return;
    }
    CURL              *c       = curl_easy_init();
    struct curl_slist *headers = headers_of(a, q);
    if (!c || !headers) {
        DIE("out of memory");
    }
    out_set_up(c, arena_text(a, q->url), "http,https", OUT_TIMEOUT_MS, &guard, why);
    set_up(c, q, &t);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    ret->ms = (int)(clock_ms() - start);
    if (code == CURLE_OK || t.read > READ_MOST) {
        ret->status = (int)status;
        ret->text   = readable(a, (struct str){ t.text, t.length });
    } else {
        ret->error = out_failure(a, &guard, code, why, OUT_TIMEOUT_MS / 1000);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
}
