// What feeds say of salaries, experience, states, days, contracts and places: each case is a whole offer, all its values and all its
// faults.
#include <stdio.h>

#include "base/buf.h"
#include "feed/offer.h"
#include "feed/pages.h"
#include "tap.h"

static struct arena *arena;

enum { GIVEN = 4 };

struct one {
    const char *given[GIVEN][2]; // field, what the feed says
    const char *wanted;          // "field=value" and "!field code", in the order of fields, but for what base_of gives
};

// What stands in each offer unless a case says otherwise.
static const struct {
    enum feed_field field;
    const char     *name, *text, *value;
} base_of[] = { { FEED_REFERENCE, "reference", "R1", "R1" }, { FEED_TITLE, "titre", "Boulanger", "Boulanger" }, { FEED_CONTRACT, "contrat", "CDI", "cdi" } };

static struct str told(const struct feed_offer *o)
{
    struct buf out = buf_init(KIB(16));
    for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
        bool is_base = false;
        for (size_t i = 0; i < LENGTH(base_of); i++) {
            is_base = is_base || (base_of[i].field == field && str_eq(o->values[field], str_of(base_of[i].value)));
        }
        if (o->values[field].len && !is_base) {
            buf_add(&out, out.len ? STR(" ") : STR(""));
            buf_add(&out, feed_field_name(field));
            buf_add_char(&out, '=');
            buf_add(&out, o->values[field]);
        }
    }
    for (size_t i = 0; i < o->fault_count; i++) {
        buf_printf(&out, "%s!%.*s %.*s", out.len ? " " : "", STR_ARG(feed_field_name(o->faults[i].field)), STR_ARG(o->faults[i].code));
    }
    struct str all = arena_str(arena, buf_str(&out));
    buf_done(&out);
    return all;
}

// An offer of one element whose parts are called like our fields, by a layout of which `more` are the other lines.
static struct feed_offer offer_of(const struct one *c, const char *more)
{
    struct feed_node   leaves[GIVEN + LENGTH(base_of)] = { { .line = 1 } }, node = { .line = 1 };
    struct buf         text = buf_init(KIB(16));
    struct feed_layout layout;
    struct feed_fault  fault = { 0 };
    struct feed_offer  o;
    size_t             count = 0;
    buf_printf(&text, "element = \"a\"\n%s\n[champs]\n", more);
    for (size_t i = 0; i < GIVEN && c->given[i][0]; i++) {
        leaves[count++] = (struct feed_node){ .name = str_of(c->given[i][0]), .text = str_of(c->given[i][1]) };
    }
    for (size_t i = 0; i < LENGTH(base_of); i++) {
        bool is_given = false;
        for (size_t k = 0; k < count; k++) {
            is_given = is_given || str_eq(leaves[k].name, str_of(base_of[i].name));
        }
        if (!is_given) {
            leaves[count++] = (struct feed_node){ .name = str_of(base_of[i].name), .text = str_of(base_of[i].text) };
        }
    }
    for (size_t i = 0; i < count; i++) {
        leaves[i].next = i + 1 < count ? &leaves[i + 1] : NULL;
        buf_printf(&text, "%.*s = \"%.*s\"\n", STR_ARG(leaves[i].name), STR_ARG(leaves[i].name));
    }
    node.first = &leaves[0], node.last = &leaves[count - 1];
    CHECK(feed_layout_read(arena, arena_str(arena, buf_str(&text)), &layout, &fault));
    buf_done(&text);
    feed_offer_read(arena, &layout, &(struct feed_item){ .element = &node }, &o);
    return o;
}

static void check_all(const struct one *cases, size_t count, const char *more)
{
    for (size_t i = 0; i < count; i++) {
        struct feed_offer o   = offer_of(&cases[i], more);
        struct str        got = told(&o);
        if (!str_eq(got, str_of(cases[i].wanted))) {
            printf("# %s \"%s\"\n", cases[i].given[0][0], cases[i].given[0][1]);
        }
        CHECK_STR(got, cases[i].wanted);
    }
}

static void test_salaries(void)
{
    static const struct one cases[] = {
        { { { "salaire", "Annuel de 25000 Euros à 30000 Euros sur 12 mois" } },
          "salaire=Annuel de 25000 Euros à 30000 Euros sur 12 mois salaire_min=25000.00 salaire_max=30000.00 salaire_periode=year salaire_mois=12.0" },
        { { { "salaire", "Mensuel de 1801.84 Euros sur 12.5 mois" } }, "salaire=Mensuel de 1801.84 Euros sur 12.5 mois salaire_min=1801.84 salaire_periode=month salaire_mois=12.5" },
        { { { "salaire", "Horaire de 11.88 Euros sur 12 mois" } }, "salaire=Horaire de 11.88 Euros sur 12 mois salaire_min=11.88 salaire_periode=hour salaire_mois=12.0" },
        { { { "salaire", "28-32 K€ sur 12 mois" } }, "salaire=28-32 K€ sur 12 mois salaire_min=28000.00 salaire_max=32000.00 salaire_periode=year salaire_mois=12.0" },
        { { { "salaire", "35 000 € annuel + 13e mois" } }, "salaire=35 000 € annuel + 13e mois salaire_min=35000.00 salaire_periode=year" },
        { { { "salaire", "13ème mois, 2 100 € brut mensuel" } }, "salaire=13ème mois, 2 100 € brut mensuel salaire_min=2100.00 salaire_periode=month" },
        { { { "salaire", "26 000 € sur 13 mois" } }, "salaire=26 000 € sur 13 mois salaire_min=26000.00 salaire_periode=year salaire_mois=13.0" },
        { { { "salaire", "2 000 € x 13 mois" } }, "salaire=2 000 € x 13 mois salaire_min=2000.00 salaire_periode=month salaire_mois=13.0" },
        { { { "salaire", "CDD 6 mois : 1 900 €/mois" } }, "salaire=CDD 6 mois : 1 900 €/mois salaire_min=1900.00 salaire_periode=month" },
        { { { "salaire", "12,31 € / h soit 1 867 € par mois" } }, "salaire=12,31 € / h soit 1 867 € par mois salaire_min=12.31 salaire_periode=hour" },
        { { { "salaire", "1 867 € par mois (12,31 €/h)" } }, "salaire=1 867 € par mois (12,31 €/h) salaire_min=1867.00 salaire_periode=month" },
        { { { "salaire", "Salaire mensuel : 1 900 € (22 800 € annuel)" } }, "salaire=Salaire mensuel : 1 900 € (22 800 € annuel) salaire_min=1900.00 salaire_periode=month" },
        { { { "salaire", "1 900 € brut" }, { "salaire_mois", "13" } }, "salaire=1 900 € brut salaire_mois=13.0" },
        // By the day, the week: nothing of ours says it.
        { { { "salaire_min", "150" }, { "salaire_periode", "DAY" } }, "salaire=150\u00a0€ par jour" },
        { { { "salaire_min", "150" }, { "salaire_max", "1200.5" }, { "salaire_periode", "Jour" } }, "salaire=150 à 1\u202f200,50\u00a0€ par jour" },
        { { { "salaire_min", "450" }, { "salaire_periode", "WEEK" } }, "salaire=450\u00a0€ par semaine" },
        { { { "salaire", "150" }, { "salaire_periode", "DAY" } }, "salaire=150\u00a0€ par jour" },
        { { { "salaire", "150 €" }, { "salaire_periode", "DAY" } }, "salaire=150 € par jour" },
        { { { "salaire", "Selon profil" }, { "salaire_min", "150" }, { "salaire_periode", "DAY" } }, "salaire=Selon profil, 150\u00a0€ par jour" },
        { { { "salaire", "TJM 450 €" } }, "salaire=TJM 450 €" },
        { { { "salaire", "150 €/jour" } }, "salaire=150 €/jour" },
        { { { "salaire_min", "300" }, { "salaire_periode", "C" } }, "salaire_min=300.00 salaire_periode=mission" },
        { { { "salaire_min", "300" }, { "salaire_periode", "par cachet" } }, "salaire_min=300.00 salaire_periode=mission" },
        { { { "salaire_min", "300" }, { "salaire_periode", "Forfait" } }, "salaire=300\u00a0€ (Forfait) !salaire_periode format" },
        { { { "salaire_periode", "DAY" } }, "" },
        // By its size, when nothing says it.
        { { { "salaire_min", "12,31" } }, "salaire_min=12.31 salaire_periode=hour" },
        { { { "salaire_min", "1900" } }, "salaire_min=1900.00 salaire_periode=month" },
        { { { "salaire_min", "25000" } }, "salaire_min=25000.00 salaire_periode=year" },
        { { { "salaire_min", "150" } }, "salaire=150\u00a0€" },
        { { { "salaire_min", "2300" }, { "salaire_max", "2100" }, { "salaire_periode", "MONTH" } }, "salaire_min=2100.00 salaire_max=2300.00 salaire_periode=month" },
        { { { "salaire", "De 1 850 à 2 000 €" }, { "salaire_periode", "MONTH" } }, "salaire=De 1 850 à 2 000 € salaire_min=1850.00 salaire_max=2000.00 salaire_periode=month" },
    };
    static const struct one asides[] = {
        // The time of a prime and that of the hours are not the one of the salary.
        { { { "salaire", "2 100 € brut + prime annuelle" } }, "salaire=2 100 € brut + prime annuelle salaire_min=2100.00 salaire_periode=month" },
        { { { "salaire", "30 K€ + prime mensuelle" } }, "salaire=30 K€ + prime mensuelle salaire_min=30000.00 salaire_periode=year" },
        { { { "salaire", "12,50 € brut, 35 h/semaine" } }, "salaire=12,50 € brut, 35 h/semaine salaire_min=12.50 salaire_periode=hour" },
        { { { "salaire", "35 heures par semaine, 1 900 € brut" } }, "salaire=35 heures par semaine, 1 900 € brut salaire_min=1900.00 salaire_periode=month" },
        { { { "salaire", "Prime annuelle, 2 100 € brut par mois" } }, "salaire=Prime annuelle, 2 100 € brut par mois salaire_min=2100.00 salaire_periode=month" },
        { { { "salaire", "Fixe + variable 30 K€ annuel" } }, "salaire=Fixe + variable 30 K€ annuel salaire_min=30000.00 salaire_periode=year" },
        { { { "salaire", "1\u2009900 € par mois" } }, "salaire=1\u2009900 € par mois salaire_min=1900.00 salaire_periode=month" },
        // What names no time says nothing of it.
        { { { "salaire_min", "1900" }, { "salaire_periode", "Brut" } }, "salaire_min=1900.00 salaire_periode=month" },
        { { { "salaire_min", "25000" }, { "salaire_periode", "Net" } }, "salaire_min=25000.00 salaire_periode=year" },
        { { { "salaire_min", "12,31" }, { "salaire_periode", "EUR" } }, "salaire_min=12.31 salaire_periode=hour" },
        { { { "salaire_min", "1900" }, { "salaire_periode", "€" } }, "salaire_min=1900.00 salaire_periode=month" },
        { { { "salaire_min", "1900" }, { "salaire_periode", "Euros bruts" } }, "salaire_min=1900.00 salaire_periode=month" },
        { { { "salaire_min", "1900" }, { "salaire_periode", "12 mois" } }, "salaire_min=1900.00 salaire_periode=month" },
        { { { "salaire_min", "1000000" }, { "salaire_periode", "WEEK" } }, "salaire=1\u202f000\u202f000\u00a0€ par semaine" },
    };
    check_all(cases, LENGTH(cases), "");
    check_all(asides, LENGTH(asides), "");
}

static void test_experience(void)
{
    static const struct one cases[] = {
        { { { "experience", "Tous niveaux d'expérience acceptés" } }, "experience=none" },
        { { { "experience", "Expérience non exigée" } }, "experience=none" },
        { { { "experience", "Expérience non requise" } }, "experience=none" },
        { { { "experience", "L’expérience n’est pas exigée" } }, "experience=none" },
        { { { "experience", "Aucune expérience exigée" } }, "experience=none" },
        { { { "experience", "Débutant accepté" } }, "experience=none" },
        { { { "experience", "Moins d’un an" } }, "experience=none" },
        { { { "experience", "Moins d’1 an" } }, "experience=none" },
        { { { "experience", "Inf_1" } }, "experience=none" },
        { { { "experience", "0 à 2 ans" } }, "experience=none" },
        { { { "experience", "Sup_7" } }, "experience=required" },
        { { { "experience", "1_7" } }, "experience=required" },
        { { { "experience", "3" } }, "experience=required" },
        { { { "experience", "Minimum 3 ans" } }, "experience=required experience_mois=36" },
        { { { "experience", "2 An(s) - Dans un poste similaire" } }, "experience=required experience_mois=24" },
        { { { "experience", "Expérience de 18 mois souhaitée" } }, "experience=wished experience_mois=18" },
        { { { "experience", "Expérience exigée" } }, "experience=required" },
        { { { "experience", "E" }, { "experience_mois", "6" } }, "experience=required experience_mois=6" },
        { { { "experience_mois", "2 ans" } }, "experience=required experience_mois=24" },
        { { { "experience_mois", "0" } }, "experience=none" },
        { { { "experience_mois", "9223372036854775807 ans" } }, "!experience_mois format" },
    };
    check_all(cases, LENGTH(cases), "");
    // The layout says the unit.
    struct feed_node   leaf = { .name = STR("x"), .text = STR("Sup_7") }, node = { .first = &leaf, .last = &leaf };
    struct feed_layout layout;
    struct feed_fault  fault;
    struct feed_offer  o;
    CHECK(feed_layout_read(arena, STR("element = \"a\"\n[champs]\nreference = \"'R1'\"\ntitre = \"'Boulanger'\"\ncontrat = \"'CDI'\"\nexperience_mois = \"x/'_'[2] + 'ans'\"\n"), &layout, &fault));
    feed_offer_read(arena, &layout, &(struct feed_item){ .element = &node }, &o);
    CHECK_STR(told(&o), "experience=required experience_mois=84");
}

// What is turned round, in every gender and number; what is not known is told, and closes nothing.
static void test_states(void)
{
    static const char *const open[] = { "Non pourvue", "Poste non pourvu", "Pas encore pourvue", "Postes non pourvus", "Ouverte", "PUBLISHED", "publish", "En ligne", "Active", "Actif", "true", "1", "OUV",
                                        "Unfilled", "Not filled", "À pourvoir", "Recrutement en cours", "Publiée, non pourvue", "update", "Non expirée", "live", "Validée" };
    static const char *const closed[] = { "Pourvue", "Postes pourvus", "Clôturé", "Clôturée", "Clôturés", "Clos", "Close", "Closes", "Supprimé", "Supprimées", "Désactivé", "Désactivée", "Disabled", "Ended",
                                          "trash", "Non publiée", "Pas active", "Not published", "No longer available", "N’est plus en ligne", "Hors ligne", "Offre expirée", "Expirés", "0", "non", "FER",
                                          "Inactives", "Archivé", "En attente de validation", "pending", "Brouillon", "on hold", "Publication terminée", "DELETE", "Clôturée le 12/06/2026" };
    static const char *const unknown[] = { "Cadre du secteur privé", "3", "X", "Expire le 30/09/2026", "Publiée puis clôturée", "à revoir",
                                           // What will be over is not.
                                           "Clôture le 30/09/2026", "Clôture des candidatures : 30/09", "Clôture : 30/09/2026", "Expires 30/09/2026", "Expires in 5 days", "Expire bientôt",
                                           "Expire demain", "Expire dans 3 jours" };
    for (size_t i = 0; i < LENGTH(open); i++) {
        struct feed_offer o = offer_of(&(struct one){ .given = { { "etat", open[i] } } }, "");
        if (!str_eq(told(&o), STR("etat=open"))) {
            printf("# %s\n", open[i]);
        }
        CHECK_STR(told(&o), "etat=open");
    }
    for (size_t i = 0; i < LENGTH(closed); i++) {
        struct feed_offer o = offer_of(&(struct one){ .given = { { "etat", closed[i] } } }, "");
        if (!str_eq(told(&o), STR("etat=closed"))) {
            printf("# %s\n", closed[i]);
        }
        CHECK_STR(told(&o), "etat=closed");
    }
    for (size_t i = 0; i < LENGTH(unknown); i++) {
        struct feed_offer o = offer_of(&(struct one){ .given = { { "etat", unknown[i] } } }, "");
        CHECK_STR(told(&o), "!etat format");
        CHECK(o.is_usable);
    }
}

static void test_days(void)
{
    static const struct one cases[] = {
        { { { "debut", "mardi 1 septembre 2026" } }, "debut=2026-09-01" },
        { { { "debut", "mar. 1 sept. 2026" } }, "debut=2026-09-01" },
        { { { "debut", "mar. 3 mars 2026" } }, "debut=2026-03-03" },
        { { { "debut", "1 mar 2026" } }, "debut=2026-03-01" },
        { { { "debut", "Tue 3 Mar 26" } }, "debut=2026-03-03" },
        { { { "debut", "1er janv. 2027" } }, "debut=2027-01-01" },
        { { { "debut", "Sep 1, 2026" } }, "debut=2026-09-01" },
        { { { "debut", "01-SEP-2026" } }, "debut=2026-09-01" },
        { { { "debut", "01/09/26" } }, "debut=2026-09-01" },
        // An instant is the day that it is in Paris, summer and winter.
        { { { "debut", "2026-08-31T22:00:00Z" } }, "debut=2026-09-01" },
        { { { "debut", "2026-08-31T21:59:59.999Z" } }, "debut=2026-08-31" },
        { { { "debut", "2026-12-31T23:00:00.000+00:00" } }, "debut=2027-01-01" },
        { { { "debut", "2026-12-31T22:59Z" } }, "debut=2026-12-31" },
        { { { "debut", "2026-08-31 22:00:00 UTC" } }, "debut=2026-09-01" },
        { { { "debut", "20260831T220000Z" } }, "debut=2026-09-01" },
        { { { "debut", "Mon, 31 Aug 2026 22:00:00 +0000" } }, "debut=2026-09-01" },
        { { { "debut", "Mon, 31 Aug 2026 22:00:00 GMT" } }, "debut=2026-09-01" },
        { { { "debut", "2026-08-31T19:00:00-05:00" } }, "debut=2026-09-01" },
        { { { "debut", "2026-09-01T00:00:00+0200" } }, "debut=2026-09-01" },
        { { { "debut", "2026-08-31T22:00:00" } }, "debut=2026-08-31" },
        { { { "debut", "01/09/2026 00:00:00" } }, "debut=2026-09-01" },
        { { { "debut", "1788213600" } }, "debut=2026-09-01" },
        { { { "debut", "1788213599" } }, "debut=2026-08-31" },
        { { { "debut", "1788213600000" } }, "debut=2026-09-01" },
        { { { "debut", "/Date(1788213600000+0200)/" } }, "debut=2026-09-01" },
        { { { "debut", "1774746000" } }, "debut=2026-03-29" }, // the hour that summer begins
        // A month alone is its first day.
        { { { "debut", "septembre 2026" } }, "debut=2026-09-01" },
        { { { "debut", "Début septembre 2026" } }, "debut=2026-09-01" },
        { { { "debut", "mi-septembre 2026" } }, "debut=2026-09-15" },
        { { { "debut", "S50 2026" } }, "debut=2026-12-07" },
        { { { "debut", "Semaine 9/2026" } }, "debut=2026-02-23" },
        { { { "debut", "sem. 01 - 2027" } }, "debut=2027-01-04" },
        { { { "debut", "2026-W53" } }, "debut=2026-12-28" },
        { { { "debut", "2026-W50-3" } }, "debut=2026-12-09" },
        { { { "debut", "S50 2026 au S02 2027" } }, "debut=2026-12-07" },
        { { { "debut", "35h par semaine, 01/09/2026" } }, "debut=2026-09-01" },
        { { { "debut", "fin février 2028" } }, "debut=2028-02-29" },
        { { { "debut", "09/2026" } }, "debut=2026-09-01" },
        { { { "debut", "2026-09" } }, "debut=2026-09-01" },
        // As soon as possible is no day, and no fault.
        { { { "debut", "Dès que possible" } }, "" },
        { { { "debut", "Poste à pourvoir immédiatement" } }, "" },
        { { { "debut", "ASAP" } }, "" },
        { { { "debut", "À définir" } }, "" },
        { { { "debut", "13/2026" } }, "!debut format" },
        { { { "debut", "mardi" } }, "!debut format" },
        { { { "debut", "31/02/2026" } }, "!debut format" },
        { { { "debut", "9999999999" } }, "!debut format" },
        { { { "debut", "20/09/2026" } }, "debut=2026-09-20" },
        { { { "debut", "09/20/2026" } }, "debut=2026-09-20" },
        // From one day to another: the first of them, by the year that is said.
        { { { "debut", "Du 1er septembre au 31 décembre 2026" } }, "debut=2026-09-01" },
        { { { "debut", "du 15 au 30 septembre 2026" } }, "debut=2026-09-15" },
        { { { "debut", "lundi 7 au vendredi 11 septembre 2026" } }, "debut=2026-09-07" },
        { { { "debut", "du 01/09 au 31/12/2026" } }, "debut=2026-09-01" },
        { { { "debut", "01/09/26 au 31/12/26" } }, "debut=2026-09-01" },
        { { { "debut", "du 15 décembre 2026 au 15 janvier 2027" } }, "debut=2026-12-15" },
        { { { "debut", "du 15 décembre au 15 janvier 2027" } }, "debut=2026-12-15" },
        { { { "debut", "du 15/12 au 15/01/2027" } }, "debut=2026-12-15" },
        { { { "debut", "du 01/09 au 31/12" } }, "!debut format" },
        { { { "debut", "5 au 30/09/2026" } }, "!debut format" },
        { { { "debut", "septembre à décembre 2026" } }, "debut=2026-09-01" },
        { { { "debut", "entre juin et août 2026" } }, "debut=2026-06-01" },
        { { { "debut", "septembre/octobre 2026" } }, "debut=2026-09-01" },
        { { { "debut", "CDD 6 mois dès le 1er septembre 2026" } }, "debut=2026-09-01" },
        // An hour is no year, and a day without its year is none.
        { { { "debut", "1er septembre à 14h" } }, "!debut format" },
        { { { "debut", "dès le 15 septembre, 35h" } }, "!debut format" },
        { { { "fin", "Date limite : 30 septembre 18h" } }, "!fin format" },
        { { { "fin", "30 septembre à 12:00" } }, "!fin format" },
        { { { "fin", "30 septembre 18 h 30" } }, "!fin format" },
        { { { "fin", "30 septembre 2026 à 18h" } }, "fin=2026-09-30" },
        { { { "fin", "Date limite : 30 septembre 2026, 18 heures" } }, "fin=2026-09-30" },
        { { { "debut", "1-sept-26" } }, "debut=2026-09-01" },
        { { { "debut", "1-sept-26 14:00" } }, "debut=2026-09-01" },
        { { { "debut", "1 septembre 26 postes" } }, "!debut format" },
    };
    static const struct one american[] = {
        { { { "debut", "09/01/2026" } }, "debut=2026-09-01" },
        { { { "debut", "9/1/26 12:00:00 AM" } }, "debut=2026-09-01" },
        { { { "debut", "20/09/2026" } }, "!debut format" },
        { { { "debut", "2026-09-01" } }, "debut=2026-09-01" },
    };
    static const struct one french[] = { { { { "debut", "09/20/2026" } }, "!debut format" }, { { { "debut", "09/01/2026" } }, "debut=2026-01-09" } };
    check_all(cases, LENGTH(cases), "");
    check_all(american, LENGTH(american), "format_date = \"mm/jj/aaaa\"");
    check_all(french, LENGTH(french), "format_date = \"JJ/MM/AAAA\"");
}

// What tells the working time tells no contract; some codes are no employment.
static void test_contracts(void)
{
    static const struct one cases[] = {
        { { { "contrat", "FULL_TIME" }, { "titre", "Vendeur CDD 6 mois" } }, "titre=Vendeur CDD 6 mois contrat=cdd temps=full duree=6 month" },
        { { { "contrat", "" }, { "titre", "Aide-soignante de jour - CDD - 2 postes" } }, "titre=Aide-soignante de jour - CDD - 2 postes contrat=cdd" },
        { { { "contrat", "" }, { "titre", "Aide-soignant de jour CDD 80 %" } }, "titre=Aide-soignant de jour CDD 80 % contrat=cdd" },
        { { { "contrat", "" }, { "titre", "Apprenti boulanger 1ère année" } }, "titre=Apprenti boulanger 1ère année contrat=apprenticeship" },
        { { { "contrat", "" }, { "titre", "Stage 2e année" } }, "titre=Stage 2e année contrat=internship" },
        { { { "contrat", "" }, { "titre", "Technicien 5 ans d’expérience - CDD" } }, "titre=Technicien 5 ans d’expérience - CDD contrat=cdd" },
        { { { "contrat", "" }, { "titre", "Vendeur CDD 6 mois" } }, "titre=Vendeur CDD 6 mois contrat=cdd duree=6 month" },
        { { { "contrat", "" }, { "titre", "Stage de 3 à 6 mois" } }, "titre=Stage de 3 à 6 mois contrat=internship duree=3 month" },
        { { { "contrat", "" }, { "titre", "Vendeur CDD (1 an)" } }, "titre=Vendeur CDD (1 an) contrat=cdd duree=12 month" },
        { { { "contrat", "" }, { "titre", "Vendeur CDD 35h 6 mois" } }, "titre=Vendeur CDD 35h 6 mois contrat=cdd duree=6 month" },
        { { { "contrat", "CDD 6 mois - 0,5 ETP" } }, "contrat=cdd temps=part duree=6 month" },
        { { { "contrat", "CDD 35h 6 mois" } }, "contrat=cdd duree=6 month" },
        { { { "contrat", "1 CDD 6 mois" } }, "contrat=cdd duree=6 month" },
        { { { "contrat", "FULL_TIME" } }, "temps=full !contrat required" },
        { { { "contrat", "PART_TIME" } }, "temps=part !contrat required" },
        { { { "contrat", "Temps plein" }, { "titre", "Serveur en CDI" } }, "titre=Serveur en CDI temps=full" },
        { { { "contrat", "CDI temps plein" } }, "temps=full" },
        { { { "contrat", "TTI" } }, "contrat=interim" },
        { { { "contrat", "DDT" } }, "contrat=cdd" },
        { { { "contrat", "LIB" } }, "!contrat unknown" },
        { { { "contrat", "FRA" } }, "!contrat unknown" },
        { { { "contrat", "CCE" } }, "!contrat unknown" },
        { { { "contrat", "REP" } }, "!contrat unknown" },
        { { { "contrat", "Indépendant / Freelance" }, { "titre", "Développeur, CDI possible" } }, "titre=Développeur, CDI possible !contrat unknown" },
        { { { "contrat", "7" } }, "!contrat unknown" },
    };
    check_all(cases, LENGTH(cases), "");
}

static void test_time(void)
{
    static const struct one cases[] = {
        { { { "heures", "1 ETP" } }, "temps=full" },
        { { { "heures", "0,8 ETP" } }, "temps=part" },
        { { { "heures", "80 %" } }, "temps=part" },
        { { { "heures", "2 jours par semaine" } }, "!heures format" },
        { { { "heures", "35h30" } }, "heures=35.5" },
        { { { "temps", "0,5 ETP" } }, "temps=part" },
        { { { "duree", "3 mois, 35 h/semaine" } }, "duree=3 month" },
        { { { "duree", "35 h par semaine, 3 mois" } }, "duree=3 month" },
        { { { "duree", "35 h/semaine" } }, "!duree format" },
        { { { "duree", "6 à 8 mois" } }, "duree=6 month" },
        { { { "duree", "6mois" } }, "duree=6 month" },
        { { { "duree", "6-12 mois" } }, "duree=6 month" },
        { { { "duree", "3-6 mois" } }, "duree=3 month" },
        { { { "duree", "3/6 mois" } }, "duree=3 month" },
        { { { "duree", "35 h, 6 mois" } }, "duree=6 month" },
        { { { "duree", "du 01/09/2026, 6 mois" } }, "duree=6 month" },
        { { { "duree", "1 an, période d’essai 2 mois" } }, "duree=12 month" },
        { { { "heures", "17,5 h (0,5 ETP)" } }, "heures=17.5 temps=part" },
        { { { "temps", "17,5 h (0,5 ETP)" } }, "heures=17.5 temps=part" },
        { { { "temps", "Temps partiel 28 h, 0,8 ETP" } }, "heures=28.0 temps=part" },
        { { { "heures", "35h (100 %)" } }, "heures=35.0 temps=full" },
        { { { "heures", "35 h - 1 ETP" } }, "heures=35.0 temps=full" },
        { { { "heures", "28h (80 %)" } }, "heures=28.0 temps=part" },
        { { { "temps", "Temps plein (35h/semaine, 100 %)" } }, "heures=35.0 temps=full" },
        { { { "heures", "0,4 ETP (40 %)" } }, "temps=part" },
        { { { "duree", "1 an et 6 mois" } }, "duree=18 month" },
        { { { "duree", "Contrat de 12 semaines renouvelable" } }, "duree=12 week" },
        { { { "duree", "90 jours" } }, "duree=90 day" },
        { { { "duree", "Durée en mois : 6" } }, "duree=6 month" },
        { { { "duree", "30 ans" } }, "!duree format" },
        { { { "deplacements", "Pas de déplacement" } }, "deplacements=1" },
        { { { "deplacements", "Aucun déplacement" } }, "deplacements=1" },
        { { { "deplacements", "Déplacements fréquents, sans découcher" } }, "deplacements=3" },
        { { { "deplacements", "Ponctuels, non obligatoires" } }, "deplacements=2" },
        { { { "deplacements", "Quotidiens (non véhiculés s’abstenir)" } }, "deplacements=4" },
        { { { "deplacements", "Pas de déplacements fréquents" } }, "deplacements=1" },
        { { { "deplacements", "Nationale" } }, "" }, // how far, not how often
        { { { "deplacements", "Souvent" } }, "!deplacements format" },
    };
    check_all(cases, LENGTH(cases), "");
}

static void test_places(void)
{
    static const struct one cases[] = {
        { { { "ville", "Vichy 03" } }, "ville=Vichy" },
        { { { "ville", "AJACCIO 2A" } }, "ville=AJACCIO" },
        { { { "ville", "Saint-Denis 974" } }, "ville=Saint-Denis" },
        { { { "ville", "Moulins, Allier, France" } }, "ville=Moulins" },
        { { { "ville", "Vienne, Isère" } }, "ville=Vienne" },
        { { { "ville", "Allier - Auvergne-Rhône-Alpes, Moulins" } }, "ville=Allier - Auvergne-Rhône-Alpes !ville several" },
        { { { "ville", "Lyon (Rhône / Métropole)" } }, "ville=Lyon" },
        { { { "ville", "Lyon, 3e arrondissement" } }, "ville=Lyon" },
        { { { "ville", "Paris / Île-de-France" } }, "ville=Paris" },
        { { { "ville", "03 / Moulins" } }, "ville=Moulins" },
        { { { "ville", "Moulins et environs" } }, "ville=Moulins" },
        { { { "ville", "Thue et Mue" } }, "ville=Thue et Mue" },
        { { { "ville", "St Pourçain s/ Sioule" } }, "ville=St Pourçain s/ Sioule" },
        { { { "ville", "Fontenay s/Bois" } }, "ville=Fontenay s/Bois" },
        { { { "ville", "Vernou s/s Bois" } }, "ville=Vernou s/s Bois" },
        { { { "ville", "Vichys/Cusset" } }, "ville=Vichys !ville several" },
        { { { "ville", "Moulins, Centre-ville" } }, "ville=Moulins" },
        { { { "ville", "Lyon, Part-Dieu" } }, "ville=Lyon" },
        { { { "ville", "Villeneuve-la-Garenne, 12 rue X, 92390" } }, "code_postal=92390 ville=Villeneuve-la-Garenne" },
        { { { "ville", "Bourg et Comin" } }, "ville=Bourg et Comin" },
        { { { "ville", "Arc et Senans (25)" } }, "ville=Arc et Senans" },
        { { { "ville", "Bourg et Comines" } }, "ville=Bourg !ville several" },
        { { { "ville", "BOURG ET COMIN" } }, "ville=BOURG ET COMIN" },
        { { { "ville", "12 rue du Port, 03100 Montluçon" } }, "code_postal=03100 ville=Montluçon" },
        { { { "ville", "Moulins, Vichy" } }, "ville=Moulins !ville several" },
        { { { "ville", "Vichy / Cusset" } }, "ville=Vichy !ville several" },
        { { { "ville", "Moulins et Vichy" } }, "ville=Moulins !ville several" },
        { { { "ville", "Vichy;Cusset;Moulins" } }, "ville=Vichy !ville several" },
        { { { "ville", "Moulins\nVichy" } }, "ville=Moulins !ville several" },
        { { { "ville", "Moulins (03), Vichy (03)" } }, "ville=Moulins !ville several" },
    };
    check_all(cases, LENGTH(cases), "");
}

// One cell, several towns, each an offer; postcodes follow where there are as many.
static void test_split(void)
{
    static const char text[] = "element = \"ligne\"\nchaque = \"ville\"\nseparateur = \"',' | '/' | ' et '\"\n[champs]\nreference = \"ref\"\ntitre = \"titre\"\n"
                               "contrat = \"'CDI'\"\nville = \"ville\"\ncode_postal = \"cp\"\n";
    static const char csv[]  = "ref;titre;ville;cp\n1;Boulanger;Moulins, Vichy et Cusset;03000, 03200, 03300\n2;Boulanger;Vichy/Cusset;03200\n2b;Boulanger;Vichy;03200, 03300\n3;Boulanger;Gannat;03800\n4;Boulanger;;\n5;Boulanger; , ;\n";
    static const char *const wanted[] = { "reference=1 code_postal=03000 ville=Moulins", "reference=1-2 code_postal=03200 ville=Vichy", "reference=1-3 code_postal=03300 ville=Cusset", "reference=2 ville=Vichy",
                                          "reference=2-2 ville=Cusset", "reference=2b ville=Vichy", "reference=3 code_postal=03800 ville=Gannat", "reference=4", "reference=5" };
    struct feed_layout layout;
    struct feed_fault  fault = { 0 };
    struct feed_item  *items;
    struct feed_offer  o;
    CHECK(feed_layout_read(arena, str_of(text), &layout, &fault));
    CHECK(str_find(feed_layout_write(arena, &layout), STR("separateur = \"',' | '/' | ' et '\"\n")) < feed_layout_write(arena, &layout).len);
    struct feed_node *root = feed_layout_open(arena, &layout, str_of(csv), &fault);
    size_t count = root ? feed_items(arena, &layout, root, &items) : 0;
    CHECK(count == LENGTH(wanted));
    for (size_t i = 0; i < count && i < LENGTH(wanted); i++) {
        feed_offer_read(arena, &layout, &items[i], &o);
        CHECK_STR(told(&o), wanted[i]);
    }
}

// A cell makes so many offers and no more; the last one tells it.
static void test_split_limit(void)
{
    struct feed_layout layout;
    struct feed_fault  fault = { 0 };
    struct feed_item  *items;
    struct feed_offer  o;
    for (int towns = FEED_PIECES; towns <= FEED_PIECES + 6; towns += 6) {
        struct buf csv = buf_init(KIB(64));
        buf_add(&csv, STR("ref;ville\n1;"));
        for (int i = 0; i < towns; i++) {
            buf_printf(&csv, "%sVichy", i ? "," : "");
        }
        CHECK(feed_layout_read(arena, STR("element = \"ligne\"\nchaque = \"ville\"\nseparateur = \"','\"\n[champs]\nreference = \"ref\"\ntitre = \"'Boulanger'\"\ncontrat = \"'CDI'\"\nville = \"ville\"\n"), &layout, &fault));
        struct feed_node *root = feed_layout_open(arena, &layout, arena_str(arena, buf_str(&csv)), &fault);
        buf_done(&csv);
        CHECK(root && feed_items(arena, &layout, root, &items) == FEED_PIECES);
        feed_offer_read(arena, &layout, &items[FEED_PIECES - 2], &o);
        CHECK_STR(told(&o), "reference=1-63 ville=Vichy");
        feed_offer_read(arena, &layout, &items[FEED_PIECES - 1], &o);
        CHECK_STR(told(&o), towns > FEED_PIECES ? "reference=1-64 ville=Vichy !ville several" : "reference=1-64 ville=Vichy");
    }
}

// Pages are one file, and one tree; where the next is each says itself.
static void test_pages(void)
{
    static const char text[] = "element = \"d/o\"\nsuite = \"l/next | 'p=' ++ page/suivante\"\n[champs]\nreference = \"id\"\ntitre = \"t\"\ncontrat = \"'CDI'\"\nentreprise = \"../../nom\"\n";
    const struct str pages[] = { STR("{\"nom\":\"Un\",\"d\":{\"o\":[{\"id\":1,\"t\":\"Boulanger\"},{\"id\":2,\"t\":\"Boulanger\"}]},\"l\":{\"next\":\"/o?p=2\"}}"),
                                 STR("{\"nom\":\"Deux\",\"d\":{\"o\":[{\"id\":3,\"t\":\"Boulanger\"}]},\"l\":{\"next\":null},\"page\":{\"suivante\":3}}"), STR("{\"d\":{\"o\":[]}}") };
    static const char *const next[] = { "/o?p=2", "p=3", "" }, *const wanted[] = { "reference=1 entreprise=Un", "reference=2 entreprise=Un", "reference=3 entreprise=Deux" };
    static const size_t sizes[] = { 11, 9, 2 };
    struct feed_layout layout;
    struct feed_fault  fault = { 0 };
    struct feed_item  *items;
    struct feed_offer  o;
    struct str         page, whole = feed_pages_join(arena, pages, LENGTH(pages)), rest = whole;
    CHECK(feed_layout_read(arena, str_of(text), &layout, &fault));
    CHECK(str_find(feed_layout_write(arena, &layout), STR("suite = \"l/next | 'p=' ++ page/suivante\"\n")) < feed_layout_write(arena, &layout).len);
    CHECK(feed_is_pages(whole) && !feed_is_pages(pages[0]) && feed_pages_join(arena, pages, 1).at == pages[0].at);
    for (size_t i = 0; i < LENGTH(pages); i++) {
        size_t     nodes = 0;
        struct str got   = feed_page_next(arena, &layout, pages[i], &nodes);
        if (nodes != sizes[i]) {
            printf("# page %zu has %zu nodes\n", i + 1, nodes);
        }
        CHECK(nodes == sizes[i]);
        CHECK(feed_page_cut(&rest, &page) && str_eq(page, pages[i]));
        CHECK_STR(got.at ? got : STR(""), next[i]);
    }
    CHECK(!feed_page_cut(&rest, &page) && rest.len == 0);
    CHECK(feed_format_of(whole) == FEED_JSON);
    struct feed_node *root  = feed_layout_open(arena, &layout, whole, &fault);
    size_t            count = root ? feed_items(arena, &layout, root, &items) : 0;
    CHECK(count == LENGTH(wanted));
    for (size_t i = 0; i < count && i < LENGTH(wanted); i++) {
        feed_offer_read(arena, &layout, &items[i], &o);
        CHECK_STR(told(&o), wanted[i]);
    }
    CHECK(!feed_layout_open(arena, &layout, str_sub(whole, 0, whole.len - 1), &fault));
    CHECK_STR(fault.sentence, "Le fichier est coupé");
    const struct str broken[] = { pages[0], STR("{\"d\":{") };
    CHECK(!feed_layout_open(arena, &layout, feed_pages_join(arena, broken, 2), &fault));
    CHECK_STR(fault.sentence, "Page 2\u202f: Le fichier est coupé");
    size_t nodes = 0;
    CHECK(str_is_absent(feed_page_next(arena, &layout, broken[1], &nodes)) && nodes == 0);
    CHECK(feed_format_of(STR("maillage-pages\n15\nmaillage-pages\n")) == FEED_UNKNOWN && feed_format_of(STR("maillage-pages\n9\n{")) == FEED_UNKNOWN);
    CHECK(!feed_read(arena, FEED_JSON, STR("maillage-pages\n99999999999999999999\n{}"), FEED_HEADER_FOUND, &fault));
    const struct str xml[] = { STR("<a><b><id>1</id></b></a>"), STR("<a><b><id>2</id></b></a>") };
    root                   = feed_read(arena, FEED_XML, feed_pages_join(arena, xml, 2), FEED_HEADER_FOUND, &fault);
    CHECK(root && feed_find(root, STR("a/b"), NULL, 0) == 2);
    CHECK(feed_layout_read(arena, STR("element = \"a\"\nsuite = \" link: \"\n[champs]\nreference = \"r\"\ntitre = \"t\"\n"), &layout, &fault));
    CHECK_STR(layout.next, "Link:");
}

int main(void)
{
    arena = arena_new();
    RUN(test_salaries);
    RUN(test_experience);
    RUN(test_states);
    RUN(test_days);
    RUN(test_contracts);
    RUN(test_time);
    RUN(test_places);
    RUN(test_split);
    RUN(test_split_limit);
    RUN(test_pages);
    arena_free(arena);
    return tap_done();
}
