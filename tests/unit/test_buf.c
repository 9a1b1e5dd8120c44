#include "base/buf.h"
#include "tap.h"

static void test_maximum(void)
{
    struct buf b = buf_init(10);
    buf_add(&b, STR("0123456789"));
    CHECK(!buf_is_full(&b) && b.len == 10 && b.at[10] == 0);
    buf_add_char(&b, 'x');
    CHECK(buf_is_full(&b) && b.len == 10);
    buf_clear(&b);
    buf_printf(&b, "%d", 12345678);
    CHECK(!buf_is_full(&b));
    CHECK_STR(buf_str(&b), "12345678");
    buf_printf(&b, "%d", 123);
    CHECK(buf_is_full(&b) && b.len == 8);
    buf_done(&b);
    buf_done(NULL);
}

static void test_json(void)
{
    struct buf b = buf_init(1000);
    buf_add_json(&b, STR("a\"b\\c\n\x01é"));
    CHECK_STR(buf_str(&b), "\"a\\\"b\\\\c\\n\\u0001é\"");
    buf_clear(&b);
    buf_add_json(&b, STR("\xE9"));
    CHECK_STR(buf_str(&b), "\"\xEF\xBF\xBD\"");
    buf_clear(&b);
    buf_add_json(&b, (struct str){ 0 });
    CHECK_STR(buf_str(&b), "null");
    buf_done(&b);
}

static void test_encodings(void)
{
    struct buf b = buf_init(1000);
    buf_add_hex(&b, (struct str){ "\x00\xff\x1a", 3 });
    CHECK_STR(buf_str(&b), "00ff1a");
    buf_clear(&b);
    buf_add_base64(&b, STR("f"));
    buf_add_char(&b, ' ');
    buf_add_base64(&b, STR("fo"));
    buf_add_char(&b, ' ');
    buf_add_base64(&b, STR("foo\xff\xfe"));
    CHECK_STR(buf_str(&b), "Zg Zm8 Zm9v__4");
    buf_clear(&b);
    buf_add_int(&b, INT64_MIN);
    CHECK_STR(buf_str(&b), "-9223372036854775808");
    buf_done(&b);
}

int main(void)
{
    RUN(test_maximum);
    RUN(test_json);
    RUN(test_encodings);
    return tap_done();
}
