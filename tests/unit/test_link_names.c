// Names of organisations and of persons, legal forms.
#include "tap.h"

#include "link/org_name.h"
#include "link/person_name.h"

static struct org_name name;

static struct str org(const char *text)
{
    org_name_read(str_of(text), &name);
    return (struct str){ name.name.text, name.name.size };
}

static struct str other(void)
{
    return (struct str){ name.other.text, name.other.size };
}

static void test_legal_forms(void)
{
    CHECK_STR(org("SARL Dupont"), "dupont");
    CHECK(name.form == FORM_COMPANY && name.detail == DETAIL_SARL);
    CHECK_STR(org("Dupont, S.A.S."), "dupont");
    CHECK(name.detail == DETAIL_SAS);
    CHECK_STR(org("DUPONT (Société à responsabilité limitée)"), "dupont");
    CHECK(name.detail == DETAIL_SARL && !name.other.count);
    CHECK_STR(org("Maçonnerie du SAS Rhône"), "maconnerie rhone");
    CHECK_STR(org("S A R L Dupont"), "dupont");
    CHECK_STR(org("Dupont Socété civile immobilière"), "dupont");
    CHECK(name.form == FORM_CIVIL && name.role == ROLE_PROPERTY);
    CHECK_STR(org("CARRELAGE SOCIETE DUBOIS PAR ACTIONS SIMPLIFIEE"), "carrelage dubois");
    CHECK_STR(org("Association Sportive de Pamiers"), "association sportive pamiers");
    CHECK(name.form == FORM_NONE);
    CHECK(legal_form_read(STR("Association déclarée")).form == FORM_ASSOCIATION);
    CHECK(legal_form_read(STR("5710")).detail == DETAIL_SAS);
    CHECK(legal_form_read(STR("1000")).form == FORM_SOLE);
    CHECK(legal_form_read(STR("Commune et commune nouvelle")).form == FORM_PUBLIC);
    CHECK(legal_form_read(STR("S.C.I.")).form == FORM_CIVIL);
    CHECK(legal_form_read(STR("")).form == FORM_NONE);
}

static void test_words_that_count(void)
{
    CHECK_STR(org("Ets Dupont & Fils"), "dupont fils");
    CHECK_STR(org("Établissements Dupont et Fils"), "dupont fils");
    CHECK_STR(org("Sté du Port"), "port");
    CHECK_STR(org("Carrosserie St Michel"), "carrosserie saint michel");
    CHECK_STR(org("Carrosserie Saint-Michel"), "carrosserie saint michel");
    CHECK_STR(org("Centre Communal d'Action Sociale de Vichy"), "ccas vichy");
    CHECK_STR(org("C.C.A.S. de Vichy"), "ccas vichy");
    CHECK_STR(org("Les"), "les"); // nothing else: better than nothing
    CHECK_STR(org("SARL"), "");
    CHECK_STR(org(""), "");
}

static void test_second_name(void)
{
    CHECK_STR(org("Raleeo France (Nafontec)"), "raleeo france");
    CHECK_STR(other(), "nafontec");
    CHECK_STR(org("Commune de Tarascon (Mairie de Tarasco"), "mairie tarascon"); // cut before its )
    CHECK_STR(other(), "mairie tarasco");
    CHECK_STR(org("(Nafontec)"), "nafontec");
    CHECK(!name.other.count);
}

static void test_roles(void)
{
    (void)org("Mairie de Vichy");
    CHECK(name.role == ROLE_TOWN_HALL);
    (void)org("Commune de Vichy");
    CHECK(name.role == ROLE_COMMUNE);
    (void)org("Commune de Vichy (Médiathèque municipale)");
    CHECK(name.role == ROLE_LIBRARY);
    (void)org("CCAS de Vichy");
    CHECK(name.role == ROLE_SOCIAL);
    (void)org("Holding Dupont");
    CHECK(name.role == ROLE_HOLDING);
    (void)org("SCI Dupont");
    CHECK(name.role == ROLE_PROPERTY);
    (void)org("Dupont");
    CHECK(name.role == ROLE_NONE);
    CHECK(org_role_of_mailbox(STR("mediatheque")) == ROLE_LIBRARY);
    CHECK(org_role_of_mailbox(STR("contact")) == ROLE_NONE);
}

static void test_numbers(void)
{
    (void)org("Lycée 1");
    CHECK(name.number == 1);
    (void)org("Lycée 2");
    CHECK(name.number == 2);
    (void)org("Résidence Vichy II");
    CHECK(name.number == 2);
    (void)org("Lycée Jean Moulin");
    CHECK(name.number == 0);
}

static void test_cut(void)
{
    (void)org("COMITE DES FETES DE CHAMPIGNY-SUR-MARN"); // 38 characters
    CHECK(name.is_cut);
    (void)org("COMITE DES FETES DE CHAMPIGNY-SU"); // 32
    CHECK(name.is_cut);
    (void)org("COMITÉ DES FÊTES DE CHAMPIGNY-SU"); // characters, not bytes
    CHECK(name.is_cut);
    (void)org("COMITE DES FETES DE CHAMPIGNY-SUR");
    CHECK(!name.is_cut);
}

static void test_sole_traders(void)
{
    CHECK_STR(org("EI Régine Maier"), "regine maier");
    CHECK(name.is_person && name.form == FORM_SOLE);
    CHECK_STR(org("M. Auguste Chaaud"), "auguste chaaud");
    CHECK(name.is_person);
    char   initials[8];
    size_t n;
    (void)org("Régie Autonome des Transports Parisiens");
    n = org_name_initials(&name.name, initials, sizeof initials);
    CHECK_STR(((struct str){ initials, n }), "ratp");
}

static struct person_name person;

static struct str family(const char *civility, const char *given, const char *surname)
{
    person_name_read(str_of(civility), str_of(given), str_of(surname), &person);
    return (struct str){ person.family.text, person.family.size };
}

static struct str given(void)
{
    return (struct str){ person.given.text, person.given.size };
}

static void test_persons(void)
{
    CHECK_STR(family("Mme", "Anne-Marie", "Dupont-Martin"), "dupont martin");
    CHECK_STR(given(), "anne marie");
    CHECK(person.civility == CIVILITY_MADAM);
    CHECK_STR(family("", "Albane", "LE GALL"), "legall");
    CHECK_STR(family("", "Albane", "Legall"), "legall");
    CHECK_STR(family("", "Ursule", "El Amrani"), "elamrani");
    CHECK_STR(family("", "J.", "N'Diaye"), "n diaye");
    CHECK_STR(given(), "j");
    CHECK_STR(family("", "", "M. Dupont"), "dupont");
    CHECK(person.civility == CIVILITY_MISTER);
    CHECK_STR(family("", "M", "Dupont"), "dupont"); // an initial, not a civility
    CHECK_STR(given(), "m");
    CHECK(civility_read(STR("Monsieur")) == CIVILITY_MISTER);
    CHECK(civility_read(STR("MLLE")) == CIVILITY_MADAM && civility_read(STR("")) == CIVILITY_NONE);
}

int main(void)
{
    RUN(test_legal_forms);
    RUN(test_words_that_count);
    RUN(test_second_name);
    RUN(test_roles);
    RUN(test_numbers);
    RUN(test_cut);
    RUN(test_sole_traders);
    RUN(test_persons);
    return tap_done();
}
