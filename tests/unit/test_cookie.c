#include "http/cookie.h"
#include "tap.h"

static void test_cookies(void)
{
    struct str header = STR("a=1; __Host-session=tok; b=\"q\";empty=; flag");
    CHECK_STR(cookie_find(header, STR("__Host-session")), "tok");
    CHECK_STR(cookie_find(header, STR("b")), "q");
    CHECK(!str_is_absent(cookie_find(header, STR("empty"))));
    CHECK(str_is_absent(cookie_find(header, STR("flag"))));
    CHECK(str_is_absent(cookie_find(header, STR("Host-session"))));
    CHECK(str_is_absent(cookie_find((struct str){ 0 }, STR("a"))));
}

static void test_accepts(void)
{
    CHECK(header_accepts(STR("gzip, deflate, br"), STR("br")));
    CHECK(header_accepts(STR("GZIP;q=0.5"), STR("gzip")));
    CHECK(!header_accepts(STR("gzip;q=0"), STR("gzip")));
    CHECK(!header_accepts(STR("brotli"), STR("br")) &&
          !header_accepts((struct str){ 0 }, STR("br")));
}

static void test_tags(void)
{
    CHECK(header_names_tag(STR("\"a\", W/\"b\""), STR("\"b\"")));
    CHECK(header_names_tag(STR("*"), STR("\"b\"")));
    CHECK(!header_names_tag(STR("b"), STR("\"b\"")));
}

static void test_trace(void)
{
    CHECK_STR(header_trace(STR("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
              "0af7651916cd43dd8448eb211c80319c");
    CHECK(str_is_absent(
        header_trace(STR("00-00000000000000000000000000000000-b7ad6b7169203331-01"))));
    CHECK(str_is_absent(
        header_trace(STR("00-0af7651916cd43dd8448eb211c80319X-b7ad6b7169203331-01"))));
    CHECK(str_is_absent(header_trace(STR("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"))));
    CHECK(str_is_absent(header_trace(STR("x"))));
}

static void test_types(void)
{
    CHECK(header_is_type(STR("application/json; charset=utf-8"), STR("application/json")));
    CHECK(!header_is_type(STR("application/jsonx"), STR("application/json")));
    CHECK(!header_is_type((struct str){ 0 }, STR("application/json")));
}

int main(void)
{
    RUN(test_cookies);
    RUN(test_accepts);
    RUN(test_tags);
    RUN(test_trace);
    RUN(test_types);
    return tap_done();
}
