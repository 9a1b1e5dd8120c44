// Folding, distances, sorting and numbered strings.
#include "tap.h"

#include "link/distance.h"
#include "link/fold.h"
#include "link/intern.h"
#include "link/sort.h"
#include "link/value.h"

static struct str folded(const char *text)
{
    static char room[256];
    return (struct str){ room, fold(str_of(text), room, sizeof room) };
}

static struct str in_words(const char *text)
{
    static struct words w;
    words_read(str_of(text), &w);
    return (struct str){ w.text, w.size };
}

static void test_fold(void)
{
    CHECK_STR(folded("Crèmerie  de l’Œuf"), "cremerie de l oeuf");
    CHECK_STR(folded("ÉLÉPHANT & CIE"), "elephant et cie");
    CHECK_STR(folded("e\xCC\x81tait"), "etait"); // combining accent
    CHECK_STR(folded("a\xFF"
                     "b"),
              "a b"); // not UTF-8
    CHECK_STR(folded("  —  "), "");
    CHECK_STR(folded("Straße, Łódź"), "strasse lodz");
    char small[4];
    CHECK(fold(STR("abcdef"), small, sizeof small) <= sizeof small);
}

static void test_words(void)
{
    CHECK_STR(in_words("C.C.A.S. de Vichy"), "ccas de vichy");
    CHECK_STR(in_words("S.A.R.L Dupont"), "sarl dupont");
    CHECK_STR(in_words("M. Dupont"), "m dupont");
    CHECK_STR(in_words("z.a."), "za");
    CHECK_STR(in_words(""), "");
    struct words w;
    char         many[400];
    for (size_t i = 0; i < sizeof many; i++) {
        many[i] = i % 2 ? ' ' : 'a';
    }
    words_read((struct str){ many, sizeof many }, &w);
    CHECK(w.count == WORDS_MAX);
    CHECK_STR(words_at(&w, WORDS_MAX), "");
    CHECK(word_is(STR("rue"), "rue") && !word_is(STR("rue"), "rues") &&
          !word_is(STR("rues"), "rue"));
}

// The same by the book, to compare with.
static unsigned by_the_book(struct str a, struct str b)
{
    static unsigned d[300][300];

    for (size_t i = 0; i <= a.len; i++) {
        for (size_t k = 0; k <= b.len; k++) {
            if (!i || !k) {
                d[i][k] = (unsigned)(i + k);
                continue;
            }
            unsigned same = d[i - 1][k - 1] + (a.at[i - 1] != b.at[k - 1]);
            unsigned best = d[i - 1][k] < d[i][k - 1] ? d[i - 1][k] + 1 : d[i][k - 1] + 1;
            best          = same < best ? same : best;
            bool swap = i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1];
            d[i][k]   = swap && d[i - 2][k - 2] + 1 < best ? d[i - 2][k - 2] + 1 : best;
        }
    }
    return d[a.len][b.len];
}

static void test_distance(void)
{
    CHECK(distance(STR(""), STR("abc")) == 3);
    CHECK(distance(STR("martin"), STR("matrin")) == 1);
    CHECK(distance(STR("ca"), STR("abc")) == 3); // alignment, not Damerau's
    uint64_t draw = 7;
    for (int round = 0; round < 4000; round++) {
        char       x[150], y[150];
        struct str a = { x, 0 }, b = { y, 0 };
        draw  = hash_pair(draw, 1);
        a.len = round % 8 ? draw % 20 : draw % 150;
        draw  = hash_pair(draw, 2);
        b.len = round % 8 ? draw % 20 : draw % 150;
        for (size_t i = 0; i < sizeof x; i++) {
            draw = hash_pair(draw, 3);
            x[i] = (char)('a' + draw % 3);
            y[i] = (char)('a' + (draw >> 20) % 3);
        }
        unsigned wanted = by_the_book(a, b);
        if (distance(a, b) != wanted) {
            CHECK(distance(a, b) == wanted);
            return;
        }
    }
}

static void test_jaro_winkler(void)
{
    CHECK(jaro_winkler(STR("martha"), STR("marhta")) > 0.9611F);
    CHECK(jaro_winkler(STR("martha"), STR("marhta")) < 0.9612F);
    CHECK(jaro_winkler(STR("dixon"), STR("dicksonx")) > 0.8133F);
    CHECK(jaro_winkler(STR("dixon"), STR("dicksonx")) < 0.8134F);
    CHECK(jaro_winkler(STR("abc"), STR("xyz")) <= 0);
    CHECK(jaro_winkler(STR(""), STR("")) >= 1);
    CHECK(similarity(STR("abcd"), STR("abcx")) > 0.74F && similarity(STR(""), STR("")) >= 1);
}

static void test_sort(void)
{
    enum { COUNT = 5000 };
    static uint64_t n[COUNT];
    uint64_t        sum = 0, after = 0;

    for (size_t i = 0; i < COUNT; i++) {
        n[i] = hash_pair(i % 1000, 5);
        sum += n[i];
    }
    sort_numbers(n, COUNT, 64);
    bool sorted = true;
    for (size_t i = 0; i < COUNT; i++) {
        after += n[i];
        sorted = sorted && (!i || n[i - 1] <= n[i]);
    }
    CHECK(sorted && sum == after);
    CHECK(sort_unique(n, COUNT) == 1000);
    sort_numbers(n, 0, 64);
}

static void test_intern(void)
{
    struct intern *t = intern_new();
    char           text[24];

    CHECK(intern_add(t, STR("")) == 0 && intern_find(t, STR("absent")) == 0);
    for (int i = 0; i < 10000; i++) {
        size_t len = (size_t)snprintf(text, sizeof text, "word %d", i);
        CHECK(intern_add(t, (struct str){ text, len }) == (uint32_t)i + 1);
    }
    CHECK(intern_add(t, STR("word 77")) == 78);
    CHECK(intern_find(t, STR("word 9999")) == 10000 && intern_count(t) == 10000);
    CHECK_STR(intern_str(t, 78), "word 77");
    CHECK(intern_hash(t, 78) == hash_str(STR("word 77")));
    intern_free(t);
}

static void test_values(void)
{
    double n = 0;

    CHECK((int)value_date(STR("2001-12-31")) == 20011231);
    CHECK((int)value_date(STR("31/12/2001")) == 20011231);
    CHECK((int)value_date(STR("31.12.2001 08:00")) == 20011231);
    CHECK((int)value_date(STR("20011231")) == 20011231);
    CHECK((int)value_date(STR("2001-12-31T08:00:00")) == 20011231);
    CHECK((int)value_date(STR("31/12")) == 0 && (int)value_date(STR("")) == 0);
    CHECK(value_number(STR("1 234,5"), &n) && n > 1234.4 && n < 1234.6);
    CHECK(!value_number(STR("douze"), &n));
}

int main(void)
{
    RUN(test_fold);
    RUN(test_words);
    RUN(test_distance);
    RUN(test_jaro_winkler);
    RUN(test_sort);
    RUN(test_intern);
    RUN(test_values);
    return tap_done();
}
