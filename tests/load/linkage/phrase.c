#include "phrase.h"

// Code points, because slips happen to letters and not to bytes.
struct letters {
    uint32_t count;
    uint32_t at[PHRASE_ROOM];
};

static struct letters letters_of(const struct phrase *p)
{
    struct letters l;
    l.count = 0;
    for (uint32_t i = 0; i < p->len;) {
        uint8_t  c    = (uint8_t)p->at[i];
        uint32_t size = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        uint32_t code = size == 1 ? c : c & (0x7fu >> size);
        for (uint32_t k = 1; k < size && i + k < p->len; k++) {
            code = (code << 6) | ((uint8_t)p->at[i + k] & 0x3f);
        }
        l.at[l.count++] = code;
        i += size;
    }
    return l;
}

static void put_code(struct phrase *p, uint32_t code)
{
    char     bytes[4];
    uint32_t size = 1;
    if (code < 0x80) {
        bytes[0] = (char)code;
    } else if (code < 0x800) {
        bytes[0] = (char)(0xc0 | (code >> 6));
        bytes[1] = (char)(0x80 | (code & 0x3f));
        size     = 2;
    } else {
        bytes[0] = (char)(0xe0 | (code >> 12));
        bytes[1] = (char)(0x80 | ((code >> 6) & 0x3f));
        bytes[2] = (char)(0x80 | (code & 0x3f));
        size     = 3;
    }
    if (p->len + size < PHRASE_ROOM) {
        memcpy(p->at + p->len, bytes, size);
        p->len += size;
    }
    p->at[p->len] = '\0';
}

static void letters_put(const struct letters *l, struct phrase *p)
{
    p->len   = 0;
    p->at[0] = '\0';
    for (uint32_t i = 0; i < l->count; i++) {
        put_code(p, l->at[i]);
    }
}

struct phrase phrase_of(const char *text)
{
    struct phrase p;
    p.len   = 0;
    p.at[0] = '\0';
    phrase_add(&p, text);
    return p;
}

void phrase_add(struct phrase *p, const char *text)
{
    size_t length = strlen(text);
    if (length > PHRASE_ROOM - 1 - p->len) {
        length = PHRASE_ROOM - 1 - p->len;
        while (length && ((uint8_t)text[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    memcpy(p->at + p->len, text, length);
    p->len += (uint32_t)length;
    p->at[p->len] = '\0';
}

void phrase_printf(struct phrase *p, const char *format, ...)
{
    char    text[2 * PHRASE_ROOM];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    phrase_add(p, text);
}

bool phrase_empty(const struct phrase *p)
{
    return p->len == 0;
}

static uint32_t upper(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7)) {
        return c - 0x20;
    }
    return c == 0x153 ? 0x152 : c == 0xff ? 0x178 : c;
}

void phrase_upper(struct phrase *p)
{
    struct letters l = letters_of(p);
    for (uint32_t i = 0; i < l.count; i++) {
        l.at[i] = upper(l.at[i]);
    }
    letters_put(&l, p);
}

// The plain letter of U+00C0 to U+00FF; '\0' for what stays.
static const char plain_letters[] = "AAAAAA\0CEEEEIIII\0NOOOOO\0OUUUUY\0\0"
                                    "aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0y";

void phrase_plain(struct phrase *p)
{
    struct letters l = letters_of(p);
    p->len           = 0;
    p->at[0]         = '\0';
    for (uint32_t i = 0; i < l.count; i++) {
        uint32_t c = l.at[i];
        if (c == 0x152 || c == 0x153) {
            phrase_add(p, c == 0x152 ? "OE" : "oe");
            continue;
        }
        char plain = c >= 0xc0 && c <= 0xff ? plain_letters[c - 0xc0] : '\0';
        put_code(p, plain ? (uint32_t)plain : c == 0x178 ? 'Y' : c);
    }
}

void phrase_unhyphen(struct phrase *p)
{
    for (uint32_t i = 0; i < p->len; i++) {
        p->at[i] = p->at[i] == '-' ? ' ' : p->at[i];
    }
}

void phrase_cut(struct phrase *p, uint32_t count)
{
    struct letters l = letters_of(p);
    l.count          = l.count < count ? l.count : count;
    while (l.count && l.at[l.count - 1] == ' ') {
        l.count--;
    }
    letters_put(&l, p);
}

void phrase_replace(struct phrase *p, const char *from, const char *to)
{
    struct phrase whole = *p;
    char         *rest = whole.at, *found = strstr(rest, from);
    if (!found) {
        return;
    }
    p->len   = 0;
    p->at[0] = '\0';
    for (; found; found = strstr(rest, from)) {
        *found = '\0';
        phrase_add(p, rest);
        phrase_add(p, to);
        rest = found + strlen(from);
    }
    phrase_add(p, rest);
}

// The key beside each letter on a French keyboard, from a to z.
static const char beside[] = "zvxsedfgujklkbipqtdyicwcta";

static uint32_t neighbour(uint32_t c)
{
    if (c >= 'a' && c <= 'z') {
        return (uint32_t)beside[c - 'a'];
    }
    if (c >= 'A' && c <= 'Z') {
        return (uint32_t)beside[c - 'A'] - 0x20;
    }
    return c >= '0' && c <= '9' ? '0' + (c - '0' + 1) % 10 : 'e';
}

void phrase_slip(struct phrase *p, struct rng *r)
{
    struct letters l = letters_of(p);
    if (l.count < 4 || l.count > PHRASE_ROOM - 4) {
        return;
    }
    uint32_t i    = rng_below(r, l.count - 1);
    uint32_t kind = rng_below(r, 4);
    if (kind == 0) {
        l.at[i] = neighbour(l.at[i]);
    } else if (kind == 1) {
        uint32_t c  = l.at[i];
        l.at[i]     = l.at[i + 1];
        l.at[i + 1] = c;
    } else if (kind == 2) {
        memmove(l.at + i, l.at + i + 1, (--l.count - i) * sizeof *l.at);
    } else {
        memmove(l.at + i + 1, l.at + i, (l.count++ - i) * sizeof *l.at);
    }
    letters_put(&l, p);
}

enum { WORD_MAX = 24 };

static uint32_t words_in(const struct phrase *p, struct phrase words[WORD_MAX])
{
    uint32_t count = 0;
    for (const char *at = p->at; *at && count < WORD_MAX;) {
        size_t length = strcspn(at, " ");
        if (length) {
            words[count] = phrase_of("");
            memcpy(words[count].at, at, length);
            words[count].at[length] = '\0';
            words[count++].len      = (uint32_t)length;
        }
        at += length + (at[length] == ' ');
    }
    return count;
}

static void join(struct phrase *p, const struct phrase *words, uint32_t count)
{
    p->len   = 0;
    p->at[0] = '\0';
    for (uint32_t i = 0; i < count; i++) {
        phrase_add(p, i ? " " : "");
        phrase_add(p, words[i].at);
    }
}

void phrase_swap_words(struct phrase *p, struct rng *r)
{
    struct phrase words[WORD_MAX];
    uint32_t      count = words_in(p, words);
    if (count < 2) {
        return;
    }
    uint32_t      i    = rng_below(r, count - 1);
    struct phrase word = words[i];
    words[i]           = words[i + 1];
    words[i + 1]       = word;
    join(p, words, count);
}

void phrase_lose_word(struct phrase *p, struct rng *r)
{
    struct phrase words[WORD_MAX];
    uint32_t      count = words_in(p, words);
    if (count < 3) {
        return;
    }
    uint32_t lost = rng_below(r, count);
    for (uint32_t i = lost; i + 1 < count; i++) {
        words[i] = words[i + 1];
    }
    join(p, words, count - 1);
}

static bool is_article(const char *word)
{
    static const char *const articles[] = { "le", "la", "les", "de", "du",  "des", "et",
                                            "à",  "au", "aux", "en", "sur", "&" };
    for (size_t i = 0; i < LENGTH(articles); i++) {
        if (strcmp(word, articles[i]) == 0) {
            return true;
        }
    }
    return false;
}

struct phrase phrase_acronym(const struct phrase *p)
{
    struct phrase words[WORD_MAX], acronym = phrase_of("");
    uint32_t      count = words_in(p, words);
    for (uint32_t i = 0; i < count; i++) {
        struct letters l     = letters_of(&words[i]);
        uint32_t       first = l.count > 2 && l.at[1] == '\'' ? 2 : 0;
        if (!is_article(words[i].at)) {
            put_code(&acronym, upper(l.at[first]));
        }
    }
    phrase_plain(&acronym);
    return acronym;
}

struct phrase phrase_slug(const char *text, char joint, uint32_t most)
{
    struct phrase p = phrase_of(text), slug = phrase_of("");
    phrase_plain(&p);
    for (uint32_t i = 0; i < p.len && slug.len < most; i++) {
        char c = p.at[i];
        c      = c >= 'A' && c <= 'Z' ? (char)(c + 0x20) : c;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            slug.at[slug.len++] = c;
        } else if (joint && slug.len && slug.at[slug.len - 1] != joint) {
            slug.at[slug.len++] = joint;
        }
    }
    while (slug.len && slug.at[slug.len - 1] == joint) {
        slug.len--;
    }
    slug.at[slug.len] = '\0';
    return slug;
}
