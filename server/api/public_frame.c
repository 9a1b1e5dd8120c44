#include "api/public_frame.h"

#include "api/html.h"
#include "queries.h"

void public_along(struct req *r)
{
    db_along(r->db, &query_board_banner);
}

enum err public_begin(struct req *r, struct buf *b, const struct public_head *h)
{
    CLEANUP(result_done) struct result banner = db_along_take(r->db, &query_board_banner);
    if (banner.err) {
        return banner.err;
    }
    html_add(b,
             "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_text(b, h->title);
    html_add(b, "</title>\n");
    if (h->description.len > 0) {
        html_add(b, "<meta name=\"description\" content=\"");
        html_text(b, str_sub(h->description, 0, 160));
        html_add(b, "\">\n");
    }
    if (h->is_hidden) {
        html_add(b, "<meta name=\"robots\" content=\"noindex\">\n");
    }
    if (h->canonical.len > 0) {
        html_add(b, "<link rel=\"canonical\" href=\"");
        html_text(b, h->canonical);
        html_add(b, "\">\n");
    }
    html_add(
        b,
        "<link rel=\"icon\" href=\"/favicon.svg\">\n<link rel=\"stylesheet\" href=\"/offres.css\">\n"
        "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Offres d’emploi\" href=\"/offres.atom\">\n");
    if (h->posting.len > 0) {
        html_add(b, "<script type=\"application/ld+json\">");
        buf_add(b, h->posting); // JSON of ours, without `<`
        html_add(b, "</script>\n");
    }
    html_add(b, "</head>\n<body>\n<a class=\"skip\" href=\"#contenu\">Aller au contenu</a>\n"
                "<header><a class=\"brand\" href=\"/offres\">Maillage</a>");
    if (str_eq(result_text(&banner, 0, 1), STR("t"))) {
        html_add(b, "<span class=\"demo\">Données fictives</span>");
    }
    html_add(b, "<a class=\"staff\" href=\"/connexion\">Espace des partenaires</a></header>\n"
                "<main id=\"contenu\" tabindex=\"-1\">\n");
    return OK;
}

enum err public_end(struct req *r, int status, int seconds, struct buf *b)
{
    html_add(
        b,
        "</main>\n<footer><p>Offres recueillies par France Travail, les Missions Locales, Cap emploi et le PLIE "
        "du territoire, puis ouvertes à tous. <a href=\"/offres.atom\">Fil Atom</a></p></footer>\n</body>\n</html>\n");
    if (status == 200 && seconds > 0) {
        reply_public(r, seconds);
    }
    return reply_buf(r, status, "text/html; charset=utf-8", b);
}

enum err public_words(struct req *r, int status, struct str title, const char *heading, const char *markup)
{
    struct buf               b    = buf_init(KIB(64));
    const struct public_head head = { .title = title, .is_hidden = true };
    enum err                 e    = public_begin(r, &b, &head);
    if (e) {
        buf_done(&b);
        return e;
    }
    html_add(&b, "<h1>");
    buf_add(&b, str_of(heading));
    html_add(&b, "</h1>\n");
    buf_add(&b, str_of(markup));
    reply_header(r, "X-Robots-Tag", STR("noindex"));
    return public_end(r, status, 0, &b);
}

void public_network(struct buf *b, struct str network)
{
    static const struct {
        const char *code, *letter;
    } marks[] = { { "ft", "F" }, { "ml", "M" }, { "ce", "C" }, { "plie", "P" } };
    for (size_t i = 0; i < LENGTH(marks); i++) {
        if (str_eq(network, str_of(marks[i].code))) {
            buf_printf(b, "<span class=\"mark %s\" aria-hidden=\"true\">%s</span>", marks[i].code, marks[i].letter);
        }
    }
}

void public_fact(struct buf *b, struct str label, struct str value, const char *unit)
{
    if (value.len == 0) {
        return;
    }
    html_add(b, "<div><dt>");
    html_text(b, label);
    html_add(b, "</dt><dd>");
    html_text(b, value);
    buf_printf(b, "%s</dd></div>\n", unit);
}

void public_phone(struct buf *b, struct str phone)
{
    if (phone.len == 0) {
        return;
    }
    html_add(b, "<p><a href=\"tel:");
    html_text(b, phone);
    html_add(b, "\">");
    for (size_t i = 0; i < phone.len; i++) {
        if (i > 0 && i % 2 == 0 && phone.len == 10) {
            html_add(b, "\u202f");
        }
        html_text(b, str_sub(phone, i, 1));
    }
    html_add(b, "</a></p>\n");
}
