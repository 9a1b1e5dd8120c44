#include "link/link_private.h"

static const struct str sentences[] = {
    [LINK_OK]          = STR_INIT("tout va bien"),
    [LINK_ID_EMPTY]    = STR_INIT("la fiche n’a pas d’identifiant"),
    [LINK_ID_LONG]     = STR_INIT("l’identifiant de la fiche dépasse 128 octets"),
    [LINK_ID_TWICE]    = STR_INIT("une autre fiche porte déjà cet identifiant"),
    [LINK_ID_UNKNOWN]  = STR_INIT("aucune fiche ne porte cet identifiant"),
    [LINK_FULL]        = STR_INIT("il y a trop de fiches"),
    [LINK_CONTRADICTS] = STR_INIT("cette décision en contredit d’autres"),
    [LINK_GROUPED]     = STR_INIT("les fiches sont déjà groupées"),
    [LINK_NOT_GROUPED] = STR_INIT("les fiches ne sont pas encore groupées"),
};

struct str link_status_sentence(enum link_status s)
{
    return sentences[s];
}

static const struct str phases[LINK_PHASES] = {
    [LINK_READING] = STR_INIT("lecture"),       [LINK_BLOCKING] = STR_INIT("recherche des paires"),
    [LINK_COMPARING] = STR_INIT("comparaison"), [LINK_ESTIMATING] = STR_INIT("estimation"),
    [LINK_GROUPING] = STR_INIT("regroupement"),
};

struct str link_phase_label(enum link_phase phase)
{
    return phases[phase];
}

struct link *link_new(const struct link_schema *schema)
{
    struct link *l = memory_zero(sizeof *l);

    l->schema   = schema;
    l->stock    = stock_new(schema);
    l->ids      = intern_new();
    l->entities = intern_new();
    return l;
}

void link_free(struct link *l)
{
    if (!l) {
        return;
    }
    stock_free(l->stock);
    intern_free(l->ids);
    intern_free(l->entities);
    spread_free(l->spread);
    alias_free(l->alias);
    block_free(l->block);
    free(l->feature);
    free(l->node);
    free(l->previous);
    free(l->decisions);
    free(l->kin);
    free(l->nodes);
    free(l->node_first);
    free(l->edges);
    free(l->edge_start);
    free(l->group_entity);
    free(l->member_start);
    free(l->member);
    free(l->late_head);
    free(l->apart);
    free(l->reviews);
    free(l->redirects);
    free(l->late);
    free(l);
}

enum link_status link_check_id(const struct link *l, struct str id)
{
    if (str_is_empty(id)) {
        return LINK_ID_EMPTY;
    }
    if (id.len > LINK_ID_MAX) {
        return LINK_ID_LONG;
    }
    if (l->count == LINK_RECORDS_MAX) {
        return LINK_FULL;
    }
    return intern_find(l->ids, id) ? LINK_ID_TWICE : LINK_OK;
}

static void make_room(struct link *l)
{
    if (l->count < l->room) {
        return;
    }
    l->room     = l->room ? l->room * 2 : 256;
    l->feature  = memory_resize(l->feature, l->room * sizeof *l->feature);
    l->previous = memory_resize(l->previous, l->room * sizeof *l->previous);
    l->kin      = memory_resize(l->kin, l->room * sizeof *l->kin);
}

enum link_status link_add(struct link *l, struct str id, const struct str *fields)
{
    enum link_status status = l->grouped ? LINK_GROUPED : link_check_id(l, id);

    if (status) {
        return status;
    }
    make_room(l);
    (void)intern_add(l->ids, id);
    l->feature[l->count]  = stock_add(l->stock, fields);
    l->previous[l->count] = 0;
    l->kin[l->count]      = (uint32_t)l->count;
    l->count++;
    return LINK_OK;
}

size_t link_count(const struct link *l)
{
    return l->count;
}

enum link_status link_find(const struct link *l, struct str id, uint32_t *ret_record)
{
    uint32_t number = intern_find(l->ids, id);

    if (!number) {
        return LINK_ID_UNKNOWN;
    }
    *ret_record = number - 1;
    return LINK_OK;
}

struct str link_id(const struct link *l, uint32_t record)
{
    return intern_str(l->ids, record + 1);
}

static uint32_t kin_of(const struct link *l, uint32_t record)
{
    while (l->kin[record] != record) {
        record = l->kin[record];
    }
    return record;
}

static void keep_decision(struct link *l, uint32_t a, uint32_t b, bool same)
{
    if (l->decision_count == l->decision_room) {
        l->decision_room = l->decision_room ? l->decision_room * 2 : 64;
        l->decisions     = memory_resize(l->decisions, l->decision_room * sizeof *l->decisions);
    }
    l->decisions[l->decision_count++] = (struct decision){ a, b, same };
}

enum link_status link_same(struct link *l, uint32_t a, uint32_t b)
{
    uint32_t x = kin_of(l, a), y = kin_of(l, b);

    if (l->grouped) {
        return LINK_GROUPED;
    }
    for (size_t i = 0; l->has_different && i < l->decision_count && x != y; i++) {
        const struct decision *d = &l->decisions[i];
        if (d->same) {
            continue;
        }
        uint32_t p = kin_of(l, d->a), q = kin_of(l, d->b);
        if ((p == x && q == y) || (p == y && q == x)) {
            return LINK_CONTRADICTS;
        }
    }
    l->kin[x > y ? x : y] = x > y ? y : x;
    keep_decision(l, a, b, true);
    return LINK_OK;
}

enum link_status link_different(struct link *l, uint32_t a, uint32_t b)
{
    if (l->grouped) {
        return LINK_GROUPED;
    }
    if (kin_of(l, a) == kin_of(l, b)) {
        return LINK_CONTRADICTS;
    }
    keep_decision(l, a, b, false);
    l->has_different = true;
    return LINK_OK;
}

enum link_status link_previous(struct link *l, uint32_t record, struct str entity)
{
    if (l->grouped) {
        return LINK_GROUPED;
    }
    if (entity.len > LINK_ID_MAX) {
        return LINK_ID_LONG;
    }
    l->previous[record] = intern_add(l->entities, entity);
    return LINK_OK;
}

static void tell(struct link_progress p, enum link_phase phase, uint64_t done, uint64_t total)
{
    if (p.step) {
        p.step(p.context, phase, done, total);
    }
}

float link_odds(const struct link *l, uint32_t a, uint32_t b)
{
    struct vector v;

    evidence_compare(l->stock, &l->model.evidence, link_knowledge(l), &l->stock->features[a],
                     &l->stock->features[b], &v);
    return model_score(&l->model, &v);
}

enum link_status link_group(struct link *l, struct link_progress progress)
{
    if (l->grouped) {
        return LINK_GROUPED;
    }
    l->grouped    = true;
    uint32_t *map = memory_new((l->stock->count + 1) * sizeof *map);
    stock_sort(l->stock, map);
    for (size_t i = 0; i < l->count; i++) {
        l->feature[i] = map[l->feature[i]];
    }
    free(map);
    l->distinct = l->stock->count;
    tell(progress, LINK_BLOCKING, 0, l->distinct);
    stock_weigh(l->stock);
    l->spread = spread_new(l->stock);
    l->block  = block_new(l->stock);
    link_make_nodes(l);
    model_init(&l->model, l->schema);
    link_compare(l, progress);
    tell(progress, LINK_GROUPING, 0, l->node_count);
    link_cluster(l, progress);
    link_name_groups(l);
    link_list_reviews(l);
    tell(progress, LINK_GROUPING, l->node_count, l->node_count);
    return LINK_OK;
}

size_t link_group_count(const struct link *l)
{
    return l->group_count;
}

uint32_t link_group_of(const struct link *l, uint32_t record)
{
    return l->nodes[l->node[record]].group;
}

struct str link_entity(const struct link *l, uint32_t group)
{
    return intern_str(l->entities, l->group_entity[group]);
}

double link_score(const struct link *l, uint32_t record)
{
    return link_probability(l->nodes[l->node[record]].odds);
}

struct link_figures link_figures(const struct link *l)
{
    return (struct link_figures){ l->count, l->distinct, l->pairs, l->group_count,
                                  l->model.rounds };
}
