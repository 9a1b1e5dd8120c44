#include "plan/assign_text.h"

#include "plan/assign_why.h"
#include "plan/number.h"

enum { ADVISERS_MAX = 40000, ORGANISATIONS_MAX = 5000 };

// Where reading is: the numbers, the problem it fills.
struct reading {
    struct number_reader   r;
    struct assign_text    *t;
    struct assign_problem *p;
    int32_t                room; // of options
};

static bool refuse(struct reading *g, const char *what, const char *why)
{
    g->r.what = what;
    g->r.why  = why;
    return false;
}

static bool next32(struct reading *g, const char *what, int64_t least, int64_t most, int32_t *ret)
{
    int64_t value = 0;

    if (!number_next(&g->r, what, least, most, &value)) {
        return false;
    }
    *ret = (int32_t)value;
    return true;
}

static bool read_sizes(struct reading *g)
{
    return next32(g, "nombre d’établissements N", 0, ASSIGN_COUNT_MAX, &g->t->companies) &&
           next32(g, "nombre de conseillers A", 0, ADVISERS_MAX, &g->t->advisers) &&
           next32(g, "nombre de structures O", 0, ORGANISATIONS_MAX, &g->t->organisations);
}

static void make_room(struct reading *g)
{
    struct assign_problem *p     = g->p;
    size_t                 nodes = (size_t)assign_text_pool(g->t) + 1;

    p->count            = g->t->companies;
    p->nodes            = (int32_t)nodes;
    p->parent           = memory_zero(nodes * sizeof *p->parent);
    p->lower            = memory_zero(nodes * sizeof *p->lower);
    p->upper            = memory_zero(nodes * sizeof *p->upper);
    p->first            = memory_zero(((size_t)p->count + 1) * sizeof *p->first);
    p->pool             = memory_zero((size_t)p->count * sizeof *p->pool);
    p->parent[0]        = -1;
    p->upper[nodes - 1] = p->count;
    for (int32_t i = 0; i < p->count; i++) {
        p->pool[i] = (int32_t)nodes - 1;
    }
    g->room   = p->count < 1024 ? 8192 : p->count * 8;
    p->node   = memory_new((size_t)g->room * sizeof *p->node);
    p->profit = memory_new((size_t)g->room * sizeof *p->profit);
}

static bool read_organisation(struct reading *g, int32_t o)
{
    int32_t v = assign_text_organisation(g->t, o), number = 0;

    if (!next32(g, "numéro de la structure", 0, ORGANISATIONS_MAX, &number)) {
        return false;
    }
    if (number != o) {
        return refuse(g, "numéro de la structure",
                      "les structures sont numérotées dans l’ordre, de 0");
    }
    if (!number_next(&g->r, "minimum de la structure", 0, INT32_MAX, &g->p->lower[v]) ||
        !number_next(&g->r, "maximum de la structure", 0, INT32_MAX, &g->p->upper[v])) {
        return false;
    }
    return g->p->lower[v] <= g->p->upper[v] ||
           refuse(g, "maximum de la structure", "il est inférieur au minimum");
}

static bool read_adviser(struct reading *g, int32_t a)
{
    int32_t v = assign_text_adviser(g->t, a), number = 0, o = 0;

    if (!next32(g, "numéro du conseiller", 0, ADVISERS_MAX, &number)) {
        return false;
    }
    if (number != a) {
        return refuse(g, "numéro du conseiller",
                      "les conseillers sont numérotés dans l’ordre, de 0");
    }
    if (!next32(g, "structure du conseiller", 0, (int64_t)g->t->organisations - 1, &o) ||
        !number_next(&g->r, "capacité du conseiller", 0, INT32_MAX, &g->p->upper[v])) {
        return false;
    }
    g->p->parent[v] = assign_text_organisation(g->t, o);
    return true;
}

static bool read_company(struct reading *g, int32_t i, int32_t *last)
{
    struct assign_problem *p     = g->p;
    int32_t                pairs = 0, at = p->first[i];

    if (!next32(g, "nombre de paires de l’établissement", 0, ASSIGN_OPTIONS_MAX, &pairs)) {
        return false;
    }
    if (at + (int64_t)pairs > ASSIGN_OPTION_MAX) {
        return refuse(g, "nombre de paires de l’établissement", "trop de paires en tout");
    }
    if (at + pairs > g->room) {
        g->room   = at + pairs + g->room / 2;
        p->node   = memory_resize(p->node, (size_t)g->room * sizeof *p->node);
        p->profit = memory_resize(p->profit, (size_t)g->room * sizeof *p->profit);
    }
    for (int32_t k = 0; k < pairs; k++, at++) {
        int32_t a = 0;
        if (!next32(g, "conseiller d’une paire", 0, (int64_t)g->t->advisers - 1, &a) ||
            !number_next(&g->r, "valeur d’une paire", -ASSIGN_PROFIT_MAX, ASSIGN_PROFIT_MAX,
                         &p->profit[at])) {
            return false;
        }
        if (last[a] == i + 1) {
            return refuse(g, "conseiller d’une paire", "il est donné deux fois");
        }
        last[a]     = i + 1;
        p->node[at] = assign_text_adviser(g->t, a);
    }
    p->first[i + 1] = at;
    return true;
}

static bool read_all(struct reading *g)
{
    bool ok = read_sizes(g);

    if (!ok) {
        return false;
    }
    // A size that the text cannot hold is refused before room is made for it.
    if ((uint64_t)g->t->companies + (uint64_t)g->t->advisers + (uint64_t)g->t->organisations >
        g->r.text.len) {
        return refuse(g, "nombre d’établissements N", "le fichier est trop court pour ces nombres");
    }
    make_room(g);
    for (int32_t o = 0; ok && o < g->t->organisations; o++) {
        ok = read_organisation(g, o);
    }
    for (int32_t a = 0; ok && a < g->t->advisers; a++) {
        ok = read_adviser(g, a);
    }
    int32_t *last = memory_zero((size_t)g->t->advisers * sizeof *last);
    for (int32_t i = 0; ok && i < g->t->companies; i++) {
        ok = read_company(g, i, last);
    }
    free(last);
    if (ok && !number_at_end(&g->r)) {
        return refuse(g, "fin du fichier", "il y a du texte après le dernier établissement");
    }
    return ok;
}

bool assign_text_read(struct str text, struct assign_text *ret_text,
                      struct assign_problem *ret_problem, struct buf *ret_why)
{
    struct reading g = { .r = { .text = text, .line = 1 }, .t = ret_text, .p = ret_problem };

    *ret_text    = (struct assign_text){ 0 };
    *ret_problem = (struct assign_problem){ 0 };
    if (read_all(&g)) {
        return true;
    }
    assign_problem_done(ret_problem);
    buf_printf(ret_why, "ligne %lld, %s : %s", (long long)g.r.line, g.r.what, g.r.why);
    return false;
}

static int64_t mu(const struct assign *s, int32_t v)
{
    return assign_price(s, v) - assign_price(s, assign_problem_of(s)->parent[v]);
}

// Without a plan, the prices that prove it: one for each node of the cut.
static int64_t cut_mu(const struct assign *s, int32_t v)
{
    return (int64_t)assign_cut(s, v) - assign_cut(s, assign_problem_of(s)->parent[v]);
}

static void write_node(const struct assign *s, enum assign_status status, struct str kind,
                       int32_t number, int32_t v, struct buf *into)
{
    buf_add(into, kind);
    buf_add_char(into, ' ');
    buf_add_int(into, number);
    buf_add_char(into, ' ');
    if (status == ASSIGN_OPTIMAL) {
        buf_add_int(into, assign_flow(s, v));
        buf_add_char(into, ' ');
        buf_add_int(into, mu(s, v));
    } else {
        buf_add(into, STR("- "));
        buf_add_int(into, cut_mu(s, v));
    }
    buf_add_char(into, '\n');
}

static void write_companies(const struct assign *s, const struct assign_text *t, struct buf *into)
{
    for (int32_t i = 0; i < t->companies; i++) {
        buf_add(into, STR("company "));
        buf_add_int(into, i);
        buf_add_char(into, ' ');
        if (assign_option(s, i) >= 0) {
            buf_add_int(into, assign_place(s, i) - assign_text_adviser(t, 0));
        } else {
            buf_add_char(into, '-');
        }
        buf_add_char(into, ' ');
        buf_add_int(into, assign_surplus(s, i));
        int32_t            better = -1;
        enum assign_reason why    = assign_why(s, i, &better);
        buf_add_char(into, ' ');
        buf_add(into, assign_reason_name(why));
        if (better >= 0) {
            buf_add_char(into, ' ');
            buf_add_int(into, assign_problem_of(s)->node[better] - assign_text_adviser(t, 0));
        }
        buf_add_char(into, '\n');
    }
}

void assign_text_write(const struct assign *s, enum assign_status status,
                       const struct assign_text *t, struct buf *into)
{
    buf_printf(into, "assignment %d %d %d\n", t->companies, t->advisers, t->organisations);
    if (status == ASSIGN_OPTIMAL) {
        long long profit = (long long)assign_profit(s);
        buf_printf(into, "status optimal\nprofit %lld\nbound %lld\n", profit, profit);
    } else {
        buf_printf(into, "status impossible\nshortage %lld\n", (long long)assign_shortage(s));
    }
    for (int32_t o = 0; o < t->organisations; o++) {
        write_node(s, status, STR("organisation"), o, assign_text_organisation(t, o), into);
    }
    for (int32_t a = 0; a < t->advisers; a++) {
        write_node(s, status, STR("adviser"), a, assign_text_adviser(t, a), into);
    }
    if (status == ASSIGN_OPTIMAL) {
        write_companies(s, t, into);
    }
}
