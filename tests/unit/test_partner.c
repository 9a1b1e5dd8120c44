// Rows of partners' files: what is understood, what is kept.
#include "import/partner_row.h"

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
        partner_row(&run, t, &b, &note);
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
    expect(
        "SIRET,Enseigne,Commune étab.\n41035277700024,***GLAXO***,EVREUX\n",
        "2\t{\"SIRET\":\"41035277700024\",\"Enseigne\":\"***GLAXO***\",\"Commune étab.\":\"EVREUX\"}"
        "\t41035277700024" N N N "\tGLAXO" N N "\tEVREUX\tevreux" N N N N N N N N N N N "\n",
        "as received beside as understood");
    expect(
        "Liste des entreprises;;\nMise à jour 2026;;\nRaison sociale;Ville;CP\nSARL X;ST ETIENNE CEDEX 2;1000\n",
        "4\t{\"Raison sociale\":\"SARL X\",\"Ville\":\"ST ETIENNE CEDEX 2\",\"CP\":\"1000\"}" N N N
        "\tSARL X" N N "\t01000\tST ETIENNE CEDEX 2\tsaint etienne" N N N N N N N N
        "\tsiret_empty\t\\N\tle SIRET est vide\n",
        "titles above the header, a postcode that lost its zero");
    expect(
        "siret;nom\n1545141200025;A\n418166096;B\n4,10353E+13;C\n;\n",
        "2\t{\"siret\":\"1545141200025\",\"nom\":\"A\"}\t01545141200025" N N
        "\tA" N N N N N N N N N N N N                                      N
        "\tsiret_restored\tsiret\tles zéros de tête du SIRET ont été rétablis («\xC2\xA0"
        "1545141200025\xC2\xA0»)\n"
        "3\t{\"siret\":\"418166096\",\"nom\":\"B\"}" N "\t418166096" N
        "\tB" N N N N N N N N N N N N N
        "\tsiret_is_siren\tsiret\tc’est un SIREN (9 chiffres), pas un SIRET («\xC2\xA0"
        "418166096\xC2\xA0»)\n"
        "4\t{\"siret\":\"4,10353E+13\",\"nom\":\"C\"}" N N N "\tC" N N N N N N N N N N N N N
        "\tsiret_scientific\tsiret\tle tableur a remplacé le SIRET par un nombre arrondi\xE2\x80\xAF: des "
        "chiffres sont perdus («\xC2\xA0"
        "4,10353E+13\xC2\xA0»)\n",
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
    expect_phone("3949", "");
    expect_phone("", "");

    expect_email(" Direction@Traiteur.FR ", "direction@traiteur.fr");
    expect_email("a@b.fr, c@d.fr", "");
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

int main(void)
{
    RUN(test_rows);
    return tap_done();
}
