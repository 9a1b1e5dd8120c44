// What people typed is never markup.
#include "api/html.h"

#include "tap.h"

static bool yields(void (*write)(struct buf *, struct str), const char *in, const char *out)
{
    struct buf b = buf_init(1024);
    write(&b, str_of(in));
    bool is_same = str_eq(buf_str(&b), str_of(out));
    buf_done(&b);
    return is_same;
}

static void test_text(void)
{
    CHECK(yields(html_text, "", ""));
    CHECK(yields(html_text, "Aide à domicile", "Aide à domicile"));
    CHECK(yields(html_text, "<script>\"'&", "&lt;script&gt;&quot;&#39;&amp;"));
    CHECK(yields(html_text, "a\001b\r\nc\td", "ab\nc\td"));
    CHECK(yields(html_lines, "un\ndeux < trois", "un<br>\ndeux &lt; trois"));
}

static void test_query(void)
{
    CHECK(yields(html_query, "Montluçon & 20%", "Montlu%C3%A7on%20%26%2020%25"));
    CHECK(yields(html_query, "a-b_c.d~e\"'<", "a-b_c.d~e%22%27%3C"));
}

int main(void)
{
    RUN(test_text);
    RUN(test_query);
    return tap_done();
}
