#include "jobs/plan_case.h"

#include <math.h>

// Roads are longer than the great circle: the factor of the tours (docs/planning.md).
static const double detour = 1.3;

// Of half a latitude: the cosine of the mean of two latitudes comes without another.
struct half_turn {
    double cos, sin;
};

static struct half_turn half_turn_of(double latitude)
{
    const double radian = 0.017453292519943295;

    return (struct half_turn){ cos(latitude / 2 * radian), sin(latitude / 2 * radian) };
}

static int64_t km_between(const struct plan_adviser *a, struct half_turn there,
                          const struct plan_candidate *c, struct half_turn here)
{
    const double degree = 111.195;
    double       lat = c->lat / 1e5, lon = c->lon / 1e5;

    if (isnan(a->lon) || isnan(a->lat)) {
        return 0;
    }
    double x = (lon - a->lon) * (here.cos * there.cos - here.sin * there.sin), y = lat - a->lat;
    return (int64_t)(sqrt(x * x + y * y) * degree * detour + 0.5);
}

int64_t plan_case_expected(const struct plan_input *in)
{
    int64_t hours = 0, open = 0;

    for (int32_t a = 0; a < in->adviser_count; a++) {
        hours += in->advisers[a].visits;
    }
    for (int32_t i = 0; i < in->candidate_count; i++) {
        open += in->candidates[i].state.len == 0;
    }
    return hours < open ? hours : open;
}

// --- quotas
// ----------------------------------------------------------------------------------------

static int32_t commune_place(const struct plan_input *in, int32_t number)
{
    int32_t low = 0, high = in->commune_count;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (in->communes[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < in->commune_count && in->communes[low].number == number ? low : -1;
}

static int64_t part(int64_t percent, int64_t of)
{
    return (percent * of + 99) / 100;
}

// Communes come first: they are disjoint, hence exact; the two that cross them are kept by prices.
// Communes are told apart only where each is to be served; beyond what fits they are left alone.
static int32_t communes_of(const struct plan_input *in)
{
    enum { MOST = CASE_QUOTAS_MAX - 2 };

    if (in->each_commune == 0) {
        return 0;
    }
    return in->commune_count < MOST ? in->commune_count : MOST;
}

static void make_quotas(const struct plan_input *in, struct assign_case *c)
{
    int64_t expected = plan_case_expected(in);
    int32_t communes = communes_of(in);

    c->quota_count = communes + 2;
    c->quotas      = ARENA_ARRAY(in->arena, struct case_quota, (size_t)c->quota_count);
    for (int32_t k = 0; k < communes; k++) {
        c->quotas[k] =
            (struct case_quota){ .name = in->communes[k].name, .least = in->each_commune };
    }
    c->quotas[communes] = (struct case_quota){ .name  = STR("jamais visités"),
                                               .least = part(in->never_visited, expected) };
    c->quotas[communes + 1] =
        (struct case_quota){ .name = STR("petits employeurs"), .least = part(in->small, expected) };
}

static void put_quotas(const struct plan_input *in, const struct plan_candidate *from,
                       struct case_establishment *e)
{
    int32_t communes = communes_of(in);
    int32_t commune  = communes > 0 ? commune_place(in, from->commune) : -1;

    // A quota of nothing holds by itself: nobody is part of it.
    if (from->is_first && in->never_visited > 0) {
        case_put(&e->quotas, communes);
    }
    if (from->is_small && in->small > 0) {
        case_put(&e->quotas, communes + 1);
    }
    if (commune >= 0 && commune < communes) {
        case_put(&e->quotas, commune);
    }
}

// --- pairs
// -----------------------------------------------------------------------------------------

// What a candidate is worth to each partner, but for the way there.
struct side {
    struct assign_features features;
    int64_t                worth;
};

static void make_sides(const struct plan_input *in, int32_t i, const struct plan_tie **tie,
                       struct side *sides)
{
    const struct plan_candidate *c   = &in->candidates[i];
    const struct plan_tie       *end = in->ties + in->tie_count;
    int64_t                      component[WORTH_COUNT];

    for (int32_t p = 0; p < in->partner_count; p++) {
        int64_t *f         = sides[p].features.value;
        sides[p].features  = (struct assign_features){ 0 };
        f[WORTH_POTENTIAL] = c->potential;
        f[WORTH_NEEDS]     = c->needs;
        f[WORTH_SILENCE]   = c->silence;
        f[WORTH_TENSION]   = c->tension;
        f[WORTH_PUBLIC]    = (c->fits & in->partners[p].fit) != 0;
        f[WORTH_LEAD]      = (int64_t)(c->lead >> p & 1);
    }
    for (; *tie < end && (*tie)->candidate <= i; (*tie)++) {
        if ((*tie)->candidate == i) {
            sides[(*tie)->partner].features.value[WORTH_FRUITFUL] = (*tie)->fruitful;
            sides[(*tie)->partner].features.value[WORTH_KNOWN]    = (*tie)->known;
        }
    }
    for (int32_t p = 0; p < in->partner_count; p++) {
        sides[p].worth = assign_worth_of(&sides[p].features, &in->weights, component);
    }
}

struct pick {
    int64_t  worth, km;
    uint32_t turn; // among equals
    int32_t  adviser;
    bool     is_taken;
};

// Colleagues who start from one place are worth the same to all employers: each employer keeps
// others of them, lest all keep the same few, who have no room for all. (Finalizer of MurmurHash3.)
static uint32_t turn_of(int64_t establishment, int64_t adviser)
{
    uint32_t x = (uint32_t)establishment * 0x9e3779b1u ^ (uint32_t)adviser * 0x85ebca77u;

    x ^= x >> 16;
    x *= 0x85ebca6bu;
    x ^= x >> 13;
    x *= 0xc2b2ae35u;
    return x ^ x >> 16;
}

static int by_worth(const void *x, const void *y)
{
    const struct pick *a = x, *b = y;

    if (a->worth != b->worth) {
        return a->worth > b->worth ? -1 : 1;
    }
    if (a->turn != b->turn) {
        return a->turn < b->turn ? -1 : 1;
    }
    return a->adviser < b->adviser ? -1 : a->adviser > b->adviser;
}

// Puts a pick in its place of a list that keeps the best `most`.
static void put_best(struct pick *list, int32_t *count, int32_t most, const struct pick *one)
{
    if (*count == most && (most == 0 || by_worth(one, &list[most - 1]) > 0)) {
        return;
    }
    int32_t at = *count < most ? (*count)++ : most - 1;
    for (; at > 0 && by_worth(one, &list[at - 1]) < 0; at--) {
        list[at] = list[at - 1];
    }
    list[at] = *one;
}

// Room for choosing among all advisers, used again for each candidate.
struct choice {
    struct pick      *picks, *best;         // [advisers]
    struct pick       first[PLAN_PARTNERS]; // the best of each partner
    struct pick       spread[PLAN_PARTNERS];
    struct half_turn *halves; // [advisers]
};

// The best, among them the best of each partner as far as a third of the places go.
static int32_t choose(const struct plan_input *in, struct choice *h, int32_t count, int32_t most)
{
    int32_t kept = 0, spread = 0;

    if (count <= most) {
        return count;
    }
    for (int32_t p = 0; p < in->partner_count; p++) {
        h->first[p].adviser = -1;
    }
    for (int32_t k = 0; k < count; k++) {
        struct pick *first = &h->first[in->advisers[h->picks[k].adviser].partner];
        put_best(h->best, &kept, most, &h->picks[k]);
        if (first->adviser < 0 || by_worth(&h->picks[k], first) < 0) {
            *first = h->picks[k];
        }
    }
    for (int32_t p = 0; p < in->partner_count; p++) {
        if (h->first[p].adviser >= 0) {
            put_best(h->spread, &spread, most / 3 < PLAN_PARTNERS ? most / 3 : PLAN_PARTNERS,
                     &h->first[p]);
        }
    }
    for (int32_t k = 0; k < spread; k++) {
        h->picks[k]                                                   = h->spread[k];
        h->first[in->advisers[h->spread[k].adviser].partner].is_taken = true;
    }
    for (int32_t k = 0; spread < most && k < kept; k++) {
        const struct pick *first = &h->first[in->advisers[h->best[k].adviser].partner];
        if (!first->is_taken || first->adviser != h->best[k].adviser) {
            h->picks[spread++] = h->best[k];
        }
    }
    qsort(h->picks, (size_t)spread, sizeof *h->picks, by_worth);
    return spread;
}

static void make_pairs(const struct plan_input *in, const struct plan_candidate *from,
                       const struct side *sides, struct choice *h, int32_t most,
                       struct case_establishment *e)
{
    struct half_turn here  = half_turn_of(from->lat / 1e5);
    int32_t          count = 0;

    e->previous = -1;
    for (int32_t a = 0; a < in->adviser_count; a++) {
        const struct plan_adviser *adviser = &in->advisers[a];
        int64_t                    km      = km_between(adviser, h->halves[a], from, here);
        bool                       stays   = from->previous && adviser->id == from->previous;
        if (in->km_most && km > in->km_most && !stays) {
            continue;
        }
        e->previous = stays ? a : e->previous;
        h->picks[count++] =
            (struct pick){ sides[adviser->partner].worth + km * in->weights.points[WORTH_TRAVEL] +
                               stays * in->weights.points[WORTH_STABLE],
                           km, turn_of(from->id, adviser->id), a, false };
    }
    e->count = choose(in, h, count, most);
    e->pairs = ARENA_ARRAY(in->arena, struct case_pair, (size_t)e->count + 1);
    for (int32_t k = 0; k < e->count; k++) {
        const struct pick *pick         = &h->picks[k];
        struct case_pair  *p            = &e->pairs[k];
        p->adviser                      = pick->adviser;
        p->features                     = sides[in->advisers[p->adviser].partner].features;
        p->features.value[WORTH_TRAVEL] = pick->km;
        p->features.value[WORTH_STABLE] = p->adviser == e->previous;
        p->profit                       = pick->worth;
    }
}

// --- the case
// --------------------------------------------------------------------------------------

static void make_sharers(const struct plan_input *in, struct assign_case *c)
{
    int64_t expected = plan_case_expected(in);

    c->organisation_count = in->partner_count;
    c->adviser_count      = in->adviser_count;
    c->organisations =
        ARENA_ARRAY(in->arena, struct case_organisation, (size_t)in->partner_count + 1);
    c->advisers = ARENA_ARRAY(in->arena, struct case_adviser, (size_t)in->adviser_count + 1);
    for (int32_t p = 0; p < in->partner_count; p++) {
        const struct plan_partner *from = &in->partners[p];
        c->organisations[p] =
            (struct case_organisation){ .name  = from->name,
                                        .lower = from->least * expected / 100,
                                        .upper = from->most >= 100 ? ASSIGN_COUNT_MAX
                                                                   : part(from->most, expected) };
    }
    for (int32_t a = 0; a < in->adviser_count; a++) {
        c->advisers[a] = (struct case_adviser){ .name         = in->advisers[a].name,
                                                .organisation = in->advisers[a].partner,
                                                .capacity     = in->advisers[a].visits };
    }
}

void plan_case_make(const struct plan_input *in, struct assign_case *ret, int32_t **ret_place)
{
    size_t                 n     = (size_t)in->candidate_count;
    const struct plan_tie *tie   = in->ties;
    struct side           *sides = ARENA_ARRAY(in->arena, struct side, PLAN_PARTNERS);
    struct choice         *h     = ARENA_NEW(in->arena, struct choice);
    int32_t                most  = n > 0 ? (int32_t)(PAIRS_MOST / n) : PAIRS_MOST;

    *ret                = (struct assign_case){ .arena = in->arena, .weights = in->weights };
    *ret_place          = ARENA_ARRAY(in->arena, int32_t, n + 1);
    ret->establishments = ARENA_ARRAY(in->arena, struct case_establishment, n + 1);
    most                = most < PAIRS_LEAST ? PAIRS_LEAST : most;
    h->picks            = ARENA_ARRAY(in->arena, struct pick, (size_t)in->adviser_count + 1);
    h->best             = ARENA_ARRAY(in->arena, struct pick, (size_t)in->adviser_count + 1);
    h->halves           = ARENA_ARRAY(in->arena, struct half_turn, (size_t)in->adviser_count + 1);
    for (int32_t a = 0; a < in->adviser_count; a++) {
        h->halves[a] = half_turn_of(in->advisers[a].lat);
    }
    make_sharers(in, ret);
    make_quotas(in, ret);
    for (int32_t i = 0; i < in->candidate_count; i++) {
        const struct plan_candidate *from = &in->candidates[i];
        (*ret_place)[i]                   = -1;
        if (from->state.len) {
            continue;
        }
        struct case_establishment *e = &ret->establishments[ret->count];
        (*ret_place)[i]              = ret->count++;
        e->lock                      = -1;
        make_sides(in, i, &tie, sides);
        make_pairs(in, from, sides, h, most, e);
        put_quotas(in, from, e);
    }
}
