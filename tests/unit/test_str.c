#include "tap.h"

static void test_cut(void)
{
    struct str rest = STR("a,,b");
    struct str part;
    CHECK(str_cut(&rest, ',', &part) && str_eq(part, STR("a")));
    CHECK(str_cut(&rest, ',', &part) && part.len == 0);
    CHECK(str_cut(&rest, ',', &part) && str_eq(part, STR("b")));
    CHECK(!str_cut(&rest, ',', &part));
    CHECK(str_is_absent(rest));
}

static void test_int(void)
{
    int64_t n = 0;
    CHECK(str_int(STR("-9223372036854775808"), &n) && n == INT64_MIN);
    CHECK(str_int(STR("9223372036854775807"), &n) && n == INT64_MAX);
    CHECK(!str_int(STR("9223372036854775808"), &n));
    CHECK(!str_int(STR("-9223372036854775809"), &n));
    CHECK(!str_int(STR(""), &n) && !str_int(STR("-"), &n) && !str_int(STR(" 1"), &n));
    CHECK(!str_int(STR("1a"), &n) && !str_int((struct str){ 0 }, &n));
    CHECK(str_int(STR("+0007"), &n) && n == 7);
}

static void test_double(void)
{
    double d = 0;
    CHECK(str_double(STR("-1.5e3"), &d) && d < -1499 && d > -1501);
    CHECK(!str_double(STR("nan"), &d) && !str_double(STR("0x10"), &d) &&
          !str_double(STR("1e999"), &d));
}

static void test_utf8(void)
{
    CHECK(str_is_utf8(STR("où ça \xE2\x82\xAC \xF0\x9F\x98\x80")));
    CHECK(!str_is_utf8(STR("\xC0\x80")));         // overlong
    CHECK(!str_is_utf8(STR("\xED\xA0\x80")));     // surrogate
    CHECK(!str_is_utf8(STR("\xE9t\xE9")));        // Windows-1252
    CHECK(!str_is_utf8(STR("\xF4\x90\x80\x80"))); // beyond U+10FFFF
    CHECK(!str_is_utf8((struct str){ "a\0b", 3 }));
    CHECK(!str_is_utf8(STR("\xE2\x82")));
    CHECK(str_utf8_count(STR("où")) == 2);
}

static void test_search(void)
{
    CHECK(str_find(STR("abcabc"), STR("ca")) == 2);
    CHECK(str_find(STR("abc"), STR("x")) == 3);
    CHECK(str_index((struct str){ 0 }, 'a') == 0);
    CHECK(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("a"), STR("ab")));
    CHECK(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("c"), STR("bc")));
    CHECK(str_eq_case(STR("AbC"), STR("aBc")) && !str_eq_case(STR("a"), STR("ab")));
    CHECK(str_compare(STR("a"), STR("ab")) < 0 && str_compare(STR("b"), STR("ab")) > 0);
    CHECK_STR(str_trim(STR(" \t x y\r\n")), "x y");
    CHECK_STR(str_sub(STR("abc"), 1, 100), "bc");
    CHECK(str_sub(STR("abc"), 9, 1).len == 0);
}

int main(void)
{
    RUN(test_cut);
    RUN(test_int);
    RUN(test_double);
    RUN(test_utf8);
    RUN(test_search);
    return tap_done();
}
