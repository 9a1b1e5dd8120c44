// Reads an instance in the JSON of the VROOM API.
#include "plan/tour_vroom_private.h"

enum { PROFILES_MAX = 64 };

// Rows of whole numbers; null is "no way". *size is -1 for the first matrix of a profile.
static const int32_t *read_matrix(struct vroom *v, const json_t *o, const char *key, int64_t *size)
{
    struct tour_json *r    = &v->json;
    const json_t     *rows = json_list(r, o, key, 50000);
    size_t            n = rows ? json_array_size(rows) : 0, mark = json_enter(r, key);
    int32_t          *own = rows ? ARENA_ARRAY(r->arena, int32_t, n * n + 1) : NULL;

    if (rows && *size >= 0 && (int64_t)n != *size) {
        json_fail(r, "%lld lignes sont attendues", (long long)*size);
    }
    for (size_t i = 0; i < n && !r->failed; i++) {
        const json_t *row   = json_array_get(rows, i);
        size_t        inner = json_enter_index(r, i);
        if (!json_is_array(row) || json_array_size(row) != n) {
            json_fail(r, "%zu nombres sont attendus", n);
        }
        for (size_t j = 0; j < n && !r->failed; j++) {
            const json_t *cell  = json_array_get(row, j);
            int64_t       value = TOUR_NEVER;
            if (json_is_integer(cell) && json_integer_value(cell) >= 0) {
                value = json_integer_value(cell);
            } else if (!json_is_null(cell)) {
                size_t cell_mark = json_enter_index(r, j);
                value            = json_value_int(r, cell, 0, INT32_MAX);
                json_leave(r, cell_mark);
            }
            own[i * n + j] = (int32_t)(value < TOUR_TIME_MAX ? value : TOUR_NEVER);
        }
        json_leave(r, inner);
    }
    json_leave(r, mark);
    if (rows) {
        *size = (int64_t)n;
    }
    return own;
}

static void read_profile(struct vroom *v, const char *name, const json_t *o)
{
    struct tour_profile *p    = &v->profiles[v->profile_count];
    int64_t              size = -1;
    if (v->profile_count == PROFILES_MAX || !json_is_object(o)) {
        json_fail(&v->json, "%s", json_is_object(o) ? "trop de profils" : "un objet est attendu");
        return;
    }
    static const char *const known[] = { "durations", "distances", "costs", NULL };
    json_know(&v->json, o, known);
    *p           = (struct tour_profile){ .metric = TOUR_MATRIX };
    p->durations = read_matrix(v, o, "durations", &size);
    p->distances = read_matrix(v, o, "distances", &size);
    p->costs     = read_matrix(v, o, "costs", &size);
    if (!p->durations) {
        json_fail(&v->json, "« durations » manque");
    }
    p->size = (int32_t)size;
    v->instance->has_distances |= p->distances != NULL;
    v->matrix_size = v->profile_count && v->matrix_size < size ? v->matrix_size : size;
    v->profile_names[v->profile_count++] = arena_str(v->json.arena, str_of(name));
}

// Without matrices: distances of the sphere times a detour, at the speed of each end.
static void read_travel(struct vroom *v, const json_t *root)
{
    static const struct {
        const char *name;
        double      kmh;
    } classes[]                = { { "dense", 25 }, { "intermediate", 45 }, { "rural", 60 } };
    struct tour_json   *r      = &v->json;
    const json_t       *travel = json_map(r, root, "travel");
    size_t              mark   = json_enter(r, "travel");
    const json_t       *speeds = json_map(r, travel, "speeds");
    struct tour_profile p      = { .metric = TOUR_EARTH };

    static const char *const known[]        = { "detour", "speeds", NULL };
    static const char *const known_speeds[] = { "dense", "intermediate", "rural", NULL };
    json_know(r, travel, known);
    p.detour = json_number(r, travel, "detour", 1.3, 1, 10);
    json_enter(r, "speeds");
    json_know(r, speeds, known_speeds);
    for (size_t i = 0; i < LENGTH(classes); i++) {
        p.speed[i + 1] = json_number(r, speeds, classes[i].name, classes[i].kmh, 1, 300) / 3.6;
    }
    json_leave(r, mark);
    v->instance->has_distances = true;
    v->profiles[0]             = p;
    v->profile_names[0]        = STR("car");
    v->profile_count           = 1;
}

// Profiles without matrices all travel alike; speed_factor tells them apart.
static void name_profiles(struct vroom *v, const json_t *vehicles)
{
    size_t        i;
    const json_t *o;
    json_array_foreach((json_t *)(uintptr_t)vehicles, i, o)
    {
        const char *name  = json_string_value(json_object_get(o, "profile"));
        bool        known = !name;
        for (int32_t p = 0; p < v->profile_count && !known; p++) {
            known = str_eq(v->profile_names[p], str_of(name));
        }
        if (!known && v->profile_count < PROFILES_MAX) {
            v->profiles[v->profile_count]        = v->profiles[0];
            v->profile_names[v->profile_count++] = arena_str(v->json.arena, str_of(name));
        }
    }
}

static void read_profiles(struct vroom *v, const json_t *root, const json_t *vehicles)
{
    struct tour_json *r        = &v->json;
    const json_t     *matrices = json_map(r, root, "matrices");
    v->profiles                = ARENA_ARRAY(r->arena, struct tour_profile, PROFILES_MAX);
    v->profile_names           = ARENA_ARRAY(r->arena, struct str, PROFILES_MAX);
    if (json_is_array(json_object_get(root, "matrix"))) {
        int64_t size             = -1;
        v->profiles[0]           = (struct tour_profile){ .metric = TOUR_MATRIX };
        v->profiles[0].durations = read_matrix(v, root, "matrix", &size);
        v->profiles[0].size      = (int32_t)size;
        v->profile_names[0]      = STR("car");
        v->profile_count         = 1;
        v->matrix_size           = size;
    }
    const char *name;
    json_t     *value;
    size_t      mark = json_enter(r, "matrices");
    json_object_foreach((json_t *)(uintptr_t)matrices, name, value)
    {
        size_t inner = json_enter(r, name);
        read_profile(v, name, value);
        json_leave(r, inner);
    }
    json_leave(r, mark);
    v->has_matrices = v->profile_count > 0;
    if (!v->has_matrices) {
        read_travel(v, root);
        name_profiles(v, vehicles);
    }
}

// How many quantities loads have: the first that is given says.
static int32_t count_dimensions(const json_t *vehicles, const json_t *jobs)
{
    static const char *const keys[]  = { "capacity", "delivery", "pickup", "amount" };
    const json_t            *lists[] = { vehicles, jobs };
    for (size_t l = 0; l < LENGTH(lists); l++) {
        size_t        i;
        const json_t *o;
        json_array_foreach((json_t *)(uintptr_t)lists[l], i, o)
        {
            for (size_t k = 0; k < LENGTH(keys); k++) {
                const json_t *amounts = json_object_get(o, keys[k]);
                if (json_is_array(amounts)) {
                    return (int32_t)json_array_size(amounts);
                }
            }
        }
    }
    return 0;
}

// Places mentioned several times become one.
struct mention {
    struct tour_place place;
    int32_t           at;
};

static int by_place(const void *a, const void *b)
{
    const struct mention    *x = a, *y = b;
    const struct tour_place *p = &x->place, *q = &y->place;
    if (p->index != q->index) {
        return p->index < q->index ? -1 : 1;
    }
    if (p->index >= 0) {
        return (x->at > y->at) - (x->at < y->at);
    }
    if (p->x != q->x || p->y != q->y) {
        return p->x < q->x || (p->x == q->x && p->y < q->y) ? -1 : 1;
    }
    return p->density != q->density ? (p->density < q->density ? -1 : 1)
                                    : (x->at > y->at) - (x->at < y->at);
}

static bool is_same_place(const struct tour_place *p, const struct tour_place *q)
{
    return p->index == q->index &&
           (p->index >= 0 || (p->x == q->x && p->y == q->y && p->density == q->density));
}

static void unite_places(struct vroom *v)
{
    size_t          n     = (size_t)v->place_count;
    struct mention *all   = memory_new((n + 1) * sizeof *all);
    int32_t        *first = memory_new((n + 1) * sizeof *first);
    for (size_t i = 0; i < n; i++) {
        all[i] = (struct mention){ v->places[i], (int32_t)i };
    }
    qsort(all, n, sizeof *all, by_place);
    for (size_t i = 0; i < n; i++) {
        bool same        = i && is_same_place(&all[i].place, &all[i - 1].place);
        first[all[i].at] = same ? first[all[i - 1].at] : all[i].at;
    }
    for (int32_t i = 0; i < v->job_count; i++) {
        v->jobs[i].place = v->jobs[i].place < 0 ? -1 : first[v->jobs[i].place];
    }
    for (int32_t i = 0; i < v->vehicle_count; i++) {
        struct tour_vehicle *o = &v->vehicles[i];
        o->start               = o->start < 0 ? -1 : first[o->start];
        o->end                 = o->end < 0 ? -1 : first[o->end];
    }
    free(all);
    free(first);
}

static void past_of_job(struct vroom *v, int32_t vehicle, int64_t id, int64_t start, int32_t order)
{
    int32_t at = vroom_find(v->job_ids, v->job_count, id);
    if (at >= 0 && vehicle >= 0) {
        v->jobs[at].past_vehicle      = vehicle;
        v->jobs[at].past_start        = start;
        v->jobs[at].past_order        = order;
        v->instance->problem.has_past = true;
    }
}

// What the earlier plan left out is known not to be new.
static void read_left(struct vroom *v, const json_t *previous)
{
    struct tour_json *r    = &v->json;
    const json_t     *list = json_list(r, previous, "unassigned", TOUR_JOBS_MAX);
    size_t            i, mark = json_enter(r, "unassigned");
    const json_t     *left;
    json_array_foreach((json_t *)(uintptr_t)list, i, left)
    {
        size_t  inner = json_enter_index(r, i);
        int64_t id    = json_int(r, left, "id", 0, -VROOM_INT_MAX, VROOM_INT_MAX);
        int32_t at    = vroom_find(v->job_ids, v->job_count, id);
        if (at >= 0) {
            v->jobs[at].past_left = true;
        }
        json_leave(r, inner);
    }
    json_leave(r, mark);
}

// An earlier result: what no longer exists is passed over.
static void read_previous(struct vroom *v, const json_t *previous)
{
    struct tour_json *r      = &v->json;
    const json_t     *routes = json_list(r, previous, "routes", TOUR_VEHICLES_MAX);
    size_t            i, j, mark = json_enter(r, "routes");
    const json_t     *route, *step;
    v->has_steps_only = false;
    json_array_foreach((json_t *)(uintptr_t)routes, i, route)
    {
        size_t        inner   = json_enter_index(r, i);
        int64_t       id      = json_int(r, route, "vehicle", 0, -VROOM_INT_MAX, VROOM_INT_MAX);
        int32_t       vehicle = vroom_find(v->vehicle_ids, v->vehicle_count, id);
        const json_t *steps   = json_list(r, route, "steps", TOUR_JOBS_MAX);
        json_enter(r, "steps");
        json_array_foreach((json_t *)(uintptr_t)steps, j, step)
        {
            size_t      step_mark = json_enter_index(r, j);
            const char *type      = json_string_value(json_object_get(step, "type"));
            if (type && str_eq(str_of(type), STR("job"))) {
                int64_t start = json_int(r, step, "arrival", 0, -VROOM_INT_MAX, VROOM_INT_MAX) +
                                json_int(r, step, "waiting_time", 0, 0, VROOM_INT_MAX);
                past_of_job(v, vehicle, json_int(r, step, "id", 0, -VROOM_INT_MAX, VROOM_INT_MAX),
                            start, (int32_t)j);
            }
            json_leave(r, step_mark);
        }
        json_leave(r, inner);
    }
    json_leave(r, mark);
    read_left(v, previous);
}

// The kinds of steps of a vehicle: a visit, a place in the day that says nothing, or a fault.
static bool is_job_step(struct tour_json *r, const json_t *step)
{
    static const char *const silent[] = { "start", "break", "end" };
    static const char *const known[]  = { "type", "id", "service_at", NULL };
    struct str               type     = json_text(r, step, "type");

    json_know(r, step, known);
    for (size_t i = 0; i < LENGTH(silent); i++) {
        if (str_eq(type, str_of(silent[i]))) {
            return false;
        }
    }
    if (!str_eq(type, STR("job"))) {
        size_t mark = json_enter(r, "type");
        json_fail(r, "start, job, break ou end est attendu");
        json_leave(r, mark);
    }
    return !r->failed;
}

// "steps" of the vehicles: where to begin, and no more, unless a previous result is given too.
static void read_steps(struct vroom *v, const json_t *vehicles)
{
    struct tour_json *r = &v->json;
    size_t            i, j, mark = json_enter(r, "vehicles");
    const json_t     *o, *step;
    json_array_foreach((json_t *)(uintptr_t)vehicles, i, o)
    {
        size_t        inner = json_enter_index(r, i);
        const json_t *steps = json_list(r, o, "steps", TOUR_JOBS_MAX);
        json_enter(r, "steps");
        json_array_foreach((json_t *)(uintptr_t)steps, j, step)
        {
            size_t step_mark = json_enter_index(r, j);
            if (is_job_step(r, step)) {
                int64_t id = json_int(r, step, "id", 0, -VROOM_INT_MAX, VROOM_INT_MAX);
                int64_t at = json_int(r, step, "service_at", 0, -VROOM_INT_MAX, VROOM_INT_MAX);
                if (vroom_find(v->job_ids, v->job_count, id) < 0) {
                    json_fail(r, "visite inconnue (%lld)", (long long)id);
                }
                past_of_job(v, (int32_t)i, id, at, (int32_t)j);
            }
            json_leave(r, step_mark);
        }
        json_leave(r, inner);
    }
    json_leave(r, mark);
}

// A locked visit keeps the vehicle and the time it had.
static void lock_jobs(struct vroom *v)
{
    for (int32_t k = 0; k < v->job_count; k++) {
        struct tour_job *j = &v->jobs[k];
        if (v->locked[k] && j->past_vehicle >= 0) {
            int32_t            *vehicle = ARENA_NEW(v->json.arena, int32_t);
            struct tour_window *w       = ARENA_NEW(v->json.arena, struct tour_window);
            *vehicle                    = j->past_vehicle;
            *w                          = (struct tour_window){ j->past_start, j->past_start };
            j->vehicles                 = vehicle;
            j->vehicle_count            = 1;
            j->start                    = (struct tour_windows){ w, 1 };
        }
    }
}

// Priorities before numbers before costs; a prize makes a visit optional. A locked visit comes
// before any priority.
static void rank_jobs(struct vroom *v)
{
    int64_t step = (int64_t)v->job_count + 1;
    for (int32_t k = 0; k < v->job_count; k++) {
        struct tour_job *j           = &v->jobs[k];
        bool             is_optional = j->prize >= 0;
        j->rank                      = v->instance->priority[k] * step + !is_optional;
        j->rank += v->locked[k] ? 101 * step : 0;
        j->prize = is_optional ? j->prize : 0;
    }
}

static void finish(struct vroom *v)
{
    struct tour_instance *n = v->instance;
    unite_places(v);
    lock_jobs(v);
    rank_jobs(v);
    if (v->has_steps_only && n->problem.stability < 0) {
        n->problem.stability = 0;
    }
    n->format                  = TOUR_VROOM;
    n->scale                   = 1;
    n->profile_names           = v->profile_names;
    n->has_location            = v->has_location;
    n->has_indices             = v->has_matrices;
    n->problem.places          = v->places;
    n->problem.place_count     = v->place_count;
    n->problem.profiles        = v->profiles;
    n->problem.profile_count   = v->profile_count;
    n->problem.vehicles        = v->vehicles;
    n->problem.vehicle_count   = v->vehicle_count;
    n->problem.jobs            = v->jobs;
    n->problem.job_count       = v->job_count;
    n->problem.type_count      = v->type_count;
    n->problem.dimension_count = v->dimensions;
}

static void read_root(struct vroom *v, const json_t *root)
{
    static const char *const known[] = { "jobs",     "shipments", "vehicles",  "matrices", "matrix",
                                         "previous", "travel",    "stability", NULL };
    struct tour_json        *r       = &v->json;
    if (!json_is_object(root)) {
        json_fail(r, "un objet est attendu");
        return;
    }
    json_know(r, root, known);
    const json_t *vehicles  = json_list(r, root, "vehicles", TOUR_VEHICLES_MAX);
    const json_t *jobs      = json_list(r, root, "jobs", TOUR_JOBS_MAX);
    const json_t *shipments = json_list(r, root, "shipments", TOUR_JOBS_MAX);
    if (!vehicles) {
        json_fail(r, "« vehicles » manque");
    }
    if (json_array_size(shipments)) {
        json_enter(r, "shipments");
        json_fail(r, "les envois (« shipments ») ne sont pas pris en charge : des visites "
                     "(« jobs ») seulement");
    }
    if (r->failed) {
        return;
    }
    size_t mentions = json_array_size(jobs) + 2 * json_array_size(vehicles) + 1;
    v->places       = ARENA_ARRAY(r->arena, struct tour_place, mentions);
    v->has_location = ARENA_ARRAY(r->arena, bool, mentions);
    v->dimensions   = count_dimensions(vehicles, jobs);
    if (v->dimensions > TOUR_DIMENSIONS_MAX) {
        json_fail(r, "trop de quantités : %d au plus", TOUR_DIMENSIONS_MAX);
        return;
    }
    read_profiles(v, root, vehicles);
    if (!r->failed) {
        vroom_vehicles(v, vehicles);
        vroom_jobs(v, jobs);
    }
    if (!r->failed) {
        read_steps(v, vehicles);
    }
    v->instance->problem.stability = json_int(r, root, "stability", -1, 0, 1000000000);
    v->has_steps_only              = v->instance->problem.has_past;
    const json_t *previous         = json_map(r, root, "previous");
    size_t        mark             = json_enter(r, "previous");
    if (previous && !r->failed) {
        read_previous(v, previous);
    }
    json_leave(r, mark);
}

static json_t *load(struct str text, const char *what, struct buf *why)
{
    json_error_t error;
    json_t *root = json_loadb(text.at ? text.at : "", text.len, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        buf_printf(why, "%sligne %d, colonne %d : JSON non valide (%s)", what, error.line,
                   error.column, error.text);
    }
    return root;
}

bool tour_read_vroom(struct str text, struct str previous, struct arena *arena,
                     struct tour_instance *ret_instance, struct buf *why)
{
    struct tour_instance instance = { 0 };
    struct vroom         v = { .json = { .arena = arena, .why = why, .unknown = buf_init(KIB(16)) },
                               .instance = &instance };
    json_t              *root = load(text, "", why);

    if (!root) {
        return false;
    }
    read_root(&v, root);
    if (!v.json.failed && !str_is_absent(previous)) {
        json_t *old   = load(previous, "résultat précédent, ", why);
        v.json.failed = !old;
        if (json_is_object(old)) {
            read_previous(&v, old);
        }
        json_decref(old);
    }
    json_decref(root);
    instance.unknown = arena_str(arena, buf_str(&v.json.unknown));
    buf_done(&v.json.unknown);
    if (v.json.failed) {
        return false;
    }
    finish(&v);
    *ret_instance = instance;
    return true;
}
