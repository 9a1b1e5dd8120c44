#include "http/lane.h"

#include <pthread.h>

#include "base/clock.h"

enum { STACK = 512 * 1024, WORKERS_MAX = 64 };

struct queue {
    struct ticket *first, *last;
    size_t         waiting;
    int            running, running_max;
    uint64_t       refused;
};

struct lanes {
    struct lane_options options;
    pthread_mutex_t     lock; // of everything below
    pthread_cond_t      work; // something was pushed, or a slot became free, or we stop
    pthread_cond_t      rest; // a queue became empty
    struct queue        queues[LANES];
    bool                is_closed;   // nothing is accepted
    bool                is_stopping; // threads end
    pthread_t           threads[WORKERS_MAX];
    int                 thread_count;
};

static struct ticket *pop(struct queue *q)
{
    struct ticket *t = q->first;
    q->first         = t->next;
    if (!q->first) {
        q->last = NULL;
    }
    q->waiting--;
    t->next = NULL;
    return t;
}

// The queue whose turn it is: the ticket that came first among the lanes with a free slot.
static struct queue *next_queue(struct lanes *l)
{
    struct queue *best = NULL;
    for (int i = 0; i < LANES; i++) {
        struct queue *q = &l->queues[i];
        if (q->first && q->running < q->running_max &&
            (!best || q->first->since < best->first->since)) {
            best = q;
        }
    }
    return best;
}

static void *work(void *argument)
{
    struct lanes *l     = argument;
    void         *state = l->options.open(l->options.context);
    pthread_mutex_lock(&l->lock);
    for (;;) {
        struct queue *q = next_queue(l);
        if (!q && l->is_stopping) {
            break;
        }
        if (!q) {
            pthread_cond_wait(&l->work, &l->lock);
            continue;
        }
        struct ticket *t    = pop(q);
        int64_t        wait = l->options.lanes[t->lane].wait_ms;
        bool           late = clock_ms() - t->since > wait;
        q->running++;
        q->refused += late;
        pthread_mutex_unlock(&l->lock);
        if (late) {
            l->options.refuse(l->options.context, t);
        } else {
            l->options.run(l->options.context, state, t);
        }
        pthread_mutex_lock(&l->lock);
        q->running--;
        if (q->first) {
            pthread_cond_signal(&l->work); // a slot became free for a lane that was held back
        }
        pthread_cond_broadcast(&l->rest);
    }
    pthread_mutex_unlock(&l->lock);
    l->options.close(l->options.context, state);
    return NULL;
}

struct lanes *lanes_start(const struct lane_options *options)
{
    struct lanes      *l = memory_zero(sizeof *l);
    pthread_attr_t     attributes;
    pthread_condattr_t clock;
    l->options = *options;
    pthread_mutex_init(&l->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&l->work, &clock);
    pthread_cond_init(&l->rest, &clock);
    pthread_condattr_destroy(&clock);
    int workers                  = options->workers < WORKERS_MAX ? options->workers : WORKERS_MAX;
    l->queues[LIGHT].running_max = workers;
    l->queues[HEAVY].running_max = workers > 1 ? workers / 2 : 1;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    while (l->thread_count < workers &&
           pthread_create(&l->threads[l->thread_count], &attributes, work, l) == 0) {
        l->thread_count++;
    }
    pthread_attr_destroy(&attributes);
    if (l->thread_count == 0) {
        DIE("lanes: no thread can be started");
    }
    return l;
}

bool lanes_push(struct lanes *l, struct ticket *t, enum lane lane)
{
    struct queue *q = &l->queues[lane];
    t->next         = NULL;
    t->lane         = lane;
    t->since        = clock_ms();
    pthread_mutex_lock(&l->lock);
    bool is_welcome = !l->is_closed && q->waiting < l->options.lanes[lane].room;
    if (is_welcome) {
        if (q->last) {
            q->last->next = t;
        } else {
            q->first = t;
        }
        q->last = t;
        q->waiting++;
        pthread_cond_signal(&l->work);
    } else {
        q->refused++;
    }
    pthread_mutex_unlock(&l->lock);
    return is_welcome;
}

// Takes from the queue what is older than the limit; with a limit of 0, everything.
static struct ticket *take_overdue(struct lanes *l, enum lane lane, int64_t limit)
{
    struct queue  *q     = &l->queues[lane];
    struct ticket *first = NULL, **end = &first;
    while (q->first && clock_ms() - q->first->since >= limit) {
        *end = pop(q);
        end  = &(*end)->next;
        q->refused++;
    }
    return first;
}

static void refuse_all(struct lanes *l, struct ticket *t)
{
    while (t) {
        struct ticket *next = t->next; // the ticket is gone once refused
        l->options.refuse(l->options.context, t);
        t = next;
    }
}

void lanes_expire(struct lanes *l)
{
    for (int i = 0; i < LANES; i++) {
        pthread_mutex_lock(&l->lock);
        struct ticket *late = take_overdue(l, (enum lane)i, l->options.lanes[i].wait_ms + 1);
        pthread_mutex_unlock(&l->lock);
        refuse_all(l, late);
    }
}

struct lane_depth lanes_depth(struct lanes *l, enum lane lane)
{
    pthread_mutex_lock(&l->lock);
    const struct queue *q     = &l->queues[lane];
    struct lane_depth   depth = { q->waiting, q->running, q->refused };
    pthread_mutex_unlock(&l->lock);
    return depth;
}

static bool is_at_rest(const struct lanes *l)
{
    for (int i = 0; i < LANES; i++) {
        if (l->queues[i].waiting || l->queues[i].running) {
            return false;
        }
    }
    return true;
}

void lanes_stop(struct lanes *l, int grace_ms)
{
    if (!l) {
        return;
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += grace_ms / 1000;
    pthread_mutex_lock(&l->lock);
    l->is_closed = true;
    while (!is_at_rest(l) && pthread_cond_timedwait(&l->rest, &l->lock, &until) == 0) {
    }
    struct ticket *left[LANES];
    for (int i = 0; i < LANES; i++) {
        left[i] = take_overdue(l, (enum lane)i, 0);
    }
    l->is_stopping = true;
    pthread_cond_broadcast(&l->work);
    pthread_mutex_unlock(&l->lock);
    for (int i = 0; i < LANES; i++) {
        refuse_all(l, left[i]);
    }
    for (int i = 0; i < l->thread_count; i++) {
        pthread_join(l->threads[i], NULL);
    }
    pthread_cond_destroy(&l->work);
    pthread_cond_destroy(&l->rest);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
