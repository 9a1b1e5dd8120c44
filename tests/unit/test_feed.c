// Feeds of offers: the three readers, layouts, values, proposals; and, when they are there, feeds as partners really send them.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "feed/contract.h"
#include "feed/suggest.h"
#include "feed/text.h"
#include "tap.h"

static struct arena *arena;

static struct feed_node *tree(const char *text)
{
    struct feed_fault fault = { 0 };
    struct feed_node *root  = feed_read(arena, feed_format_of(str_of(text)), str_of(text), FEED_HEADER_FOUND, &fault);
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
    return feed_value(arena, &(struct feed_item){ .element = node }, str_of(expression), STR(" / "));
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

// What programs write that put a file together by hand.
static void test_careless(void)
{
    CHECK_STR(value("\n\n<?xml version=\"1.0\"?><a><b><c>x</c></b></a>", "a/b", "c"), "x");
    CHECK_STR(value("<a><b><c>d&eacute;j&agrave; &b; R&D 1 < 2 \x0b&#8230;&#x1F;!</c><d><![CDATA[&eacute; & <]]></d></b></a>", "a/b", "c + d"), "déjà &b; R&D 1 < 2  … ! / &eacute; & <");
    CHECK_STR(value("<?xml version=\"1.0\" encoding=\"utf-16\"?><a><b><c>\xC3\xA9</c></b></a>", "a/b", "c"), "é");
    CHECK_STR(value("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a><b><c>\xC3\xA9</c></b></a>", "a/b", "c"), "é");
    CHECK_STR(value("<?xml version=\"1.0\" encoding=\"utf-8\"?><a><b><c>\xE9 \x80</c></b></a>", "a/b", "c"), "é €");
    CHECK_STR(value("<a><b><c>\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9 \xC3.</c></b></a>", "a/b", "c"), "ééééé \uFFFD.");
    CHECK_STR(value("[{\"t\":\"\xE9t\xE9\"}]", "ligne", "t"), "été");
    // A DTD that is only named is not fetched, and entities of HTML are read as without it.
    CHECK_STR(value("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!-- a > b -->\n<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\"\n \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">"
                    "<rss><b k='&eacute;'><c>&eacute;t\xE9 &b;</c></b></rss>", "rss/b", "@k + c"), "é / été &b;");
    CHECK_STR(value("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a><b><c>x</c></b></a>", "a/b", "c"), "x");
    CHECK(tree("<!DOCTYPE a\n SYSTEM 'x>'\n><a>\n<b/></a>")->first->first->line == 4);
    // Mark-up that nobody escaped is text of what it stands in, and stays a part too.
    CHECK_STR(value("<a><b><c>Pose de <b>carrelage </b>neuf<br/>ici</c></b></a>", "a/b", "c"), "Pose de <b>carrelage </b>neuf<br>ici");
    CHECK_STR(value("<a><b><c><p>un</p><p>deux</p></c></b></a>", "a/b", "c/p"), "un / deux");
    // A line of JSON that is none stands for itself alone; the line is told.
    struct feed_node *root = tree("{\"a\":1}\n{\"a\":\n{\"a\":3}\n");
    CHECK(root && root->first && root->first->next && root->last->line == 3);
    CHECK(root->first->next->line == 2 && !root->first->next->first);
    CHECK_STR(value("[{\"t\":\"deux\nlignes\t\\\"ici\\\", l\xC3\xA0\",},]", "ligne", "t"), "deux\nlignes \"ici\", là");
    // An escape that is none costs only itself.
    CHECK_STR(value("[{\"t\":\"Vendeur \\ud83d\",\"u\":\"x\"}]", "ligne", "t + u"), "Vendeur \uFFFD / x");
    CHECK_STR(value("[{\"t\":\"a\\udE00b\\u0000c\\uD83D\\uDE00\\ud83d\\u00e9\"}]", "ligne", "t"), "a\uFFFDb\uFFFDc\U0001F600\uFFFDé");
    CHECK_STR(value("[{\"t\":\"l\\'eau C:\\Windows \\u12 \\\"ici\\\" \\\\\"}]", "ligne", "t"), "l'eau C:\\Windows \\u12 \"ici\" \\");
    CHECK_STR(value("[{\"t\":NaN,\"u\":-Infinity,\"v\":\"NaN, None\",\"w\":None}]", "ligne", "t | u | w | v"), "NaN, None");
    root = tree("{\"a\":\"un\"}\n{\"a\":\"de\\ud83dux\"}\n{\"a\":\"\\u0000}\n{\"a\":\"trois\"}\n");
    CHECK(root && root->last->line == 4 && str_eq(root->last->first->text, STR("trois")));
    CHECK_STR(root->first->next->first->text, "de\uFFFDux");
    CHECK(root->first->next->next->line == 3 && !root->first->next->next->first);
    // Rows without names; what a file says of itself before its table.
    CHECK_STR(value("{\"rows\":[[\"R1\",[1,2]],[\"R2\",null]]}", "rows", "1 + 2"), "R1 / 1 / 2");
    const char *notes = "# export\n# de mars\nid;titre\n1;Ma\xC3\xA7on\n";
    CHECK_STR(value(notes, "ligne", "titre"), "Maçon");
    CHECK(tree(notes)->first->line == 4);
    CHECK_STR(value("#id;titre\n1;Boucher\n", "ligne", "#id + titre"), "1 / Boucher");
    CHECK_STR(value("Offres de mars;;\n\nid;titre;lieu\n1;Boucher;Vichy\n", "ligne", "titre"), "Boucher");
}

static void test_paths(void)
{
    static const char xml[] = "<s pays='FR'><x:t xmlns:x='u'>autre</x:t><t>vrai</t><j n='1'><x:d>1</x:d><d>2</d><f k='Lieu'>Vichy</f><f k=\"Date d'effet\">mardi</f>"
                              "<f k='vide'/><l ok='oui'>a</l><l>b</l><l ok='non'>c</l><y><z>q</z></y></j></s>";
    static const struct {
        const char *path, *wanted;
    } cases[] = {
        { "f[@k='Lieu']", "Vichy" },           { "f[@k = Lieu]", "Vichy" },         { "f[@k='Date d'effet']", "mardi" },
        { "f[@k='Rien']", "" },                { "l[@ok != 'non']", "a / b" },      { "l[@ok='']", "b" },
        { "l[@ok!='']", "a / c" },             { "l[2]", "b" },                     { "l[@ok!=''][2]", "c" },
        { "l[.='c']/@ok", "non" },             { "l[4]", "" },                      { "../@pays", "FR" },
        { "/s/@pays", "FR" },                  { "/s/t", "vrai" },                  { "/s/x:t", "autre" },
        { "x:d", "1" },                        { "d", "2" },                        { "../../..", "" },
        { ". + @n", "1" },                     { "@@ ++ '-' ++ @n", "j-1" },        { "y/@@", "y" },
        { "y[z='q']/z", "q" },                 { "'l’on dit : ' ++ f[@k='Lieu']", "l’on dit : Vichy" },
        { "'https://x.fr/' ++ rien", "" },     { "'https://x.fr/' ++ rien | @n", "1" }, { "@n + 'C++ | a+b'", "1 / C++ | a+b" },
        { "'d'un seul tenant'", "d'un seul tenant" },                               { "@n ++ 'ter' + 'x'", "1ter / x" },
        { "y/../@n", "" },                     { "f[", "" },                        { "f[@k='Lieu'", "" }, { "l[@ok]", "oui / non" },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct str got = value(xml, "s/j", cases[i].path);
        if (!str_eq(got, str_of(cases[i].wanted)) && got.len + strlen(cases[i].wanted)) {
            printf("# %s\n", cases[i].path);
            CHECK_STR(got.at ? got : STR(""), cases[i].wanted);
        }
    }
    const char *said = "<r><i><t>Boucher - CDI - Moulins</t><d>&lt;p&gt;Lieu : Vichy (03)&lt;br/&gt;Date d'effet : lundi&lt;/p&gt;Lieu : Cusset</d></i></r>";
    CHECK_STR(value(said, "r/i", "d/'Lieu :'"), "Vichy (03)");
    CHECK_STR(value(said, "r/i", "d/'Date d'effet :' + t/' - '[3]"), "lundi / Moulins");
    CHECK_STR(value(said, "r/i", "t/' - '[1] ++ '/' ++ t/' - '[2]"), "Boucher/CDI");
    CHECK_STR(value(said, "r/i", "t/' - '[4] | d/'Salaire :' | 'rien'"), "rien");
    CHECK_STR(value(said, "r/i", "t/'CDI'"), "- Moulins");
    CHECK_STR(value("N\xC2\xB0 d'offre;Type / contrat\n1;CDI\n", "ligne", "N\xC2\xB0 d'offre + Type / contrat"), "1 / CDI");
    const struct feed_node *nodes[8];
    struct feed_node       *root = tree("<a><b><c/><c/></b><d><c/></d></a>");
    CHECK(feed_find(root, STR("a/d/c | a/b/c"), nodes, 8) == 3 && nodes[0] == root->first->last->first);
    CHECK(feed_find(tree("{\n\"a\":1}\n{\n\"a\":2}\n{\"a\":\n3}"), STR("ligne/a"), nodes, 8) == 3 && str_eq(nodes[2]->text, STR("3"))); // no document is one line
    CHECK(feed_find(root, STR("a/*/c"), nodes, 1) == 3 && feed_find_some(root, STR("a/*/c"), nodes, 2) == 2);
}

// One element, several offers; words of theirs for ours.
static void test_each(void)
{
    static const char text[] = "element = \"o/a\"\nchaque = \"l/v\"\n[champs]\nreference = \"@id\"\ntitre = \"t\"\nville = \"l/v\"\ncode_postal = \"l/v/@cp\"\n"
                               "temps = \"p\"\netat = \"e\"\ncontrat = \"k\"\n[temps]\n\"12\" = \"partiel\"\n[contrats]\n\"Z 9\" = \"cdd\"\n\"?autre\" = \"\"\n[etat]\n\"3\" = \"closed\"\n\"*\" = \"open\"\n";
    static const char xml[] = "<o><a id='7'><t>Commis de salle</t><l><v cp='03200'>Vichy</v><v cp='03000'>Moulins</v></l><p>12</p><e>0</e><k>x</k><k>z-9</k></a>"
                              "<a id='8'><t>Stage de vente</t><l/><e>3</e><k>Autre</k></a></o>";
    struct feed_layout l;
    struct feed_fault  fault;
    struct feed_item  *items;
    struct feed_offer  o[3];
    CHECK(feed_layout_read(arena, str_of(text), &l, &fault));
    CHECK_STR(feed_layout_write(arena, &l), arena_text(arena, feed_layout_write(arena, &l)));
    CHECK(feed_items(arena, &l, tree(xml), &items) == 3);
    for (size_t i = 0; i < 3; i++) {
        feed_offer_read(arena, &l, &items[i], &o[i]);
    }
    CHECK_STR(o[0].values[FEED_REFERENCE], "7");
    CHECK_STR(o[1].values[FEED_REFERENCE], "7-2");
    CHECK_STR(o[1].values[FEED_CITY], "Moulins");
    CHECK_STR(o[1].values[FEED_POSTCODE], "03000");
    CHECK_STR(o[1].values[FEED_WORK_TIME], "part");
    CHECK_STR(o[0].values[FEED_STATE], "open"); // 0 would be closed: the table says otherwise
    CHECK_STR(o[0].values[FEED_CONTRACT], "cdd");
    CHECK_STR(o[2].values[FEED_REFERENCE], "8");
    CHECK_STR(o[2].values[FEED_CONTRACT], "internship"); // their word stands for nothing: the title says it
    CHECK_STR(o[2].values[FEED_STATE], "closed");
    CHECK(o[0].fault_count == 0 && o[2].fault_count == 0);
    struct str written = feed_layout_write(arena, &l);
    CHECK(feed_layout_read(arena, written, &l, &fault));
    CHECK_STR(feed_layout_write(arena, &l), arena_text(arena, written));
    CHECK_STR(feed_unmet(items, 3, STR("t + tt")), "tt");
    CHECK(str_is_absent(feed_unmet(items, 3, STR("tt | t"))));
    CHECK(str_is_absent(feed_unmet(items, 3, STR("'x' ++ @id"))));
}

static const char *refusal(const char *text)
{
    struct feed_fault fault = { 0 };
    return feed_read(arena, feed_format_of(str_of(text)), str_of(text), FEED_HEADER_FOUND, &fault) ? "" : arena_text(arena, fault.sentence);
}

static void test_refusals(void)
{
    CHECK(strstr(refusal("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), "DTD"));
    CHECK(strstr(refusal("<?xml version=\"1.0\"?><!-- x > --><!DOCTYPE a SYSTEM \"x\" [\n<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"), "DTD"));
    CHECK(strstr(refusal("<!DOCTYPE a SYSTEM \"x>\" [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]><a/>"), "DTD"));
    CHECK(strstr(refusal("<!DOCTYPE html>\n<html><body><p>Maintenance</p></body></html>"), "page web"));
    CHECK(strstr(refusal("<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><html><br></html>"), "page web"));
    CHECK(*refusal("<!DOCTYPE a SYSTEM \"x"));
    CHECK(*refusal("<!DOCTYPE"));
    CHECK(strstr(refusal("<a><b></a>"), "balise"));
    CHECK(strstr(refusal("<a><b>"), "coupé"));
    CHECK(strstr(refusal("<?xml version=\"1.0\" encoding=\"klingon\"?><a/>"), "encodage"));
    CHECK(strstr(refusal("{\"a\":"), "coupé"));
    CHECK(strstr(refusal("{\"a\" 1}"), "JSON"));
    CHECK(strstr(refusal("{\"a\":1}\n{\"a\":"), "coupé"));
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
    CHECK_STR(feed_text(arena, STR("<ul><li>un</li><li>deux</li></ul>fin")), "- un\n- deux\n\nfin");
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
    feed_offer_read(arena, &l, &(struct feed_item){ .element = &node }, &o);
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
        { "siren", "732 829 321", "", FEED_SIREN },                           { "fin", "30.04.2026", "2026-04-30", FEED_END },
        { "experience_mois", "90 JO", "3", FEED_EXPERIENCE_MONTHS },          { "experience_mois", "2 AN", "24", FEED_EXPERIENCE_MONTHS },
        { "commune", "2a004", "2A004", FEED_COMMUNE },                      { "latitude", "46,5", "46.500000", FEED_LATITUDE },
        { "latitude", "0", "", FEED_LATITUDE },                             { "longitude", "181", "", FEED_LONGITUDE },
        { "adresse_web", "javascript:alert(1)", "", FEED_URL },             { "adresse_web", "https://a.fr/x?y=1", "https://a.fr/x?y=1", FEED_URL },
        { "contrat", "Contrat à durée indéterminée", "cdi", FEED_CONTRACT }, { "contrat", "CDD - Alternance - Contrat d'apprentissage", "apprenticeship", FEED_CONTRACT },
        { "contrat", "Contrat pro", "professionalisation", FEED_CONTRACT }, { "contrat", "Regular", "cdi", FEED_CONTRACT },
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
        { "debut", "/Date(1775001600000+0200)/", "2026-04-01", FEED_START }, { "debut", "3 mars 2026", "2026-03-03", FEED_START },
        { "code_postal", "12 rue du Port, 03100 Montluçon", "03100", FEED_POSTCODE }, { "siret", "732 829 320", "732829320", FEED_SIREN },
        { "ville", "12 rue du Port, 03100 Montluçon, France", "Montluçon", FEED_CITY }, { "ville", "MOULINS CEDEX 9", "MOULINS", FEED_CITY },
        { "ville", "Lyon 3e Arrondissement", "Lyon", FEED_CITY },            { "ville", "Moulins (03)", "Moulins", FEED_CITY },
        { "ville", "Néris-les-Bains, 03310", "Néris-les-Bains", FEED_CITY }, { "ville", "Lyons-la-Forêt", "Lyons-la-Forêt", FEED_CITY },
        { "latitude", "46.566, 3.333", "46.566000", FEED_LATITUDE },         { "longitude", "46,566 3,333", "3.333000", FEED_LONGITUDE },
        { "latitude", "POINT(3.333 46.566)", "46.566000", FEED_LATITUDE },   { "longitude", "-1.55", "-1.550000", FEED_LONGITUDE },
        { "adresse_web", "www.a.fr/x?a=1&amp;b=2", "https://www.a.fr/x?a=1&b=2", FEED_URL },
        { "duree", "du 01/04/2026 au 30/06/2026", "", FEED_DURATION },       { "duree", "6", "6 month", FEED_DURATION },
        { "temps", "Temps non complet", "part", FEED_WORK_TIME },           { "temps", "80 %", "part", FEED_WORK_TIME },
        { "temps", "100%", "full", FEED_WORK_TIME },                        { "contrat", "Contrat de professionalisation", "professionalisation", FEED_CONTRACT },
        { "contrat", "DirectHire", "cdi", FEED_CONTRACT },                  { "etat", "Brouillon", "closed", FEED_STATE },
        { "etat", "false", "closed", FEED_STATE },                          { "etat", "PUBLISHED", "open", FEED_STATE },
        { "salaire", "12,31 €/h", "12.31", FEED_SALARY_MIN },                { "salaire", "30-35K€", "30000.00", FEED_SALARY_MIN },
        { "salaire", "25-30 K€ brut annuel", "30000.00", FEED_SALARY_MAX },   { "salaire", "35h, 12,50 € de l’heure", "12.50", FEED_SALARY_MIN },
        { "salaire", "1850 € pour 35 h", "", FEED_SALARY_MIN },              { "contrat", "CDD 6 mois", "6 month", FEED_DURATION },
        { "contrat", "CDI temps partiel", "part", FEED_WORK_TIME },          { "temps", "temps partiel 24 h", "24.0", FEED_HOURS },
        { "heures", "24 h, temps partiel", "part", FEED_WORK_TIME },
        { "titre", "<b>Serveur</b>\n H/F", "Serveur H/F", FEED_TITLE },     { "titre", "ab", "", FEED_TITLE },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct feed_offer o = offer_of(cases[i].field, cases[i].given);
        struct str        got = o.values[cases[i].at].at ? o.values[cases[i].at] : STR("");
        if (!str_eq(got, str_of(cases[i].wanted))) {
            printf("# %s \"%s\": %.*s\n", cases[i].field, cases[i].given, STR_ARG(got));
        }
        CHECK_STR(got, cases[i].wanted);
        bool is_silent = strcmp(cases[i].field, "salaire") == 0 || strcmp(cases[i].given, "dès que possible") == 0; // words stay what they are, amounts or not
        bool has_contract = strcmp(cases[i].field, "contrat") == 0, is_over = str_eq(o.values[FEED_STATE], STR("closed"));
        CHECK((int)o.fault_count == (is_over ? 0 : (!is_silent && cases[i].wanted[0] == 0) + !has_contract)); // and the contract that is missing
    }
    struct str address = arena_printf(arena, "https://a.fr/%0120d", 1), next = arena_printf(arena, "https://a.fr/%0120d", 2);
    struct str long_one = offer_of("reference", address.at).values[FEED_REFERENCE];
    CHECK(str_utf8_count(long_one) <= 120 && str_eq(long_one, offer_of("reference", address.at).values[FEED_REFERENCE]) &&
          !str_eq(long_one, offer_of("reference", next.at).values[FEED_REFERENCE]));
    static const char *const nothing[] = { "N/A", "-", "Non communiqué", "Entreprise confidentielle", "ANONYME" };
    for (size_t i = 0; i < LENGTH(nothing); i++) {
        CHECK(str_is_absent(offer_of("entreprise", nothing[i]).values[FEED_COMPANY]));
    }
    CHECK_STR(offer_of("entreprise", "Durand, société anonyme").values[FEED_COMPANY], "Durand, société anonyme");
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
        { "element = \"a\"\nentete = \"2\"", "entete" },
        { "element = \"a\"\nentete = -1", "entete" },
        { "element = \"a\"\nformat_date = \"iso\"", "format_date" },
        { "element = \"a\"\nmode = \"delta\"", "differentiel" },
        { "element = \"a\"\nseparateur = \",\"\n[champs]\nreference = \"r\"\ntitre = \"t\"", "chaque" },
        { "element = \"a\"\nchaque = \"v\"\nseparateur = \"\"", "separateur" },
        { "element = \"a\"\nchaque = \"v\"\nseparateur = \"',' | \"", "separateur" },
        { "element = \"a\"\nchaque = \"v\"\nseparateur = \"1|2|3|4|5|6|7|8|9\"", "separateur" },
        { "element = \"a\"\n[temps]\n\"—\" = \"full\"", "—" },
        { "element = \"a\"\n[temps]\n\"x\" = 3", "texte" },
    };
    struct feed_layout l;
    struct feed_fault  fault;
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        CHECK(!feed_layout_read(arena, str_of(wrong[i].text), &l, &fault));
        CHECK(strstr(arena_text(arena, fault.sentence), wrong[i].says) != NULL);
    }
    struct str head = STR("element = \"a\"\nchaque = \"v\"\nseparateur = \"|\"\nnom = \"J\"\nformat_date = \"mm/jj/aaaa\"\nmode = \"differentiel\"\n[champs]\nreference = \"id\"\ntitre = \"t\"\n");
    CHECK(feed_layout_read(arena, head, &l, &fault) && l.is_partial);
    CHECK_STR(feed_layout_write(arena, &l), "nom = \"J\"\nseparateur = \"|\"\nformat_date = \"mm/jj/aaaa\"\nmode = \"differentiel\"\nelement = \"a\"\nchaque = \"v\"\n\n[champs]\nreference = \"id\"\ntitre = \"t\"\n");
    struct str text = STR("nom = \"Le \\\"journal\\\"\"\nformat = \"csv\"\nelement = \"ligne\"\n[champs]\nreference = \"id\"\ntitre = \"t | u\"\n[contrats]\n\"Durée Indét.\" = \"cdi\"\n");
    CHECK(feed_format_named(STR("ndjson")) == FEED_JSON && str_eq(feed_format_name(FEED_JSON), STR("json")));
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
    struct feed_node       *root = feed_read(arena, FEED_XML, buf_str(&xml), FEED_HEADER_FOUND, &fault);
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

// An offer as its values and its faults, but for what is long: texts and addresses.
static struct str brief(const struct feed_offer *o)
{
    struct buf out = buf_init(KIB(16));
    for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
        if (o->values[field].len && field != FEED_DESCRIPTION && field != FEED_URL) {
            buf_printf(&out, "%s%.*s=%.*s", out.len ? " | " : "", STR_ARG(feed_field_name(field)), STR_ARG(o->values[field]));
        }
    }
    for (size_t i = 0; i < o->fault_count; i++) {
        buf_printf(&out, " | !%.*s %.*s", STR_ARG(feed_field_name(o->faults[i].field)), STR_ARG(o->faults[i].code));
    }
    struct str all = arena_str(arena, buf_str(&out));
    buf_done(&out);
    return all;
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
    // Each offer of the first five, value by value.
    static const char *const offers[][8] = {
        {
            "reference=68087320 | titre=Manager en Stratégie Management et Organisation H/F | contrat=cdi | entreprise=Software Consulting | code_postal=94300 | ville=VINCENNES | latitude=48.123457 | longitude=2.123457 | temps=full | experience=required | formation=RJ/Qualif/Cadre_dirigeant",
            "reference=68090104 | titre=Chargé de Communication Btob Laval 53 H/F | contrat=cdi | siret=33114255400012 | entreprise=Lactalis | code_postal=53000 | ville=LAVAL | latitude=48.123457 | longitude=-0.123457 | formation=RJ/Qualif/Technicien",
            "reference=68110296 | titre=Directeur Marketing H/F | contrat=cdi | siret=31882776300042 | entreprise=CGR | code_postal=51430 | ville=TINQUEUX | latitude=49.249622 | longitude=3.989533 | temps=full | experience=required | formation=RJ/Qualif/Cadre_dirigeant",
            "reference=68111676 | titre=Ingénieur Intégration Software H/F | contrat=cdi | siret=81287874200038 | entreprise=Exotec | code_postal=59160 | ville=LILLE | latitude=50.631718 | longitude=3.047833 | experience=required | formation=RJ/Qualif/Ingenieur_B5",
            "reference=68113693 | titre=Chef de Projet Photo H/F | contrat=cdi | siret=81986335800019 | entreprise=ME GROUP | code_postal=38130 | ville=ECHIROLLES | latitude=45.147165 | longitude=5.715356 | experience=required | formation=RJ/Qualif/BEP_CAP",
        },
        {
            "reference=177777865W | titre=Ingénieur d'études en génie électrique F/H | contrat=apprenticeship | postes=1 | salaire=A négocier | entreprise=Ikos | ville=ROUEN | commune=76540 | duree=1 month | experience=none",
            "reference=177810729W | titre=Devenez Chef de projet IA - Profil indus F/H | contrat=professionalisation | postes=1 | salaire=A partir de 21 k€ brut annuel | entreprise=AGORIADE | ville=LE MANS | commune=72181 | salaire_min=21000.00 | salaire_periode=year | duree=12 month | experience=none | deplacements=1",
            "reference=177812004W | titre=SDR (Sales Development Representative) F/H | contrat=apprenticeship | postes=1 | salaire=18 - 22 k€ brut annuel | entreprise=AROLLA | ville=PARIS | commune=75101 | salaire_min=18000.00 | salaire_max=22000.00 | salaire_periode=year | duree=24 month | experience=none | deplacements=1",
            "reference=177860843W | titre=Conseiller(e) clientèle - Groupe IGF F/H | contrat=apprenticeship | postes=1 | salaire=A négocier | entreprise=IGF | ville=CRETEIL | commune=94028 | duree=12 month | experience=required | experience_mois=12 | deplacements=1",
            "reference=177861351W | titre=Assistant(e) Immobilier - - JMBK - IGF F/H | contrat=apprenticeship | postes=1 | salaire=A négocier | entreprise=GROUPE IGF | ville=PANTIN | commune=93055 | duree=24 month | experience=required | experience_mois=24 | deplacements=1",
        },
        {
            "reference=147171 | titre=Alternance |Assistant(e) Chef de Projet H/F | contrat=apprenticeship | debut=2025-09-01 | entreprise=Groupe Tada | code_postal=99200 | ville=Neuilly-sur-Loire | latitude=49.880900 | longitude=2.067513 | temps=full | duree=12 month",
            "reference=147682 | titre=Alternance | Technicien supérieur audiovisuel H/F | contrat=apprenticeship | debut=2025-09-01 | entreprise=Groupe TADA | code_postal=92200 | ville=Neuilly-sur-Seine | latitude=48.881101 | longitude=2.273238 | temps=full | duree=12 month",
        },
        {
            "reference=2999583187 | titre=ALTERNANCE - Boucher F/H | contrat=apprenticeship | entreprise=Auchan | code_postal=37540 | ville=Saint-Cyr-sur-Loire",
            "reference=3071721792 | titre=Conseiller Commercial Après-Vente en Alternance (H/F) | contrat=apprenticeship | entreprise=GROUPE GCA | code_postal=08000 | ville=Charleville-Mézières",
        },
        {
            "reference=2025-82802 | titre=CONSEILLER(E) RELATION ENTREPRISE - 78 | contrat=cdd | salaire=1 940 € | entreprise=DT 78 (755A000016)",
            "reference=2025-82799 | titre=CONSEILLER(E) EN CHARGE DE L'INDEMNISATION - 94 | contrat=cdd | salaire=1 940 € | entreprise=DT 94 (755A000020)",
            "reference=2025-82797 | titre=CONSEILLER(E) EN CHARGE DE L'INDEMNISATION - 92 | contrat=cdd | salaire=1 940 € | entreprise=DT 92 (755A000018)",
            "reference=2025-82799 | titre=CONSEILLER(E) EN CHARGE DE L'INDEMNISATION - 92 | contrat=cdd | salaire=1 940 € | entreprise=DT 92 (755A000018)",
        },
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
        struct feed_node *root = feed_read(arena, feed_format_of(buf_str(&bytes)), buf_str(&bytes), FEED_HEADER_FOUND, &fault);
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
                feed_offer_read(arena, &s->layout, &(struct feed_item){ .element = elements[k] }, &o);
                usable += o.is_usable;
                if (i < LENGTH(offers) && k < LENGTH(offers[i])) {
                    CHECK_STR(brief(&o), offers[i][k] ? offers[i][k] : "no such offer");
                }
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
    feed_offer_read(arena, &s->layout, &(struct feed_item){ .element = root->first }, &o);
    CHECK_STR(s->layout.name, "Offres d’emploi v2");
    CHECK_STR(o.values[FEED_SKILLS], "Souder (exigé) [1]\nMeuler [2]");
    CHECK_STR(o.values[FEED_TRAINING], "CAP soudage (exigé)");
    CHECK_STR(o.values[FEED_LICENCES], "B - Véhicule léger (exigé)");
    CHECK_STR(o.values[FEED_ACCESSIBLE], "true");
    CHECK_STR(o.values[FEED_TRAVEL], "3");
    CHECK_STR(o.values[FEED_CONTRACT], "cdi");
    CHECK(o.fault_count == 0);
}

static bool suggests(struct str text, struct feed_suggestion *s)
{
    struct feed_fault fault = { 0 };
    struct feed_node *root  = feed_read(arena, feed_format_of(text), text, FEED_HEADER_FOUND, &fault);
    return root && feed_suggest(arena, feed_format_of(text), root, s);
}

// Names that paths are written with.
static void test_names(void)
{
    struct feed_suggestion *s = ARENA_NEW(arena, struct feed_suggestion);
    CHECK(suggests(STR("{\"..\":[{\"a\":\"x\",\"b\":\"y\",\"c\":\"z\"},{\"a\":\"w\",\"b\":\"v\",\"c\":\"u\"}]}"), s));
    CHECK_STR(s->layout.element, "sans nom");
    CHECK(suggests(STR("{\"x[\":{\"y]\":[{\"a\":\"x\",\"b\":\"y\",\"c\":\"z\"},{\"a\":\"w\",\"b\":\"v\",\"c\":\"u\"}]}}"), s));
    CHECK_STR(s->layout.element, "x/y");
    CHECK_STR(value("{\"l\":[{\"x[fr]\":\"un\",\"n[1]\":\"deux\"}]}", "l", "x[fr] + n[1]"), "un / deux");
    CHECK_STR(value("<a><b xmlns:x='u'><x:..>un</x:..></b></a>", "a/b", "x:.."), "un");
    CHECK(suggests(STR("<jobs><company type='sa'>Fournil Dupont</company><job><id>1</id><title>Boulanger</title><city>Vichy</city></job>"
                       "<job><id>2</id><title>Pâtissier</title><city>Cusset</city></job></jobs>"), s));
    CHECK_STR(s->layout.fields[FEED_COMPANY], "../company"); // one alone is no [@type='sa']
}

static bool is_quick(clock_t start)
{
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("# %.2f s\n", seconds);
    return seconds < 5;
}

// What grows with the square of a file, or beyond all bounds, in files and layouts made for it.
static void test_bounds(void)
{
    enum { OFFERS = 100000, ALIKE = 100, NESTED = 60, BLOCKS = 10 };
    struct feed_suggestion *s     = ARENA_NEW(arena, struct feed_suggestion);
    struct feed_fault       fault = { 0 };
    struct feed_item       *items;
    struct buf              text = buf_init(MIB(16)), list = buf_init(KIB(1));
    buf_add(&text, STR("<s>"));
    for (int i = 0; i < OFFERS; i++) {
        buf_add(&text, STR("<j><t>x</t></j>"));
    }
    buf_add(&text, STR("<c>Fournil</c></s>"));
    struct feed_node  *root = feed_read(arena, FEED_XML, buf_str(&text), FEED_HEADER_FOUND, &fault);
    struct feed_layout l    = { .element = STR("s/j") };
    size_t             good = 0, count = feed_items(arena, &l, root, &items);
    clock_t            start = clock();
    for (size_t i = 0; i < count; i++) {
        good += str_eq(feed_value(arena, &items[i], STR("../c"), (struct str){ 0 }), STR("Fournil")) &&
                str_eq(feed_value(arena, &items[i], STR("/s/c"), (struct str){ 0 }), STR("Fournil"));
    }
    CHECK(good == OFFERS && is_quick(start));
    for (int i = 0; i < ALIKE; i++) {
        buf_add(&list, i ? STR("|s/j") : STR("s/j"));
    }
    l.element = buf_str(&list);
    CHECK(feed_items(arena, &l, root, &items) == FEED_NODES);

    buf_clear(&text);
    buf_add(&text, STR("{\"d\":{"));
    for (int i = 0; i < OFFERS; i++) {
        buf_printf(&text, "%s\"k%d\":{\"@lang\":\"en\",\"key\":\"b\",\"c\":\"d\"}", i ? "," : "", i);
    }
    buf_add(&text, STR("}}"));
    start = clock();
    CHECK(suggests(buf_str(&text), s) && is_quick(start));

    buf_clear(&text);
    buf_add(&text, STR("{\"a\":1}\n"));
    for (int i = 0; i < 1000; i++) {
        buf_add(&text, STR("{\"a\":[\n"));
    }
    for (int i = 0; i < 500000; i++) {
        buf_add(&text, STR("{},"));
    }
    start = clock();
    CHECK(strstr(refusal(text.at), "JSON") && is_quick(start));

    buf_clear(&text);
    buf_add(&text, STR("<r>"));
    for (int k = 0; k < BLOCKS; k++) {
        for (int i = 0; i < NESTED; i++) {
            buf_add(&text, STR("<div>"));
        }
        for (int i = 0; i < 25000; i++) {
            buf_add(&text, STR("dix mots, "));
        }
        for (int i = 0; i < NESTED; i++) {
            buf_add(&text, STR("</div>"));
        }
    }
    buf_add(&text, STR("</r>"));
    CHECK(strstr(refusal(text.at), "emboîtés"));
    buf_done(&text);
    buf_done(&list);

    static const char zero[] = "<a><b>\0x &eacute;</b></a>";
    root                     = feed_read(arena, FEED_XML, (struct str){ zero, sizeof zero - 1 }, FEED_HEADER_FOUND, &fault);
    CHECK(root != NULL);
    CHECK_STR(root ? root->first->first->text : STR(""), "x é");
}

static const char *layout_refusal(const char *element, const char *each, const char *title)
{
    struct feed_layout l;
    struct feed_fault  fault = { 0 };
    struct str         text  = arena_printf(arena, "element = \"%s\"\nchaque = \"%s\"\n[champs]\nreference = \"r\"\ntitre = \"%s\"\n", element, each, title);
    return feed_layout_read(arena, text, &l, &fault) ? "" : arena_text(arena, fault.sentence);
}

static void test_layout_bounds(void)
{
    static const char *const open[] = { "['a['a['a", "t[", "t[@k='x'", "t[@k='x]", "'x + t", "t + 'x", "t/'x", "t[@k='x'][" };
    for (size_t i = 0; i < LENGTH(open); i++) {
        CHECK(strstr(layout_refusal("a", "b", open[i]), "refermé"));
        CHECK(strstr(layout_refusal(open[i], "b", "t"), "refermé"));
    }
    static const char *const closed[] = { "Date d'effet", "t[@k='Date d'effet']/v", "'d'un seul tenant' ++ t", "t/' - '[2]", "c[a b, c]", "l[2][@k!='']", "t]", "'[' ++ t" };
    for (size_t i = 0; i < LENGTH(closed); i++) {
        CHECK_STR(str_of(layout_refusal("a", "b", closed[i])), "");
    }
    CHECK(strstr(layout_refusal("a", "./../b", "t"), "parties"));
    CHECK(strstr(layout_refusal("a", "c | /b", "t"), "parties"));
    CHECK(strstr(layout_refusal("a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a", "b", "t"), "trop"));
}

int main(void)
{
    arena = arena_new();
    RUN(test_readers);
    RUN(test_careless);
    RUN(test_paths);
    RUN(test_each);
    RUN(test_refusals);
    RUN(test_text);
    RUN(test_values);
    RUN(test_layout);
    RUN(test_proposal);
    RUN(test_real);
    RUN(test_asked);
    RUN(test_names);
    RUN(test_bounds);
    RUN(test_layout_bounds);
    arena_free(arena);
    return tap_done();
}
