// Inserts visits one by one, each at the best place that is seen.
#include "plan/tour_search_private.h"

#include <math.h>

static void sort_bag(struct search *s)
{
    for (int32_t i = 1; i < s->bag_count; i++) {
        int32_t k = s->bag[i], j = i;
        double  key = s->key[i];
        for (; j > 0 && s->key[j - 1] > key; j--) {
            s->bag[j] = s->bag[j - 1];
            s->key[j] = s->key[j - 1];
        }
        s->bag[j] = k;
        s->key[j] = key;
    }
    s->work += price.job * s->bag_count;
}

enum order { BY_CHANCE, BY_WORTH, BY_LOAD, BY_FAR, BY_NEAR, BY_WIDTH, BY_OPEN, BY_CLOSE };

static double order_key(struct search *s, enum order order, int32_t k)
{
    const struct core *c     = s->c;
    int32_t            depot = c->vehicles[0].start;
    switch (order) {
    case BY_WORTH:
        return -c->worth[k] * (0.5 + uniform(s));
    case BY_LOAD:
        return c->dimensions ? -(double)(c->delivery[k] + c->pickup[k]) : -(double)c->service[k];
    case BY_FAR:
        return -c->roads[0].time[(size_t)depot * (size_t)c->places + (size_t)c->place[k]];
    case BY_NEAR:
        return c->roads[0].time[(size_t)depot * (size_t)c->places + (size_t)c->place[k]];
    case BY_WIDTH:
        return c->close[k] - c->open[k];
    case BY_OPEN:
        return c->open[k];
    case BY_CLOSE:
        return -c->close[k];
    default:
        return uniform(s);
    }
}

static struct place try_tour(struct search *s, int32_t k, int32_t r)
{
    const struct core *c    = s->c;
    struct route      *tour = &s->now[r];
    struct memo       *memo = s->memo ? &s->memo[(size_t)k * (size_t)c->m + (size_t)r] : NULL;
    struct place       found;

    bool hit = memo && memo->version == tour->version;
    if (hit) {
        found = (struct place){ memo->cost, memo->at, 0 };
    } else {
        found = route_place(c, r, tour, k, -1);
        if (memo) {
            *memo = (struct memo){ tour->version, found.cost, found.at };
        }
    }
    s->work += hit ? s->hit_price : price.test + s->position_price * found.tried;
    if (found.at >= 0 && --s->blink_in < 0) {
        // Not seen this once: the next best of the same tour.
        s->blink_in = (int32_t)(log(1 - uniform(s)) / log(1 - rule.blink));
        found       = route_place(c, r, tour, k, found.at);
        s->work += price.test + s->position_price * found.tried;
    }
    return found;
}

// One empty tour of a kind is enough to try: the first. When it is taken the next one opens.
static void open_next(struct search *s, int32_t r)
{
    int32_t kind = s->c->vehicles[r].kind;
    while (++r < s->c->m) {
        if (s->c->vehicles[r].kind == kind && !s->now[r].len) {
            s->open[s->open_count++] = r;
            return;
        }
    }
}

static void open_tours(struct search *s)
{
    const struct core *c = s->c;
    s->steps++;
    s->open_count = 0;
    for (int32_t r = 0; r < c->m; r++) {
        if (s->now[r].len) {
            s->open[s->open_count++] = r;
        }
    }
    s->going_count = s->open_count;
    for (int32_t r = 0; r < c->m; r++) {
        int32_t kind = c->vehicles[r].kind;
        if (!s->now[r].len && s->kind_open[kind] != s->steps) {
            s->kind_open[kind]       = s->steps;
            s->open[s->open_count++] = r;
        }
    }
}

struct choice {
    int64_t cost;
    int32_t tour, at; // tour -1: fits nowhere
};

static void weigh(struct search *s, int32_t k, int32_t r, struct choice *best)
{
    const struct core *c = s->c;

    if (!s->may[(size_t)k * (size_t)c->m + (size_t)r]) {
        return;
    }
    struct place found = try_tour(s, k, r);
    if (found.at < 0) {
        return;
    }
    if (s->opens && !s->now[r].len) {
        found.cost = 0;
    }
    if (c->stability && c->past_vehicle[k] != -1 && c->past_vehicle[k] != r) {
        found.cost += c->stability;
    }
    if (found.cost < best->cost) {
        *best = (struct choice){ found.cost, r, found.at };
    }
}

// Among many tours, those of its neighbours and the ones that begin in this step.
static struct choice choose_near(struct search *s, int32_t k)
{
    const int32_t *near  = search_near(s, k);
    int32_t        count = s->c->near_count < rule.near_tours ? s->c->near_count : rule.near_tours;
    struct choice  best  = { INT64_MAX, -1, -1 };

    s->seen_stamp++;
    for (int32_t i = 0; i < count; i++) {
        int32_t r = s->tour_of[near[i]];
        if (r >= 0 && s->seen[r] != s->seen_stamp) {
            s->seen[r] = s->seen_stamp;
            weigh(s, k, r, &best);
        }
    }
    for (int32_t i = s->going_count; i < s->open_count; i++) {
        if (s->seen[s->open[i]] != s->seen_stamp) {
            weigh(s, k, s->open[i], &best);
        }
    }
    s->work += s->near_price * count;
    return best;
}

static struct choice choose(struct search *s, int32_t k)
{
    struct choice best = { INT64_MAX, -1, -1 };

    if (s->open_count > rule.few_tours && !s->c->stability) {
        best = choose_near(s, k);
        if (best.tour >= 0 || !s->c->rank[k]) {
            return best;
        }
    }
    for (int32_t i = 0; i < s->open_count; i++) {
        weigh(s, k, s->open[i], &best);
    }
    return best;
}

static void insert_best(struct search *s, int32_t k)
{
    const struct core *c    = s->c;
    struct choice      best = choose(s, k);
    if (best.tour < 0 || (!c->rank[k] && (double)best.cost >= s->credit * c->worth[k])) {
        return;
    }
    struct route *tour = &s->now[best.tour];
    touch(s, best.tour);
    if (!tour->len) {
        s->opens = false;
        open_next(s, best.tour);
    }
    route_insert(c, best.tour, tour, k, best.at);
    tour->version = ++s->stamp;
    s->work += s->stop_price * tour->len;
    take_in(s, k, best.tour);
}

// By what each would bring where it fits best now; what fits nowhere is put aside, as the insertion
// of others will hardly help.
static void sort_by_net(struct search *s)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < s->bag_count; i++) {
        int32_t       k    = s->bag[i];
        struct choice best = choose(s, k);
        if (best.tour >= 0) {
            s->key[kept]   = (double)best.cost - s->c->worth[k] * (0.5 + uniform(s));
            s->bag[kept++] = k;
        }
    }
    s->bag_count = kept;
    sort_bag(s);
}

void search_recreate(struct search *s)
{
    const struct core *c       = s->c;
    int32_t            removed = s->bag_count;
    open_tours(s);
    // Where tours are long, no visit is worth a tour of its own: it has to be begun at a loss.
    bool many = c->n > rule.many;
    s->opens  = many && c->has_prizes && s->going_count < s->open_count && uniform(s) < rule.open;
    int32_t pool = s->opens ? rule.open_pool : many ? rule.pool_many : rule.pool;
    // Those left out before, the nearest first when there are many.
    if (s->left_count_before <= pool) {
        for (int32_t i = 0; i < s->left_count_before; i++) {
            s->bag[s->bag_count++] = s->left_before[i];
        }
    } else {
        const int32_t *near = search_near(s, s->seed_job);
        for (int32_t i = -1; i < c->near_count && s->bag_count < removed + pool; i++) {
            int32_t k = i < 0 ? s->seed_job : near[i];
            if (s->left_at[k] < s->left_count_before && s->left[s->left_at[k]] == k &&
                s->left_before[s->left_at[k]] == k) {
                s->bag[s->bag_count++] = k;
            }
        }
    }
    static const uint8_t orders[] = { BY_CHANCE, BY_CHANCE, BY_CHANCE, BY_CHANCE, BY_LOAD,
                                      BY_LOAD,   BY_FAR,    BY_FAR,    BY_NEAR,   BY_WIDTH,
                                      BY_WIDTH,  BY_OPEN,   BY_OPEN,   BY_CLOSE,  BY_CLOSE };
    enum order           order    = orders[below(s, (int32_t)LENGTH(orders))];
    if (uniform(s) < rule.by_worth * (c->has_prizes || c->is_selective)) {
        order = BY_WORTH;
    }
    if (order == BY_WORTH && uniform(s) < rule.by_net) {
        sort_by_net(s);
    } else {
        for (int32_t i = 0; i < s->bag_count; i++) {
            s->key[i] = order_key(s, order, s->bag[i]);
        }
        sort_bag(s);
    }
    // Two visits may be worth a detour that neither is worth alone.
    s->credit = uniform(s) < rule.strict ? 1 : 1 / (1 - uniform(s));
    for (int32_t i = 0; i < s->bag_count; i++) {
        insert_best(s, s->bag[i]);
    }
}
