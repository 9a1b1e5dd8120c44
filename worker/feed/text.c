#include "feed/text.h"

#include "base/buf.h"
#include "import/charset.h"

enum { TEXT_MOST = 256 * 1024 };

// --- entities ---------------------------------------------------------------------------------------

static const struct {
    const char *name, *text;
} entities[] = {
    { "amp", "&" },      { "lt", "<" },       { "gt", ">" },       { "quot", "\"" },    { "apos", "'" },     { "nbsp", " " },
    { "eacute", "é" },   { "egrave", "è" },   { "ecirc", "ê" },    { "euml", "ë" },     { "agrave", "à" },   { "acirc", "â" },
    { "auml", "ä" },     { "aacute", "á" },   { "ccedil", "ç" },   { "icirc", "î" },    { "iuml", "ï" },     { "iacute", "í" },
    { "ocirc", "ô" },    { "ouml", "ö" },     { "oacute", "ó" },   { "ugrave", "ù" },   { "ucirc", "û" },    { "uuml", "ü" },
    { "uacute", "ú" },   { "ntilde", "ñ" },   { "oelig", "œ" },    { "aelig", "æ" },    { "Eacute", "É" },   { "Egrave", "È" },
    { "Ecirc", "Ê" },    { "Agrave", "À" },   { "Acirc", "Â" },    { "Ccedil", "Ç" },   { "Icirc", "Î" },    { "Ocirc", "Ô" },
    { "Ugrave", "Ù" },   { "Ucirc", "Û" },    { "OElig", "Œ" },    { "AElig", "Æ" },    { "laquo", "«" },    { "raquo", "»" },
    { "hellip", "…" },   { "ndash", "–" },    { "mdash", "—" },    { "lsquo", "‘" },    { "rsquo", "’" },    { "ldquo", "“" },
    { "rdquo", "”" },    { "bull", "•" },     { "middot", "·" },   { "euro", "€" },     { "deg", "°" },      { "sup2", "²" },
    { "copy", "©" },     { "reg", "®" },      { "trade", "™" },    { "times", "×" },    { "sect", "§" },     { "shy", "" },
    { "ensp", " " },     { "emsp", " " },     { "thinsp", " " },   { "zwj", "" },       { "zwnj", "" },      { "frac12", "½" },
};

static void put_code_point(struct buf *out, uint32_t c)
{
    if (c == 0xA0 || c == '\t' || c == '\r') {
        c = ' ';
    }
    if (c < 0x80) {
        buf_add_char(out, c < ' ' && c != '\n' ? ' ' : (char)c);
    } else if (c < 0x800) {
        buf_add_char(out, (char)(0xC0 | c >> 6));
        buf_add_char(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        buf_add_char(out, (char)(0xE0 | c >> 12));
        buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (c & 0x3F)));
    } else {
        buf_add_char(out, (char)(0xF0 | c >> 18));
        buf_add_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (c & 0x3F)));
    }
}

// &#233; or &#xE9; false when it is no character.
static bool number_of(struct str digits, uint32_t *ret)
{
    bool     is_hex = digits.len > 1 && (digits.at[0] | 32) == 'x';
    uint32_t value  = 0;
    digits          = is_hex ? str_sub(digits, 1, digits.len) : digits;
    if (digits.len == 0 || digits.len > 7) {
        return false;
    }
    for (size_t i = 0; i < digits.len; i++) {
        int c     = (unsigned char)digits.at[i];
        int lower = c | 32;
        int digit = c >= '0' && c <= '9' ? c - '0' : is_hex && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
        if (digit < 0) {
            return false;
        }
        value = value * (is_hex ? 16 : 10) + (uint32_t)digit;
    }
    *ret = value;
    return value > 0 && value < 0x110000 && (value < 0xD800 || value > 0xDFFF);
}

size_t feed_entity(struct buf *out, struct str html, size_t at)
{
    enum { LONGEST = 12 };
    struct str rest = str_sub(html, at + 1, LONGEST);
    size_t     end  = str_index(rest, ';');
    struct str name = str_sub(rest, 0, end);
    uint32_t   c;
    if (end == rest.len) {
        return 0;
    }
    if (str_starts(name, STR("#"))) {
        if (!number_of(str_sub(name, 1, name.len), &c)) {
            return 0;
        }
        put_code_point(out, c);
        return end + 2;
    }
    for (size_t i = 0; i < LENGTH(entities); i++) {
        if (str_eq(name, str_of(entities[i].name))) {
            buf_add(out, str_of(entities[i].text));
            return end + 2;
        }
    }
    return 0;
}

// --- tags -------------------------------------------------------------------------------------------

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

// The name of the tag that begins at html[at]; *ret_end is behind it. Absent when it is no tag.
static struct str tag_at(struct str html, size_t at, size_t *ret_end)
{
    size_t start = at + 1 + (at + 1 < html.len && html.at[at + 1] == '/');
    size_t end   = start;
    if (start >= html.len || !(is_letter(html.at[start]) || html.at[start] == '!')) {
        return (struct str){ 0 };
    }
    while (end < html.len && (is_letter(html.at[end]) || (html.at[end] >= '0' && html.at[end] <= '9') || html.at[end] == '!')) {
        end++;
    }
    size_t close = end + str_index(str_sub(html, end, html.len), '>');
    if (close >= html.len) {
        return (struct str){ 0 };
    }
    *ret_end = close + 1;
    return str_sub(html, start, end - start);
}

bool feed_is_one_of(struct str name, const char *const *names)
{
    for (; *names; names++) {
        if (str_eq_case(name, str_of(*names))) {
            return true;
        }
    }
    return false;
}

static void put_tag(struct buf *out, struct str name, bool is_closing)
{
    static const char *const blocks[] = { "p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "table", "blockquote", NULL };
    static const char *const lines[]  = { "br", "tr", "hr", NULL };
    if (str_eq_case(name, STR("li"))) {
        bool is_at_start = out->len && out->at[out->len - 1] == '\n'; // behind another item: no empty line between them
        buf_add(out, is_closing ? STR("\n") : is_at_start ? STR("- ") : STR("\n- "));
    } else if (feed_is_one_of(name, blocks)) {
        buf_add(out, STR("\n\n"));
    } else if (feed_is_one_of(name, lines)) {
        buf_add_char(out, '\n');
    } else if (str_eq_case(name, STR("td"))) {
        buf_add_char(out, ' ');
    }
}

// Behind the end of a script or style that begins at `at`.
static size_t skip_raw(struct str html, size_t at, struct str name)
{
    for (size_t i = at; i + 2 + name.len < html.len; i++) {
        if (html.at[i] == '<' && html.at[i + 1] == '/' && str_eq_case(str_sub(html, i + 2, name.len), name)) {
            size_t end = i + str_index(str_sub(html, i, html.len), '>');
            return end < html.len ? end + 1 : html.len;
        }
    }
    return html.len;
}

static void strip(struct buf *out, struct str html)
{
    static const char *const raw[] = { "script", "style", NULL };
    for (size_t at = 0; at < html.len;) {
        size_t     end  = at;
        size_t     took = html.at[at] == '&' ? feed_entity(out, html, at) : 0;
        struct str name = html.at[at] == '<' ? tag_at(html, at, &end) : (struct str){ 0 };
        if (took) {
            at += took;
        } else if (name.len) {
            bool is_closing = html.at[at + 1] == '/';
            put_tag(out, name, is_closing);
            at = !is_closing && feed_is_one_of(name, raw) ? skip_raw(html, end, name) : end;
        } else {
            buf_add_char(out, html.at[at] == '\r' || html.at[at] == '\t' ? ' ' : html.at[at]);
            at++;
        }
    }
}

// Blanks folded, no blank at the ends of lines, one empty line at most.
static struct str folded(struct arena *a, struct str text)
{
    struct buf out   = buf_init(TEXT_MOST);
    size_t     lines = 0;
    for (struct str line; str_cut(&text, '\n', &line);) {
        line = str_trim(line);
        if (line.len == 0) {
            lines++;
            continue;
        }
        if (out.len) {
            buf_add(&out, lines ? STR("\n\n") : STR("\n"));
        }
        lines         = 0;
        bool is_blank = false;
        for (size_t i = 0; i < line.len; i++) {
            bool is_now = line.at[i] == ' ';
            if (!is_now || !is_blank) {
                buf_add_char(&out, line.at[i]);
            }
            is_blank = is_now;
        }
    }
    struct str kept = out.len ? arena_str(a, buf_str(&out)) : STR("");
    buf_done(&out);
    return kept;
}

static bool has_tags(struct str text)
{
    static const char *const marks[] = { "</p>", "<br", "</li>", "</div>", "</b>", "</strong>", "<p>" };
    for (size_t i = 0; i < LENGTH(marks); i++) {
        if (str_find(text, str_of(marks[i])) < text.len) {
            return true;
        }
    }
    return false;
}

struct str feed_text(struct arena *a, struct str html)
{
    struct buf once = buf_init(TEXT_MOST), twice = buf_init(TEXT_MOST);
    strip(&once, html);
    bool is_twice = has_tags(buf_str(&once));
    if (is_twice) {
        strip(&twice, buf_str(&once));
    }
    struct str text = folded(a, buf_str(is_twice ? &twice : &once));
    buf_done(&once);
    buf_done(&twice);
    return text;
}

struct str feed_line(struct arena *a, struct str text)
{
    char *copy = arena_alloc(a, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        copy[i] = text.at[i] == '\n' ? ' ' : text.at[i];
    }
    return folded(a, (struct str){ copy, text.len });
}

struct str feed_cut(struct arena *a, struct str text, size_t most)
{
    size_t points = 0, end = 0, word = 0;
    if (str_utf8_count(text) <= most) {
        return text;
    }
    while (end < text.len && points < most - 1) {
        word = text.at[end] == ' ' || text.at[end] == '\n' ? end : word;
        end++;
        while (end < text.len && ((unsigned char)text.at[end] & 0xC0) == 0x80) {
            end++;
        }
        points++;
    }
    end = word > end / 2 ? word : end;
    return arena_printf(a, "%.*s…", STR_ARG(str_trim(str_sub(text, 0, end))));
}

// The base letter of U+00C0 to U+017F, '?' where there is none.
static const char base_letters[] = "aaaaaaaceeeeiiiidnooooo?ouuuuyts" "aaaaaaaceeeeiiiidnooooo?ouuuuyty";

struct str feed_fold(struct arena *a, struct str text)
{
    char  *out   = arena_alloc(a, text.len + 1);
    size_t n     = 0;
    bool   blank = false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c    = (unsigned char)text.at[i];
        unsigned char next = i + 1 < text.len ? (unsigned char)text.at[i + 1] : 0;
        char          letter = ' ';
        if (c == 0xC3 && next >= 0x80) {
            letter = base_letters[next & 0x3F];
            i++;
        } else if (c == 0xC5 && (next == 0x93 || next == 0x92)) {
            letter = 'o';
            i++;
        } else if (is_letter((char)c)) {
            letter = (char)(c | 32);
        } else if (c >= '0' && c <= '9') {
            letter = (char)c;
        }
        if (letter == ' ' || letter == '?') {
            blank = n > 0;
            continue;
        }
        if (blank) {
            out[n++] = ' ';
        }
        blank    = false;
        out[n++] = letter;
    }
    return (struct str){ out, n };
}

// The length of the character that begins at bytes[at]; 0 when none does.
static size_t sequence_at(struct str bytes, size_t at)
{
    for (size_t size = 1; size <= 4 && at + size <= bytes.len; size++) {
        if (str_is_utf8(str_sub(bytes, at, size))) {
            return size;
        }
    }
    return 0;
}

// Sequences of UTF-8, and bytes that are in none.
static void count_utf8(struct str bytes, size_t *ret_right, size_t *ret_wrong)
{
    *ret_right = *ret_wrong = 0;
    for (size_t at = 0; at < bytes.len;) {
        size_t size = sequence_at(bytes, at);
        *ret_right += size > 1;
        *ret_wrong += size == 0;
        at += size ? size : 1;
    }
}

struct str feed_utf8(struct arena *a, struct str bytes)
{
    size_t right, wrong;
    if (str_is_utf8(bytes)) {
        return bytes;
    }
    struct buf out = buf_init(4 * bytes.len + 1);
    count_utf8(bytes, &right, &wrong);
    if (right > 4 * wrong) {
        for (size_t at = 0, size; at < bytes.len; at += size ? size : 1) {
            size = sequence_at(bytes, at);
            buf_add(&out, size ? str_sub(bytes, at, size) : STR("\uFFFD"));
        }
    } else {
        charset_from_1252(bytes, &out);
    }
    struct str text = arena_str(a, buf_str(&out));
    buf_done(&out);
    return text;
}
