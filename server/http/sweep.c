#include "http/sweep.h"

#include <pthread.h>
#include <sys/socket.h>

#include "base/clock.h"

static const int64_t limits[] = {
    [PHASE_IDLE] = 75000, [PHASE_HEADERS] = 10000,  [PHASE_BODY] = 30000,
    [PHASE_WORK] = 0,     [PHASE_SENDING] = 120000, [PHASE_STREAM] = 0,
};

struct link {
    struct sweep   *sweep;
    struct link    *next, *previous;
    int             socket;
    _Atomic int64_t deadline; // clock_ms, 0: none
};

struct sweep {
    pthread_mutex_t lock;  // of the list; a socket stays open while its link is in it
    struct link     links; // ring
    size_t          count;
};

struct sweep *sweep_new(void)
{
    struct sweep *s = memory_zero(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->links.next = s->links.previous = &s->links;
    return s;
}

void sweep_free(struct sweep *s)
{
    if (s) {
        pthread_mutex_destroy(&s->lock);
        free(s);
    }
}

struct link *link_open(struct sweep *s, int socket)
{
    struct link *l = memory_zero(sizeof *l);
    l->sweep       = s;
    l->socket      = socket;
    link_enter(l, PHASE_IDLE, 0);
    pthread_mutex_lock(&s->lock);
    l->next           = s->links.next;
    l->previous       = &s->links;
    l->next->previous = l;
    s->links.next     = l;
    s->count++;
    pthread_mutex_unlock(&s->lock);
    return l;
}

void link_close(struct link *l)
{
    if (!l) {
        return;
    }
    pthread_mutex_lock(&l->sweep->lock);
    l->next->previous = l->previous;
    l->previous->next = l->next;
    l->sweep->count--;
    pthread_mutex_unlock(&l->sweep->lock);
    free(l);
}

void link_enter(struct link *l, enum phase phase, int64_t extra_ms)
{
    if (l) {
        l->deadline = limits[phase] ? clock_ms() + limits[phase] + extra_ms : 0;
    }
}

size_t sweep_run(struct sweep *s)
{
    size_t  cut = 0;
    int64_t now = clock_ms();
    pthread_mutex_lock(&s->lock);
    for (struct link *l = s->links.next; l != &s->links; l = l->next) {
        if (l->deadline && now > l->deadline) {
            shutdown(l->socket, SHUT_RDWR); // libmicrohttpd sees it and closes
            l->deadline = 0;
            cut++;
        }
    }
    pthread_mutex_unlock(&s->lock);
    return cut;
}

size_t sweep_count(struct sweep *s)
{
    pthread_mutex_lock(&s->lock);
    size_t count = s->count;
    pthread_mutex_unlock(&s->lock);
    return count;
}
