#include "link/evidence.h"

#include "link/compare_private.h"
#include "link/spread.h"

enum { ESTABLISHMENT_CLASSES = 7, PERSON_CLASSES = 6 };

static const struct {
    enum piece piece;
    struct str verdict;
    double     establishment[ESTABLISHMENT_CLASSES], person[PERSON_CLASSES];
} levels[LEVELS] = {
    [LEVEL_NONE] = { PIECES, STR_INIT("non renseigné des deux côtés"), { 0 }, { 0 } },
#define LEVEL(piece, level, verdict, m, s, t, k, l, n, u, pm, pe, pr, ph, pn, pu) \
    [LEVEL_##piece##_##level] = {                                          \
        PIECE_##piece,                                                     \
        STR_INIT(verdict),                                                 \
        { m, s, t, k, l, n, u },                                              \
        { pm, pe, pr, ph, pn, pu },                                            \
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
}

struct look {
    const struct stock    *s;
    const struct evidence *e;
    const struct spread   *spread;
    const struct feature  *a, *b;
    struct vector         *to;
};

static void look_up(const struct look *l, enum spread_tag tag, uint64_t value)
{
    if (l->spread) {
        spread_look(l->spread, spread_key(tag, value), &l->to->places, &l->to->names);
    }
}

// A commune under its own name and one of its services: the role says it, the words say nothing.
static bool names_commune(const struct feature *a, const struct feature *b)
{
    return compare_role(a, b) == LEVEL_ROLE_GENERAL;
}

static unsigned look_name(const struct look *l)
{
    const struct variant *va = NULL, *vb = NULL;
    unsigned              level = compare_name(l->s, l->a, l->b, &va, &vb);

    if (level > LEVEL_NAME_CONTAINED && names_commune(l->a, l->b)) {
        return LEVEL_NONE;
    }
    if (level && level <= LEVEL_NAME_CONTAINED && l->s->schema->unit != LINK_PERSON) {
        look_up(l, SPREAD_NAME, va->key);
        look_up(l, SPREAD_NAME, vb->key);
    }
    return level;
}

// How many addresses the name or the SIREN of either has in its commune.
static void look_there(const struct look *l)
{
    float none = 0;

    for (unsigned side = 0; side < 2 && l->spread; side++) {
        const struct feature *f = side ? l->b : l->a;
        for (size_t i = 0; i < f->name_count && f->commune; i++) {
            uint64_t key = l->s->variants[f->names + i].key;
            spread_look(l->spread, spread_key_there(l->s, f, SPREAD_NAME_THERE, key), &l->to->doors,
                        &none);
        }
        if (f->siren && f->commune) {
            spread_look(l->spread, spread_key_there(l->s, f, SPREAD_SIREN_THERE, f->siren),
                        &l->to->doors, &none);
        }
    }
}

static unsigned look_phone(const struct look *l)
{
    uint32_t phone = 0;
    unsigned level = compare_phone(l->a, l->b, &phone);

    if (level == LEVEL_PHONE_SAME || level == LEVEL_PHONE_SHARED) {
        look_up(l, SPREAD_PHONE, phone);
    }
    return level;
}

static unsigned look_email(const struct look *l)
{
    unsigned level = compare_email(l->s, l->a, l->b);

    if (level == LEVEL_EMAIL_SAME) {
        look_up(l, SPREAD_MAILBOX, intern_hash(l->s->texts, l->a->mailbox));
    } else if (level == LEVEL_EMAIL_DOMAIN) {
        look_up(l, SPREAD_DOMAIN, intern_hash(l->s->texts, l->a->domain));
    }
    return level;
}

static unsigned look_place(const struct look *l)
{
    unsigned level = compare_place(l->s, l->a, l->b);

    if (level == LEVEL_PLACE_DOOR || level == LEVEL_PLACE_TYPO) {
        if (l->a->door) {
            look_up(l, SPREAD_DOOR, l->a->door);
        }
        if (l->b->door) {
            look_up(l, SPREAD_DOOR, l->b->door);
        }
    }
    if (level == LEVEL_PLACE_COMMUNE || level == LEVEL_PLACE_WAY) {
        look_there(l);
    }
    return level;
}

static unsigned look_value(const struct look *l, uint32_t index)
{
    const struct value *a     = &l->s->values[l->a->values + index];
    const struct value *b     = &l->s->values[l->b->values + index];
    enum link_kind      kind  = l->s->schema->fields[l->s->general[index]].kind;
    unsigned            level = compare_value(l->s, kind, a, b);

    if (level == LEVEL_VALUE_EQUAL && l->spread) {
        uint64_t key =
            spread_key(SPREAD_VALUE + (enum spread_tag)index, intern_hash(l->s->texts, a->text));
        l->to->rare += spread_rare(l->spread, key);
    }
    return level;
}

void evidence_compare(const struct stock *s, const struct evidence *e, const struct spread *spread,
                      const struct feature *a, const struct feature *b, struct vector *ret)
{
    struct look l      = { s, e, spread, a, b, ret };
    unsigned    family = LEVEL_NONE, given = LEVEL_NONE;

    ret->places = ret->names = ret->doors = 1;
    ret->rare                = 0;
    if (a->family_whole || a->given_whole) {
        compare_person(s, a, b, &family, &given);
    }
    bool same_name = (family == LEVEL_FAMILY_EQUAL || family == LEVEL_FAMILY_TYPO) &&
                     (given == LEVEL_GIVEN_EQUAL || given == LEVEL_GIVEN_TYPO);
    if (same_name) {
        look_up(&l, SPREAD_PERSON, spread_person(s, a));
        look_up(&l, SPREAD_PERSON, spread_person(s, b));
    }
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
        case PIECE_VALUE:
            level = look_value(&l, e->piece[i].value);
            break;
        case PIECES:
            break;
        }
        ret->level[i] = (uint8_t)level;
    }
}
