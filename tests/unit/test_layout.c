// Layouts: which line is the header, what columns mean, fingerprints.
#include "import/layout.h"

#include "reading.h"

// The guess for a text: "header/lines: meanings".
static void expect(const char *file, const char *wanted, const char *name)
{
    struct import_problem p = { 0 };
    struct arena         *a = arena_new();
    struct layout_view   *v = ARENA_NEW(a, struct layout_view);
    struct layout        *l = ARENA_NEW(a, struct layout);
    struct table         *t = table_open(str_of(file), &(struct table_options){ .sheet = -1 }, &p);
    struct buf            b = buf_init(1 << 16);

    if (t && layout_look(v, a, t, &p)) {
        layout_guess(v, l);
        buf_printf(&b, "%d/%d: ", (int)l->header, l->lines);
        layout_columns(l, &b);
    } else {
        buf_printf(&b, "!%s", import_code_name(p.code));
    }
    check(str_eq(buf_str(&b), str_of(wanted)), "%s: %.*s", name, STR_ARG(buf_str(&b)));
    table_free(t);
    buf_done(&b);
    arena_free(a);
}

static void test_headers(void)
{
    expect("SIRET;Nom\n1;A\n", "1/1: siret|name", "first line");
    expect("Nos entreprises;;\n;;\nN° SIRET;Dénomination;Ville\n1;A;B\n", "3/1: siret|name|city",
           "titles above");
    expect("Entreprise;;Contact;;Notes\nSIRET;Nom;Nom;Tél;\n1;A;B;C;D\n",
           "2/2: siret|name|contact|contact_phone|notes", "groups above names, a cell merged over both");
    expect("Prénom;Nom;Entreprise;E-mail\nA;B;C;d@e.fr\n", "1/1: given_name|contact|name|email",
           "a name beside a given name is a person's");
    expect("Nom;Ville;Entreprise\nA;B;C\n", "1/1: |city|name",
           "the surest of two names for one meaning");
    expect("SIRET;Nom;Prénom\n1;A;B\n", "1/1: siret|contact|given_name", "no name of an employer");
    expect("41816609600069;OCTO;contact@octo.fr\n01545141200025;PRE;a@b.fr\n", "0/1: siret||email",
           "no header");
    expect("Truc;Machin;Chose\n41816609600069;0470000001;62.02A\n1545141200025;04 70 00 00 02;6202A\n",
           "1/1: siret|phone|naf", "told by what columns hold");
    expect("couleur;taille\nbleu;2\n", "1/1: |", "nothing known");
    expect("SIREN;Effectif\n552032534;3\n", "1/1: siren|", "nine digits are no phone");
    expect("SIREN;NIC;Nom\n418166096;00069;A\n", "1/1: siren|nic|name", "a SIRET in two columns");
    expect("Société;Contact;Mail contact;Tél. contact\nA;B;C;D\n",
           "1/1: name|contact|contact_email|contact_phone", "what is the person's own");
    expect("Titre sans séparateur\n\nSIRET;Nom\n1;A\n2;B\n", "3/1: siret|name", "a title of one cell");
    expect("\n\n", "!empty_file", "nothing");
    expect("SIRET;Nom;;\n1;A;;\n", "1/1: siret|name", "columns dragged along");
}

static void print(const char *header, unsigned char ret[LAYOUT_PRINT])
{
    struct import_problem p = { 0 };
    struct arena         *a = arena_new();
    struct layout_view   *v = ARENA_NEW(a, struct layout_view);
    struct table         *t = table_open(str_of(header), &(struct table_options){ .sheet = -1 }, &p);

    CHECK(t && layout_look(v, a, t, &p));
    layout_fingerprint(&v->rows[0], ret);
    table_free(t);
    arena_free(a);
}

static void test_fingerprints(void)
{
    unsigned char one[LAYOUT_PRINT], two[LAYOUT_PRINT];

    print("N° Siret;Raison sociale;Code postal\n", one);
    print("n°siret;RAISON SOCIALE;code-postal;;\n", two);
    CHECK(memcmp(one, two, sizeof one) == 0);
    print("N° Siret;Code postal;Raison sociale\n", two);
    CHECK(memcmp(one, two, sizeof one) != 0);
    print("N° Siret Raison;sociale;Code postal\n", two);
    CHECK(memcmp(one, two, sizeof one) != 0);
}

static void test_names(void)
{
    struct import_problem p = { 0 };
    struct arena         *a = arena_new();
    struct layout_view   *v = ARENA_NEW(a, struct layout_view);
    struct layout        *l = ARENA_NEW(a, struct layout);
    struct table         *t = table_open(STR("SIRET;Nom;;Nom;Nom (2)\n1;2;3;4;5\n"),
                                         &(struct table_options){ .sheet = -1 }, &p);

    CHECK(t && layout_look(v, a, t, &p));
    layout_guess(v, l);
    struct str *names = layout_names(v, l);
    CHECK(str_eq(names[1], STR("Nom")) && str_eq(names[2], STR("colonne 3")));
    CHECK(str_eq(names[3], STR("Nom (2)")) && str_eq(names[4], STR("Nom (2) (2)")));
    // Meanings that are not ours, or given twice, are left aside.
    layout_apply(l, STR("name|name|odd|siret|"), LAYOUT_SAVED);
    CHECK(l->meaning[0] == PARTNER_NAME && l->meaning[1] == LAYOUT_NONE);
    CHECK(l->meaning[2] == LAYOUT_NONE && l->meaning[3] == PARTNER_SIRET);
    table_free(t);
    arena_free(a);
}

int main(void)
{
    RUN(test_headers);
    RUN(test_fingerprints);
    RUN(test_names);
    return tap_done();
}
