#include "import/siret.h"

#include <string.h>

static bool all_zero(const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (digits[i] != '0') {
            return false;
        }
    }
    return true;
}

static bool starts(struct str text, const char *with)
{
    size_t len = strlen(with);
    return text.len >= len && memcmp(text.at, with, len) == 0;
}

// Length of the blank or presentation mark at the beginning of text, 0 when there is none.
static size_t mark_len(struct str text)
{
    static const char *const marks[] = {
        " ",
        ".",
        "\t",
        "-",
        "\n",
        "\r",
        "\xC2\xA0",
        "\xE2\x80\xAF",
        "\xE2\x80\x89",
        "\xEF\xBB\xBF",
        "\xE2\x80\x8B",
        ",",
        "'",
        "\xE2\x80\x99",
        "_",
        "/",
    };
    if (text.len && text.at[0] >= '0' && text.at[0] <= '9') { // most of what is asked
        return 0;
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (starts(text, marks[i])) {
            return strlen(marks[i]);
        }
    }
    return 0;
}

// A number such as 4,10353E+13.
static bool is_scientific(struct str text)
{
    bool has_digit = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9') {
            has_digit = true;
        } else if ((c == 'E' || c == 'e') && has_digit && i + 1 < text.len) {
            size_t k = i + 1;
            k += text.at[k] == '+' || text.at[k] == '-';
            if (k == text.len) {
                return false;
            }
            for (; k < text.len; k++) {
                if (text.at[k] < '0' || text.at[k] > '9') {
                    return false;
                }
            }
            return true;
        } else if (c != ',' && c != '.') {
            return false;
        }
    }
    return false;
}

// A number written with decimals that are nothing: "41816609600069.0", "41 816 609 600 069,00".
static struct str without_decimals(struct str text)
{
    size_t len = text.len;

    while (len && text.at[len - 1] == '0') {
        len--;
    }
    size_t zeros = text.len - len;
    if (len < 9 || zeros == 0 || zeros > 2 ||
        (text.at[len - 1] != '.' && text.at[len - 1] != ',')) {
        return text;
    }
    // One comma or point only: with several they part thousands, and the last group has three.
    text.len = len - 1;
    return text;
}

static struct str trim(struct str text)
{
    size_t len;

    while ((len = mark_len(text)) > 0) {
        text.at += len;
        text.len -= len;
    }
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t')) {
        text.len--;
    }
    // What spreadsheets wrap a number in to keep it as text.
    if (text.len && text.at[0] == '=') {
        text.at++;
        text.len--;
    }
    if (text.len && text.at[0] == '\'') {
        text.at++;
        text.len--;
    }
    if (text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"') {
        text.at++;
        text.len -= 2;
    }
    return without_decimals(text);
}

enum { DIGITS_MAX = 20 };

// Gathers digits, skipping marks. PROBLEM_NONE, or what is wrong.
static enum import_code gather(struct str text, char digits[DIGITS_MAX], size_t *ret_count)
{
    size_t n = 0;

    text = trim(text);
    if (!text.len) {
        return PROBLEM_SIRET_EMPTY;
    }
    if (is_scientific(text)) {
        return PROBLEM_SIRET_SCIENCE;
    }
    while (text.len) {
        size_t skip = mark_len(text);
        if (!skip) {
            if (text.at[0] < '0' || text.at[0] > '9') {
                return PROBLEM_SIRET_CHARS;
            }
            if (n == DIGITS_MAX) {
                return PROBLEM_SIRET_LENGTH;
            }
            digits[n++] = text.at[0];
            skip        = 1;
        }
        text.at += skip;
        text.len -= skip;
    }
    *ret_count = n;
    return n ? PROBLEM_NONE : PROBLEM_SIRET_EMPTY;
}

// Digits as a SIRET or a SIREN: see siret_read.
static enum import_code judge(const char *digits, size_t n, char ret[SIRET_LEN + 1])
{
    if (all_zero(digits, n)) {
        return PROBLEM_SIRET_ZERO;
    }
    if (n == SIREN_LEN && siren_is_valid(digits)) {
        memcpy(ret, digits, SIREN_LEN);
        ret[SIREN_LEN] = '\0';
        return PROBLEM_SIRET_IS_SIREN;
    }
    if (n == SIRET_LEN - 1 || n == SIRET_LEN - 2) {
        char   full[SIRET_LEN];
        size_t lost = SIRET_LEN - n;
        memset(full, '0', lost);
        memcpy(full + lost, digits, n);
        if (siret_is_valid(full)) {
            memcpy(ret, full, SIRET_LEN);
            ret[SIRET_LEN] = '\0';
            return PROBLEM_SIRET_RESTORED;
        }
    }
    if (n != SIRET_LEN) {
        return PROBLEM_SIRET_LENGTH;
    }
    if (!siret_is_valid(digits)) {
        return PROBLEM_SIRET_KEY;
    }
    memcpy(ret, digits, SIRET_LEN);
    ret[SIRET_LEN] = '\0';
    return PROBLEM_NONE;
}

size_t digits_expand(struct str text, char ret[DIGITS_EXPANDED], size_t *ret_lost)
{
    size_t  n = 0, behind = 0;
    int64_t exponent  = 0;
    bool    is_behind = false;

    text     = trim(text);
    size_t e = str_index(text, 'E');
    e        = e < text.len ? e : str_index(text, 'e');
    if (!is_scientific(text) || !str_int(str_sub(text, e + 1, text.len), &exponent) ||
        exponent < 1 || exponent >= DIGITS_EXPANDED) {
        return 0;
    }
    for (size_t i = 0; i < e; i++) {
        if (text.at[i] == '.' || text.at[i] == ',') {
            is_behind = true;
        } else if (n + 1 < DIGITS_EXPANDED) {
            ret[n++] = text.at[i];
            behind += is_behind;
        }
    }
    // 4,1816609600069E+13: one digit before the comma, and as many behind as the exponent says.
    if (n != behind + 1 || behind > (size_t)exponent) {
        return 0;
    }
    *ret_lost = (size_t)exponent - behind;
    memset(ret + n, '0', *ret_lost);
    return n + *ret_lost;
}

// Letters that people and scanners take for digits.
static bool read_letters(struct str text, char digits[DIGITS_MAX], size_t *ret_count)
{
    char   plain[64];
    size_t n = 0, letters = 0;

    text = trim(text);
    if (text.len >= sizeof plain) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        char d = c == 'O' || c == 'o'                           ? '0'
                 : c == 'l' || c == 'I' || c == 'i' || c == '|' ? '1'
                                                                : c;
        letters += d != c;
        plain[n++] = d;
    }
    return letters && gather((struct str){ plain, n }, digits, ret_count) == PROBLEM_NONE;
}

// The digits of a text that says more than a number: "SIRET : 418 166 096 00069 (siège)". "FR40…"
// is the number of the VAT: two digits, then the SIREN.
static bool read_amid(struct str text, char digits[DIGITS_MAX], size_t *ret_count)
{
    size_t n = 0, others = 0;
    bool   is_vat = str_starts(text, STR("FR")) || str_starts(text, STR("fr"));

    for (size_t i = 0; i < text.len; i++) {
        bool is_digit = text.at[i] >= '0' && text.at[i] <= '9';
        if (is_digit && n == SIRET_LEN) {
            return false;
        }
        if (is_digit) {
            digits[n++] = text.at[i];
        }
        others += !is_digit;
    }
    if (is_vat && n == SIREN_LEN + 2) {
        n = SIREN_LEN;
        memmove(digits, digits + 2, n);
    }
    *ret_count = n;
    return others <= 40 && (n == SIRET_LEN || (is_vat && n == SIREN_LEN));
}

enum import_code siret_read(struct str text, char ret[SIRET_LEN + 1])
{
    char             digits[DIGITS_MAX];
    char             full[DIGITS_EXPANDED];
    size_t           n = 0, lost = 0;
    enum import_code code = gather(text, digits, &n);

    ret[0] = '\0';
    if (code == PROBLEM_NONE) {
        return judge(digits, n, ret);
    }
    // What follows is believed only when the check digits are right.
    if (code == PROBLEM_SIRET_SCIENCE) {
        n = digits_expand(text, full, &lost);
        // A number shown with few digits is a rounded one, whatever its check digit says.
        bool is_read =
            n >= SIRET_LEN - 2 && n <= SIRET_LEN && lost <= 2 && siret_is_read(judge(full, n, ret));
        return is_read ? PROBLEM_SIRET_EXPANDED : code;
    }
    if (code == PROBLEM_SIRET_CHARS && read_letters(text, digits, &n)) {
        enum import_code read = judge(digits, n, ret);
        if (read == PROBLEM_NONE || read == PROBLEM_SIRET_RESTORED) {
            return PROBLEM_SIRET_LETTERS;
        }
        ret[0] = '\0';
    }
    if (code == PROBLEM_SIRET_CHARS && read_amid(text, digits, &n)) {
        enum import_code read = judge(digits, n, ret);
        if (read == PROBLEM_NONE || read == PROBLEM_SIRET_IS_SIREN) {
            return read == PROBLEM_NONE ? PROBLEM_SIRET_AMID : read;
        }
        ret[0] = '\0';
    }
    return code;
}

bool siret_is_read(enum import_code code)
{
    return code == PROBLEM_NONE || code == PROBLEM_SIRET_RESTORED ||
           code == PROBLEM_SIRET_LETTERS || code == PROBLEM_SIRET_EXPANDED ||
           code == PROBLEM_SIRET_AMID;
}

enum import_code siret_of_parts(struct str siren, struct str nic, char ret[SIRET_LEN + 1])
{
    char   digits[DIGITS_MAX], whole[SIREN_LEN + 1];
    size_t n = 0;

    ret[0] = '\0';
    if (siren_read(siren, whole) != PROBLEM_NONE || gather(nic, digits, &n) != PROBLEM_NONE ||
        n > SIRET_LEN - SIREN_LEN) {
        return PROBLEM_SIRET_EMPTY;
    }
    char full[SIRET_LEN];
    memcpy(full, whole, SIREN_LEN);
    memset(full + SIREN_LEN, '0', SIRET_LEN - SIREN_LEN - n);
    memcpy(full + SIRET_LEN - n, digits, n);
    if (!siret_is_valid(full)) {
        return PROBLEM_SIRET_KEY;
    }
    memcpy(ret, full, SIRET_LEN);
    ret[SIRET_LEN] = '\0';
    return PROBLEM_NONE;
}

enum import_code siren_read(struct str text, char ret[SIREN_LEN + 1])
{
    char             digits[DIGITS_MAX];
    size_t           n    = 0;
    enum import_code code = gather(text, digits, &n);

    ret[0] = '\0';
    if (code) {
        return code == PROBLEM_SIRET_EMPTY ? code : PROBLEM_SIREN_BAD;
    }
    if (n == SIREN_LEN - 1 || n == SIREN_LEN - 2) {
        size_t lost = SIREN_LEN - n;
        memmove(digits + lost, digits, n);
        memset(digits, '0', lost);
        n = SIREN_LEN;
    }
    if (n != SIREN_LEN || !siren_is_valid(digits)) {
        return PROBLEM_SIREN_BAD;
    }
    memcpy(ret, digits, SIREN_LEN);
    ret[SIREN_LEN] = '\0';
    return PROBLEM_NONE;
}
