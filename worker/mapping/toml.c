#include "mapping/toml.h"

#include "base/buf.h"

struct reader {
    struct arena        *arena;
    struct str           text;
    size_t               at;
    size_t               line_start; // where the current line begins
    uint32_t             line;
    size_t               key_count; // in the whole file
    struct toml         *toml;
    struct toml_problem *problem;
    struct toml_table   *table; // where keys go
    size_t               key_room;
};

static struct toml_place place_at(const struct reader *r, size_t at)
{
    struct str before = str_sub(r->text, r->line_start, at - r->line_start);
    return (struct toml_place){ r->line, 1 + (uint32_t)str_utf8_count(before) };
}

static bool fail_at(struct reader *r, struct toml_place place, struct str sentence)
{
    r->problem->place    = place;
    r->problem->sentence = arena_str(r->arena, sentence);
    return false;
}

static bool fail(struct reader *r, struct str sentence)
{
    return fail_at(r, place_at(r, r->at), sentence);
}

// The character at the current place or `ahead` further; '\0' at the end, which no text holds.
static char peek(const struct reader *r, size_t ahead)
{
    return r->at + ahead < r->text.len ? r->text.at[r->at + ahead] : '\0';
}

static bool starts(const struct reader *r, struct str what)
{
    return str_starts(str_sub(r->text, r->at, what.len), what);
}

// ASCII only, whatever the locale.
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

static void skip_blanks(struct reader *r)
{
    while (peek(r, 0) == ' ' || peek(r, 0) == '\t') {
        r->at++;
    }
}

static bool at_line_end(const struct reader *r)
{
    return r->at == r->text.len || peek(r, 0) == '\n' || (peek(r, 0) == '\r' && peek(r, 1) == '\n');
}

// Blanks, a comment and the end of the line; anything else is too much.
static bool end_line(struct reader *r)
{
    skip_blanks(r);
    if (peek(r, 0) == '#') {
        while (!at_line_end(r)) {
            if (is_control(peek(r, 0))) {
                return fail(r,
                            STR("ce caractère de contrôle n’est pas permis dans un commentaire"));
            }
            r->at++;
        }
    }
    if (!at_line_end(r)) {
        return fail(r, STR("rien d’autre qu’un commentaire ne peut suivre sur cette ligne"));
    }
    r->at += peek(r, 0) == '\r' ? 2 : r->at < r->text.len;
    r->line += r->at > 0 && r->text.at[r->at - 1] == '\n';
    r->line_start = r->at;
    return true;
}

// ---- strings

static void put_utf8(struct buf *b, uint32_t c)
{
    if (c < 0x80) {
        buf_add_char(b, (char)c);
    } else if (c < 0x800) {
        buf_add_char(b, (char)(0xc0 | (c >> 6)));
        buf_add_char(b, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buf_add_char(b, (char)(0xe0 | (c >> 12)));
        buf_add_char(b, (char)(0x80 | ((c >> 6) & 0x3f)));
        buf_add_char(b, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_add_char(b, (char)(0xf0 | (c >> 18)));
        buf_add_char(b, (char)(0x80 | ((c >> 12) & 0x3f)));
        buf_add_char(b, (char)(0x80 | ((c >> 6) & 0x3f)));
        buf_add_char(b, (char)(0x80 | (c & 0x3f)));
    }
}

static bool read_code_point(struct reader *r, unsigned digits, struct buf *b)
{
    uint32_t code = 0;
    for (unsigned i = 0; i < digits; i++, r->at++) {
        char c = peek(r, 0);
        if (!is_hex(c)) {
            return fail(r, digits == 4 ? STR("« \\u » demande quatre chiffres hexadécimaux")
                                       : STR("« \\U » demande huit chiffres hexadécimaux"));
        }
        code = code << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        return fail(r, STR("ce numéro n’est pas celui d’un caractère permis"));
    }
    put_utf8(b, code);
    return true;
}

// After the backslash.
static bool read_escape(struct reader *r, struct buf *b)
{
    static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
    char              c     = peek(r, 0);
    const char       *found = c ? strchr(from, c) : NULL;
    if (found) {
        buf_add_char(b, to[found - from]);
        r->at++;
        return true;
    }
    if (c == 'u' || c == 'U') {
        r->at++;
        return read_code_point(r, c == 'u' ? 4 : 8, b);
    }
    return fail(r, STR("séquence d’échappement inconnue ; un « \\ » s’écrit « \\\\ », ou entre "
                       "apostrophes"));
}

static bool read_characters(struct reader *r, char quote, struct toml_place start, struct buf *b)
{
    for (;;) {
        char c = peek(r, 0);
        if (at_line_end(r)) {
            return fail_at(r, start, STR("le texte ouvert ici n’est pas refermé sur sa ligne"));
        }
        if (c == quote) {
            r->at++;
            return true;
        }
        if (is_control(c)) {
            return fail(r, STR("ce caractère de contrôle n’est pas permis dans un texte"));
        }
        r->at++;
        if (c == '\\' && quote == '"') {
            if (!read_escape(r, b)) {
                return false;
            }
        } else {
            buf_add_char(b, c);
        }
    }
}

static bool read_string(struct reader *r, struct str *ret)
{
    struct toml_place start = place_at(r, r->at);
    char              quote = peek(r, 0);
    struct buf        b     = buf_init(TOML_STRING_MAX);
    if (starts(r, STR("\"\"\"")) || starts(r, STR("'''"))) {
        return fail(r, STR("les textes sur plusieurs lignes ne sont pas pris en charge"));
    }
    r->at++;
    bool ok = read_characters(r, quote, start, &b);
    if (ok && buf_is_full(&b)) {
        ok = fail_at(r, start, STR("ce texte dépasse 4 096 octets"));
    }
    if (ok) {
        *ret = arena_str(r->arena, b.len ? buf_str(&b) : STR(""));
    }
    buf_done(&b);
    return ok;
}

// ---- keys and names

static bool is_bare(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

// A bare or quoted name, the blanks behind it included.
static bool read_name(struct reader *r, struct str *ret)
{
    struct toml_place start = place_at(r, r->at);
    size_t            from  = r->at;
    if (peek(r, 0) == '"' || peek(r, 0) == '\'') {
        if (!read_string(r, ret)) {
            return false;
        }
    } else {
        while (is_bare(peek(r, 0))) {
            r->at++;
        }
        if (r->at == from) {
            return fail(r, (unsigned char)peek(r, 0) >= 0x80
                               ? STR("un nom qui contient autre chose que des lettres sans accent, "
                                     "des chiffres, « _ » et « - » s’écrit entre guillemets droits")
                               : STR("un nom est attendu ici"));
        }
        *ret = arena_str(r->arena, str_sub(r->text, from, r->at - from));
    }
    if (ret->len > TOML_NAME_MAX) {
        return fail_at(r, start, STR("ce nom dépasse 128 octets"));
    }
    skip_blanks(r);
    if (peek(r, 0) == '.') {
        return fail(r, STR("les noms composés (« a.b ») ne sont pas pris en charge"));
    }
    return true;
}

// ---- values

static bool is_value_end(char c)
{
    return c == '\0' || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '#' || c == ',' ||
           c == ']' || c == '}';
}

// digits with single underscores between them, moved past; how many digits there were.
static size_t read_digits(struct str word, size_t *at, char *into, size_t *length)
{
    size_t count = 0;
    while (*at < word.len) {
        char c      = word.at[*at];
        bool joined = c == '_' && count && *at + 1 < word.len && is_digit(word.at[*at + 1]) &&
                      word.at[*at - 1] != '_';
        if (!is_digit(c) && !joined) {
            break;
        }
        if (!joined) {
            into[(*length)++] = c;
            count++;
        }
        (*at)++;
    }
    return count;
}

enum { NUMBER_MAX = 64 };

// The shape of a decimal number: false when word has another one. Its plain form goes to `plain`.
static bool number_shape(struct str word, char plain[NUMBER_MAX + 1], bool *ret_whole)
{
    size_t at = 0, length = 0;
    *ret_whole = true;
    if (word.at[0] == '+' || word.at[0] == '-') {
        plain[length++] = word.at[at++];
    }
    size_t first  = at;
    size_t digits = read_digits(word, &at, plain, &length);
    if (!digits || (digits > 1 && word.at[first] == '0')) {
        return false;
    }
    if (at < word.len && word.at[at] == '.') {
        *ret_whole      = false;
        plain[length++] = word.at[at++];
        if (!read_digits(word, &at, plain, &length)) {
            return false;
        }
    }
    if (at < word.len && (word.at[at] == 'e' || word.at[at] == 'E')) {
        *ret_whole      = false;
        plain[length++] = word.at[at++];
        if (at < word.len && (word.at[at] == '+' || word.at[at] == '-')) {
            plain[length++] = word.at[at++];
        }
        if (!read_digits(word, &at, plain, &length)) {
            return false;
        }
    }
    plain[length] = '\0';
    return at == word.len;
}

static bool read_number(struct reader *r, struct str word, struct toml_key *key)
{
    char plain[NUMBER_MAX + 1];
    bool whole;
    if (word.len > NUMBER_MAX) {
        return fail(r, STR("ce nombre est trop long"));
    }
    if (!number_shape(word, plain, &whole)) {
        bool leading = word.len > 1 && word.at[0] == '0' && is_digit(word.at[1]);
        return fail(r, leading
                           ? STR("un nombre ne commence pas par un zéro ; un code s’écrit entre "
                                 "guillemets droits")
                           : STR("cette valeur n’est ni un nombre décimal, ni « true », ni "
                                 "« false », ni un texte entre guillemets droits"));
    }
    if (whole) {
        const char *digits = plain[0] == '+' ? plain + 1 : plain;
        key->type          = TOML_INTEGER;
        if (!str_int(str_of(digits), &key->integer)) {
            return fail(r, STR("ce nombre entier est trop grand"));
        }
        key->number = (double)key->integer;
        return true;
    }
    key->type = TOML_FLOAT;
    if (!str_double(str_of(plain[0] == '+' ? plain + 1 : plain), &key->number)) {
        return fail(r, STR("ce nombre est trop grand"));
    }
    return true;
}

static bool read_word(struct reader *r, struct toml_key *key)
{
    size_t length = 0;
    while (!is_value_end(peek(r, length))) {
        length++;
    }
    struct str word = str_sub(r->text, r->at, length);
    if (str_eq(word, STR("true")) || str_eq(word, STR("false"))) {
        key->type  = TOML_BOOLEAN;
        key->truth = word.len == 4;
    } else if (!length) {
        return fail(r, STR("une valeur est attendue ici"));
    } else if (!read_number(r, word, key)) {
        return false;
    }
    r->at += length;
    return true;
}

static bool read_value(struct reader *r, struct toml_key *key)
{
    key->value = place_at(r, r->at);
    switch (peek(r, 0)) {
    case '"':
    case '\'':
        key->type = TOML_STRING;
        return read_string(r, &key->string);
    case '[':
        return fail(r, STR("les listes ne sont pas prises en charge"));
    case '{':
        return fail(r, STR("les tables entre accolades ne sont pas prises en charge"));
    default:
        return read_word(r, key);
    }
}

// ---- lines

static bool read_key(struct reader *r)
{
    struct toml_key    key   = { .string = STR(""), .place = place_at(r, r->at) };
    struct toml_table *table = r->table;

    if (!read_name(r, &key.name)) {
        return false;
    }
    if (peek(r, 0) != '=') {
        return fail(r, STR("« = » est attendu après le nom"));
    }
    if (toml_find(table, key.name)) {
        return fail_at(r, key.place, STR("cette clé est déjà donnée dans la même table"));
    }
    if (r->key_count++ == TOML_KEYS_MAX) {
        return fail_at(r, key.place, STR("le fichier a plus de 4 096 clés"));
    }
    r->at++;
    skip_blanks(r);
    if (!read_value(r, &key)) {
        return false;
    }
    if (table->count == r->key_room) {
        struct toml_key *more = ARENA_ARRAY(r->arena, struct toml_key, 2 * r->key_room + 8);
        if (table->count) {
            memcpy(more, table->keys, table->count * sizeof *more);
        }
        table->keys = more;
        r->key_room = 2 * r->key_room + 8;
    }
    table->keys[table->count++] = key;
    return end_line(r);
}

static bool name_is_free(struct reader *r, struct str name, bool is_array, struct toml_place place)
{
    for (size_t i = 1; i < r->toml->count; i++) {
        const struct toml_table *other = &r->toml->tables[i];
        if (str_eq(other->name, name) && !(is_array && other->is_array)) {
            return fail_at(r, place, STR("cette table est déjà donnée plus haut"));
        }
    }
    if (toml_find(&r->toml->tables[0], name)) {
        return fail_at(r, place, STR("ce nom est déjà celui d’une clé"));
    }
    return true;
}

static bool read_table(struct reader *r)
{
    struct toml_place place    = place_at(r, r->at);
    bool              is_array = peek(r, 1) == '[';
    struct str        name;

    r->at += is_array ? 2 : 1;
    skip_blanks(r);
    if (!read_name(r, &name)) {
        return false;
    }
    if (!starts(r, is_array ? STR("]]") : STR("]"))) {
        return fail(r, is_array ? STR("« ]] » est attendu") : STR("« ] » est attendu"));
    }
    r->at += is_array ? 2 : 1;
    if (!name_is_free(r, name, is_array, place)) {
        return false;
    }
    if (r->toml->count == TOML_TABLES_MAX) {
        return fail_at(r, place, STR("le fichier a plus de 1 024 tables"));
    }
    r->table    = &r->toml->tables[r->toml->count++];
    r->key_room = 0;
    *r->table   = (struct toml_table){ .name = name, .is_array = is_array, .place = place };
    return end_line(r);
}

// The place of the first byte that is not UTF-8 text.
static bool check_text(struct reader *r)
{
    if (r->text.len > TOML_TEXT_MAX) {
        return fail(r, STR("le fichier dépasse 256 Ko"));
    }
    if (str_is_utf8(r->text)) {
        return true;
    }
    for (size_t end; r->at < r->text.len; r->at = end) {
        for (end = r->at; end < r->text.len && r->text.at[end++] != '\n';) {
        }
        if (!str_is_utf8(str_sub(r->text, r->at, end - r->at))) {
            size_t good = r->at;
            for (size_t i = r->at + 1; i <= end && i <= r->at + 4096; i++) {
                good = str_is_utf8(str_sub(r->text, r->at, i - r->at)) ? i : good;
            }
            r->line_start = r->at;
            return fail_at(r, place_at(r, good),
                           STR("le fichier n’est pas en UTF-8 à partir d’ici"));
        }
        r->line++;
    }
    return fail(r, STR("le fichier n’est pas en UTF-8"));
}

bool toml_read(struct arena *a, struct str text, struct toml *ret, struct toml_problem *ret_problem)
{
    struct reader r = { .arena = a, .text = text, .line = 1, .toml = ret, .problem = ret_problem };

    *ret                 = (struct toml){ ARENA_ARRAY(a, struct toml_table, TOML_TABLES_MAX), 1 };
    ret->tables[0].name  = STR("");
    ret->tables[0].place = (struct toml_place){ 1, 1 };
    r.table              = &ret->tables[0];
    if (!check_text(&r)) {
        return false;
    }
    if (starts(&r, STR("\xEF\xBB\xBF"))) {
        r.at = r.line_start = 3;
    }
    while (r.at < r.text.len) {
        skip_blanks(&r);
        bool ok = at_line_end(&r) || peek(&r, 0) == '#' ? end_line(&r)
                  : peek(&r, 0) == '['                  ? read_table(&r)
                                                        : read_key(&r);
        if (!ok) {
            return false;
        }
    }
    return true;
}

const struct toml_key *toml_find(const struct toml_table *table, struct str name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (str_eq(table->keys[i].name, name)) {
            return &table->keys[i];
        }
    }
    return NULL;
}
