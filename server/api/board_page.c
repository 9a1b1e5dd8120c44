#include <stddef.h>

#include "api/board.h"
#include "api/html.h"
#include "api/public_frame.h"
#include "http/cursor.h"
#include "queries.h"

enum { PAGE_MOST = 25, FEED_MOST = 50, PART_MOST = 50000, KEEP_S = 15 };

static const char xml_type[]  = "application/xml; charset=utf-8";

// What a search asks; absent where nothing was said. The place is as typed and as understood.
struct search {
    struct str q, place, near, near_name, contract;
    int64_t    km;
};

static const struct {
    const char *code, *label;
} contracts[] = {
    { "cdi", "CDI" },
    { "cdd", "CDD" },
    { "interim", "Mission d’intérim" },
    { "seasonal", "Contrat saisonnier" },
    { "apprenticeship", "Contrat d’apprentissage" },
    { "professionalisation", "Contrat de professionnalisation" },
    { "subsidised", "Contrat aidé" },
    { "internship", "Immersion professionnelle" },
};

static const int64_t distances[] = { 0, 10, 20, 30, 50, 100 };
enum { KM_OTHERWISE = 20 };

// --- the search ---------------------------------------------------------------------------------

static struct str given(struct req *r, const char *name, size_t most)
{
    struct str value = str_trim(query_text(r, name));
    return value.len == 0 || value.len > most || !str_is_utf8(value) ? (struct str){ 0 } : value;
}

// What is not understood is as if it had not been said: a visitor gets offers, not an error.
static enum err search_read(struct req *r, struct search *s)
{
    *s = (struct search){ .q = given(r, "q", 100), .place = given(r, "lieu", 80), .km = KM_OTHERWISE };

    int64_t    km       = query_int(r, "km", KM_OTHERWISE);
    struct str contract = given(r, "contrat", 30);
    for (size_t i = 0; i < LENGTH(distances); i++) {
        s->km = distances[i] == km ? km : s->km;
    }
    for (size_t i = 0; i < LENGTH(contracts); i++) {
        if (str_eq(contract, str_of(contracts[i].code))) {
            s->contract = contract;
        }
    }
    if (s->place.len > 0) {
        CLEANUP(result_done) struct result found = board_commune(r->db, s->place);
        if (found.err) {
            return found.err;
        }
        if (result_count(&found) == 1) {
            s->near      = arena_str(r->arena, result_text(&found, 0, 0));
            s->near_name = arena_str(r->arena, result_text(&found, 0, 1));
        }
    }
    return OK;
}

// The address of a search, after `base`; for an attribute.
static void search_address(struct buf *b, const char *base, const struct search *s)
{
    struct {
        const char *name;
        struct str  value;
    } parts[]       = { { "q", s->q }, { "lieu", s->place }, { "contrat", s->contract } };
    const char *sep = "?";
    buf_add(b, str_of(base));
    for (size_t i = 0; i < LENGTH(parts); i++) {
        if (parts[i].value.len > 0) {
            buf_printf(b, "%s%s=", sep, parts[i].name);
            html_query(b, parts[i].value);
            sep = "&amp;";
        }
    }
    if (s->near.len > 0 && s->km != KM_OTHERWISE) {
        buf_printf(b, "%skm=%d", sep, (int)s->km);
    }
}

static void option(struct buf *b, const char *value, const char *label, bool is_chosen)
{
    buf_printf(b, "<option value=\"%s\"%s>%s</option>", value, is_chosen ? " selected" : "", label);
}

static void search_form(struct buf *b, const struct search *s)
{
    html_add(b, "<form class=\"search\" role=\"search\" action=\"/offres\" method=\"get\">\n"
                "<label>Métier ou intitulé<input type=\"search\" name=\"q\" maxlength=\"100\" placeholder=\"Soudeur, serveuse…\" value=\"");
    html_text(b, s->q);
    html_add(b, "\"></label>\n<label>Commune ou code postal<input name=\"lieu\" maxlength=\"80\" autocomplete=\"address-level2\" value=\"");
    html_text(b, s->place);
    html_add(b, "\"></label>\n<label>Distance<select name=\"km\">");
    for (size_t i = 0; i < LENGTH(distances); i++) {
        char value[8], label[32];
        snprintf(value, sizeof value, "%d", (int)distances[i]);
        snprintf(label, sizeof label, distances[i] ? "%d\u202fkm" : "la commune seule", (int)distances[i]);
        option(b, value, label, s->km == distances[i]);
    }
    html_add(b, "</select></label>\n<label>Contrat<select name=\"contrat\"><option value=\"\">Tous</option>");
    for (size_t i = 0; i < LENGTH(contracts); i++) {
        option(b, contracts[i].code, contracts[i].label, str_eq(s->contract, str_of(contracts[i].code)));
    }
    html_add(b, "</select></label>\n<button type=\"submit\">Chercher</button>\n</form>\n");
}

static enum err nothing_found(struct req *r, struct buf *b, const struct search *s)
{
    html_add(b, "<p class=\"none\">Aucune offre ne répond à cette recherche.</p>\n");
    if (s->q.len < 3) {
        return OK;
    }
    CLEANUP(result_done) struct result like = board_like(r->db, s->q);
    if (like.err) {
        return like.err;
    }
    if (result_count(&like) > 0) {
        html_add(b, "<p>Vouliez-vous dire&nbsp;:</p>\n<ul class=\"meant\">\n");
        for (int i = 0; i < result_count(&like); i++) {
            struct search other = *s;
            other.q             = result_text(&like, i, 0);
            html_add(b, "<li><a href=\"");
            search_address(b, "/offres", &other);
            html_add(b, "\">");
            html_text(b, other.q);
            html_add(b, "</a></li>\n");
        }
        html_add(b, "</ul>\n");
    }
    html_add(b, "<p><a href=\"/offres\">Voir toutes les offres</a></p>\n");
    return OK;
}

static void offer_card(struct buf *b, const struct result *rows, int i)
{
    buf_printf(b, "<li><a href=\"/offres/%.*s\"><h2>", STR_ARG(result_text(rows, i, 0)));
    html_text(b, result_text(rows, i, 1));
    html_add(b, "</h2></a><p>");
    html_text(b, result_text(rows, i, 2));
    html_add(b, "</p><p class=\"by\">");
    public_network(b, result_text(rows, i, 4));
    html_text(b, result_text(rows, i, 3));
    html_add(b, " · ouverte le ");
    html_text(b, result_text(rows, i, 5));
    html_add(b, "</p></li>\n");
}

enum err board_search_page(struct req *r)
{
    struct search s;
    struct str    after = { 0 };
    public_along(r);
    enum err e = search_read(r, &s);
    if (e || ((e = query_cursor(r, &after)) && e != ERR_CURSOR_INVALID)) {
        return e;
    }
    CLEANUP(result_done)
    struct result found = board_found(r->db, s.q, s.near, s.km, s.contract, after, PAGE_MOST + 1, STR("board"));
    if (found.err) {
        return found.err;
    }
    bool        is_plain = s.q.len == 0 && s.place.len == 0 && s.contract.len == 0 && after.len == 0;
    struct buf  b        = buf_init(MIB(1));
    struct public_head head     = {
            .title       = STR("Offres d’emploi · Maillage"),
            .description = STR("Offres d’emploi ouvertes à tous, recueillies auprès des employeurs du territoire."),
            .canonical   = arena_printf(r->arena, "%.*s/offres", STR_ARG(r->site)),
            .is_hidden   = !is_plain,
    };
    e = public_begin(r, &b, &head);
    if (e) {
        buf_done(&b);
        return e;
    }
    html_add(&b, "<h1>Offres d’emploi</h1>\n");
    search_form(&b, &s);
    if (s.place.len > 0 && s.near.len == 0) {
        html_add(&b, "<p class=\"note\" role=\"status\">Commune inconnue&nbsp;: la recherche porte sur tout le territoire.</p>\n");
    } else if (s.near.len > 0) {
        html_add(&b, "<p class=\"note\" role=\"status\">");
        if (s.km > 0) {
            buf_printf(&b, "À moins de %d\u202fkm de ", (int)s.km);
        } else {
            html_add(&b, "À ");
        }
        html_text(&b, s.near_name);
        html_add(&b, "</p>\n");
    }
    int count = result_count(&found);
    int shown = count > PAGE_MOST ? PAGE_MOST : count;
    if (shown == 0 && (e = nothing_found(r, &b, &s))) {
        buf_done(&b);
        return e;
    }
    html_add(&b, "<ol class=\"offers\">\n");
    for (int i = 0; i < shown; i++) {
        offer_card(&b, &found, i);
    }
    html_add(&b, "</ol>\n");
    if (count > PAGE_MOST) {
        html_add(&b, "<p class=\"more\"><a rel=\"next\" href=\"");
        search_address(&b, "/offres", &s);
        bool has_query = s.q.len > 0 || s.place.len > 0 || s.contract.len > 0;
        buf_add(&b, has_query ? STR("&amp;after=") : STR("?after="));
        cursor_write(&b, result_text(&found, shown - 1, 6));
        html_add(&b, "\">Offres plus anciennes</a></p>\n");
    }
    return public_end(r, 200, KEEP_S, &b);
}

// --- one offer ----------------------------------------------------------------------------------

static enum err offer_gone(struct req *r)
{
    CLEANUP(result_done) struct result was = board_was(r->db, path_id(r));
    if (was.err) {
        return was.err;
    }
    struct buf        b    = buf_init(KIB(64));
    const struct public_head head = { .title = STR("Offre fermée · Maillage"), .is_hidden = true };
    enum err          e    = public_begin(r, &b, &head);
    if (e) {
        buf_done(&b);
        return e;
    }
    html_add(&b, "<h1>Cette offre n’est plus ouverte.</h1>\n<p>Elle a été pourvue ou retirée, elle a expiré, ou elle n’a jamais existé.</p>\n"
                 "<p><a href=\"/offres\">Voir les offres ouvertes</a></p>\n");
    reply_header(r, "X-Robots-Tag", STR("noindex"));
    return public_end(r, result_bool(&was, 0, 0) ? 410 : 404, 0, &b);
}

static void link_line(struct buf *b, const char *scheme, struct str address)
{
    if (address.len == 0) {
        return;
    }
    buf_printf(b, "<p><a href=\"%s", scheme);
    html_text(b, address);
    buf_add(b, *scheme ? STR("\">") : STR("\" rel=\"nofollow noopener\">"));
    html_text(b, address);
    html_add(b, "</a></p>\n");
}

enum { WAY_IS_EMPLOYER, WAY_NAME, WAY_URL, WAY_EMAIL, WAY_PHONE, WAY_NOTE, WAY_SHOWN, WAY_SHOWN_TITLE };

// Where one applies: at the employer's when it wants to be asked itself, else at the organisation's.
static void apply_section(struct buf *b, const struct result *ways, struct str by, struct str network, struct str phone, struct str email)
{
    bool is_employer = result_count(ways) == 1 && result_bool(ways, 0, WAY_IS_EMPLOYER);
    html_add(b, "<section class=\"apply\" aria-labelledby=\"postuler\">\n<h2 id=\"postuler\">Postuler</h2>\n");
    if (is_employer) {
        html_add(b, "<p>Auprès de l’employeur");
        buf_add(b, result_text(ways, 0, WAY_NAME).len ? STR("\u202f: ") : STR(""));
        html_text(b, result_text(ways, 0, WAY_NAME));
        html_add(b, "</p>\n");
        link_line(b, "", result_text(ways, 0, WAY_URL));
        link_line(b, "mailto:", result_text(ways, 0, WAY_EMAIL));
        public_phone(b, result_text(ways, 0, WAY_PHONE));
        if (result_text(ways, 0, WAY_NOTE).len) {
            html_add(b, "<p>");
            html_lines(b, result_text(ways, 0, WAY_NOTE));
            html_add(b, "</p>\n");
        }
        html_add(b, "<p class=\"by\">Offre recueillie par ");
    } else {
        html_add(b, "<p class=\"by\">");
    }
    public_network(b, network);
    html_text(b, by);
    html_add(b, "</p>\n");
    if (!is_employer) {
        public_phone(b, phone);
        link_line(b, "mailto:", email);
    }
}

enum err board_offer_page(struct req *r)
{
    enum { TITLE, ROME, CONTRACT, COMMUNE, POSTS, START, HOURS, SALARY, ABOUT, BY, NETWORK, PHONE, EMAIL, DAY, POSTING };
    public_along(r);
    CLEANUP(result_done) struct result one = board_one(r->db, path_id(r), r->site);
    if (one.err || result_count(&one) == 0) {
        return one.err ? one.err : offer_gone(r);
    }
    CLEANUP(result_done) struct result facts = board_facts(r->db, path_id(r));
    CLEANUP(result_done) struct result ways  = board_ways(r->db, path_id(r));
    if (facts.err || ways.err) {
        return facts.err ? facts.err : ways.err;
    }
#define OFFER(column) result_text(&one, 0, column)
    // One that stands behind another is the other's to search engines.
    bool               is_behind = result_count(&ways) == 1 && !result_is_null(&ways, 0, WAY_SHOWN);
    long long          canonical = is_behind ? (long long)result_int(&ways, 0, WAY_SHOWN) : (long long)path_id(r);
    struct buf         b         = buf_init(MIB(1));
    struct public_head head      = {
             .title       = arena_printf(r->arena, "%.*s, %.*s · Maillage", STR_ARG(OFFER(TITLE)),
                                         STR_ARG(result_is_null(&one, 0, COMMUNE) ? OFFER(CONTRACT) : OFFER(COMMUNE))),
             .description = arena_printf(r->arena, "%.*s, %.*s", STR_ARG(OFFER(ROME)), STR_ARG(OFFER(CONTRACT))),
             .canonical   = arena_printf(r->arena, "%.*s/offres/%lld", STR_ARG(r->site), canonical),
             .posting     = is_behind ? (struct str){ 0 } : OFFER(POSTING),
             .is_hidden   = is_behind,
    };
    enum err e = public_begin(r, &b, &head);
    if (e) {
        buf_done(&b);
        return e;
    }
    html_add(&b, "<p><a href=\"/offres\">Toutes les offres</a></p>\n<article>\n<h1>");
    html_text(&b, OFFER(TITLE));
    html_add(&b, "</h1>\n");
    if (is_behind) {
        buf_printf(&b, "<p class=\"note\">La même offre est suivie ici\u202f: <a href=\"/offres/%lld\">", canonical);
        html_text(&b, result_text(&ways, 0, WAY_SHOWN_TITLE));
        html_add(&b, "</a>.</p>\n");
    }
    html_add(&b, "<dl>\n");
    public_fact(&b, STR("Métier"), OFFER(ROME), "");
    public_fact(&b, STR("Contrat"), OFFER(CONTRACT), "");
    public_fact(&b, STR("Lieu"), OFFER(COMMUNE), "");
    public_fact(&b, STR("Postes à pourvoir"), OFFER(POSTS), "");
    public_fact(&b, STR("Début"), OFFER(START), "");
    public_fact(&b, STR("Durée du travail"), OFFER(HOURS), "\u202fh par semaine");
    public_fact(&b, STR("Salaire"), OFFER(SALARY), "");
    for (int i = 0; i < result_count(&facts); i++) {
        public_fact(&b, result_text(&facts, i, 0), result_text(&facts, i, 1), "");
    }
    public_fact(&b, STR("Ouverte à tous le"), OFFER(DAY), "");
    html_add(&b, "</dl>\n");
    if (OFFER(ABOUT).len > 0) {
        html_add(&b, "<p class=\"about\">");
        html_lines(&b, OFFER(ABOUT));
        html_add(&b, "</p>\n");
    }
    apply_section(&b, &ways, OFFER(BY), OFFER(NETWORK), OFFER(PHONE), OFFER(EMAIL));
    buf_printf(&b, "<p>Rappelez le numéro de l’offre\u202f: %lld.</p>\n</section>\n</article>\n", (long long)path_id(r));
#undef OFFER
    return public_end(r, 200, KEEP_S, &b);
}

// --- for machines -------------------------------------------------------------------------------

enum err board_atom(struct req *r)
{
    struct search s;
    enum err      e = search_read(r, &s);
    if (e) {
        return e;
    }
    CLEANUP(result_done)
    struct result found = board_found(r->db, s.q, s.near, s.km, s.contract, (struct str){ 0 }, FEED_MOST, STR("atom"));
    if (found.err) {
        return found.err;
    }
    struct buf b = buf_init(MIB(1));
    html_add(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"fr\">\n"
                 "<title>Offres d’emploi · Maillage</title>\n<id>");
    html_text(&b, r->site);
    search_address(&b, "/offres.atom", &s);
    html_add(&b, "</id>\n<link rel=\"self\" href=\"");
    html_text(&b, r->site);
    search_address(&b, "/offres.atom", &s);
    html_add(&b, "\"/>\n<link href=\"");
    html_text(&b, r->site);
    search_address(&b, "/offres", &s);
    html_add(&b, "\"/>\n<updated>");
    buf_add(&b, result_count(&found) > 0 ? result_text(&found, 0, 7) : STR("1970-01-01T00:00:00Z"));
    html_add(&b, "</updated>\n");
    for (int i = 0; i < result_count(&found); i++) {
        html_add(&b, "<entry>\n<title>");
        html_text(&b, result_text(&found, i, 1));
        html_add(&b, "</title>\n<id>");
        html_text(&b, r->site);
        buf_printf(&b, "/offres/%.*s</id>\n<link href=\"", STR_ARG(result_text(&found, i, 0)));
        html_text(&b, r->site);
        buf_printf(&b, "/offres/%.*s\"/>\n<updated>%.*s</updated>\n<author><name>", STR_ARG(result_text(&found, i, 0)),
                   STR_ARG(result_text(&found, i, 7)));
        html_text(&b, result_text(&found, i, 3));
        html_add(&b, "</name></author>\n<summary>");
        html_text(&b, result_text(&found, i, 2));
        html_add(&b, "</summary>\n<content>");
        html_text(&b, result_text(&found, i, 8));
        html_add(&b, "</content>\n</entry>\n");
    }
    html_add(&b, "</feed>\n");
    reply_public(r, KEEP_S);
    return reply_buf(r, 200, "application/atom+xml; charset=utf-8", &b);
}

enum err board_sitemap(struct req *r)
{
    CLEANUP(result_done) struct result parts = board_parts(r->db);
    if (parts.err) {
        return parts.err;
    }
    struct buf b = buf_init(MIB(1));
    html_add(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (int i = 0; i < result_count(&parts); i++) {
        html_add(&b, "<sitemap><loc>");
        html_text(&b, r->site);
        buf_printf(&b, "/sitemap-offres.xml?apres=%.*s</loc></sitemap>\n", STR_ARG(result_text(&parts, i, 0)));
    }
    html_add(&b, "</sitemapindex>\n");
    reply_public(r, 300);
    return reply_buf(r, 200, xml_type, &b);
}

enum err board_sitemap_part(struct req *r)
{
    CLEANUP(result_done)
    struct result ids = board_addresses(r->db, query_int(r, "apres", 0), PART_MOST);
    if (ids.err) {
        return ids.err;
    }
    struct buf b = buf_init(MIB(16));
    html_add(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (int i = 0; i < result_count(&ids); i++) {
        html_add(&b, "<url><loc>");
        html_text(&b, r->site);
        buf_printf(&b, "/offres/%.*s</loc><lastmod>%.*s</lastmod></url>\n", STR_ARG(result_text(&ids, i, 0)),
                   STR_ARG(result_text(&ids, i, 1)));
    }
    html_add(&b, "</urlset>\n");
    reply_public(r, 300);
    return reply_buf(r, 200, xml_type, &b);
}

enum err board_robots(struct req *r)
{
    struct buf b = buf_init(KIB(4));
    html_add(&b, "User-agent: *\nAllow: /offres\nAllow: /sitemap\nDisallow: /\nSitemap: ");
    buf_add(&b, r->site);
    html_add(&b, "/sitemap.xml\n");
    reply_public(r, 3600);
    return reply_buf(r, 200, "text/plain; charset=utf-8", &b);
}
