// What must come together and what must stay apart, on few records: the model as it is before it
// learns anything.
#include "tap.h"

#include "link/link.h"

static struct link *l;

static void begin(const char *schema)
{
    l = link_new(link_schema_find(str_of(schema)));
}

// A row of fields in the order of the schema, separated by '|'.
static void add(const char *id, const char *row)
{
    struct str fields[LINK_FIELDS_MAX], rest = str_of(row);
    size_t     n = 0;

    while (n < LINK_FIELDS_MAX && str_cut(&rest, '|', &fields[n])) {
        n++;
    }
    while (n < LINK_FIELDS_MAX) {
        fields[n++] = STR("");
    }
    CHECK(link_add(l, str_of(id), fields) == LINK_OK);
}

static void group(void)
{
    CHECK(link_group(l, (struct link_progress){ .step = NULL }) == LINK_OK);
}

static bool together(const char *a, const char *b)
{
    uint32_t x = 0, y = 0;

    CHECK(link_find(l, str_of(a), &x) == LINK_OK && link_find(l, str_of(b), &y) == LINK_OK);
    return link_group_of(l, x) == link_group_of(l, y);
}

static void end(void)
{
    link_free(l);
}

// nom|forme|siret|naf|adresse|code postal|commune|téléphone|courriel
static void test_same_establishment(void)
{
    begin("etablissement");
    add("1",
        "SARL Dupont & Fils|SARL|73282932000074|43.21A|12 bis av. du Gal Leclerc|3200|VICHY|0470998877|");
    add("2",
        "Dupont et Fils||732829320||12b avenue du Général Leclerc|03200|Vichy|+33 4 70 99 88 77|");
    add("3", "DUPONT FILS (S.A.R.L.)|||||03200|Vichy Cedex|04 70 99 88 77|");
    add("4", "Boulangerie Martin||||3 rue Haute|63000|Clermont-Ferrand||");
    group();
    CHECK(together("1", "2") && together("1", "3") && !together("1", "4"));
    CHECK(link_group_count(l) == 2);
    end();
}

static void test_holding_walls_and_company(void)
{
    begin("etablissement");
    add("1",
        "Garage Dupontel|SAS|||5 rue de la Gare|03200|Vichy|0470998877|contact@garage-dupontel.fr");
    add("2", "Garage Dupontel|SAS|||5 rue de la Gare|03200|Vichy|0470998877|");
    add("3", "SCI Dupontel|SCI|||5 rue de la Gare|03200|Vichy|0470998877|");
    add("4", "Holding Dupontel|SAS|||5 rue de la Gare|03200|Vichy||contact@garage-dupontel.fr");
    group();
    CHECK(together("1", "2"));
    CHECK(!together("1", "3") && !together("1", "4") && !together("3", "4"));
    end();
}

static void test_services_of_a_commune(void)
{
    begin("etablissement");
    add("1",
        "Mairie de Vichy||||place de l'Hôtel de Ville|03200|Vichy|0470303000|mairie@ville-vichy.fr");
    add("2", "Commune de Vichy||||place de l'Hôtel de Ville|03200|Vichy|0470303000|");
    add("3", "CCAS de Vichy||||21 rue d'Alsace|03200|Vichy|0470975959|ccas@ville-vichy.fr");
    add("4",
        "Médiathèque Valery-Larbaud||||106 rue du Maréchal Lyautey|03200|Vichy|0470580270|mediatheque@ville-vichy.fr");
    group();
    CHECK(together("1", "2") && !together("1", "3") && !together("1", "4") && !together("3", "4"));
    end();
}

static void test_sites_of_a_company(void)
{
    begin("etablissement");
    add("1",
        "Meubles Castel|SA|73282932000074||28 rue Gambetta|78000|Versailles|0969131241|contact@meubles-castel.fr");
    add("2",
        "Meubles Castel|SA|73282932000082||13 avenue Pasteur|59700|Marcq-en-Barœul|0969131241|contact@meubles-castel.fr");
    add("3",
        "Meubles Castel|SA|732829320||9 rue du Faubourg|85440|Talmont|0969131241|contact@meubles-castel.fr");
    group();
    CHECK(!together("1", "2") && !together("1", "3") && !together("2", "3"));
    end();
}

static void test_numbers_in_names(void)
{
    begin("etablissement");
    add("1", "Lycée Banville 1|||||03000|Moulins||");
    add("2", "Lycée Banville 2|||||03000|Moulins||");
    add("3", "Lycée Banville 2||||1 boulevard de Courtais|03000|Moulins||");
    group();
    CHECK(!together("1", "2") && together("2", "3"));
    end();
}

static void test_two_siret_are_reviewed(void)
{
    begin("etablissement");
    add("1",
        "Menuiserie Ferrandaise||73282932000074||12 rue Haute|03200|Vichy|0470998877|bois@ferrandaise.fr");
    add("2",
        "Menuiserie Ferrandaise||44306184100047||12 rue Haute|03200|Vichy|0470998877|bois@ferrandaise.fr");
    group();
    bool told = false;
    for (size_t i = 0; i < link_review_count(l); i++) {
        told = told || link_review_at(l, i).reason == LINK_REVIEW_SIRET ||
               link_review_at(l, i).reason == LINK_REVIEW_LIKELY;
    }
    CHECK(told);
    end();
}

// civilité|prénom|nom|fonction|courriel|téléphone|employeur|siret|code postal|commune
static void test_persons(void)
{
    begin("contact");
    add("1",
        "Mme|Anne-Marie|Le Gall|Comptable|anne-marie.legall@menuiserie-port.fr|0470998877|Menuiserie du Port||03200|Vichy");
    add("2", "|LEGALL|Anne Marie|Comptable||04 70 99 88 77|MENUISERIE DU PORT (SARL)||3200|VICHY");
    add("3",
        "M.|Paul|Le Gall|Gérant|paul.legall@menuiserie-port.fr|0470998877|Menuiserie du Port||03200|Vichy");
    add("4", "Mme|A.-M.|Le Gall-Dubois|||0470998877|Menuiserie du Port||03200|Vichy");
    group();
    CHECK(together("1", "2"));  // swapped columns, particle, lost dash
    CHECK(!together("1", "3")); // a relative in the firm
    CHECK(together("1", "4"));  // initials, compound surname
    end();
}

static void test_one_person_two_employers(void)
{
    begin("contact");
    add("1",
        "M.|Corentin|Vaudelin|Directeur|corentin.vaudelin@orange.fr|0612345678|Architecture du Marché||21000|Dijon");
    add("2",
        "M.|Corentin|Vaudelin|Directeur|corentin.vaudelin@orange.fr|0612345678|Fleurs de l'Étoile||60640|Guiscard");
    add("3",
        "M.|Corentin|Vaudelin|Commercial|cvaudelin@free.fr|0712121212|Garage Moderne||13001|Marseille");
    group();
    CHECK(together("1", "2"));
    CHECK(!together("1", "3")); // the same name, and nothing else
    end();
}

static void test_match(void)
{
    struct link_match found[LINK_MATCH_MAX];
    struct str        fields[]                = { STR("Dupont Fils"),
                                                  STR(""),
                                                  STR(""),
                                                  STR(""),
                                                  STR("12 rue Haute"),
                                                  STR("03200"),
                                                  STR("Vichy"),
                                                  STR("04.70.99.88.77"),
                                                  STR("") };
    struct str        nothing[LENGTH(fields)] = { STR("Tout Autre"), STR(""), STR(""),
                                                  STR(""),           STR(""), STR("29000"),
                                                  STR("Quimper"),    STR(""), STR("") };
    uint32_t          record                  = 0;

    begin("etablissement");
    add("1", "SARL Dupont Fils||||12 rue Haute|03200|Vichy|0470998877|");
    add("2", "Boulangerie Martin||||3 rue Haute|63000|Clermont-Ferrand||");
    CHECK(link_match(l, fields, found) == 0); // not grouped
    group();
    CHECK(link_match(l, fields, found) == 1 && found[0].record == 0 && found[0].merge);
    CHECK(link_match(l, nothing, found) == 0);
    CHECK(link_join(l, STR("3"), fields, &record) == LINK_OK && together("1", "3"));
    CHECK(link_join(l, STR("4"), nothing, &record) == LINK_OK && link_group_count(l) == 3);
    CHECK(link_join(l, STR("4"), nothing, &record) == LINK_ID_TWICE);
    CHECK(link_match(l, nothing, found) == 1 && found[0].group == link_group_of(l, record));
    end();
}

static void test_explain(void)
{
    struct link_explanation e;

    begin("etablissement");
    add("1", "SARL Dupont Fils||||12 rue Haute|03200|Vichy|0470998877|");
    add("2", "Dupont & Fils||||12 rue Haute|03200|Vichy||");
    CHECK(link_explain(l, 0, 1, &e) == LINK_NOT_GROUPED);
    group();
    CHECK(link_explain(l, 0, 1, &e) == LINK_OK && e.same_group && e.probability > 0.5);
    double sum = e.prior;
    for (size_t i = 0; i < e.count; i++) {
        sum += e.evidence[i].weight;
        CHECK(e.evidence[i].label.len > 0 && e.evidence[i].verdict.len > 0);
    }
    CHECK(sum - e.weight < 0.01 && e.weight - sum < 0.01);
    end();
}

// The same rows from the last to the first give the same groups and scores.
static void test_order_of_rows(void)
{
    static const char *const rows[] = {
        "Commune de Bezannes||||10 rue Jean Jaurès|51430|Bezannes||",
        "Mairie de Bezannes||||10 rue Jean Jaurès|51430|Bezannes||",
        "MAIRIE DE BEZANNES|||84.11Z|10 r. Jean Jaurès|51430|Bezannes|0326000000|",
        "Lycée Banville 1||||1 rue Haute|03000|Moulins||",
        "Lycée Banville 2||||1 rue Haute|03000|Moulins||",
        "Chez Rivage||||321 rue Paul Bert|94000|Créteil|0116820497|contact@auto-ecole-armor.fr",
        "Auto-école d'Armor|SARL|||321 rue Paul Bert|94000|Créteil|0116820497|",
    };
    double      score[LENGTH(rows)];
    const char *ids[] = { "0", "1", "2", "3", "4", "5", "6" };
    uint32_t    group_of[LENGTH(rows)], record = 0;

    begin("etablissement");
    for (size_t i = 0; i < LENGTH(rows); i++) {
        add(ids[i], rows[i]);
    }
    group();
    for (size_t i = 0; i < LENGTH(rows); i++) {
        score[i]    = link_score(l, (uint32_t)i);
        group_of[i] = link_group_of(l, (uint32_t)i);
    }
    end();
    begin("etablissement");
    for (size_t i = LENGTH(rows); i--;) {
        add(ids[i], rows[i]);
    }
    group();
    for (size_t i = 0; i < LENGTH(rows); i++) {
        CHECK(link_find(l, str_of(ids[i]), &record) == LINK_OK);
        CHECK(link_group_of(l, record) == group_of[i]);
        CHECK(link_score(l, record) >= score[i] && link_score(l, record) <= score[i]);
    }
    end();
}

static void test_nothing_and_little(void)
{
    begin("etablissement");
    group();
    CHECK(link_group_count(l) == 0 && link_review_count(l) == 0);
    end();
    begin("contact");
    add("1", "");
    add("2", "");
    add("3", "|||||||||");
    group();
    CHECK(link_group_count(l) == 1); // alike to the last letter
    end();
}

int main(void)
{
    RUN(test_same_establishment);
    RUN(test_holding_walls_and_company);
    RUN(test_services_of_a_commune);
    RUN(test_sites_of_a_company);
    RUN(test_numbers_in_names);
    RUN(test_two_siret_are_reviewed);
    RUN(test_persons);
    RUN(test_one_person_two_employers);
    RUN(test_match);
    RUN(test_explain);
    RUN(test_order_of_rows);
    RUN(test_nothing_and_little);
    return tap_done();
}
