// How long it takes to repair an assignment after one change, and whether the profit is the one
// that solving anew gives.
//   plan_repair INSTANCE CHANGES [KIND]   JSON on standard output: per kind of change (or of one:
//   locked, removed, added, ill, back), milliseconds of processor
#include "../unit/plan_anew.h"
#include "base/buf.h"
#include "plan/assign.h"
#include "plan/assign_text.h"

enum kind { LOCKED, REMOVED, ADDED, ILL, BACK, KINDS };
static const char *const names[KINDS] = { "locked", "removed", "added", "ill", "back" };

static uint64_t state = 7;

static int32_t below(int32_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int32_t)((state >> 33) % (uint64_t)n);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static struct assign *solved(struct str text, struct assign_text *t, double *ret_ms)
{
    struct assign_problem p;
    struct buf            why = buf_init(KIB(4));

    if (!assign_text_read(text, t, &p, &why)) {
        fprintf(stderr, "plan_repair: %.*s\n", STR_ARG(buf_str(&why)));
        exit(2);
    }
    double         before = now();
    struct assign *s      = assign_new(&p);
    if (assign_solve(s) != ASSIGN_OPTIMAL) {
        fprintf(stderr, "plan_repair: no plan\n");
        exit(2);
    }
    *ret_ms = now() - before;
    return s;
}

// Where the copies of an establishment's options go before it is added.
struct options {
    int32_t count, node[256];
    int64_t profit[256];
};

static void options_of(const struct assign *s, int32_t i, struct options *o)
{
    const struct assign_problem *p = assign_problem_of(s);

    o->count = p->first[i + 1] - p->first[i];
    o->count = o->count > 256 ? 256 : o->count;
    for (int32_t k = 0; k < o->count; k++) {
        o->node[k]   = p->node[p->first[i] + k];
        o->profit[k] = assign_option_profit(s, p->first[i] + k);
    }
}

// Makes one change and repairs; the adviser who fell ill, or -1.
static int32_t change(struct assign *s, const struct assign_text *t, enum kind kind,
                      enum assign_status *ret_status)
{
    int32_t        i = below(t->companies), ill = -1;
    struct options o;

    *ret_status = ASSIGN_OPTIMAL;
    options_of(s, i, &o);
    switch (kind) {
    case LOCKED:
        if (!o.count || !assign_lock(s, i, o.node[below(o.count)])) {
            return -1;
        }
        break;
    case REMOVED:
        assign_remove(s, i);
        break;
    case ADDED:
        if (assign_add(s, assign_text_pool(t), o.node, o.profit, o.count) < 0) {
            return -1;
        }
        break;
    case ILL:
    case BACK: // the same, and it is the way back that counts
    default:
        ill = assign_text_adviser(t, below(t->advisers));
        assign_set_bounds(s, ill, 0, 0);
    }
    *ret_status = assign_solve(s);
    return ill;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

// The profit of the same problem as edited, from scratch.
static int64_t anew(const struct assign *s)
{
    struct assign *fresh = plan_anew(s);
    int64_t profit       = assign_solve(fresh) == ASSIGN_OPTIMAL ? assign_profit(fresh) : INT64_MIN;

    assign_free(fresh);
    return profit;
}

int main(int argc, char **argv)
{
    struct buf         text = buf_init(MIB(512));
    struct assign_text t;
    char               piece[4096];
    double             solve_ms = 0;
    FILE              *file     = argc == 3 || argc == 4 ? fopen(argv[1], "rb") : NULL;
    int64_t            changes  = 0;

    if (!file || !str_int(str_of(argv[2]), &changes) || changes < 1 || changes > 10000) {
        fprintf(stderr, "plan_repair INSTANCE CHANGES [KIND]\n");
        return 2;
    }
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;) {
        buf_add(&text, (struct str){ piece, n });
    }
    fclose(file);
    bool    same = true;
    int     none = 0;
    double *ms   = memory_new((size_t)changes * sizeof *ms);
    printf("{");
    for (int kind = 0; kind < KINDS; kind++) {
        if (argc == 4 && strcmp(argv[3], names[kind]) != 0) {
            continue;
        }
        state            = 7 + 1000 * (uint64_t)kind; // one kind alone is as it is among all
        struct assign *s = solved(buf_str(&text), &t, &solve_ms);
        int64_t        whole = assign_profit(s);
        int64_t        n     = kind >= ILL && changes > t.advisers / 10 ? t.advisers / 10 : changes;
        for (int64_t k = 0; k < n; k++) {
            enum assign_status status;
            int64_t            capacity[ASSIGN_NODE_MAX];
            memcpy(capacity, assign_problem_of(s)->upper,
                   (size_t)assign_problem_of(s)->nodes * sizeof *capacity);
            double  before = now();
            int32_t ill    = change(s, &t, (enum kind)kind, &status);
            ms[k]          = now() - before;
            if (status == ASSIGN_OPTIMAL && kind != BACK) {
                continue;
            }
            if (status == ASSIGN_OPTIMAL) {
                before = now();
                assign_set_bounds(s, ill, 0, capacity[ill]);
                status = assign_solve(s);
                ms[k]  = now() - before;
                same   = same && status == ASSIGN_OPTIMAL && assign_profit(s) == whole;
                continue;
            }
            // No plan without this adviser: true, and over when the adviser is back. Nor with a
            // lock.
            none++;
            same = same && anew(s) == INT64_MIN;
            if (ill < 0) {
                break;
            }
            assign_set_bounds(s, ill, 0, capacity[ill]);
            same = same && assign_solve(s) == ASSIGN_OPTIMAL;
        }
        same = same && (none || anew(s) == assign_profit(s));
        qsort(ms, (size_t)n, sizeof *ms, ascending);
        printf("\"%s\":{\"changes\":%lld,\"median_ms\":%.4f,\"p99_ms\":%.4f},", names[kind],
               (long long)n, ms[n / 2], ms[n * 99 / 100]);
        assign_free(s);
    }
    printf("\"solve_ms\":%.1f,\"no_plan\":%d,\"same_profit\":%s}\n", solve_ms, none,
           same ? "true" : "false");
    free(ms);
    buf_done(&text);
    return same ? 0 : 1;
}
