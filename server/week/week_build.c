#include "week/week_private.h"

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
    int64_t quarters = seconds <= 0 ? 0 : quarter_up(seconds - WEEK_FORGIVEN);
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

// A larger table of ways with the ones known so far in its corner.
static int32_t *widened(const struct week_build *b, const int32_t *ways, int32_t count)
{
    int32_t *wide = ARENA_ARRAY(b->arena, int32_t, (size_t)count * (size_t)count + 1);
    for (int32_t i = 0; i < b->place_count; i++) {
        memcpy(wide + (size_t)i * (size_t)count, ways + week_way(b, i, 0),
               (size_t)b->place_count * sizeof *ways);
    }
    return wide;
}

// One comes to a gate where its first appointment is and leaves it from its last. From and to the
// base there is always a way: people said that they will be there.
static void measure_gate(struct week_build *b, const struct week_gate *g)
{
    int32_t *ways[] = { b->duration, b->cost, b->distance };
    size_t   base[] = { week_way(b, g->base, g->place), week_way(b, g->place, g->base) };
    for (int32_t i = 0; i < g->place; i++) {
        for (int k = 0; k < 3; k++) {
            ways[k][week_way(b, i, g->place)] = ways[k][week_way(b, i, g->enter)];
            ways[k][week_way(b, g->place, i)] = ways[k][week_way(b, g->leave, i)];
        }
    }
    for (int i = 0; i < 2; i++) {
        if (b->duration[base[i]] >= TOUR_NEVER) {
            b->duration[base[i]] = b->cost[base[i]] = b->distance[base[i]] = 0;
        }
    }
}

void week_open_gates(struct week_build *b)
{
    int32_t count = b->place_count + b->gate_count;
    if (b->gate_count == 0) {
        return;
    }
    b->duration    = widened(b, b->duration, count);
    b->cost        = widened(b, b->cost, count);
    b->distance    = widened(b, b->distance, count);
    b->place_count = count;
    for (int32_t i = 0; i < b->gate_count; i++) {
        const struct week_gate *g = &b->gates[i];
        b->places[g->place]       = b->places[g->enter];
        b->places[g->place].index = g->place;
        measure_gate(b, g);
    }
    b->profile.durations = b->duration;
    b->profile.distances = b->distance;
    b->profile.costs     = b->cost;
    b->profile.size      = count;
}

static void build_places(struct week_build *b)
{
    const struct week *w = b->week;
    b->base_of           = ARENA_ARRAY(b->arena, int32_t, (size_t)w->day_count + 1);
    b->place_of          = ARENA_ARRAY(b->arena, int32_t, (size_t)w->wish_count + 1);
    const struct week_place *known =
        number_places(w, b->arena, b->base_of, b->place_of, &b->place_count);
    b->places = ARENA_ARRAY(b->arena, struct tour_place,
                            (size_t)b->place_count + (size_t)w->wish_count + 1);
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

// --- the whole ----------------------------------------------------------------------------------

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
    b->gates = ARENA_ARRAY(a, struct week_gate, wishes);
    week_stand(b);
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
