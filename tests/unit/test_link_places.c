// Addresses, postcodes and communes.
#include "tap.h"

#include "link/address.h"
#include "link/place.h"

static struct address a, b;

static struct str way(const char *text)
{
    address_read(str_of(text), &a);
    return (struct str){ a.way.text, a.way.size };
}

static bool same(const char *x, const char *y)
{
    address_read(str_of(x), &a);
    address_read(str_of(y), &b);
    return a.number == b.number && a.suffix == b.suffix && a.kind == b.kind &&
           strcmp(a.way.text, b.way.text) == 0;
}

static void test_abbreviations(void)
{
    CHECK(same("12 av. du Gal de Gaulle", "12 AVENUE DU GENERAL DE GAULLE"));
    CHECK(same("3 bd St-Michel", "3, boulevard Saint Michel"));
    CHECK(same("5 r Ste Catherine", "5 rue Sainte-Catherine"));
    CHECK(same("7 imp. Mal Foch", "7 impasse Maréchal Foch"));
    CHECK(same("14 rotue Haute", "14 route Haute")); // a typing error in the kind of way
    CHECK(same("60chemin de l'Europe", "60 CHEMIN DE L'EUROPE")); // a lost blank
    CHECK_STR(way("27 rue des Écoles"), "ecoles");
    CHECK(a.number == 27);
}

static void test_suffixes(void)
{
    CHECK(same("13 B rue des Lilas", "13bis rue des Lilas"));
    (void)way("13 ter rue des Lilas");
    CHECK(a.number == 13 && a.suffix == 't');
    (void)way("13 rue des Lilas");
    CHECK(a.suffix == 0);
    (void)way("12-14 rue des Lilas");
    CHECK(a.number == 12);
    CHECK_STR(way("rue du 8 Mai 1945"), "8 mai 1945");
    CHECK(a.number == 0);
}

static void test_complements(void)
{
    CHECK(same("24 RUE SAINT-EXUPERY, ESPACE ENTREPRISES", "Espace Entreprises 24 rue St Exupéry"));
    CHECK(same("Bât B 81 rue Berthelot", "81 rue Berthelot, Bâtiment B"));
    CHECK(same("3 AVENUE DU MOULIN, BP 123", "3 avenue du Moulin"));
    CHECK(same("BP 123 22 avenue Jules Ferry", "22 avenue Jules Ferry"));
}

static void test_zones(void)
{
    CHECK(same("ZI du Chêne", "zone industrielle du Chene"));
    CHECK(a.is_zone && a.number == 0);
    CHECK(same("Z.A. Sud", "ZONE ARTISANALE SUD"));
    CHECK(same("parc d'activités des Prés", "PARC D’ACTIVITES DES PRES"));
    CHECK_STR(way(""), "");
    CHECK(!a.number && !a.kind);
}

static struct place p;

static struct str commune(const char *postcode, const char *text)
{
    place_read(str_of(postcode), str_of(text), &p);
    return (struct str){ p.commune.text, p.commune.size };
}

static void test_postcodes(void)
{
    (void)commune("1480", "Jassans-Riottier"); // the spreadsheet took its zero
    CHECK(p.postcode == 1480 && p.county == 1);
    (void)commune("01480", "");
    CHECK(p.postcode == 1480);
    (void)commune("F-75 001", "");
    CHECK(p.postcode == 75001);
    (void)commune("3200.0", "");
    CHECK(p.postcode == 3200 && p.county == 3);
    (void)commune("97351", "Matoury");
    CHECK(p.county == 973);
    (void)commune("", "Vichy");
    CHECK(!p.postcode && !p.county);
    (void)commune("120", "");
    CHECK(!p.postcode);
}

static void test_corsica(void)
{
    (void)commune("20200", "Bastia");
    CHECK(p.county == 20);
    (void)commune("2A", "Ajaccio");
    CHECK(p.county == 20 && !p.postcode);
    (void)commune("2b033", "Bastia");
    CHECK(p.county == 20);
}

static void test_cedex(void)
{
    CHECK_STR(commune("55058", "BAR LE DUC CEDEX"), "bar le duc");
    CHECK(p.is_cedex && p.county == 55);
    CHECK_STR(commune("42000", "St-Étienne Cedex 2"), "saint etienne");
    CHECK(p.is_cedex);
    CHECK_STR(commune("42000", "Saint Étienne"), "saint etienne");
    CHECK(!p.is_cedex);
    CHECK_STR(commune("97180", "Ste Anne"), "sainte anne");
}

static void test_districts(void)
{
    CHECK_STR(commune("69003", "LYON"), "lyon");
    CHECK(p.district == 3);
    CHECK_STR(commune("", "Lyon 3e arrondissement"), "lyon");
    CHECK(p.district == 3);
    CHECK_STR(commune("75116", "Paris"), "paris");
    CHECK(p.district == 16);
    (void)commune("75108", "Paris"); // an Insee code
    CHECK(p.postcode == 75008 && p.district == 8);
    CHECK_STR(commune("13008", "Marseille 08"), "marseille");
    CHECK(p.district == 8);
    (void)commune("03200", "Vichy");
    CHECK(p.district == 0);
}

int main(void)
{
    RUN(test_abbreviations);
    RUN(test_suffixes);
    RUN(test_complements);
    RUN(test_zones);
    RUN(test_postcodes);
    RUN(test_corsica);
    RUN(test_cedex);
    RUN(test_districts);
    return tap_done();
}
