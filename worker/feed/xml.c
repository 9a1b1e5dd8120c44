// XML by expat: a DOCTYPE that only names its DTD is passed over, one that defines something is refused. What programs that put XML together by hand get wrong is read all the same: an encoding that is not the one
// they declare, entities of HTML, a lone ampersand, characters that XML forbids, lines before the declaration.
#include <expat.h>

#include "base/buf.h"
#include "feed/text.h"
#include "feed/tree_private.h"
#include "import/charset.h"

struct reader {
    struct grower *grower;
    XML_Parser     parser;
    uint32_t       before;      // lines before the declaration
    bool           is_mendable; // what is wrong may be put right
};

static uint32_t line_of(const struct reader *r)
{
    return r->before + (uint32_t)XML_GetCurrentLineNumber(r->parser);
}

static void fail(struct reader *r, struct str sentence)
{
    grower_fail(r->grower, line_of(r), sentence);
    XML_StopParser(r->parser, XML_FALSE);
}

// Behind the prefix.
static struct str local(const char *name)
{
    struct str all   = str_of(name);
    struct str rest  = str_sub(all, str_index(all, ':') + 1, all.len);
    return rest.len && rest.at[0] != '.' ? rest : all; // x:.. would be a way up
}

static bool is_html(struct str name)
{
    static const char *const tags[] = { "p", "br", "li", "ul", "ol", "b", "strong", "i", "em", "u", "a", "div", "span", "h1", "h2", "h3", "h4", "h5", "h6",
                                        "small", "sup", "sub", "font", "hr", "blockquote", "table", "tbody", "tr", "td", "th", "section", "article" };
    for (size_t i = 0; i < LENGTH(tags); i++) {
        if (str_eq_case(name, str_of(tags[i]))) {
            return true;
        }
    }
    return false;
}

// A tag of HTML, as text of the element around it.
static void mark(struct grower *g, struct str name, bool is_closing)
{
    bool is_alone = is_closing && (str_eq_case(name, STR("br")) || str_eq_case(name, STR("hr")));
    if (g->depth > 0 && !is_alone) {
        grower_text(g, is_closing ? STR("</") : STR("<"));
        grower_text(g, name);
        grower_text(g, STR(">"));
    }
}

static void on_start(void *context, const char *name, const char **attributes)
{
    struct reader *r = context;
    if (is_html(local(name))) {
        mark(r->grower, local(name), false);
    }
    if (!grower_open(r->grower, local(name), line_of(r))) {
        XML_StopParser(r->parser, XML_FALSE);
        return;
    }
    struct feed_node *node = r->grower->open[r->grower->depth];
    if (node->name.len < strlen(name) && strlen(name) <= FEED_NAME) { // a prefix
        struct str whole = arena_str(r->grower->arena, str_of(name));
        node->prefix     = (uint32_t)(whole.len - node->name.len);
        node->name       = str_sub(whole, node->prefix, whole.len);
    }
    for (size_t i = 0; attributes[i]; i += 2) {
        if (!str_starts(str_of(attributes[i]), STR("xmlns"))) {
            struct str at = local(attributes[i]);
            grower_leaf(r->grower, arena_printf(r->grower->arena, "@%.*s", STR_ARG(at)), str_of(attributes[i + 1]), line_of(r));
        }
    }
    if (r->grower->is_wrong) {
        XML_StopParser(r->parser, XML_FALSE);
    }
}

static void on_end(void *context, const char *name)
{
    struct reader *r = context;
    struct grower *g = r->grower;
    if (g->is_wrong) {
        return;
    }
    struct str text = buf_str(&g->text[g->depth]);
    grower_close(g);
    if (is_html(local(name)) && g->depth > 0) {
        grower_text(g, text);
        mark(g, local(name), true);
    }
}

static void on_text(void *context, const char *text, int length)
{
    struct reader *r = context;
    if (!r->grower->is_wrong) {
        grower_text(r->grower, (struct str){ text, (size_t)length });
    }
}

static void on_doctype(void *context, const char *name, const char *system, const char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    fail(context, STR("Le fichier définit des entités (<!DOCTYPE … [)\u202f: une DTD n’est pas acceptée"));
}

// Windows-1252, 0x80 to 0x9F, and where ISO 8859-15 differs from ISO 8859-1.
static const int high_1252[32] = { 0x20AC, -1,     0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                   0x2039, 0x0152, -1,     0x017D, -1,     -1,     0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                   0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, -1,     0x017E, 0x0178 };
static const struct {
    int byte, character;
} latin_9[] = { { 0xA4, 0x20AC }, { 0xA6, 0x0160 }, { 0xA8, 0x0161 }, { 0xB4, 0x017D },
                { 0xB8, 0x017E }, { 0xBC, 0x0152 }, { 0xBD, 0x0153 }, { 0xBE, 0x0178 } };

static int on_encoding(void *context, const char *name, XML_Encoding *encoding)
{
    struct str asked   = str_of(name);
    bool       is_1252 = str_eq_case(asked, STR("windows-1252")) || str_eq_case(asked, STR("cp1252"));
    (void)context;
    if (!is_1252 && !str_eq_case(asked, STR("iso-8859-15")) && !str_eq_case(asked, STR("latin-9"))) {
        return XML_STATUS_ERROR;
    }
    for (int i = 0; i < 256; i++) {
        encoding->map[i] = is_1252 && i >= 0x80 && i <= 0x9F ? high_1252[i - 0x80] : i;
    }
    for (size_t i = 0; !is_1252 && i < LENGTH(latin_9); i++) {
        encoding->map[latin_9[i].byte] = latin_9[i].character;
    }
    encoding->data    = NULL;
    encoding->convert = NULL;
    encoding->release = NULL;
    return XML_STATUS_OK;
}

static void tell(struct reader *r, enum XML_Error error)
{
    r->is_mendable = error == XML_ERROR_INVALID_TOKEN || error == XML_ERROR_UNDEFINED_ENTITY || error == XML_ERROR_BAD_CHAR_REF;
    switch (error) {
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
        fail(r, STR("L’encodage annoncé n’est pas connu"));
        break;
    case XML_ERROR_INVALID_TOKEN:
        fail(r, STR("Un caractère n’a pas sa place ici, ou l’encodage n’est pas celui qui est annoncé"));
        break;
    case XML_ERROR_TAG_MISMATCH:
        fail(r, STR("Une balise fermante n’est pas celle qui est attendue"));
        break;
    case XML_ERROR_NO_ELEMENTS:
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
        fail(r, STR("Le fichier est coupé"));
        break;
    case XML_ERROR_UNDEFINED_ENTITY:
        fail(r, STR("Une entité n’est pas définie"));
        break;
    default:
        fail(r, arena_printf(r->grower->arena, "Le XML est mal formé (%s)", XML_ErrorString(error)));
    }
}

static bool parse(struct reader *r, struct str bytes, const char *encoding)
{
    enum { PIECE = 1024 * 1024 };
    struct grower *g = r->grower;
    r->parser        = XML_ParserCreate(encoding);
    if (!r->parser) {
        DIE("out of memory");
    }
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    XML_SetUnknownEncodingHandler(r->parser, on_encoding, NULL);
    bool is_read = false;
    for (size_t at = 0; !g->is_wrong && !is_read;) {
        size_t size = bytes.len - at < PIECE ? bytes.len - at : PIECE;
        is_read     = at + size == bytes.len;
        if (XML_Parse(r->parser, bytes.at + at, (int)size, is_read) != XML_STATUS_OK && !g->is_wrong) {
            tell(r, XML_GetErrorCode(r->parser));
        }
        at += size;
    }
    XML_ParserFree(r->parser);
    return !g->is_wrong;
}

// --- what is wrong in it, and can be put right ------------------------------------------------------

// The encoding that the declaration names; absent when it names none.
static struct str declared(struct str bytes)
{
    struct str head = str_sub(bytes, 0, 200);
    head            = str_sub(head, 0, str_find(head, STR("?>")));
    size_t at       = str_find(head, STR("encoding"));
    size_t quote    = at;
    while (quote < head.len && head.at[quote] != '"' && head.at[quote] != '\'') {
        quote++;
    }
    struct str name = str_sub(head, quote + 1, head.len);
    return quote < head.len ? str_sub(name, 0, str_index(name, head.at[quote])) : (struct str){ 0 };
}

// Whether the encoding that a file declares may just as well be another: programs write it whatever they write after it.
static bool is_usual(struct str encoding)
{
    static const char *const names[] = { "utf-8", "utf8", "utf-16", "unicode", "iso-8859-1", "latin1", "windows-1252", "cp1252", "us-ascii", "ascii" };
    for (size_t i = 0; i < LENGTH(names); i++) {
        if (str_eq_case(encoding, str_of(names[i]))) {
            return true;
        }
    }
    return encoding.len == 0;
}

// What a reference (&eacute; &#233; &) that begins at `at` should be; returns how many bytes of the text it takes.
static size_t put_reference(struct buf *out, struct str text, size_t at, struct buf *meant)
{
    buf_clear(meant);
    size_t     size = feed_entity(meant, text, at);
    struct str all  = buf_str(meant);
    for (size_t i = 0; i < all.len; i++) {
        char c = all.at[i];
        buf_add(out, c == '&' ? STR("&amp;") : c == '<' ? STR("&lt;") : (struct str){ all.at + i, 1 });
    }
    buf_add(out, size ? STR("") : STR("&amp;"));
    return size ? size : 1;
}

// Whether `<` at this place begins a tag, a comment, CDATA or an instruction.
static bool is_tag(struct str text, size_t at)
{
    unsigned char next = at + 1 < text.len ? (unsigned char)text.at[at + 1] : 0;
    return next >= 0x80 || next == '/' || next == '!' || next == '?' || next == '_' || ((next | 32) >= 'a' && (next | 32) <= 'z');
}

// A copy that XML allows. Lines stay where they are.
static struct str mended(struct arena *a, struct str text)
{
    static const struct {
        const char *begins, *ends;
    } raw[] = { { "<![CDATA[", "]]>" }, { "<!--", "-->" }, { "<?", "?>" } };
    struct buf out   = buf_init(2 * FEED_BYTES), meant = buf_init(64);
    size_t     until = 0; // what is raw ends
    for (size_t at = 0; at < text.len;) {
        unsigned char c = (unsigned char)text.at[at];
        if (c < ' ' && (c == 0 || !strchr("\t\n\r", c))) {
            buf_add_char(&out, ' ');
            at++;
            continue;
        }
        for (size_t i = 0; i < LENGTH(raw) && at >= until && c == '<'; i++) {
            if (str_starts(str_sub(text, at, 9), str_of(raw[i].begins))) {
                until = at + str_find(str_sub(text, at, text.len), str_of(raw[i].ends));
            }
        }
        if (at >= until && c == '&') {
            at += put_reference(&out, text, at, &meant);
        } else if (at >= until && c == '<' && !is_tag(text, at)) {
            buf_add(&out, STR("&lt;"));
            at++;
        } else {
            buf_add_char(&out, (char)c);
            at++;
        }
    }
    struct str whole = buf_is_full(&out) ? text : arena_str(a, buf_str(&out));
    buf_done(&out);
    buf_done(&meant);
    return whole;
}

// Behind what may stand before the root: blanks, comments, instructions.
static size_t prolog_end(struct str text)
{
    size_t at = 0;
    while (at < text.len) {
        struct str rest = str_sub(text, at, text.len);
        bool       is_comment = str_starts(rest, STR("<!--")), is_instruction = str_starts(rest, STR("<?"));
        if (text.at[at] && strchr(" \t\r\n", text.at[at])) {
            at++;
        } else if (is_comment || is_instruction) {
            struct str mark = is_comment ? STR("-->") : STR("?>");
            size_t     end  = str_find(rest, mark);
            at += end < rest.len ? end + mark.len : rest.len;
        } else {
            break;
        }
    }
    return at;
}

// The text with blanks for a DOCTYPE that defines nothing itself: old RSS names its DTD, which nobody fetches. Expat never sees it, so
// that entities of HTML are read as without it. One with definitions stays, for on_doctype to refuse.
static struct str without_doctype(struct grower *g, struct str text)
{
    size_t begins = prolog_end(text), end = begins;
    char   quote = 0;
    if (!str_eq_case(str_sub(text, begins, 9), STR("<!DOCTYPE"))) {
        return text;
    }
    for (end += 9; end < text.len && (quote || text.at[end] != '>'); end++) {
        char c = text.at[end];
        if (!quote && (c == '[' || c == '<')) {
            return text;
        }
        quote = !quote && (c == '"' || c == '\'') ? c : c == quote ? 0 : quote;
    }
    if (end == text.len) {
        return text;
    }
    if (str_eq_case(str_sub(str_trim(str_sub(text, begins + 9, 64)), 0, 4), STR("html"))) {
        grower_fail(g, 0, STR("C’est une page web (HTML), et non un flux d’offres"));
        return text;
    }
    char *copy = arena_alloc(g->arena, text.len + 1);
    memcpy(copy, text.at, text.len);
    for (size_t i = begins; i <= end; i++) {
        copy[i] = copy[i] == '\n' || copy[i] == '\r' ? copy[i] : ' ';
    }
    return (struct str){ copy, text.len };
}

bool feed_read_xml(struct grower *g, struct str bytes)
{
    struct reader r       = { .grower = g };
    bool          is_wide = charset_is_utf16(bytes);
    struct str    text    = str_starts(bytes, STR("\xEF\xBB\xBF")) ? str_sub(bytes, 3, bytes.len) : bytes;
    while (!is_wide && text.len && strchr(" \t\r\n", text.at[0]) && text.at[0]) {
        r.before += text.at[0] == '\n';
        text = str_sub(text, 1, text.len);
    }
    text         = is_wide ? text : without_doctype(g, text);
    bool is_utf8 = !is_wide && is_usual(declared(text));
    text         = is_utf8 ? feed_utf8(g->arena, text) : text;
    if (g->is_wrong || parse(&r, text, is_utf8 ? "UTF-8" : NULL) || !is_utf8 || !r.is_mendable) {
        return !g->is_wrong;
    }
    grower_reset(g);
    return parse(&r, mended(g->arena, text), "UTF-8");
}
