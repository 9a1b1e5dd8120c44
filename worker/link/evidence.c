#include "link/evidence.h"

#include "link/alias.h"
#include "link/compare_private.h"
#include "link/spread.h"

#include <math.h>

enum { ESTABLISHMENT_CLASSES = 7, PERSON_CLASSES = 6 };

static const struct {
    enum piece piece;
    struct str verdict;
    double     establishment[ESTABLISHMENT_CLASSES], person[PERSON_CLASSES];
} levels[LEVELS] = {
    [LEVEL_NONE] = { PIECES, STR_INIT("non renseigné des deux côtés"), { 0 }, { 0 } },
#define LEVEL(piece, level, verdict, m, s, t, k, l, n, u, pm, pe, pr, ph, pn, pu) \
    [LEVEL_##piece##_##level] = {                                                 \
        PIECE_##piece,                                                            \
        STR_INIT(verdict),                                                        \
        { m, s, t, k, l, n, u },                                                  \
        { pm, pe, pr, ph, pn, pu },                                               \
    },
#include "link/levels.def"
#undef LEVEL
};

enum piece level_piece(unsigned level)
{
    return levels[level].piece;
}

struct str level_verdict(unsigned level)
{
    return levels[level].verdict;
}

double level_prior(unsigned level, enum link_unit unit, unsigned class_)
{
    return unit == LINK_PERSON ? levels[level].person[class_] : levels[level].establishment[class_];
}

// The piece that columns of a kind contribute to.
static enum piece piece_of(enum link_kind kind)
{
    static const enum piece pieces[LINK_KINDS] = {
        [LINK_IGNORE]       = PIECES,
        [LINK_ORGANISATION] = PIECE_NAME,
        [LINK_LEGAL_FORM]   = PIECE_FORM,
        [LINK_SIRET]        = PIECE_IDENT,
        [LINK_NAF]          = PIECE_NAF,
        [LINK_ADDRESS]      = PIECE_PLACE,
        [LINK_POSTCODE]     = PIECE_PLACE,
        [LINK_COMMUNE]      = PIECE_PLACE,
        [LINK_PHONE]        = PIECE_PHONE,
        [LINK_EMAIL]        = PIECE_EMAIL,
        [LINK_CIVILITY]     = PIECE_CIVILITY,
        [LINK_GIVEN_NAME]   = PIECE_GIVEN,
        [LINK_FAMILY_NAME]  = PIECE_FAMILY,
        [LINK_JOB]          = PIECE_JOB,
    };
    return kind >= LINK_EXACT ? PIECE_VALUE : pieces[kind];
}

static void add_piece(struct evidence *e, enum piece piece, uint32_t value, struct str label)
{
    for (size_t i = 0; i < e->count && piece != PIECE_VALUE; i++) {
        if (e->piece[i].piece == piece) {
            return; // several columns, one piece: the first column names it
        }
    }
    if (piece == PIECES || e->count == LINK_EVIDENCE_MAX) {
        return;
    }
    e->piece[e->count].piece   = piece;
    e->piece[e->count].value   = value;
    e->piece[e->count++].label = label;
}

void evidence_of(const struct link_schema *schema, struct evidence *ret)
{
    uint32_t values = 0;

    ret->count = 0;
    for (size_t i = 0; i < schema->count; i++) {
        const struct link_field *f     = &schema->fields[i];
        enum piece               piece = piece_of(f->kind);
        add_piece(ret, piece, piece == PIECE_VALUE ? values++ : 0, f->label);
        if (piece == PIECE_NAME && schema->unit == LINK_ESTABLISHMENT) {
            add_piece(ret, PIECE_ROLE, 0, STR("Nature"));
        }
    }
    // Behind the others, which look up what these count.
    if (schema->unit != LINK_THING) {
        add_piece(ret, PIECE_PLACES, 0, STR("Rareté selon les lieux"));
        add_piece(ret, PIECE_NAMES, 0, STR("Rareté selon les noms"));
    }
    if (schema->unit == LINK_ESTABLISHMENT) {
        add_piece(ret, PIECE_DOORS, 0, STR("Autres adresses du nom"));
    }
}

struct look {
    const struct stock    *s;
    const struct evidence *e;
    const struct spread   *spread;
    const struct alias    *alias;
    const struct feature  *a, *b;
    float                  places, names, doors;
    float                  rare;
    unsigned               name;   // level of the names
    bool                   shares; // some value in common was looked up
};

static void note(struct look *l, unsigned places, unsigned names)
{
    l->shares = true;
    l->places = fmaxf(l->places, (float)places);
    l->names  = fmaxf(l->names, (float)names);
}

static void look_up(struct look *l, enum spread_tag tag, uint64_t value)
{
    if (l->spread) {
        l->shares = true;
        spread_look(l->spread, spread_key(tag, value), &l->places, &l->names);
    }
}

// A commune under its own name and one of its services: the role says it, the words say nothing.
static bool names_commune(const struct feature *a, const struct feature *b)
{
    return compare_role(a, b) == LEVEL_ROLE_GENERAL;
}

static bool is_alias(const struct look *l)
{
    for (size_t i = 0; i < l->a->name_count; i++) {
        for (size_t k = 0; k < l->b->name_count; k++) {
            if (alias_has(l->alias, l->s->variants[l->a->names + i].key,
                          l->s->variants[l->b->names + k].key)) {
                return true;
            }
        }
    }
    return false;
}

static unsigned look_name(struct look *l)
{
    const struct variant *va = NULL, *vb = NULL;
    unsigned              level = compare_name(l->s, l->a, l->b, &va, &vb);

    if (level >= LEVEL_NAME_PARTIAL && l->alias && is_alias(l)) {
        level = LEVEL_NAME_ALIAS;
    }
    l->name = level;
    if (level >= LEVEL_NAME_PARTIAL && level != LEVEL_NAME_ALIAS && names_commune(l->a, l->b)) {
        return LEVEL_NONE;
    }
    if (level && level <= LEVEL_NAME_CONTAINED && l->s->schema->unit != LINK_PERSON) {
        note(l, va->places, va->names);
        note(l, vb->places, vb->names);
    }
    return level;
}

// How many addresses the name or the SIREN of either has in its commune.
static void look_there(struct look *l)
{
    l->doors = 1;
    for (unsigned side = 0; side < 2; side++) {
        const struct feature *f = side ? l->b : l->a;
        for (size_t i = 0; i < f->name_count; i++) {
            l->doors = fmaxf(l->doors, l->s->variants[f->names + i].there);
        }
        l->doors = fmaxf(l->doors, f->siren_there);
    }
}

static unsigned look_phone(struct look *l)
{
    uint32_t phone = 0;
    unsigned level = compare_phone(l->a, l->b, &phone);

    if (level == LEVEL_PHONE_SAME || level == LEVEL_PHONE_SHARED) {
        look_up(l, SPREAD_PHONE, phone);
    }
    return level;
}

static unsigned look_email(struct look *l)
{
    unsigned level = compare_email(l->s, l->a, l->b);

    if (level == LEVEL_EMAIL_SAME) {
        look_up(l, SPREAD_MAILBOX, intern_hash(l->s->texts, l->a->mailbox));
    } else if (level == LEVEL_EMAIL_DOMAIN) {
        look_up(l, SPREAD_DOMAIN, intern_hash(l->s->texts, l->a->domain));
    }
    return level;
}

static unsigned look_place(struct look *l)
{
    unsigned level = compare_place(l->s, l->a, l->b);

    if (level == LEVEL_PLACE_DOOR || level == LEVEL_PLACE_TYPO) {
        note(l, l->a->door_places, l->a->door_names);
        note(l, l->b->door_places, l->b->door_names);
    }
    if (level == LEVEL_PLACE_COMMUNE || level == LEVEL_PLACE_WAY) {
        look_there(l);
    }
    return level;
}

static unsigned look_value(struct look *l, uint32_t index)
{
    const struct value *a     = &l->s->values[l->a->values + index];
    const struct value *b     = &l->s->values[l->b->values + index];
    enum link_kind      kind  = l->s->schema->fields[l->s->general[index]].kind;
    unsigned            level = compare_value(l->s, kind, a, b);

    if (level == LEVEL_VALUE_EQUAL && l->spread) {
        l->rare += spread_rare(l->spread, l->s, l->a, index);
    }
    return level;
}

static bool is_close(unsigned level, unsigned equal)
{
    return level == equal || level == equal + 1; // typing errors come next
}

static void put_crowd(struct vector *v, enum crowd crowd, float count)
{
    v->crowd[crowd] = logf(count - 0.5F);
    v->known        = (uint8_t)(v->known | 1U << crowd);
    v->bears        = (uint8_t)(v->bears | 1U << crowd);
}

// How many names a given name or a surname was seen with, of the commoner of the two.
static float commonness(struct look *l, enum spread_tag tag, uint32_t a, uint32_t b)
{
    float none = 1, names = 1;

    if (l->spread) {
        spread_look(l->spread, spread_key(tag, intern_hash(l->s->texts, a)), &none, &names);
        spread_look(l->spread, spread_key(tag, intern_hash(l->s->texts, b)), &none, &names);
    }
    return names;
}

static void look_person(struct look *l, unsigned family, unsigned given, struct vector *ret)
{
    bool same_family = is_close(family, LEVEL_FAMILY_EQUAL);
    bool same_given  = is_close(given, LEVEL_GIVEN_EQUAL);

    if (same_family && same_given) {
        look_up(l, SPREAD_PERSON, spread_person(l->s, l->a));
        look_up(l, SPREAD_PERSON, spread_person(l->s, l->b));
    }
    if (same_given) {
        put_crowd(ret, CROWD_GIVEN,
                  commonness(l, SPREAD_GIVEN, l->a->given_whole, l->b->given_whole));
    }
    if (same_family) {
        put_crowd(ret, CROWD_FAMILY,
                  commonness(l, SPREAD_FAMILY, l->a->family_whole, l->b->family_whole));
    }
    unsigned bears = (family == LEVEL_FAMILY_OTHER ? 1U << CROWD_GIVEN : 0) |
                     (given == LEVEL_GIVEN_OTHER ? 1U << CROWD_FAMILY : 0);
    ret->bears = (uint8_t)(ret->known & bears);
}

static bool names_differ(const struct look *l, unsigned family, unsigned given)
{
    if (family || given) {
        return family == LEVEL_FAMILY_OTHER || given == LEVEL_GIVEN_OTHER;
    }
    return l->name >= LEVEL_NAME_PARTIAL && l->name != LEVEL_NAME_ACRONYM &&
           l->name != LEVEL_NAME_ALIAS;
}

// Counts in five steps; up to `least` is the first.
static unsigned step_of(float count, float least)
{
    return count <= least ? 0 : count < 4 + (least - 1) ? 1 : count < 9 ? 2 : count < 21 ? 3 : 4;
}

// A commune under its own name at the very door of its service is that service.
static void settle_role(const struct evidence *e, struct vector *v)
{
    size_t role      = e->count;
    bool   same_door = false;

    for (size_t i = 0; i < e->count; i++) {
        role      = v->level[i] == LEVEL_ROLE_GENERAL ? i : role;
        same_door = same_door || v->level[i] == LEVEL_PLACE_DOOR || v->level[i] == LEVEL_PLACE_TYPO;
    }
    if (role < e->count && same_door) {
        v->level[role] = LEVEL_NONE;
    }
}

void evidence_compare(const struct stock *s, const struct evidence *e, struct knowledge known,
                      const struct feature *a, const struct feature *b, struct vector *ret)
{
    struct look l      = { s, e, known.spread, known.alias, a, b, 1, 1, 0, 0, LEVEL_NONE, false };
    unsigned    family = LEVEL_NONE, given = LEVEL_NONE;
    bool        general = false;

    ret->known = ret->bears = 0;
    memset(ret->crowd, 0, sizeof ret->crowd);
    if (a->family_whole || a->given_whole) {
        compare_person(s, a, b, &family, &given);
    }
    look_person(&l, family, given, ret);
    for (size_t i = 0; i < e->count; i++) {
        unsigned level = LEVEL_NONE;
        switch (e->piece[i].piece) {
        case PIECE_NAME:
            level = look_name(&l);
            break;
        case PIECE_ROLE:
            level = compare_role(a, b);
            break;
        case PIECE_FORM:
            level = compare_form(a, b);
            break;
        case PIECE_IDENT:
            level = compare_ident(a, b);
            break;
        case PIECE_NAF:
            level = compare_naf(a, b);
            break;
        case PIECE_PLACE:
            level = look_place(&l);
            break;
        case PIECE_PHONE:
            level = look_phone(&l);
            break;
        case PIECE_EMAIL:
            level = look_email(&l);
            break;
        case PIECE_FAMILY:
            level = family;
            break;
        case PIECE_GIVEN:
            level = given;
            break;
        case PIECE_CIVILITY:
            level = compare_civility(a, b);
            break;
        case PIECE_JOB:
            level = compare_job(s, a, b);
            break;
        case PIECE_PLACES:
            level = l.shares ? LEVEL_PLACES_ONE + step_of(l.places, 1) : LEVEL_NONE;
            break;
        case PIECE_NAMES:
            if (l.shares && names_differ(&l, family, given)) {
                level = LEVEL_NAMES_ONE + step_of(l.names, 2);
            }
            break;
        case PIECE_DOORS:
            level = l.doors > 0 ? LEVEL_DOORS_ONE + step_of(l.doors, 1) : LEVEL_NONE;
            break;
        case PIECE_VALUE:
            level = look_value(&l, e->piece[i].value);
            break;
        case PIECES:
            break;
        }
        ret->level[i] = (uint8_t)level;
        general       = general || level == LEVEL_ROLE_GENERAL;
    }
    if (general) {
        settle_role(e, ret);
    }
    ret->rare = l.rare;
}
