// Why two records are together or not.
#include "link/link_private.h"

#include <math.h>

static const struct str merged = STR_INIT("fusionnées : les deux fiches sont dans le même groupe");
static const struct str merged_by_others =
    STR_INIT("fusionnées par l’intermédiaire d’autres fiches du groupe, qui ressemblent aux deux");
static const struct str merged_by_decision = STR_INIT("fusionnées par décision d’un relecteur");
static const struct str to_review          = STR_INIT("à vérifier : peut-être la même entité");
static const struct str apart = STR_INIT("séparées : trop peu de choses les rapprochent");
static const struct str apart_by_others =
    STR_INIT("séparées : ces deux fiches se ressemblent, mais pas leurs groupes");
static const struct str apart_by_decision = STR_INIT("séparées par décision d’un relecteur");

static bool decided_same(const struct link *l, uint32_t a, uint32_t b)
{
    while (l->kin[a] != a) {
        a = l->kin[a];
    }
    while (l->kin[b] != b) {
        b = l->kin[b];
    }
    return a == b;
}

static struct str decision_of(const struct link *l, uint32_t a, uint32_t b, double probability)
{
    uint32_t ga = link_group_of(l, a), gb = link_group_of(l, b);

    if (ga == gb) {
        return decided_same(l, a, b) ? merged_by_decision
               : probability >= 0.5  ? merged
                                     : merged_by_others;
    }
    if (link_groups_differ(l, ga, gb)) {
        return apart_by_decision;
    }
    for (size_t i = 0; i < l->review_count; i++) {
        uint32_t x = link_group_of(l, l->reviews[i].a), y = link_group_of(l, l->reviews[i].b);
        if ((x == ga && y == gb) || (x == gb && y == ga)) {
            return to_review;
        }
    }
    return probability >= 0.5 ? apart_by_others : apart;
}

enum link_status link_explain(struct link *l, uint32_t a, uint32_t b, struct link_explanation *ret)
{
    struct vector v;
    double        weights[LINK_EVIDENCE_MAX];

    if (!l->grouped) {
        return LINK_NOT_GROUPED;
    }
    uint32_t x = l->feature[a] < l->feature[b] ? l->feature[a] : l->feature[b];
    uint32_t y = l->feature[a] < l->feature[b] ? l->feature[b] : l->feature[a];
    evidence_compare(l->stock, &l->model.evidence, link_knowledge(l), &l->stock->features[x],
                     &l->stock->features[y], &v);
    float odds       = model_score(&l->model, &v);
    ret->prior       = model_weights(&l->model, &v, weights);
    ret->weight      = (double)odds / log(2);
    ret->probability = link_probability(odds);
    ret->same_group  = link_group_of(l, a) == link_group_of(l, b);
    ret->decision    = decision_of(l, a, b, ret->probability);
    ret->count       = l->model.evidence.count;
    for (size_t i = 0; i < ret->count; i++) {
        ret->evidence[i] = (struct link_evidence){ l->model.evidence.piece[i].label,
                                                   level_verdict(v.level[i]), weights[i] };
    }
    return LINK_OK;
}
