// Rows of partners' files: what is understood, what is kept.
#include "base/vault.h"
#include "import/partner_row.h"
#include "import/partner_value.h"
#include "import/plain_columns.h"

#include "reading.h"

static void expect(const char *file, const char *wanted, const char *name)
{
    struct import_problem p = { 0 };
    struct import_problem note = { 0 };
    struct partner_run    run;
    struct buf            b = buf_init(1 << 20);
    struct arena         *a = arena_new();
    struct layout_view   *v = ARENA_NEW(a, struct layout_view);
    struct layout        *l = ARENA_NEW(a, struct layout);
    struct table         *t = table_open(str_of(file), &(struct table_options){ .sheet = -1 }, &p);
    char                  got[4096];
    bool                  ok = t && layout_look(v, a, t, &p);

    if (ok) {
        layout_guess(v, l);
        ok = partner_is_plain(v, l, &p) && partner_begin(&run, t, v, l, &p);
    }
    while (ok && table_next(t, &p) == CSV_RECORD) {
        ok = partner_row(&run, t, &b, &note);
        p  = ok ? p : note;
    }
    if (ok) {
        snprintf(got, sizeof got, "%.*s", (int)b.len, b.at ? b.at : "");
    } else {
        snprintf(got, sizeof got, "!%s %d", import_code_name(p.code), (int)p.line);
    }
    check(strcmp(got, wanted) == 0, "%s: %s", name, got);
    table_free(t);
    buf_done(&b);
    arena_free(a);
}

static void expect_phone(const char *text, const char *wanted)
{
    char phone[PHONE_ROOM];

    partner_phone(str_of(text), phone);
    check(strcmp(phone, wanted) == 0, "phone %s is \"%s\"", text, phone);
}

static void expect_email(const char *text, const char *wanted)
{
    char email[EMAIL_ROOM];

    partner_email(str_of(text), email);
    check(strcmp(email, wanted) == 0, "address %s is \"%s\"", text, email);
}

static void expect_name(const char *text, const char *wanted)
{
    struct str name = partner_name(str_of(text));

    check(str_eq(name, str_of(wanted)), "name %s is \"%.*s\"", text, STR_ARG(name));
}

#define N "\t\\N"

static void test_rows(void)
{
    expect("SIRET,Enseigne,Commune étab.\n41035277700024,***GLAXO***,EVREUX\n",
           "2" N N "\t41035277700024" N N N "\tGLAXO" N N "\tEVREUX\tevreux" N N N N N N N N N N N N N
           "\n",
           "as understood");
    expect("Liste des entreprises;;\nMise à jour 2026;;\nRaison sociale;Ville;CP\nSARL X;ST ETIENNE CEDEX 2;1000\n",
           "4" N N N N N "\tSARL X" N N "\t01000\tST ETIENNE CEDEX 2\tsaint etienne" N N N N N N N N N
           "\tsiret_empty\t\\N\tle SIRET est vide" N "\n",
           "titles above the header, a postcode that lost its zero");
    expect("siret;nom\n1545141200025;A\n418166096;B\n4,10353E+13;C\n;\n",
           "2" N N "\t01545141200025" N N "\tA" N N N N N N N N N N N N N N
           "\tsiret_restored\tsiret\tles zéros de tête du SIRET ont été rétablis («\xC2\xA0"
           "1545141200025\xC2\xA0»)" N "\n"
           "3" N N N "\t418166096" N "\tB" N N N N N N N N N N N N N N
           "\tsiret_is_siren\tsiret\tc’est un SIREN (9 chiffres), pas un SIRET («\xC2\xA0"
           "418166096\xC2\xA0»)" N "\n"
           "4" N N N N N "\tC" N N N N N N N N N N N N N N
           "\tsiret_scientific\tsiret\tle tableur a remplacé le SIRET par un nombre arrondi\xE2\x80\xAF: des "
           "chiffres sont perdus («\xC2\xA0"
           "4,10353E+13\xC2\xA0»)" N "\n",
           "what a spreadsheet does to a SIRET");
    expect("couleur;taille\nbleu;2\n", "!header_unknown 1", "no known column");
    expect("siret;siret\n1;2\n", "!header_twice 1", "a column twice");

    expect_phone("01 32 70 12 29", "0132701229");
    expect_phone("Tél. 01.32.70.12.29", "0132701229");
    expect_phone("+33 2 78 85 17 54", "0278851754");
    expect_phone("+33 (0)2-78-85-17-54", "0278851754");
    expect_phone("0033278851754", "0278851754");
    expect_phone("278851754", "0278851754");
    expect_phone("02 78 85 17 54 / 06 11 22 33 44", "0278851754");
    expect_phone("+32 2 555 12 12", "+3225551212");
    expect_phone("+32 2 555 12 12 / 04", "+3225551212");
    expect_phone("4,70440102E+08", "0470440102");
    expect_phone("4,7E+08", "");
    expect_phone("470440102.0", "0470440102");
    expect_phone("33278851754", "0278851754");
    expect_phone("04 70 44 01 02 poste 12", "0470440102");
    expect_phone("04 70 44 01 02 - 06 11 22 33 44", "0470440102");
    expect_phone("047044010212", "");
    expect_phone("3949", "");
    expect_phone("", "");

    expect_email(" Direction@Traiteur.FR ", "direction@traiteur.fr");
    expect_email("a@b.fr, c@d.fr", "a@b.fr");
    expect_email("Jean Dupont <J.Dupont@Mairie.fr>", "j.dupont@mairie.fr");
    expect_email("contact @ mairie . fr", "contact@mairie.fr");
    expect_email("mailto:contact@mairie.fr", "contact@mairie.fr");
    expect_email("à venir", "");
    expect_email("@b.fr", "");
    expect_email("a@@b.fr", "");
    expect_email("a@b", "");
    expect_email("", "");

    expect_name("***GLAXO SMITH KLINE***", "GLAXO SMITH KLINE");
    expect_name("ENTREPRISE \"ELAN\"", "ENTREPRISE \"ELAN\"");
    expect_name("\"ELAN\"", "ELAN");
    expect_name("***", "");
    expect_name("", "");
}

static void expect_place(const char *address, const char *postcode, const char *city,
                         const char *wanted)
{
    struct str a = str_of(address), p = str_of(postcode), c = str_of(city);
    char       got[256];

    partner_split_place(&a, &p, &c);
    snprintf(got, sizeof got, "%.*s|%.*s|%.*s", STR_ARG(a), STR_ARG(p), STR_ARG(c));
    check(strcmp(got, wanted) == 0, "place %s/%s/%s is %s", address, postcode, city, got);
}

static void test_places(void)
{
    expect_place("12 rue Haute, 03000 Moulins", "", "", "12 rue Haute|03000|Moulins");
    expect_place("ZA - BP 12345 - 03200 VICHY CEDEX", "", "", "ZA - BP 12345|03200|VICHY CEDEX");
    expect_place("12 rue Haute CS 20022", "", "", "12 rue Haute CS 20022||");
    expect_place("12 rue Haute", "03000 MOULINS", "", "12 rue Haute|03000|MOULINS");
    expect_place("", "", "03000 Moulins", "|03000|Moulins");
    expect_place("", "", "Moulins (03000)", "|03000|Moulins");
    expect_place("", "03000", "Moulins (03)", "|03000|Moulins");
    expect_place("1 rue 12345 X", "03000", "Moulins", "1 rue 12345 X|03000|Moulins");

    char room[6];
    CHECK(str_eq(partner_five(STR(" 3 000"), room), STR("03000")));
    CHECK(str_eq(partner_five(STR("2a004"), room), STR("2A004")));
    CHECK(str_eq(partner_five(STR("3000.0"), room), STR("03000")));
    CHECK(!partner_five(STR("Moulins"), room).len && !partner_five(STR("123456"), room).len);
    CHECK(partner_is_nothing(STR("#N/A")) && partner_is_nothing(STR(" - ")));
    CHECK(partner_is_nothing(STR("Néant")) && !partner_is_nothing(STR("NC")));
    CHECK(str_eq(partner_clean(STR("\xC2\xA0 x\xE2\x80\xAF")), STR("x")));
    CHECK(partner_is_personal("jean.dupont@x.fr", STR("Dupont")));
    CHECK(!partner_is_personal("contact@dupont.fr", STR("Dupont")));
}

// What is read of rows that have not the shape of their table: "siret|name|city code".
static void expect_shape(const char *file, const char *wanted, const char *name)
{
    struct import_problem p = { 0 }, note = { 0 };
    struct partner_run    run;
    struct arena         *a = arena_new();
    struct layout_view   *v = ARENA_NEW(a, struct layout_view);
    struct layout        *l = ARENA_NEW(a, struct layout);
    struct table         *t = table_open(str_of(file), &(struct table_options){ .sheet = -1 }, &p);
    struct buf            got = buf_init(4096);

    CHECK(t && layout_look(v, a, t, &p));
    layout_guess(v, l);
    CHECK(partner_begin(&run, t, v, l, &p));
    while (table_next(t, &p) == CSV_RECORD) {
        struct buf b     = buf_init(1 << 16);
        bool       whole = partner_row(&run, t, &b, &note);
        struct str line = buf_str(&b), field;
        for (int i = 0; str_cut(&line, '\t', &field); i++) {
            if (i == 3 || i == 6 || i == 10) {
                buf_printf(&got, "%.*s|", STR_ARG(field));
            }
        }
        buf_printf(&got, " %s%s\n", import_code_name(note.code), whole ? "" : " (end)");
        buf_done(&b);
    }
    check(str_eq(buf_str(&got), str_of(wanted)), "%s: %.*s", name, STR_ARG(buf_str(&got)));
    buf_done(&got);
    table_free(t);
    arena_free(a);
}

#define SIRET "41816609600069"

static void test_shapes(void)
{
    expect_shape("SIRET;Nom;CP;Ville\n" SIRET ";A;B;03000;C\n", SIRET "|A;B|C| row_aligned\n",
                 "one way to read a separator too many");
    expect_shape("SIRET;Nom;Ville;CP\n" SIRET ";A;B;C;03000\n", SIRET "|\\N|\\N| row_columns\n",
                 "two ways: what is certain is read");
    expect_shape("SIRET;Nom;CP;Ville;Notes\n" SIRET ";A;B;03000;C;\n", SIRET "|A;B|C| row_aligned\n",
                 "a separator too many in the place of an empty cell");
    expect_shape("SIRET;Nom;Tel;Ville;Notes\n" SIRET ";A;demain;C;\n", SIRET "|A|C| phone_invalid\n",
                 "a value that does not fit is no shift");
    expect_shape("Nom;Ville\nA;B;C\n", "\\N|\\N|\\N| row_columns\n", "nothing is certain");
    expect_shape("SIRET;Nom;CP;Ville\n" SIRET ";A;03000\n", SIRET "|A|\\N| none\n",
                 "the last column left out");
    expect_shape("SIRET;Nom;CP;Ville\n(suite);03000;C\n", "\\N|\\N|\\N| row_columns\n",
                 "the end of a broken line");
    expect_shape("SIRET;Nom;Ville\nA;" SIRET ";C\n", "\\N|\\N|\\N| row_shifted\n", "shifted");
    expect_shape("SIRET;Nom;Ville\nSiret;NOM;Ville\n", "\\N|\\N|\\N| row_header\n", "a header");
    expect_shape("SIRET;Nom;Ville\n;Total;2\n;TOTAL ENERGIES;C\n;Total;C\n",
                 "\\N|\\N|\\N| row_total\n\\N|TOTAL ENERGIES|C| siret_empty\n"
                 "\\N|Total|C| siret_empty\n",
                 "totals, and who is called so");
    expect_shape("SIRET;Nom;Ville\n" SIRET ";A;C\n41816", SIRET "|A|C| none\n\\N|\\N|\\N| truncated (end)\n",
                 "a file that was cut");
}

// A row that is kept: what speaks of the employer stays readable, all of it is sealed for its line.
static void test_kept(void)
{
    struct import_problem p = { 0 }, note = { 0 };
    struct partner_run    run;
    struct arena         *a = arena_new();
    struct layout_view   *v = ARENA_NEW(a, struct layout_view);
    struct layout        *l = ARENA_NEW(a, struct layout);
    struct str            why, sealed, opened, field[3], file = STR("SIRET;Nom;Contact;Rang\n1;OCTO;DUPONT;A\n2;X;LEROY;A\n");
    struct buf            b = buf_init(1 << 16);
    struct table         *t = table_open(file, &(struct table_options){ .sheet = -1 }, &p);

    CHECK(vault_init((struct str){ 0 }, a, &why) == OK);
    CHECK(t && layout_look(v, a, t, &p));
    layout_guess(v, l);
    CHECK(partner_begin(&run, t, v, l, &p) && table_next(t, &p) == CSV_RECORD);
    run.file  = 7;
    run.arena = arena_new();
    plain_columns(v, l, layout_names(v, l), STR("Inconnue\nRang"), run.plain);
    CHECK(run.plain[0] && run.plain[1] && !run.plain[2] && run.plain[3]);
    CHECK(partner_row(&run, t, &b, &note));
    struct str line = buf_str(&b);
    for (int i = 0; i < 3; i++) {
        CHECK(str_cut(&line, '\t', &field[i]));
    }
    CHECK(str_eq(field[1], STR("{\"SIRET\":\"1\",\"Nom\":\"OCTO\",\"Rang\":\"A\"}")));
    CHECK(vault_from_hex(a, str_sub(field[2], 3, field[2].len), &sealed));
    CHECK(vault_open(a, VAULT_LINE, vault_line(7, 2), sealed, &opened));
    CHECK(str_eq(opened, STR("[\"1\",\"OCTO\",\"DUPONT\",\"A\"]")));
    CHECK(!vault_open(a, VAULT_LINE, vault_line(7, 3), sealed, &opened));
    arena_free(run.arena);
    table_free(t);
    buf_done(&b);
    arena_free(a);
}

int main(void)
{
    RUN(test_rows);
    RUN(test_kept);
    RUN(test_places);
    RUN(test_shapes);
    return tap_done();
}
