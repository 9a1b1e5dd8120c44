// The plain text format, read once more, apart from the engine's reader.
#include "check/assignment.h"
#include "check/words.h"

#define SIZE_MAX_READ INT64_C(10000000)

static char *name(const char *kind, int64_t number)
{
    char *text = memory_new(64);

    snprintf(text, 64, "%s %lld", kind, (long long)number);
    return text;
}

struct sizes {
    int64_t companies, advisers, organisations;
};

static bool fail(struct check_report *report, const char *what, const struct check_words *w)
{
    check_fault(report, "%s : illisible à la ligne %lld", what, (long long)w->line);
    return false;
}

static void read_nodes(struct check_words *w, const struct sizes *z, struct check_problem *p)
{
    for (int64_t o = 0; o < z->organisations; o++) {
        struct check_node *n = &p->node[1 + o];
        w->bad               = check_number(w) != o || w->bad;
        n->lower             = check_number(w);
        n->upper             = check_number(w);
        n->name              = name("structure", o);
    }
    for (int64_t a = 0; a < z->advisers; a++) {
        struct check_node *n = &p->node[1 + z->organisations + a];
        w->bad               = check_number(w) != a || w->bad;
        int64_t o            = check_number(w);
        w->bad               = w->bad || o < 0 || o >= z->organisations;
        n->parent            = (int32_t)(1 + o);
        n->upper             = check_number(w);
        n->name              = name("conseiller", a);
    }
}

static void read_companies(struct check_words *w, const struct sizes *z, struct check_problem *p)
{
    for (int64_t i = 0; i < z->companies && !w->bad; i++) {
        struct check_choice *c = &p->choice[i];
        c->first               = p->options;
        c->count               = check_number(w);
        c->pool                = p->nodes - 1;
        w->bad                 = w->bad || c->count < 0 || c->count > z->advisers;
        for (int64_t k = 0; k < c->count && !w->bad; k++) {
            int64_t a = check_number(w), profit = check_number(w);
            w->bad = w->bad || a < 0 || a >= z->advisers;
            if (p->options == p->room) {
                p->room   = p->room ? 2 * p->room : 1024;
                p->option = memory_resize(p->option, (size_t)p->room * sizeof *p->option);
            }
            p->option[p->options++] =
                (struct check_option){ (int32_t)(1 + z->organisations + a), profit };
        }
    }
}

static bool read_instance(struct str text, struct sizes *z, struct check_problem *p,
                          struct check_report *report)
{
    struct check_words w = check_words_of(text);

    z->companies     = check_number(&w);
    z->advisers      = check_number(&w);
    z->organisations = check_number(&w);
    int64_t whole    = z->companies + z->advisers + z->organisations;
    if (w.bad || z->companies < 0 || z->advisers < 0 || z->organisations < 0 ||
        whole > SIZE_MAX_READ || (size_t)whole > text.len) {
        return fail(report, "instance", &w);
    }
    p->nodes                    = (int32_t)(z->organisations + z->advisers + 2);
    p->node                     = memory_zero((size_t)p->nodes * sizeof *p->node);
    p->count                    = z->companies;
    p->choice                   = memory_zero((size_t)p->count * sizeof *p->choice);
    p->node[0].parent           = -1;
    p->node[p->nodes - 1].upper = p->count;
    p->node[p->nodes - 1].name  = name("non visités", 0);
    read_nodes(&w, z, p);
    read_companies(&w, z, p);
    return !w.bad || fail(report, "instance", &w);
}

static void read_prices(struct check_words *w, const struct sizes *z, const struct check_problem *p,
                        struct check_claim *c)
{
    for (int64_t v = 1; v < p->nodes - 1 && !w->bad; v++) {
        bool    organisation = v <= z->organisations;
        int64_t number       = organisation ? v - 1 : v - 1 - z->organisations;
        w->bad               = !check_is(w, organisation ? "organisation" : "adviser") || w->bad;
        w->bad               = check_number(w) != number || w->bad;
        c->flow[v]           = check_is(w, "-") ? -1 : check_number(w);
        c->price[v]          = check_number(w);
    }
}

static void read_reason(struct check_words *w, const struct sizes *z, struct check_claim *c,
                        int64_t i)
{
    static const struct {
        const char *word;
        bool        named; // with an adviser behind it
    } reasons[] = {
        [CHECK_BEST]         = { "best", false },
        [CHECK_FULL]         = { "full", true },
        [CHECK_SHARE]        = { "share", true },
        [CHECK_MINIMUM]      = { "minimum", true },
        [CHECK_PRICE]        = { "price", true },
        [CHECK_WORTHLESS]    = { "worthless", false },
        [CHECK_NO_CANDIDATE] = { "no_candidate", false },
    };
    size_t k = 0;

    while (k < LENGTH(reasons) && !check_is(w, reasons[k].word)) {
        k++;
    }
    w->bad       = w->bad || k == LENGTH(reasons);
    c->reason[i] = (uint8_t)k;
    c->better[i] = -1;
    if (!w->bad && reasons[k].named) {
        int64_t a    = check_number(w);
        w->bad       = w->bad || a < 0 || a >= z->advisers;
        c->better[i] = (int32_t)(1 + z->organisations + a);
    }
}

static void read_places(struct check_words *w, const struct sizes *z, const struct check_problem *p,
                        struct check_claim *c)
{
    for (int64_t i = 0; i < z->companies && !w->bad; i++) {
        w->bad = !check_is(w, "company") || w->bad;
        w->bad = check_number(w) != i || w->bad;
        if (check_is(w, "-")) {
            c->place[i] = p->nodes - 1;
        } else {
            int64_t a   = check_number(w);
            w->bad      = w->bad || a < 0 || a >= z->advisers;
            c->place[i] = (int32_t)(1 + z->organisations + a);
        }
        c->surplus[i] = check_number(w);
        read_reason(w, z, c, i);
    }
}

static bool read_result(struct str text, const struct sizes *z, const struct check_problem *p,
                        struct check_claim *c, struct check_report *report)
{
    struct check_words w = check_words_of(text);

    c->price              = memory_zero((size_t)p->nodes * sizeof *c->price);
    c->flow               = memory_zero((size_t)p->nodes * sizeof *c->flow);
    c->place              = memory_zero((size_t)p->count * sizeof *c->place);
    c->surplus            = memory_zero((size_t)p->count * sizeof *c->surplus);
    c->reason             = memory_zero((size_t)p->count * sizeof *c->reason);
    c->better             = memory_zero((size_t)p->count * sizeof *c->better);
    c->flow[p->nodes - 1] = -1;
    w.bad                 = !check_is(&w, "assignment") || check_number(&w) != z->companies ||
            check_number(&w) != z->advisers || check_number(&w) != z->organisations ||
            !check_is(&w, "status");
    if (w.bad) {
        return fail(report, "résultat", &w);
    }
    if (check_is(&w, "impossible")) {
        c->status = CHECK_NO_PLAN;
        w.bad     = !check_is(&w, "shortage") || check_number(&w) < 1 || w.bad;
    } else {
        w.bad     = !check_is(&w, "optimal") || !check_is(&w, "profit") || w.bad;
        c->profit = check_number(&w);
        w.bad     = !check_is(&w, "bound") || w.bad;
        c->bound  = check_number(&w);
    }
    read_prices(&w, z, p, c);
    if (c->status != CHECK_NO_PLAN) {
        read_places(&w, z, p, c);
    }
    return !w.bad || fail(report, "résultat", &w);
}

void check_assignment_text(struct str instance, struct str result, struct check_report *report)
{
    struct sizes         z = { 0 };
    struct check_problem p = { 0 };
    struct check_claim   c = { 0 };

    if (read_instance(instance, &z, &p, report) && read_result(result, &z, &p, &c, report)) {
        check_assignment(&p, &c, report);
    }
    check_claim_done(&c);
    check_problem_done(&p);
}
