// How far places are from each other, and what a tour costs.
#include "plan/tour_private.h"

#include <math.h>

static const double earth_radius = 6371008.8; // metres, mean radius

static const double degree = 3.14159265358979323846 / 180;

double tour_cosine(const struct tour_place *place)
{
    return cos(place->y * degree);
}

static double great_circle(const struct tour_place *a, const struct tour_place *b, double cosines)
{
    double dy = sin((b->y - a->y) * degree / 2), dx = sin((b->x - a->x) * degree / 2);
    double h = dy * dy + cosines * dx * dx;
    return 2 * earth_radius * asin(sqrt(h < 1 ? h : 1));
}

// Truncation must not depend on the last bit of a square root.
static const double hair = 1e-9;

void tour_travel_with(const struct tour_problem *problem, const struct tour_vehicle *vehicle,
                      int32_t from, int32_t to, double cosines, int64_t *ret_duration,
                      int64_t *ret_distance)
{
    const struct tour_profile *p = &problem->profiles[vehicle->profile];
    const struct tour_place   *a = &problem->places[from], *b = &problem->places[to];
    double                     duration = 0, distance = 0;

    if (p->metric == TOUR_MATRIX) {
        size_t at = (size_t)a->index * (size_t)p->size + (size_t)b->index;
        duration  = p->durations[at];
        distance  = p->distances ? p->distances[at] : 0;
        if (p->durations[at] == TOUR_NEVER) {
            *ret_duration = *ret_distance = TOUR_NEVER;
            return;
        }
    } else if (p->metric == TOUR_PLANE) {
        double d = p->scale * hypot(a->x - b->x, a->y - b->y);
        duration = distance = p->nearest ? floor(d + 0.5) : floor(d + hair);
    } else {
        distance = great_circle(a, b, cosines) * p->detour;
        // Half of the way at the speed of each end.
        duration = distance / 2 / p->speed[a->density] + distance / 2 / p->speed[b->density];
        distance = round(distance);
    }
    *ret_duration = vehicle->speed_factor == 1 && p->metric != TOUR_EARTH
                        ? (int64_t)duration
                        : (int64_t)floor(duration / vehicle->speed_factor + 0.5);
    *ret_distance = (int64_t)distance;
}

void tour_travel(const struct tour_problem *problem, const struct tour_vehicle *vehicle,
                 int32_t from, int32_t to, int64_t *ret_duration, int64_t *ret_distance)
{
    double cosines = 1;
    if (problem->profiles[vehicle->profile].metric == TOUR_EARTH) {
        cosines = tour_cosine(&problem->places[from]) * tour_cosine(&problem->places[to]);
    }
    tour_travel_with(problem, vehicle, from, to, cosines, ret_duration, ret_distance);
}

// The cost table, where there is one, knows only the places the tour goes through.
static double table_cost(const struct tour_problem *problem, const struct tour_vehicle *vehicle,
                         const struct tour_route *route)
{
    const struct tour_profile *p   = &problem->profiles[vehicle->profile];
    int32_t                    at  = vehicle->start;
    double                     sum = 0;
    for (int i = 0; i <= route->count; i++) {
        int32_t to = vehicle->end;
        if (i < route->count) {
            if (route->stops[i].job < 0) {
                continue;
            }
            to = problem->jobs[route->stops[i].job].place;
        }
        if (at >= 0 && to >= 0) {
            sum += p->costs[(size_t)problem->places[at].index * (size_t)p->size +
                            (size_t)problem->places[to].index];
        }
        at = to;
    }
    return sum;
}

int64_t tour_cost(const struct tour_problem *problem, const struct tour_vehicle *vehicle,
                  const struct tour_route *route)
{
    if (!route->count) {
        return 0;
    }
    double work = 0, cost = (double)vehicle->fixed;
    for (int i = 0; i < route->count; i++) {
        if (route->stops[i].job >= 0) {
            work += (double)(route->stops[i].service + route->stops[i].setup);
        }
    }
    cost += (double)vehicle->per_task_hour * work / 3600;
    if (problem->profiles[vehicle->profile].costs) {
        cost += table_cost(problem, vehicle, route);
    } else {
        cost += (double)vehicle->per_hour * (double)route->travel / 3600 +
                (double)vehicle->per_km * (double)route->distance / 1000;
    }
    return llround(cost);
}
