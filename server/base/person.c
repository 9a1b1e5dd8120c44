#include "base/person.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/log.h"

enum { WORDS = 16, DIGITS_LEAST = 6, DIGITS_MOST = 15, DOCUMENT_MOST = 64 << 20 };

// --- normal forms -------------------------------------------------------------------------------

bool person_phone(struct str text, struct arena *a, struct str *ret_normal)
{
    char   digits[DIGITS_MOST + 4];
    size_t n        = 0;
    bool   is_world = false; // + or 00 in front
    text            = str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9') {
            if (n == DIGITS_MOST + 2) {
                return false;
            }
            digits[n++] = c;
        } else if (c == '+' && n == 0 && !is_world) {
            is_world = true;
        } else if (str_starts(str_sub(text, i, 3), STR("(0)")) && (n > 0 || is_world)) {
            i += 2; // +33 (0)4: the 0 of calls from inside
        } else if (str_starts(str_sub(text, i, 2), STR("\xC2\xA0"))) {
            i += 1;
        } else if (str_starts(str_sub(text, i, 3), STR("\xE2\x80\xAF"))) {
            i += 2;
        } else if (c == 0 || !strchr(" .-/()\t", c)) {
            return false;
        }
    }
    if (!is_world && n > 2 && digits[0] == '0' && digits[1] == '0') {
        is_world = true;
        memmove(digits, digits + 2, n -= 2);
    }
    // Also with the 0 of calls from inside written behind the country.
    if (is_world && digits[0] == '3' && digits[1] == '3' &&
        (n == 11 || (n == 12 && digits[2] == '0'))) {
        if (digits[n - 9] == '0') {
            return false; // a digit is missing
        }
        is_world  = false;
        digits[1] = '0';
        memmove(digits, digits + n - 10, 10);
        n = 10;
    }
    if (n < DIGITS_LEAST || n > DIGITS_MOST) {
        return false;
    }
    *ret_normal = arena_printf(a, "%s%.*s", is_world ? "+" : "", (int)n, digits);
    return true;
}

bool person_email(struct str text, struct arena *a, struct str *ret_normal)
{
    text      = str_trim(text);
    size_t at = str_index(text, '@');
    if (at == 0 || at > 64 || at + 1 >= text.len || text.len > PERSON_EMAIL) {
        return false;
    }
    struct str lower = arena_str(a, text);
    char      *into  = arena_alloc(a, text.len + 1);
    for (size_t i = 0; i < lower.len; i++) {
        unsigned char c = (unsigned char)lower.at[i];
        if (c <= ' ' || c == 0x7F || (c == '@' && i != at) || strchr("<>,;\"", c)) {
            return false;
        }
        into[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    *ret_normal = (struct str){ into, lower.len };
    return str_is_utf8(*ret_normal);
}

// Latin letters with marks and what they are without; sorted.
static const struct {
    uint16_t    from, to;
    const char *plain;
} letters[] = {
    { 0xC0, 0xC5, "a" },   { 0xC6, 0xC6, "ae" },   { 0xC7, 0xC7, "c" },   { 0xC8, 0xCB, "e" },
    { 0xCC, 0xCF, "i" },   { 0xD0, 0xD0, "d" },    { 0xD1, 0xD1, "n" },   { 0xD2, 0xD6, "o" },
    { 0xD8, 0xD8, "o" },   { 0xD9, 0xDC, "u" },    { 0xDD, 0xDD, "y" },   { 0xDE, 0xDE, "th" },
    { 0xDF, 0xDF, "ss" },  { 0xE0, 0xE5, "a" },    { 0xE6, 0xE6, "ae" },  { 0xE7, 0xE7, "c" },
    { 0xE8, 0xEB, "e" },   { 0xEC, 0xEF, "i" },    { 0xF0, 0xF0, "d" },   { 0xF1, 0xF1, "n" },
    { 0xF2, 0xF6, "o" },   { 0xF8, 0xF8, "o" },    { 0xF9, 0xFC, "u" },   { 0xFD, 0xFD, "y" },
    { 0xFE, 0xFE, "th" },  { 0xFF, 0xFF, "y" },    { 0x100, 0x105, "a" }, { 0x106, 0x10D, "c" },
    { 0x10E, 0x111, "d" }, { 0x112, 0x11B, "e" },  { 0x11C, 0x123, "g" }, { 0x124, 0x127, "h" },
    { 0x128, 0x131, "i" }, { 0x132, 0x133, "ij" }, { 0x134, 0x135, "j" }, { 0x136, 0x138, "k" },
    { 0x139, 0x142, "l" }, { 0x143, 0x14B, "n" },  { 0x14C, 0x151, "o" }, { 0x152, 0x153, "oe" },
    { 0x154, 0x159, "r" }, { 0x15A, 0x161, "s" },  { 0x162, 0x167, "t" }, { 0x168, 0x173, "u" },
    { 0x174, 0x175, "w" }, { 0x176, 0x178, "y" },  { 0x179, 0x17E, "z" }, { 0x17F, 0x17F, "s" },
    { 0x218, 0x219, "s" }, { 0x21A, 0x21B, "t" },  { 0x300, 0x36F, "" }, // marks written apart
};

static const char *plain_letter(unsigned code)
{
    for (size_t i = 0; i < LENGTH(letters); i++) {
        if (code >= letters[i].from && code <= letters[i].to) {
            return letters[i].plain;
        }
    }
    return NULL;
}

// Lower case without marks; everything that is no letter or digit of ASCII nor beyond it parts
// words.
static void fold(struct str name, struct buf *out)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        if (c < 0x80) {
            bool is_upper = c >= 'A' && c <= 'Z';
            bool is_kept  = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            buf_add_char(out, is_kept ? (char)(is_upper ? c | 0x20 : c) : ' ');
            continue;
        }
        unsigned    next  = i + 1 < name.len ? (unsigned char)name.at[i + 1] : 0;
        const char *plain = c >= 0xC3 && c <= 0xDF && (next & 0xC0) == 0x80
                                ? plain_letter((c & 0x1FU) << 6 | (next & 0x3F))
                                : NULL;
        struct str  three = str_sub(name, i, 3);
        if (plain) {
            buf_add(out, str_of(plain));
            i += 1;
        } else if (c == 0xC2) { // no-break blank and the like
            buf_add_char(out, ' ');
            i += 1;
        } else if (str_starts(three, STR("\xE2\x80"))) { // typographic apostrophes, hyphens, blanks
            buf_add_char(out, ' ');
            i += 2;
        } else {
            buf_add_char(out, (char)c);
        }
    }
}

static int word_order(const void *a, const void *b)
{
    const struct str *one = a, *two = b;
    return str_compare(*one, *two);
}

struct str person_name(struct str name, struct arena *a)
{
    struct str words[WORDS];
    size_t     count  = 0;
    struct buf folded = buf_init(KIB(4));
    fold(name, &folded);
    struct str rest = arena_str(a, buf_str(&folded));
    buf_clear(&folded);
    for (struct str word; count < WORDS && str_cut(&rest, ' ', &word);) {
        if (word.len) {
            words[count++] = word;
        }
    }
    qsort(words, count, sizeof words[0], word_order);
    for (size_t i = 0; i < count; i++) {
        buf_add(&folded, i ? STR(" ") : STR(""));
        buf_add(&folded, words[i]);
    }
    struct str normal = arena_str(a, buf_str(&folded));
    buf_done(&folded);
    return normal;
}

// --- the document -------------------------------------------------------------------------------

static bool add_way(struct str ways[PERSON_WAYS], size_t *count, struct str way)
{
    for (size_t i = 0; i < *count; i++) {
        if (str_eq(ways[i], way)) {
            return true;
        }
    }
    if (*count == PERSON_WAYS) {
        return false;
    }
    ways[(*count)++] = way;
    return true;
}

bool person_add_phone(struct person *p, struct str text, struct arena *a)
{
    struct str normal;
    return person_phone(text, a, &normal) && add_way(p->phones, &p->phone_count, normal);
}

bool person_add_email(struct person *p, struct str text, struct arena *a)
{
    struct str normal;
    return person_email(text, a, &normal) && add_way(p->emails, &p->email_count, normal);
}

static void write_ways(struct buf *out, const struct str *ways, size_t count)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        buf_add_json(out, ways[i]);
    }
    buf_add_char(out, ']');
}

// The members, without the braces.
static void write_members(struct buf *out, const struct person *p, bool has_ways)
{
    buf_add(out, STR("\"family_name\":"));
    buf_add_json(out, p->family_name);
    buf_add(out, STR(",\"given_name\":"));
    buf_add_json(out, p->given_name);
    buf_add(out, STR(",\"position\":"));
    buf_add_json(out, p->position);
    buf_add(out, STR(",\"phones\":"));
    write_ways(out, p->phones, has_ways ? p->phone_count : 0);
    buf_add(out, STR(",\"emails\":"));
    write_ways(out, p->emails, has_ways ? p->email_count : 0);
}

void person_write(const struct person *p, struct buf *out)
{
    buf_add_char(out, '{');
    write_members(out, p, true);
    buf_add_char(out, '}');
}

static struct str text_of(const json_t *value, struct arena *a)
{
    if (!json_is_string(value)) {
        return (struct str){ 0 };
    }
    return arena_str(a, (struct str){ json_string_value(value), json_string_length(value) });
}

static size_t read_ways(const json_t *list, struct arena *a, struct str ways[PERSON_WAYS])
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(list) && n < PERSON_WAYS; i++) {
        struct str way = text_of(json_array_get(list, i), a);
        if (way.len) {
            ways[n++] = way;
        }
    }
    return n;
}

bool person_read(struct str json, struct arena *a, struct person *ret)
{
    *ret         = (struct person){ 0 };
    json_t *root = json.len <= PERSON_JSON
                       ? json_loadb(json.at ? json.at : "", json.len, JSON_REJECT_DUPLICATES, NULL)
                       : NULL;
    if (json_is_object(root)) {
        ret->family_name = text_of(json_object_get(root, "family_name"), a);
        ret->given_name  = text_of(json_object_get(root, "given_name"), a);
        ret->position    = text_of(json_object_get(root, "position"), a);
        ret->phone_count = read_ways(json_object_get(root, "phones"), a, ret->phones);
        ret->email_count = read_ways(json_object_get(root, "emails"), a, ret->emails);
    }
    json_decref(root);
    return ret->family_name.len > 0;
}

struct str person_seal(struct arena *a, int64_t contact, const struct person *p)
{
    struct buf json = buf_init(PERSON_JSON);
    person_write(p, &json);
    if (buf_is_full(&json)) {
        DIE("person_seal: longer than any person may be");
    }
    struct str sealed = vault_seal(a, VAULT_PERSON, contact, buf_str(&json));
    sodium_memzero(json.at, json.len);
    buf_done(&json);
    return sealed;
}

bool person_open(struct arena *a, int64_t contact, struct str sealed, struct person *ret)
{
    struct str json;
    *ret = (struct person){ 0 };
    return vault_open(a, VAULT_PERSON, contact, sealed, &json) && person_read(json, a, ret);
}

// --- hashes -------------------------------------------------------------------------------------

struct str person_hash(struct arena *a, enum vault_kind kind, struct str normal)
{
    uint8_t hash[VAULT_HASH];
    char   *text = arena_alloc(a, 2 * VAULT_HASH + 1);
    vault_index(kind, normal, hash);
    sodium_bin2hex(text, 2 * VAULT_HASH + 1, hash, sizeof hash);
    return (struct str){ text, 2 * (size_t)VAULT_HASH };
}

static void add_hash(struct buf *out, struct arena *a, const char *name, enum vault_kind kind,
                     struct str normal)
{
    if (normal.len) {
        buf_printf(out, "%s{\"kind\":\"%s\",\"hash\":\"%s\"}", out->len > 1 ? "," : "", name,
                   person_hash(a, kind, normal).at);
    }
}

struct str person_keys(struct arena *a, const struct person *p)
{
    struct buf out  = buf_init(KIB(4));
    struct str full = arena_printf(a, "%.*s %.*s", STR_ARG(p->given_name), STR_ARG(p->family_name));
    buf_add_char(&out, '[');
    add_hash(&out, a, "name", VAULT_NAME, person_name(full, a));
    add_hash(&out, a, "family", VAULT_FAMILY, person_name(p->family_name, a));
    for (size_t i = 0; i < p->phone_count; i++) {
        add_hash(&out, a, "phone", VAULT_PHONE, p->phones[i]);
    }
    for (size_t i = 0; i < p->email_count; i++) {
        add_hash(&out, a, "email", VAULT_EMAIL, p->emails[i]);
    }
    buf_add_char(&out, ']');
    struct str keys = arena_str(a, buf_str(&out));
    buf_done(&out);
    return keys;
}

struct str person_search(struct arena *a, struct str text, enum vault_kind *ret_kind)
{
    struct str normal;
    if (person_email(text, a, &normal)) {
        *ret_kind = VAULT_EMAIL;
    } else if (person_phone(text, a, &normal)) {
        *ret_kind = VAULT_PHONE;
    } else {
        *ret_kind = VAULT_NAME;
        normal    = person_name(text, a);
    }
    if (!normal.len) {
        return (struct str){ 0 };
    }
    struct str hash = person_hash(a, *ret_kind, normal);
    if (*ret_kind != VAULT_NAME) {
        return arena_printf(a, "{\"\\\\x%s\"}", hash.at);
    }
    return arena_printf(a, "{\"\\\\x%s\",\"\\\\x%s\"}", hash.at,
                        person_hash(a, VAULT_FAMILY, normal).at);
}

// --- answers ------------------------------------------------------------------------------------

bool person_unseal(struct arena *a, struct str value, struct person *ret)
{
    int64_t    contact;
    size_t     len;
    size_t     dot     = str_index(value, '.');
    struct str base64  = str_sub(value, dot + 1, value.len);
    uint8_t   *sealed  = arena_alloc(a, base64.len + 1);
    bool       is_read = value.len > 1 && str_int(str_sub(value, 1, dot - 1), &contact) &&
                   sodium_base642bin(sealed, base64.len + 1, base64.at, base64.len, NULL, &len,
                                     NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
    return is_read && person_open(a, contact, (struct str){ (const char *)sealed, len }, ret);
}

static struct str joined(const struct str *ways, size_t count, struct arena *a)
{
    struct str all = STR("");
    for (size_t i = 0; i < count; i++) {
        all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all), i ? ", " : "", STR_ARG(ways[i]));
    }
    return all;
}

struct str person_cell(const struct person *p, size_t cell, struct arena *a)
{
    switch (cell) {
    case 0:
        return p->family_name;
    case 1:
        return p->given_name;
    case 2:
        return p->position;
    case 3:
        return joined(p->phones, p->phone_count, a);
    default:
        return joined(p->emails, p->email_count, a);
    }
}

// What stands for the sealed person `value` in a document.
static void write_opened(struct arena *a, struct str value, struct buf *out)
{
    struct person p;
    if (person_unseal(a, value, &p)) {
        write_members(out, &p, value.at[0] == 'p');
        return;
    }
    log_line(LOG_ERROR, "person_unreadable",
             LOG_TEXT("contact", str_sub(value, 0, str_index(value, '.'))));
    write_members(out, &(struct person){ 0 }, false);
    buf_add(out, STR(",\"unreadable\":true"));
}

static struct str splice(struct arena *a, struct str document, bool is_open)
{
    static const struct str mark = STR_INIT("\"sealed\":\"");
    size_t                  next = str_find(document, mark);
    if (next == document.len) {
        return document;
    }
    struct buf out = buf_init(DOCUMENT_MOST);
    buf_reserve(&out, document.len);
    for (; next < document.len; next = str_find(document, mark)) {
        struct str rest  = str_sub(document, next + mark.len, document.len);
        struct str value = str_sub(rest, 0, str_index(rest, '"'));
        buf_add(&out, str_sub(document, 0, next));
        if (is_open) {
            write_opened(a, value, &out);
        } else {
            buf_add(&out, STR("\"withheld\":true"));
        }
        document = str_sub(rest, value.len + 1, rest.len);
    }
    buf_add(&out, document);
    struct str spliced = arena_str(a, buf_str(&out));
    buf_done(&out);
    return spliced;
}

struct str person_splice(struct arena *a, struct str document)
{
    return splice(a, document, true);
}

struct str person_withhold(struct arena *a, struct str document)
{
    return splice(a, document, false);
}
