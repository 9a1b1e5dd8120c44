#include "import/linkage.h"

#include <limits.h>

#include "import/copyline.h"
#include "import/keying.h"
#include "import/linkage_private.h"
#include "link/candidate.h"

#include "queries.h"

// How many candidates of a row are compared, and how near the best they must come: as many as may
// be of any use while the rows are few, the best where there are very many.
static const struct {
    int    rows, most;
    double least;
} thrift[] = {
    { 3000, 24, 0 },
    { 20000, 8, CANDIDATE_LEAST },
    { INT_MAX, 5, 0.4 },
};

enum { LINES_MOST = 256 }; // MB of verdicts

// The keys of the rows that wait, to know which keys of other rows are of any use.
struct key_set {
    uint64_t *slots; // 0 = free
    size_t    mask;
};

static void key_set_add(struct key_set *s, uint64_t key)
{
    size_t i = (size_t)(key >> 8) & s->mask;
    while (s->slots[i] && s->slots[i] != key) {
        i = (i + 1) & s->mask;
    }
    s->slots[i] = key;
}

static bool key_set_has(const struct key_set *s, uint64_t key)
{
    size_t i = (size_t)(key >> 8) & s->mask;
    while (s->slots[i] && s->slots[i] != key) {
        i = (i + 1) & s->mask;
    }
    return s->slots[i] == key;
}

struct asking {
    struct db              *db;
    struct candidate_keyer *keyer;
    struct key_set          keys;
    struct buf              lines;
};

static enum err put(struct asking *a, uint64_t key, int64_t id)
{
    copy_int(&a->lines, (int64_t)key);
    copy_int(&a->lines, id);
    copy_end(&a->lines);
    if (a->lines.len < KIB(128)) {
        return OK;
    }
    enum err e = db_copy_write(a->db, buf_str(&a->lines));
    buf_clear(&a->lines);
    return e;
}

static enum err end_copy(struct asking *a, enum err e)
{
    if (!e && a->lines.len) {
        e = db_copy_write(a->db, buf_str(&a->lines));
    }
    buf_clear(&a->lines);
    enum err closed = db_copy_close(a->db, e != OK, NULL);
    return e ? e : closed;
}

// Writes the keys of the rows that wait, for each place where one may lie.
static enum err ask(struct asking *a, const struct result *rows)
{
    enum err e = result_end(linkage_key_stage(a->db));
    if (e || (e = db_copy_open(a->db, &query_linkage_ask))) {
        return e;
    }
    for (int i = 0; !e && i < result_count(rows); i++) {
        struct str fields[LINKAGE_COLUMNS], place;
        struct str places = result_text(rows, i, LINKAGE_COLUMNS + 1);
        linkage_fields(rows, i, fields);
        do {
            uint64_t keys[CANDIDATE_KEYS_MAX];
            if (!str_cut(&places, ' ', &place)) {
                place = STR("");
            }
            size_t n = candidate_keys(a->keyer, fields, place, keys);
            for (size_t k = 0; !e && k < n; k++) {
                key_set_add(&a->keys, keys[k]);
                e = put(a, keys[k], result_int(rows, i, 0));
            }
        } while (!e && places.len);
    }
    return end_copy(a, e);
}

// Writes the keys that rows of the same file bear which are tied, as those of their establishment.
static enum err own(struct asking *a)
{
    CLEANUP(result_done) struct result rows = linkage_own(a->db);
    enum err e = rows.err ? rows.err : result_end(linkage_own_stage(a->db));
    if (e || (e = db_copy_open(a->db, &query_linkage_own_load))) {
        return e;
    }
    for (int i = 0; !e && i < result_count(&rows); i++) {
        uint64_t   keys[CANDIDATE_KEYS_MAX];
        struct str fields[LINKAGE_COLUMNS];
        linkage_fields(&rows, i, fields);
        size_t n =
            candidate_keys(a->keyer, fields, result_text(&rows, i, LINKAGE_COLUMNS + 1), keys);
        for (size_t k = 0; !e && k < n; k++) {
            if (key_set_has(&a->keys, keys[k])) {
                e = put(a, keys[k], result_int(&rows, i, LINKAGE_COLUMNS + 2));
            }
        }
    }
    return end_copy(a, e);
}

static enum err sample(struct db *db, int64_t file)
{
    CLEANUP(result_done) struct result share = linkage_share(db);
    return share.err ? share.err
                     : result_end(linkage_sample(db, file, result_double(&share, 0, 0)));
}

// Fills `near` with the establishments to compare with.
static enum err choose(struct db *db, int64_t file, const struct result *rows,
                       const struct result *said)
{
    struct asking a = { .db    = db,
                        .keyer = candidate_keyer_new(&linkage_schema),
                        .lines = buf_init(KIB(256)),
                        .keys  = { .mask = 1023 } };

    while (a.keys.mask < (size_t)result_count(rows) * CANDIDATE_KEYS_MAX / 2) {
        a.keys.mask = a.keys.mask * 2 + 1;
    }
    a.keys.slots = memory_zero((a.keys.mask + 1) * sizeof *a.keys.slots);
    enum err e   = ask(&a, rows);
    e            = e ? e : own(&a);
    e            = e ? e : result_end(linkage_asked(db));
    size_t t     = 0;
    while (result_count(rows) > thrift[t].rows) {
        t++;
    }
    e = e ? e : result_end(linkage_near(db, file, thrift[t].most, thrift[t].least));
    e = e ? e : sample(db, file);
    for (int i = 0; !e && i < result_count(said); i++) {
        e = result_end(linkage_add(db, result_int(said, i, 0), result_int(said, i, 1)));
    }
    free(a.keys.slots);
    buf_done(&a.lines);
    candidate_keyer_free(a.keyer);
    return e;
}

struct wish {
    linkage_stands *stands; // NULL: whatever happens
    void           *context;
};

static bool is_wanted(const struct wish *w)
{
    return !w->stands || w->stands(w->context);
}

// Compares the rows of `waiting` with their candidates; the verdicts are then in `verdict`.
// *ret_any: there was something to compare, and it was wanted until the end.
static enum err judge(struct db *db, int64_t file, const struct wish *wish, bool *ret_any)
{
    *ret_any      = false;
    enum err told = result_end(linkage_known(db));
    if (told) {
        return told;
    }
    CLEANUP(result_done) struct result rows = linkage_rows(db);
    CLEANUP(result_done) struct result said = linkage_said(db, file);
    enum err                           e    = rows.err ? rows.err : said.err;

    if (e || !result_count(&rows) || !is_wanted(wish) || (e = choose(db, file, &rows, &said)) ||
        !is_wanted(wish)) {
        return e;
    }
    CLEANUP(result_done) struct result stock  = linkage_stock(db);
    CLEANUP(result_done) struct result linked = linkage_linked(db, file);
    if ((e = stock.err ? stock.err : linked.err)) {
        return e;
    }
    struct buf lines = buf_init(MIB(LINES_MOST));
    e                = linkage_compare(
                       &(struct linkage_input){ .stock = &stock, .linked = &linked, .rows = &rows, .said = &said },
                       &lines);
    e = e ? e : db_copy_open(db, &query_linkage_load);
    if (!e) {
        e               = buf_is_full(&lines) ? ERR_INTERNAL : db_copy_write(db, buf_str(&lines));
        enum err closed = db_copy_close(db, e != OK, NULL);
        e               = e ? e : closed;
    }
    buf_done(&lines);
    *ret_any = !e && is_wanted(wish);
    return e;
}

static enum err report(struct result counts, struct linkage_report *ret)
{
    if (!counts.err) {
        *ret = (struct linkage_report){
            .linked   = result_int(&counts, 0, 0),
            .review   = result_int(&counts, 0, 1),
            .created  = result_int(&counts, 0, 2),
            .unplaced = result_int(&counts, 0, 3),
        };
    }
    return result_end(counts);
}

// Ties the rows as `verdict` says; the values of the establishments are left out.
static enum err settle(struct db *db, int64_t file, struct linkage_report *ret)
{
    struct result (*const steps[])(struct db *) = { linkage_same, linkage_review, linkage_new,
                                                    linkage_new_links, linkage_settle };
    enum err e                                  = OK;

    for (size_t i = 0; !e && i < LENGTH(steps); i++) {
        e = result_end(steps[i](db));
    }
    return e ? e : report(linkage_count(db, file), ret);
}

static enum err stage(struct db *db)
{
    enum err e = result_end(linkage_stage(db));

    e = e ? e : result_end(linkage_verdict_stage(db));
    e = e ? e : result_end(linkage_places(db));
    return e ? e : result_end(linkage_places_index(db));
}

enum err linkage_run(struct db *db, int64_t file, struct linkage_report *ret)
{
    bool     any = false;
    enum err e   = result_end(linkage_lock(db));

    *ret = (struct linkage_report){ 0 };
    e    = e ? e : stage(db);
    e    = e ? e : result_end(linkage_nested(db, STR("off")));
    e    = e ? e : result_end(linkage_wait(db, file));
    e    = e ? e : result_end(linkage_nested(db, STR("on")));
    e    = e ? e : judge(db, file, &(struct wish){ 0 }, &any);
    if (e || !any) {
        return e;
    }
    e = settle(db, file, ret);
    return e ? e : result_end(linkage_value(db));
}

enum err linkage_foresee(struct db *db, int64_t file, linkage_stands *stands, void *context,
                         struct linkage_report *ret)
{
    bool     any = false;
    enum err e   = stage(db);

    *ret = (struct linkage_report){ 0 };
    e    = e ? e : result_end(linkage_foreseen(db));
    e    = e ? e : judge(db, file, &(struct wish){ stands, context }, &any);
    return e || !any ? e : report(linkage_foretold(db), ret);
}

enum err linkage_adopt(struct db *db, int64_t file, bool *ret_adopted, struct linkage_report *ret)
{
    CLEANUP(result_done) struct result holds = linkage_holds(db, file);
    enum err                           e     = holds.err;

    *ret         = (struct linkage_report){ 0 };
    *ret_adopted = false;
    e            = e ? e : result_end(linkage_verdict_stage(db));
    if (e || !result_count(&holds) || !result_bool(&holds, 0, 0) ||
        (e = result_end(linkage_take(db, file)))) {
        return e;
    }
    CLEANUP(result_done) struct result any = linkage_any(db);
    *ret_adopted                           = !any.err && result_bool(&any, 0, 0);
    if (any.err || !*ret_adopted) {
        return any.err;
    }
    e = result_end(linkage_told(db));
    return e ? e : settle(db, file, ret);
}

enum err linkage_employers(struct db *db, int64_t feed, int64_t file, bool *ret_any)
{
    enum err e = stage(db);

    *ret_any = false;
    e        = e ? e : result_end(linkage_employers_wait(db, feed));
    return e ? e : judge(db, file, &(struct wish){ 0 }, ret_any);
}
