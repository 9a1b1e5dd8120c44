// Rows of the register: what each column becomes.
#include "import/columns.h"
#include "import/lambert.h"
#include "import/sirene_row.h"

#include <math.h>

#include "reading.h"

// COPY lines of a file, or "!code line column value".
static void convert(const char *header, const char *row, struct sirene_run *run, char *ret,
                    size_t size)
{
    char                  text[4096];
    int                   len = snprintf(text, sizeof text, "%s\n%s\n", header, row);
    struct memory         m = { .text = { text, (size_t)len } };
    struct import_problem p = { 0 };
    struct buf            b = buf_init(65536);
    struct csv           *csv = csv_open((struct csv_source){ memory_read, &m },
                                         (struct csv_options){ .utf8_only = true }, &p);
    bool                  ok = csv && csv_next(csv, &p) == CSV_RECORD;

    if (ok) {
        csv_set_header(csv);
        ok = sirene_begin(run, csv, &p);
    }
    enum csv_step step = CSV_END;
    while (ok && (step = csv_next(csv, &p)) == CSV_RECORD) {
        ok = sirene_row(run, csv, &b, &p);
    }
    if (ok && step == CSV_END) {
        snprintf(ret, size, "%.*s", (int)b.len, b.at ? b.at : "");
    } else {
        snprintf(ret, size, "!%s %d %s %s", import_code_name(p.code), (int)p.line, p.column,
                 p.value);
    }
    csv_free(csv);
    buf_done(&b);
}

static void expect(const char *header, const char *row, const char *wanted, const char *name)
{
    struct sirene_run run;
    char              got[4096];

    convert(header, row, &run, got, sizeof got);
    check(strcmp(got, wanted) == 0, "%s: %s", name, got);
}

// The columns we use, in another order than the official one: only names count.
#define HEADER                                                                              \
    "siret,siren,etatAdministratifEtablissement,statutDiffusionEtablissement,"              \
    "trancheEffectifsEtablissement,anneeEffectifsEtablissement,numeroVoieEtablissement,"    \
    "typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,"               \
    "libelleCommuneEtablissement,codeCommuneEtablissement,activitePrincipaleEtablissement," \
    "nomenclatureActivitePrincipaleEtablissement,dateDebut,"                                \
    "coordonneeLambertAbscisseEtablissement,coordonneeLambertOrdonneeEtablissement"
// line siret legal usual brand address postcode city commune location naf legacy size year head
// status diffusion opened closed treated form
#define N "\t\\N"

static void test_establishments(void)
{
    expect(HEADER,
           "41816609600069,418166096,A,O,12,2022,34,AVENUE,DE L'OPERA,75002,PARIS 2,75102,62.01Z,"
           "NAFRev2,2020-01-31,,",
           "2\t41816609600069" N N N "\t34 AVENUE DE L'OPERA\t75002\tPARIS 2\t75102" N "\t62.01Z" N
           "\t12\t2022" N "\tA\tO" N N N N "\n",
           "an open establishment");
    expect(HEADER,
           "41816609600069,,F,P,NN,,[ND],[ND],[ND],[ND],[ND],03190,52.4E,NAF1993,1997-12-31,[ND],"
           "[ND]",
           "2\t41816609600069" N N N N N N "\t03190" N N "\t52.4E" N N N "\tF\tP" N
           "\t1997-12-31" N                                            N "\n",
           "closed, partial diffusion, an old nomenclature, no size");
    expect(HEADER, "41816609600069,,A,,99,2022,,,,,,,62.01Z,NAFRev1,,,",
           "2\t41816609600069" N N N N N N N N N "\t62.01Z" N N N "\tA\tO" N N N N "\n",
           "size 99, diffusion not said, a code that only looks like NAF rév. 2");
    expect(HEADER, "41816609600069,,A,N,,,,,,,,,00.00Z,NAFRev2,,,",
           "2\t41816609600069" N N N N N N N N N N N N N "\tA\tP" N N N N "\n",
           "the code of an activity not yet known, diffusion N of older files");
    expect(HEADER, "418166096,,A,O,,,,,,,,,,,,,", "!siret_is_siren 2 siret 418166096",
           "a SIREN where a SIRET is due");
    expect(HEADER, "4,1816609600069,A,O,,,,,,,,,,,,,", "!siret_length 2 siret 4",
           "shifted columns");
    expect(HEADER, "41816609600069,418166097,A,O,,,,,,,,,,,,,",
           "!siret_mismatch 2 siret 41816609600069", "SIRET and SIREN that differ");
    expect(HEADER, "41816609600069,,X,O,,,,,,,,,,,,,",
           "!value_invalid 2 etatAdministratifEtablissement X", "an unknown state");
    expect(HEADER, "41816609600069,,A,O,,,,,,,,,,,2023-02-29,,",
           "!date_invalid 2 dateDebut 2023-02-29", "a day that does not exist");
    expect(HEADER, "41816609600069,,A,O,,,,,,,,3190,,,,,",
           "!code_invalid 2 codeCommuneEtablissement 3190", "a commune code that lost its zero");
    expect(HEADER, "41816609600069,,A,O,,,,,,,,,,,,abc,1",
           "!number_invalid 2 coordonneeLambertAbscisseEtablissement abc",
           "a coordinate of letters");
    expect("siret,etatAdministratifEtablissement,codeCommuneEtablissement", "1,A,03190",
           "!header_missing 1  statutDiffusionEtablissement, trancheEffectifsEtablissement, "
           "libelleVoieEtablissement, codePostalEtablissement, libelleCommuneEtablissement, "
           "activitePrincipaleEtablissement",
           "missing columns are all named");
    expect("siret,nom", "1,2", "!not_a_register 1 siret ", "another file");
    expect(HEADER ",siret", "1,,,,,,,,,,,,,,,,,2", "!header_twice 1 siret ", "a column twice");

    struct sirene_run run;
    char              got[4096];
    convert(HEADER, "41816609600068,,A,O,77,,,,,,,,,,,,", &run, got, sizeof got);
    check(got[0] != '!' && run.notes.count[PROBLEM_SIRET_KEY] == 1 &&
              run.notes.count[PROBLEM_VALUE_BAD] == 1 &&
              run.notes.first[PROBLEM_SIRET_KEY].line == 2,
          "an odd key and an unknown band are noted, not refused");
    convert(HEADER, "41816609600069,,A,O,,,,,,,,,,,,,\n41816609600069,,A,O,,,,,,,,,,,,,", &run, got,
            sizeof got);
    check(!run.is_sorted && run.read == 2, "a SIRET twice is not in order");
    convert(HEADER, "35600000000048,,A,O,,,,,,,,,,,,,\n41816609600069,,F,P,,,,,,,,,,,,,", &run, got,
            sizeof got);
    check(run.is_sorted && run.closed == 1 && run.partial == 1, "counts and order");

    convert(HEADER, "41816609600069,,A,O,,,,,,,,75102,,,,700000,6600000", &run, got, sizeof got);
    check(strstr(got, "\t0101000020E61000000000000000000840") != NULL,
          "Lambert-93 becomes a point: %s", got);
    convert(HEADER, "41816609600069,,A,O,,,,,,,,97411,,,,338000,7690000", &run, got, sizeof got);
    check(strstr(got, "0101000020E6") == NULL && !run.notes.count[PROBLEM_POSITION_BAD],
          "overseas coordinates are left out");
    convert(HEADER ",longitude,latitude", "41816609600069,,A,O,,,,,,,,75102,,,,,,2.5,48.5", &run,
            got, sizeof got);
    check(strstr(got, "\t0101000020E61000000000000000000440") != NULL, "longitude and latitude");
    convert(HEADER ",longitude,latitude", "41816609600069,,A,O,,,,,,,,75102,,,,,,0,0", &run, got,
            sizeof got);
    check(strstr(got, "0101000020E6") == NULL, "0,0 is nowhere");
}

static void test_units(void)
{
    static const char header[] =
        "siren,statutDiffusionUniteLegale,etatAdministratifUniteLegale,denominationUniteLegale,"
        "nomUniteLegale,nomUsageUniteLegale,prenom1UniteLegale,prenomUsuelUniteLegale,"
        "categorieJuridiqueUniteLegale,dateDernierTraitementUniteLegale";
    expect(header, "418166096,O,A,OCTO,,,,,5710,2018-07-10T14:17:15",
           "2\t418166096\tOCTO\t5710" N "\tO\tA\t2018-07-10\n", "a company");
    expect(header, "418166096,O,C,,DUPONT,MARTIN,ANNE MARIE,ANNE,1000,",
           "2\t418166096\tANNE MARTIN\t1000" N "\tO\tF" N "\n", "a sole trader");
    expect(header, "418166096,P,A,[ND],[ND],[ND],[ND],[ND],1000,",
           "2\t418166096" N "\t1000" N "\tP\tA" N "\n", "a person who is not shown");
}

static void test_successions(void)
{
    static const char header[] =
        "dateLienSuccession,siretEtablissementPredecesseur,siretEtablissementSuccesseur,"
        "continuiteEconomique,transfertSiege,dateDernierTraitementLienSuccession";
    expect(header, "2015-01-01,41816609600069,35600000000048,true,false,2015-04-03T12:34:56.000",
           "2\t41816609600069\t35600000000048\t2015-01-01\tf\tt\t2015-04-03\n", "a succession");
    expect(header, "2015-01-01,41816609600069,35600000000048,FALSE,,",
           "2\t41816609600069\t35600000000048\t2015-01-01\tf\tf" N "\n", "without continuity");
    expect(header, ",41816609600069,35600000000048,true,true,",
           "!date_invalid 2 dateLienSuccession ", "a succession has a date");
    expect(header, "2015-01-01,41816609600069,356,true,true,",
           "!siret_length 2 siretEtablissementSuccesseur 356", "and two SIRET");
    expect(header, "2015-01-01,41816609600069,35600000000048,oui,true,",
           "!value_invalid 2 continuiteEconomique oui", "and says true or false");
}

static void test_rest(void)
{
    double lon = 0, lat = 0;
    check(lambert93_to_lonlat(651099.646360905, 6863387.945075555, &lon, &lat) &&
              fabs(lat - 48.868662) < 1e-6 && fabs(lon - 2.333382) < 1e-6,
          "Lambert-93: avenue de l'Opéra");
    check(lambert93_to_lonlat(700000, 6600000, &lon, &lat) && fabs(lat - 46.5) < 1e-9 &&
              fabs(lon - 3) < 1e-9,
          "Lambert-93: its origin");
    check(!lambert93_to_lonlat(0, 0, &lon, &lat) &&
              !lambert93_to_lonlat((double)NAN, 6600000, &lon, &lat),
          "Lambert-93: elsewhere");

    char key[KEY_MAX], words[64];
    column_key(STR(" Commune étab. "), key);
    check(strcmp(key, "communeetab") == 0, "headers are compared by letters: %s", key);
    column_key(STR("N\xC2\xB0 SIRET"), key);
    check(strcmp(key, "nsiret") == 0, "the sign for number: %s", key);
    words_key(STR("L’Œuvre-Saint-ÉTIENNE"), words, sizeof words);
    check(strcmp(words, "l oeuvre saint etienne") == 0, "names are compared by words: %s", words);
}

int main(void)
{
    RUN(test_establishments);
    RUN(test_units);
    RUN(test_successions);
    RUN(test_rest);
    return tap_done();
}
