#include "week/week_private.h"

#include <stdlib.h>

enum { FORGIVEN = 120 }; // seconds of a way beyond a quarter of an hour

static const double detour = 1.3;
// Kilometres per hour by class of density, as in docs/planning.md.
static const double speeds[4] = { 0, 25 / 3.6, 45 / 3.6, 60 / 3.6 };

// --- places and ways ----------------------------------------------------------------------------

static bool same_place(const struct week_place *a, const struct week_place *b)
{
    return a->lon == b->lon && a->lat == b->lat && a->density == b->density;
}

// The number of a place among those known, which it joins when it is new.
static int32_t place_number(struct week_place *known, int32_t *count, const struct week_place *p)
{
    for (int32_t i = 0; i < *count; i++) {
        if (same_place(&known[i], p)) {
            return i;
        }
    }
    known[*count] = *p;
    return (*count)++;
}

static struct week_place *number_places(const struct week *w, struct arena *a, int32_t *base_of,
                                        int32_t *place_of, int32_t *ret_count)
{
    struct week_place *known =
        ARENA_ARRAY(a, struct week_place, (size_t)w->day_count + (size_t)w->wish_count + 1);
    *ret_count = 0;
    for (int32_t i = 0; i < w->day_count; i++) {
        base_of[i] = place_number(known, ret_count, &w->days[i].base);
    }
    for (int32_t i = 0; i < w->wish_count; i++) {
        const struct week_place *p = &w->wishes[i].place;
        place_of[i]                = p->is_known ? place_number(known, ret_count, p) : -1;
    }
    return known;
}

const struct week_place *week_places(const struct week *w, struct arena *a, int32_t *ret_count)
{
    int32_t *base_of  = ARENA_ARRAY(a, int32_t, (size_t)w->day_count + 1);
    int32_t *place_of = ARENA_ARRAY(a, int32_t, (size_t)w->wish_count + 1);
    return number_places(w, a, base_of, place_of, ret_count);
}

static int32_t in_quarters(int64_t seconds)
{
    int64_t quarters = seconds <= 0 ? 0 : quarter_up(seconds - FORGIVEN);
    return seconds >= TOUR_NEVER ? TOUR_NEVER
           : seconds == 0        ? 0
                                 : (int32_t)(quarters < 1 ? 1 : quarters);
}

// Durations in quarters, costs in seconds, distances in metres; estimated by the engine's own rule
// where no service said them.
static void measure_ways(struct week_build *b)
{
    struct tour_profile earth    = { .metric = TOUR_EARTH, .detour = detour };
    struct tour_vehicle car      = { .speed_factor = 1, .per_hour = 3600 };
    struct tour_problem estimate = {
        .places        = b->places,
        .place_count   = b->place_count,
        .profiles      = &earth,
        .profile_count = 1,
    };
    size_t cells = (size_t)b->place_count * (size_t)b->place_count;
    b->duration  = ARENA_ARRAY(b->arena, int32_t, cells + 1);
    b->cost      = ARENA_ARRAY(b->arena, int32_t, cells + 1);
    b->distance  = ARENA_ARRAY(b->arena, int32_t, cells + 1);
    memcpy(earth.speed, speeds, sizeof speeds);
    for (int32_t i = 0; i < b->place_count; i++) {
        for (int32_t j = 0; j < b->place_count; j++) {
            size_t  cell    = week_way(b, i, j);
            int64_t seconds = 0, metres = 0;
            if (b->week->seconds) {
                seconds = i == j ? 0 : b->week->seconds[cell];
                metres  = i == j || !b->week->metres ? 0 : b->week->metres[cell];
            } else if (i != j) {
                tour_travel(&estimate, &car, i, j, &seconds, &metres);
            }
            b->duration[cell] = in_quarters(seconds);
            b->cost[cell]     = (int32_t)(seconds < TOUR_NEVER ? seconds : TOUR_NEVER);
            b->distance[cell] = (int32_t)metres;
        }
    }
}

static void build_places(struct week_build *b)
{
    const struct week *w = b->week;
    b->base_of           = ARENA_ARRAY(b->arena, int32_t, (size_t)w->day_count + 1);
    b->place_of          = ARENA_ARRAY(b->arena, int32_t, (size_t)w->wish_count + 1);
    const struct week_place *known =
        number_places(w, b->arena, b->base_of, b->place_of, &b->place_count);
    b->places = ARENA_ARRAY(b->arena, struct tour_place, (size_t)b->place_count + 1);
    for (int32_t i = 0; i < b->place_count; i++) {
        b->places[i] = (struct tour_place){ known[i].lon, known[i].lat, i, known[i].density };
    }
    measure_ways(b);
    b->profile = (struct tour_profile){
        .metric    = TOUR_MATRIX,
        .durations = b->duration,
        .distances = b->distance,
        .costs     = b->cost,
        .size      = b->place_count,
    };
}

// --- what stands --------------------------------------------------------------------------------

// Appointments of one day, in order of time.
struct standing {
    int32_t wish, place;
    int64_t from, until;
};

static int by_time(const void *a, const void *b)
{
    const struct standing *x = a, *y = b;
    return x->from != y->from ? (x->from < y->from ? -1 : 1)
                              : (x->wish > y->wish) - (x->wish < y->wish);
}

static int32_t gather(struct week_build *b, int32_t day, struct standing *out)
{
    const struct week_day *d     = &b->week->days[day];
    int32_t                count = 0;
    for (int32_t i = 0; i < b->week->wish_count; i++) {
        const struct week_wish *x = &b->week->wishes[i];
        if (x->at < 0 || x->at / WEEK_DAY != d->day || x->member != d->member) {
            continue;
        }
        b->day_of[i] = day;
        out[count++] = (struct standing){
            .wish  = i,
            .place = b->place_of[i] >= 0 ? b->place_of[i] : b->base_of[day],
            .from  = quarter_down(x->at),
            .until = quarter_up(x->at + x->service),
        };
    }
    qsort(out, (size_t)count, sizeof *out, by_time);
    return count;
}

// Time that is free between two moments, at most one piece of it.
static bool has_room(const struct standing *s, int32_t count, int64_t from, int64_t to,
                     int64_t length)
{
    int64_t at = from;
    for (int32_t i = 0; i < count; i++) {
        if (s[i].from - at >= length) {
            break;
        }
        at = s[i].until > at ? s[i].until : at;
    }
    return to - at >= length;
}

static struct tour_break *lunch_of(struct week_build *b, const struct week_day *d,
                                   const struct standing *s, int32_t count)
{
    int64_t from = quarter_up(d->lunch_from), to = quarter_down(d->lunch_to);
    int64_t length = quarter_up(d->lunch);
    if (length <= 0 || to - from < length || !has_room(s, count, from, to, length)) {
        return NULL;
    }
    struct tour_break  *lunch = ARENA_NEW(b->arena, struct tour_break);
    struct tour_window *at    = ARENA_NEW(b->arena, struct tour_window);
    *at                       = (struct tour_window){ from, to - length };
    *lunch                    = (struct tour_break){ 1, length, { at, 1 } };
    return lunch;
}

// A job that stands: one appointment, or several that nobody can keep one after the other.
static void build_block(struct week_build *b, int32_t day, const struct standing *first,
                        const struct standing *last)
{
    struct tour_job    *job     = week_job(b, first->wish);
    struct tour_window *at      = ARENA_NEW(b->arena, struct tour_window);
    int64_t            *service = ARENA_NEW(b->arena, int64_t);
    int32_t            *vehicle = ARENA_NEW(b->arena, int32_t);
    int64_t             until   = first->until;
    int32_t             number  = b->problem.job_count - 1;
    for (const struct standing *s = first; s <= last; s++) {
        b->block_of[s->wish] = number;
        until                = s->until > until ? s->until : until;
    }
    *at                = (struct tour_window){ first->from, first->from };
    *service           = until - first->from;
    *vehicle           = day;
    job->place         = last->place;
    job->service       = service;
    job->start         = (struct tour_windows){ at, 1 };
    job->vehicles      = vehicle;
    job->vehicle_count = 1;
    job->past_vehicle  = day;
    job->past_start    = first->from;
}

// The day wide enough for its appointments and the ways to them.
static struct tour_window hours_of(const struct week_build *b, int32_t day,
                                   const struct standing *s, int32_t count)
{
    const struct week_day *d    = &b->week->days[day];
    int32_t                base = b->base_of[day];
    struct tour_window     time = { quarter_up(d->opens), quarter_down(d->closes) };
    time.close                  = time.close < time.open ? time.open : time.close;
    for (int32_t i = 0; i < count; i++) {
        int64_t there = b->duration[week_way(b, base, s[i].place)];
        int64_t back  = b->duration[week_way(b, s[i].place, base)];
        int64_t early = s[i].from - (there < TOUR_NEVER ? there : 0);
        int64_t late  = s[i].until + (back < TOUR_NEVER ? back : 0);
        time.open     = early < time.open ? early : time.open;
        time.close    = late > time.close ? late : time.close;
    }
    return time;
}

static void build_day(struct week_build *b, int32_t day, struct standing *s)
{
    const struct week_day *d     = &b->week->days[day];
    int32_t                count = gather(b, day, s), first = 0;
    struct tour_break     *lunch = lunch_of(b, d, s, count);
    b->vehicles[day]             = (struct tour_vehicle){
                    .id           = day,
                    .start        = b->base_of[day],
                    .end          = b->base_of[day],
                    .time         = hours_of(b, day, s, count),
                    .breaks       = lunch,
                    .break_count  = lunch ? 1 : 0,
                    .speed_factor = 1,
                    .per_hour     = 3600,
                    .max_tasks    = d->most > count ? d->most : count,
                    .max_travel   = -1,
                    .max_distance = -1,
    };
    for (int32_t i = 0; i < count; i++) {
        bool is_tight =
            i + 1 < count &&
            s[i].until + b->duration[week_way(b, s[i].place, s[i + 1].place)] > s[i + 1].from;
        if (i + 1 < count) {
            s[i + 1].until = is_tight && s[i].until > s[i + 1].until ? s[i].until : s[i + 1].until;
        }
        if (!is_tight) {
            build_block(b, day, &s[first], &s[i]);
            first = i + 1;
        }
    }
}

struct tour_job *week_job(struct week_build *b, int32_t wish)
{
    struct tour_job *job               = &b->jobs[b->problem.job_count];
    b->wish_of[b->problem.job_count++] = wish;
    *job                               = (struct tour_job){
                                      .id           = b->problem.job_count,
                                      .setup        = &b->zero,
                                      .past_vehicle = -1,
    };
    return job;
}

void week_build(struct week_build *b, const struct week *w, struct arena *a)
{
    *b            = (struct week_build){ .week = w, .arena = a };
    size_t wishes = (size_t)w->wish_count + 1, days = (size_t)w->day_count + 1;
    build_places(b);
    b->vehicles = ARENA_ARRAY(a, struct tour_vehicle, days);
    b->jobs     = ARENA_ARRAY(a, struct tour_job, wishes);
    b->wish_of  = ARENA_ARRAY(a, int32_t, wishes);
    b->block_of = ARENA_ARRAY(a, int32_t, wishes);
    b->day_of   = ARENA_ARRAY(a, int32_t, wishes);
    for (int32_t i = 0; i < w->wish_count; i++) {
        b->block_of[i] = b->day_of[i] = -1;
    }
    struct standing *s = ARENA_ARRAY(a, struct standing, wishes);
    for (int32_t i = 0; i < w->day_count; i++) {
        build_day(b, i, s);
    }
    b->problem.places        = b->places;
    b->problem.place_count   = b->place_count;
    b->problem.profiles      = &b->profile;
    b->problem.profile_count = 1;
    b->problem.vehicles      = b->vehicles;
    b->problem.vehicle_count = w->day_count;
    b->problem.jobs          = b->jobs;
    b->problem.type_count    = 1;
    b->problem.stability     = -1;
}
