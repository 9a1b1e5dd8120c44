// Layouts proposed for feeds of many makes (tests/feeds): each is read by its proposal, and its first offer says what it says.
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"
#include "feed/plain.h"
#include "feed/suggest.h"
#include "import/input.h"
#include "tap.h"

static struct arena *arena;

enum { WANTED = 20 };

static const struct {
    const char *file, *element;
    uint32_t    elements;
    struct {
        enum feed_field field;
        const char     *value;
    } wanted[WANTED];
} feeds[] = {
    { "rss.xml", "rss/channel/item", 2,
      { { FEED_REFERENCE, "mairie-12" }, { FEED_TITLE, "Agent d’accueil (H/F)" }, { FEED_COMPANY, "Mairie d’Yzeure" }, { FEED_CITY, "Yzeure" }, { FEED_POSTCODE, "03400" },
        { FEED_CONTRACT, "cdd" }, { FEED_START, "2026-09-01" }, { FEED_URL, "https://mairie.example/offres/12" }, { FEED_LATITUDE, "46.565600" } } },
    { "atom.xml", "feed/entry", 2,
      { { FEED_REFERENCE, "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a" }, { FEED_TITLE, "Soudeur TIG" }, { FEED_COMPANY, "Usine du Centre" }, { FEED_CITY, "MONTLUCON" }, { FEED_POSTCODE, "03100" },
        { FEED_DESCRIPTION, "Soudure de pièces en inox, lecture de plans, contrôle. Travail en 2x8, prime de panier." }, { FEED_URL, "https://usine.example/jobs/1" },
        { FEED_SALARY_MIN, "2100.00" }, { FEED_SALARY_MAX, "2400.50" }, { FEED_SALARY_PERIOD, "month" }, { FEED_EXPERIENCE, "required" }, { FEED_EXPERIENCE_MONTHS, "24" } } },
    { "attributes.xml", "offres/offre", 2,
      { { FEED_REFERENCE, "V-001" }, { FEED_TITLE, "Employé de rayon F/H" }, { FEED_COMPANY, "SUPER VICHY" }, { FEED_SIRET, "73282932000074" }, { FEED_CITY, "VICHY" }, { FEED_CONTRACT, "cdi" },
        { FEED_START, "2026-09-01" }, { FEED_HOURS, "35.0" }, { FEED_SALARY, "12,10 € brut de l'heure" }, { FEED_SALARY_MIN, "12.10" }, { FEED_SALARY_PERIOD, "hour" } } },
    { "jsonld.json", "@graph", 2,
      { { FEED_REFERENCE, "C-77" }, { FEED_TITLE, "Aide-soignant de nuit" }, { FEED_COMPANY, "Clinique des Sources" }, { FEED_CITY, "Vichy" }, { FEED_POSTCODE, "03200" }, { FEED_CONTRACT, "cdd" },
        { FEED_DESCRIPTION, "Soins d’hygiène et de confort, travail en binôme, transmissions.\n\nDiplôme d’État exigé." }, { FEED_START, "2026-09-01" }, { FEED_POSTS, "2" },
        { FEED_SALARY_MIN, "1950.00" }, { FEED_SALARY_MAX, "2300.00" }, { FEED_SALARY_PERIOD, "month" }, { FEED_EXPERIENCE_MONTHS, "12" }, { FEED_SKILLS, "Écoute\nTravail en équipe" } } },
    { "envelope.json", "data/results", 2,
      { { FEED_REFERENCE, "6f1c0a5e-Saint-Pourçain-sur-Sioule" }, { FEED_TITLE, "Conducteur de ligne" }, { FEED_COMPANY, "Les Eaux du Val" }, { FEED_CITY, "Saint-Pourçain-sur-Sioule" }, { FEED_POSTCODE, "03500" },
        { FEED_CONTRACT, "cdi" }, { FEED_HOURS, "36.5" }, { FEED_POSTS, "1" }, { FEED_START, "2026-09-01" }, { FEED_SALARY_MIN, "23500.00" }, { FEED_SALARY_PERIOD, "year" }, { FEED_WORK_TIME, "full" } } },
    { "lines.ndjson", "ligne", 3,
      { { FEED_REFERENCE, "N1" }, { FEED_TITLE, "Plombier chauffagiste" }, { FEED_CITY, "Cusset" }, { FEED_COMMUNE, "03095" }, { FEED_CONTRACT, "cdi" }, { FEED_LICENCES, "B" } } },
    { "france_travail.csv", "ligne", 4,
      { { FEED_REFERENCE, "P-900" }, { FEED_TITLE, "Boulanger / Boulangère" }, { FEED_ROME, "D1102" }, { FEED_SIRET, "73282932000074" }, { FEED_COMPANY, "BOULANGERIE DU PONT" }, { FEED_CITY, "MOULINS" },
        { FEED_COMMUNE, "03190" }, { FEED_CONTRACT, "cdi" }, { FEED_HOURS, "35.5" }, { FEED_START, "2026-09-01" }, { FEED_SALARY_MIN, "1850.00" }, { FEED_SALARY_PERIOD, "month" }, { FEED_SALARY_MONTHS, "13.0" },
        { FEED_EXPERIENCE, "required" }, { FEED_EXPERIENCE_MONTHS, "12" }, { FEED_TRAINING, "CAP Boulangerie (exigé)" }, { FEED_QUALIFICATION, "6" }, { FEED_LATITUDE, "46.565600" }, { FEED_STATE, "open" } } },
    { "partner_former.csv", "ligne", 2,
      { { FEED_REFERENCE, "P-900" }, { FEED_TITLE, "Boulanger / Boulangère" }, { FEED_ROME, "D1102" }, { FEED_SIRET, "73282932000074" }, { FEED_COMPANY, "BOULANGERIE DU PONT" }, { FEED_CITY, "MOULINS" },
        { FEED_COMMUNE, "03190" }, { FEED_CONTRACT, "cdi" }, { FEED_HOURS, "35.0" }, { FEED_START, "2026-09-01" }, { FEED_SALARY_MIN, "1850.00" }, { FEED_SALARY_PERIOD, "month" },
        { FEED_EXPERIENCE, "required" }, { FEED_EXPERIENCE_MONTHS, "12" }, { FEED_URL, "https://p.example/900" } } },
    { "untitled.csv", "ligne", 2,
      { { FEED_REFERENCE, "101" }, { FEED_TITLE, "Agent d’entretien" }, { FEED_COMPANY, "Ville de Cusset" }, { FEED_CITY, "Cusset" }, { FEED_POSTCODE, "03300" }, { FEED_CONTRACT, "cdd" },
        { FEED_HOURS, "20.0" }, { FEED_WORK_TIME, "part" }, { FEED_SALARY_MIN, "1900.00" }, { FEED_SALARY_PERIOD, "month" }, { FEED_END, "2026-12-15" }, { FEED_POSTS, "2" } } },
    { "about.ndjson", "ligne", 2,
      { { FEED_REFERENCE, "a-1" }, { FEED_TITLE, "Aide-soignant" }, { FEED_DESCRIPTION, "Toilettes, repas, transmissions." }, { FEED_COMPANY, "Clinique des Sources" }, { FEED_SIRET, "73282932000074" },
        { FEED_CITY, "Cusset" }, { FEED_POSTCODE, "03300" }, { FEED_CONTRACT, "cdi" }, { FEED_START, "2027-01-01" }, { FEED_SALARY_MIN, "12.31" }, { FEED_SALARY_MAX, "13.50" }, { FEED_POSTS, "3" } } },
    { "tabs.tsv", "ligne", 2,
      { { FEED_REFERENCE, "2026-14" }, { FEED_TITLE, "Aide à domicile" }, { FEED_CITY, "Moulins" }, { FEED_CONTRACT, "cdi" }, { FEED_START, "2026-09-01" }, { FEED_SALARY, "1 850 € brut mensuel" },
        { FEED_SALARY_MIN, "1850.00" }, { FEED_WORK_TIME, "part" }, { FEED_APPLY_EMAIL, "recrutement@adomicile.example" } } },
    { "hrxml.xml", "JobPositionPostings/JobPositionPosting", 2,
      { { FEED_REFERENCE, "HR-5501" }, { FEED_TITLE, "Conducteur poids lourd" }, { FEED_COMPANY, "Transports Rapides" }, { FEED_CITY, "Yzeure" }, { FEED_POSTCODE, "03400" }, { FEED_CONTRACT, "interim" },
        { FEED_POSTS, "4" }, { FEED_DURATION, "3 month" }, { FEED_WORK_TIME, "full" }, { FEED_URL, "https://rapides.example/apply/5501" } } },
    { "aggregator.xml", "source/job", 2,
      { { FEED_REFERENCE, "AG-1" }, { FEED_TITLE, "Comptable H/F" }, { FEED_COMPANY, "Cabinet Lenoir & Fils" }, { FEED_CITY, "Moulins" }, { FEED_POSTCODE, "03000" }, { FEED_CONTRACT, "cdi" },
        { FEED_DESCRIPTION, "Le poste\n\nTenue de dossiers, déclarations, bilans ; portefeuille de TPE." }, { FEED_URL, "https://agg.example/v/1?utm=a&b=c" },
        { FEED_SALARY_MIN, "28000.00" }, { FEED_SALARY_MAX, "34000.00" }, { FEED_SALARY_PERIOD, "year" }, { FEED_EXPERIENCE_MONTHS, "36" }, { FEED_TRAINING, "Bac+2" } } },
    { "described/graph.json", "@graph[@type='JobPosting']", 2,
      { { FEED_REFERENCE, "LD-7" }, { FEED_TITLE, "Infirmier de nuit" }, { FEED_CONTRACT, "cdd" }, { FEED_COMPANY, "Clinique Val d'Allier" }, { FEED_WORK_TIME, "full" }, { FEED_END, "2026-05-01" } } },
    { "described/hropen.xml", "SyncPositionOpening/DataArea/PositionOpening", 2,
      { { FEED_REFERENCE, "PO-55" }, { FEED_TITLE, "Opérateur de forge" }, { FEED_SIRET, "73282932000074" }, { FEED_ROME, "H2901" }, { FEED_CONTRACT, "cdi" }, { FEED_HOURS, "38.5" },
        { FEED_SALARY_MIN, "2000.00" }, { FEED_SALARY_MAX, "2300.50" }, { FEED_SALARY_PERIOD, "month" }, { FEED_POSTS, "3" }, { FEED_CITY, "Commentry" } } },
    { "described/odata.json", "d/results", 2,
      { { FEED_REFERENCE, "2026-1501" }, { FEED_ROME, "M1502" }, { FEED_POSTS, "2" }, { FEED_WORK_TIME, "full" }, { FEED_START, "2026-04-01" }, { FEED_SIRET, "73282932000074" },
        { FEED_DESCRIPTION, "Mission\n\nProfil attendu" }, { FEED_SALARY_MAX, "30000.00" } } },
    { "described/company_above.json", "vacancies", 2,
      { { FEED_REFERENCE, "a1b2" }, { FEED_COMPANY, "Fonderie Sud" }, { FEED_SIRET, "73282932000074" }, { FEED_CONTRACT, "cdi" }, { FEED_SALARY_MIN, "2100.00" }, { FEED_SALARY_PERIOD, "month" },
        { FEED_DESCRIPTION, "Moules en sable.\n\n- Préparer" } } },
    { "described/properties.json", "list", 2,
      { { FEED_REFERENCE, "9001" }, { FEED_TITLE, "Technicien SAV" }, { FEED_CONTRACT, "cdi" }, { FEED_HOURS, "35.0" }, { FEED_START, "2026-03-03" }, { FEED_SALARY_MIN, "1950.00" } } },
    { "described/custom_fields.json", "content", 2,
      { { FEED_REFERENCE, "744000001" }, { FEED_CONTRACT, "cdi" }, { FEED_POSTS, "4" }, { FEED_DESCRIPTION, "Un réseau de magasins\n\nDécoupe\n\nCAP boucher\n\n13e mois" } } },
    { "described/xhtml.atom", "feed/entry", 2,
      { { FEED_REFERENCE, "urn:g:1" }, { FEED_TITLE, "Agent technique polyvalent" }, { FEED_CONTRACT, "cdd" }, { FEED_DURATION, "6 month" }, { FEED_ROME, "K2204" },
        { FEED_URL, "https://g.example/1" }, { FEED_LATITUDE, "46.100000" }, { FEED_LONGITUDE, "3.200000" }, { FEED_COMPANY, "Ville de Gannat" } } },
    { "described/headerless.csv", "ligne", 3,
      { { FEED_REFERENCE, "K1" }, { FEED_TITLE, "Soudeur" }, { FEED_CONTRACT, "cdi" }, { FEED_POSTCODE, "03000" }, { FEED_START, "2026-04-01" } } },
    { "described/grouped.xml", "agences/agence/client/missions/mission", 3, { { FEED_REFERENCE, "M1" }, { FEED_TITLE, "Cariste" }, { FEED_COMPANY, "Usine Nord" }, { FEED_SIRET, "" } } },
    { "described/languages.xml", "jobs/job", 2, { { FEED_REFERENCE, "1" }, { FEED_TITLE, "Boulanger" } } },
    { "described/titles_above.csv", "ligne", 2,
      { { FEED_REFERENCE, "E-1" }, { FEED_TITLE, "Électricien F/H" }, { FEED_CITY, "Moulins" }, { FEED_SALARY_MAX, "2100.50" }, { FEED_SALARY_PERIOD, "month" } } },
    { "described/comments.tsv", "ligne", 2, { { FEED_REFERENCE, "1" }, { FEED_TITLE, "Maçon" }, { FEED_LATITUDE, "46.566000" }, { FEED_COMPANY, "BTP Sud" } } },
    { "described/wordpress.xml", "rss/channel/item", 3,
      { { FEED_REFERENCE, "https://emploi.example/?post_type=job_listing&p=101" }, { FEED_TITLE, "Boulanger tourier" }, { FEED_CONTRACT, "cdi" }, { FEED_COMPANY, "Fournil du Pont" },
        { FEED_CITY, "Moulins" }, { FEED_LATITUDE, "46.566000" }, { FEED_LONGITUDE, "3.333000" }, { FEED_SALARY_MIN, "1900.00" }, { FEED_SALARY_PERIOD, "month" },
        { FEED_APPLY_EMAIL, "emploi@fournil.example" }, { FEED_APPLY_URL, "" }, { FEED_STATE, "open" } } },
    { "described/american.xml", "jobs/job", 4,
      { { FEED_REFERENCE, "US-1" }, { FEED_TITLE, "Directeur délégué" }, { FEED_CITY, "Vichy" }, { FEED_START, "2026-09-01" }, { FEED_SALARY_PERIOD, "year" }, { FEED_STATE, "open" } } },
    { "keyed.json", "*", 3, { { FEED_REFERENCE, "offre_31" }, { FEED_TITLE, "Vendeur en boulangerie" }, { FEED_CITY, "MOULINS" }, { FEED_CONTRACT, "cdi" } } },
    { "capitals.csv", "ligne", 2,
      { { FEED_REFERENCE, "E/1" }, { FEED_TITLE, "Ouvrier d'abattoir" }, { FEED_COMPANY, "VIANDES DU BOCAGE" }, { FEED_SIRET, "73282932000074" }, { FEED_POSTCODE, "03160" },
        { FEED_CITY, "BOURBON L'ARCHAMBAULT" }, { FEED_CONTRACT, "cdd" }, { FEED_DURATION, "6 month" }, { FEED_HOURS, "35.0" }, { FEED_POSTS, "5" }, { FEED_SALARY_MIN, "1802.00" },
        { FEED_SALARY_MAX, "1950.00" }, { FEED_SALARY_PERIOD, "month" }, { FEED_START, "2026-07-01" }, { FEED_EXPERIENCE, "none" } } },
    // Names that share a first word; an agency's own; parts of an ad one of which is called job; places beside a main one; merged cells above.
    { "prefixed.xml", "result/annonces/annonce", 2,
      { { FEED_REFERENCE, "70112" }, { FEED_TITLE, "Poseur de cuisines" }, { FEED_CITY, "Saint-Rémy-en-Rollat" }, { FEED_POSTCODE, "03110" }, { FEED_CONTRACT, "cdi" }, { FEED_END, "2026-12-24" },
        { FEED_DESCRIPTION, "Pose chez le client, raccordements, reprise des finitions.\nTournées dans l'Allier et la Nièvre.\n\nMenuisier poseur, deux ans d'expérience." }, { FEED_TRAINING, "BEP\nCAP" },
        { FEED_COMPANY, "Cuisines du Val" }, { FEED_SALARY_MIN, "24000.00" }, { FEED_SALARY_PERIOD, "year" } } },
    { "agency.xml", "jobs/job", 2,
      { { FEED_REFERENCE, "IB/03/2211" }, { FEED_TITLE, "Plaquiste N3P1 F/H" }, { FEED_CONTRACT, "interim" }, { FEED_DURATION, "8 week" }, { FEED_POSTS, "3" }, { FEED_SALARY_MIN, "12.60" },
        { FEED_SALARY_MAX, "14.20" }, { FEED_SALARY_PERIOD, "hour" }, { FEED_APPLY_PHONE, "0465710011" }, { FEED_APPLY_EMAIL, "cv-2211@bocage.example" }, { FEED_START, "2026-12-07" } } },
    { "ads.xml", "feed_of_ads/ad", 2,
      { { FEED_REFERENCE, "AD-118822" }, { FEED_TITLE, "Équipier polyvalent" }, { FEED_SIRET, "73282932000074" }, { FEED_CITY, "Moulins" }, { FEED_HOURS, "24.0" }, { FEED_POSTS, "4" }, { FEED_WORK_TIME, "part" },
        { FEED_SALARY_MIN, "11.88" }, { FEED_SALARY_PERIOD, "hour" }, { FEED_URL, "https://grill.example/118822/apply" }, { FEED_STATE, "open" } } },
    { "requisitions.json", "Report_Entry", 2,
      { { FEED_REFERENCE, "JR-10442" }, { FEED_CITY, "Vichy" }, { FEED_CONTRACT, "cdi" }, { FEED_POSTS, "1" }, { FEED_START, "2027-01-11" }, { FEED_END, "2026-12-31" }, { FEED_SALARY_MIN, "26000.00" },
        { FEED_SALARY_MAX, "30000.00" }, { FEED_SALARY_PERIOD, "year" }, { FEED_WORK_TIME, "full" }, { FEED_STATE, "open" } } },
    { "openings.json", "positionOpenings", 2,
      { { FEED_REFERENCE, "PO-2026-118" }, { FEED_CONTRACT, "cdi" }, { FEED_ROME, "H2901" }, { FEED_COMPANY, "Forges de Commentry" }, { FEED_URL, "https://forges.example/emploi/118" }, { FEED_SALARY_PERIOD, "month" },
        { FEED_CITY, "Commentry" }, { FEED_POSTS, "2" } } },
    { "fair.csv", "ligne", 4,
      { { FEED_REFERENCE, "1" }, { FEED_TITLE, "Scieur (H/F)" }, { FEED_COMPANY, "Scierie Laville" }, { FEED_POSTCODE, "03800" }, { FEED_CITY, "Gannat" }, { FEED_DESCRIPTION, "Poste en 2x8, formation assurée" } } },
};

static struct str bytes_of(const char *file)
{
    char                  path[1024];
    struct import_problem p    = { 0 };
    size_t                size = 0;
    snprintf(path, sizeof path, "%s/%s", FEEDS, file);
    char      *bytes = input_all(path, FEED_BYTES, &size, &p);
    struct str text  = bytes ? arena_str(arena, (struct str){ bytes, size }) : (struct str){ 0 };
    free(bytes);
    return text;
}

// The layout is written and read again: what a person saves.
static bool by_proposal(struct str bytes, struct feed_suggestion *s, struct feed_offer *ret)
{
    struct feed_item  *items = NULL;
    struct feed_fault  fault = { 0 };
    struct feed_layout again;
    enum feed_format   format = feed_format_of(bytes);
    struct feed_node  *root   = feed_read(arena, format, bytes, FEED_HEADER_FOUND, &fault);
    if (!root || !feed_suggest(arena, format, root, s) || !feed_layout_read(arena, feed_layout_write(arena, &s->layout), &again, &fault) ||
        !feed_items(arena, &again, root, &items)) {
        printf("# %.*s\n", STR_ARG(fault.sentence));
        return false;
    }
    feed_offer_read(arena, &again, &items[0], ret);
    return true;
}

static void test_proposals(void)
{
    for (size_t i = 0; i < LENGTH(feeds); i++) {
        struct feed_suggestion *s = ARENA_NEW(arena, struct feed_suggestion);
        struct feed_offer       o = { 0 };
        if (!by_proposal(bytes_of(feeds[i].file), s, &o)) {
            printf("# %s is not read\n", feeds[i].file);
            CHECK(false);
            continue;
        }
        CHECK_STR(s->layout.element, feeds[i].element);
        CHECK(s->elements == feeds[i].elements && o.is_usable);
        for (size_t k = 0; k < WANTED && feeds[i].wanted[k].value; k++) {
            struct str got = o.values[feeds[i].wanted[k].field].at ? o.values[feeds[i].wanted[k].field] : STR("");
            if (!str_eq(got, str_of(feeds[i].wanted[k].value))) {
                printf("# %s, %.*s\n", feeds[i].file, STR_ARG(feed_field_name(feeds[i].wanted[k].field)));
            }
            CHECK_STR(got, feeds[i].wanted[k].value);
        }
    }
}

// What a proposal says beside the paths: a mark that closes what is filled, days with the month first.
static void test_proposed_words(void)
{
    struct feed_suggestion *s = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_offer       o;
    CHECK(by_proposal(bytes_of("described/wordpress.xml"), s, &o));
    CHECK_STR(s->layout.fields[FEED_STATE], "status + postmeta[meta_key='_filled']/meta_value");
    CHECK(s->layout.word_count == 2);
    CHECK_STR(s->layout.words[0].theirs, "publish 1");
    CHECK_STR(s->layout.words[0].ours, "closed");
    CHECK_STR(s->layout.fields[FEED_APPLY_URL], "postmeta[meta_key='_application']/meta_value");
    CHECK(by_proposal(bytes_of("described/american.xml"), s, &o));
    CHECK(s->layout.days == FEED_DAYS_MONTH_FIRST);
    CHECK_STR(s->layout.fields[FEED_SALARY_PERIOD], "pay/unit");
    CHECK(by_proposal(STR("ref;poste;ville;date de début;pourvu\n1;Boulanger au fournil;Vichy;20/09/2026;non\n2;Boucher au rayon;Cusset;01/09/2026;oui\n"), s, &o));
    CHECK(s->layout.days == FEED_DAYS_FOUND);
    CHECK_STR(s->layout.fields[FEED_STATE], "pourvu");
    CHECK(s->layout.word_count == 2);
    CHECK_STR(o.values[FEED_STATE], "open");
    // Beside a mark a code of the state means what it means alone.
    CHECK(by_proposal(STR("ref;poste;ville;statut;pourvu\n1;Boulanger au fournil;Vichy;1;0\n2;Boucher au rayon;Cusset;0;0\n3;Cariste au quai;Moulins;1;1\n"), s, &o));
    CHECK_STR(s->layout.fields[FEED_STATE], "statut + pourvu");
    CHECK_STR(o.values[FEED_STATE], "open");
    for (size_t i = 0; i < s->layout.word_count; i++) {
        bool is_open = str_eq(s->layout.words[i].theirs, STR("1 0"));
        CHECK_STR(s->layout.words[i].ours, is_open ? "open" : "closed");
    }
    CHECK(s->layout.word_count == 4);
}

static void wants(const struct feed_offer *o, enum feed_field field, const char *value)
{
    struct str got = o->values[field].at ? o->values[field] : STR("");
    if (!str_eq(got, str_of(value))) {
        printf("# %.*s\n", STR_ARG(feed_field_name(field)));
    }
    CHECK_STR(got, value);
}

// Several places are an offer each, held by their names; posts that are said of all are shared out. A region beside a town is no place.
static void test_proposed_places(void)
{
    struct feed_suggestion *s = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_offer       o;
    CHECK(by_proposal(bytes_of("listed.json"), s, &o));
    CHECK_STR(s->layout.each, "cities");
    CHECK_STR(s->layout.fields[FEED_REFERENCE], "id ++ '-' ++ cities");
    CHECK(by_proposal(STR("<jobs><job><id>a1</id><title>Grutier de jour</title><openings>3</openings><places><place><town>Vichy</town><zip>03200</zip></place><place><town>Moulins</town><zip>03000</zip></place></places></job>"
                          "<job><id>a2</id><title>Soudeur de nuit</title><openings>1</openings><places><place><town>Gannat</town><zip>03800</zip></place></places></job></jobs>"), s, &o));
    CHECK_STR(s->layout.each, "places/place");
    wants(&o, FEED_REFERENCE, "a1-Vichy"), wants(&o, FEED_POSTCODE, "03200"), wants(&o, FEED_POSTS, "2");
    CHECK(by_proposal(STR("[{\"id\":\"a1\",\"title\":\"Grutier de jour\",\"city\":[\"Vichy\",\"Vichy\",\"Moulins\"],\"cp\":[\"03200\",\"03200\",\"03000\"]},{\"id\":\"a2\",\"title\":\"Soudeur de nuit\",\"city\":[\"Gannat\"],\"cp\":[\"03800\"]}]"), s, &o));
    CHECK_STR(s->layout.each, "city");
    CHECK_STR(s->layout.fields[FEED_REFERENCE], "id");
    CHECK(!s->layout.fields[FEED_POSTCODE].len);
    CHECK(by_proposal(STR("[{\"id\":\"a1\",\"title\":\"Grutier de jour\",\"location\":[\"Auvergne-Rhône-Alpes\",\"Allier (03)\",\"Vichy\"]},{\"id\":\"a2\",\"title\":\"Soudeur de nuit\",\"location\":[\"Auvergne-Rhône-Alpes\",\"Gannat\"]}]"), s, &o));
    CHECK(!s->layout.each.len);
}

// A main place and others beside it are an offer each, the main one under the reference alone; a place said twice is one, and what
// stands beside the main place alone is not said of the others.
static void test_places_beside(void)
{
    struct feed_suggestion *s = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_offer       o;
    struct feed_fault       fault = { 0 };
    struct feed_item       *items;
    CHECK(by_proposal(bytes_of("requisitions.json"), s, &o));
    CHECK_STR(s->layout.each, "Primary_Location | Additional_Locations/Location");
    CHECK_STR(s->layout.fields[FEED_CITY], "Primary_Location | Additional_Locations/Location");
    wants(&o, FEED_REFERENCE, "JR-10442"), wants(&o, FEED_CITY, "Vichy"), wants(&o, FEED_POSTS, "1");
    struct feed_layout layout;
    struct str         text = STR("element = \"job\"\nchaque = \"city | others/city\"\n\n[champs]\nreference = \"id\"\ntitre = \"title\"\nville = \"city | others/city\"\ncode_postal = \"zip\"\n");
    struct str         feed = STR("{\"job\":[{\"id\":\"1\",\"title\":\"Grutier\",\"city\":\"Vichy\",\"zip\":\"03200\",\"others\":[{\"city\":\"Vichy\"},{\"city\":\"Moulins\"},{\"city\":\"\"}]},"
                                  "{\"id\":\"2\",\"title\":\"Soudeur\",\"city\":\"Gannat\",\"zip\":\"03800\"}]}");
    CHECK(feed_layout_read(arena, text, &layout, &fault));
    CHECK(feed_items(arena, &layout, feed_layout_open(arena, &layout, feed, &fault), &items) == 3);
    static const char *const wanted[][3] = { { "1", "Vichy", "03200" }, { "1-2", "Moulins", "" }, { "2", "Gannat", "03800" } };
    for (size_t i = 0; i < LENGTH(wanted); i++) {
        feed_offer_read(arena, &layout, &items[i], &o);
        wants(&o, FEED_REFERENCE, wanted[i][0]), wants(&o, FEED_CITY, wanted[i][1]), wants(&o, FEED_POSTCODE, wanted[i][2]);
    }
}

// Several towns in one cell are proposed as an offer each, by what parts them; never what a town lies in, or an address.
static void test_parted_cells(void)
{
    static const struct {
        const char *cells[4], *separator;
    } cases[] = {
        { { "Moulins, Vichy, Montluçon", "Cusset", "03000 Yzeure" }, "','" },
        { { "Moulins (03) / Vichy (03) et Cusset", "Gannat", "la Palisse" }, "'/' | ' et '" },
        { { "Moulins ; Vichy", "Cusset" }, "';'" },
        { { "Moulins, Vichy", "Vichy, Cusset", "Moulins" }, "','" },
        { { "Saint-Pourçain, Allier (03)", "Vichy, Allier (03)", "Moulins" }, "" },
        { { "Moulins, Vichy, Montluçon", "Saint-Pourçain, Allier (03)" }, "" },
        { { "Bellenaves, Ébreuil", "Chouvigny, Ébreuil", "Bellenaves, Ébreuil", "Ébreuil" }, "" },
        { { "Moulins, Vichy", "Cusset" }, "" },
        { { "12 rue du Port, Vichy, Cusset", "Moulins" }, "" },
        { { "Vichy et environs", "Moulins, Cusset et Vichy, à distance" }, "" },
        { { "Vichy (Allier, Auvergne, France)", "Moulins" }, "" },
        { { "Arc et Senans", "Bourg-et-Comin", "Moulins ou Vichy" }, "' ou '" },
        { { "Fontenay s/Bois", "Moulins/Vichy/Cusset" }, "" },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct feed_suggestion *s    = ARENA_NEW(arena, struct feed_suggestion);
        struct str              text = STR("Ref\tPoste\tVille\tContrat\n");
        struct feed_offer       o;
        for (size_t k = 0; k < LENGTH(cases[i].cells) && cases[i].cells[k]; k++) {
            text = arena_printf(arena, "%.*sA%zu\tBoulanger au fournil %zu\t%s\tCDI\n", STR_ARG(text), k, k, cases[i].cells[k]);
        }
        CHECK(by_proposal(text, s, &o));
        struct str separator = s->layout.separator.at ? s->layout.separator : STR("");
        if (!str_eq(separator, str_of(cases[i].separator))) {
            printf("# %s\n", cases[i].cells[0]);
        }
        CHECK_STR(separator, cases[i].separator);
        CHECK(!s->layout.each.len == !separator.len);
    }
    struct feed_suggestion *s = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_offer       o;
    CHECK(by_proposal(STR("Ref;Poste;Ville;Postes\nA1;Boulanger au fournil;Moulins, Vichy, Gannat;4\nA2;Serveur en salle;Cusset;1\n"), s, &o));
    wants(&o, FEED_REFERENCE, "A1-Moulins"), wants(&o, FEED_CITY, "Moulins"), wants(&o, FEED_POSTS, "2");
}

// Names that are none of ours, told by what stands around them and by what they hold.
static void test_proposed_by_sense(void)
{
    struct feed_suggestion *s = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_offer       o;
    // Offers under the stand that collects them, which says who and where.
    CHECK(by_proposal(STR("<?xml version=\"1.0\"?><forum><stand no=\"A1\"><exposant>Clinique du Val</exposant><lieu><localite>Vichy</localite><codepostal>03200</codepostal></lieu>"
                          "<recrutement cle=\"A1-1\"><metier>Infirmier de nuit</metier><nature>C.D.I.</nature><quotite>80 %</quotite><texte>Dix nuits par mois.</texte></recrutement>"
                          "<recrutement cle=\"A1-2\"><metier>Brancardier</metier><nature>C.D.D. 3 mois</nature><quotite>100 %</quotite><texte>Entre les services.</texte></recrutement></stand>"
                          "<stand no=\"A2\"><exposant>Garage Sud</exposant><lieu><localite>Yzeure</localite><codepostal>03400</codepostal></lieu>"
                          "<recrutement cle=\"A2-1\"><metier>Carrossier</metier><nature>Apprentissage</nature><quotite>100 %</quotite><texte>En deux ans.</texte></recrutement></stand></forum>"), s, &o));
    CHECK_STR(s->layout.element, "forum/stand/recrutement");
    wants(&o, FEED_REFERENCE, "A1-1"), wants(&o, FEED_TITLE, "Infirmier de nuit"), wants(&o, FEED_CONTRACT, "cdi"), wants(&o, FEED_WORK_TIME, "part");
    wants(&o, FEED_COMPANY, "Clinique du Val"), wants(&o, FEED_CITY, "Vichy"), wants(&o, FEED_POSTCODE, "03200");
    // The French of several, as parts or as a list; a label of something else is no title; an end of a range of pay; published or not.
    CHECK(by_proposal(STR("{\"jobs\":[{\"uid\":\"b-1\",\"published\":true,\"i18n\":{\"de\":{\"title\":\"Pfleger\",\"body\":\"<p>Pflege bei Nacht</p>\"},\"fr\":{\"title\":\"Aide-soignant\",\"body\":\"<p>Soins de nuit auprès de douze personnes</p>\"}},\"contract\":{\"kind\":\"CDI\"},\"gross monthly min\":\"1950\"},"
                          "{\"uid\":\"b-2\",\"published\":false,\"i18n\":{\"de\":{\"title\":\"Koch\",\"body\":\"<p>Kochen am Tag</p>\"},\"fr\":{\"title\":\"Cuisinier\",\"body\":\"<p>Cuisine pour quatre-vingts couverts</p>\"}},\"contract\":{\"kind\":\"CDD\"},\"gross monthly min\":\"2100\"}]}"), s, &o));
    wants(&o, FEED_TITLE, "Aide-soignant"), wants(&o, FEED_DESCRIPTION, "Soins de nuit auprès de douze personnes"), wants(&o, FEED_STATE, "open"), wants(&o, FEED_SALARY_MIN, "1950.00");
    CHECK(by_proposal(STR("{\"postes\":{\"P-1\":{\"libelle\":[{\"lang\":\"en\",\"text\":\"Plumber\"},{\"lang\":\"fr\",\"text\":\"Plombier\"}],\"rome\":{\"code\":\"F1603\",\"libelle\":\"Installation sanitaire\"},\"temps_travail\":\"35 h\",\"vat\":\"FR44732829320\"},"
                          "\"P-2\":{\"libelle\":[{\"lang\":\"en\",\"text\":\"Roofer\"},{\"lang\":\"fr\",\"text\":\"Couvreur\"}],\"rome\":{\"code\":\"F1610\",\"libelle\":\"Pose de couvertures\"},\"temps_travail\":\"26 h\",\"vat\":\"FR44732829320\"}}}"), s, &o));
    wants(&o, FEED_REFERENCE, "P-1"), wants(&o, FEED_TITLE, "Plombier"), wants(&o, FEED_ROME, "F1603"), wants(&o, FEED_HOURS, "35.0"), wants(&o, FEED_SIREN, "732829320");
    // Names that repeat the name of what they stand in, and texts under the code of a language.
    CHECK(by_proposal(STR("<?xml version=\"1.0\"?><jobfeed><client><clientname>Laiterie</clientname><openings>"
                          "<opening><openingid>L-77</openingid><openingtitle>Conducteur de ligne</openingtitle><terms><category>CDI</category></terms><wages low=\"1900\" high=\"2100\" per=\"month\"/></opening>"
                          "<opening><openingid>L-78</openingid><openingtitle>Agent de quai</openingtitle><terms><category>CDD</category></terms><wages low=\"12.10\" high=\"12.80\" per=\"hour\"/></opening></openings></client></jobfeed>"), s, &o));
    wants(&o, FEED_REFERENCE, "L-77"), wants(&o, FEED_TITLE, "Conducteur de ligne"), wants(&o, FEED_CONTRACT, "cdi"), wants(&o, FEED_COMPANY, "Laiterie");
    wants(&o, FEED_SALARY_MIN, "1900.00"), wants(&o, FEED_SALARY_MAX, "2100.00"), wants(&o, FEED_SALARY_PERIOD, "month");
    CHECK(by_proposal(STR("{\"value\":[{\"guid\":\"9f1\",\"Headline\":{\"en-GB\":\"Head waiter\",\"fr-FR\":\"Chef de rang\"},\"Body\":{\"en-GB\":\"Serve the guests in the hall\",\"fr-FR\":\"Servir les clients en salle\"}},"
                          "{\"guid\":\"9f2\",\"Headline\":{\"en-GB\":\"Dishwasher\",\"fr-FR\":\"Plongeur\"},\"Body\":{\"en-GB\":\"Wash all the dishes\",\"fr-FR\":\"Laver la vaisselle du soir\"}}]}"), s, &o));
    wants(&o, FEED_TITLE, "Chef de rang"), wants(&o, FEED_DESCRIPTION, "Servir les clients en salle");
    // What only looks like these: a name that begins like what it stands in, two letters that are no language.
    CHECK(by_proposal(STR("<?xml version=\"1.0\"?><postes><poste><posteid>P1</posteid><postetitre>Grutier</postetitre><postes>3</postes><postecode>03000</postecode><lieu><postcode>03200</postcode></lieu></poste>"
                          "<poste><posteid>P2</posteid><postetitre>Soudeur</postetitre><postes>2</postes><postecode>03100</postecode><lieu><postcode>03300</postcode></lieu></poste></postes>"), s, &o));
    wants(&o, FEED_REFERENCE, "P1"), wants(&o, FEED_TITLE, "Grutier"), wants(&o, FEED_POSTS, "3"), wants(&o, FEED_POSTCODE, "03200");
    CHECK(by_proposal(STR("[{\"id\":\"a1\",\"cp\":\"03000\",\"titre\":\"Grutier\",\"fr\":\"https://a.example/1\"},{\"id\":\"a2\",\"cp\":\"03100\",\"titre\":\"Soudeur\",\"fr\":\"https://a.example/2\"}]"), s, &o));
    wants(&o, FEED_REFERENCE, "a1"), wants(&o, FEED_POSTCODE, "03000"), wants(&o, FEED_TITLE, "Grutier");
    // A table written by hand: nothing numbers its offers, its texts are short.
    CHECK(by_proposal(STR("Employeur;Intitulé du poste;Ville;Description;Personne à contacter\nGarage Roy;Mécanicien;Vichy;Autos et motos;Mme Roy\nGarage Roy;Carrossier;Vichy;Autos;Mme Roy\n"), s, &o));
    wants(&o, FEED_REFERENCE, "Garage Roy Mécanicien Vichy"), wants(&o, FEED_DESCRIPTION, "Autos et motos"), wants(&o, FEED_APPLY_NAME, "Mme Roy");
    // Where one reads it, and where one applies.
    CHECK(by_proposal(STR("[{\"id\":\"7\",\"title\":\"Grutier\",\"url\":\"https://a.example/7\",\"apply\":{\"url\":\"https://a.example/7/cv\"}},{\"id\":\"8\",\"title\":\"Soudeur\",\"url\":\"https://a.example/8\",\"apply\":{\"url\":\"https://a.example/8/cv\"}}]"), s, &o));
    wants(&o, FEED_URL, "https://a.example/7"), wants(&o, FEED_APPLY_URL, "https://a.example/7/cv");
    // A number that looks a little like a day is a reference all the same; lists parted by bars; pay by the hour.
    CHECK(by_proposal(STR("N\xC2\xB0 de la fiche;Poste;Mission du;Taux horaire;Comp\xC3\xA9tences;Ville\n"
                          "2026-0451;Pr\xC3\xA9parateur de commandes;30/11/2026;12,10 \xE2\x82\xAC;Caces 1|Lecture de bons;Avermes\n2026-0452;Soudeur semi-auto;07/12/2026;14,20 \xE2\x82\xAC;Soudage;Commentry\n"), s, &o));
    wants(&o, FEED_REFERENCE, "2026-0451"), wants(&o, FEED_START, "2026-11-30"), wants(&o, FEED_SALARY_MIN, "12.10"), wants(&o, FEED_SALARY_PERIOD, "hour"), wants(&o, FEED_SKILLS, "Caces 1\nLecture de bons");
}

enum { DESCRIBED = 34 }; // as docs/feeds.md counts them

// Feeds with what only a person can say of them (tests/feeds/described): FILE by FILE.toml is FILE.offers, as the command writes it.
static void test_described(void)
{
    glob_t found;
    CHECK(glob(FEEDS "/described/*.toml", 0, NULL, &found) == 0 && found.gl_pathc == DESCRIBED);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct str file = str_sub(str_of(found.gl_pathv[i]), sizeof FEEDS, strlen(found.gl_pathv[i]));
        struct feed_fault  fault = { 0 };
        struct feed_layout layout;
        struct feed_item  *items;
        struct str         name   = arena_printf(arena, "%.*s", (int)(file.len - strlen(".toml")), file.at), line;
        struct str         wanted = bytes_of(arena_printf(arena, "%s.offers", name.at).at);
        bool               is_ok  = feed_layout_read(arena, bytes_of(arena_printf(arena, "%s.toml", name.at).at), &layout, &fault);
        struct feed_node  *root   = is_ok ? feed_layout_open(arena, &layout, bytes_of(name.at), &fault) : NULL;
        size_t             count  = root ? feed_items(arena, &layout, root, &items) : 0;
        printf("# %.*s%.*s\n", STR_ARG(name), STR_ARG(fault.sentence));
        CHECK(count > 0);
        for (size_t k = 0; k < count; k++) {
            struct feed_offer o;
            struct buf        text = buf_init(MIB(1));
            feed_offer_read(arena, &layout, &items[k], &o);
            feed_offer_write(&o, &text);
            CHECK(str_cut(&wanted, '\n', &line));
            CHECK_STR(buf_str(&text), arena_text(arena, line));
            buf_done(&text);
        }
        CHECK(wanted.len == 0);
    }
    globfree(&found);
}

static void test_other_elements(void)
{
    struct feed_fault      fault  = { 0 };
    struct str             bytes  = bytes_of("envelope.json");
    struct feed_node      *root   = feed_read(arena, FEED_JSON, bytes, FEED_HEADER_FOUND, &fault);
    struct feed_suggestion *s     = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_element    found[FEED_ELEMENTS];
    CHECK(root && feed_elements(arena, root, found) > 0);
    CHECK_STR(found[0].path, "data/results");
    CHECK(found[0].count == 2);
    CHECK(feed_look(arena, root, STR("data/results/attributes"), s) && s->elements == 2 && s->path_count > 5);
    CHECK(!feed_look(arena, root, STR("nowhere"), s));
}

static struct str compressed(struct str text, size_t *room, char *into)
{
    z_stream z = { 0 };
    CHECK(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text.at, z.avail_in = (uInt)text.len;
    z.next_out = (Bytef *)into, z.avail_out = (uInt)*room;
    CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
    size_t size = *room - z.avail_out;
    deflateEnd(&z);
    return (struct str){ into, size };
}

static void test_compressed(void)
{
    static char       into[256 * 1024];
    size_t            room  = sizeof into;
    struct feed_fault fault = { 0 };
    struct str        plain = STR("<a><b/></a>"), text = compressed(plain, &room, into);
    CHECK(feed_plain(arena, &text, &fault) && str_eq(text, plain));
    text = str_sub(compressed(plain, &room, into), 0, 15);
    CHECK(!feed_plain(arena, &text, &fault) && fault.sentence.len);
    text = compressed(plain, &room, into);
    memset(into + text.len, 0, 40);
    text.len += 40; // tapes and blocks are filled up
    CHECK(feed_plain(arena, &text, &fault) && str_eq(text, plain));
    text       = compressed(plain, &room, into);
    size_t two = text.len;
    memmove(into + two, into, two);
    text = (struct str){ into, 2 * two };
    CHECK(feed_plain(arena, &text, &fault) && text.len == 2 * plain.len);
    struct str whole = plain;
    CHECK(feed_plain(arena, &whole, &fault) && whole.at == plain.at);
    size_t huge   = (size_t)FEED_BYTES + 1024;
    char  *zeroes = calloc(1, huge);
    text          = compressed((struct str){ zeroes, huge }, &room, into);
    CHECK(!feed_plain(arena, &text, &fault) && strstr(fault.sentence.at, "64"));
    free(zeroes);
}

int main(void)
{
    arena = arena_new();
    RUN(test_proposals);
    RUN(test_proposed_words);
    RUN(test_proposed_places);
    RUN(test_places_beside);
    RUN(test_parted_cells);
    RUN(test_proposed_by_sense);
    RUN(test_described);
    RUN(test_other_elements);
    RUN(test_compressed);
    arena_free(arena);
    return tap_done();
}
