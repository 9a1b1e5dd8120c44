// Streams and their queues. What comes from Redis is in hub_redis.c.
#include "http/hub_private.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/secret.h"

enum {
    QUEUE       = 32,
    STREAMS_MAX = 2000,
    PER_MEMBER  = 8,
    BEAT_MS     = 15000,
    AGE_MS      = 15 * 60 * 1000, // the browser comes back and is identified again
    SCATTER_MS  = 60 * 1000,
    BLOCK       = 1024,
};

// One message, shared by the queues it waits in.
struct event {
    int    uses; // under the hub's lock
    size_t size;
    char   text[];
};

struct stream {
    struct hub            *hub;
    struct stream         *next, *previous;
    struct audience        audience;
    struct MHD_Connection *connection;
    struct event          *queue[QUEUE];
    size_t                 first, count;
    size_t                 offset;      // already sent of the first event
    int64_t                spoke, ends; // clock_ms
    bool                   is_suspended, is_over, needs_resync;
};

static struct event *event_new(struct str text)
{
    struct event *e = memory_new(sizeof *e + text.len);
    e->uses         = 1;
    e->size         = text.len;
    memcpy(e->text, text.at, text.len);
    return e;
}

static void event_drop(struct event *e)
{
    if (e && --e->uses == 0) {
        free(e);
    }
}

static void told_clear(struct told *t)
{
    event_drop(t->whole);
    event_drop(t->brief);
    *t = (struct told){ 0 };
}

struct hub *hub_new(void)
{
    struct hub *h = memory_zero(sizeof *h);
    pthread_mutex_init(&h->lock, NULL);
    h->hello       = event_new(STR("retry: 3000\n: bonjour\n\n"));
    h->beat        = event_new(STR(": \n\n"));
    h->resync      = event_new(STR("event: resync\ndata: {}\n\n"));
    h->hears_since = clock_ms();
    return h;
}

void hub_delete(struct hub *h)
{
    for (size_t i = 0; i < REMEMBERED; i++) {
        told_clear(&h->told[i]);
    }
    event_drop(h->hello);
    event_drop(h->beat);
    event_drop(h->resync);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

// --- everything below with the lock held, unless it says otherwise ------------------------------

static void wake(struct stream *s)
{
    if (s->is_suspended) {
        s->is_suspended = false;
        MHD_resume_connection(s->connection);
    }
}

static void clear_queue(struct stream *s)
{
    // An event already begun must be finished, or the client would read a torn line.
    size_t kept = s->offset > 0 && s->count > 0;
    while (s->count > kept) {
        s->count--;
        event_drop(s->queue[(s->first + s->count) % QUEUE]);
    }
}

static void push(struct stream *s, struct event *e)
{
    if (s->count == QUEUE) {
        clear_queue(s);
        e = s->hub->resync;
    }
    e->uses++;
    s->queue[(s->first + s->count++) % QUEUE] = e;
    wake(s);
}

static void push_all(struct hub *h, struct event *e)
{
    for (struct stream *s = h->streams; s; s = s->next) {
        push(s, e);
    }
}

static bool concerns(const struct told *t, const struct audience *a)
{
    for (size_t i = 0; a->is_partner && i < t->territory_count; i++) {
        if (t->territories[i] == a->territory) {
            return true;
        }
    }
    return false;
}

static void push_told(struct stream *s, const struct told *t)
{
    push(s, concerns(t, &s->audience) ? t->whole : t->brief);
}

static void push_missed(struct stream *s, int64_t since)
{
    const struct hub *h     = s->hub;
    uint64_t          first = h->told_count;
    while (first > 0 && h->told_count - first < REMEMBERED &&
           h->told[(first - 1) % REMEMBERED].at >= since) {
        first--;
    }
    // More than is remembered, or than a queue holds.
    if (since < h->hears_since || h->told_count - first >= QUEUE - 1) {
        push(s, h->resync);
        return;
    }
    for (; first < h->told_count; first++) {
        push_told(s, &h->told[first % REMEMBERED]);
    }
}

struct stream *stream_open(struct hub *h, const struct audience *audience, int64_t missed_ms)
{
    size_t         of_member = 0;
    struct stream *oldest    = NULL;
    pthread_mutex_lock(&h->lock);
    for (struct stream *s = h->streams; s; s = s->next) {
        if (s->audience.member == audience->member && !s->is_over) {
            of_member++;
            oldest = s; // the newest is at the head
        }
    }
    if (h->is_over || h->count >= STREAMS_MAX) {
        pthread_mutex_unlock(&h->lock);
        return NULL;
    }
    // A page that was closed is only noticed at a heartbeat: the oldest makes room for the newest,
    // so that somebody who reloads often is never refused.
    if (of_member >= PER_MEMBER) {
        oldest->is_over = true;
        wake(oldest);
    }
    struct stream *s = memory_zero(sizeof *s);
    s->hub           = h;
    s->audience      = *audience;
    s->spoke         = clock_ms();
    s->ends          = s->spoke + AGE_MS + (int64_t)(secret_random() % SCATTER_MS);
    s->next          = h->streams;
    if (s->next) {
        s->next->previous = s;
    }
    h->streams = s;
    h->count++;
    push(s, h->hello);
    if (missed_ms > 0) {
        push_missed(s, s->spoke - missed_ms);
    }
    pthread_mutex_unlock(&h->lock);
    return s;
}

// Called without the lock.
void stream_close(struct stream *s)
{
    if (!s) {
        return;
    }
    struct hub *h = s->hub;
    pthread_mutex_lock(&h->lock);
    s->offset = 0;
    clear_queue(s);
    if (s->previous) {
        s->previous->next = s->next;
    } else {
        h->streams = s->next;
    }
    if (s->next) {
        s->next->previous = s->previous;
    }
    h->count--;
    pthread_mutex_unlock(&h->lock);
    free(s);
}

static void close_stream(void *s)
{
    stream_close(s);
}

// Called by libmicrohttpd, without the lock, when the connection can take more.
static ssize_t read_stream(void *context, uint64_t position, char *to, size_t room)
{
    struct stream *s = context;
    (void)position;
    pthread_mutex_lock(&s->hub->lock);
    ssize_t result = 0;
    if (s->count > 0) {
        struct event *e    = s->queue[s->first];
        size_t        left = e->size - s->offset;
        size_t        n    = left < room ? left : room;
        memcpy(to, e->text + s->offset, n);
        s->offset += n;
        s->spoke = clock_ms();
        if (s->offset == e->size) {
            s->offset = 0;
            s->first  = (s->first + 1) % QUEUE;
            s->count--;
            event_drop(e);
        }
        result = (ssize_t)n;
    } else if (s->is_over) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        s->is_suspended = true; // before anybody can wake us: the lock is ours
        MHD_suspend_connection(s->connection);
    }
    pthread_mutex_unlock(&s->hub->lock);
    return result;
}

struct MHD_Response *stream_response(struct stream *s, struct MHD_Connection *connection)
{
    s->connection = connection;
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_stream, s, close_stream);
}

void hub_tell_resync(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->hears_since = clock_ms();
    push_all(h, h->resync);
    pthread_mutex_unlock(&h->lock);
}

static struct event *framed(int64_t seq, struct str data)
{
    struct buf text = buf_init(KIB(64));
    buf_printf(&text, "id: %lld\ndata: ", (long long)seq);
    buf_add(&text, data);
    buf_add(&text, STR("\n\n"));
    struct event *e = buf_is_full(&text) ? NULL : event_new(buf_str(&text));
    buf_done(&text);
    return e;
}

void hub_tell_notice(struct hub *h, const struct notice *n)
{
    struct told t = {
        .at              = clock_ms(),
        .whole           = framed(n->seq, n->whole),
        .brief           = framed(n->seq, n->brief),
        .territory_count = n->territory_count,
    };
    memcpy(t.territories, n->territories, sizeof t.territories);
    if (!t.whole || !t.brief) { // too long for a stream
        told_clear(&t);
        hub_tell_resync(h);
        return;
    }
    pthread_mutex_lock(&h->lock);
    for (struct stream *s = h->streams; s; s = s->next) {
        if (!s->is_over) {
            push_told(s, &t);
        }
    }
    struct told *place = &h->told[h->told_count++ % REMEMBERED];
    told_clear(place);
    *place = t;
    pthread_mutex_unlock(&h->lock);
}

void hub_end_session(struct hub *h, const uint8_t session[static 32])
{
    pthread_mutex_lock(&h->lock);
    for (struct stream *s = h->streams; s; s = s->next) {
        if (memcmp(s->audience.session, session, 32) == 0) {
            s->is_over = true;
            wake(s);
        }
    }
    pthread_mutex_unlock(&h->lock);
}

void hub_beat(struct hub *h)
{
    int64_t now = clock_ms();
    pthread_mutex_lock(&h->lock);
    for (struct stream *s = h->streams; s; s = s->next) {
        if (now > s->ends) {
            s->is_over = true;
            wake(s);
        } else if (s->is_suspended && now - s->spoke >= BEAT_MS) {
            push(s, h->beat);
        }
    }
    pthread_mutex_unlock(&h->lock);
}

size_t hub_count(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    size_t count = h->count;
    pthread_mutex_unlock(&h->lock);
    return count;
}

void hub_end(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->is_over = true;
    for (struct stream *s = h->streams; s; s = s->next) {
        s->is_over = true;
        wake(s);
    }
    pthread_mutex_unlock(&h->lock);
}
