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
    };
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
    if (text.len > 2 && text.at[text.len - 1] == '0' &&
        (text.at[text.len - 2] == '.' || text.at[text.len - 2] == ',')) {
        bool is_number = true;
        for (size_t i = 0; i + 2 < text.len; i++) {
            is_number = is_number && text.at[i] >= '0' && text.at[i] <= '9';
        }
        text.len -= is_number ? 2 : 0;
    }
    return text;
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
            skip = 1;
        }
        text.at += skip;
        text.len -= skip;
    }
    *ret_count = n;
    return n ? PROBLEM_NONE : PROBLEM_SIRET_EMPTY;
}

enum import_code siret_read(struct str text, char ret[SIRET_LEN + 1])
{
    char             digits[DIGITS_MAX];
    size_t           n = 0;
    enum import_code code = gather(text, digits, &n);

    ret[0] = '\0';
    if (code) {
        return code;
    }
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

enum import_code siren_read(struct str text, char ret[SIREN_LEN + 1])
{
    char             digits[DIGITS_MAX];
    size_t           n = 0;
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
