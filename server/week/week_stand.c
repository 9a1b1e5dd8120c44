// What stands: the appointments of each day become jobs that the engine can always serve, one after
// the other, so that nothing is ever put over them. Those that nobody can keep one after the other
// are one job, from the beginning of the first to the end of the last.
#include "week/week_private.h"

#include <stdlib.h>

// Appointments of one day, in order of time.
struct standing {
    int32_t wish, place;
    int64_t at, from, until; // in seconds; in quarters of an hour
};

// Appointments `first` to `last` as one.
struct block {
    int32_t first, last;
    int32_t place; // theirs, or a gate
    int64_t from, until;
};

static int by_time(const void *a, const void *b)
{
    const struct standing *x = a, *y = b;
    return x->at != y->at ? (x->at < y->at ? -1 : 1) : (x->wish > y->wish) - (x->wish < y->wish);
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
            .at    = x->at,
            .from  = quarter_down(x->at),
            .until = quarter_up(x->at + x->service),
        };
    }
    qsort(out, (size_t)count, sizeof *out, by_time);
    return count;
}

// A block that is entered where it is left, with a way from and to the base, is a place like any
// other.
static int32_t place_of_block(struct week_build *b, int32_t day, const struct standing *s,
                              const struct block *k)
{
    int32_t base = b->base_of[day], enter = s[k->first].place, leave = s[k->last].place;
    bool    is_near = b->duration[week_way(b, base, enter)] < TOUR_NEVER &&
                   b->duration[week_way(b, leave, base)] < TOUR_NEVER;
    if (enter == leave && is_near) {
        return enter;
    }
    int32_t place             = b->place_count + b->gate_count;
    b->gates[b->gate_count++] = (struct week_gate){ place, enter, leave, base };
    return place;
}

static int32_t build_blocks(struct week_build *b, int32_t day, const struct standing *s,
                            int32_t count, struct block *out)
{
    int32_t blocks = 0;
    for (int32_t i = 0; i < count; i++) {
        struct block *k   = blocks ? &out[blocks - 1] : NULL;
        int64_t       way = k ? b->duration[week_way(b, s[k->last].place, s[i].place)] : 0;
        if (k && k->until + way > s[i].from) {
            k->last  = i;
            k->until = s[i].until > k->until ? s[i].until : k->until;
        } else {
            out[blocks++] = (struct block){ i, i, -1, s[i].from, s[i].until };
        }
    }
    for (int32_t i = 0; i < blocks; i++) {
        out[i].place = place_of_block(b, day, s, &out[i]);
    }
    return blocks;
}

static void add_job(struct week_build *b, int32_t day, const struct standing *s,
                    const struct block *k)
{
    struct tour_job    *job     = week_job(b, s[k->first].wish);
    struct tour_window *at      = ARENA_NEW(b->arena, struct tour_window);
    int64_t            *service = ARENA_NEW(b->arena, int64_t);
    int32_t            *vehicle = ARENA_NEW(b->arena, int32_t);
    for (int32_t i = k->first; i <= k->last; i++) {
        b->block_of[s[i].wish] = b->problem.job_count - 1;
    }
    *at                = (struct tour_window){ k->from, k->from };
    *service           = k->until - k->from;
    *vehicle           = day;
    job->place         = k->place;
    job->service       = service;
    job->start         = (struct tour_windows){ at, 1 };
    job->vehicles      = vehicle;
    job->vehicle_count = 1;
    job->past_vehicle  = day;
    job->past_start    = k->from;
}

// The day wide enough for its blocks and the ways to them.
static struct tour_window hours_of(struct week_build *b, int32_t day, const struct block *k,
                                   int32_t count)
{
    const struct week_day *d     = &b->week->days[day];
    int32_t                base  = b->base_of[day];
    struct tour_window     time  = { quarter_up(d->opens), quarter_down(d->closes) };
    time.close                   = time.close < time.open ? time.open : time.close;
    const struct tour_window own = time;
    for (int32_t i = 0; i < count; i++) {
        int64_t early = k[i].from - b->duration[week_way(b, base, k[i].place)];
        int64_t late  = k[i].until + b->duration[week_way(b, k[i].place, base)];
        time.open     = early < time.open ? early : time.open;
        time.close    = late > time.close ? late : time.close;
    }
    b->is_widened = b->is_widened || time.open < own.open || time.close > own.close;
    return time;
}

// Whether lunch has its time before a block, after one at `at` is free: it may interrupt the way.
static bool has_room(int64_t at, int64_t way, int64_t until, struct tour_window lunch,
                     int64_t length)
{
    int64_t start = at > lunch.open ? at : lunch.open;
    int64_t rest  = way > start - at ? way - (start - at) : 0;
    return start <= lunch.close && start + length + rest <= until;
}

static struct tour_break *lunch_of(struct week_build *b, int32_t day, const struct block *k,
                                   int32_t count)
{
    const struct week_day *d    = &b->week->days[day];
    struct tour_window     time = b->vehicles[day].time;
    int64_t                from = quarter_up(d->lunch_from), to = quarter_down(d->lunch_to);
    int64_t                length = quarter_up(d->lunch), at = time.open;
    struct tour_window     start = { from, to - length };
    int32_t                here  = b->base_of[day];
    bool                   fits  = false;
    for (int32_t i = 0; i <= count; i++) {
        int32_t there = i < count ? k[i].place : b->base_of[day];
        int64_t way   = b->duration[week_way(b, here, there)];
        fits = fits || has_room(at, way, i < count ? k[i].from : time.close, start, length);
        here = there;
        at   = i < count ? k[i].until : at;
    }
    if (length <= 0 || start.close < start.open || !fits) {
        return NULL;
    }
    struct tour_break  *lunch  = ARENA_NEW(b->arena, struct tour_break);
    struct tour_window *window = ARENA_NEW(b->arena, struct tour_window);
    *window                    = start;
    *lunch                     = (struct tour_break){ 1, length, { window, 1 } };
    return lunch;
}

static void build_day(struct week_build *b, int32_t day, const struct standing *s, int32_t count,
                      const struct block *k, int32_t blocks)
{
    int32_t most     = b->week->days[day].most;
    b->vehicles[day] = (struct tour_vehicle){
        .id           = day,
        .start        = b->base_of[day],
        .end          = b->base_of[day],
        .time         = hours_of(b, day, k, blocks),
        .speed_factor = 1,
        .per_hour     = 3600,
        .max_tasks    = blocks + (most > count ? most - count : 0),
        .max_travel   = -1,
        .max_distance = -1,
    };
    struct tour_break *lunch     = lunch_of(b, day, k, blocks);
    b->vehicles[day].breaks      = lunch;
    b->vehicles[day].break_count = lunch ? 1 : 0;
    for (int32_t i = 0; i < blocks; i++) {
        add_job(b, day, s, &k[i]);
    }
}

void week_stand(struct week_build *b)
{
    size_t wishes = (size_t)b->week->wish_count + 1, days = (size_t)b->week->day_count + 1;
    struct standing *s     = ARENA_ARRAY(b->arena, struct standing, wishes);
    struct block    *k     = ARENA_ARRAY(b->arena, struct block, wishes);
    int32_t         *count = ARENA_ARRAY(b->arena, int32_t, days);
    int32_t         *block = ARENA_ARRAY(b->arena, int32_t, days);
    int32_t          in = 0, made = 0;
    for (int32_t i = 0; i < b->week->day_count; i++) {
        count[i] = gather(b, i, s + in);
        block[i] = build_blocks(b, i, s + in, count[i], k + made);
        in += count[i];
        made += block[i];
    }
    week_open_gates(b);
    in = made = 0;
    for (int32_t i = 0; i < b->week->day_count; i++) {
        build_day(b, i, s + in, count[i], k + made, block[i]);
        in += count[i];
        made += block[i];
    }
}
