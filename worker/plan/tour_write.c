// Writes a plan.
#include "plan/tour_instance.h"

static const struct {
    struct str code, sentence;
} reasons[] = {
    [TOUR_NO_VEHICLE] = { STR_INIT("no_vehicle"), STR_INIT("aucun véhicule") },
    [TOUR_NO_SKILL]   = { STR_INIT("no_skill"),
                          STR_INIT("aucun véhicule admis n’a les compétences demandées") },
    [TOUR_TOO_LATE]   = { STR_INIT("unreachable"),
                          STR_INIT("même seule, aucune tournée ne peut la faire dans ses horaires et "
                                     "finir la journée à temps") },
    [TOUR_TOO_FAR] = { STR_INIT("too_far"), STR_INIT("même seule, elle dépasse le trajet permis") },
    [TOUR_TOO_HEAVY] = { STR_INIT("too_heavy"),
                         STR_INIT("même seule, elle dépasse la capacité de tous les véhicules") },
    [TOUR_FULL]      = { STR_INIT("full"),
                         STR_INIT("ne tient dans aucune tournée du plan, à aucune place") },
    [TOUR_COST]      = { STR_INIT("cost"), STR_INIT("coûterait plus qu’elle ne vaut") },
    [TOUR_STABLE]    = { STR_INIT("stability"),
                         STR_INIT("déplacerait des visites du plan précédent") },
    [TOUR_NO_TIME]   = { STR_INIT("no_time"),
                         STR_INIT("le temps de calcul accordé n’a pas suffi pour la placer") },
};

struct str tour_reason_sentence(enum tour_reason reason)
{
    return reasons[reason].sentence;
}

struct str tour_reason_code(enum tour_reason reason)
{
    return reasons[reason].code;
}

struct sums {
    int64_t cost, setup, service, travel, waiting, priority, prize, rank, distance, count;
    int64_t delivery[TOUR_DIMENSIONS_MAX], pickup[TOUR_DIMENSIONS_MAX];
};

static struct sums sum_up(const struct tour_instance *n, int32_t vehicle,
                          const struct tour_route *r)
{
    const struct tour_problem *p = &n->problem;
    struct sums                s = { .cost     = tour_cost(p, &p->vehicles[vehicle], r),
                                     .travel   = r->travel,
                                     .distance = r->distance };
    for (int i = 0; i < r->count; i++) {
        const struct tour_stop *stop = &r->stops[i];
        s.service += stop->service;
        s.setup += stop->setup;
        s.waiting += stop->start - stop->arrival;
        if (stop->job >= 0) {
            const struct tour_job *j = &p->jobs[stop->job];
            s.count++;
            s.priority += n->priority ? n->priority[stop->job] : 0;
            s.prize += j->prize;
            s.rank += j->rank;
            for (int32_t d = 0; d < p->dimension_count; d++) {
                s.delivery[d] += j->delivery[d];
                s.pickup[d] += j->pickup[d];
            }
        }
    }
    return s;
}

static void add_ints(struct buf *out, const char *key, const int64_t *x, int32_t count)
{
    buf_printf(out, ",\"%s\":[", key);
    for (int32_t i = 0; i < count; i++) {
        buf_printf(out, i ? ",%lld" : "%lld", (long long)x[i]);
    }
    buf_add_char(out, ']');
}

static void add_sums(const struct tour_instance *n, const struct sums *s, struct buf *out)
{
    buf_printf(out, "\"cost\":%lld", (long long)s->cost);
    if (n->problem.dimension_count) {
        add_ints(out, "delivery", s->delivery, n->problem.dimension_count);
        add_ints(out, "amount", s->delivery, n->problem.dimension_count);
        add_ints(out, "pickup", s->pickup, n->problem.dimension_count);
    }
    buf_printf(out, ",\"setup\":%lld,\"service\":%lld,\"duration\":%lld,\"waiting_time\":%lld",
               (long long)s->setup, (long long)s->service, (long long)s->travel,
               (long long)s->waiting);
    buf_printf(out, ",\"priority\":%lld", (long long)s->priority);
    if (n->format == TOUR_TOPTW) {
        // Ranks are hundredths of profits.
        buf_printf(out, s->rank % 100 ? ",\"prize\":%.2f" : ",\"prize\":%.0f",
                   (double)s->rank / 100);
    } else {
        buf_printf(out, ",\"prize\":%lld", (long long)s->prize);
    }
    if (n->has_distances) {
        buf_printf(out, ",\"distance\":%lld", (long long)s->distance);
    }
    buf_add(out, STR(",\"violations\":[]"));
}

static void add_place(const struct tour_instance *n, int32_t at, struct buf *out)
{
    if (at < 0) {
        return;
    }
    const struct tour_place *place = &n->problem.places[at];
    if (n->has_location && n->has_location[at]) {
        buf_printf(out, ",\"location\":[%.9g,%.9g]", place->x, place->y);
    }
    if (n->has_indices) {
        buf_printf(out, ",\"location_index\":%d", place->index);
    }
}

static void add_load(const struct tour_instance *n, const int64_t *load, struct buf *out)
{
    if (n->problem.dimension_count) {
        add_ints(out, "load", load, n->problem.dimension_count);
    }
}

static void add_end(const struct tour_instance *n, const char *type, int32_t place, int64_t time,
                    int64_t travel, int64_t distance, const int64_t *load, struct buf *out)
{
    buf_printf(out, "{\"type\":\"%s\"", type);
    add_place(n, place, out);
    buf_add(out, STR(",\"setup\":0,\"service\":0,\"waiting_time\":0"));
    add_load(n, load, out);
    buf_printf(out, ",\"arrival\":%lld,\"duration\":%lld", (long long)time, (long long)travel);
    if (n->has_distances) {
        buf_printf(out, ",\"distance\":%lld", (long long)distance);
    }
    buf_add(out, STR(",\"violations\":[]}"));
}

static void add_stop(const struct tour_instance *n, int32_t vehicle, const struct tour_stop *stop,
                     const int64_t *load, struct buf *out)
{
    const struct tour_problem *p    = &n->problem;
    struct str                 text = { 0 };
    if (stop->job >= 0) {
        const struct tour_job *j = &p->jobs[stop->job];
        text                     = n->job_text ? n->job_text[stop->job] : text;
        buf_printf(out, "{\"type\":\"job\",\"id\":%lld,\"job\":%lld", (long long)j->id,
                   (long long)j->id);
        add_place(n, j->place, out);
    } else {
        const struct tour_break *b = &p->vehicles[vehicle].breaks[-1 - stop->job];
        buf_printf(out, "{\"type\":\"break\",\"id\":%lld", (long long)b->id);
    }
    if (!str_is_absent(text)) {
        buf_add(out, STR(",\"description\":"));
        buf_add_json(out, text);
    }
    buf_printf(out, ",\"setup\":%lld,\"service\":%lld,\"waiting_time\":%lld",
               (long long)stop->setup, (long long)stop->service,
               (long long)(stop->start - stop->arrival));
    add_load(n, load, out);
    buf_printf(out, ",\"arrival\":%lld,\"duration\":%lld", (long long)stop->arrival,
               (long long)stop->travel);
    if (n->has_distances) {
        buf_printf(out, ",\"distance\":%lld", (long long)stop->distance);
    }
    buf_add(out, STR(",\"violations\":[]}"));
}

static void add_route(const struct tour_instance *n, int32_t vehicle, const struct tour_route *r,
                      struct buf *out)
{
    const struct tour_problem *p = &n->problem;
    const struct tour_vehicle *v = &p->vehicles[vehicle];
    struct sums                s = sum_up(n, vehicle, r);
    int64_t                    load[TOUR_DIMENSIONS_MAX];

    memcpy(load, s.delivery, sizeof load);
    buf_printf(out, "{\"vehicle\":%lld,", (long long)v->id);
    add_sums(n, &s, out);
    if (n->vehicle_text && !str_is_absent(n->vehicle_text[vehicle])) {
        buf_add(out, STR(",\"description\":"));
        buf_add_json(out, n->vehicle_text[vehicle]);
    }
    if (n->profile_names) {
        buf_add(out, STR(",\"profile\":"));
        buf_add_json(out, n->profile_names[v->profile]);
    }
    buf_add(out, STR(",\"steps\":["));
    if (v->start >= 0) {
        add_end(n, "start", v->start, r->start, 0, 0, load, out);
    }
    for (int i = 0; i < r->count; i++) {
        for (int32_t d = 0; d < p->dimension_count && r->stops[i].job >= 0; d++) {
            load[d] += p->jobs[r->stops[i].job].pickup[d] - p->jobs[r->stops[i].job].delivery[d];
        }
        if (i || v->start >= 0) {
            buf_add_char(out, ',');
        }
        add_stop(n, vehicle, &r->stops[i], load, out);
    }
    if (v->end >= 0) {
        buf_add_char(out, ',');
        add_end(n, "end", v->end, r->end, r->travel, r->distance, load, out);
    }
    buf_add(out, STR("]}"));
}

static void add_left(const struct tour_instance *n, const struct tour_left *left, struct buf *out)
{
    const struct tour_problem *p = &n->problem;
    const struct tour_job     *j = &p->jobs[left->job];

    buf_printf(out, "{\"id\":%lld,\"type\":\"job\"", (long long)j->id);
    add_place(n, j->place, out);
    if (n->job_text && !str_is_absent(n->job_text[left->job])) {
        buf_add(out, STR(",\"description\":"));
        buf_add_json(out, n->job_text[left->job]);
    }
    buf_printf(out, ",\"reason\":\"%.*s\",\"explanation\":\"%.*s",
               STR_ARG(tour_reason_code(left->reason)),
               STR_ARG(tour_reason_sentence(left->reason)));
    if (left->vehicle < 0) {
        buf_add(out, STR("\"}"));
        return;
    }
    int64_t vehicle = p->vehicles[left->vehicle].id;
    buf_printf(out,
               " : %lld de plus dans la tournée %lld, pour une valeur de %lld\",\"vehicle\":%lld,"
               "\"cost\":%lld,\"prize\":%lld}",
               (long long)left->cost, (long long)vehicle, (long long)j->prize, (long long)vehicle,
               (long long)left->cost, (long long)j->prize);
}

static void add_sum(struct sums *all, const struct sums *s)
{
    all->cost += s->cost;
    all->setup += s->setup;
    all->service += s->service;
    all->travel += s->travel;
    all->waiting += s->waiting;
    all->priority += s->priority;
    all->prize += s->prize;
    all->rank += s->rank;
    all->distance += s->distance;
    all->count += s->count;
    for (int32_t d = 0; d < TOUR_DIMENSIONS_MAX; d++) {
        all->delivery[d] += s->delivery[d];
        all->pickup[d] += s->pickup[d];
    }
}

// What a text instance was read as, so that the result can be checked alone.
static void add_reading(const struct tour_instance *n, struct buf *out)
{
    if (n->format != TOUR_VROOM) {
        buf_printf(out,
                   ",\"instance\":{\"format\":\"%s\",\"vehicles\":%d,\"scale\":%lld,"
                   "\"rounding\":\"%s\"}",
                   n->format == TOUR_SOLOMON ? "solomon" : "toptw", n->problem.vehicle_count,
                   (long long)n->scale, n->nearest ? "nearest" : "floor");
    }
}

void tour_write_json(const struct tour_instance *instance, const struct tour_plan *plan,
                     struct buf *out)
{
    const struct tour_problem *p      = &instance->problem;
    struct sums                all    = { 0 };
    int32_t                    routes = 0;

    for (int32_t v = 0; v < p->vehicle_count; v++) {
        struct sums s = sum_up(instance, v, &plan->routes[v]);
        add_sum(&all, &s);
        routes += plan->routes[v].count > 0;
    }
    buf_add(out, STR("{\"code\":0"));
    add_reading(instance, out);
    buf_printf(out, ",\"summary\":{\"routes\":%d,\"unassigned\":%d,", routes, plan->left_count);
    add_sums(instance, &all, out);
    if (p->has_past && p->stability) {
        buf_printf(out, ",\"moved\":%d", plan->moved);
    }
    buf_add(out, STR("},\n\"unassigned\":["));
    for (int32_t i = 0; i < plan->left_count; i++) {
        buf_add(out, i ? STR(",\n") : STR("\n"));
        add_left(instance, &plan->left[i], out);
    }
    buf_add(out, STR("],\n\"routes\":["));
    bool first = true;
    for (int32_t v = 0; v < p->vehicle_count; v++) {
        if (plan->routes[v].count) {
            buf_add(out, first ? STR("\n") : STR(",\n"));
            add_route(instance, v, &plan->routes[v], out);
            first = false;
        }
    }
    buf_add(out, STR("]}\n"));
}

void tour_write_routes(const struct tour_instance *instance, const struct tour_plan *plan,
                       struct buf *out)
{
    const struct tour_problem *p      = &instance->problem;
    int64_t                    cost   = 0;
    int                        number = 0;
    for (int32_t v = 0; v < p->vehicle_count; v++) {
        const struct tour_route *r = &plan->routes[v];
        if (!r->count) {
            continue;
        }
        cost += tour_cost(p, &p->vehicles[v], r);
        buf_printf(out, "Route #%d:", ++number);
        for (int i = 0; i < r->count; i++) {
            if (r->stops[i].job >= 0) {
                buf_printf(out, " %lld", (long long)p->jobs[r->stops[i].job].id);
            }
        }
        buf_add_char(out, '\n');
    }
    if (instance->scale > 1) {
        buf_printf(out, "Cost %.2f\n", (double)cost / (double)instance->scale);
    } else {
        buf_printf(out, "Cost %lld\n", (long long)cost);
    }
}
