#include "check/visits.h"

#include "check/words.h"

__extension__ typedef __int128 wide;

enum { UNIT = 1000000, CAPACITY_MAX = 10000000 };
#define EFFORT_MAX INT64_C(20000000000)

struct visits {
    int64_t  agents, items;
    int64_t *cost, *weight, *capacity;
};

static bool read_instance(struct str text, struct visits *v)
{
    struct check_words w = check_words_of(text);

    v->agents = check_number(&w);
    v->items  = check_number(&w);
    if (w.bad || v->agents < 1 || v->items < 1 || v->agents > 100000 || v->items > 1000000 ||
        (size_t)v->agents * (size_t)v->items > text.len) {
        return false;
    }
    size_t pairs = (size_t)(v->agents * v->items);
    v->cost      = memory_new(pairs * sizeof *v->cost);
    v->weight    = memory_new(pairs * sizeof *v->weight);
    v->capacity  = memory_new((size_t)v->agents * sizeof *v->capacity);
    for (size_t k = 0; k < pairs; k++) {
        v->cost[k] = check_number(&w);
    }
    for (size_t k = 0; k < pairs; k++) {
        v->weight[k] = check_number(&w);
    }
    for (int64_t i = 0; i < v->agents; i++) {
        v->capacity[i] = check_number(&w);
    }
    return !w.bad;
}

// Costs are whole: a plan costs more than bound - 1, hence at least the bound.
static void say_bound(wide sum, int64_t bound, struct check_report *report)
{
    if (sum <= ((wide)bound - 1) * UNIT && bound > 0) {
        check_fault(report, "les prix ne prouvent pas la borne %lld", (long long)bound);
    } else {
        check_proved(report, "aucun plan ne coûte moins de %lld : les prix le prouvent",
                     (long long)bound);
    }
}

// Every plan costs at least: each item where it is cheapest at these prices, less what they promise
// back.
static void check_bound(const struct visits *v, const int64_t *price, int64_t bound,
                        struct check_report *report)
{
    wide sum = 0;

    for (int64_t j = 0; j < v->items; j++) {
        wide best = 0;
        for (int64_t i = 0; i < v->agents; i++) {
            wide c = (wide)v->cost[i * v->items + j] * UNIT +
                     (wide)price[i] * v->weight[i * v->items + j];
            best = i == 0 || c < best ? c : best;
        }
        sum += best;
    }
    for (int64_t i = 0; i < v->agents; i++) {
        if (price[i] < 0) {
            check_fault(report, "agent %lld : prix négatif", (long long)i);
        }
        sum -= (wide)price[i] * v->capacity[i];
    }
    say_bound(sum, bound, report);
}

// What agent i can earn at most from items at these prices: the table of all loads. 128 bits are
// not needed: no agent earns more than the sum of the prices.
static int64_t most_earned(const struct visits *v, int64_t i, const int64_t *price, int64_t *table)
{
    int64_t room = v->capacity[i], full = 0, all = 0;

    for (int64_t j = 0; j < v->items; j++) {
        int64_t gain = price[j] - v->cost[i * v->items + j] * UNIT;
        if (gain > 0) {
            full += v->weight[i * v->items + j];
            all += gain;
        }
    }
    if (full <= room || room < 0) {
        return full <= room ? all : 0;
    }
    for (int64_t load = 0; load <= room; load++) {
        table[load] = 0;
    }
    for (int64_t j = 0; j < v->items; j++) {
        int64_t gain = price[j] - v->cost[i * v->items + j] * UNIT;
        int64_t need = v->weight[i * v->items + j];
        for (int64_t load = room; gain > 0 && load >= need; load--) {
            if (table[load - need] + gain > table[load]) {
                table[load] = table[load - need] + gain;
            }
        }
    }
    return table[room];
}

// Every plan costs at least the prices of all items less what the agents can earn from them.
static void check_bound_of_items(const struct visits *v, const int64_t *price, int64_t bound,
                                 struct check_report *report)
{
    int64_t most = 0;
    wide    sum = 0, effort = 0;

    for (int64_t j = 0; j < v->items; j++) {
        sum += price[j];
    }
    for (int64_t i = 0; i < v->agents; i++) {
        most = v->capacity[i] > most ? v->capacity[i] : most;
        effort += (wide)v->capacity[i] * v->items;
    }
    if (sum > INT64_MAX / 4 || most > CAPACITY_MAX || effort > EFFORT_MAX) {
        check_fault(report, "cette preuve est trop grande pour être refaite");
        return;
    }
    int64_t *table = memory_new(((size_t)most + 1) * sizeof *table);
    for (int64_t i = 0; i < v->agents; i++) {
        sum -= most_earned(v, i, price, table);
    }
    free(table);
    say_bound(sum, bound, report);
}

static void check_plan(const struct visits *v, const int64_t *agent, int64_t cost,
                       struct check_report *report)
{
    int64_t *load = memory_zero((size_t)v->agents * sizeof *load), faults = report->faults;
    wide     sum = 0;

    for (int64_t j = 0; j < v->items; j++) {
        sum += v->cost[agent[j] * v->items + j];
        load[agent[j]] += v->weight[agent[j] * v->items + j];
    }
    for (int64_t i = 0; i < v->agents; i++) {
        if (load[i] > v->capacity[i]) {
            check_fault(report, "agent %lld : %lld, pour une capacité de %lld", (long long)i,
                        (long long)load[i], (long long)v->capacity[i]);
        }
    }
    if (sum != cost) {
        check_fault(report, "le plan coûte %lld, et non %lld", (long long)sum, (long long)cost);
    }
    if (report->faults == faults) {
        check_proved(report, "le plan respecte les capacités et coûte %lld", (long long)cost);
    }
    free(load);
}

static bool read_list(struct check_words *w, const char *word, int64_t *list, int64_t count,
                      int64_t most)
{
    for (int64_t k = 0; k < count && !w->bad; k++) {
        w->bad  = !check_is(w, word) || check_number(w) != k || w->bad;
        list[k] = check_number(w);
        w->bad  = w->bad || list[k] < 0 || list[k] > most;
    }
    return !w->bad;
}

static void check_result(const struct visits *v, struct str text, struct check_report *report)
{
    struct check_words w     = check_words_of(text);
    int64_t           *agent = memory_zero((size_t)v->items * sizeof *agent);
    int64_t            most  = v->items > v->agents ? v->items : v->agents;
    int64_t           *price = memory_zero((size_t)most * sizeof *price);
    int64_t            cost  = 0, bound;

    w.bad = !check_is(&w, "visits") || check_number(&w) != v->agents ||
            check_number(&w) != v->items || !check_is(&w, "status");
    bool optimal = check_is(&w, "optimal"), none = !optimal && check_is(&w, "none");
    w.bad = w.bad || (!optimal && !none && !check_is(&w, "within"));
    if (!none) {
        w.bad = !check_is(&w, "cost") || w.bad;
        cost  = check_number(&w);
    }
    w.bad      = !check_is(&w, "bound") || w.bad;
    bound      = check_number(&w);
    w.bad      = !check_is(&w, "proof") || w.bad;
    bool items = check_is(&w, "items");
    w.bad      = (!items && !check_is(&w, "capacity")) || w.bad;
    if (read_list(&w, "price", price, items ? v->items : v->agents, INT64_C(100000000000000000)) &&
        (none || read_list(&w, "item", agent, v->items, v->agents - 1))) {
        if (!none) {
            check_plan(v, agent, cost, report);
        }
        (items ? check_bound_of_items : check_bound)(v, price, bound, report);
        if (optimal && bound != cost) {
            check_fault(report, "« optimal », alors que la borne n’est pas le coût");
        }
    } else {
        check_fault(report, "résultat : illisible à la ligne %lld", (long long)w.line);
    }
    free(agent);
    free(price);
}

void check_visits_text(struct str instance, struct str result, struct check_report *report)
{
    struct visits v = { 0 };

    if (read_instance(instance, &v)) {
        check_result(&v, result, report);
    } else {
        check_fault(report, "instance : illisible");
    }
    free(v.cost);
    free(v.weight);
    free(v.capacity);
}
