// Feeds of offers: the three readers, layouts, values, proposals; and, when they are there, feeds as partners really send them.
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "feed/suggest.h"
#include "feed/text.h"
#include "tap.h"

static struct arena *arena;

static struct feed_node *tree(const char *text)
{
    struct feed_fault fault = { 0 };
    struct feed_node *root  = feed_read(arena, feed_format_of(str_of(text)), str_of(text), &fault);
    if (!root) {
        printf("# %.*s\n", STR_ARG(fault.sentence));
    }
    return root;
}

static struct str value(const char *text, const char *element, const char *expression)
{
    const struct feed_node *node = NULL;
    struct feed_node       *root = tree(text);
    if (!root || !feed_find(root, str_of(element), &node, 1)) {
        return (struct str){ 0 };
    }
    return feed_value(arena, node, str_of(expression), STR(" / "));
}

static void test_readers(void)
{
    const char *xml = "<?xml version=\"1.0\"?><a:jobs xmlns:a=\"urn:x\"><a:job id=\"7\"><t><![CDATA[Ma\xC3\xA7on & <b>fils</b>]]></t>"
                      "<c> Vichy </c><c>Moulins</c><e/></a:job></a:jobs>";
    CHECK_STR(value(xml, "jobs/job", "t"), "Maçon & <b>fils</b>");
    CHECK_STR(value(xml, "jobs/job", "@id"), "7");
    CHECK_STR(value(xml, "jobs/job", "c"), "Vichy / Moulins");
    CHECK_STR(value(xml, "jobs/job", "e | x | 'rien'"), "rien");
    CHECK_STR(value(xml, "jobs/job", "@id + t"), "7 / Maçon & <b>fils</b>");
    CHECK(str_is_absent(value(xml, "jobs/job", "e | x")));
    const char *json = "\xEF\xBB\xBF{\"data\":{\"offers\":[{\"id\":12,\"place\":{\"city\":\"Vichy\"},\"tags\":[\"a\",\"b\"],\"x\":null,\"ok\":true,\"n\":12.5}]}}";
    CHECK_STR(value(json, "data/offers", "id"), "12");
    CHECK_STR(value(json, "data/offers", "place/city"), "Vichy");
    CHECK_STR(value(json, "data/offers", "tags"), "a / b");
    CHECK_STR(value(json, "data/offers", "ok + n"), "true / 12.5");
    CHECK_STR(value("[{\"id\":1}]", "ligne", "id"), "1");
    const char *csv = "R\xE9" "f;Ville / CP;Texte\r\n1;Vichy;\"deux\r\nlignes\"\r\n2;;x\r\n";
    CHECK_STR(value(csv, "ligne", "R\xC3\xA9" "f"), "1");
    CHECK_STR(value(csv, "ligne", "Ville   CP"), "Vichy");
    CHECK_STR(value(csv, "ligne", "Texte"), "deux\r\nlignes");
    const char *latin = "<?xml version=\"1.0\" encoding=\"windows-1252\"?><a><b><c>\x80 d\x92\xE9t\xE9</c></b></a>";
    CHECK_STR(value(latin, "a/b", "c"), "€ d’été");
}

static const char *refusal(const char *text)
{
    struct feed_fault fault = { 0 };
    return feed_read(arena, feed_format_of(str_of(text)), str_of(text), &fault) ? "" : arena_text(arena, fault.sentence);
}

static void test_refusals(void)
{
    CHECK(strstr(refusal("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), "DTD"));
    CHECK(strstr(refusal("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"), "DTD"));
    CHECK(strstr(refusal("<a>&b;</a>"), "entité"));
    CHECK(strstr(refusal("<a><b></a>"), "balise"));
    CHECK(strstr(refusal("<a><b>"), "coupé"));
    CHECK(strstr(refusal("<?xml version=\"1.0\" encoding=\"klingon\"?><a/>"), "encodage"));
    CHECK(strstr(refusal("{\"a\":"), "JSON"));
    CHECK(strstr(refusal("  \n"), "vide"));
    struct buf deep = buf_init(KIB(8));
    for (int i = 0; i < FEED_DEPTH + 1; i++) {
        buf_add(&deep, STR("<a>"));
    }
    CHECK(strstr(refusal(deep.at), "profond"));
    buf_clear(&deep);
    for (int i = 0; i < 1000; i++) {
        buf_add(&deep, STR("{\"a\":"));
    }
    CHECK(*refusal(deep.at));
    buf_done(&deep);
}

static void test_text(void)
{
    CHECK_STR(feed_text(arena, STR("<p>Un&nbsp;  deux</p><p>trois<br>quatre</p>")), "Un deux\n\ntrois\nquatre");
    CHECK_STR(feed_text(arena, STR("<ul><li>un</li><li>deux</li></ul>fin")), "- un\n\n- deux\n\nfin");
    CHECK_STR(feed_text(arena, STR("a<script>alert('<p>')</script>b<style>p{}</style>c")), "abc");
    CHECK_STR(feed_text(arena, STR("&lt;p&gt;d&amp;eacute;j&agrave;&lt;/p&gt;")), "déjà");
    CHECK_STR(feed_text(arena, STR("1 < 2 & 3 > 2 &inconnu; &#x20AC; &#233; &#0; &#xD800;")), "1 < 2 & 3 > 2 &inconnu; € é &#0; &#xD800;");
    CHECK_STR(feed_text(arena, STR("<a href=\"javascript:x\" onclick='y'>lien</a><!-- non --><br/>ici")), "lien\nici");
    CHECK_STR(feed_cut(arena, STR("Un intitulé vraiment très long"), 15), "Un intitulé…");
    CHECK_STR(feed_fold(arena, STR("  Contrat d’Été — CDI (H/F) ")), "contrat d ete cdi h f");
}

static struct feed_offer offer_of(const char *field, const char *text)
{
    char              layout_text[512];
    struct feed_layout l;
    struct feed_fault  fault;
    struct feed_offer  o    = { 0 };
    struct feed_node   leaf = { .name = STR("v"), .text = str_of(text) };
    struct feed_node   node = { .first = &leaf, .last = &leaf };
    bool is_base = strcmp(field, "reference") != 0 && strcmp(field, "titre") != 0;
    snprintf(layout_text, sizeof layout_text, "element = \"a\"\n[champs]\n%s = \"v\"\n%s%s", field,
             is_base || strcmp(field, "titre") == 0 ? "reference = \"'R1'\"\n" : "", is_base || strcmp(field, "reference") == 0 ? "titre = \"'Boulanger'\"\n" : "");
    CHECK(feed_layout_read(arena, arena_str(arena, str_of(layout_text)), &l, &fault));
    feed_offer_read(arena, &l, &node, &o);
    return o;
}

static void test_values(void)
{
    static const struct {
        const char     *field, *given, *wanted;
        enum feed_field at;
    } cases[] = {
        { "debut", "2026-09-01T08:00:00+02:00", "2026-09-01", FEED_START }, { "debut", "01/09/2026", "2026-09-01", FEED_START },
        { "debut", "1-9-2026 10:00", "2026-09-01", FEED_START },            { "debut", "20260901", "2026-09-01", FEED_START },
        { "debut", "31/02/2026", "", FEED_START },                          { "debut", "dès que possible", "", FEED_START },
        { "heures", "35H Horaires normaux", "35.0", FEED_HOURS },           { "heures", "28,5 heures", "28.5", FEED_HOURS },
        { "heures", "151,67", "", FEED_HOURS },                             { "postes", "2 postes", "2", FEED_POSTS },
        { "postes", "0", "", FEED_POSTS },                                  { "rome", "G1602 - Cuisine", "G1602", FEED_ROME },
        { "rome", "code : d1102", "D1102", FEED_ROME },                     { "rome", "Z1102", "", FEED_ROME },
        { "siret", "732 829 320 00074", "73282932000074", FEED_SIRET },     { "siret", "73282932000075", "", FEED_SIRET },
        { "code_postal", "3000", "03000", FEED_POSTCODE },                  { "code_postal", "F-03200 Vichy", "03200", FEED_POSTCODE },
        { "commune", "2a004", "2A004", FEED_COMMUNE },                      { "latitude", "46,5", "46.500000", FEED_LATITUDE },
        { "latitude", "0", "", FEED_LATITUDE },                             { "longitude", "181", "", FEED_LONGITUDE },
        { "adresse_web", "javascript:alert(1)", "", FEED_URL },             { "adresse_web", "https://a.fr/x?y=1", "https://a.fr/x?y=1", FEED_URL },
        { "contrat", "Contrat à durée indéterminée", "cdi", FEED_CONTRACT }, { "contrat", "CDD - Alternance - Contrat d'apprentissage", "apprenticeship", FEED_CONTRACT },
        { "contrat", "Contrat pro", "professionalisation", FEED_CONTRACT }, { "contrat", "FULL_TIME", "cdi", FEED_CONTRACT },
        { "contrat", "Mission d’intérim", "interim", FEED_CONTRACT },       { "contrat", "CUI-CAE", "subsidised", FEED_CONTRACT },
        { "contrat", "Saisonnier", "seasonal", FEED_CONTRACT },             { "contrat", "Bénévolat", "", FEED_CONTRACT },
        { "competences", "Pétrissage exigé ; Cuisson (souhaitée) ; Vente [1234]", "Pétrissage (exigé)\nCuisson\nVente [1234]", FEED_SKILLS },
        { "permis", "B - Véhicule léger Exigé", "B - Véhicule léger (exigé)", FEED_LICENCES },
        { "conditions", "Port de charges, debout ;", "Port de charges, debout", FEED_CONDITIONS },
        { "salaire_mois", "12,5 mois", "12.5", FEED_SALARY_MONTHS },         { "salaire_mois", "40", "", FEED_SALARY_MONTHS },
        { "qualification", "6", "6", FEED_QUALIFICATION },                  { "qualification", "Employé qualifié", "6", FEED_QUALIFICATION },
        { "qualification", "12", "", FEED_QUALIFICATION },                  { "deplacements", "Quotidiens Départemental", "4", FEED_TRAVEL },
        { "deplacements", "1 - Jamais", "1", FEED_TRAVEL },                 { "accessible", "O", "true", FEED_ACCESSIBLE },
        { "adaptee", "false", "false", FEED_ADAPTED },                      { "candidature", "Employeur", "employer", FEED_APPLY_BY },
        { "telephone", "04 65 71 00 77", "04 65 71 00 77", FEED_APPLY_PHONE }, { "telephone", "au bureau", "", FEED_APPLY_PHONE },
        { "adresse_postuler", "postuler.fr", "", FEED_APPLY_URL },          { "consigne", "Le <b>matin</b>", "Le matin", FEED_APPLY_NOTE },
        { "titre", "<b>Serveur</b>\n H/F", "Serveur H/F", FEED_TITLE },     { "titre", "ab", "", FEED_TITLE },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct feed_offer o = offer_of(cases[i].field, cases[i].given);
        struct str        got = o.values[cases[i].at].at ? o.values[cases[i].at] : STR("");
        if (!str_eq(got, str_of(cases[i].wanted))) {
            printf("# %s \"%s\": %.*s\n", cases[i].field, cases[i].given, STR_ARG(got));
        }
        CHECK_STR(got, cases[i].wanted);
        CHECK((int)o.fault_count == (cases[i].wanted[0] == 0) + (cases[i].at != FEED_CONTRACT)); // and the contract that is missing
    }
    CHECK_STR(offer_of("titre", "Boucher H/F (alternance)").values[FEED_CONTRACT], "apprenticeship");
    CHECK(str_is_absent(offer_of("titre", "Chargé de mission").values[FEED_CONTRACT]));
    struct feed_offer one = offer_of("heures", "35"), same = offer_of("heures", "35,0"), other = offer_of("heures", "36");
    CHECK(str_eq(feed_offer_print(arena, &one), feed_offer_print(arena, &same)));
    CHECK(!str_eq(feed_offer_print(arena, &one), feed_offer_print(arena, &other)));
}

static void test_layout(void)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        { "", "element" },
        { "element = \"a\"\n[champs]\ntitre = \"t\"", "reference" },
        { "element = \"a\"\n[champs]\nreference = \"t\"", "titre" },
        { "element = \"a\"\nformat = \"pdf\"", "pdf" },
        { "element = \"a\"\n[champs]\ntitle = \"t\"", "title" },
        { "element = \"a\"\n[contrats]\n\"CDI\" = \"oui\"", "CDI" },
        { "elements = \"a\"", "elements" },
        { "element = \"a\"\n[autre]\n", "autre" },
        { "element = 3", "texte" },
    };
    struct feed_layout l;
    struct feed_fault  fault;
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        CHECK(!feed_layout_read(arena, str_of(wrong[i].text), &l, &fault));
        CHECK(strstr(arena_text(arena, fault.sentence), wrong[i].says) != NULL);
    }
    struct str text = STR("nom = \"Le \\\"journal\\\"\"\nformat = \"csv\"\nelement = \"ligne\"\n[champs]\nreference = \"id\"\ntitre = \"t | u\"\n[contrats]\n\"Durée Indét.\" = \"cdi\"\n");
    CHECK(feed_layout_read(arena, text, &l, &fault));
    CHECK_STR(feed_contract(arena, &l, STR("DUREE INDET")), "cdi");
    struct str written = feed_layout_write(arena, &l);
    CHECK(feed_layout_read(arena, written, &l, &fault));
    CHECK_STR(feed_layout_write(arena, &l), arena_text(arena, written));
}

static void test_proposal(void)
{
    struct buf xml = buf_init(MIB(1));
    buf_add(&xml, STR("<export><date>2026</date><annonces>"));
    for (int i = 0; i < 30; i++) {
        buf_printf(&xml, "<annonce><NumOffre>A%d</NumOffre><IntitulePoste>Boulanger numéro %d</IntitulePoste><DescriptifPoste>%s %d</DescriptifPoste>"
                         "<TypeContrat>%s</TypeContrat><Lieu><CP>03%03d</CP><Ville>Vichy</Ville></Lieu><Societe><Nom>Fournil %d</Nom></Societe></annonce>",
                   i, i, "Pétrir, façonner, cuire et vendre tous les matins du mardi au dimanche, dans une équipe de quatre personnes qui aime son métier et qui cherche quelqu’un.", i,
                   i % 2 ? "CDI" : "CDD", i, i % 7);
    }
    buf_add(&xml, STR("</annonces></export>"));
    struct feed_fault       fault;
    struct feed_suggestion *s    = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_node       *root = feed_read(arena, FEED_XML, buf_str(&xml), &fault);
    CHECK(root && feed_suggest(arena, FEED_XML, root, s));
    CHECK_STR(s->layout.element, "export/annonces/annonce");
    CHECK(s->elements == 30);
    CHECK_STR(s->layout.fields[FEED_REFERENCE], "NumOffre");
    CHECK_STR(s->layout.fields[FEED_TITLE], "IntitulePoste");
    CHECK_STR(s->layout.fields[FEED_DESCRIPTION], "DescriptifPoste");
    CHECK_STR(s->layout.fields[FEED_CONTRACT], "TypeContrat");
    CHECK_STR(s->layout.fields[FEED_POSTCODE], "Lieu/CP");
    CHECK_STR(s->layout.fields[FEED_CITY], "Lieu/Ville");
    CHECK_STR(s->layout.fields[FEED_COMPANY], "Societe/Nom");
    CHECK(!feed_suggest(arena, FEED_JSON, tree("{\"a\":1}"), s));
    buf_done(&xml);
}

// Feeds that are not part of the project: read whole, and a layout proposed that finds what an offer is made of.
static void test_real(void)
{
    static const struct {
        const char *file, *reference, *title, *element;
    } feeds[] = {
        { "flux_partenaires/hellowork.xml", "job_id", "title", "root/job" },
        { "flux_partenaires/apec.xml", "Reference_apec", "Intitule", "Export_offres/Offre_emploi" },
        { "flux_partenaires/kelio.xml", "id", "name", "source/jobs/job" },
        { "flux_partenaires/leboncoin.csv", "identifiant", "titre", "ligne" },
        { "flux_partenaires/france_travail_cegid.json", "reference", "title", "ligne" },
        { "offres/offres_v2_recherche_exemple.json", "id", "intitule", "resultats" },
    };
    const char *shared = getenv("MAILLAGE_SHARED");
    for (size_t i = 0; shared && i < LENGTH(feeds); i++) {
        struct feed_fault       fault = { 0 };
        struct feed_suggestion *s     = ARENA_NEW(arena, struct feed_suggestion);
        struct buf              bytes = buf_init(MIB(16));
        char                    piece[4096];
        FILE *file = fopen(arena_printf(arena, "%s/data/%s", shared, feeds[i].file).at, "rb");
        for (size_t n; file && (n = fread(piece, 1, sizeof piece, file)) > 0;) {
            buf_add(&bytes, (struct str){ piece, n });
        }
        if (file) {
            fclose(file);
        }
        struct feed_node *root = feed_read(arena, feed_format_of(buf_str(&bytes)), buf_str(&bytes), &fault);
        CHECK(root && feed_suggest(arena, feed_format_of(buf_str(&bytes)), root, s));
        if (root) {
            CHECK_STR(s->layout.element, feeds[i].element);
            CHECK_STR(s->layout.fields[FEED_REFERENCE], feeds[i].reference);
            CHECK_STR(s->layout.fields[FEED_TITLE], feeds[i].title);
            CHECK(s->layout.fields[FEED_DESCRIPTION].len > 0);
            const struct feed_node *elements[200];
            size_t                  count = feed_find(root, s->layout.element, elements, 200), usable = 0;
            for (size_t k = 0; k < count; k++) {
                struct feed_offer o;
                feed_offer_read(arena, &s->layout, elements[k], &o);
                usable += o.is_usable;
            }
            printf("# %s: %zu offers, %zu usable\n", feeds[i].file, count, usable);
            CHECK(count > 0 && usable == count);
        }
        buf_done(&bytes);
    }
}

// A list whose items have parts: which must be there, and by which code, stays with each of them.
static void test_asked(void)
{
    static const char answer[] = "{\"resultats\":[{\"id\":\"1\",\"intitule\":\"Soudeur\",\"romeCode\":\"H2913\",\"typeContrat\":\"CDI\",\"natureContrat\":\"Contrat travail\","
                                 "\"typeContratLibelle\":\"Contrat à durée indéterminée\",\"experienceExige\":\"D\",\"experienceLibelle\":\"Débutant accepté\","
                                 "\"origineOffre\":{\"origine\":\"1\"},\"accessibleTH\":true,\"deplacementCode\":\"3\","
                                 "\"competences\":[{\"code\":\"1\",\"libelle\":\"Souder\",\"exigence\":\"E\"},{\"code\":\"2\",\"libelle\":\"Meuler\",\"exigence\":\"S\"}],"
                                 "\"formations\":[{\"niveauLibelle\":\"CAP\",\"domaineLibelle\":\"soudage\",\"exigence\":\"E\"}],"
                                 "\"permis\":[{\"libelle\":\"B - Véhicule léger Exigé\",\"exigence\":\"E\"}]}]}";
    struct feed_suggestion *s = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_node       *root = tree(answer);
    struct feed_offer       o;
    CHECK(feed_suggest(arena, FEED_JSON, root, s));
    feed_offer_read(arena, &s->layout, root->first, &o);
    CHECK_STR(s->layout.name, "Offres d’emploi v2");
    CHECK_STR(o.values[FEED_SKILLS], "Souder (exigé) [1]\nMeuler [2]");
    CHECK_STR(o.values[FEED_TRAINING], "CAP soudage (exigé)");
    CHECK_STR(o.values[FEED_LICENCES], "B - Véhicule léger (exigé)");
    CHECK_STR(o.values[FEED_ACCESSIBLE], "true");
    CHECK_STR(o.values[FEED_TRAVEL], "3");
    CHECK_STR(o.values[FEED_CONTRACT], "cdi");
    CHECK(o.fault_count == 0);
}

int main(void)
{
    arena = arena_new();
    RUN(test_readers);
    RUN(test_refusals);
    RUN(test_text);
    RUN(test_values);
    RUN(test_layout);
    RUN(test_proposal);
    RUN(test_real);
    RUN(test_asked);
    arena_free(arena);
    return tap_done();
}
