// What reviewers decided and what groups were called before, as seen from link/link.h alone.
#include "link/link.h"

#include "base/siren.h"
#include "tap.h"

enum { NAME, FORM, SIRET, NAF, ADDRESS, POSTCODE, COMMUNE, PHONE, EMAIL, FIELDS };

struct row {
    const char *id;
    const char *field[FIELDS];
};

// ---- a crowd, so that there is something to estimate from

static uint32_t below(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % n);
}

static void make_siret(uint32_t number, uint32_t nic, char ret[15])
{
    // By trial: ten digits at most for each key.
    char digits[16];
    for (uint32_t key = 0; key < 10; key++) {
        snprintf(digits, sizeof digits, "%08u%u", number, key);
        if (siren_is_valid(digits)) {
            break;
        }
    }
    for (uint32_t key = 0; key < 10; key++) {
        snprintf(digits + 9, sizeof digits - 9, "%04u%u", nic, key);
        if (siret_is_valid(digits)) {
            break;
        }
    }
    memcpy(ret, digits, 15);
}

static void add(struct link *l, const struct row *row)
{
    struct str fields[FIELDS];
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = str_of(row->field[i]);
    }
    CHECK(link_add(l, str_of(row->id), fields) == LINK_OK);
}

// Establishment i as partner k writes it.
static void crowd_row(uint32_t i, uint32_t k, char text[FIELDS][96], struct row *ret)
{
    static const char *const trades[] = { "Boulangerie", "Garage",    "Plomberie", "Coiffure",
                                          "Transports",  "Pharmacie", "Menuiserie" };
    static const char *const heads[]  = { "Mar", "Dub", "Ler", "Gir", "Pel", "Vas", "Cor", "Ben" };
    static const char *const tails[]  = { "tin", "ois", "oux", "ard", "letier", "seur", "dier" };
    static const char *const ways[]   = { "rue Pasteur", "avenue de la Gare", "place du Marché",
                                          "chemin des Vignes", "boulevard Gambetta" };
    static const char *const towns[]  = { "Moulins", "Vichy", "Montluçon", "Cusset", "Gannat" };
    static const char *const codes[]  = { "03000", "03200", "03100", "03300", "03800" };
    uint64_t                 r        = i * 2654435761u + 17;
    uint32_t                 town     = below(&r, 5);
    char                     last[32];

    snprintf(last, sizeof last, "%s", heads[below(&r, 8)]);
    snprintf(last + strlen(last), sizeof last - strlen(last), "%s", tails[below(&r, 7)]);
    memset(text, 0, FIELDS * sizeof text[0]);
    snprintf(text[NAME], 96, "%s %s%s", trades[below(&r, 7)], last, k == 2 ? " SARL" : "");
    make_siret(40000000 + i * 7919, 1, text[SIRET]);
    snprintf(text[ADDRESS], 96, "%u %s", 1 + below(&r, 80), ways[below(&r, 5)]);
    snprintf(text[POSTCODE], 96, "%s", codes[town]);
    snprintf(text[COMMUNE], 96, "%s", towns[town]);
    snprintf(text[PHONE], 96, "04 70 %02u %02u %02u", below(&r, 100), below(&r, 100),
             below(&r, 100));
    snprintf(text[EMAIL], 96, "contact@%s%u.fr", last, i);
    uint64_t noise = i * 31 + k * 7 + 5;
    for (size_t f = SIRET; f < FIELDS; f++) {
        if (f != COMMUNE && below(&noise, 3) == 0) {
            text[f][0] = '\0';
        }
    }
    for (size_t f = 0; f < FIELDS; f++) {
        ret->field[f] = text[f];
    }
}

enum { CROWD = 400 };

static struct link *crowd(void)
{
    struct link *l = link_new(link_schema_find(STR("etablissement")));
    for (uint32_t i = 0; i < CROWD; i++) {
        for (uint32_t k = 0; k < 1 + i % 3; k++) {
            char       text[FIELDS][96], id[32];
            struct row row = { .id = id };
            snprintf(id, sizeof id, "F%04u-%u", i, k);
            crowd_row(i, k, text, &row);
            add(l, &row);
        }
    }
    return l;
}

static uint32_t number(const struct link *l, const char *id)
{
    uint32_t record = 0;
    CHECK(link_find(l, str_of(id), &record) == LINK_OK);
    return record;
}

static bool together(const struct link *l, const char *a, const char *b)
{
    return link_group_of(l, number(l, a)) == link_group_of(l, number(l, b));
}

static void group(struct link *l)
{
    CHECK(link_group(l, (struct link_progress){ NULL, NULL }) == LINK_OK);
}

static struct str entity_of(const struct link *l, const char *id)
{
    return link_entity(l, link_group_of(l, number(l, id)));
}

// One firm in five files, and a neighbour of another name.
static const struct row firm[] = {
    { "A",
      { "Fonderie Quintrand", "", "", "", "14 quai Voltaire", "03000", "Moulins", "04 70 11 22 33",
        "accueil@quintrand.fr" } },
    { "B",
      { "FONDERIE QUINTRAND", "", "", "", "14 quai Voltaire", "03000", "MOULINS", "0470112233",
        "accueil@quintrand.fr" } },
    { "C",
      { "Fonderie Quintrand SARL", "SARL", "", "", "14, quai Voltaire", "03000", "Moulins",
        "+33470112233", "accueil@quintrand.fr" } },
    { "D",
      { "Fonderie Quintrand", "", "", "", "14 quai Voltaire", "03000", "Moulins", "04 70 11 22 33",
        "accueil@quintrand.fr" } },
    { "E",
      { "Sté Fonderie Quintrand", "", "", "", "14 quai Voltaire", "", "Moulins", "04 70 11 22 33",
        "" } },
};

static const struct row stranger = { "Z",
                                     { "Librairie du Passage", "", "", "", "3 rue d'Allier",
                                       "03200", "Vichy", "04 70 99 88 77", "livres@passage.fr" } };

static struct link *scene(void)
{
    struct link *l = crowd();
    for (size_t i = 0; i < LENGTH(firm); i++) {
        add(l, &firm[i]);
    }
    add(l, &stranger);
    return l;
}

// ---- tests

static void test_without_decision(void)
{
    struct link *l = scene();
    group(l);
    for (size_t i = 1; i < LENGTH(firm); i++) {
        CHECK(together(l, "A", firm[i].id));
    }
    CHECK(!together(l, "A", "Z"));
    CHECK_STR(entity_of(l, "E"), "A");
    CHECK(link_score(l, number(l, "B")) > 0.5 && link_score(l, number(l, "B")) <= 1);
    CHECK(link_score(l, number(l, "Z")) == 1);
    link_free(l);
}

static void test_different(void)
{
    struct link *l = scene();
    CHECK(link_different(l, number(l, "A"), number(l, "B")) == LINK_OK);
    group(l);
    CHECK(!together(l, "A", "B"));
    // Whoever resembles both is with one of them at most; nobody is lost.
    for (size_t i = 2; i < LENGTH(firm); i++) {
        CHECK(together(l, "A", firm[i].id) != together(l, "B", firm[i].id));
    }
    // What was decided is not asked again.
    for (size_t i = 0; i < link_review_count(l); i++) {
        struct link_review v = link_review_at(l, i);
        struct str         a = link_id(l, v.a), b = link_id(l, v.b);
        CHECK(!((str_eq(a, STR("A")) && str_eq(b, STR("B"))) ||
                (str_eq(a, STR("B")) && str_eq(b, STR("A")))));
    }
    struct link_explanation e;
    CHECK(link_explain(l, number(l, "A"), number(l, "B"), &e) == LINK_OK);
    CHECK(!e.same_group);
    link_free(l);
}

// Records alike to the letter count as one, unless somebody said that they are two.
static void test_different_twins(void)
{
    struct link *l = scene();
    CHECK(link_different(l, number(l, "A"), number(l, "D")) == LINK_OK);
    group(l);
    CHECK(!together(l, "A", "D"));
    link_free(l);
}

// The files come again, with another record in the middle: what was decided still holds.
static void test_different_survives(void)
{
    struct link *before = scene();
    CHECK(link_different(before, number(before, "A"), number(before, "B")) == LINK_OK);
    group(before);
    struct link *l = scene();
    for (size_t i = 0; i < 6; i++) {
        struct row more = firm[i % LENGTH(firm)];
        char       id[8];
        snprintf(id, sizeof id, "N%zu", i);
        more.id = id;
        add(l, &more);
    }
    for (uint32_t i = 0; i < link_count(before); i++) {
        uint32_t record;
        CHECK(link_find(l, link_id(before, i), &record) == LINK_OK);
        CHECK(link_previous(l, record, link_entity(before, link_group_of(before, i))) == LINK_OK);
    }
    CHECK(link_different(l, number(l, "B"), number(l, "A")) == LINK_OK);
    group(l);
    CHECK(!together(l, "A", "B"));
    for (size_t i = 0; i < 6; i++) {
        char id[8];
        snprintf(id, sizeof id, "N%zu", i);
        CHECK(together(l, "A", id) + together(l, "B", id) <= 1);
    }
    CHECK(str_eq(entity_of(l, "A"), entity_of(before, "A")));
    CHECK(str_eq(entity_of(l, "B"), entity_of(before, "B")));
    link_free(before);
    link_free(l);
}

static void test_same(void)
{
    struct link *l = scene();
    CHECK(link_same(l, number(l, "A"), number(l, "Z")) == LINK_OK);
    group(l);
    CHECK(together(l, "A", "Z"));
    CHECK(together(l, "A", "B"));
    link_free(l);
}

static void test_contradictions(void)
{
    struct link *l = scene();
    uint32_t     a = number(l, "A"), b = number(l, "B"), c = number(l, "C"), z = number(l, "Z");

    CHECK(link_same(l, a, b) == LINK_OK);
    CHECK(link_same(l, b, c) == LINK_OK);
    CHECK(link_different(l, c, a) == LINK_CONTRADICTS);
    CHECK(link_different(l, c, z) == LINK_OK);
    CHECK(link_same(l, a, z) == LINK_CONTRADICTS);
    CHECK(link_same(l, z, a) == LINK_CONTRADICTS);
    CHECK(link_different(l, a, a) == LINK_CONTRADICTS);
    group(l);
    CHECK(together(l, "A", "C") && !together(l, "A", "Z"));
    link_free(l);
}

static void test_too_late(void)
{
    struct link *l = scene();
    struct str   fields[FIELDS];
    uint32_t     record;

    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = STR("");
    }
    CHECK(link_add(l, STR("A"), fields) == LINK_ID_TWICE);
    CHECK(link_add(l, STR(""), fields) == LINK_ID_EMPTY);
    char long_id[LINK_ID_MAX + 1];
    memset(long_id, 'x', sizeof long_id);
    CHECK(link_add(l, (struct str){ long_id, sizeof long_id }, fields) == LINK_ID_LONG);
    CHECK(link_find(l, STR("nobody"), &record) == LINK_ID_UNKNOWN);
    struct link_explanation e;
    CHECK(link_explain(l, 0, 1, &e) == LINK_NOT_GROUPED);
    group(l);
    CHECK(link_group(l, (struct link_progress){ NULL, NULL }) == LINK_GROUPED);
    CHECK(link_add(l, STR("new"), fields) == LINK_GROUPED);
    CHECK(link_same(l, 0, 1) == LINK_GROUPED && link_different(l, 0, 1) == LINK_GROUPED);
    CHECK(link_previous(l, 0, STR("x")) == LINK_GROUPED);
    link_free(l);
}

// Group names: kept by the majority, handed over when groups meet, redirected when they vanish.
static void test_names(void)
{
    struct link *l       = scene();
    const char  *first[] = { "A", "B", "C" };
    for (size_t i = 0; i < LENGTH(first); i++) {
        CHECK(link_previous(l, number(l, first[i]), STR("etab-9")) == LINK_OK);
    }
    CHECK(link_previous(l, number(l, "D"), STR("etab-1")) == LINK_OK);
    CHECK(link_previous(l, number(l, "Z"), STR("etab-5")) == LINK_OK);
    group(l);
    CHECK_STR(entity_of(l, "A"), "etab-9");
    CHECK_STR(entity_of(l, "E"), "etab-9");
    CHECK_STR(entity_of(l, "Z"), "etab-5");
    CHECK(link_redirect_count(l) == 1);
    CHECK_STR(link_redirect_at(l, 0).from, "etab-1");
    CHECK_STR(link_redirect_at(l, 0).to, "etab-9");
    link_free(l);

    // As many of one as of the other: the smaller name.
    l = scene();
    CHECK(link_previous(l, number(l, "A"), STR("etab-9")) == LINK_OK);
    CHECK(link_previous(l, number(l, "B"), STR("etab-1")) == LINK_OK);
    group(l);
    CHECK_STR(entity_of(l, "A"), "etab-1");
    CHECK_STR(link_redirect_at(l, 0).from, "etab-9");
    link_free(l);

    // A group that was one and is two: the larger part keeps the name, the other gets its own.
    l = scene();
    for (size_t i = 0; i < LENGTH(firm); i++) {
        CHECK(link_previous(l, number(l, firm[i].id), STR("etab-9")) == LINK_OK);
    }
    CHECK(link_previous(l, number(l, "Z"), STR("etab-9")) == LINK_OK);
    group(l);
    CHECK_STR(entity_of(l, "C"), "etab-9");
    CHECK_STR(entity_of(l, "Z"), "Z");
    CHECK(link_redirect_count(l) == 0);
    link_free(l);
}

// Every name is given once, whatever was there before.
static void test_names_once(void)
{
    struct link *l = scene();
    for (uint32_t i = 0; i < link_count(l); i++) {
        char name[16];
        snprintf(name, sizeof name, "e%u", i * 7 % 40);
        CHECK(link_previous(l, i, str_of(name)) == LINK_OK);
    }
    group(l);
    for (uint32_t g = 1; g < link_group_count(l); g++) {
        CHECK(str_compare(link_entity(l, g - 1), link_entity(l, g)) < 0);
    }
    link_free(l);
}

// ---- one more record

static void test_join(void)
{
    struct link      *l = scene();
    struct str        fields[FIELDS];
    struct link_match matches[LINK_MATCH_MAX];
    uint32_t          record, *groups;

    group(l);
    size_t count = link_count(l), group_count = link_group_count(l);
    groups = memory_new(count * sizeof *groups);
    for (uint32_t i = 0; i < count; i++) {
        groups[i] = link_group_of(l, i);
    }
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = str_of(firm[1].field[i]);
    }
    fields[NAME] = STR("Fonderie Quintrant");
    size_t n     = link_match(l, fields, matches);
    CHECK(n >= 1 && matches[0].merge && matches[0].group == link_group_of(l, number(l, "A")));
    CHECK(link_count(l) == count);
    CHECK(link_join(l, STR("A-bis"), fields, &record) == LINK_OK);
    CHECK(record == count && together(l, "A", "A-bis"));
    CHECK(link_join(l, STR("A-bis"), fields, &record) == LINK_ID_TWICE);

    const char *unknown[FIELDS] = {
        "Verrerie Obscure", "", "", "", "1 rue Sans Nom", "29200", "Brest", "", ""
    };
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = str_of(unknown[i]);
    }
    CHECK(link_join(l, STR("Y"), fields, &record) == LINK_OK);
    CHECK_STR(entity_of(l, "Y"), "Y");
    CHECK(link_group_count(l) == group_count + 1);
    // A second one joins the first newcomer.
    CHECK(link_join(l, STR("Y2"), fields, &record) == LINK_OK);
    CHECK(together(l, "Y", "Y2"));
    for (uint32_t i = 0; i < count; i++) {
        CHECK(link_group_of(l, i) == groups[i]);
    }
    free(groups);
    link_free(l);
}

// ---- SIRET

// Two different valid SIRET in one group never go unsaid.
static void check_sirets(const struct link *l, const char (*sirets)[15])
{
    for (uint32_t a = 0; a < link_count(l); a++) {
        for (uint32_t b = a + 1; b < link_count(l); b++) {
            bool clash = sirets[a][0] && sirets[b][0] && strcmp(sirets[a], sirets[b]) != 0 &&
                         link_group_of(l, a) == link_group_of(l, b);
            bool said = false;
            for (size_t i = 0; clash && i < link_review_count(l); i++) {
                struct link_review v = link_review_at(l, i);
                said                 = said || (v.reason == LINK_REVIEW_SIRET &&
                                link_group_of(l, v.a) == link_group_of(l, a) &&
                                link_group_of(l, v.b) == link_group_of(l, a));
            }
            CHECK(!clash || said);
        }
    }
}

static void test_two_sirets(void)
{
    struct link *l    = link_new(link_schema_find(STR("etablissement")));
    char(*sirets)[15] = memory_zero((size_t)CROWD * 4 * sizeof *sirets);
    for (uint32_t i = 0; i < CROWD; i++) {
        for (uint32_t k = 0; k < 3; k++) {
            char       text[FIELDS][96], id[32];
            struct row row = { .id = id };
            snprintf(id, sizeof id, "F%04u-%u", i, k);
            crowd_row(i, k, text, &row);
            // One in eight bears another number: of the same company, or of another.
            if ((i + k) % 8 == 0) {
                make_siret(40000000 + i * 7919 + (i % 2 ? 0 : 3), 2 + k, text[SIRET]);
            }
            memcpy(sirets[link_count(l)], text[SIRET], 15);
            add(l, &row);
        }
    }
    group(l);
    check_sirets(l, (const char(*)[15])sirets);
    free(sirets);
    link_free(l);
}

// The same decisions and names in another order of addition: the same groups under the same names.
static void test_order(void)
{
    struct link *forth = scene(), *back = link_new(link_schema_find(STR("etablissement")));
    add(back, &stranger);
    for (size_t i = LENGTH(firm); i > 0; i--) {
        add(back, &firm[i - 1]);
    }
    for (uint32_t i = CROWD; i > 0; i--) {
        for (uint32_t k = 1 + (i - 1) % 3; k > 0; k--) {
            char       text[FIELDS][96], id[32];
            struct row row = { .id = id };
            snprintf(id, sizeof id, "F%04u-%u", i - 1, k - 1);
            crowd_row(i - 1, k - 1, text, &row);
            add(back, &row);
        }
    }
    struct link *both[] = { forth, back };
    for (size_t i = 0; i < 2; i++) {
        CHECK(link_different(both[i], number(both[i], i ? "B" : "A"),
                             number(both[i], i ? "A" : "B")) == LINK_OK);
        CHECK(link_previous(both[i], number(both[i], "C"), STR("etab-3")) == LINK_OK);
        group(both[i]);
    }
    CHECK(link_count(forth) == link_count(back));
    CHECK(link_group_count(forth) == link_group_count(back));
    for (uint32_t i = 0; i < link_count(forth); i++) {
        uint32_t other;
        CHECK(link_find(back, link_id(forth, i), &other) == LINK_OK);
        CHECK(str_eq(link_entity(forth, link_group_of(forth, i)),
                     link_entity(back, link_group_of(back, other))));
        CHECK(link_score(forth, i) == link_score(back, other));
    }
    CHECK(link_review_count(forth) == link_review_count(back));
    for (size_t i = 0; i < link_review_count(forth); i++) {
        struct link_review a = link_review_at(forth, i), b = link_review_at(back, i);
        CHECK(str_eq(link_id(forth, a.a), link_id(back, b.a)));
        CHECK(str_eq(link_id(forth, a.b), link_id(back, b.b)));
        CHECK(a.reason == b.reason && a.probability == b.probability);
    }
    link_free(forth);
    link_free(back);
}

int main(void)
{
    RUN(test_without_decision);
    RUN(test_different);
    RUN(test_different_twins);
    RUN(test_different_survives);
    RUN(test_same);
    RUN(test_contradictions);
    RUN(test_too_late);
    RUN(test_names);
    RUN(test_names_once);
    RUN(test_join);
    RUN(test_two_sirets);
    RUN(test_order);
    return tap_done();
}
