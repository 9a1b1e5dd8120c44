// Letters: headers that nothing breaks, lines of mail, text that comes back as it was.
#include "out/mime.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static struct buf written(struct mime_mail m)
{
    struct buf out = buf_init(MIB(1));
    mime_write(&m, &out);
    return out;
}

static bool holds(const struct buf *b, const char *text)
{
    struct str all = buf_str(b);
    return str_find(all, str_of(text)) < all.len;
}

// RFC 5321 and 2045: every line of at most 76 characters before CRLF, no bare LF, nothing beyond ASCII.
static bool is_mail(struct str text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '\n') {
            if (i == 0 || text.at[i - 1] != '\r' || width > 77) {
                return false;
            }
            width = 0;
        } else if (c > 126) {
            return false;
        } else {
            width++;
        }
    }
    return width == 0;
}

static struct str body_of(struct str letter)
{
    size_t at = str_find(letter, STR("\r\n\r\n"));
    return str_sub(letter, at + 4, letter.len);
}

// Undoes quoted-printable.
static struct buf plain(struct str body)
{
    struct buf out = buf_init(MIB(1));
    for (size_t i = 0; i < body.len; i++) {
        if (body.at[i] == '=' && i + 2 < body.len && body.at[i + 1] == '\r') {
            i += 2;
        } else if (body.at[i] == '=' && i + 2 < body.len) {
            buf_add_char(&out, (char)strtol((char[]){ body.at[i + 1], body.at[i + 2], 0 }, NULL, 16));
            i += 2;
        } else if (body.at[i] != '\r') {
            buf_add_char(&out, body.at[i]);
        }
    }
    return out;
}

static void test_headers(void)
{
    struct buf b = written((struct mime_mail){ .from = STR("Maillage de l’Allier <ne-pas-repondre@maillage.example>"),
                                               .to   = STR("camille@ml.example"),
                                               .subject = STR("Maillage : 3 offres pour votre public, 12 choses à faire avant la fin de la semaine"),
                                               .text = STR("Bonjour"),
                                               .id   = STR("dig_3_4_20260604"),
                                               .stop = STR("https://m.example/courriel/3.4.ab"),
                                               .at   = 1780561800 });
    CHECK(is_mail(buf_str(&b)));
    CHECK(holds(&b, "Date: Thu, 4 Jun 2026 08:30:00 +0000\r\n"));
    CHECK(holds(&b, "From: =?UTF-8?B?TWFpbGxhZ2UgZGUgbOKAmUFsbGllcg==?=\r\n <ne-pas-repondre@maillage.example>\r\n"));
    CHECK(holds(&b, "To: <camille@ml.example>\r\n"));
    CHECK(holds(&b, "Message-ID: <dig_3_4_20260604@maillage.example>\r\n"));
    CHECK(holds(&b, "List-Unsubscribe:\r\n <https://m.example/courriel/3.4.ab>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    CHECK(holds(&b, "?=\r\n =?UTF-8?B?"));
    CHECK(holds(&b, "\r\n\r\nBonjour\r\n"));
    buf_done(&b);
    CHECK_STR(mime_address(STR("a@b.example")), "a@b.example");
    CHECK_STR(mime_address(STR("A B <a@b.example>")), "a@b.example");
}

static void test_nothing_breaks_out(void)
{
    struct buf b = written((struct mime_mail){ .from = STR("x@y.example"),
                                               .to   = STR("a@b.example>\r\nBcc: <c@d.example"),
                                               .subject = STR("Bonjour\r\nBcc: c@d.example"),
                                               .id   = STR("1>\r\nX: 2"),
                                               .text = STR(".\r\nQUIT\r\n") });
    CHECK(is_mail(buf_str(&b)));
    CHECK(!holds(&b, "\r\nBcc:"));
    CHECK(!holds(&b, "\r\nX: 2"));
    CHECK(!holds(&b, "List-Unsubscribe"));
    CHECK(holds(&b, "From: <x@y.example>\r\n"));
    buf_done(&b);
}

static void test_text(void)
{
    struct buf text = buf_init(KIB(64));
    for (int i = 0; i < 60; i++) { // every width, with characters of one to four bytes and blanks at the end
        for (int k = 0; k < i + 40; k++) {
            buf_add(&text, k % 7 == 3 ? STR("é") : k % 11 == 5 ? STR("€") : k % 13 == 7 ? STR("𝄞") : k % 5 == 0 ? STR(" ") : STR("="));
        }
        buf_add(&text, i % 2 ? STR(" \n") : STR("\n"));
    }
    struct buf b    = written((struct mime_mail){ .from = STR("x@y.example"), .to = STR("a@b.example"), .text = buf_str(&text) });
    struct buf back = plain(body_of(buf_str(&b)));
    CHECK(is_mail(buf_str(&b)));
    CHECK(str_eq(buf_str(&back), buf_str(&text)));
    buf_done(&text);
    buf_done(&back);
    buf_done(&b);
}

int main(void)
{
    RUN(test_headers);
    RUN(test_nothing_breaks_out);
    RUN(test_text);
    return tap_done();
}
