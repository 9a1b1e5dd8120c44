// How names, numbers and places are written, with the errors of each source.
#include "record.h"

#include "words.h"

const char *const source_names[SOURCE_COUNT] = {
    "cci", "crm", "insertion", "salon", "emploi", "web",
};

// Habits that concern names: [source].
static const struct {
    double   form;     // the legal form stands in the name
    double   sign;     // the trade sign rather than the name
    double   both;     // "name (sign)"
    bool     capitals; // capitals without accents
    uint32_t cut;      // characters kept
} naming[SOURCE_COUNT] = {
    [SOURCE_CCI]       = { 0.66, 0.06, 0.05, true, 110 },
    [SOURCE_CRM]       = { 0.30, 0.25, 0.06, false, 110 },
    [SOURCE_INSERTION] = { 0.12, 0.35, 0.06, false, 110 },
    [SOURCE_SALON]     = { 0.2, 0.5, 0.05, false, 110 },
    [SOURCE_EMPLOI]    = { 0.25, 0.1, 0.03, true, 38 },
    [SOURCE_WEB]       = { 0.06, 0.85, 0.04, false, 110 },
};

void write_case(struct rng *r, enum source source, struct phrase *p)
{
    bool capitals = naming[source].capitals;
    if (capitals || rng_chance(r, 0.2)) {
        phrase_upper(p);
    }
    if (capitals || rng_chance(r, 0.15)) {
        phrase_plain(p);
    }
}

static struct phrase person_name(struct rng *r, const struct site *s)
{
    struct phrase p = phrase_of(""), last = s->last;
    switch (rng_below(r, 7)) {
    case 0:
        phrase_printf(&p, "EI %s %s", s->first.at, last.at);
        break;
    case 1:
        phrase_printf(&p, "%s %s %s", s->woman ? "Mme" : "M.", s->first.at, last.at);
        break;
    case 2:
        phrase_upper(&last);
        phrase_printf(&p, "%s %s", last.at, s->first.at);
        break;
    case 3:
        phrase_printf(&p, "%s %s", last.at, s->first.at);
        break;
    case 4:
        phrase_printf(&p, "%s %s", s->woman ? "Madame" : "Monsieur", last.at);
        if (rng_chance(r, 0.7)) {
            phrase_printf(&p, " %s", s->first.at);
        }
        break;
    default:
        phrase_printf(&p, "%s %s", s->first.at, last.at);
    }
    return p;
}

// "de Vichy", "d'Albi", "du Mans": or "de" for all, as machines do.
static void add_of(struct phrase *p, struct rng *r, const char *town)
{
    if (rng_chance(r, 0.5) && strncmp(town, "Le ", 3) == 0) {
        phrase_printf(p, " du %s", town + 3);
    } else if (rng_chance(r, 0.5) && strchr("AEIOUY", town[0])) {
        phrase_printf(p, " d'%s", town);
    } else {
        phrase_printf(p, rng_chance(r, 0.07) ? " %s" : " de %s", town);
    }
}

static struct phrase body_name(struct rng *r, const struct site *s)
{
    static const char *const halls[]   = { "Commune", "Mairie", "Mairie", "Ville", "Commune" };
    static const char *const welfare[] = { "CCAS", "CCAS", "C.C.A.S.",
                                           "Centre Communal d'Action Sociale" };
    struct phrase            p         = phrase_of("");
    if (s->role == ROLE_CCAS) {
        phrase_add(&p, welfare[rng_below(r, LENGTH(welfare))]);
        add_of(&p, r, s->place->name);
    } else if (s->role == ROLE_HALL || rng_chance(r, 0.25)) {
        phrase_add(&p, halls[rng_below(r, LENGTH(halls))]);
        add_of(&p, r, s->place->name);
    } else {
        phrase_printf(&p, "%s %s", s->role == ROLE_LIBRARY ? "Médiathèque" : "École",
                      rng_chance(r, 0.2) ? "municipale" : s->sign.at);
        if (rng_chance(r, 0.3)) {
            add_of(&p, r, s->place->name);
        }
    }
    return p;
}

static struct phrase own_name(struct rng *r, const struct site *s, enum source source)
{
    struct phrase p    = s->name;
    bool          sign = !phrase_empty(&s->sign) && rng_chance(r, naming[source].sign);
    if (s->role != ROLE_NONE) {
        return body_name(r, s);
    }
    if (s->kind == KIND_EI) {
        return sign ? s->sign : person_name(r, s);
    }
    if (s->kind == KIND_LAPOSTE) {
        p = phrase_of(rng_chance(r, 0.6) ? "La Poste" : "Bureau de poste");
        if (p.at[0] == 'B' || rng_chance(r, 0.2)) {
            add_of(&p, r, s->place->name);
        }
        return p;
    }
    if (s->kind == KIND_CHAIN && rng_chance(r, 0.3)) {
        phrase_printf(&p, " %s", s->place->name);
        return p;
    }
    if (!phrase_empty(&s->sign) && rng_chance(r, naming[source].both)) {
        phrase_printf(&p, " (%s)", s->sign.at);
        return p;
    }
    if (sign) {
        return s->sign;
    }
    if (s->kind == KIND_ASSO && rng_chance(r, 0.06)) { // its initials, then where it is
        struct phrase acronym = phrase_of(s->name.at);
        char         *of      = strstr(acronym.at, s->place->name);
        if (of && of > acronym.at) {
            *of         = '\0';
            acronym.len = (uint32_t)strlen(acronym.at);
            acronym     = phrase_acronym(&acronym);
            if (acronym.len >= 2) {
                phrase_printf(&acronym, " %s", s->place->name);
                return acronym;
            }
        }
    } else if (rng_chance(r, 0.012)) {
        struct phrase acronym = phrase_acronym(&p);
        p                     = acronym.len >= 3 ? acronym : p;
    }
    return p;
}

static void add_form(struct rng *r, const char *entry, struct phrase *p)
{
    char     form[64];
    uint32_t which = rng_chance(r, 0.75) ? 0 : 1 + rng_below(r, 2);
    if (words_parts(entry) < 3) {
        return;
    }
    words_part(entry, which, form, sizeof form);
    struct phrase whole = phrase_of("");
    switch (rng_below(r, 5)) {
    case 0:
    case 1:
        phrase_printf(&whole, "%s %s", form, p->at);
        break;
    case 2:
        phrase_printf(&whole, "%s %s", p->at, form);
        break;
    case 3:
        phrase_printf(&whole, "%s, %s", p->at, form);
        break;
    default:
        phrase_printf(&whole, "%s (%s)", p->at, form);
    }
    *p = whole;
}

static void shorten(struct rng *r, struct phrase *p)
{
    static const struct {
        const char *whole, *brief;
        double      odds;
    } habits[] = {
        { "Établissements", "Ets", 0.4 },  { "Société", "Sté", 0.35 },
        { " & ", " et ", 0.35 },           { " et ", " & ", 0.2 },
        { "Saint-", "St-", 0.12 },         { "Saint-", "St ", 0.08 },
        { "Sainte-", "Ste ", 0.2 },        { "Association", "Ass.", 0.3 },
        { "Développement", "Dev.", 0.15 }, { "Centre", "Ctre", 0.06 },
        { "générale", "Gle", 0.2 },        { "-", " ", 0.12 },
    };
    for (size_t i = 0; i < LENGTH(habits); i++) {
        if (rng_chance(r, habits[i].odds)) {
            phrase_replace(p, habits[i].whole, habits[i].brief);
        }
    }
}

struct phrase write_name(struct rng *r, const struct site *s, enum source source)
{
    struct phrase p = own_name(r, s, source);
    shorten(r, &p);
    if (rng_chance(r, 0.025)) {
        phrase_swap_words(&p, r);
    }
    if (rng_chance(r, 0.02)) {
        phrase_lose_word(&p, r);
    }
    if (rng_chance(r, 0.11)) {
        phrase_slip(&p, r);
    }
    if (rng_chance(r, naming[source].form)) {
        add_form(r, s->form, &p);
    }
    write_case(r, source, &p);
    phrase_cut(&p, naming[source].cut);
    return p;
}

// ---- numbers

static void group_digits(struct rng *r, const char *digits, struct phrase *p)
{
    bool siret = strlen(digits) == 14;
    if (rng_chance(r, 0.72)) {
        phrase_add(p, digits);
    } else {
        char joint = rng_chance(r, 0.9) ? ' ' : '.';
        phrase_printf(p, "%.3s%c%.3s%c%.3s", digits, joint, digits + 3, joint, digits + 6);
        if (siret) {
            phrase_printf(p, " %s", digits + 9);
        }
    }
}

struct phrase write_siret(struct rng *r, const struct site *s, enum source source, bool whole)
{
    struct phrase p = phrase_of("");
    char          digits[15];
    memcpy(digits, whole ? s->siret : s->siren, whole ? 15 : 10);
    double wrong = source == SOURCE_CRM ? 0.06 : 0.012;
    if (rng_chance(r, 0.003)) { // of somebody else: right digits, wrong firm
        site_foreign_siret(r, digits);
        digits[whole ? 14 : 9] = '\0';
    } else if (rng_chance(r, wrong)) {
        uint32_t i = rng_below(r, (uint32_t)strlen(digits) - 1);
        switch (rng_below(r, 3)) {
        case 0: {
            char c        = digits[i];
            digits[i]     = digits[i + 1];
            digits[i + 1] = c;
            break;
        }
        case 1:
            digits[i] = (char)('0' + ((uint32_t)(digits[i] - '0') + 1 + rng_below(r, 8)) % 10);
            break;
        default:
            if (whole) {
                memcpy(digits, s->head_siret, sizeof digits);
            }
        }
    }
    if (whole && rng_chance(r, 0.005)) { // a spreadsheet has been there
        phrase_printf(&p, "%c%c%.5sE+13", digits[0], rng_chance(r, 0.5) ? '.' : ',', digits + 1);
        return p;
    }
    group_digits(r, digits, &p);
    return p;
}

struct phrase write_phone(struct rng *r, const char *digits)
{
    static const char *const formats[] = {
        "0%c %.2s %.2s %.2s %.2s",       "0%c %.2s %.2s %.2s %.2s",       "0%c %.2s %.2s %.2s %.2s",
        "0%c.%.2s.%.2s.%.2s.%.2s",       "0%c-%.2s-%.2s-%.2s-%.2s",       "0%c%.2s%.2s%.2s%.2s",
        "+33 %c %.2s %.2s %.2s %.2s",    "+33%c%.2s%.2s%.2s%.2s",         "0033%c%.2s%.2s%.2s%.2s",
        "+33 (0)%c %.2s %.2s %.2s %.2s", "Tél : 0%c %.2s %.2s %.2s %.2s", "%c%.2s%.2s%.2s%.2s",
        "(0%c) %.2s %.2s %.2s %.2s",
    };
    struct phrase p = phrase_of("");
    char          d[10];
    if (strlen(digits) < 9) {
        phrase_add(&p, digits);
        return p;
    }
    memcpy(d, digits, 10);
    if (rng_chance(r, 0.012)) {
        uint32_t i = 1 + rng_below(r, 8);
        d[i]       = (char)('0' + (d[i] - '0' + 1) % 10);
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    phrase_printf(&p, formats[rng_below(r, LENGTH(formats))], d[0], d + 1, d + 3, d + 5, d + 7);
#pragma GCC diagnostic pop
    return p;
}

// ---- places

// "Lyon 3e", "PARIS 13", "Marseille 08": when the postcode tells the district.
static void district(struct rng *r, const char *code, struct phrase *town)
{
    static const char *const formats[] = { " %u", " %02u", " %ue", " %uème",
                                           " %ue Arrondissement" };
    uint32_t                 number    = (uint32_t)strtoul(code + 3, NULL, 10);
    bool                     one = strncmp(code, "750", 3) == 0 || strncmp(code, "6900", 4) == 0 ||
               strncmp(code, "130", 3) == 0;
    if (!one || number == 0 || number > 20 || !rng_chance(r, 0.2)) {
        return;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    phrase_printf(town, formats[rng_below(r, LENGTH(formats))], number);
#pragma GCC diagnostic pop
}

void write_place(struct rng *r, const struct site *s, enum source source, struct phrase *ret_code,
                 struct phrase *ret_town)
{
    struct phrase code = phrase_of(s->postcode), town = phrase_of(s->place->name);
    bool          capitals = source == SOURCE_CCI || source == SOURCE_EMPLOI;
    bool          big      = strcmp(town.at, "Paris") == 0 || strcmp(town.at, "Lyon") == 0 ||
               strcmp(town.at, "Marseille") == 0;
    if (big) {
        district(r, s->postcode, &town);
    }
    if (rng_chance(r, 0.15)) {
        phrase_replace(&town, "Saint-", rng_chance(r, 0.5) ? "St-" : "St ");
        phrase_replace(&town, "Sainte-", rng_chance(r, 0.5) ? "Ste-" : "Ste ");
    }
    if (rng_chance(r, 0.25)) {
        phrase_unhyphen(&town);
    }
    if (rng_chance(r, 0.022)) {
        phrase_slip(&town, r);
    }
    if (capitals || rng_chance(r, 0.25)) {
        phrase_upper(&town);
    }
    if (capitals || rng_chance(r, 0.15)) {
        phrase_plain(&town);
    }
    if (rng_chance(r, source == SOURCE_EMPLOI ? 0.08 : 0.007)) {
        phrase_add(&town, " CEDEX");
        if (rng_chance(r, 0.4)) {
            phrase_printf(&town, " %u", 1 + rng_below(r, 9));
        }
        uint32_t last = 1 + rng_below(r, 98);
        code.at[3]    = (char)('0' + last / 10);
        code.at[4]    = (char)('0' + last % 10);
    }
    if (code.at[0] == '0' && rng_chance(r, 0.03)) {
        code = phrase_of(code.at + 1);
    }
    *ret_code = code;
    *ret_town = town;
}
