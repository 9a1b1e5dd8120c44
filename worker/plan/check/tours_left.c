// The reasons of the visits left out, proved by trying each at every place of every tour.
#include "check/tours_private.h"

#include <math.h>

struct trial {
    bool   is_allowed; // by some car
    bool   fits_alone; // in an empty tour of some car
    bool   fits;       // somewhere in the plan
    double cost;       // the least that adds
};

static double cost_now(const struct world *w, const struct car *c, const struct round *r)
{
    double cost = 0;
    if (r->count) {
        (void)can_do(w, c, r->order, r->count, &cost);
    }
    return cost;
}

static void try_in(const struct world *w, const struct car *c, const struct round *r,
                   struct visit *v, struct visit **room, struct trial *t)
{
    double before = cost_now(w, c, r), cost;
    room[0]       = v;
    t->fits_alone |= can_do(w, c, room, 1, &cost);
    for (size_t at = 0; at <= r->count; at++) {
        for (size_t i = 0; i < r->count; i++) {
            room[i + (i >= at)] = r->order[i];
        }
        room[at] = v;
        if (can_do(w, c, room, r->count + 1, &cost)) {
            t->fits = true;
            t->cost = cost - before < t->cost ? cost - before : t->cost;
        }
    }
}

static bool is_word(const char *text, const char *word)
{
    return text && str_eq(str_of(text), str_of(word));
}

static void judge(struct world *w, const struct visit *v, const json_t *left, const struct trial *t)
{
    const char *reason   = json_string_value(json_object_get(left, "reason"));
    long long   id       = (long long)v->id;
    bool        may_stay = v->is_optional && !v->priority && !v->is_locked;

    if (!reason) {
        check_fault(w->report, "visite %lld laissée de côté sans motif", id);
    } else if (is_word(reason, "no_skill") || is_word(reason, "no_vehicle")) {
        if (t->is_allowed) {
            check_fault(w->report, "visite %lld : un véhicule a pourtant les compétences", id);
        }
    } else if (is_word(reason, "unreachable") || is_word(reason, "too_far") ||
               is_word(reason, "too_heavy")) {
        if (!t->is_allowed || t->fits_alone) {
            check_fault(w->report, "visite %lld : faisable seule, ou interdite à tous", id);
        }
    } else if (is_word(reason, "full")) {
        if (!t->fits_alone || t->fits) {
            check_fault(w->report, "visite %lld : tient pourtant dans une tournée du plan", id);
        }
    } else if (is_word(reason, "cost")) {
        double told = (double)whole(left, "cost", -1);
        if (!t->fits || !may_stay || t->cost + 1 < (double)v->prize) {
            check_fault(w->report, "visite %lld : vaut %lld et ne coûterait que %.2f", id,
                        (long long)v->prize, t->cost);
        } else if (fabs(told - t->cost) > 1.5) {
            check_fault(w->report, "visite %lld : coûterait %.2f, non %.0f", id, t->cost, told);
        }
    } else if (is_word(reason, "stability")) {
        if (!w->has_past || !t->fits) {
            check_fault(w->report, "visite %lld : aucun plan précédent ne la gêne", id);
        }
    } else if (is_word(reason, "no_time")) {
        // True as long as it could have been placed.
        if (!t->fits || (may_stay && t->cost > (double)v->prize + 1)) {
            check_fault(w->report, "visite %lld : le temps n’y aurait rien changé", id);
        }
    } else {
        check_fault(w->report, "visite %lld : motif inconnu « %s »", id, reason);
    }
}

void check_left(struct world *w, const struct round *rounds)
{
    const json_t  *list  = json_object_get(w->result, "unassigned"), *left;
    struct visit **room  = memory_new((w->visit_count + 2) * sizeof *room);
    int64_t        count = 0, faults = w->report->faults;
    size_t         i;

    json_array_foreach((json_t *)(uintptr_t)list, i, left)
    {
        struct visit *v = world_visit(w, whole(left, "id", 0));
        if (!v || !json_is_integer(json_object_get(left, "id"))) {
            check_fault(w->report, "visite laissée de côté inconnue : rang %zu", i);
            continue;
        }
        v->seen++;
        count++;
        struct trial t = { .cost = INFINITY };
        for (size_t c = 0; c < w->car_count; c++) {
            if (is_allowed(&w->cars[c], v)) {
                t.is_allowed = true;
                try_in(w, &w->cars[c], &rounds[c], v, room, &t);
            }
        }
        judge(w, v, left, &t);
    }
    free(room);
    if (faults == w->report->faults) {
        check_proved(w->report, "%lld visites laissées de côté, chacune pour le motif donné",
                     (long long)count);
    }
}
