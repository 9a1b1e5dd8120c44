#include "import/linkage_private.h"

#include <jansson.h>

#include "base/log.h"
#include "import/copyline.h"

// The columns of linkage_stock and linkage_rows, behind the id.
static const struct link_field columns[LINKAGE_COLUMNS] = {
    { STR_INIT("nom"), STR_INIT("Dénomination"), LINK_ORGANISATION },
    { STR_INIT("enseigne"), STR_INIT("Enseigne"), LINK_ORGANISATION },
    { STR_INIT("nom_usuel"), STR_INIT("Nom usuel"), LINK_ORGANISATION },
    { STR_INIT("forme_juridique"), STR_INIT("Forme juridique"), LINK_LEGAL_FORM },
    { STR_INIT("siret"), STR_INIT("SIRET"), LINK_SIRET },
    { STR_INIT("naf"), STR_INIT("Activité"), LINK_NAF },
    { STR_INIT("adresse"), STR_INIT("Adresse"), LINK_ADDRESS },
    { STR_INIT("code_postal"), STR_INIT("Code postal"), LINK_POSTCODE },
    { STR_INIT("commune"), STR_INIT("Commune"), LINK_COMMUNE },
    { STR_INIT("telephone"), STR_INIT("Téléphone"), LINK_PHONE },
    { STR_INIT("courriel"), STR_INIT("Courriel"), LINK_EMAIL },
};

const struct link_schema linkage_schema = {
    .name   = STR_INIT("liste"),
    .id     = STR_INIT("id"),
    .unit   = LINK_ESTABLISHMENT,
    .fields = columns,
    .count  = LINKAGE_COLUMNS,
};

static const char *const reasons[LINK_REASONS] = {
    [LINK_REVIEW_LIKELY]   = "likely",
    [LINK_REVIEW_DOUBTFUL] = "doubtful",
    [LINK_REVIEW_SIRET]    = "siret",
};

#define NONE UINT32_MAX // an enumerator would not fit an int

void linkage_fields(const struct result *rows, int row, struct str ret[LINKAGE_COLUMNS])
{
    for (int f = 0; f < LINKAGE_COLUMNS; f++) {
        ret[f] = result_text(rows, row, f + 1);
    }
}

// Records 0 .. stock - 1 are establishments, then up to known - 1 the rows tied to them, then the
// rows of the file.
struct work {
    const struct linkage_input *in;

    struct link *link;
    uint32_t     stock, known, count;
    uint32_t    *first, *next; // the establishments of each group: first[group], next[record]
    bool        *is_doubtful;  // of each record: its place in its group is for a person to judge
    struct buf  *lines;
};

static void work_done(struct work *w)
{
    link_free(w->link);
    free(w->first);
    free(w->next);
    free(w->is_doubtful);
}

static int64_t id_of(const struct work *w, uint32_t record)
{
    return record < w->stock ? result_int(w->in->stock, (int)record, 0)
                             : result_int(w->in->rows, (int)(record - w->known), 0);
}

// Ids tell the two kinds of records apart, and sort as their numbers do.
static struct str name_of(char kind, int64_t id, char into[32])
{
    return (struct str){ into, (size_t)snprintf(into, 32, "%c%019lld", kind, (long long)id) };
}

static enum err add(struct work *w, char kind, const struct result *from)
{
    for (int i = 0; i < result_count(from); i++) {
        char       id[32];
        struct str fields[LINKAGE_COLUMNS];
        linkage_fields(from, i, fields);
        if (link_add(w->link, name_of(kind, result_int(from, i, 0), id), fields) != LINK_OK) {
            return ERR_INVALID;
        }
    }
    return OK;
}

// What is tied stays so.
static void keep_together(struct work *w)
{
    for (int i = 0; i < result_count(w->in->linked); i++) {
        char     id[32];
        uint32_t establishment;
        uint32_t row = w->stock + (uint32_t)i;
        if (link_find(w->link, name_of('E', result_int(w->in->linked, i, LINKAGE_COLUMNS + 1), id),
                      &establishment) == LINK_OK &&
            link_same(w->link, row, establishment) != LINK_OK) {
            log_line(LOG_WARNING, "linkage_contradiction",
                     LOG_NUMBER("record", result_int(w->in->linked, i, 0)));
        }
    }
}

// What people already said of rows like these.
static void keep_said(struct work *w)
{
    for (int i = 0; i < result_count(w->in->said); i++) {
        char     id[32];
        uint32_t row, establishment;
        if (link_find(w->link, name_of('R', result_int(w->in->said, i, 0), id), &row) != LINK_OK ||
            link_find(w->link, name_of('E', result_int(w->in->said, i, 1), id), &establishment) !=
                LINK_OK) {
            continue;
        }
        enum link_status s = result_bool(w->in->said, i, 2)
                                 ? link_same(w->link, row, establishment)
                                 : link_different(w->link, row, establishment);
        if (s != LINK_OK) {
            log_line(LOG_WARNING, "linkage_contradiction",
                     LOG_NUMBER("record", result_int(w->in->said, i, 0)));
        }
    }
}

static void index_groups(struct work *w)
{
    size_t groups  = link_group_count(w->link);
    w->first       = memory_new(groups * sizeof *w->first);
    w->next        = memory_new(w->stock * sizeof *w->next);
    w->is_doubtful = memory_zero(w->count);
    for (size_t g = 0; g < groups; g++) {
        w->first[g] = NONE;
    }
    for (uint32_t e = w->stock; e-- > 0;) {
        uint32_t g  = link_group_of(w->link, e);
        w->next[e]  = w->first[g];
        w->first[g] = e;
    }
}

// The explanation as the interface shows it.
char *linkage_evidence(const struct link_explanation *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->count; i++) {
        const struct link_evidence *v = &x->evidence[i];
        json_array_append_new(list, json_pack("{s:s%,s:s%,s:f}", "label", v->label.at, v->label.len,
                                              "verdict", v->verdict.at, v->verdict.len, "weight",
                                              v->weight));
    }
    json_t *all =
        json_pack("{s:s%,s:o}", "decision", x->decision.at, x->decision.len, "evidence", list);
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    if (!text) {
        DIE("linkage: no memory for the evidence");
    }
    return text;
}

static void say(struct work *w, uint32_t row, uint32_t establishment, const char *verdict,
                const char *reason, double probability, struct str evidence)
{
    char number[32];
    copy_int(w->lines, id_of(w, row));
    if (establishment == NONE) {
        copy_null(w->lines);
    } else {
        copy_int(w->lines, id_of(w, establishment));
    }
    copy_int(w->lines, link_group_of(w->link, row));
    copy_text(w->lines, str_of(verdict));
    snprintf(number, sizeof number, "%.6f", probability);
    copy_text(w->lines, str_of(number));
    copy_text(w->lines, reason ? str_of(reason) : (struct str){ 0 });
    copy_text(w->lines, evidence);
    copy_end(w->lines);
}

// The establishment of a group that a row resembles most, and why.
static uint32_t best_of(struct work *w, uint32_t row, uint32_t group, struct link_explanation *ret)
{
    uint32_t best = NONE;
    for (uint32_t e = w->first[group]; e != NONE; e = w->next[e]) {
        struct link_explanation x;
        if (link_explain(w->link, row, e, &x) == LINK_OK &&
            (best == NONE || x.weight > ret->weight)) {
            best = e;
            *ret = x;
        }
    }
    return best;
}

static bool propose(struct work *w, uint32_t row, uint32_t group, const char *reason,
                    double probability)
{
    struct link_explanation x;
    uint32_t                e = best_of(w, row, group, &x);
    if (e == NONE) {
        return false;
    }
    char *evidence = linkage_evidence(&x);
    say(w, row, e, "review", reason, probability, str_of(evidence));
    free(evidence);
    w->is_doubtful[row] = true;
    return true;
}

// Pairs that a person should look at; those between a row and an establishment are for the desk.
static void propose_all(struct work *w, const uint32_t *row_first, const uint32_t *row_next)
{
    for (size_t i = 0; i < link_review_count(w->link); i++) {
        struct link_review r           = link_review_at(w->link, i);
        uint32_t           ga          = link_group_of(w->link, r.a);
        uint32_t           gb          = link_group_of(w->link, r.b);
        uint32_t           sides[2][2] = { { ga, gb }, { gb, ga } };
        for (int s = 0; s < (ga == gb ? 1 : 2); s++) {
            // Rows that sit with an establishment are settled; inside one group only what is
            // doubtful itself is asked again, not all that it joined.
            if (ga != gb && w->first[sides[s][0]] != NONE) {
                continue;
            }
            for (uint32_t row = row_first[sides[s][0]]; row != NONE;
                 row          = row_next[row - w->known]) {
                if (ga != gb || row == r.a || row == r.b) {
                    propose(w, row, sides[s][1], reasons[r.reason], r.probability);
                }
            }
        }
    }
}

static void decide(struct work *w)
{
    uint32_t *row_first = memory_new(link_group_count(w->link) * sizeof *row_first);
    uint32_t *row_next  = memory_new((w->count - w->known) * sizeof *row_next);
    memset(row_first, 0xff, link_group_count(w->link) * sizeof *row_first);
    for (uint32_t row = w->count; row-- > w->known;) {
        uint32_t g               = link_group_of(w->link, row);
        row_next[row - w->known] = row_first[g];
        row_first[g]             = row;
    }
    propose_all(w, row_first, row_next);
    for (uint32_t row = w->known; row < w->count; row++) {
        struct link_explanation x;
        if (w->is_doubtful[row]) {
            continue;
        }
        uint32_t e = best_of(w, row, link_group_of(w->link, row), &x);
        if (e == NONE) {
            say(w, row, NONE, "new", NULL, link_score(w->link, row), STR("{}"));
            continue;
        }
        char *evidence = linkage_evidence(&x);
        say(w, row, e, "same", NULL, link_score(w->link, row), str_of(evidence));
        free(evidence);
    }
    free(row_first);
    free(row_next);
}

enum err linkage_compare(const struct linkage_input *in, struct buf *ret_lines)
{
    struct work w = { .in = in, .lines = ret_lines };
    enum err    e;

    w.stock = (uint32_t)result_count(in->stock);
    w.known = w.stock + (uint32_t)result_count(in->linked);
    w.count = w.known + (uint32_t)result_count(in->rows);
    w.link  = link_new(&linkage_schema);
    if (!(e = add(&w, 'E', in->stock)) && !(e = add(&w, 'L', in->linked)) &&
        !(e = add(&w, 'R', in->rows))) {
        keep_together(&w);
        keep_said(&w);
        if (link_group(w.link, (struct link_progress){ 0 }) == LINK_OK) {
            index_groups(&w);
            decide(&w);
        } else {
            e = ERR_INTERNAL;
        }
    }
    work_done(&w);
    return e;
}
