// Exact search among the plans that differ in a few items of a few agents only.
//
// Costs are taken above the bound that the prices of capacity give: an item costs what its agent is
// dearer than its best one, an agent the hours it leaves unused at their price. The sum is what the
// whole plan costs above the bound, so that a branch ends as soon as it is not below the plan of
// now.
#include "plan/gap_private.h"

enum { AGENTS_MOST = 6, ITEMS_MOST = 32, STEPS_MOST = 20000 };

struct option {
    int32_t place; // among the agents chosen
    int32_t weight;
    double  extra; // reduced cost above the best choice of the item
};

struct piece {
    struct gap_search *s;
    const double      *price;
    int32_t            agents, items;
    int32_t            agent[AGENTS_MOST], item[ITEMS_MOST];
    int32_t            options[ITEMS_MOST];
    struct option      option[ITEMS_MOST][AGENTS_MOST];
    int64_t            room[AGENTS_MOST];                 // left of the capacity
    int64_t            fill[ITEMS_MOST + 1][AGENTS_MOST]; // most that items k.. can bring
    double             rate[AGENTS_MOST];
    double             best; // excess to get under
    int32_t            chosen[ITEMS_MOST], winner[ITEMS_MOST], current[ITEMS_MOST];
    int64_t            steps;
    bool               found;
};

// What the room left will cost at least, once items k.. are placed.
static double waste(const struct piece *q, int32_t k)
{
    double sum = 0;

    for (int32_t a = 0; a < q->agents; a++) {
        int64_t left = q->room[a] - q->fill[k][a];
        sum += left > 0 ? (double)left * q->rate[a] : 0;
    }
    return sum;
}

static void descend(struct piece *q, int32_t k, double extra)
{
    if (--q->steps < 0 || extra + waste(q, k) >= q->best - 1e-6) {
        return;
    }
    if (k == q->items) {
        if (memcmp(q->chosen, q->current, (size_t)k * sizeof *q->chosen) == 0) {
            return;
        }
        q->best  = extra + waste(q, k);
        q->found = true;
        memcpy(q->winner, q->chosen, sizeof q->winner);
        return;
    }
    for (int32_t c = 0; c < q->options[k]; c++) {
        const struct option *o = &q->option[k][c];
        if (extra + o->extra >= q->best - 1e-6) {
            break;
        }
        if (o->weight <= q->room[o->place]) {
            q->chosen[k] = q->agent[o->place];
            q->room[o->place] -= o->weight;
            descend(q, k + 1, extra + o->extra);
            q->room[o->place] += o->weight;
        }
    }
}

// The options of an item among the agents chosen, cheapest first: those that are near, and where it
// is.
static void piece_options(struct piece *q, int32_t k)
{
    struct gap_search       *s = q->s;
    int32_t                  j = q->item[k], own = s->agent[j], count = 0;
    const struct gap_choice *c   = gap_choices(s, j);
    bool                     has = false;

    for (int32_t n = 0; n < s->near[j]; n++) {
        int32_t place = s->place[c[n].agent];
        if (place >= 0) {
            q->option[k][count++] = (struct option){ place, c[n].weight, c[n].extra };
            has                   = has || c[n].agent == own;
        }
    }
    if (!has && count) {
        const struct gap_pair *p = gap_pair_of(s, j, own), *best = gap_pair_of(s, j, c[0].agent);
        double                 extra =
            p->cost + q->price[own] * p->weight - best->cost - q->price[c[0].agent] * best->weight;
        int32_t at = count++;
        for (; at > 0 && q->option[k][at - 1].extra > extra; at--) {
            q->option[k][at] = q->option[k][at - 1];
        }
        q->option[k][at] = (struct option){ s->place[own], p->weight, extra };
    }
    q->options[k] = count;
}

static double current_extra(const struct piece *q, int32_t k)
{
    for (int32_t c = 0; c < q->options[k]; c++) {
        if (q->agent[q->option[k][c].place] == q->s->agent[q->item[k]]) {
            return q->option[k][c].extra;
        }
    }
    return 0;
}

static bool has(const int32_t *list, int32_t count, int32_t value)
{
    for (int32_t k = 0; k < count; k++) {
        if (list[k] == value) {
            return true;
        }
    }
    return false;
}

// Two agents or more; those that share an item with the first belong together.
static void choose_agents(struct piece *q)
{
    struct gap_search *s    = q->s;
    int32_t            most = s->m < AGENTS_MOST ? s->m : AGENTS_MOST;
    int32_t            want = 2 + gap_below(s, most > 2 ? most - 1 : 1);

    for (int tries = 0; q->agents < want && tries < 50; tries++) {
        int32_t a = gap_below(s, s->m);
        if (q->agents && s->count[q->agent[0]]) {
            a = gap_candidate(s, s->items[q->agent[0]][gap_below(s, s->count[q->agent[0]])]);
        }
        if (!has(q->agent, q->agents, a)) {
            q->room[q->agents]    = s->capacity[a] - s->load[a];
            q->rate[q->agents]    = q->price[a];
            s->place[a]           = (int8_t)q->agents;
            q->agent[q->agents++] = a;
        }
    }
}

// Items of these agents that have a choice; returns what the plan of now costs above its bound.
static double choose_items(struct piece *q, int32_t size)
{
    struct gap_search *s      = q->s;
    double             excess = 0;

    for (int32_t a = 0; a < q->agents; a++) {
        excess += (double)q->room[a] * q->rate[a];
    }
    for (int32_t tries = 0; q->items < size && tries < 6 * size; tries++) {
        int32_t a = gap_below(s, q->agents), v = q->agent[a];
        int32_t j = s->count[v] ? s->items[v][gap_below(s, s->count[v])] : -1;
        if (j < 0 || s->piece[j] == s->pieces) {
            continue;
        }
        s->piece[j]          = s->pieces;
        q->item[q->items]    = j;
        q->current[q->items] = v;
        piece_options(q, q->items);
        if (q->options[q->items] > 1) {
            excess += current_extra(q, q->items);
            q->room[a] += gap_pair_of(s, j, v)->weight;
            q->items++;
        }
    }
    return excess;
}

bool gap_replace(struct gap_search *s, const double *price, int32_t size, double allowed,
                 int64_t *work)
{
    struct piece q = { .s = s, .price = price, .steps = STEPS_MOST };

    s->pieces++;
    choose_agents(&q);
    q.best = choose_items(&q, size < ITEMS_MOST ? size : ITEMS_MOST) + allowed;
    for (int32_t k = q.items - 1; k >= 0; k--) {
        memcpy(q.fill[k], q.fill[k + 1], sizeof q.fill[k]);
        for (int32_t c = 0; c < q.options[k]; c++) {
            q.fill[k][q.option[k][c].place] += q.option[k][c].weight;
        }
    }
    descend(&q, 0, 0);
    for (int32_t k = 0; q.found && k < q.items; k++) {
        if (q.winner[k] != s->agent[q.item[k]]) {
            gap_put(s, q.item[k], q.winner[k]);
        }
    }
    for (int32_t a = 0; a < q.agents; a++) {
        s->place[q.agent[a]] = -1;
    }
    *work += STEPS_MOST - (q.steps > 0 ? q.steps : 0) + 50;
    return q.found;
}
