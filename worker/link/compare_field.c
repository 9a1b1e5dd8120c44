#include "link/compare_private.h"

#include "link/distance.h"
#include "link/ident.h"
#include "link/phone.h"

#include <math.h>

unsigned compare_form(const struct feature *a, const struct feature *b)
{
    if (!a->form || !b->form) {
        return LEVEL_NONE;
    }
    if (a->form != b->form) {
        return LEVEL_FORM_OTHER;
    }
    return a->detail == b->detail ? LEVEL_FORM_SAME : LEVEL_FORM_FAMILY;
}

unsigned compare_ident(const struct feature *a, const struct feature *b)
{
    if (!a->siren || !b->siren) {
        return LEVEL_NONE;
    }
    bool bad = (a->flags | b->flags) & BAD_IDENT;
    if (a->siren == b->siren) {
        if (!a->nic || !b->nic) {
            return LEVEL_IDENT_SIREN;
        }
        if (a->nic == b->nic) {
            return LEVEL_IDENT_SIRET;
        }
        return bad && ident_is_near(a->nic, b->nic, 5) ? LEVEL_IDENT_NEAR : LEVEL_IDENT_SITE;
    }
    if (bad && ident_is_near(a->siren, b->siren, 9) && (!a->nic || !b->nic || a->nic == b->nic)) {
        return LEVEL_IDENT_NEAR;
    }
    return bad ? LEVEL_NONE : LEVEL_IDENT_OTHER;
}

unsigned compare_naf(const struct feature *a, const struct feature *b)
{
    if (!a->naf || !b->naf) {
        return LEVEL_NONE;
    }
    return a->naf == b->naf                 ? LEVEL_NAF_SAME
           : a->naf / 3200 == b->naf / 3200 ? LEVEL_NAF_DIVISION
                                            : LEVEL_NAF_OTHER;
}

unsigned compare_phone(const struct feature *a, const struct feature *b, uint32_t *ret_phone)
{
    bool near = false, same_kind = false;

    if (!a->phone_count || !b->phone_count) {
        return LEVEL_NONE;
    }
    unsigned best = LEVEL_NONE;
    for (size_t i = 0; i < a->phone_count; i++) {
        for (size_t k = 0; k < b->phone_count; k++) {
            uint32_t x = a->phone[i], y = b->phone[k];
            if (x == y && best != LEVEL_PHONE_SAME) {
                *ret_phone = x;
                best       = phone_is_service(x) ? LEVEL_PHONE_SHARED : LEVEL_PHONE_SAME;
            }
            near      = near || ident_is_near(x, y, 9);
            same_kind = same_kind || phone_is_mobile(x) == phone_is_mobile(y);
        }
    }
    return best ? best : near ? LEVEL_PHONE_NEAR : same_kind ? LEVEL_PHONE_OTHER : LEVEL_PHONE_KIND;
}

unsigned compare_email(const struct stock *s, const struct feature *a, const struct feature *b)
{
    if (!a->mailbox || !b->mailbox) {
        return LEVEL_NONE;
    }
    if (a->mailbox == b->mailbox) {
        return LEVEL_EMAIL_SAME;
    }
    bool free_a = a->flags & FREE_MAIL, free_b = b->flags & FREE_MAIL;
    bool generic = (a->flags | b->flags) & GENERIC_BOX;
    if (a->local == b->local && !generic && (free_a || free_b)) {
        return LEVEL_EMAIL_BOX;
    }
    if (a->domain == b->domain && !free_a) {
        return LEVEL_EMAIL_DOMAIN;
    }
    struct str la = intern_str(s->texts, a->local), lb = intern_str(s->texts, b->local);
    if (a->domain == b->domain) { // one provider
        unsigned d = distance(la, lb);
        return d <= (la.len >= 10 ? 2U : 1U) && la.len >= 5 ? LEVEL_EMAIL_NEAR : LEVEL_EMAIL_OTHER;
    }
    struct str da = intern_str(s->texts, a->domain), db = intern_str(s->texts, b->domain);
    if (!free_a && !free_b && da.len >= 8 && distance(da, db) <= (da.len >= 14 ? 2U : 1U)) {
        return a->local == b->local ? LEVEL_EMAIL_NEAR : LEVEL_EMAIL_DOMAIN;
    }
    return LEVEL_EMAIL_OTHER;
}

unsigned compare_civility(const struct feature *a, const struct feature *b)
{
    if (!a->civility || !b->civility) {
        return LEVEL_NONE;
    }
    return a->civility == b->civility ? LEVEL_CIVILITY_SAME : LEVEL_CIVILITY_OTHER;
}

// Words in common between two lists, typing errors apart; the smaller count is the measure.
static float words_shared(const struct stock *s, uint32_t a, size_t na, uint32_t b, size_t nb)
{
    float shared = 0;

    for (size_t i = 0; i < na; i++) {
        float best = 0;
        for (size_t k = 0; k < nb; k++) {
            float like = s->pool[a + i] == s->pool[b + k]
                             ? 1
                             : word_likeness(s, s->pool[a + i], s->pool[b + k]);
            best       = like > best ? like : best;
        }
        shared += best;
    }
    return shared;
}

unsigned compare_job(const struct stock *s, const struct feature *a, const struct feature *b)
{
    if (!a->job || !b->job) {
        return LEVEL_NONE;
    }
    if (a->job == b->job ||
        similarity(intern_str(s->texts, a->job), intern_str(s->texts, b->job)) >= 0.8F) {
        return LEVEL_JOB_SAME;
    }
    return words_shared(s, a->job_words, a->job_count, b->job_words, b->job_count) >= 0.7F
               ? LEVEL_JOB_ALIKE
               : LEVEL_JOB_OTHER;
}

struct part {
    uint32_t whole, words;
    uint8_t  count;
};

static bool whole_typo(const struct stock *s, const struct part *a, const struct part *b)
{
    struct str x = intern_str(s->texts, a->whole), y = intern_str(s->texts, b->whole);
    size_t     longer = x.len > y.len ? x.len : y.len;
    unsigned   most   = longer >= 8 ? 2 : longer >= 4 ? 1 : 0;

    return most && distance(x, y) <= most;
}

static bool parts_shared(const struct stock *s, const struct part *a, const struct part *b)
{
    return (a->count > 1 || b->count > 1) &&
           words_shared(s, a->words, a->count, b->words, b->count) >= 0.7F;
}

// 0 not given, 1 equal, 2 typing errors, 3 part of a compound, 4 initial, 5 other.
static unsigned compare_parts(const struct stock *s, const struct part *a, const struct part *b)
{
    if (!a->whole || !b->whole) {
        return 0;
    }
    if (a->whole == b->whole) {
        return intern_str(s->texts, a->whole).len == 1 ? 4 : 1;
    }
    struct str x = intern_str(s->texts, a->whole), y = intern_str(s->texts, b->whole);
    if (x.len == 1 || y.len == 1) {
        return x.at[0] == y.at[0] ? 4 : 5;
    }
    bool initials = a->count == b->count && a->count > 1 && x.len != y.len &&
                    (x.len == a->count || y.len == b->count);
    for (size_t i = 0; initials && i < a->count; i++) {
        initials = intern_str(s->words, s->pool[a->words + i]).at[0] ==
                   intern_str(s->words, s->pool[b->words + i]).at[0];
    }
    return initials ? 4 : whole_typo(s, a, b) ? 2 : parts_shared(s, a, b) ? 3 : 5;
}

static const uint8_t family_levels[] = {
    LEVEL_NONE,        LEVEL_FAMILY_EQUAL, LEVEL_FAMILY_TYPO,
    LEVEL_FAMILY_PART, LEVEL_FAMILY_PART,  LEVEL_FAMILY_OTHER
};
static const uint8_t given_levels[] = { LEVEL_NONE,       LEVEL_GIVEN_EQUAL,   LEVEL_GIVEN_TYPO,
                                        LEVEL_GIVEN_PART, LEVEL_GIVEN_INITIAL, LEVEL_GIVEN_OTHER };

void compare_person(const struct stock *s, const struct feature *a, const struct feature *b,
                    unsigned *ret_family, unsigned *ret_given)
{
    struct part ga     = { a->given_whole, a->given, a->given_count };
    struct part gb     = { b->given_whole, b->given, b->given_count };
    struct part fa     = { a->family_whole, a->family, a->family_count };
    struct part fb     = { b->family_whole, b->family, b->family_count };
    unsigned    family = compare_parts(s, &fa, &fb), given = compare_parts(s, &ga, &gb);

    if (family + given > 2) { // perhaps the columns were swapped
        unsigned cross_family = compare_parts(s, &fa, &gb),
                 cross_given  = compare_parts(s, &ga, &fb);
        bool known            = cross_family && cross_given;
        if (known && cross_family < 5 && cross_given < 5 && cross_family != 4 &&
            (!family || !given || cross_family + cross_given < family + given)) {
            family = cross_family;
            given  = cross_given;
        }
    }
    *ret_family = family_levels[family];
    *ret_given  = given_levels[given];
}

static unsigned compare_dates(const struct value *a, const struct value *b)
{
    uint64_t x = (uint64_t)a->number, y = (uint64_t)b->number;

    if (x == y) {
        return LEVEL_VALUE_EQUAL;
    }
    bool swapped = x / 10000 == y / 10000 && x % 100 == y / 100 % 100 && x / 100 % 100 == y % 100;
    if (swapped || ident_is_near(x, y, 8)) {
        return LEVEL_VALUE_TYPO;
    }
    bool     year = x / 10000 == y / 10000, month = x / 100 % 100 == y / 100 % 100;
    unsigned parts = (year ? 1U : 0U) + (month ? 1U : 0U) + (x % 100 == y % 100 ? 1U : 0U);
    return parts == 2 ? LEVEL_VALUE_ALIKE : LEVEL_VALUE_OTHER;
}

static unsigned compare_numbers(double a, double b)
{
    double larger = fabs(a) > fabs(b) ? fabs(a) : fabs(b), gap = fabs(a - b);

    return a == b                 ? LEVEL_VALUE_EQUAL
           : gap <= 0.01 * larger ? LEVEL_VALUE_TYPO
           : gap <= 0.1 * larger  ? LEVEL_VALUE_ALIKE
                                  : LEVEL_VALUE_OTHER;
}

static unsigned compare_strings(struct str x, struct str y)
{
    size_t   longer = x.len > y.len ? x.len : y.len;
    unsigned d      = distance(x, y);

    if (d <= (longer >= 8 ? 2U : 1U) && longer >= 3) {
        return LEVEL_VALUE_TYPO;
    }
    return jaro_winkler(x, y) >= 0.86F ? LEVEL_VALUE_ALIKE : LEVEL_VALUE_OTHER;
}

static unsigned compare_texts(const struct stock *s, const struct value *a, const struct value *b)
{
    float shared = words_shared(s, a->words, a->count, b->words, b->count);
    float most   = (float)(a->count > b->count ? a->count : b->count);
    float alike  = similarity(intern_str(s->texts, a->text), intern_str(s->texts, b->text));

    if (alike >= 0.85F || shared / most >= 0.85F) {
        return LEVEL_VALUE_TYPO;
    }
    return shared / most >= 0.5F || alike >= 0.65F ? LEVEL_VALUE_ALIKE : LEVEL_VALUE_OTHER;
}

unsigned compare_value(const struct stock *s, enum link_kind kind, const struct value *a,
                       const struct value *b)
{
    if (!a->text || !b->text) {
        return LEVEL_NONE;
    }
    if (a->text == b->text) {
        return LEVEL_VALUE_EQUAL;
    }
    struct str x = intern_str(s->texts, a->text), y = intern_str(s->texts, b->text);
    switch (kind) {
    case LINK_EXACT:
        return LEVEL_VALUE_OTHER;
    case LINK_DATE:
        return a->number > 0 && b->number > 0 ? compare_dates(a, b) : compare_strings(x, y);
    case LINK_NUMBER:
        return compare_numbers(a->number, b->number);
    case LINK_TEXT:
        return compare_texts(s, a, b);
    case LINK_CODE:
        return distance(x, y) <= 1                 ? LEVEL_VALUE_TYPO
               : distance(x, y) == 2 && x.len >= 6 ? LEVEL_VALUE_ALIKE
                                                   : LEVEL_VALUE_OTHER;
    default:
        return compare_strings(x, y);
    }
}
