// Vehicles and jobs of VROOM's JSON.
#include "plan/tour_vroom_private.h"

#include <math.h>

static int by_id(const void *a, const void *b)
{
    const struct id_at *x = a, *y = b;
    return x->id != y->id ? (x->id < y->id ? -1 : 1) : (x->at > y->at) - (x->at < y->at);
}

void vroom_sort_ids(struct vroom *v, struct id_at *ids, int32_t count, const char *list)
{
    qsort(ids, (size_t)count, sizeof *ids, by_id);
    for (int32_t i = 1; i < count; i++) {
        if (ids[i].id == ids[i - 1].id) {
            size_t mark  = json_enter(&v->json, list);
            size_t inner = json_enter_index(&v->json, (size_t)ids[i].at);
            json_enter(&v->json, "id");
            json_fail(&v->json, "identifiant donné deux fois (%lld)", (long long)ids[i].id);
            json_leave(&v->json, inner);
            json_leave(&v->json, mark);
        }
    }
}

int32_t vroom_find(const struct id_at *ids, int32_t count, int64_t id)
{
    int32_t low = 0, high = count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (ids[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && ids[low].id == id ? ids[low].at : -1;
}

// A place, by coordinates or by its row in the matrices; -1 when neither is given.
static int32_t read_place(struct vroom *v, const json_t *o, const char *key, const char *index_key)
{
    struct tour_json *r     = &v->json;
    const json_t     *at    = json_list(r, o, key, 2);
    int64_t           index = json_int(r, o, index_key, -1, 0, INT32_MAX);
    struct tour_place place = { .index = (int32_t)index };

    if (at) {
        size_t mark = json_enter(r, key);
        if (json_array_size(at) != 2 || !json_is_number(json_array_get(at, 0)) ||
            !json_is_number(json_array_get(at, 1))) {
            json_fail(r, "[longitude, latitude] est attendu");
        } else {
            place.x = json_number_value(json_array_get(at, 0));
            place.y = json_number_value(json_array_get(at, 1));
            if (!(fabs(place.x) <= 180 && fabs(place.y) <= 90)) {
                json_fail(r, "longitude ou latitude hors de la Terre");
            }
        }
        json_leave(r, mark);
    }
    if (v->has_matrices && index < 0) {
        if (at) {
            json_fail(r, "« %s » manque : avec des matrices, chaque lieu est un rang", index_key);
        }
        return -1;
    }
    if (!v->has_matrices && !at) {
        if (index >= 0) {
            json_fail(r, "« %s » sans matrice", index_key);
        }
        return -1;
    }
    if (v->has_matrices && index >= v->matrix_size) {
        size_t mark = json_enter(r, index_key);
        json_fail(r, "rang hors de la matrice (%lld lignes)", (long long)v->matrix_size);
        json_leave(r, mark);
        return -1;
    }
    place.density                   = (int32_t)json_int(r, o, "density", 2, 1, 3);
    v->has_location[v->place_count] = at != NULL;
    v->places[v->place_count]       = place;
    return v->place_count++;
}

static int by_open(const void *a, const void *b)
{
    const struct tour_window *x = a, *y = b;
    return x->open != y->open ? (x->open < y->open ? -1 : 1)
                              : (x->close > y->close) - (x->close < y->close);
}

static struct tour_window read_window(struct vroom *v, const json_t *pair)
{
    struct tour_json  *r = &v->json;
    struct tour_window w = { 0 };
    if (!json_is_array(pair) || json_array_size(pair) != 2) {
        json_fail(r, "[début, fin] est attendu");
        return w;
    }
    w.open  = json_value_int(r, json_array_get(pair, 0), -VROOM_INT_MAX, VROOM_INT_MAX);
    w.close = json_value_int(r, json_array_get(pair, 1), -VROOM_INT_MAX, VROOM_INT_MAX);
    if (w.open > w.close) {
        json_fail(r, "la fin précède le début");
    }
    return w;
}

// Sorted; windows that touch or overlap become one.
static struct tour_windows read_windows(struct vroom *v, const json_t *o, const char *key)
{
    struct tour_json   *r     = &v->json;
    const json_t       *list  = json_list(r, o, key, TOUR_WINDOWS_MAX);
    size_t              count = list ? json_array_size(list) : 0, mark = json_enter(r, key);
    struct tour_window *own = ARENA_ARRAY(r->arena, struct tour_window, count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t inner = json_enter_index(r, i);
        own[i]       = read_window(v, json_array_get(list, i));
        json_leave(r, inner);
    }
    if (list && !count) {
        json_fail(r, "le tableau est vide");
    }
    json_leave(r, mark);
    qsort(own, count, sizeof *own, by_open);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && own[i].open <= own[kept - 1].close) {
            own[kept - 1].close =
                own[i].close > own[kept - 1].close ? own[i].close : own[kept - 1].close;
        } else {
            own[kept++] = own[i];
        }
    }
    return (struct tour_windows){ own, (int)kept };
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

// Sorted, each once.
static const int32_t *set_of(struct vroom *v, const int64_t *from, size_t count, int *ret_count)
{
    int32_t *own  = ARENA_ARRAY(v->json.arena, int32_t, count + 1);
    size_t   kept = 0;
    for (size_t i = 0; i < count; i++) {
        own[i] = (int32_t)from[i];
    }
    qsort(own, count, sizeof *own, ascending);
    for (size_t i = 0; i < count; i++) {
        if (!kept || own[kept - 1] != own[i]) {
            own[kept++] = own[i];
        }
    }
    *ret_count = (int)kept;
    return own;
}

static const int32_t *read_skills(struct vroom *v, const json_t *o, int *ret_count)
{
    size_t         count;
    const int64_t *skills = json_ints(&v->json, o, "skills", 0, INT32_MAX, 1000, &count);
    return set_of(v, skills, count, ret_count);
}

static const int64_t *read_amounts(struct vroom *v, const json_t *o, const char *key,
                                   bool is_needed)
{
    size_t         count;
    const int64_t *amounts =
        json_ints(&v->json, o, key, 0, VROOM_INT_MAX >> 20, TOUR_DIMENSIONS_MAX, &count);
    if (!json_object_get(o, key)) {
        if (is_needed) {
            json_fail(&v->json, "« %s » manque", key);
        }
        return ARENA_ARRAY(v->json.arena, int64_t, TOUR_DIMENSIONS_MAX);
    }
    if ((int32_t)count != v->dimensions) {
        size_t mark = json_enter(&v->json, key);
        json_fail(&v->json, "%d quantités sont attendues, comme ailleurs", v->dimensions);
        json_leave(&v->json, mark);
    }
    return amounts;
}

static int32_t find_type(struct vroom *v, struct str name)
{
    if (str_is_absent(name)) {
        return 0;
    }
    for (int32_t i = 1; i < v->type_count; i++) {
        if (str_eq(v->types[i], name)) {
            return i;
        }
    }
    return -1;
}

// A time, and what it is instead for types of vehicles.
static const int64_t *read_times(struct vroom *v, const json_t *o, const char *key,
                                 const char *per_type)
{
    struct tour_json *r      = &v->json;
    int64_t           common = json_int(r, o, key, 0, 0, TOUR_TIME_MAX);
    const json_t     *map    = json_map(r, o, per_type);
    int64_t          *own    = ARENA_ARRAY(r->arena, int64_t, (size_t)v->type_count);
    for (int32_t i = 0; i < v->type_count; i++) {
        own[i] = common;
    }
    const char *name;
    json_t     *value;
    size_t      mark = json_enter(r, per_type);
    json_object_foreach((json_t *)(uintptr_t)map, name, value)
    {
        int32_t type  = find_type(v, str_of(name));
        size_t  inner = json_enter(r, name);
        int64_t time  = json_value_int(r, value, 0, TOUR_TIME_MAX);
        if (type >= 0) {
            own[type] = time;
        }
        json_leave(r, inner);
    }
    json_leave(r, mark);
    return own;
}

static int by_first(const void *a, const void *b)
{
    const struct tour_break *x = a, *y = b;
    int64_t                  xo = x->start.at[0].open, yo = y->start.at[0].open;
    return xo != yo ? (xo < yo ? -1 : 1) : (x->id > y->id) - (x->id < y->id);
}

static void read_breaks(struct vroom *v, const json_t *o, int32_t at)
{
    struct tour_json    *r     = &v->json;
    struct tour_vehicle *own   = &v->vehicles[at];
    const json_t        *list  = json_list(r, o, "breaks", TOUR_BREAKS_MAX);
    size_t               count = list ? json_array_size(list) : 0, mark = json_enter(r, "breaks");
    struct tour_break   *breaks = ARENA_ARRAY(r->arena, struct tour_break, count + 1);

    for (size_t i = 0; i < count; i++) {
        static const char *const known[] = { "id",          "service",  "time_windows",
                                             "description", "max_load", NULL };
        const json_t            *b       = json_array_get(list, i);
        size_t                   inner   = json_enter_index(r, i);
        json_know(r, b, known);
        breaks[i].id      = json_int(r, b, "id", (int64_t)i, -VROOM_INT_MAX, VROOM_INT_MAX);
        breaks[i].service = json_int(r, b, "service", 0, 0, TOUR_TIME_MAX);
        breaks[i].start   = read_windows(v, b, "time_windows");
        if (!breaks[i].start.count) {
            // Without windows it may begin at any time of the day.
            struct tour_window *day = ARENA_NEW(r->arena, struct tour_window);
            *day                    = own->time;
            breaks[i].start         = (struct tour_windows){ day, 1 };
        }
        if (json_object_get(b, "max_load")) {
            json_fail(r, "« max_load » n’est pas pris en charge");
        }
        json_leave(r, inner);
    }
    json_leave(r, mark);
    qsort(breaks, count, sizeof *breaks, by_first);
    own->breaks      = breaks;
    own->break_count = (int)count;
}

static int32_t find_profile(struct vroom *v, struct str name)
{
    for (int32_t i = 0; i < v->profile_count; i++) {
        if (str_eq(v->profile_names[i], name)) {
            return i;
        }
    }
    size_t mark = json_enter(&v->json, "profile");
    json_fail(&v->json, "pas de matrice pour le profil « %.*s »", STR_ARG(name));
    json_leave(&v->json, mark);
    return 0;
}

static void read_vehicle(struct vroom *v, const json_t *o, int32_t at)
{
    struct tour_json    *r    = &v->json;
    struct tour_vehicle *own  = &v->vehicles[at];
    const json_t        *time = json_list(r, o, "time_window", 2), *costs = json_map(r, o, "costs");
    struct str           profile = json_text(r, o, "profile");

    if (!json_is_object(o)) {
        json_fail(r, "un objet est attendu");
        return;
    }
    static const char *const known[] = {
        "id",        "profile",   "description",  "start",   "start_index",     "end",
        "type",      "end_index", "capacity",     "costs",   "skills",          "time_window",
        "steps",     "breaks",    "speed_factor", "density", "max_travel_time", "max_distance",
        "max_tasks", NULL
    };
    static const char *const known_costs[] = { "fixed", "per_hour", "per_km", "per_task_hour",
                                               NULL };
    json_know(r, o, known);
    if (!json_object_get(o, "id")) {
        json_fail(r, "« id » manque");
    }
    own->id      = json_int(r, o, "id", 0, -VROOM_INT_MAX, VROOM_INT_MAX);
    own->profile = find_profile(v, str_is_absent(profile) ? STR("car") : profile);
    own->start   = read_place(v, o, "start", "start_index");
    own->end     = read_place(v, o, "end", "end_index");
    own->time    = (struct tour_window){ 0, INT64_MAX };
    if (time) {
        size_t mark = json_enter(r, "time_window");
        own->time   = read_window(v, time);
        json_leave(r, mark);
    }
    read_breaks(v, o, at);
    own->skills       = read_skills(v, o, &own->skill_count);
    own->capacity     = read_amounts(v, o, "capacity", v->dimensions > 0);
    own->speed_factor = json_number(r, o, "speed_factor", 1, 0.01, 5);
    size_t mark       = json_enter(r, "costs");
    json_know(r, costs, known_costs);
    own->fixed         = json_int(r, costs, "fixed", 0, 0, 1000000000);
    own->per_hour      = json_int(r, costs, "per_hour", 3600, 0, 1000000);
    own->per_km        = json_int(r, costs, "per_km", 0, 0, 1000000);
    own->per_task_hour = json_int(r, costs, "per_task_hour", 0, 0, 1000000);
    json_leave(r, mark);
    own->max_tasks    = json_int(r, o, "max_tasks", -1, 0, VROOM_INT_MAX);
    own->max_travel   = json_int(r, o, "max_travel_time", -1, 0, VROOM_INT_MAX);
    own->max_distance = json_int(r, o, "max_distance", -1, 0, VROOM_INT_MAX);
    struct str type   = json_text(r, o, "type");
    own->type         = find_type(v, type);
    if (own->type < 0) {
        own->type                 = v->type_count;
        v->types[v->type_count++] = type;
    }
}

void vroom_vehicles(struct vroom *v, const json_t *list)
{
    struct arena *a     = v->json.arena;
    size_t        count = list ? json_array_size(list) : 0, mark = json_enter(&v->json, "vehicles");
    struct str   *text = ARENA_ARRAY(a, struct str, count + 1);
    v->vehicles        = ARENA_ARRAY(a, struct tour_vehicle, count + 1);
    v->vehicle_ids     = ARENA_ARRAY(a, struct id_at, count + 1);
    v->types           = ARENA_ARRAY(a, struct str, count + 1);
    v->type_count      = 1;
    v->vehicle_count   = (int32_t)count;
    for (size_t i = 0; i < count && !v->json.failed; i++) {
        const json_t *o     = json_array_get(list, i);
        size_t        inner = json_enter_index(&v->json, i);
        read_vehicle(v, o, (int32_t)i);
        text[i]           = json_text(&v->json, o, "description");
        v->vehicle_ids[i] = (struct id_at){ v->vehicles[i].id, (int32_t)i };
        json_leave(&v->json, inner);
    }
    json_leave(&v->json, mark);
    v->instance->vehicle_text = text;
    vroom_sort_ids(v, v->vehicle_ids, v->vehicle_count, "vehicles");
}

// "vehicles" of a job: the ids of those that may serve it.
static void read_allowed(struct vroom *v, const json_t *o, struct tour_job *own)
{
    size_t   count, mark;
    int64_t *ids = (int64_t *)(uintptr_t)json_ints(&v->json, o, "vehicles", -VROOM_INT_MAX,
                                                   VROOM_INT_MAX, TOUR_VEHICLES_MAX, &count);
    mark         = json_enter(&v->json, "vehicles");
    for (size_t i = 0; i < count && !v->json.failed; i++) {
        size_t inner = json_enter_index(&v->json, i);
        ids[i]       = vroom_find(v->vehicle_ids, v->vehicle_count, ids[i]);
        if (ids[i] < 0) {
            json_fail(&v->json, "véhicule inconnu");
        }
        json_leave(&v->json, inner);
    }
    if (json_object_get(o, "vehicles") && !count) {
        json_fail(&v->json, "le tableau est vide");
    }
    json_leave(&v->json, mark);
    own->vehicles = set_of(v, ids, count, &own->vehicle_count);
}

static void read_job(struct vroom *v, const json_t *o, int32_t at, int64_t *priority)
{
    struct tour_json *r   = &v->json;
    struct tour_job  *own = &v->jobs[at];

    if (!json_is_object(o)) {
        json_fail(r, "un objet est attendu");
        return;
    }
    static const char *const known[] = { "id",
                                         "description",
                                         "location",
                                         "location_index",
                                         "setup",
                                         "service",
                                         "setup_per_type",
                                         "service_per_type",
                                         "delivery",
                                         "pickup",
                                         "amount",
                                         "skills",
                                         "priority",
                                         "time_windows",
                                         "prize",
                                         "vehicles",
                                         "locked",
                                         "density",
                                         NULL };
    json_know(r, o, known);
    if (!json_object_get(o, "id")) {
        json_fail(r, "« id » manque");
    }
    own->id    = json_int(r, o, "id", 0, -VROOM_INT_MAX, VROOM_INT_MAX);
    own->place = read_place(v, o, "location", "location_index");
    if (own->place < 0) {
        json_fail(r, v->has_matrices ? "« location_index » manque" : "« location » manque");
    }
    own->setup   = read_times(v, o, "setup", "setup_per_type");
    own->service = read_times(v, o, "service", "service_per_type");
    own->start   = read_windows(v, o, "time_windows");
    own->skills  = read_skills(v, o, &own->skill_count);
    own->delivery =
        read_amounts(v, o, json_object_get(o, "delivery") ? "delivery" : "amount", false);
    own->pickup = read_amounts(v, o, "pickup", false);
    read_allowed(v, o, own);
    *priority         = json_int(r, o, "priority", 0, 0, 100);
    own->prize        = json_int(r, o, "prize", -1, 0, 1000000000);
    v->locked[at]     = json_flag(r, o, "locked");
    own->past_vehicle = -1;
}

void vroom_jobs(struct vroom *v, const json_t *list)
{
    struct arena *a     = v->json.arena;
    size_t        count = list ? json_array_size(list) : 0, mark = json_enter(&v->json, "jobs");
    struct str   *text     = ARENA_ARRAY(a, struct str, count + 1);
    int64_t      *priority = ARENA_ARRAY(a, int64_t, count + 1);
    v->jobs                = ARENA_ARRAY(a, struct tour_job, count + 1);
    v->job_ids             = ARENA_ARRAY(a, struct id_at, count + 1);
    v->locked              = ARENA_ARRAY(a, bool, count + 1);
    v->job_count           = (int32_t)count;
    for (size_t i = 0; i < count && !v->json.failed; i++) {
        const json_t *o     = json_array_get(list, i);
        size_t        inner = json_enter_index(&v->json, i);
        read_job(v, o, (int32_t)i, &priority[i]);
        text[i]       = json_text(&v->json, o, "description");
        v->job_ids[i] = (struct id_at){ v->jobs[i].id, (int32_t)i };
        json_leave(&v->json, inner);
    }
    json_leave(&v->json, mark);
    v->instance->job_text = text;
    v->instance->priority = priority;
    vroom_sort_ids(v, v->job_ids, v->job_count, "jobs");
}
