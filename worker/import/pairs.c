#include "import/pairs.h"

#include "base/buf.h"
#include "import/copyline.h"
#include "import/linkage_private.h"
#include "queries.h"

enum { GROUP_MOST = 20 }; // pairs proposed of one group

#define NONE UINT32_MAX // an enumerator would not fit an int

// Records 0 .. stock - 1 are establishments, those behind them rows tied to one of them each.
struct work {
    struct link  *link;
    struct result stock, tied;
    uint32_t      count;
    uint32_t     *establishment; // of each record
    struct buf    lines;
};

static void work_done(struct work *w)
{
    link_free(w->link);
    result_done(&w->stock);
    result_done(&w->tied);
    free(w->establishment);
    buf_done(&w->lines);
}

static struct str name_of(char kind, int64_t id, char into[32])
{
    return (struct str){ into, (size_t)snprintf(into, 32, "%c%019lld", kind, (long long)id) };
}

// The establishment of an id among the first records.
static uint32_t find(const struct work *w, int64_t id)
{
    char     name[32];
    uint32_t record;
    return link_find(w->link, name_of('E', id, name), &record) == LINK_OK ? record : NONE;
}

static bool add(struct work *w, char kind, const struct result *from)
{
    struct str fields[LINKAGE_COLUMNS];

    for (int i = 0; i < result_count(from); i++) {
        char name[32];
        for (int f = 0; f < LINKAGE_COLUMNS; f++) {
            fields[f] = result_text(from, i, f + 1);
        }
        if (link_add(w->link, name_of(kind, result_int(from, i, 0), name), fields) != LINK_OK) {
            return false;
        }
    }
    return true;
}

// What is tied stays so, what people separated too; a contradiction between them is theirs to see.
static void constrain(struct work *w, const struct result *different)
{
    uint32_t stock = (uint32_t)result_count(&w->stock);

    for (uint32_t i = 0; i < w->count; i++) {
        w->establishment[i] =
            i < stock ? i : find(w, result_int(&w->tied, (int)(i - stock), LINKAGE_COLUMNS + 1));
        if (i >= stock && w->establishment[i] != NONE &&
            link_same(w->link, i, w->establishment[i]) != LINK_OK) {
            w->establishment[i] = NONE;
        }
    }
    for (int i = 0; i < result_count(different); i++) {
        uint32_t a = find(w, result_int(different, i, 0)), b = find(w, result_int(different, i, 1));
        if (a != NONE && b != NONE && link_different(w->link, a, b) != LINK_OK) {
            continue; // something tied holds them together
        }
    }
}

static void propose(struct work *w, uint32_t a, uint32_t b, const char *reason)
{
    struct link_explanation x;
    char                    number[32];

    if (a == NONE || b == NONE || a == b || link_explain(w->link, a, b, &x) != LINK_OK) {
        return;
    }
    char *evidence = linkage_evidence(&x);
    copy_int(&w->lines, result_int(&w->stock, (int)a, 0));
    copy_int(&w->lines, result_int(&w->stock, (int)b, 0));
    snprintf(number, sizeof number, "%.6f", x.probability);
    copy_text(&w->lines, str_of(number));
    copy_text(&w->lines, str_of(reason));
    copy_text(&w->lines, str_of(evidence));
    copy_end(&w->lines);
    free(evidence);
}

// Establishments that linkage holds for one: the first of each group with the others.
static void propose_groups(struct work *w)
{
    uint32_t  stock  = (uint32_t)result_count(&w->stock);
    size_t    groups = link_group_count(w->link);
    uint32_t *first  = memory_new(groups * sizeof *first);
    uint32_t *many   = memory_zero(groups * sizeof *many);

    memset(first, 0xff, groups * sizeof *first);
    for (uint32_t e = 0; e < stock; e++) {
        uint32_t g = link_group_of(w->link, e);
        if (first[g] == NONE) {
            first[g] = e;
        } else if (many[g]++ < GROUP_MOST) {
            propose(w, first[g], e, "likely");
        }
    }
    free(many);
    free(first);
}

static void propose_doubts(struct work *w)
{
    static const char *const reasons[LINK_REASONS] = {
        [LINK_REVIEW_LIKELY]   = "likely",
        [LINK_REVIEW_DOUBTFUL] = "doubtful",
        [LINK_REVIEW_SIRET]    = "siret",
    };
    for (size_t i = 0; i < link_review_count(w->link); i++) {
        struct link_review r = link_review_at(w->link, i);
        propose(w, w->establishment[r.a], w->establishment[r.b], reasons[r.reason]);
    }
}

static enum err keep(struct db *db, struct work *w, int64_t *ret)
{
    CLEANUP(result_done) struct result stage = pairs_stage(db);
    enum err e = stage.err ? stage.err : db_copy_open(db, &query_pairs_load);
    if (e) {
        return e;
    }
    e               = buf_is_full(&w->lines) ? ERR_INTERNAL : db_copy_write(db, buf_str(&w->lines));
    enum err closed = db_copy_close(db, e != OK, NULL);
    if (e || closed) {
        return e ? e : closed;
    }
    CLEANUP(result_done) struct result kept = pairs_keep(db);
    *ret                                    = kept.err ? 0 : result_int(&kept, 0, 0);
    return kept.err;
}

static enum err compare(struct db *db, struct work *w, const struct result *different, int64_t *ret)
{
    w->count         = (uint32_t)(result_count(&w->stock) + result_count(&w->tied));
    w->establishment = memory_new((w->count + 1) * sizeof *w->establishment);
    w->link          = link_new(&linkage_schema);
    if (!add(w, 'E', &w->stock) || !add(w, 'L', &w->tied)) {
        return ERR_INVALID;
    }
    constrain(w, different);
    if (link_group(w->link, (struct link_progress){ 0 }) != LINK_OK) {
        return ERR_INTERNAL;
    }
    propose_doubts(w);
    propose_groups(w);
    return keep(db, w, ret);
}

enum err pairs_run(struct db *db, int64_t territory, int64_t *ret)
{
    struct work w = { .lines = buf_init(MIB(256)), .stock = pairs_stock(db, territory) };

    *ret                                         = 0;
    w.tied                                       = pairs_tied(db, territory);
    CLEANUP(result_done) struct result different = pairs_different(db, territory);
    enum err e = w.stock.err ? w.stock.err : w.tied.err ? w.tied.err : different.err;
    if (!e) {
        e = compare(db, &w, &different, ret);
    }
    work_done(&w);
    return e;
}
