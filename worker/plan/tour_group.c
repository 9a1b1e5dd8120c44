// Cuts a problem into groups of vehicles and jobs that have nothing to do with each other: each is
// then searched alone, with small tables.
#include "plan/tour_private.h"

static int compare_lists(const int32_t *a, int na, const int32_t *b, int nb)
{
    if (na != nb) {
        return na < nb ? -1 : 1;
    }
    for (int i = 0; i < na; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}

static int compare_jobs(const struct tour_problem *p, int32_t a, int32_t b)
{
    const struct tour_job *x = &p->jobs[a], *y = &p->jobs[b];
    int order = compare_lists(x->vehicles, x->vehicle_count, y->vehicles, y->vehicle_count);
    return order ? order : compare_lists(x->skills, x->skill_count, y->skills, y->skill_count);
}

static int job_order(const void *a, const void *b, void *context)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    int     order = compare_jobs(context, x, y);
    return order ? order : (x > y) - (x < y);
}

static int compare_vehicles(const struct tour_problem *p, int32_t a, int32_t b)
{
    const struct tour_vehicle *x = &p->vehicles[a], *y = &p->vehicles[b];
    return compare_lists(x->skills, x->skill_count, y->skills, y->skill_count);
}

static int vehicle_order(const void *a, const void *b, void *context)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    int     order = compare_vehicles(context, x, y);
    return order ? order : (x > y) - (x < y);
}

// Disjoint sets of vehicles.
static int32_t root(int32_t *parent, int32_t v)
{
    while (parent[v] != v) {
        parent[v] = parent[parent[v]];
        v         = parent[v];
    }
    return v;
}

static void join(int32_t *parent, int32_t a, int32_t b)
{
    a                     = root(parent, a);
    b                     = root(parent, b);
    parent[a > b ? a : b] = a > b ? b : a;
}

// The set of the vehicles that may serve jobs like `job`, joined into one; -1 = no vehicle.
static int32_t join_for(const struct tour_problem *p, int32_t job, const int32_t *vehicles,
                        int32_t *parent)
{
    const struct tour_job *j     = &p->jobs[job];
    int32_t                first = -1;
    for (int i = 0; i < j->vehicle_count; i++) {
        if (tour_may(p, j->vehicles[i], job)) {
            first = first < 0 ? j->vehicles[i] : first;
            join(parent, first, j->vehicles[i]);
        }
    }
    bool fits = false;
    for (int32_t i = 0; !j->vehicle_count && i < p->vehicle_count; i++) {
        // Vehicles of equal skills follow each other.
        if (!i || compare_vehicles(p, vehicles[i - 1], vehicles[i])) {
            fits = tour_may(p, vehicles[i], job);
        }
        if (fits) {
            first = first < 0 ? vehicles[i] : first;
            join(parent, first, vehicles[i]);
        }
    }
    return first;
}

static int32_t *indices(int32_t count)
{
    int32_t *x = memory_new(((size_t)count + 1) * sizeof *x);
    for (int32_t i = 0; i < count; i++) {
        x[i] = i;
    }
    return x;
}

struct group *groups_find(const struct tour_problem *p, struct arena *a, int32_t *ret_count)
{
    int32_t *jobs = indices(p->job_count), *vehicles = indices(p->vehicle_count);
    int32_t *parent = indices(p->vehicle_count), *home = indices(p->job_count);
    int32_t *number = indices(p->vehicle_count);

    qsort_r(jobs, (size_t)p->job_count, sizeof *jobs, job_order, (void *)(uintptr_t)p);
    qsort_r(vehicles, (size_t)p->vehicle_count, sizeof *vehicles, vehicle_order,
            (void *)(uintptr_t)p);
    for (int32_t i = 0; i < p->job_count; i++) {
        bool is_same  = i && !compare_jobs(p, jobs[i - 1], jobs[i]);
        home[jobs[i]] = is_same ? home[jobs[i - 1]] : join_for(p, jobs[i], vehicles, parent);
    }
    // Group 0 holds the jobs that nobody may serve; the others follow their first vehicle.
    int32_t count = 1;
    for (int32_t v = 0; v < p->vehicle_count; v++) {
        number[v] = root(parent, v) == v ? count++ : number[root(parent, v)];
    }
    struct group *g = ARENA_ARRAY(a, struct group, (size_t)count);
    for (int32_t v = 0; v < p->vehicle_count; v++) {
        g[number[v]].vehicle_count++;
    }
    for (int32_t k = 0; k < p->job_count; k++) {
        home[k] = home[k] < 0 ? 0 : number[root(parent, home[k])];
        g[home[k]].job_count++;
    }
    for (int32_t i = 0; i < count; i++) {
        g[i].jobs      = ARENA_ARRAY(a, int32_t, (size_t)g[i].job_count + 1);
        g[i].vehicles  = ARENA_ARRAY(a, int32_t, (size_t)g[i].vehicle_count + 1);
        g[i].job_count = g[i].vehicle_count = 0;
    }
    for (int32_t v = 0; v < p->vehicle_count; v++) {
        g[number[v]].vehicles[g[number[v]].vehicle_count++] = v;
    }
    for (int32_t k = 0; k < p->job_count; k++) {
        g[home[k]].jobs[g[home[k]].job_count++] = k;
    }
    free(jobs);
    free(vehicles);
    free(parent);
    free(home);
    free(number);
    *ret_count = count;
    return g;
}
