#include "plan/gap_private.h"

#include "plan/number.h"

void gap_problem_done(struct gap_problem *p)
{
    free(p->cost);
    free(p->weight);
    free(p->capacity);
    *p = (struct gap_problem){ 0 };
}

void gap_result_done(struct gap_result *r)
{
    free(r->agent);
    free(r->price);
    free(r->item_price);
    *r = (struct gap_result){ 0 };
}

static bool read_table(struct number_reader *r, const char *what, int64_t *table, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (!number_next(r, what, 0, GAP_NUMBER_MAX, &table[k])) {
            return false;
        }
    }
    return true;
}

static bool read_all(struct number_reader *r, struct gap_problem *p)
{
    int64_t agents = 0, items = 0;

    if (!number_next(r, "nombre d’agents m", 1, GAP_AGENT_MAX, &agents) ||
        !number_next(r, "nombre de visites n", 1, GAP_ITEM_MAX, &items)) {
        return false;
    }
    if (agents * items > GAP_PAIR_MAX || (uint64_t)(agents * items) > r->text.len) {
        r->why = "le fichier est trop court, ou le problème trop grand, pour ces nombres";
        return false;
    }
    size_t pairs = (size_t)(agents * items);
    p->agents    = (int32_t)agents;
    p->items     = (int32_t)items;
    p->cost      = memory_new(pairs * sizeof *p->cost);
    p->weight    = memory_new(pairs * sizeof *p->weight);
    p->capacity  = memory_new((size_t)agents * sizeof *p->capacity);
    if (!read_table(r, "coût", p->cost, pairs) || !read_table(r, "durée", p->weight, pairs) ||
        !read_table(r, "capacité", p->capacity, (size_t)agents)) {
        return false;
    }
    if (!number_at_end(r)) {
        r->what = "fin du fichier";
        r->why  = "il y a du texte après la dernière capacité";
        return false;
    }
    return true;
}

bool gap_text_read(struct str text, struct gap_problem *ret_problem, struct buf *ret_why)
{
    struct number_reader r = { .text = text, .line = 1 };

    *ret_problem = (struct gap_problem){ 0 };
    if (read_all(&r, ret_problem)) {
        return true;
    }
    gap_problem_done(ret_problem);
    buf_printf(ret_why, "ligne %lld, %s : %s", (long long)r.line, r.what, r.why);
    return false;
}

struct gap_result gap_solve(const struct gap_problem *p, const struct gap_options *o)
{
    struct gap_result r     = { 0 };
    double           *price = memory_zero((size_t)p->agents * sizeof *price);

    r.agent = memory_zero((size_t)p->items * sizeof *r.agent);
    gap_bound(p, price, &r);
    gap_search(p, o, price, &r);
    free(price);
    return r;
}

void gap_text_write(const struct gap_problem *p, const struct gap_result *r, struct buf *into)
{
    buf_printf(into, "visits %d %d\nstatus %s\n", p->agents, p->items,
               !r->found             ? "none"
               : r->cost == r->bound ? "optimal"
                                     : "within");
    if (r->found) {
        buf_printf(into, "cost %lld\n", (long long)r->cost);
    }
    bool by_items = r->item_price != NULL;
    buf_printf(into, "bound %lld\nproof %s\n", (long long)r->bound,
               by_items ? "items" : "capacity");
    for (int32_t k = 0; k < (by_items ? p->items : p->agents); k++) {
        buf_printf(into, "price %d %lld\n", k,
                   (long long)(by_items ? r->item_price[k] : r->price[k]));
    }
    for (int32_t j = 0; r->found && j < p->items; j++) {
        buf_printf(into, "item %d %d\n", j, r->agent[j]);
    }
}
