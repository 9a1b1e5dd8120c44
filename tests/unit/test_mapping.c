// Mapping files: what is read, what is refused and where.
#include "mapping/mapping.h"

#include "base/buf.h"
#include "tap.h"

// ---- TOML

static struct arena *arena;

static bool reads(struct str text, struct toml *toml, struct toml_problem *problem)
{
    *problem = (struct toml_problem){ 0 };
    return toml_read(arena, text, toml, problem);
}

static void test_toml_values(void)
{
    static const char   text[] = "# début\n"
                                 "texte = \"a\\tb \\\"c\\\" \\\\ \\u00e9\\U0001F600\" # fin\r\n"
                                 "brut='C:\\x \"y\"'\n"
                                 "\"clé à part\" = ''\n"
                                 "entier = -1_000\n"
                                 "plus = +7\n"
                                 "reel = 6.02e+23\n"
                                 "simple = 2.50\n"
                                 "vrai = true\n"
                                 "faux = false\n"
                                 "\n"
                                 "[table]\n"
                                 "  texte = \"autre\"\n"
                                 "[[liste]]\n"
                                 "[[ liste ]] # deuxième\n"
                                 "a-b_1 = 0";
    struct toml         t;
    struct toml_problem p;

    CHECK(reads(str_of(text), &t, &p));
    CHECK(t.count == 4);
    const struct toml_table *root = &t.tables[0];
    CHECK(root->count == 9);
    CHECK_STR(toml_find(root, STR("texte"))->string, "a\tb \"c\" \\ é😀");
    CHECK_STR(toml_find(root, STR("brut"))->string, "C:\\x \"y\"");
    CHECK_STR(toml_find(root, STR("clé à part"))->string, "");
    CHECK(toml_find(root, STR("entier"))->integer == -1000);
    CHECK(toml_find(root, STR("plus"))->integer == 7);
    CHECK(toml_find(root, STR("reel"))->type == TOML_FLOAT);
    CHECK(toml_find(root, STR("reel"))->number > 6e23);
    CHECK(toml_find(root, STR("simple"))->number == 2.5);
    CHECK(toml_find(root, STR("vrai"))->truth);
    CHECK(toml_find(root, STR("faux"))->type == TOML_BOOLEAN);
    CHECK(!toml_find(root, STR("faux"))->truth);
    CHECK(!toml_find(root, STR("rien")));
    CHECK_STR(toml_find(&t.tables[1], STR("texte"))->string, "autre");
    CHECK(!t.tables[1].is_array && t.tables[2].is_array && t.tables[3].is_array);
    CHECK_STR(t.tables[3].name, "liste");
    CHECK(t.tables[3].place.line == 15 && t.tables[3].place.column == 1);
    CHECK(t.tables[3].count == 1 && t.tables[3].keys[0].integer == 0);
    CHECK(toml_find(&t.tables[1], STR("texte"))->place.column == 3);
    CHECK(toml_find(&t.tables[1], STR("texte"))->value.column == 11);
}

static void test_toml_nothing(void)
{
    static const char *const texts[] = { "", "\n", "# rien", "\xEF\xBB\xBF", " \t\r\n\r\n" };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct toml         t;
        struct toml_problem p;
        CHECK(reads(str_of(texts[i]), &t, &p));
        CHECK(t.count == 1 && t.tables[0].count == 0);
    }
}

static const struct {
    const char *text;
    uint32_t    line, column;
    const char *says; // part of the sentence
} refused[] = {
    { "a = 1\nb = [1, 2]\n", 2, 5, "listes" },
    { "b = { x = 1 }\n", 1, 5, "accolades" },
    { "a.b = 1\n", 1, 2, "composés" },
    { "[a.b]\n", 1, 3, "composés" },
    { "a = \"\"\"x\"\"\"\n", 1, 5, "plusieurs lignes" },
    { "a = '''x'''\n", 1, 5, "plusieurs lignes" },
    { "a = 1979-05-27\n", 1, 5, "nombre décimal" },
    { "a = 0x1F\n", 1, 5, "nombre décimal" },
    { "a = inf\n", 1, 5, "nombre décimal" },
    { "a = oui\n", 1, 5, "nombre décimal" },
    { "a = 007\n", 1, 5, "zéro" },
    { "a = 1__0\n", 1, 5, "nombre décimal" },
    { "a = 1_\n", 1, 5, "nombre décimal" },
    { "a = 1.\n", 1, 5, "nombre décimal" },
    { "a = .5\n", 1, 5, "nombre décimal" },
    { "a = 1e\n", 1, 5, "nombre décimal" },
    { "a = 99999999999999999999\n", 1, 5, "trop grand" },
    { "a = 1e999\n", 1, 5, "trop grand" },
    { "a = \n", 1, 5, "valeur est attendue" },
    { "a\n", 1, 2, "« = »" },
    { "= 1\n", 1, 1, "un nom est attendu" },
    { "prénom = 1\n", 1, 3, "« = »" },
    { "école = 1\n", 1, 1, "guillemets droits" },
    { "a = 1\na = 2\n", 2, 1, "déjà donnée" },
    { "[t]\n[t]\n", 2, 1, "déjà donnée" },
    { "[t]\n[[t]]\n", 2, 1, "déjà donnée" },
    { "[[t]]\n[t]\n", 2, 1, "déjà donnée" },
    { "t = 1\n[t]\n", 2, 1, "celui d’une clé" },
    { "[t\n", 1, 3, "« ] »" },
    { "[[t]\n", 1, 4, "« ]] »" },
    { "[]\n", 1, 2, "un nom est attendu" },
    { "[t] a = 1\n", 1, 5, "commentaire" },
    { "a = 1 b = 2\n", 1, 7, "commentaire" },
    { "a = \"x\" y\n", 1, 9, "commentaire" },
    { "a = \"x\n", 1, 5, "refermé" },
    { "a = 'x", 1, 5, "refermé" },
    { "a = \"é\\q\"\n", 1, 8, "échappement" },
    { "a = \"\\u12\"\n", 1, 10, "quatre" },
    { "a = \"\\U0001\"\n", 1, 12, "huit" },
    { "a = \"\\ud800\"\n", 1, 12, "caractère permis" },
    { "a = \"\\u0000\"\n", 1, 12, "caractère permis" },
    { "a = \"x\x01\"\n", 1, 7, "contrôle" },
    { "# x\x7f\n", 1, 4, "contrôle" },
    { "a = 1 # é\n\nb = \"\xff\"\n", 3, 6, "UTF-8" },
    { "a = 1\rb = 2\n", 1, 6, "commentaire" },
};

static bool says(struct str sentence, const char *part)
{
    // No-break spaces of the sentence read as blanks.
    char   plain[1024];
    size_t n = 0;
    for (size_t i = 0; i < sentence.len && n < sizeof plain; i++) {
        struct str rest = str_sub(sentence, i, 3);
        if (str_starts(rest, STR("\xC2\xA0"))) {
            plain[n++] = ' ';
            i += 1;
        } else if (str_starts(rest, STR("\xE2\x80\xAF"))) {
            plain[n++] = ' ';
            i += 2;
        } else {
            plain[n++] = sentence.at[i];
        }
    }
    return str_find((struct str){ plain, n }, str_of(part)) < n;
}

static void test_toml_refused(void)
{
    for (size_t i = 0; i < LENGTH(refused); i++) {
        struct toml         t;
        struct toml_problem p;
        bool ok = !reads(str_of(refused[i].text), &t, &p) && p.place.line == refused[i].line &&
                  p.place.column == refused[i].column && says(p.sentence, refused[i].says);
        CHECK(ok);
        if (!ok) {
            printf("# %zu: line %u column %u: %.*s\n", i, p.place.line, p.place.column,
                   STR_ARG(p.sentence));
        }
    }
}

// The limits: at them all is well, one further is told.
static void test_toml_limits(void)
{
    struct toml         t;
    struct toml_problem p;
    struct buf          b = buf_init(MIB(2));

    for (int more = 0; more < 2; more++) {
        buf_clear(&b);
        for (int i = 0; i < TOML_KEYS_MAX + more; i++) {
            buf_printf(&b, "k%d=%d\n", i, i);
        }
        CHECK(reads(buf_str(&b), &t, &p) == !more);
        buf_clear(&b);
        for (int i = 1; i < TOML_TABLES_MAX + more; i++) {
            buf_add(&b, STR("[[t]]\n"));
        }
        CHECK(reads(buf_str(&b), &t, &p) == !more);
        buf_clear(&b);
        buf_printf(&b, "a = \"%0*d\"", TOML_STRING_MAX + more, 0);
        CHECK(reads(buf_str(&b), &t, &p) == !more);
        buf_clear(&b);
        buf_printf(&b, "a%0*d = 1", TOML_NAME_MAX - 1 + more, 0);
        CHECK(reads(buf_str(&b), &t, &p) == !more);
        buf_clear(&b);
        buf_printf(&b, "#%0*d", TOML_TEXT_MAX - 1 + more, 0);
        CHECK(reads(buf_str(&b), &t, &p) == !more);
    }
    buf_done(&b);
}

// ---- mappings

static const char good[] = "nom = \"Salon\"\nunite = \"personne\"\nidentifiant = \"numero\"\n"
                           "[[colonne]]\nnom = \"Prénom usuel\"\nnature = \"prenom\"\n"
                           "[[colonne]]\nnom = \"nom\"\nnature = \"nom\"\nlibelle = \"Nom\"\n";

static void test_mapping(void)
{
    struct mapping_problem p;
    struct mapping        *m = mapping_read(str_of(good), &p);

    CHECK(m != NULL);
    const struct link_schema *s = mapping_schema(m);
    CHECK_STR(s->name, "Salon");
    CHECK_STR(s->id, "numero");
    CHECK(s->unit == LINK_PERSON);
    CHECK(s->count == 2);
    CHECK_STR(s->fields[0].column, "Prénom usuel");
    CHECK_STR(s->fields[0].label, "Prénom usuel");
    CHECK(s->fields[0].kind == LINK_GIVEN_NAME);
    CHECK_STR(s->fields[1].label, "Nom");
    mapping_free(m);

    m = mapping_read(STR("identifiant='id'\n[[colonne]]\nnom='x'\nnature='exact'\n"), &p);
    CHECK(m && mapping_schema(m)->unit == LINK_THING);
    mapping_free(m);
    mapping_free(NULL);
}

#define ID     "identifiant = 'id'\n"
#define COLUMN "[[colonne]]\n"
#define X      COLUMN "nom = 'x'\nnature = 'exact'\n"

static const struct {
    const char *text;
    uint32_t    line, column;
    const char *says;
} bad[] = {
    { "", 1, 1, "il manque la clé « identifiant »" },
    { ID, 1, 1, "colonnes" },
    { "x = [", 1, 5, "listes" },
    { ID "couleur = 'bleu'\n" X, 2, 1, "« nom », « unite » ou « identifiant »" },
    { "identifiant = 3\n" X, 1, 15, "guillemets" },
    { "identifiant = ' '\n" X, 1, 15, "est vide" },
    { ID "unite = 'chose'\n" X, 2, 9, "« etablissement », « personne » ou « objet »" },
    { ID "[colonne]\nnom = 'x'\nnature = 'exact'\n", 2, 1, "[[colonne]]" },
    { ID X "[[colonnes]]\n", 5, 1, "« colonnes » n’est pas connue" },
    { ID COLUMN "nom = 'x'\n", 2, 1, "« nature »" },
    { ID COLUMN "nature = 'exact'\n", 2, 1, "« nom »" },
    { ID COLUMN "nom = 'x'\nnature = 'flou'\n", 4, 10, "« organisation »" },
    { ID COLUMN "nom = 'x'\nnature = 'exact'\nseuil = 0.9\n", 5, 1, "« seuil »" },
    { ID COLUMN "nom = 'id'\nnature = 'exact'\n", 3, 7, "identifie" },
    { ID X X, 6, 7, "déjà décrite" },
    { ID COLUMN "nom = 'x'\nnature = 'ignore'\n", 2, 1, "aucune colonne" },
};

static void test_mapping_refused(void)
{
    for (size_t i = 0; i < LENGTH(bad); i++) {
        struct mapping_problem p = { 0 };
        struct mapping        *m = mapping_read(str_of(bad[i].text), &p);
        bool ok = !m && p.place.line == bad[i].line && p.place.column == bad[i].column &&
                  says(str_of(p.sentence), bad[i].says);
        CHECK(ok);
        if (!ok) {
            printf("# %zu: line %u column %u: %s\n", i, p.place.line, p.place.column, p.sentence);
        }
        mapping_free(m);
    }
}

static void test_mapping_columns(void)
{
    struct buf             b = buf_init(MIB(1));
    struct mapping_problem p;

    for (int more = 0; more < 2; more++) {
        buf_clear(&b);
        buf_add(&b, STR(ID));
        for (int i = 0; i < LINK_FIELDS_MAX + more; i++) {
            buf_printf(&b, COLUMN "nom = 'c%d'\nnature = 'texte'\n", i);
        }
        struct mapping *m = mapping_read(buf_str(&b), &p);
        CHECK((m == NULL) == more);
        mapping_free(m);
    }
    // A long wrong word does not cut a character of the sentence in two.
    buf_clear(&b);
    buf_add(&b, STR(ID));
    for (int i = 0; i < 127; i++) {
        buf_add(&b, i ? STR("é") : STR("\""));
    }
    buf_add(&b, STR("\" = 1\n"));
    CHECK(!mapping_read(buf_str(&b), &p));
    CHECK(str_is_utf8(str_of(p.sentence)));
    buf_done(&b);
}

int main(void)
{
    arena = arena_new();
    RUN(test_toml_values);
    RUN(test_toml_nothing);
    RUN(test_toml_refused);
    RUN(test_toml_limits);
    RUN(test_mapping);
    RUN(test_mapping_refused);
    RUN(test_mapping_columns);
    arena_free(arena);
    return tap_done();
}
