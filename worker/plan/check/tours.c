// Follows every tour of a result step by step.
#include "check/tours_private.h"

#include <math.h>

static int by_car_id(const void *a, const void *b)
{
    const struct car *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_visit_id(const void *a, const void *b)
{
    const struct visit *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

void world_sort(struct world *w)
{
    qsort(w->cars, w->car_count, sizeof *w->cars, by_car_id);
    qsort(w->visits, w->visit_count, sizeof *w->visits, by_visit_id);
}

struct car *world_car(struct world *w, int64_t id)
{
    struct car key = { .id = id };
    return bsearch(&key, w->cars, w->car_count, sizeof key, by_car_id);
}

struct visit *world_visit(struct world *w, int64_t id)
{
    struct visit key = { .id = id };
    return bsearch(&key, w->visits, w->visit_count, sizeof key, by_visit_id);
}

// Where a tour is, and what it has added up to.
struct walk {
    struct world      *w;
    struct car        *car;
    const json_t      *route;
    const struct spot *spot;   // the last place
    int64_t            time;   // when the last step is over
    int64_t            driven; // until the last step
    int64_t            leg;    // driven since `spot`
    int64_t            distance, setup, service, waiting, priority, prize, rank100, tasks;
    double             table;
    int64_t            load[LOADS];
    bool               paused[BREAKS];
    bool               is_over; // after "end"
    size_t             step;
};

#define FAULT(k, format, ...)                                                                  \
    check_fault((k)->w->report, "véhicule %lld, étape %zu : " format, (long long)(k)->car->id, \
                (k)->step + 1, __VA_ARGS__)

static void expect(struct walk *k, const json_t *o, const char *key, int64_t wanted)
{
    int64_t told = whole(o, key, MISSING);
    if (told != wanted) {
        FAULT(k, "« %s » vaut %lld, non %lld", key, (long long)wanted, (long long)told);
    }
}

// The clock: a step begins when the one before is over and what is driven between is driven.
static int64_t advance(struct walk *k, const json_t *step)
{
    int64_t driven = whole(step, "duration", MISSING), arrival = whole(step, "arrival", MISSING);
    int64_t waiting = whole(step, "waiting_time", 0);
    if (driven < k->driven || arrival != k->time + driven - k->driven || waiting < 0) {
        FAULT(k, "arrivée %lld : le pas précédent finit à %lld, il y a %lld de route",
              (long long)arrival, (long long)k->time, (long long)(driven - k->driven));
    }
    k->leg += driven - k->driven;
    k->driven = driven;
    k->waiting += waiting;
    k->time = arrival + waiting;
    return k->time;
}

// A place is reached: the leg has been driven whole.
static void reach(struct walk *k, const struct spot *spot)
{
    struct way way = way_between(k->w, k->car, k->spot, spot);
    // Distances on the sphere are computed in two ways; a second may be rounded the other way.
    int64_t slack = !k->w->is_plane && !k->car->durations ? 1 : 0;
    if (!way.is_open || k->leg > way.time + slack || k->leg < way.time - slack) {
        FAULT(k, "trajet de %lld, non %lld", (long long)way.time, (long long)k->leg);
    }
    k->distance += way.distance;
    k->table += way.cost;
    k->leg  = 0;
    k->spot = spot;
}

static void step_pause(struct walk *k, const json_t *step)
{
    int64_t start = advance(k, step);
    size_t  b     = 0;
    while (b < k->car->pause_count &&
           (k->paused[b] || k->car->pauses[b].id != whole(step, "id", MISSING))) {
        b++;
    }
    if (b == k->car->pause_count) {
        FAULT(k, "%s", "pause inconnue ou prise deux fois");
        return;
    }
    k->paused[b] = true;
    if (!is_within(&k->car->pauses[b].start, start)) {
        FAULT(k, "pause à %lld, hors de ses horaires", (long long)start);
    }
    expect(k, step, "service", k->car->pauses[b].length);
    k->service += k->car->pauses[b].length;
    k->time += k->car->pauses[b].length;
}

static void step_visit(struct walk *k, const json_t *step, struct round *round)
{
    struct visit *v     = world_visit(k->w, whole(step, "id", MISSING));
    int64_t       start = advance(k, step);
    if (!v || v->seen) {
        FAULT(k, "%s", v ? "visite faite deux fois" : "visite inconnue");
        return;
    }
    v->seen++;
    round->order[round->count++] = v;
    int64_t setup                = is_same_spot(k->spot, &v->spot) ? 0 : setup_for(k->car, v);
    reach(k, &v->spot);
    if (!is_within(&v->start, start)) {
        FAULT(k, "visite %lld à %lld, hors de ses horaires", (long long)v->id, (long long)start);
    }
    if (!is_allowed(k->car, v)) {
        FAULT(k, "visite %lld interdite à ce véhicule", (long long)v->id);
    }
    if (v->is_locked && v->has_past && start != v->past_start) {
        FAULT(k, "visite %lld verrouillée à %lld, déplacée à %lld", (long long)v->id,
              (long long)v->past_start, (long long)start);
    }
    expect(k, step, "setup", setup);
    expect(k, step, "service", service_for(k->car, v));
    k->setup += setup;
    k->service += service_for(k->car, v);
    k->time += setup + service_for(k->car, v);
    k->priority += v->priority;
    k->prize += v->prize;
    k->rank100 += v->rank100;
    k->tasks++;
    for (size_t d = 0; d < k->w->loads; d++) {
        k->load[d] += v->pickup[d] - v->delivery[d];
        if (k->load[d] > k->car->capacity[d]) {
            FAULT(k, "charge de %lld, %lld au plus", (long long)k->load[d],
                  (long long)k->car->capacity[d]);
        }
    }
}

static void step_any(struct walk *k, const json_t *step, struct round *round)
{
    const char *type = json_string_value(json_object_get(step, "type"));
    struct str  name = str_of(type ? type : "");
    if (k->is_over) {
        FAULT(k, "%s", "étape après la fin");
    }
    if (str_eq(name, STR("start"))) {
        k->time = whole(step, "arrival", MISSING);
        expect(k, step, "duration", 0);
        if (k->step || !k->car->start.is_there) {
            FAULT(k, "%s", "début inattendu");
        }
    } else if (str_eq(name, STR("end"))) {
        advance(k, step);
        reach(k, &k->car->end);
        k->is_over = true;
    } else if (str_eq(name, STR("job")) || str_eq(name, STR("break"))) {
        if (!k->step) {
            // No place to start from: the tour begins with this step.
            k->time = whole(step, "arrival", MISSING);
            if (k->car->start.is_there) {
                FAULT(k, "%s", "le début manque");
            }
        }
        if (str_eq(name, STR("job"))) {
            step_visit(k, step, round);
        } else {
            step_pause(k, step);
        }
    } else {
        FAULT(k, "étape de nature inconnue « %s »", type ? type : "");
    }
}

static void close_route(struct walk *k)
{
    struct car *c = k->car;
    if (k->is_over != c->end.is_there) {
        FAULT(k, "%s", "la fin manque ou est de trop");
    }
    if (k->time > c->day.to) {
        FAULT(k, "fin à %lld, après la journée", (long long)k->time);
    }
    for (size_t b = 0; b < c->pause_count; b++) {
        if (!k->paused[b] && k->time > c->pauses[b].start.at[0].from) {
            FAULT(k, "pause %lld omise alors que la tournée finit à %lld",
                  (long long)c->pauses[b].id, (long long)k->time);
        }
    }
    if (k->tasks > c->max_tasks || k->driven > c->max_travel || k->distance > c->max_distance) {
        FAULT(k, "%s", "limite de visites, de trajet ou de distance dépassée");
    }
    expect(k, k->route, "duration", k->driven);
    expect(k, k->route, "setup", k->setup);
    expect(k, k->route, "service", k->service);
    expect(k, k->route, "waiting_time", k->waiting);
    expect(k, k->route, "priority", k->priority);
    if (!k->w->is_plane || k->w->loads) {
        expect(k, k->route, "prize", k->prize);
    }
    double cost = cost_of(c, k->driven, k->distance, k->table, k->setup + k->service);
    for (size_t b = 0; b < c->pause_count; b++) {
        cost -= k->paused[b] ? (double)c->per_task_hour * (double)c->pauses[b].length / 3600 : 0;
    }
    if (fabs(cost - (double)whole(k->route, "cost", MISSING)) >
        0.501 + 1e-9 * cost + (double)c->per_km * 0.02) {
        FAULT(k, "coût %.2f, non %lld", cost, (long long)whole(k->route, "cost", MISSING));
    }
}

static void check_route(struct world *w, const json_t *route, struct round *rounds, int64_t *sums)
{
    struct walk   k     = { .w     = w,
                            .car   = world_car(w, whole(route, "vehicle", MISSING)),
                            .route = route };
    const json_t *steps = json_object_get(route, "steps"), *step;
    if (!k.car) {
        check_fault(w->report, "tournée d’un véhicule inconnu");
        return;
    }
    struct round *round = &rounds[k.car - w->cars];
    if (round->order) {
        check_fault(w->report, "deux tournées du véhicule %lld", (long long)k.car->id);
        return;
    }
    round->order = memory_new((json_array_size(steps) + 1) * sizeof *round->order);
    k.spot       = &k.car->start;
    json_array_foreach((json_t *)(uintptr_t)steps, k.step, step)
    {
        struct visit *v    = world_visit(w, whole(step, "id", MISSING));
        const char   *type = json_string_value(json_object_get(step, "type"));
        for (size_t d = 0; d < w->loads && v && type && str_eq(str_of(type), STR("job")); d++) {
            k.load[d] += v->delivery[d];
        }
    }
    for (size_t d = 0; d < w->loads; d++) {
        if (k.load[d] > k.car->capacity[d]) {
            check_fault(w->report, "véhicule %lld : charge au départ de %lld, %lld au plus",
                        (long long)k.car->id, (long long)k.load[d], (long long)k.car->capacity[d]);
        }
    }
    bool first = true;
    json_array_foreach((json_t *)(uintptr_t)steps, k.step, step)
    {
        step_any(&k, step, round);
        if (first && k.time < k.car->day.from) {
            FAULT(&k, "%s", "commence avant la journée");
        }
        first = false;
    }
    close_route(&k);
    sums[0] += whole(route, "cost", 0);
    sums[1] += k.driven;
    sums[2] += k.service;
    sums[3] += k.waiting;
    sums[4] += k.prize;
    sums[5] += k.rank100;
    sums[6] += k.tasks;
}

static void check_summary(struct world *w, const int64_t *sums)
{
    static const char *const keys[]  = { "cost", "duration", "service", "waiting_time" };
    const json_t            *summary = json_object_get(w->result, "summary");
    for (size_t i = 0; i < LENGTH(keys); i++) {
        if (whole(summary, keys[i], MISSING) != sums[i]) {
            check_fault(w->report, "total « %s » : %lld, non %lld", keys[i], (long long)sums[i],
                        (long long)whole(summary, keys[i], MISSING));
        }
    }
    double prize  = json_number_value(json_object_get(summary, "prize"));
    double wanted = w->is_plane && !w->loads ? (double)sums[5] / 100 : (double)sums[4];
    if (fabs(prize - wanted) > 0.001) {
        check_fault(w->report, "total « prize » : %.2f, non %.2f", wanted, prize);
    }
    check_proved(w->report, "%lld visites faites, coût %lld, valeur %.2f", (long long)sums[6],
                 (long long)sums[0], wanted);
}

bool check_is_tours(struct str result)
{
    struct str first = str_trim(str_sub(result, 0, 100));
    return first.len && first.at[0] == '{';
}

void check_tours(struct str instance, struct str result, struct str previous,
                 struct check_report *report)
{
    struct world w = { .report = report };
    if (world_read(&w, instance, result, previous)) {
        int64_t       sums[7] = { 0 }, faults = report->faults;
        struct round *rounds = memory_zero((w.car_count + 1) * sizeof *rounds);
        const json_t *route;
        size_t        i;
        json_array_foreach(json_object_get(w.result, "routes"), i, route)
        {
            check_route(&w, route, rounds, sums);
        }
        if (faults == report->faults) {
            check_proved(report, "%zu tournées suivies pas à pas", i);
        }
        check_summary(&w, sums);
        check_left(&w, rounds);
        for (size_t v = 0; v < w.visit_count; v++) {
            if (w.visits[v].seen != 1) {
                check_fault(report, "visite %lld : ni faite ni laissée de côté, ou plusieurs fois",
                            (long long)w.visits[v].id);
            }
        }
        for (size_t c = 0; c < w.car_count; c++) {
            free(rounds[c].order);
        }
        free(rounds);
    }
    world_done(&w);
}
