#include "check/assignment_json.h"

#include <jansson.h>

__extension__ typedef __int128 wide;

// The instance and the result, with what is looked up often.
struct proof {
    json_t              *in, *out;
    json_t              *orgs, *advisers, *quotas, *items; // of the instance
    size_t               org_count, adviser_count, quota_count, count;
    int64_t             *org_of;                                           // [advisers]
    int64_t             *org_load, *adviser_load, *quota_out, *quota_size; // counted
    int64_t             *org_price, *adviser_price, *quota_price;          // claimed
    struct check_report *report;
};

static int64_t number(const json_t *o, const char *field, int64_t initial)
{
    const json_t *v = json_object_get(o, field);

    return json_is_integer(v) ? json_integer_value(v) : initial;
}

static bool flag(const json_t *o, const char *field)
{
    return json_is_true(json_object_get(o, field));
}

// A reference by number or by name; -1 when there is none.
static int64_t reference(const json_t *list, const json_t *v)
{
    const json_t *one;
    size_t        k;

    if (json_is_integer(v)) {
        int64_t n = json_integer_value(v);
        return n >= 0 && n < (int64_t)json_array_size(list) ? n : -1;
    }
    json_array_foreach(list, k, one)
    {
        const char *name = json_string_value(json_object_get(one, "name"));
        if (name && json_is_string(v) && strcmp(name, json_string_value(v)) == 0) {
            return (int64_t)k;
        }
    }
    return -1;
}

// What a pair is worth, by the weights of the instance or the documented ones.
static wide worth(const struct proof *p, const json_t *item, const json_t *pair)
{
    static const struct {
        const char *name;
        int64_t     points, most;
        bool        is_flag;
    } parts[] = {
        { "potential", 10, INT64_MAX, false },
        { "needs", 15, INT64_MAX, false },
        { "fruitful", 12, 5, false },
        { "km", -1, INT64_MAX, false },
        { "known", 8, 1, true },
        { "public", 10, 1, true },
        { "promise", 40, 1, true },
        { "tension", 2, INT64_MAX, false },
        { "lead", 15, 1, true },
    };
    const json_t *weights = json_object_get(p->in, "weights"),
                 *days    = json_object_get(item, "days");
    wide    sum           = number(pair, "profit", number(item, "profit", 0));
    int64_t months        = json_is_integer(days) ? json_integer_value(days) / 30 : days ? 24 : 0;

    for (size_t k = 0; k < LENGTH(parts); k++) {
        bool    set = flag(pair, parts[k].name) || flag(item, parts[k].name);
        int64_t n =
            parts[k].is_flag ? set : number(pair, parts[k].name, number(item, parts[k].name, 0));
        n = n < parts[k].most ? n : parts[k].most;
        sum += (wide)n * number(weights, parts[k].name, parts[k].points);
    }
    sum += (wide)(months < 24 ? months : 24) * number(weights, "silence", 2);
    const json_t *previous = json_object_get(item, "previous");
    if (previous && !json_is_null(previous) &&
        reference(p->advisers, previous) ==
            reference(p->advisers, json_object_get(pair, "adviser"))) {
        sum += number(weights, "stability", 10);
    }
    return sum;
}

static bool has_promise(const json_t *item, const json_t *pair)
{
    return flag(item, "promise") || flag(pair, "promise");
}

// Whether the rules let this pair be visited.
static bool allowed(const struct proof *p, const json_t *item, const json_t *pair)
{
    const json_t *lock = json_object_get(item, "lock"), *other;
    int64_t       a    = reference(p->advisers, json_object_get(pair, "adviser"));
    size_t        k;

    if (lock && !json_is_null(lock)) {
        return a == reference(p->advisers, lock);
    }
    if (flag(item, "opposition") || flag(item, "rest") || flag(pair, "excluded")) {
        return false;
    }
    json_array_foreach(json_object_get(item, "pairs"), k, other)
    {
        int64_t b = reference(p->advisers, json_object_get(other, "adviser"));
        if (has_promise(item, other) && a >= 0 && b >= 0 && p->org_of[a] != p->org_of[b] &&
            !has_promise(item, pair)) {
            return false;
        }
    }
    return true;
}

static void fail(struct proof *p, size_t i, const char *why)
{
    check_fault(p->report, "établissement %zu : %s", i, why);
}

static wide quota_prices(const struct proof *p, const json_t *item)
{
    const json_t *one;
    wide          sum = 0;
    size_t        k;

    json_array_foreach(json_object_get(item, "quotas"), k, one)
    {
        int64_t q = reference(p->quotas, one);
        sum += q >= 0 ? p->quota_price[q] : 0;
    }
    return sum;
}

static void count_quotas(struct proof *p, const json_t *item, bool visited)
{
    const json_t *one;
    size_t        k;

    json_array_foreach(json_object_get(item, "quotas"), k, one)
    {
        int64_t q = reference(p->quotas, one);
        if (q >= 0) {
            p->quota_size[q]++;
            p->quota_out[q] += !visited;
        }
    }
}

// What check_item found out about an establishment, for its reason to be proved.
struct found {
    int64_t visitor;        // adviser, or -1
    bool    any, locked;    // whether anybody may go; a lock
    wide    worth, most;    // of the visit; of the best one allowed
    wide    net, best, out; // worth less prices here, at best, of staying out
    int64_t better;         // the adviser named, or -1
    wide    better_worth;
    bool    better_allowed;
};

// Loads are compared when all are counted: here only the prices, which are zero, of one sign, where
// a bound does not hold back (checked with the bounds by the sum).
static bool proves_elsewhere(const struct proof *p, const struct found *f, const char *reason)
{
    int64_t a = f->better, here = f->visitor;

    if (here < 0 || !f->better_allowed || f->better_worth <= f->worth ||
        f->better_worth < f->most) {
        return false;
    }
    wide dearer = (wide)p->adviser_price[a] + p->org_price[p->org_of[a]] - p->adviser_price[here] -
                  p->org_price[p->org_of[here]];
    if (dearer < f->better_worth - f->worth || f->net < f->best) {
        return false;
    }
    if (strcmp(reason, "full") == 0) {
        return p->adviser_price[a] > 0;
    }
    if (strcmp(reason, "share") == 0) {
        return p->adviser_price[a] <= 0 && p->org_price[p->org_of[a]] > 0;
    }
    return p->adviser_price[a] <= 0 && p->org_price[p->org_of[a]] <= 0 &&
           (p->adviser_price[here] < 0 || p->org_price[p->org_of[here]] < 0);
}

static void check_reason(struct proof *p, size_t i, const char *reason, const struct found *f)
{
    const json_t *item = json_array_get(p->items, i);
    bool          left = f->visitor < 0, ok = false,
         refused = flag(item, "opposition") || flag(item, "rest");

    if (strcmp(reason, "opposition") == 0 || strcmp(reason, "rest") == 0) {
        ok = left && flag(item, reason);
    } else if (strcmp(reason, "no_candidate") == 0) {
        ok = left && !f->any && !refused;
    } else if (strcmp(reason, "worthless") == 0) {
        ok = left && f->any && f->most <= 0 && f->best <= f->out;
    } else if (strcmp(reason, "price") == 0) {
        ok = left && f->any && f->best <= f->out && f->better_allowed && f->better_worth > 0;
    } else if (strcmp(reason, "lock") == 0) {
        ok = !left && f->locked;
    } else if (strcmp(reason, "best") == 0) {
        ok = !left && !f->locked && f->worth >= f->most;
    } else if (strcmp(reason, "full") == 0 || strcmp(reason, "share") == 0 ||
               strcmp(reason, "minimum") == 0) {
        ok = !f->locked && proves_elsewhere(p, f, reason);
    }
    if (!ok) {
        fail(p, i, "la raison donnée ne tient pas");
    }
}

// One establishment: its place, what it brings, what it adds to the bound.
static void check_item(struct proof *p, size_t i, const json_t *told, wide *profit, wide *bound)
{
    const json_t *item = json_array_get(p->items, i), *pair, *lock = json_object_get(item, "lock");
    const json_t *place = json_object_get(told, "adviser");
    struct found  f     = { .visitor = json_is_integer(place) ? json_integer_value(place) : -1,
                            .locked  = lock && !json_is_null(lock),
                            .out     = -quota_prices(p, item),
                            .better  = number(told, "better", -1) };
    bool          may   = false;
    size_t        k;

    json_array_foreach(json_object_get(item, "pairs"), k, pair)
    {
        int64_t a = reference(p->advisers, json_object_get(pair, "adviser"));
        if (a < 0 || !allowed(p, item, pair)) {
            continue;
        }
        wide w   = worth(p, item, pair);
        wide net = w - p->adviser_price[a] - p->org_price[p->org_of[a]];
        f.best   = !f.any || net > f.best ? net : f.best;
        f.most   = !f.any || w > f.most ? w : f.most;
        f.any    = true;
        if (a == f.better) {
            f.better_allowed = true;
            f.better_worth   = w;
        }
        if (a == f.visitor) {
            may     = true;
            f.worth = w;
            f.net   = net;
            *profit += w;
            if (w != number(told, "profit", INT64_MIN)) {
                fail(p, i, "la valeur annoncée n’est pas celle de la paire");
            }
            p->adviser_load[a]++;
            p->org_load[p->org_of[a]]++;
        }
    }
    if (f.visitor >= 0 && !may) {
        fail(p, i, "ce conseiller ne lui est pas permis");
    }
    if (f.locked && f.visitor != reference(p->advisers, lock)) {
        fail(p, i, "le choix fixé à la main n’est pas respecté");
    }
    count_quotas(p, item, f.visitor >= 0);
    const char *reason = json_string_value(json_object_get(told, "reason"));
    check_reason(p, i, reason ? reason : "", &f);
    *bound += f.any && (f.locked || f.best > f.out) ? f.best : f.out;
}

static void check_node(struct proof *p, const json_t *o, const json_t *told, int64_t load,
                       const char *most, int64_t price, wide *bound)
{
    int64_t lower = number(o, "lower", 0), upper = number(o, most, most[0] == 'u' ? 2000000 : 0);

    if (load < lower || load > upper || load != number(told, "visits", -1)) {
        check_fault(p->report, "%s : %lld visites, entre %lld et %lld, %lld annoncées",
                    json_is_string(json_object_get(o, "name"))
                        ? json_string_value(json_object_get(o, "name"))
                        : "sans nom",
                    (long long)load, (long long)lower, (long long)upper,
                    (long long)number(told, "visits", -1));
    }
    *bound += (wide)price * (price > 0 ? upper : lower);
}

static void check_changes(struct proof *p, const json_t *told)
{
    const json_t *changes  = json_object_get(p->out, "changes");
    size_t        expected = 0;

    for (size_t i = 0; i < p->count; i++) {
        const json_t *previous = json_object_get(json_array_get(p->items, i), "previous");
        const json_t *now      = json_object_get(json_array_get(told, i), "adviser");
        int64_t       before =
            previous && !json_is_null(previous) ? reference(p->advisers, previous) : -1;
        int64_t after = json_is_integer(now) ? json_integer_value(now) : -1;
        if (before != after) {
            const json_t *c = json_array_get(changes, expected++);
            if (number(c, "establishment", -1) != (int64_t)i || number(c, "from", -1) != before ||
                number(c, "to", -1) != after) {
                fail(p, i, "le changement n’est pas annoncé");
            }
        }
    }
    if (expected != json_array_size(changes)) {
        check_fault(p->report, "des changements annoncés n’ont pas eu lieu");
    }
}

static void check_plan(struct proof *p)
{
    const json_t *told   = json_object_get(p->out, "establishments");
    const char   *status = json_string_value(json_object_get(p->out, "status"));
    wide          profit = 0, bound = 0;
    int64_t       faults = p->report->faults, unmet = 0;
    bool          says_unmet = status && strcmp(status, "unmet") == 0;

    if (json_array_size(told) != p->count) {
        check_fault(p->report, "le résultat n’a pas autant d’établissements que l’instance");
        return;
    }
    for (size_t i = 0; i < p->count; i++) {
        check_item(p, i, json_array_get(told, i), &profit, &bound);
    }
    for (size_t o = 0; o < p->org_count; o++) {
        check_node(p, json_array_get(p->orgs, o),
                   json_array_get(json_object_get(p->out, "organisations"), o), p->org_load[o],
                   "upper", p->org_price[o], &bound);
    }
    for (size_t a = 0; a < p->adviser_count; a++) {
        check_node(p, json_array_get(p->advisers, a),
                   json_array_get(json_object_get(p->out, "advisers"), a), p->adviser_load[a],
                   "capacity", p->adviser_price[a], &bound);
    }
    for (size_t q = 0; q < p->quota_count; q++) {
        int64_t least = number(json_array_get(p->quotas, q), "least", 0), size = p->quota_size[q];
        int64_t most = least < size ? size - least : 0;
        unmet += p->quota_out[q] > most;
        if (number(json_array_get(json_object_get(p->out, "quotas"), q), "visits", -1) !=
            size - p->quota_out[q]) {
            check_fault(p->report, "quota %zu : le nombre de visites annoncé n’est pas le bon", q);
        }
        if ((p->quota_out[q] > most && !says_unmet) || p->quota_price[q] < 0) {
            check_fault(p->report, "quota %zu : il n’est pas tenu, ou son prix est négatif", q);
        }
        bound += (wide)p->quota_price[q] * most;
    }
    check_changes(p, told);
    if (says_unmet != (unmet > 0)) {
        check_fault(p->report, "« unmet », alors que tous les quotas sont tenus");
    }
    if (profit != number(p->out, "profit", INT64_MIN)) {
        check_fault(p->report, "le plan vaut %lld points, et non ce qui est annoncé",
                    (long long)profit);
    }
    if (p->report->faults == faults) {
        check_proved(p->report, "le plan respecte toutes les règles et vaut %lld points",
                     (long long)profit);
    }
    bool    optimal = status && strcmp(status, "optimal") == 0;
    int64_t claimed = number(p->out, "bound", INT64_MIN);
    if (bound > claimed || (optimal && (bound != profit || claimed != profit))) {
        check_fault(p->report,
                    "les prix donnent la borne %lld, qui ne prouve pas ce qui est annoncé",
                    (long long)bound);
    } else {
        check_proved(p->report, "aucun plan ne vaut plus de %lld points : les prix le prouvent",
                     (long long)bound);
    }
}

static int64_t *prices(const struct proof *p, const char *list, size_t count)
{
    int64_t      *price = memory_zero((count + 1) * sizeof *price);
    const json_t *told  = json_object_get(p->out, list);

    for (size_t k = 0; k < count; k++) {
        price[k] = number(json_array_get(told, k), "price", 0);
    }
    return price;
}

// The best an establishment can do when visits are worth nothing and only prices count.
static wide cheapest_level(const struct proof *p, const json_t *item)
{
    const json_t *lock = json_object_get(item, "lock"), *pair;
    bool          any  = !lock || json_is_null(lock);
    wide          best = any ? -quota_prices(p, item) : 0;
    size_t        k;

    json_array_foreach(json_object_get(item, "pairs"), k, pair)
    {
        int64_t a = reference(p->advisers, json_object_get(pair, "adviser"));
        if (a >= 0 && allowed(p, item, pair)) {
            wide level = -(wide)p->adviser_price[a] - p->org_price[p->org_of[a]];
            best       = !any || level > best ? level : best;
            any        = true;
        }
    }
    return best;
}

// Without a plan, the cut: units that must stand in it against what may leave it.
static void check_none(struct proof *p)
{
    if (json_array_size(json_object_get(p->out, "conflict")) == 0) {
        check_fault(p->report, "aucun plan annoncé, sans règle en conflit");
        return;
    }
    wide bound = 0;
    for (size_t o = 0; o < p->org_count; o++) {
        const json_t *org = json_array_get(p->orgs, o);
        bound += (wide)p->org_price[o] *
                 (p->org_price[o] > 0 ? number(org, "upper", 2000000) : number(org, "lower", 0));
    }
    for (size_t a = 0; a < p->adviser_count; a++) {
        const json_t *adviser = json_array_get(p->advisers, a);
        int64_t       price   = p->adviser_price[a];
        bound += (wide)price * number(adviser, price > 0 ? "capacity" : "lower", 0);
    }
    for (size_t i = 0; i < p->count; i++) {
        bound += cheapest_level(p, json_array_get(p->items, i));
        count_quotas(p, json_array_get(p->items, i), true);
    }
    for (size_t q = 0; q < p->quota_count; q++) {
        int64_t least = number(json_array_get(p->quotas, q), "least", 0), size = p->quota_size[q];
        bound += (wide)p->quota_price[q] * (least < size ? size - least : 0);
        if (p->quota_price[q] < 0) {
            check_fault(p->report, "quota %zu : prix négatif", q);
        }
    }
    if (bound < 0) {
        check_proved(p->report, "aucun plan ne respecte les règles : les prix le prouvent");
    } else {
        check_fault(p->report, "les prix ne prouvent pas qu’il n’existe aucun plan");
    }
}

static void start(struct proof *p)
{
    p->orgs          = json_object_get(p->in, "organisations");
    p->advisers      = json_object_get(p->in, "advisers");
    p->quotas        = json_object_get(p->in, "quotas");
    p->items         = json_object_get(p->in, "establishments");
    p->org_count     = json_array_size(p->orgs);
    p->adviser_count = json_array_size(p->advisers);
    p->quota_count   = json_array_size(p->quotas);
    p->count         = json_array_size(p->items);
    p->org_of        = memory_zero((p->adviser_count + 1) * sizeof *p->org_of);
    p->org_load      = memory_zero((p->org_count + 1) * sizeof *p->org_load);
    p->adviser_load  = memory_zero((p->adviser_count + 1) * sizeof *p->adviser_load);
    p->quota_out     = memory_zero((p->quota_count + 1) * sizeof *p->quota_out);
    p->quota_size    = memory_zero((p->quota_count + 1) * sizeof *p->quota_size);
    p->org_price     = prices(p, "organisations", p->org_count);
    p->adviser_price = prices(p, "advisers", p->adviser_count);
    p->quota_price   = prices(p, "quotas", p->quota_count);
    for (size_t a = 0; a < p->adviser_count; a++) {
        int64_t o =
            reference(p->orgs, json_object_get(json_array_get(p->advisers, a), "organisation"));
        p->org_of[a] = o < 0 ? 0 : o;
        if (o < 0) {
            check_fault(p->report, "conseiller %zu : structure inconnue", a);
        }
    }
}

static void finish(struct proof *p)
{
    int64_t *all[] = { p->org_of,     p->org_load,  p->adviser_load,  p->quota_out,
                       p->quota_size, p->org_price, p->adviser_price, p->quota_price };

    for (size_t k = 0; k < LENGTH(all); k++) {
        free(all[k]);
    }
}

void check_assignment_json(struct str instance, struct str result, struct check_report *report)
{
    struct proof p = { .report = report };

    p.in  = json_loadb(instance.at ? instance.at : "", instance.len, 0, NULL);
    p.out = json_loadb(result.at ? result.at : "", result.len, 0, NULL);
    if (!json_is_object(p.in) || !json_is_object(p.out)) {
        check_fault(report, "instance ou résultat : JSON incorrect");
    } else {
        const char *status = json_string_value(json_object_get(p.out, "status"));
        start(&p);
        if (report->faults == 0) {
            if (status && strcmp(status, "impossible") == 0) {
                check_none(&p);
            } else {
                check_plan(&p);
            }
        }
        finish(&p);
    }
    json_decref(p.in);
    json_decref(p.out);
}
