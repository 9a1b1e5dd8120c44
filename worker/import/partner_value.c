#include "import/partner_value.h"

#include <string.h>

#include "import/columns.h"
#include "import/siret.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

// Length of the blank at the beginning of text: plain, no-break, narrow, zero width; 0 when none.
static size_t blank_len(struct str text)
{
    static const char *const blanks[] = { "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89",
                                          "\xE2\x80\x8B", "\xEF\xBB\xBF" };

    if (!text.len || (unsigned char)text.at[0] < 0x80) { // most texts, and every cell asks
        return text.len && (text.at[0] == ' ' || (text.at[0] >= '\t' && text.at[0] <= '\r'));
    }
    for (size_t i = 0; i < LENGTH(blanks); i++) {
        if (str_starts(text, str_of(blanks[i]))) {
            return strlen(blanks[i]);
        }
    }
    return 0;
}

static struct str strip(struct str text)
{
    for (size_t n; (n = blank_len(text)) > 0;) {
        text = str_sub(text, n, text.len);
    }
    for (bool more = true; more && text.len;) {
        more = false;
        for (size_t n = 1; n <= 3 && n <= text.len; n++) {
            if (blank_len(str_sub(text, text.len - n, n)) == n) {
                text.len -= n;
                more = true;
                break;
            }
        }
    }
    return text;
}

bool partner_is_nothing(struct str text)
{
    // As words_key writes them; what spreadsheets write for a value that they could not compute.
    static const char *const words[] = {
        "n a",  "null",           "nan",        "neant",   "non renseigne",
        "vide", "non communique", "sans objet", "inconnu", "inconnue"
    };
    static const char *const errors[] = { "#N/A",   "#REF!",    "#VALEUR!", "#VALUE!",
                                          "#NOM?",  "#NAME?",   "#DIV/0!",  "#NUL!",
                                          "#NULL!", "#NOMBRE!", "#NUM!" };
    char                     key[32];

    text = strip(text);
    for (size_t i = 0; i < LENGTH(errors); i++) {
        if (str_eq(text, str_of(errors[i]))) {
            return true;
        }
    }
    if (text.len >= sizeof key - 4) {
        return false;
    }
    words_key(text, key, sizeof key);
    bool is_word = false;
    for (size_t i = 0; i < text.len; i++) {
        is_word |= is_digit(text.at[i]) || is_letter(text.at[i]);
    }
    for (size_t i = 0; i < LENGTH(words); i++) {
        is_word &= strcmp(key, words[i]) != 0;
    }
    return !is_word;
}

struct str partner_clean(struct str text)
{
    text = strip(text);
    return text.len == 0 || partner_is_nothing(text) ? (struct str){ 0 } : text;
}

// What follows a telephone number that is complete: another one, or its extension.
static bool is_complete(const char *digits, size_t n, bool is_plus, struct str rest)
{
    bool is_next = rest.len && is_digit(rest.at[0]);

    return n == 10 && !is_plus && digits[0] == '0' && digits[1] != '0' && !is_next;
}

void partner_phone(struct str text, char ret[PHONE_ROOM])
{
    char   digits[PHONE_ROOM], full[DIGITS_EXPANDED];
    size_t n = 0, lost = 0;
    bool   is_plus = false;

    ret[0]       = '\0';
    size_t whole = digits_expand(text, full, &lost);
    if (whole && lost <= 1) {
        text = (struct str){ full, whole };
    }
    // A spreadsheet's number: 470440102.0
    if (text.len > 9 && (str_ends(text, STR(".0")) || str_ends(text, STR(",0")))) {
        text.len -= 2;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (is_complete(digits, n, is_plus, str_sub(text, i, text.len))) {
            break;
        }
        if (c == '+' && n == 0) {
            is_plus = true;
        } else if (c == '(' && i + 2 < text.len && text.at[i + 1] == '0' && text.at[i + 2] == ')') {
            i += 2; // +33 (0)1
        } else if (is_digit(c)) {
            if (n == 15) {
                return;
            }
            digits[n++] = c;
        } else if ((c == '/' || c == ';' || c == ',' || c == '\n') && n >= 9) {
            break; // a second number follows
        }
    }
    if (!is_plus && n > 4 && digits[0] == '0' && digits[1] == '0') {
        is_plus = true;
        n -= 2;
        memmove(digits, digits + 2, n);
    }
    if (is_plus && n >= 11 && digits[0] == '3' && digits[1] == '3') {
        size_t skip = digits[2] == '0' ? 3 : 2;
        n -= skip;
        memmove(digits, digits + skip, n);
        is_plus = false;
    }
    if (!is_plus && n == 11 && digits[0] == '3' && digits[1] == '3' && digits[2] != '0') {
        memmove(digits, digits + 2, n -= 2); // the + was taken for a sign
    }
    if (!is_plus && n == 9 && digits[0] != '0') {
        memmove(digits + 1, digits, n); // the zero a spreadsheet lost
        digits[0] = '0';
        n++;
    }
    if (is_plus ? n < 6 : (n != 10 || digits[0] != '0')) {
        return;
    }
    ret[0] = '+';
    memcpy(ret + is_plus, digits, n);
    ret[n + is_plus] = '\0';
}

// One word as an address; false when it is none.
static bool one_email(struct str text, char ret[EMAIL_ROOM])
{
    size_t at = str_index(text, '@');

    while (text.len && (text.at[text.len - 1] == '.' || text.at[text.len - 1] == ':')) {
        text.len--;
    }
    struct str host = str_sub(text, at + 1, text.len);
    if (text.len >= EMAIL_ROOM || at == 0 || at > 64 || at + 3 >= text.len ||
        str_index(host, '@') != host.len || str_index(host, '.') == host.len || host.at[0] == '.') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if ((unsigned char)c <= ' ' || (unsigned char)c >= 0x7F) {
            return false;
        }
        ret[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    ret[text.len] = '\0';
    return true;
}

void partner_email(struct str text, char ret[EMAIL_ROOM])
{
    char   plain[512];
    size_t n = 0;

    ret[0] = '\0';
    text   = strip(text);
    // "contact @ mairie . fr": blanks beside these are slips of the hand; other blanks part words.
    for (size_t i = 0; i < text.len && n < sizeof plain;) {
        size_t blank = blank_len(str_sub(text, i, text.len));
        if (!blank) {
            plain[n++] = text.at[i++];
            continue;
        }
        i += blank;
        char before = n ? plain[n - 1] : ' ', after = i < text.len ? text.at[i] : ' ';
        if (!strchr("@. ", before) && !strchr("@.", after)) {
            plain[n++] = ' ';
        }
    }
    struct str rest = { plain, n };
    while (rest.len) {
        size_t len = 0;
        while (len < rest.len && !strchr(" ,;/<>()[]\"'", rest.at[len])) {
            len++;
        }
        struct str word = str_sub(rest, 0, len);
        if (str_starts(word, STR("mailto:"))) {
            word = str_sub(word, 7, word.len);
        }
        if (one_email(word, ret)) {
            return;
        }
        ret[0] = '\0';
        rest   = str_sub(rest, len + 1, rest.len);
    }
}

bool partner_is_personal(const char *email, struct str family_name)
{
    char   name[KEY_MAX], local[KEY_MAX];
    size_t at = str_index(str_of(email), '@');

    column_key(family_name, name);
    column_key(str_sub(str_of(email), 0, at), local);
    return strlen(name) >= 3 && strstr(local, name) != NULL;
}

struct str partner_name(struct str text)
{
    text = partner_clean(text);
    while (text.len && strchr("*\" ", text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len && strchr("* ", text.at[text.len - 1])) {
        text.len--;
    }
    if (text.len && text.at[text.len - 1] == '"' &&
        str_index((struct str){ text.at, text.len - 1 }, '"') == text.len - 1) {
        text.len--; // the partner of the quote taken off in front
    }
    return text;
}

struct str partner_five(struct str text, char room[5])
{
    size_t n = 0;

    if (text.len > 4 && (str_ends(text, STR(".0")) || str_ends(text, STR(",0")))) {
        text.len -= 2;
    }
    for (size_t i = 0; i < text.len; i++) {
        char   c         = text.at[i];
        size_t blank     = blank_len(str_sub(text, i, text.len));
        bool   is_corsic = n == 1 && room[0] == '2' && c && strchr("ABab", c);
        if (blank || c == '\'') {
            i += blank ? blank - 1 : 0;
        } else if (n < 5 && (is_digit(c) || is_corsic)) {
            room[n++] = (char)(is_corsic ? c & ~0x20 : c);
        } else {
            return (struct str){ 0 };
        }
    }
    if (n == 4) {
        memmove(room + 1, room, 4);
        room[0] = '0';
        n       = 5;
    }
    return n == 5 ? (struct str){ room, 5 } : (struct str){ 0 };
}

void partner_city_key(struct str city, char ret[CITY_ROOM])
{
    char   key[CITY_ROOM];
    size_t n = 0;

    words_key(city, key, sizeof key);
    ret[0]           = '\0';
    struct str words = str_of(key);
    for (struct str word; str_cut(&words, ' ', &word);) {
        if (str_eq(word, STR("cedex"))) {
            break;
        }
        word = str_eq(word, STR("st")) ? STR("saint") : word;
        word = str_eq(word, STR("ste")) ? STR("sainte") : word;
        if (n + word.len + 2 >= CITY_ROOM) {
            break;
        }
        if (n) {
            ret[n++] = ' ';
        }
        memcpy(ret + n, word.at, word.len);
        n += word.len;
        ret[n] = '\0';
    }
}

struct str partner_naf(struct str text, char room[6])
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        }
        if (c == '.' || c == ' ') {
            continue;
        }
        bool is_capital = c >= 'A' && c <= 'Z';
        if (n == 6 || (n < 5 && !is_digit(c)) || (n == 5 && !is_capital)) {
            return (struct str){ 0 };
        }
        room[n++] = c;
        if (n == 2) {
            room[n++] = '.';
        }
    }
    return n == 6 ? (struct str){ room, 6 } : (struct str){ 0 };
}

// The last postcode in a text: where it begins, or text.len. A number of a post office box is none.
static size_t postcode_at(struct str text)
{
    size_t found = text.len;

    for (size_t i = 0; i + 5 <= text.len; i++) {
        bool is_five = true;
        for (size_t k = 0; k < 5; k++) {
            is_five = is_five && is_digit(text.at[i + k]);
        }
        bool is_part = (i > 0 && (is_digit(text.at[i - 1]) || is_letter(text.at[i - 1]))) ||
                       (i + 5 < text.len && is_digit(text.at[i + 5]));
        bool is_box = i >= 3 && (str_eq_case(str_sub(text, i - 3, 3), STR("CS ")) ||
                                 str_eq_case(str_sub(text, i - 3, 3), STR("BP ")));
        if (is_five && !is_part && !is_box) {
            found = i;
        }
    }
    return found;
}

// Without the marks that part an address from its town.
static struct str edge(struct str text)
{
    for (bool more = true; more;) {
        struct str before = text;
        text              = strip(text);
        while (text.len && strchr(",;-/(", text.at[0])) {
            text = str_sub(text, 1, text.len);
        }
        while (text.len && strchr(",;-/(", text.at[text.len - 1])) {
            text.len--;
        }
        more = text.len != before.len;
    }
    return text;
}

void partner_split_place(struct str *address, struct str *postcode, struct str *city)
{
    char   room[5];
    size_t at;

    if (postcode->len && !partner_five(*postcode, room).len &&
        (at = postcode_at(*postcode)) < postcode->len) {
        struct str behind = edge(str_sub(*postcode, at + 5, postcode->len));
        *city             = city->len ? *city : behind;
        *postcode         = str_sub(*postcode, at, 5);
    }
    // "Moulins (03)", "Moulins (03000)", "03000 Moulins"
    if (city->len && (at = postcode_at(*city)) < city->len) {
        struct str before = edge(str_sub(*city, 0, at)),
                   behind = edge(str_sub(*city, at + 5, city->len));
        while (behind.len && behind.at[0] == ')') {
            behind = edge(str_sub(behind, 1, behind.len));
        }
        *postcode = postcode->len ? *postcode : str_sub(*city, at, 5);
        *city     = behind.len ? behind : before;
    }
    at = str_index(*city, '(');
    if (at > 0 && at + 2 < city->len && is_digit(city->at[at + 1])) {
        *city = edge(str_sub(*city, 0, at));
    }
    if (!postcode->len && !city->len && (at = postcode_at(*address)) < address->len) {
        *postcode = str_sub(*address, at, 5);
        *city     = edge(str_sub(*address, at + 5, address->len));
        *address  = edge(str_sub(*address, 0, at));
    }
}

struct str partner_cut(struct str text, size_t most)
{
    if (text.len > most) {
        while (most && ((unsigned char)text.at[most] & 0xC0) == 0x80) {
            most--;
        }
        text.len = most;
    }
    return text;
}
