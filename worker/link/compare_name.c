#include "link/compare_private.h"

#include "link/distance.h"
#include "link/org_name.h"

// Below these shares of the weight of the words, names are called by the next level.
static const float typo_share = 0.80F, partial_share = 0.45F, weak_share = 0.12F;
static const float contained_rest = 0.06F, local_weight = 0.05F, whole_alike = 0.84F;

float word_likeness(const struct stock *s, uint32_t a, uint32_t b)
{
    struct str x = intern_str(s->words, a), y = intern_str(s->words, b);
    size_t     longer = x.len > y.len ? x.len : y.len, shorter = x.len + y.len - longer;
    unsigned   most = longer >= 8 ? 2 : longer >= 4 ? 1 : 0;

    if (!most || longer - shorter > most || !may_be_within(s->words, a, b, most)) {
        return 0;
    }
    unsigned d = distance(x, y);
    return d <= most ? 1.0F - (float)d / (float)longer : 0;
}

struct side {
    const struct variant *v;
    float                 weight[VARIANT_WORDS_MAX];
    float                 total;
    unsigned              left; // bit i: word i has no counterpart yet
};

static void weigh(const struct stock *s, const struct variant *v, struct side *side)
{
    side->v     = v;
    side->total = 0;
    side->left  = (1U << v->count) - 1;
    for (size_t i = 0; i < v->count; i++) {
        float w         = stock_weight(s, s->pool[v->at + i]) + 0.5F;
        side->weight[i] = v->local >> i & 1 ? w * local_weight : w;
        side->total += side->weight[i];
    }
}

// Takes the counterparts that are alike out of what is left; adds their weight to both sides'
// share.
static bool pair_words(const struct stock *s, struct side *a, struct side *b, float *share_a,
                       float *share_b)
{
    bool exact = true;

    for (size_t i = 0; i < a->v->count; i++) {
        for (size_t k = 0; k < b->v->count && (a->left >> i & 1); k++) {
            if ((b->left >> k & 1) && s->pool[a->v->at + i] == s->pool[b->v->at + k]) {
                a->left &= ~(1U << i);
                b->left &= ~(1U << k);
                *share_a += a->weight[i];
                *share_b += b->weight[k];
            }
        }
    }
    for (size_t i = 0; i < a->v->count; i++) {
        for (size_t k = 0; k < b->v->count && (a->left >> i & 1); k++) {
            if (!(b->left >> k & 1)) {
                continue;
            }
            float      like = word_likeness(s, s->pool[a->v->at + i], s->pool[b->v->at + k]);
            struct str x    = intern_str(s->words, s->pool[a->v->at + i]);
            struct str y    = intern_str(s->words, s->pool[b->v->at + k]);
            bool       cut  = (b->v->is_cut && k + 1U == b->v->count && str_starts(x, y)) ||
                       (a->v->is_cut && i + 1U == a->v->count && str_starts(y, x));
            like = cut ? 0.95F : like;
            if (like > 0) {
                // A word that is rare because it is misspelled weighs as its counterpart.
                float w = a->weight[i] < b->weight[k] ? a->weight[i] : b->weight[k];
                a->total += w - a->weight[i];
                b->total += w - b->weight[k];
                a->left &= ~(1U << i);
                b->left &= ~(1U << k);
                *share_a += w * like;
                *share_b += w * like;
                exact = false;
            }
        }
    }
    return exact;
}

static bool is_acronym(const struct variant *one, const struct variant *many, const struct stock *s)
{
    struct str word = intern_str(s->texts, one->whole);
    return one->count == 1 && many->count > 2 && word.len >= 3 && one->whole == many->first;
}

static unsigned compare_variants(const struct stock *s, const struct variant *va,
                                 const struct variant *vb)
{
    struct side a, b;
    float       share_a = 0, share_b = 0;

    if (va->whole == vb->whole || (va->key == vb->key && va->key)) {
        return LEVEL_NAME_EQUAL;
    }
    if (is_acronym(va, vb, s) || is_acronym(vb, va, s)) {
        return LEVEL_NAME_ACRONYM;
    }
    weigh(s, va, &a);
    weigh(s, vb, &b);
    bool  exact  = pair_words(s, &a, &b, &share_a, &share_b);
    float rest_a = a.total > 0 ? 1 - share_a / a.total : 1;
    float rest_b = b.total > 0 ? 1 - share_b / b.total : 1;
    float share  = (share_a + share_b) / (a.total + b.total);
    if (exact && rest_a < contained_rest && rest_b < contained_rest) {
        return LEVEL_NAME_EQUAL;
    }
    if (share >= typo_share) {
        return LEVEL_NAME_TYPO;
    }
    struct str x = intern_str(s->texts, va->whole), y = intern_str(s->texts, vb->whole);
    size_t     longer = x.len > y.len ? x.len : y.len, shorter = x.len + y.len - longer;
    unsigned   most = (unsigned)((1 - whole_alike) * (float)longer);
    if (shorter >= 5 && longer - shorter <= most &&
        may_be_within(s->texts, va->whole, vb->whole, most) && distance(x, y) <= most) {
        return LEVEL_NAME_TYPO;
    }
    bool contained = (rest_a < contained_rest * 2 && share_a > 0) ||
                     (rest_b < contained_rest * 2 && share_b > 0);
    if (contained && share >= weak_share * 2) {
        return LEVEL_NAME_CONTAINED;
    }
    return share >= partial_share ? LEVEL_NAME_PARTIAL
           : share >= weak_share  ? LEVEL_NAME_WEAK
                                  : LEVEL_NAME_DIFFERENT;
}

// Order in which levels are preferred when several names are compared.
static unsigned rank(unsigned level)
{
    return level == LEVEL_NAME_ACRONYM ? LEVEL_NAME_CONTAINED * 2 + 1 : level * 2;
}

unsigned compare_name(const struct stock *s, const struct feature *a, const struct feature *b,
                      const struct variant **ret_a, const struct variant **ret_b)
{
    unsigned best = LEVEL_NONE;

    for (size_t i = 0; i < a->name_count; i++) {
        for (size_t k = 0; k < b->name_count; k++) {
            const struct variant *va = &s->variants[a->names + i], *vb = &s->variants[b->names + k];
            unsigned              level = compare_variants(s, va, vb);
            if (!best || rank(level) < rank(best)) {
                best   = level;
                *ret_a = va;
                *ret_b = vb;
            }
        }
    }
    return best;
}

unsigned compare_role(const struct feature *a, const struct feature *b)
{
    if (a->number && b->number && a->number != b->number) {
        return LEVEL_ROLE_NUMBER;
    }
    if (a->role == b->role) {
        return a->role ? LEVEL_ROLE_SAME : LEVEL_ROLE_NONE;
    }
    if (a->role + b->role == ROLE_COMMUNE + ROLE_TOWN_HALL &&
        (a->role == ROLE_COMMUNE || b->role == ROLE_COMMUNE)) {
        return LEVEL_ROLE_TOWN;
    }
    if (a->role == ROLE_COMMUNE || b->role == ROLE_COMMUNE) {
        return LEVEL_ROLE_GENERAL;
    }
    if (a->role && b->role) {
        return LEVEL_ROLE_OTHER;
    }
    // "SCI" may be left out like any legal form: where the other tells none, nothing lacks.
    const struct feature *with = a->role ? a : b, *without = a->role ? b : a;
    bool                  by_form = with->role == ROLE_PROPERTY && with->form == FORM_CIVIL;
    return by_form && !without->form ? LEVEL_NONE : LEVEL_ROLE_LACKING;
}
