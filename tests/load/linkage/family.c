// Families of sites: what belongs together comes in one piece.
#include "site_private.h"

const char *const kind_names[KIND_COUNT] = {
    [KIND_PLAIN] = "plain",   [KIND_EI] = "ei",           [KIND_ASSO] = "asso",
    [KIND_PUBLIC] = "public", [KIND_MULTI] = "multi",     [KIND_MOVED] = "moved",
    [KIND_CHAIN] = "chain",   [KIND_LAPOSTE] = "laposte", [KIND_FRANCHISE] = "franchise",
    [KIND_SISTER] = "sister", [KIND_HOMONYM] = "homonym", [KIND_DOMICILED] = "domiciled",
};

// What a commune has only once: its town hall, one post office, a club of each kind.
enum once { ONCE_HALL, ONCE_POST, ONCE_CLUB };

// A commune that has no such thing yet; after many drawings, one that has.
static const struct place *free_place(struct rng *r, uint32_t what)
{
    const struct place *place = NULL;
    for (int i = 0; i < 60; i++) {
        place = place_draw(r);
        if (place_take(place, what)) {
            break;
        }
    }
    return place;
}

static void move_to(struct rng *r, struct site *s, const struct place *place)
{
    s->place = place;
    place_postcode(place, r, s->postcode);
    site_put_address(r, s);
}

static void sister_of(struct world *w, struct rng *r, struct family *f)
{
    const struct site *firm   = &f->sites[0];
    struct site       *s      = site_grow(w, f, KIND_SISTER);
    struct phrase      last   = firm->name;
    uint32_t           entity = s->entity;
    const char        *space  = strrchr(firm->name.at, ' ');
    if (space) {
        last = phrase_of(space + 1);
    }
    *s        = *firm;
    s->kind   = KIND_SISTER;
    s->entity = entity;
    site_put_company(w, s, 1);
    s->sign = phrase_of("");
    s->name = phrase_of("");
    switch (rng_below(r, 6)) {
    case 0:
        phrase_printf(&s->name, "Holding %s", last.at);
        break;
    case 1:
        phrase_printf(&s->name, "SCI %s", last.at);
        break;
    case 2:
        phrase_printf(&s->name, "Financière %s", last.at);
        break;
    case 3:
        phrase_printf(&s->name, "%s Immobilier", last.at);
        break;
    case 4:
        phrase_printf(&s->name, "Groupe %s", last.at);
        break;
    default:
        phrase_printf(&s->name, "%s Participations", firm->name.at);
    }
    bool owns = strstr(s->name.at, "SCI") || strstr(s->name.at, "Immobilier");
    s->form   = owns ? "SCI;S.C.I.;Société civile immobilière" : site_draw(r, LIST_FORMS);
    memcpy(s->naf, owns ? "6820B" : "6420Z", 6);
    if (!rng_chance(r, 0.55)) {
        site_put_phones(r, s);
    }
    if (!rng_chance(r, 0.5)) {
        site_put_mail(r, s, s->name.at);
    }
}

static void homonym_of(struct world *w, struct rng *r, struct family *f)
{
    struct site  *s    = site_grow(w, f, KIND_HOMONYM);
    struct phrase name = f->sites[0].name;
    site_put_firm(w, r, s);
    s->name = name;
    s->sign = phrase_of("");
    if (rng_chance(r, 0.7)) {
        memcpy(s->naf, f->sites[0].naf, sizeof s->naf);
    }
    if (rng_chance(r, 0.25)) {
        s->place = f->sites[0].place;
        place_postcode(s->place, r, s->postcode);
    }
    site_put_mail(r, s, name.at);
}

static void plain_family(struct world *w, struct rng *r, struct family *f)
{
    struct site *s = site_grow(w, f, KIND_PLAIN);
    site_put_firm(w, r, s);
    if (rng_chance(r, 0.055)) {
        for (uint32_t n = 1 + rng_below(r, 3), nic = 2; n; n--, nic++) {
            struct site *other = site_branch(w, r, f, 0, KIND_MULTI, nic + 5);
            if (!rng_chance(r, 0.3)) {
                site_put_place(r, other);
            }
        }
    }
    if (rng_chance(r, 0.08)) {
        sister_of(w, r, f);
    }
    if (rng_chance(r, 0.045)) {
        site_branch(w, r, f, 0, KIND_MOVED, 15);
    }
    if (rng_chance(r, 0.048)) {
        homonym_of(w, r, f);
    }
}

static void ei_family(struct world *w, struct rng *r, struct family *f)
{
    struct site *s     = site_grow(w, f, KIND_EI);
    const char  *entry = site_draw(r, LIST_TRADES);
    char         trade[40];
    words_part(entry, 0, trade, sizeof trade);
    words_part(entry, 1, s->naf, sizeof s->naf);
    site_put_company(w, s, 1 + rng_below(r, 3));
    person_draw(r, &s->woman, &s->first, &s->last);
    s->form = "Entrepreneur individuel";
    if (rng_chance(r, 0.4)) {
        phrase_printf(&s->sign, "%s %s", trade, s->last.at);
        if (rng_chance(r, 0.3)) {
            s->sign = phrase_of(site_draw(r, LIST_SIGNS));
        }
    }
    site_put_place(r, s);
    site_put_phones(r, s);
    if (rng_chance(r, 0.7)) {
        phone_mobile(r, s->phones[0]);
    }
    struct phrase whole = s->first;
    phrase_printf(&whole, " %s", s->last.at);
    site_put_mail(r, s, whole.at);
    if (!phrase_empty(&s->domain)) {
        s->domain = phrase_of("");
        s->mail   = phrase_slug(whole.at, '.', 40);
        phrase_printf(&s->mail, "@%s", site_draw(r, LIST_FREE_MAIL));
    }
}

static void asso_family(struct world *w, struct rng *r, struct family *f)
{
    struct site *s = site_grow(w, f, KIND_ASSO);
    site_put_company(w, s, 1);
    const struct words *clubs = words_of(LIST_ASSOCIATIONS);
    uint32_t            club  = rng_below(r, clubs->count);
    site_put_place(r, s);
    site_put_phones(r, s);
    memcpy(s->naf, "9499Z", 6);
    s->form = "Association déclarée";
    s->name = phrase_of(clubs->at[club]);
    phrase_printf(&s->name, "%s %s", rng_chance(r, 0.6) ? " de" : "", s->place->name);
    if (!place_take(s->place, ONCE_CLUB + club)) { // the second one has a name of its own
        phrase_printf(&s->name, " %s", site_draw(r, LIST_PLACES));
    }
    site_put_mail(r, s, s->name.at);
}

// A town hall, its welfare centre (a body of its own), its library or school (sites of the town).
static void public_family(struct world *w, struct rng *r, struct family *f)
{
    static const struct {
        enum role   role;
        const char *naf, *box;
        double      odds;
    } bodies[] = {
        { ROLE_HALL, "8411Z", "mairie", 1 },
        { ROLE_CCAS, "8899B", "ccas", 0.45 },
        { ROLE_LIBRARY, "9101Z", "mediatheque", 0.35 },
        { ROLE_SCHOOL, "8520Z", "ecole", 0.2 },
    };
    struct phrase domain = phrase_of("");
    for (uint32_t i = 0, nic = 1; i < LENGTH(bodies); i++) {
        if (!rng_chance(r, bodies[i].odds)) {
            continue;
        }
        bool         own = bodies[i].role == ROLE_HALL || bodies[i].role == ROLE_CCAS;
        struct site *s =
            own ? site_grow(w, f, KIND_PUBLIC) : site_branch(w, r, f, 0, KIND_PUBLIC, ++nic);
        s->role = bodies[i].role;
        if (own) {
            site_put_company(w, s, 1);
            move_to(r, s, i ? f->sites[0].place : free_place(r, ONCE_HALL));
            site_put_phones(r, s);
        }
        if (!i) {
            phrase_printf(&domain, "%s-%s.fr", rng_chance(r, 0.5) ? "mairie" : "ville",
                          phrase_slug(s->place->name, '-', 40).at);
        } else if (rng_chance(r, 0.35)) { // in the same building
            uint32_t entity = s->entity;
            *s              = (struct site){ 0 };
            *s              = f->sites[0];
            s->entity       = entity;
            s->role         = bodies[i].role;
            if (own) {
                site_put_company(w, s, 1);
            } else {
                site_make_siret(s->siren, nic, s->siret);
            }
        }
        s->form   = "Commune et commune nouvelle";
        s->domain = domain;
        s->mail   = phrase_of(bodies[i].box);
        phrase_printf(&s->mail, "@%s", domain.at);
        memcpy(s->naf, bodies[i].naf, 6);
        s->sign = phrase_of(site_draw(r, s->role == ROLE_LIBRARY ? LIST_LIBRARIES : LIST_SCHOOLS));
    }
}

// One company, many sites, one name, one number that answers for all.
static void chain_family(struct world *w, struct rng *r, struct family *f)
{
    double       at    = rng_unit(r);
    uint32_t     count = 5 + (uint32_t)(at * at * at * 60);
    struct site *s     = site_grow(w, f, KIND_CHAIN);
    site_put_company(w, s, 1);
    site_put_place(r, s);
    s->name = phrase_of(site_draw(r, LIST_CHAIN_HEADS));
    if (rng_chance(r, 0.5)) {
        phrase_printf(&s->name, " %s", site_draw(r, LIST_CHAIN_TAILS));
    } else {
        struct phrase word = rng_chance(r, 0.5) ? site_coined(r) : site_surname(r);
        phrase_printf(&s->name, " %s", word.at);
    }
    s->form = "SA;S.A.;Société anonyme";
    words_part(site_draw(r, LIST_TRADES), 1, s->naf, sizeof s->naf);
    struct phrase slug = phrase_slug(s->name.at, '-', 40);
    s->domain          = slug;
    phrase_add(&s->domain, ".fr");
    s->mail = phrase_of("contact@");
    phrase_add(&s->mail, s->domain.at);
    char centre[10];
    snprintf(centre, sizeof centre, "9%08u", rng_below(r, 100000000));
    for (uint32_t i = 0; i < count; i++) {
        struct site *site = i ? site_branch(w, r, f, 0, KIND_CHAIN, i + 1) : s;
        for (uint32_t tries = i ? 20 : 0, k = 0; k < i && tries; k++) { // one in a commune
            if (k == 0) {
                site_put_place(r, site);
            }
            if (f->sites[k].place == site->place) {
                k = UINT32_MAX;
                tries--;
            }
        }
        site_put_phones(r, site);
        site->phone_count = 1 + rng_chance(r, 0.55);
        memcpy(site->phones[site->phone_count - 1], centre, sizeof centre);
    }
}

static void post_family(struct world *w, struct rng *r, struct family *f)
{
    struct site *s = site_grow(w, f, KIND_LAPOSTE);
    if (w->post_legal == UINT32_MAX) {
        w->post_legal = w->legal_units++;
    }
    s->legal_unit = w->post_legal;
    memcpy(s->siren, "356000000", 10);
    memcpy(s->head_siret, "35600000000048", 15);
    site_make_post_siret(w, s->siret);
    memcpy(s->naf, "5310Z", 6);
    s->name = phrase_of("La Poste");
    s->form = "SA;S.A.;Société anonyme";
    move_to(r, s, free_place(r, ONCE_POST));
    s->phone_count = 1;
    memcpy(s->phones[0], "3631", 5);
    if (rng_chance(r, 0.15)) {
        site_put_phones(r, s);
    }
}

// The sign is the same everywhere, the company behind it is not.
static void franchise_family(struct world *w, struct rng *r, struct family *f)
{
    const struct words *heads = words_of(LIST_FRANCHISE_HEADS);
    const struct words *tails = words_of(LIST_FRANCHISE_TAILS);
    uint32_t            signs = 8 + w->expected / 400;
    uint32_t            which = rng_below(r, signs) % (heads->count * tails->count);
    struct site        *s     = site_grow(w, f, KIND_FRANCHISE);
    site_put_firm(w, r, s);
    s->name = site_surname(r);
    switch (rng_below(r, 5)) {
    case 0:
        s->name = site_coined(r);
        break;
    case 1:
        phrase_add(&s->name, " Invest");
        break;
    case 2:
        phrase_add(&s->name, " & Co");
        break;
    case 3:
        phrase_add(&s->name, " Exploitation");
        break;
    default: {
        struct phrase last = s->name;
        s->name            = phrase_of("Société ");
        phrase_add(&s->name, last.at);
    }
    }
    const struct words *trades = words_of(LIST_TRADES);
    words_part(trades->at[which % trades->count], 1, s->naf, sizeof s->naf);
    s->sign = phrase_of(heads->at[which % heads->count]);
    phrase_printf(&s->sign, " %s", tails->at[which / heads->count % tails->count]);
    struct phrase slug = phrase_slug(s->sign.at, '-', 40);
    s->domain          = slug;
    phrase_add(&s->domain, ".fr");
    s->mail = phrase_slug(rng_chance(r, 0.75) ? s->place->name : "contact", '-', 40);
    phrase_printf(&s->mail, "@%s", s->domain.at);
}

// Firms that only share a letter box, and often the phone of those who open it.
static void domiciled_family(struct world *w, struct rng *r, struct family *f)
{
    struct site home  = { 0 };
    uint32_t    count = 10 + rng_below(r, 30);
    site_put_place(r, &home);
    home.number += home.number == 0;
    site_put_phones(r, &home);
    for (uint32_t i = 0; i < count; i++) {
        struct site *s = site_grow(w, f, KIND_DOMICILED);
        site_put_firm(w, r, s);
        s->place = home.place;
        memcpy(s->postcode, home.postcode, sizeof s->postcode);
        s->number        = home.number;
        s->number_suffix = home.number_suffix;
        s->street_kind   = home.street_kind;
        s->street        = home.street;
        s->complement    = home.complement;
        if (rng_chance(r, 0.5)) {
            memcpy(s->phones[0], home.phones[0], sizeof home.phones[0]);
        }
    }
}

// ---- the world

void world_open(struct world *w, uint64_t seed, uint32_t expected)
{
    *w = (struct world){
        .seed = seed, .expected = expected, .post_nic = 100, .post_legal = UINT32_MAX
    };
    w->legal_units = (uint32_t)(seed % 1000) * 60000; // other seed, other numbers
}

void world_next(struct world *w, struct family *ret_family)
{
    static void (*const makers[])(struct world *, struct rng *, struct family *) = {
        plain_family, ei_family,        asso_family,      public_family,
        chain_family, franchise_family, domiciled_family, post_family,
    };
    // Families, not entities: a chain has twenty sites, a domiciliation thirty firms.
    static const double odds[] = { 60, 15.5, 11.2, 6.2, 0.16, 3.8, 0.11, 0.9 };
    struct rng          r      = { w->seed * 0x9e3779b97f4a7c15u + w->families++ };
    rng_next(&r);
    ret_family->count = 0;
    makers[rng_weighted(&r, odds, LENGTH(odds))](w, &r, ret_family);
}
