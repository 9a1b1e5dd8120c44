// What the checker knows of an instance, read its own way.
#include "check/tours_private.h"

// Sums of what is read must fit: anything beyond a thousand million million is that.
#define MOST INT64_C(1000000000000000)

static int64_t tame(double x)
{
    return x > -(double)MOST && x < (double)MOST ? (int64_t)x : x > 0 ? MOST : -MOST;
}

static int64_t number_of(const json_t *value)
{
    return tame(json_number_value(value));
}

int64_t whole(const json_t *object, const char *key, int64_t otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? number_of(value) : otherwise;
}

static double real(const json_t *object, const char *key, double otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

static struct spot read_spot(const json_t *o, const char *key, const char *row_key, bool by_row)
{
    const json_t *at  = json_object_get(o, key);
    int64_t       row = whole(o, row_key, -1), density = whole(o, "density", 2);
    struct spot   s = { .row     = row >= 0 && row < 1 << 30 ? (int)row : -1,
                        .density = density == 1 || density == 3 ? (int)density : 2 };
    if (json_array_size(at) == 2) {
        s.x = json_number_value(json_array_get(at, 0));
        s.y = json_number_value(json_array_get(at, 1));
    }
    s.is_there = by_row ? s.row >= 0 : json_array_size(at) == 2;
    return s;
}

static struct spans read_spans(const json_t *list)
{
    struct spans s = { memory_zero((json_array_size(list) + 1) * sizeof(struct span)), 0 };
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *pair = json_array_get(list, i);
        struct span   one  = { number_of(json_array_get(pair, 0)),
                               number_of(json_array_get(pair, 1)) };
        // By beginning; the count stays small.
        size_t j = s.count++;
        for (; j > 0 && s.at[j - 1].from > one.from; j--) {
            s.at[j] = s.at[j - 1];
        }
        s.at[j] = one;
    }
    return s;
}

static void read_loads(const json_t *list, int64_t *into)
{
    for (size_t i = 0; i < LOADS; i++) {
        into[i] = number_of(json_array_get(list, i));
    }
}

static void read_pauses(struct car *c, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list) && i < BREAKS; i++) {
        const json_t     *b = json_array_get(list, i);
        struct pause_rule p = { whole(b, "id", (int64_t)i), whole(b, "service", 0),
                                read_spans(json_object_get(b, "time_windows")) };
        if (!p.start.count) {
            p.start.at[p.start.count++] = c->day;
        }
        size_t j = c->pause_count++;
        for (; j > 0 && (c->pauses[j - 1].start.at[0].from > p.start.at[0].from ||
                         (c->pauses[j - 1].start.at[0].from == p.start.at[0].from &&
                          c->pauses[j - 1].id > p.id));
             j--) {
            c->pauses[j] = c->pauses[j - 1];
        }
        c->pauses[j] = p;
    }
}

static void read_car(struct world *w, const json_t *o, struct car *c)
{
    const json_t *matrices = json_object_get(w->instance, "matrices");
    const json_t *old      = json_object_get(w->instance, "matrix");
    const char   *profile  = json_string_value(json_object_get(o, "profile"));
    const json_t *mine     = json_object_get(matrices, profile ? profile : "car");
    const json_t *day = json_object_get(o, "time_window"), *costs = json_object_get(o, "costs");
    bool          by_row = json_object_size(matrices) || json_is_array(old);

    *c           = (struct car){ .id = whole(o, "id", 0), .day = { 0, INT64_MAX } };
    c->durations = mine ? json_object_get(mine, "durations") : old;
    c->distances = json_object_get(mine, "distances");
    c->costs     = json_object_get(mine, "costs");
    c->start     = read_spot(o, "start", "start_index", by_row);
    c->end       = read_spot(o, "end", "end_index", by_row);
    if (json_is_array(day)) {
        c->day =
            (struct span){ number_of(json_array_get(day, 0)), number_of(json_array_get(day, 1)) };
    }
    read_pauses(c, json_object_get(o, "breaks"));
    c->skills = json_object_get(o, "skills");
    c->type   = json_string_value(json_object_get(o, "type"));
    read_loads(json_object_get(o, "capacity"), c->capacity);
    c->speed_factor  = real(o, "speed_factor", 1);
    c->fixed         = whole(costs, "fixed", 0);
    c->per_hour      = whole(costs, "per_hour", 3600);
    c->per_km        = whole(costs, "per_km", 0);
    c->per_task_hour = whole(costs, "per_task_hour", 0);
    c->max_tasks     = whole(o, "max_tasks", INT64_MAX);
    c->max_travel    = whole(o, "max_travel_time", INT64_MAX);
    c->max_distance  = whole(o, "max_distance", INT64_MAX);
}

static void read_visit(struct world *w, const json_t *o, struct visit *v)
{
    bool by_row = json_object_size(json_object_get(w->instance, "matrices")) ||
                  json_is_array(json_object_get(w->instance, "matrix"));
    *v                     = (struct visit){ .id = whole(o, "id", 0), .source = o };
    v->spot                = read_spot(o, "location", "location_index", by_row);
    v->start               = read_spans(json_object_get(o, "time_windows"));
    const json_t *delivery = json_object_get(o, "delivery");
    read_loads(delivery ? delivery : json_object_get(o, "amount"), v->delivery);
    read_loads(json_object_get(o, "pickup"), v->pickup);
    v->priority    = whole(o, "priority", 0);
    v->is_optional = json_is_number(json_object_get(o, "prize"));
    v->prize       = whole(o, "prize", 0);
    v->is_locked   = json_is_true(json_object_get(o, "locked"));
}

static void note_past(struct world *w, const json_t *routes, bool by_steps)
{
    size_t        i, j;
    const json_t *route, *step;
    json_array_foreach((json_t *)(uintptr_t)routes, i, route)
    {
        json_array_foreach(json_object_get(route, "steps"), j, step)
        {
            const char   *type = json_string_value(json_object_get(step, "type"));
            struct visit *v    = type && str_eq(str_of(type), STR("job"))
                                     ? world_visit(w, whole(step, "id", 0))
                                     : NULL;
            int64_t       car  = whole(route, by_steps ? "id" : "vehicle", 0);
            if (v && world_car(w, car)) {
                v->has_past = w->has_past = true;
                v->past_car               = car;
                v->past_start             = by_steps
                                                ? whole(step, "service_at", 0)
                                                : whole(step, "arrival", 0) + whole(step, "waiting_time", 0);
            }
        }
    }
}

static bool read_json(struct world *w, struct str text)
{
    static const char *const classes[] = { "", "dense", "intermediate", "rural" };
    static const double      usual[]   = { 0, 25, 45, 60 };

    w->instance = json_loadb(text.at, text.len, 0, NULL);
    if (!json_is_object(w->instance)) {
        check_fault(w->report, "l’instance n’est pas un objet JSON");
        return false;
    }
    const json_t *cars   = json_object_get(w->instance, "vehicles");
    const json_t *visits = json_object_get(w->instance, "jobs");
    const json_t *travel = json_object_get(w->instance, "travel");
    w->detour            = real(travel, "detour", 1.3);
    for (size_t i = 1; i < 4; i++) {
        w->speed[i] = real(json_object_get(travel, "speeds"), classes[i], usual[i]) / 3.6;
    }
    w->cars   = memory_zero((json_array_size(cars) + 1) * sizeof *w->cars);
    w->visits = memory_zero((json_array_size(visits) + 1) * sizeof *w->visits);
    for (; w->car_count < json_array_size(cars); w->car_count++) {
        read_car(w, json_array_get(cars, w->car_count), &w->cars[w->car_count]);
    }
    for (; w->visit_count < json_array_size(visits); w->visit_count++) {
        read_visit(w, json_array_get(visits, w->visit_count), &w->visits[w->visit_count]);
    }
    w->loads = LOADS;
    world_sort(w);
    note_past(w, cars, true);
    note_past(w, json_object_get(json_object_get(w->instance, "previous"), "routes"), false);
    note_past(w, json_object_get(w->previous, "routes"), false);
    return true;
}

// All the numbers of a line; how many.
static size_t numbers(struct str line, double *into, size_t most)
{
    size_t count = 0;
    char   copy[2048];
    size_t len = line.len < sizeof copy - 1 ? line.len : sizeof copy - 1;
    memcpy(copy, line.at ? line.at : "", len);
    copy[len] = 0;
    for (char *at = copy, *end; count < most; at = end) {
        double x = strtod(at, &end);
        if (end == at) {
            return count;
        }
        into[count++] = x;
    }
    return count;
}

static int64_t scaled(const struct world *w, double x)
{
    return tame(x * w->scale + (x < 0 ? -0.5 : 0.5));
}

static bool read_lines(struct world *w, struct str text, const json_t *how)
{
    bool is_solomon =
        json_string_value(json_object_get(how, "format")) &&
        str_eq(str_of(json_string_value(json_object_get(how, "format"))), STR("solomon"));
    const char *rounding = json_string_value(json_object_get(how, "rounding"));
    int64_t     cars = whole(how, "vehicles", 0), capacity = 0, line_number = 0;
    size_t      room = 0;
    for (size_t i = 0; i < text.len; i++) {
        room += text.at[i] == '\n';
    }
    w->is_plane   = true;
    w->is_nearest = rounding && str_eq(str_of(rounding), STR("nearest"));
    w->scale      = (double)whole(how, "scale", 0);
    w->loads      = is_solomon;
    w->visits     = memory_zero((room + 2) * sizeof *w->visits);
    w->cars = memory_zero(((size_t)(cars > 0 && cars <= 10000 ? cars : 0) + 1) * sizeof *w->cars);
    if (w->scale <= 0 || cars < 1 || cars > 10000) {
        check_fault(w->report, "le résultat ne dit pas comment l’instance a été lue");
        return false;
    }
    struct visit depot  = { 0 };
    size_t       places = 0;
    for (struct str line; str_cut(&text, '\n', &line);) {
        double x[64];
        size_t n = numbers(line, x, LENGTH(x));
        if (is_solomon ? n == 2 : line_number < 2 && n >= 2) {
            capacity = tame(x[1]);
            line_number++;
        } else if (is_solomon ? n == 7 : n >= 8) {
            double       open = is_solomon ? x[4] : x[n - 2], close = is_solomon ? x[5] : x[n - 1];
            struct visit v = { .id = tame(x[0]), .spot = { x[1], x[2], -1, 1, true } };
            v.service      = scaled(w, is_solomon ? x[6] : x[3]);
            v.start        = (struct spans){ memory_zero(sizeof(struct span)), 1 };
            v.start.at[0]  = (struct span){ scaled(w, open), scaled(w, close) };
            v.delivery[0]  = is_solomon ? tame(x[3]) : 0;
            v.rank100      = is_solomon ? 100 : tame(x[4] * 100 + 0.5);
            if (places++) {
                w->visits[w->visit_count++] = v;
            } else {
                depot = v;
            }
        }
    }
    for (int64_t i = 0; i < cars && places; i++) {
        w->cars[w->car_count++] = (struct car){
            .id           = i + 1,
            .start        = depot.spot,
            .end          = depot.spot,
            .day          = depot.start.at[0],
            .capacity     = { capacity },
            .speed_factor = 1,
            .per_hour     = 3600,
            .max_tasks    = INT64_MAX,
            .max_travel   = INT64_MAX,
            .max_distance = INT64_MAX,
        };
    }
    free(depot.start.at);
    world_sort(w);
    return places > 0;
}

bool world_read(struct world *w, struct str instance, struct str result, struct str previous)
{
    w->previous = previous.len ? json_loadb(previous.at, previous.len, 0, NULL) : NULL;
    w->result   = json_loadb(result.at ? result.at : "", result.len, 0, NULL);
    if (!json_is_object(w->result)) {
        check_fault(w->report, "le résultat n’est pas un objet JSON");
        return false;
    }
    struct str first = str_trim(str_sub(instance, 0, 100));
    if (first.len && first.at[0] == '{') {
        return read_json(w, instance);
    }
    return read_lines(w, instance, json_object_get(w->result, "instance"));
}

void world_done(struct world *w)
{
    for (size_t i = 0; i < w->visit_count; i++) {
        free(w->visits[i].start.at);
    }
    for (size_t i = 0; i < w->car_count; i++) {
        for (size_t b = 0; b < w->cars[i].pause_count; b++) {
            free(w->cars[i].pauses[b].start.at);
        }
    }
    free(w->cars);
    free(w->visits);
    json_decref(w->instance);
    json_decref(w->result);
    json_decref(w->previous);
}
