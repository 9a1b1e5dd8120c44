// The best tour of one vehicle, proved: labels go forward, the bound of tour_bound.c cuts them.
#include "plan/tour_bound_private.h"
#include "plan/tour_clock_private.h"

#include <math.h>

static const struct {
    int32_t iterations; // for the multipliers, at most
    double  bound;      // what of the work they may take
    int32_t narrowest;  // labels of one length that are always followed
    int32_t widest;     // that may be, whatever the time
    int32_t seen;       // times as many as are followed are kept until all are made
} rule = { .iterations = 20, .bound = 0.5, .narrowest = 100, .widest = 200000, .seen = 4 };

// Units of work: an extension that is tried, a label that is kept, one that is made.
static const struct {
    double extend, label, made;
} price = { 6, 170, 30 };

struct label {
    uint64_t set;
    double   value, most; // collected less cost; what it may lead to
    double   lambda;      // of visits not made
    int64_t  travel, distance;
    int32_t  last, before;      // a visit of the bound; index into the history, -1 = start
    int32_t  next;              // chain of labels of the same set and last visit
    int32_t  early[LAYERS_MAX]; // earliest departure by breaks taken
};

struct step {
    int32_t visit, before;
};

struct prove {
    const struct core *c;
    struct bound       b;
    struct label      *now, *then; // labels of one length, and of one visit more
    int32_t            count, then_count, now_room, then_room;
    int32_t           *table; // first label by hash of set and last visit
    uint32_t           table_mask;
    struct step       *history;
    int32_t            steps, steps_room;
    double             known;
    struct route      *best;
    struct route       trial;
    int64_t            made;     // labels made for the next length, those no better included
    bool               is_whole; // nothing was dropped but what cannot be better
    double            *work;
};

static uint32_t hash(uint64_t set, int32_t last)
{
    uint64_t z = (set ^ (uint64_t)last << 58) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)((z ^ z >> 29) * UINT64_C(0xBF58476D1CE4E5B9) >> 32);
}

static bool is_no_worse(const struct prove *p, const struct label *a, const struct label *b)
{
    bool no_worse = a->value >= b->value && a->travel <= b->travel && a->distance <= b->distance;
    for (int32_t i = 0; no_worse && i < p->c->layers; i++) {
        no_worse = a->early[i] <= b->early[i];
    }
    return no_worse;
}

// Finds the labels of the next length anew by their sets, in a table that is at most half full.
static void index_labels(struct prove *p)
{
    uint32_t mask = p->table_mask;
    while (mask < 2 * (uint32_t)p->then_count) {
        mask = 2 * mask + 1;
    }
    if (mask != p->table_mask) {
        p->table_mask = mask;
        p->table      = memory_resize(p->table, ((size_t)mask + 1) * sizeof *p->table);
    }
    memset(p->table, -1, ((size_t)mask + 1) * sizeof *p->table);
    for (int32_t i = 0; i < p->then_count; i++) {
        int32_t *first  = &p->table[hash(p->then[i].set, p->then[i].last) & mask];
        p->then[i].next = *first;
        *first          = i;
    }
}

static void remember(struct prove *p, const struct label *l)
{
    if (2 * (uint32_t)p->then_count > p->table_mask) {
        index_labels(p);
    }
    p->made++;
    uint32_t at = hash(l->set, l->last) & p->table_mask;
    for (int32_t o = p->table[at]; o >= 0; o = p->then[o].next) {
        struct label *other = &p->then[o];
        if (other->set == l->set && other->last == l->last) {
            if (is_no_worse(p, other, l)) {
                return;
            }
            if (is_no_worse(p, l, other)) {
                int32_t next = other->next;
                *other       = *l;
                other->next  = next;
                return;
            }
        }
    }
    if (p->then_count == p->then_room) {
        p->then_room *= 2;
        p->then = memory_resize(p->then, (size_t)p->then_room * sizeof *p->then);
    }
    p->then[p->then_count]      = *l;
    p->then[p->then_count].next = p->table[at];
    p->table[at]                = p->then_count++;
}

// A label about to be followed: the legs from it, by breaks behind and breaks at the next visit.
struct from {
    const struct label *label;
    int32_t             index, place;
    struct leg          legs[LAYERS_MAX][LAYERS_MAX];
};

static void leave_from(const struct prove *p, int32_t index, struct from *f)
{
    const struct core_vehicle *v = p->b.v;
    f->label                     = &p->now[index];
    f->index                     = index;
    f->place = f->label->last < 0 ? v->start : p->c->place[p->b.job[f->label->last]];
    for (int32_t e = 0; e <= v->break_count; e++) {
        for (int32_t a = 0; a <= e; a++) {
            int32_t t     = f->label->early[a];
            f->legs[a][e] = t < NEVER ? leg_of(v, t, a, e) : (struct leg){ NEVER, 0 };
        }
    }
}

// Earliest arrivals at visit k; what the label may lead to by way of it.
static double arrive_at(const struct prove *p, const struct from *f, int32_t k, size_t edge,
                        int32_t *arrive)
{
    const struct bound *b      = &p->b;
    const int32_t       drive  = b->time[edge];
    const double        others = f->label->value - b->cost[edge] + f->label->lambda;
    double              most   = -1e300;
    for (int32_t e = 0; e <= b->v->break_count; e++) {
        arrive[e] = NEVER;
        for (int32_t a = 0; a <= e; a++) {
            int32_t t = leg_end(f->legs[a][e], drive);
            arrive[e] = t < arrive[e] ? t : arrive[e];
        }
        if (arrive[e] <= b->v->close) {
            double after = others + bound_after(b, e, k, arrive[e], f->label->set);
            most         = after > most ? after : most;
        }
    }
    return most;
}

// The label followed by visit k, when that may lead beyond the best plan.
static void extend(struct prove *p, const struct from *f, int32_t k)
{
    const struct core         *c   = p->c;
    const struct bound        *b   = &p->b;
    const struct core_vehicle *v   = b->v;
    const struct label        *l   = f->label;
    const int32_t              job = b->job[k];
    const size_t edge = (size_t)(l->last < 0 ? b->n : l->last) * ((size_t)b->n + 2) + (size_t)k;
    int32_t      arrive[LAYERS_MAX];
    double       most = arrive_at(p, f, k, edge, arrive);

    if (most < p->known + bound_hair) {
        return;
    }
    size_t       row  = (size_t)v->type * (size_t)c->n + (size_t)job;
    int32_t      work = c->service[row] + (c->place[job] != f->place ? c->setup[row] : 0);
    struct label to   = { .set    = l->set | UINT64_C(1) << k,
                          .value  = l->value - b->cost[edge] + b->gain[k],
                          .most   = most,
                          .lambda = l->lambda - b->lambda[k],
                          .last   = k,
                          .before = f->index };
    for (int32_t e = 0; e < c->layers; e++) {
        int32_t t   = e <= v->break_count && arrive[e] < NEVER
                          ? windows_next(c->windows[job], c->window_count[job], arrive[e])
                          : NEVER;
        to.early[e] = t < NEVER ? t + work : NEVER;
    }
    if (c->has_limits) {
        size_t leg  = (size_t)f->place * (size_t)c->places + (size_t)c->place[job];
        to.travel   = l->travel + b->time[edge];
        to.distance = l->distance + c->roads[v->road].distance[leg];
        if (to.travel > v->max_travel || to.distance > v->max_distance) {
            return;
        }
    }
    remember(p, &to);
}

// Takes the label home: a better plan when the tour holds.
static void close_tour(struct prove *p, const struct label *l)
{
    const struct bound *b = &p->b;
    double  value = l->value - b->cost[(size_t)l->last * ((size_t)b->n + 2) + (size_t)b->n + 1];
    int32_t order[BOUND_VISITS_MAX + 1], count = 0;
    if (value < p->known + bound_hair) {
        return;
    }
    order[count++] = l->last;
    for (int32_t at = l->before; at > 0; at = p->history[at].before) {
        order[count++] = p->history[at].visit;
    }
    p->trial.len = 0;
    route_refresh(p->c, 0, &p->trial);
    for (int32_t i = count; i-- > 0;) {
        route_insert(p->c, 0, &p->trial, b->job[order[i]], p->trial.len + 1);
    }
    if (route_refresh(p->c, 0, &p->trial) && bound_value(b, &p->trial) > p->known) {
        p->known = bound_value(b, &p->trial);
        route_copy(p->c, p->best, &p->trial);
    }
}

static int higher(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

// Follows the most promising only when there are too many.
static void narrow(struct prove *p, int32_t widest)
{
    int32_t kept = 0;
    double  bar  = p->known + bound_hair;
    if (p->then_count > widest) {
        double *most = memory_new((size_t)p->then_count * sizeof *most);
        for (int32_t i = 0; i < p->then_count; i++) {
            most[i] = p->then[i].most;
        }
        qsort(most, (size_t)p->then_count, sizeof *most, higher);
        p->is_whole &= most[widest] < bar;
        bar = most[widest] > bar ? most[widest] : bar;
        free(most);
        *p->work += price.label * p->then_count;
    }
    for (int32_t i = 0; i < p->then_count; i++) {
        if (p->then[i].most >= bar && kept < widest) {
            p->then[kept++] = p->then[i];
        }
    }
    p->then_count = kept;
}

// From the labels of one length to those of one more.
static void advance(struct prove *p, int32_t widest)
{
    // More than are followed must be seen before it shows which: several times as many, not all.
    int32_t seen  = widest < INT32_MAX / rule.seen ? rule.seen * widest : INT32_MAX;
    p->then_count = 0;
    p->made       = 0;
    index_labels(p);
    for (int32_t i = 0; i < p->count; i++) {
        struct from from;
        if (p->then_count > seen) {
            narrow(p, widest);
            index_labels(p);
        }
        leave_from(p, i, &from);
        for (int32_t k = 0; k < p->b.n; k++) {
            if (!(from.label->set >> k & 1)) {
                extend(p, &from, k);
            }
        }
    }
    *p->work += price.extend * p->count * p->b.n + price.label * p->then_count +
                price.made * (double)p->made;
    for (int32_t i = 0; i < p->then_count; i++) {
        p->then[i].before = p->now[p->then[i].before].next; // its place in the history
        close_tour(p, &p->then[i]);
    }
    narrow(p, widest);
    if (p->steps + p->then_count > p->steps_room) {
        p->steps_room = 2 * (p->steps + p->then_count);
        p->history    = memory_resize(p->history, (size_t)p->steps_room * sizeof *p->history);
    }
    for (int32_t i = 0; i < p->then_count; i++) {
        p->history[p->steps] = (struct step){ p->then[i].last, p->then[i].before };
        p->then[i].next      = p->steps++;
    }
    struct label *swap = p->now;
    p->now             = p->then;
    p->then            = swap;
    int32_t room       = p->now_room;
    p->now_room        = p->then_room;
    p->then_room       = room;
    p->count           = p->then_count;
}

static void start(struct prove *p)
{
    p->now_room = p->then_room = 1024;
    p->now                     = memory_new((size_t)p->now_room * sizeof *p->now);
    p->then                    = memory_new((size_t)p->then_room * sizeof *p->then);
    p->table_mask              = (1u << 10) - 1;
    p->table                   = memory_new(((size_t)p->table_mask + 1) * sizeof *p->table);
    p->steps_room              = 1024;
    p->history                 = memory_new((size_t)p->steps_room * sizeof *p->history);
    p->history[0]              = (struct step){ -1, -1 };
    p->steps                   = 1;
    p->now[0] =
        (struct label){ .value = -(double)p->b.v->fixed, .lambda = p->b.lambda_sum, .last = -1 };
    for (int32_t e = 0; e < p->c->layers; e++) {
        p->now[0].early[e] = e ? NEVER : p->b.v->open;
    }
    p->count    = 1;
    p->is_whole = true;
}

static void finish(struct prove *p)
{
    free(p->now);
    free(p->then);
    free(p->table);
    free(p->history);
    route_done(&p->trial);
}

bool core_prove(const struct core *c, struct route *best, struct proof_hint *hint, double most,
                double *work)
{
    struct prove p     = { .c = c, .best = best, .work = work };
    const double limit = *work + most;
    if (!bound_open(&p.b, c, work)) {
        return false;
    }
    if (!hint->calls) {
        bound_guess(&p.b, best);
    } else {
        bound_set(&p.b, hint->lambda);
        bound_remember(&p.b, hint->calls > 1 ? hint->far : NULL);
    }
    p.known     = bound_value(&p.b, best);
    double top  = bound_improve(&p.b, p.known, rule.iterations, *work + rule.bound * most);
    bool   done = top < p.known + bound_hair;
    hint->calls++;
    memcpy(hint->lambda, p.b.lambda, (size_t)p.b.n * sizeof *p.b.lambda);
    memcpy(hint->far, p.b.far, (size_t)p.b.n * sizeof *p.b.far);
    if (!done && *work < limit) {
        top = bound_finish(&p.b);
        start(&p);
        while (p.count && top >= p.known + bound_hair) {
            // Half of what is left for each length: most are short of the middle.
            double widest = (limit - *work) / 2 / (price.extend * p.b.n + 5 * price.label);
            advance(&p, (int32_t)fmin(fmax(widest, rule.narrowest), rule.widest));
        }
        done = p.is_whole || top < p.known + bound_hair;
        finish(&p);
    }
    bound_close(&p.b);
    return done && p.known >= 0; // the empty tour, worth 0, is not among those bounded
}
