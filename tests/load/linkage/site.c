#include "site_private.h"

const char *site_draw(struct rng *r, enum list list)
{
    const struct words *words = words_of(list);
    return words->at[rng_below(r, words->count)];
}

// The first words of a list are much more frequent than the last ones, as names are.
static const char *draw_skewed(struct rng *r, enum list list)
{
    const struct words *words = words_of(list);
    double              at    = rng_unit(r);
    return words->at[(uint32_t)(at * at * words->count)];
}

// ---- numbers

static char luhn_digit(const char *digits, size_t count)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) { // the digit to add stands at the right of the last one
        uint32_t digit = (uint32_t)(digits[count - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

static void make_siren(uint32_t unit, char into[10])
{
    // A walk through 70,000,000 numbers that meets each once.
    uint64_t number = 30000000u + ((uint64_t)unit * 38271941u + 5557u) % 70000000u;
    char     digits[9];
    snprintf(digits, sizeof digits, "%08u", (uint32_t)number);
    memcpy(into, digits, 8);
    into[8] = luhn_digit(digits, 8);
    into[9] = '\0';
}

void site_make_siret(const char *siren, uint32_t nic, char into[15])
{
    char digits[14];
    snprintf(digits, sizeof digits, "%.9s%04u", siren, nic % 10000);
    memcpy(into, digits, 13);
    into[13] = luhn_digit(digits, 13);
    into[14] = '\0';
}

void site_foreign_siret(struct rng *r, char into[15])
{
    char digits[14];
    snprintf(digits, sizeof digits, "%08u", 30000000 + rng_below(r, 70000000));
    digits[8] = luhn_digit(digits, 8);
    digits[9] = '\0';
    site_make_siret(digits, 1 + rng_below(r, 5), into);
}

// La Poste: the sum of the fourteen digits is a multiple of five.
void site_make_post_siret(struct world *w, char into[15])
{
    for (;; w->post_nic++) {
        char     digits[15];
        uint32_t sum = 0;
        snprintf(digits, sizeof digits, "356000000%05u", w->post_nic % 100000);
        for (const char *c = digits; *c; c++) {
            sum += (uint32_t)(*c - '0');
        }
        if (sum % 5 == 0) {
            memcpy(into, digits, 15);
            w->post_nic++;
            return;
        }
    }
}

void phone_mobile(struct rng *r, char into[10])
{
    char first = rng_chance(r, 0.7) ? '6' : '7';
    snprintf(into, 10, "%c%08u", first, rng_below(r, 100000000));
}

static void phone_landline(struct rng *r, const char *postcode, char into[10])
{
    snprintf(into, 10, "%c%08u", place_phone_region(postcode), rng_below(r, 100000000));
}

// ---- names

struct phrase site_surname(struct rng *r)
{
    if (rng_chance(r, 0.55)) {
        return phrase_of(draw_skewed(r, LIST_SURNAMES));
    }
    struct phrase p = phrase_of(site_draw(r, LIST_COIN_HEADS));
    phrase_add(&p, site_draw(r, LIST_COIN_MIDDLES));
    phrase_add(&p, site_draw(r, LIST_COIN_TAILS));
    return p;
}

void person_draw(struct rng *r, bool *ret_woman, struct phrase *ret_first, struct phrase *ret_last)
{
    *ret_woman = rng_chance(r, 0.45);
    *ret_first = phrase_of(draw_skewed(r, *ret_woman ? LIST_WOMEN : LIST_MEN));
    *ret_last  = site_surname(r);
}

struct phrase site_coined(struct rng *r)
{
    struct phrase p = phrase_of(site_draw(r, LIST_FIRM_HEADS));
    if (rng_chance(r, 0.3)) {
        phrase_add(&p, site_draw(r, LIST_COIN_MIDDLES));
    }
    phrase_add(&p, site_draw(r, LIST_FIRM_TAILS));
    return p;
}

static struct phrase initials(struct rng *r)
{
    struct phrase p = phrase_of("");
    for (uint32_t n = 2 + rng_below(r, 3); n; n--) {
        char letter[2] = { (char)('A' + rng_below(r, 26)), '\0' };
        phrase_add(&p, letter);
    }
    return p;
}

// How firms are called: a trade and a name, a trade and a place, invented words, initials,
// oddities.
static struct phrase firm_name(struct rng *r, const char *trade)
{
    static const double weights[] = { 26, 10, 14, 14, 6, 4, 9, 5, 12 };
    struct phrase       p = phrase_of(""), last = site_surname(r), other = site_surname(r);
    switch (rng_weighted(r, weights, LENGTH(weights))) {
    case 0:
        phrase_printf(&p, "%s %s", trade, last.at);
        break;
    case 1:
        phrase_printf(&p, "%s %s", last.at, trade);
        break;
    case 2:
        phrase_printf(&p, "%s %s", trade, site_draw(r, LIST_PLACES));
        break;
    case 3:
        p = site_coined(r);
        if (rng_chance(r, 0.6)) {
            phrase_printf(&p, " %s", site_draw(r, LIST_FIRM_WORDS));
        }
        break;
    case 4:
        phrase_printf(&p, "%s & %s", last.at, other.at);
        break;
    case 5:
        p = initials(r);
        phrase_printf(&p, " %s", site_draw(r, LIST_FIRM_WORDS));
        break;
    case 6:
        phrase_printf(&p, "%s %s", rng_chance(r, 0.5) ? "Établissements" : "Société", last.at);
        break;
    case 7:
        phrase_printf(&p, "%s %s", last.at, rng_chance(r, 0.5) ? "et Fils" : "Frères");
        break;
    default:
        p = phrase_of(site_draw(r, LIST_ODD_HEADS));
        if (rng_chance(r, 0.4)) {
            phrase_printf(&p, " %s", site_draw(r, LIST_PLACES));
        } else {
            phrase_printf(&p, " %s %s", site_draw(r, LIST_MEN), last.at);
        }
    }
    if (rng_chance(r, 0.05)) {
        phrase_printf(&p, " %s", site_draw(r, LIST_FIRM_WORDS));
    }
    return p;
}

// ---- the parts of a site

void site_put_address(struct rng *r, struct site *s)
{
    double at        = rng_unit(r);
    s->number        = 1 + (uint32_t)(at * at * 260);
    s->number_suffix = phrase_of(!rng_chance(r, 0.06)  ? ""
                                 : rng_chance(r, 0.6)  ? "bis"
                                 : rng_chance(r, 0.75) ? "ter"
                                                       : "B");
    if (rng_chance(r, 0.09)) {
        s->street_kind = site_draw(r, LIST_ZONES);
        s->street      = phrase_of(site_draw(r, LIST_PLACES));
        s->number      = rng_chance(r, 0.35) ? s->number % 60 + 1 : 0;
    } else {
        s->street_kind = site_draw(r, LIST_STREET_KINDS);
        s->street      = phrase_of(site_draw(r, LIST_STREETS));
    }
    s->complement = phrase_of(rng_chance(r, 0.08) ? site_draw(r, LIST_COMPLEMENTS) : "");
}

void site_put_place(struct rng *r, struct site *s)
{
    s->place = place_draw(r);
    place_postcode(s->place, r, s->postcode);
    site_put_address(r, s);
}

void site_put_mail(struct rng *r, struct site *s, const char *slug_of)
{
    struct phrase slug = phrase_slug(slug_of, '-', 34);
    s->domain          = phrase_of("");
    s->mail            = phrase_of("");
    if (rng_chance(r, 0.58)) {
        static const char *const ends[] = { "fr", "fr", "fr", "com", "org", "eu" };
        s->domain                       = slug;
        phrase_printf(&s->domain, ".%s", ends[rng_below(r, LENGTH(ends))]);
        phrase_printf(&s->mail, "%s@%s", site_draw(r, LIST_BOXES), s->domain.at);
        return;
    }
    if (rng_chance(r, 0.3)) {
        phrase_printf(&slug, "%u", 1 + rng_below(r, 99));
    }
    phrase_printf(&s->mail, "%s@%s", slug.at, site_draw(r, LIST_FREE_MAIL));
}

void site_put_phones(struct rng *r, struct site *s)
{
    s->phone_count = rng_chance(r, 0.4) ? 2 : rng_chance(r, 0.06) ? 3 : 1;
    for (uint32_t i = 0; i < s->phone_count; i++) {
        if (rng_chance(r, i ? 0.5 : 0.12)) {
            phone_mobile(r, s->phones[i]);
        } else {
            phone_landline(r, s->postcode, s->phones[i]);
        }
    }
}

void site_put_company(struct world *w, struct site *s, uint32_t nic)
{
    s->legal_unit = w->legal_units++;
    make_siren(s->legal_unit, s->siren);
    site_make_siret(s->siren, nic, s->siret);
    memcpy(s->head_siret, s->siret, sizeof s->siret);
}

struct site *site_grow(struct world *w, struct family *f, enum kind kind)
{
    struct site *s = &f->sites[f->count++];
    memset(s, 0, sizeof *s);
    s->kind   = kind;
    s->entity = w->entities++;
    return s;
}

// Another site of the company of `of`: same names, other NIC, other address, often the same phone.
struct site *site_branch(struct world *w, struct rng *r, struct family *f, uint32_t of,
                         enum kind kind, uint32_t nic)
{
    struct site *s      = site_grow(w, f, kind);
    uint32_t     entity = s->entity;
    *s                  = f->sites[of];
    s->kind             = kind;
    s->entity           = entity;
    site_make_siret(s->siren, nic, s->siret);
    site_put_address(r, s);
    if (!rng_chance(r, 0.45)) {
        site_put_phones(r, s);
    }
    return s;
}

void site_put_firm(struct world *w, struct rng *r, struct site *s)
{
    const char *entry = site_draw(r, LIST_TRADES);
    char        trade[40];
    words_part(entry, 0, trade, sizeof trade);
    words_part(entry, 1, s->naf, sizeof s->naf);
    site_put_company(w, s, 1 + (rng_chance(r, 0.15) ? rng_below(r, 4) : 0));
    s->name = firm_name(r, trade);
    s->form = site_draw(r, LIST_FORMS);
    s->sign = phrase_of("");
    if (rng_chance(r, 0.16)) {
        s->sign = phrase_of(site_draw(r, LIST_SIGNS));
        if (rng_chance(r, 0.5)) {
            s->sign = phrase_of(trade);
            phrase_printf(&s->sign, " %s", site_draw(r, LIST_PLACES));
        }
    }
    site_put_place(r, s);
    site_put_phones(r, s);
    site_put_mail(r, s, phrase_empty(&s->sign) || rng_chance(r, 0.4) ? s->name.at : s->sign.at);
}
