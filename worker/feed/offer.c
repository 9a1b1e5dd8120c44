#include "feed/offer.h"

#include "base/buf.h"
#include "base/secret.h"
#include "feed/contract.h"
#include "feed/day.h"
#include "feed/place.h"
#include "feed/state.h"
#include "feed/text.h"
#include "feed/value.h"
#include "import/siret.h"

enum { TITLE_MOST = 160, DESCRIPTION_MOST = 6000, REFERENCE_MOST = 120, SALARY_MOST = 120, NAME_MOST = 160, URL_MOST = 500, SCHEDULE_MOST = 200, NOTE_MOST = 500, ITEM_MOST = 120, PHONE_LEAST = 6, PHONE_MOST = 30 };

static void blame(struct arena *a, struct feed_offer *o, enum feed_field field, const char *code, const char *sentence, struct str value)
{
    if (o->fault_count == FEED_FAULTS) {
        return;
    }
    struct str shown                = feed_cut(a, feed_line(a, value), 60);
    o->faults[o->fault_count].field = field;
    o->faults[o->fault_count].code  = str_of(code);
    o->faults[o->fault_count++].sentence =
        shown.len ? arena_printf(a, "%s («\u202f%.*s\u202f»)", sentence, STR_ARG(shown)) : str_of(sentence);
}

// --- values -----------------------------------------------------------------------------------------
// Each takes what the feed says and gives what the database takes, or an absent text.

// « deux », « 3 postes », « Two positions ».
static struct str posts_of(struct arena *a, struct str text)
{
    static const struct {
        const char *word, *number;
    } said[] = { { "un", "1" }, { "une", "1" }, { "one", "1" }, { "deux", "2" }, { "two", "2" }, { "trois", "3" }, { "three", "3" }, { "quatre", "4" }, { "four", "4" },
                 { "cinq", "5" }, { "five", "5" }, { "six", "6" }, { "sept", "7" }, { "huit", "8" }, { "neuf", "9" }, { "dix", "10" } };
    int64_t    n;
    struct str number = feed_number(a, text, false), rest = feed_fold(a, text), first = { 0 };
    str_cut(&rest, ' ', &first);
    for (size_t i = 0; i < LENGTH(said) && !number.len; i++) {
        number = str_eq(first, str_of(said[i].word)) ? str_of(said[i].number) : number;
    }
    return str_int(number, &n) && n >= 1 && n <= 500 ? number : (struct str){ 0 };
}

// The share of the working time that a text says, by the number directly before "ETP" or "%": from *ret_start, with its unit to *ret_end.
// False when there is none.
static bool share_in(struct arena *a, struct str text, size_t *ret_start, size_t *ret_end, double *ret_share)
{
    for (size_t at = 1; at < text.len; at++) {
        bool   is_percent = text.at[at] == '%', is_etp = str_eq_case(str_sub(text, at, 3), STR("etp"));
        size_t end = at, start;
        while ((is_percent || is_etp) && end && (text.at[end - 1] == ' ' || (text.at[end - 1] & 0x80))) { // blanks of any width
            end--;
        }
        for (start = end; start && (feed_is_digit(text.at[start - 1]) || strchr(".,", text.at[start - 1]));) {
            start--;
        }
        if ((is_percent || is_etp) && str_double(feed_number(a, str_sub(text, start, end - start), true), ret_share)) {
            *ret_share /= is_percent ? 100 : 1;
            *ret_start = start, *ret_end = at + (is_percent ? 1 : 3);
            return true;
        }
    }
    return false;
}

// "17,5 h (0,5 ETP)" without its shares.
static struct str without_shares(struct arena *a, struct str text)
{
    size_t start, end;
    double share;
    for (int i = 0; i < 4 && share_in(a, text, &start, &end, &share); i++) {
        text = arena_printf(a, "%.*s %.*s", STR_ARG(str_sub(text, 0, start)), STR_ARG(str_sub(text, end, text.len)));
    }
    return text;
}

// "1 ETP", "80 %": a share of the working time, and no number of hours.
static bool is_share(struct arena *a, struct str text)
{
    return feed_has_words(feed_fold(a, text), STR("etp")) || str_index(text, '%') < text.len;
}

// 35, 35H Horaires normaux, 28,5, 35h30; by month when the text says so. Shares and days are none.
static struct str hours_of(struct arena *a, struct str text)
{
    double n, minutes;
    text              = without_shares(a, text);
    struct str number = feed_number(a, text, true), folded = feed_fold(a, text);
    if (!str_double(number, &n)) {
        return (struct str){ 0 };
    }
    size_t     start, at = feed_number_end(text, true, &start);
    struct str unit = feed_fold(a, str_sub(text, at, text.len));
    if (str_starts(unit, STR("jour")) || str_starts(unit, STR("day"))) {
        return (struct str){ 0 };
    }
    if (at + 3 <= text.len && (text.at[at] | 32) == 'h' && feed_is_digit(text.at[at + 1]) && feed_is_digit(text.at[at + 2]) &&
        str_double(str_sub(text, at + 1, 2), &minutes) && minutes < 60) {
        n += minutes / 60;
    }
    if (n > 48 && (feed_has_words(folded, STR("mois")) || feed_has_words(folded, STR("mensuel")) || feed_has_words(folded, STR("mensuelles")) || feed_has_words(folded, STR("month")))) {
        n = n * 12 / 52;
    }
    return n >= 1 && n <= 48 ? arena_printf(a, "%.1f", n) : (struct str){ 0 };
}

// Whether a text that need not speak of hours does: "temps partiel 24 h".
static bool has_hours(struct arena *a, struct str text)
{
    size_t start;
    text            = without_shares(a, text);
    struct str unit = str_trim(str_sub(text, feed_number_end(text, true, &start), text.len));
    return unit.len && (unit.at[0] | 32) == 'h';
}

// By what the layout says of days: read_field.
static struct str day_of(struct arena *a, struct str text)
{
    return feed_day(a, text, FEED_DAYS_FOUND);
}

static struct str rome_of(struct arena *a, struct str text)
{
    for (size_t i = 0; i + 5 <= text.len; i++) {
        char letter = (char)(text.at[i] & ~32);
        bool is_code = letter >= 'A' && letter <= 'N' && (i == 0 || !feed_is_digit(text.at[i - 1]));
        for (size_t k = 1; k < 5 && is_code; k++) {
            is_code = feed_is_digit(text.at[i + k]);
        }
        if (is_code && (i + 5 == text.len || !feed_is_digit(text.at[i + 5]))) {
            return arena_printf(a, "%c%.*s", letter, 4, text.at + i + 1);
        }
    }
    return (struct str){ 0 };
}

static struct str siret_of(struct arena *a, struct str text)
{
    char             siret[SIRET_LEN + 1];
    enum import_code code = siret_read(text, siret);
    return siret_is_read(code) ? arena_str(a, str_of(siret)) : (struct str){ 0 };
}

static struct str siren_of(struct arena *a, struct str text)
{
    char siret[SIRET_LEN + 1];
    return siret_read(text, siret) == PROBLEM_SIRET_IS_SIREN ? arena_str(a, str_of(siret)) : (struct str){ 0 };
}

// An ampersand that was escaped once too often is one.
static struct str url_of(struct arena *a, struct str text)
{
    struct buf out = buf_init(KIB(8));
    buf_add(&out, str_starts(text, STR("www.")) ? STR("https://") : STR(""));
    for (size_t at = 0; at < text.len; at++) {
        buf_add_char(&out, text.at[at]);
        at += str_starts(str_sub(text, at, 5), STR("&amp;")) ? 4 : 0;
    }
    struct str url    = arena_str(a, buf_str(&out));
    bool       is_one = (str_starts(url, STR("http://")) || str_starts(url, STR("https://"))) && !buf_is_full(&out);
    buf_done(&out);
    return is_one && url.len <= URL_MOST && str_index(url, ' ') == url.len ? url : (struct str){ 0 };
}

static struct str title_of(struct arena *a, struct str text)
{
    struct str title = feed_cut(a, feed_line(a, feed_text(a, text)), TITLE_MOST);
    return str_utf8_count(title) >= 3 ? title : (struct str){ 0 };
}

static struct str description_of(struct arena *a, struct str text)
{
    return feed_cut(a, feed_text(a, text), DESCRIPTION_MOST);
}

static struct str name_of(struct arena *a, struct str text)
{
    return feed_cut(a, feed_line(a, feed_text(a, text)), NAME_MOST);
}

static struct str salary_of(struct arena *a, struct str text)
{
    return feed_cut(a, feed_line(a, feed_text(a, text)), SALARY_MOST);
}

// What is longer than a reference may be, like the address of a page, ends in what tells it from others that begin alike.
static struct str reference_of(struct arena *a, struct str text)
{
    enum { KEPT = 80 };
    struct str line = feed_line(a, text);
    uint8_t    hash[SECRET_HASH];
    if (str_utf8_count(line) <= REFERENCE_MOST) {
        return line;
    }
    struct buf out = buf_init(KIB(1));
    buf_add(&out, feed_cut(a, line, KEPT));
    secret_hash_parts(&line, 1, hash);
    buf_add_hex(&out, (struct str){ (const char *)hash, 16 });
    struct str reference = arena_str(a, buf_str(&out));
    buf_done(&out);
    return reference;
}

// A blank of any width that begins here: how many bytes it takes, 0 when there is none.
static size_t blank_at(struct str text, size_t at)
{
    static const char *const blanks[] = { " ", "\t", "\u00a0", "\u202f", "\u2009" };
    struct str               rest     = str_sub(text, at, text.len);
    for (size_t i = 0; i < LENGTH(blanks); i++) {
        if (str_starts(rest, str_of(blanks[i]))) {
            return strlen(blanks[i]);
        }
    }
    return 0;
}

// 1 900,50 €, 25K, 12.31: the amount.
static struct str amount_of(struct arena *a, struct str text)
{
    char   digits[24];
    size_t n = 0, at = 0;
    double value;
    while (at < text.len && !feed_is_digit(text.at[at])) {
        at++;
    }
    for (; at < text.len && n < sizeof digits - 1; at++) {
        unsigned char c     = (unsigned char)text.at[at];
        size_t        blank = blank_at(text, at);
        if (feed_is_digit(text.at[at])) {
            digits[n++] = text.at[at];
        } else if ((c == ',' || c == '.') && at + 1 < text.len && feed_is_digit(text.at[at + 1]) && !memchr(digits, '.', n)) {
            bool is_thousand = at + 3 < text.len && feed_is_digit(text.at[at + 2]) && feed_is_digit(text.at[at + 3]) && !(at + 4 < text.len && feed_is_digit(text.at[at + 4]));
            if (!is_thousand) {
                digits[n++] = '.';
            }
        } else if (blank && at + blank + 2 < text.len && feed_is_digit(text.at[at + blank]) && feed_is_digit(text.at[at + blank + 1]) && feed_is_digit(text.at[at + blank + 2])) {
            at += blank - 1;
        } else {
            break;
        }
    }
    if (!str_double((struct str){ digits, n }, &value)) {
        return (struct str){ 0 };
    }
    struct str rest = str_trim(str_sub(text, at, text.len));
    value           = rest.len && (rest.at[0] | 32) == 'k' && value < 1000 ? value * 1000 : value;
    return value >= 1 && value <= 1000000 ? arena_printf(a, "%.2f", value) : (struct str){ 0 };
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

// "13e mois", "12 mois", "13,5 mois", "2 ans": so many of a unit, which is a term and no period. Returns how many bytes it takes, 0
// when it is none; *ret_months when the unit is a month and the number no ordinal.
static size_t term_at(struct str text, size_t at, struct str *ret_months)
{
    static const char *const ordinals[] = { "ième", "ieme", "ème", "eme", "e", "è" }, *const units[] = { "mois", "ans", "an", "jours", "semaines" };
    size_t                   end = at, blank;
    *ret_months                  = (struct str){ 0 };
    while (end < text.len && feed_is_digit(text.at[end])) {
        end++;
    }
    if (end == at || end - at > 2 || (at > 0 && strchr("0123456789.,", text.at[at - 1]))) {
        return 0;
    }
    if (end + 1 < text.len && strchr(".,", text.at[end]) && feed_is_digit(text.at[end + 1])) {
        end += 2;
    }
    struct str number = str_sub(text, at, end - at);
    for (size_t i = 0; i < LENGTH(ordinals) && number.len; i++) {
        if (str_starts(str_sub(text, end, text.len), str_of(ordinals[i]))) {
            end += strlen(ordinals[i]);
            number = (struct str){ 0 };
        }
    }
    while ((blank = blank_at(text, end)) > 0) {
        end += blank;
    }
    for (size_t i = 0; i < LENGTH(units); i++) {
        size_t behind = end + strlen(units[i]);
        if (str_eq_case(str_sub(text, end, strlen(units[i])), str_of(units[i])) && !(behind < text.len && is_letter(text.at[behind]))) {
            *ret_months = i == 0 ? number : (struct str){ 0 };
            return behind - at;
        }
    }
    return 0;
}

// Paid so many times a year: 13, 12,5.
static struct str salary_months_of(struct arena *a, struct str text)
{
    double     n;
    struct str number = feed_number(a, text, true);
    return str_double(number, &n) && n >= 1 && n <= 18 ? arena_printf(a, "%.1f", n) : (struct str){ 0 };
}

// A salary in words without the terms in it, "/h" in full; *ret_months: "sur 13 mois", how many times a year it is paid.
static struct str without_terms(struct arena *a, struct str text, struct str *ret_months)
{
    static const char *const times[] = { "sur", "SUR", "Sur", "x", "X", "×", "*" };
    struct buf               out     = buf_init(KIB(64));
    *ret_months                      = (struct str){ 0 };
    for (size_t at = 0; at < text.len;) {
        struct str months, before = str_trim(buf_str(&out));
        size_t     size = term_at(text, at, &months), slash = at + 1;
        while (text.at[at] == '/' && slash < text.len && text.at[slash] == ' ') {
            slash++;
        }
        for (size_t i = 0; i < LENGTH(times) && months.len; i++) {
            *ret_months = str_ends(before, str_of(times[i])) ? salary_months_of(a, months) : *ret_months;
        }
        bool is_hour = text.at[at] == '/' && slash < text.len && (text.at[slash] | 32) == 'h' && !(slash + 1 < text.len && is_letter(text.at[slash + 1]));
        if (size || is_hour) {
            buf_add(&out, is_hour ? STR(" / heure ") : STR(" "));
            at = is_hour ? slash + 1 : at + size;
        } else {
            buf_add_char(&out, text.at[at++]);
        }
    }
    struct str cleaned = arena_str(a, str_trim(buf_str(&out)));
    buf_done(&out);
    return cleaned;
}

// The meaning of what a folded text says first; of two that begin together the first in the list.
static struct str first_meant(struct str folded, const struct feed_meaning *list, size_t count)
{
    for (size_t at = 0; at < folded.len; at += str_index(str_sub(folded, at, folded.len), ' ') + 1) {
        struct str rest = str_sub(folded, at, folded.len);
        for (size_t i = 0; i < count; i++) {
            struct str words = str_of(list[i].words);
            if (str_starts(rest, words) && (rest.len == words.len || rest.at[words.len] == ' ')) {
                return str_of(list[i].meant);
            }
        }
    }
    return (struct str){ 0 };
}

// By what time it is paid. A day's pay and a week's are none of our periods: is_period.
static const struct feed_meaning periods[] = {
    { "annuel", "year" },    { "annuelle", "year" },    { "annuels", "year" },  { "an", "year" },          { "ans", "year" },         { "annee", "year" },     { "year", "year" },
    { "yearly", "year" },    { "annual", "year" },      { "annually", "year" }, { "annum", "year" },       { "mensuel", "month" },    { "mensuelle", "month" }, { "mensuels", "month" },
    { "mois", "month" },     { "month", "month" },      { "monthly", "month" }, { "heure", "hour" },       { "horaire", "hour" },     { "hour", "hour" },      { "hourly", "hour" },
    { "jour", "day" },       { "jours", "day" },        { "day", "day" },       { "daily", "day" },        { "journalier", "day" },   { "journaliere", "day" }, { "journee", "day" },
    { "tjm", "day" },        { "semaine", "week" },     { "week", "week" },     { "weekly", "week" },      { "hebdomadaire", "week" }, { "hebdo", "week" },    { "quinzaine", "fortnight" },
    { "mission", "mission" }, { "cachet", "mission" },
};
static const struct feed_meaning period_adjectives[] = { { "annuel", "year" }, { "annuelle", "year" }, { "mensuel", "month" }, { "mensuelle", "month" }, { "horaire", "hour" }, { "journalier", "day" } };
static const struct feed_meaning period_codes[]      = { { "h", "hour" }, { "m", "month" }, { "a", "year" }, { "j", "day" }, { "c", "mission" } };

static bool is_period(struct str period)
{
    return str_eq(period, STR("hour")) || str_eq(period, STR("month")) || str_eq(period, STR("year")) || str_eq(period, STR("mission"));
}

static struct str period_of(struct arena *a, struct str text)
{
    struct str months, folded = feed_fold(a, without_terms(a, text, &months));
    struct str code = feed_meant(a, folded, period_codes, LENGTH(period_codes));
    bool is_term = !folded.len && feed_has_words(feed_fold(a, text), STR("mois")); // « 12 mois » and nothing else
    return code.len ? code : is_term ? STR("month") : first_meant(folded, periods, LENGTH(periods));
}

static struct str work_time_of(struct arena *a, struct str text)
{
    static const struct feed_meaning list[] = { { "non complet", "part" }, { "tnc", "part" }, { "tc", "full" }, { "partiel", "part" }, { "part time", "part" }, { "part", "part" }, { "parttime", "part" }, { "mi temps", "part" }, { "plein", "full" },
                                           { "complet", "full" }, { "full time", "full" }, { "full", "full" }, { "fulltime", "full" } };
    size_t start, end;
    double share;
    if (share_in(a, text, &start, &end, &share)) {
        return share < 1 ? STR("part") : STR("full");
    }
    return feed_meant(a, text, list, LENGTH(list));
}

static const struct feed_meaning duration_units[] = { { "jour", "day" },     { "jours", "day" },   { "day", "day" },    { "days", "day" },    { "semaine", "week" }, { "semaines", "week" },
                                                 { "week", "week" },    { "weeks", "week" },  { "an", "year" },    { "ans", "year" },    { "year", "year" },    { "years", "year" },
                                                 { "annee", "year" },   { "annees", "year" }, { "mois", "month" }, { "month", "month" }, { "months", "month" } };

static struct str duration_unit(struct str word)
{
    for (size_t i = 0; i < LENGTH(duration_units); i++) {
        if (str_eq(word, str_of(duration_units[i].words))) {
            return str_of(duration_units[i].meant);
        }
    }
    return (struct str){ 0 };
}

// Whether a word stands between two numbers of one range.
static bool is_between(struct str word)
{
    return str_eq(word, STR("a")) || str_eq(word, STR("ou")) || str_eq(word, STR("et")) || str_eq(word, STR("to")) || str_eq(word, STR("or"));
}

// The number that a unit follows: "3 mois, 35 h/semaine" is three months, "6 à 8 mois" and "6-8 mois" six at least, "1 an et 6 mois"
// eighteen. A number of hours is none.
static bool counted(struct str folded, int64_t *ret_n, struct str *ret_unit)
{
    int64_t    n = 0, months = 0;
    bool       is_and = false;
    size_t     since = 0, run = 0, behind = 0; // words behind the number; numbers one behind the other; words behind the years
    struct str last = { 0 };
    *ret_unit       = (struct str){ 0 };
    for (struct str word; str_cut(&folded, ' ', &word); last = word) {
        size_t  digits = 0;
        int64_t value;
        while (digits < word.len && feed_is_digit(word.at[digits])) {
            digits++;
        }
        bool       is_number = digits > 0 && str_int(str_sub(word, 0, digits), &value);
        struct str tail      = str_sub(word, digits, word.len), unit = duration_unit(tail); // 6mois
        bool       is_hours  = tail.len && tail.at[0] == 'h';
        run                  = is_number && since == 1 ? run + 1 : is_number ? 1 : run;
        bool is_range        = is_number && n > 0 && (run == 2 || (since == 2 && is_between(last))); // a date is no range: 01/09/2026
        n                    = is_number && !is_range ? value : n;
        since                = is_number ? 1 : since + 1;
        n                    = is_hours && since <= 2 ? 0 : n;
        is_and = behind++ == 0 ? str_eq(word, STR("et")) || str_eq(word, STR("and")) : is_and;
        if (unit.len && n > 0 && since <= 2 && (since == 2 || is_number)) {
            size_t between = behind - (digits ? 1 : 2); // words between the years and the number of the months: none, or « et »
            bool   is_more = str_eq(*ret_unit, STR("year")) && str_eq(unit, STR("month")) && (between == 0 || (between == 1 && is_and));
            months       = is_more ? n : months;
            *ret_n       = ret_unit->len ? *ret_n : n;
            *ret_unit    = ret_unit->len ? *ret_unit : unit;
            n = 0, behind = 0;
        }
        since = digits == word.len || !digits ? since : since + 1;
    }
    if (str_eq(*ret_unit, STR("year")) && *ret_n <= 20) {
        *ret_n = *ret_n * 12 + (months < 12 ? months : 0), *ret_unit = STR("month");
    }
    return ret_unit->len > 0;
}

// "6 mois", "3 semaines", "90 jours", "1 an", a number of months: the number and its unit. A number of hours is none.
static struct str duration_of(struct arena *a, struct str text)
{
    int64_t    n = 0;
    struct str number = feed_number(a, text, false), unit, folded = feed_fold(a, text);
    if (!counted(folded, &n, &unit)) {
        struct str behind = feed_fold(a, str_sub(text, str_find(text, number) + number.len, text.len));
        bool       is_hours = behind.len && behind.at[0] == 'h';
        unit                = is_hours ? (struct str){ 0 } : feed_meant(a, text, duration_units, LENGTH(duration_units)); // « Durée en mois : 6 »
        bool is_ok          = str_int(number, &n) && !is_hours && (unit.len || number.len == text.len);
        n                   = !is_ok ? 0 : str_eq(unit, STR("year")) ? n * (n <= 20 ? 12 : 0) : n;
        unit                = unit.len && !str_eq(unit, STR("year")) ? unit : STR("month");
    }
    bool is_ok = n >= 1 && n <= 999 && !str_eq(unit, STR("year"));
    return is_ok ? arena_printf(a, "%d %.*s", (int)n, STR_ARG(unit)) : (struct str){ 0 };
}

// What a title says: only the number and the unit directly behind the contract, « CDD 6 mois », « Stage de 6 à 8 mois ».
static struct str duration_in_title(struct arena *a, struct str title)
{
    static const char *const contracts[] = { "cdd", "cddu", "cddi", "stage", "interim", "alternance", "apprentissage", "professionnalisation", "mission", "saisonnier", "saisonniere" };
    struct str               rest        = feed_fold(a, title), word, unit, found = { 0 };
    bool                     is_behind   = false;
    int64_t                  n           = 0;
    while (!is_behind && str_cut(&rest, ' ', &word)) {
        for (size_t i = 0; i < LENGTH(contracts); i++) {
            is_behind = is_behind || str_eq(word, str_of(contracts[i]));
        }
    }
    rest            = str_starts(rest, STR("de ")) ? str_sub(rest, 3, rest.len) : rest;
    struct str from = rest;
    bool       is_unit = false, is_on = is_behind;
    while (is_on && !is_unit && str_cut(&rest, ' ', &word)) {
        size_t digits = 0;
        while (digits < word.len && feed_is_digit(word.at[digits])) {
            digits++;
        }
        is_unit = duration_unit(str_sub(word, digits, word.len)).len > 0;
        is_on   = is_unit || digits || is_between(word) || str_eq(word, STR("h"));
        found   = str_sub(from, 0, (size_t)(word.at - from.at) + word.len);
    }
    bool is_one = is_on && is_unit && feed_is_digit(found.at[0]) && counted(found, &n, &unit) && n >= 1 && n <= 999 && !str_eq(unit, STR("year"));
    return is_one ? arena_printf(a, "%d %.*s", (int)n, STR_ARG(unit)) : (struct str){ 0 };
}

static struct str experience_of(struct arena *a, struct str text)
{
    // What says that none is needed comes first: it is said with the words that ask for it.
    static const struct feed_meaning list[] = { { "tous niveaux", "none" }, { "tous les niveaux", "none" }, { "tout niveau", "none" }, { "toute experience", "none" }, { "toutes experiences", "none" },
                                           { "non exigee", "none" }, { "non exige", "none" }, { "non requise", "none" }, { "non requis", "none" }, { "non obligatoire", "none" },
                                           { "non necessaire", "none" }, { "pas exigee", "none" }, { "pas exige", "none" }, { "pas requise", "none" }, { "pas necessaire", "none" },
                                           { "pas obligatoire", "none" }, { "pas d experience", "none" }, { "not required", "none" }, { "not necessary", "none" }, { "no experience", "none" },
                                           { "moins d un an", "none" }, { "moins de 1 an", "none" }, { "moins d 1 an", "none" }, { "inf 1", "none" }, { "indifferent", "none" }, { "indifferente", "none" },
                                           { "debutant", "none" }, { "debutants", "none" }, { "debutante", "none" }, { "debutant accepte", "none" }, { "aucune", "none" }, { "sans", "none" },
                                           { "none", "none" }, { "entry level", "none" }, { "junior", "none" }, { "d", "none" }, { "0", "none" },
                                           { "souhaitee", "wished" }, { "souhaite", "wished" }, { "appreciee", "wished" }, { "preferred", "wished" }, { "wished", "wished" }, { "s", "wished" },
                                           { "exigee", "required" }, { "exige", "required" }, { "obligatoire", "required" }, { "required", "required" }, { "confirme", "required" },
                                           { "experimente", "required" }, { "senior", "required" }, { "e", "required" }, { "experience", "required" }, { "ans", "required" }, { "an", "required" },
                                           { "mois", "required" }, { "years", "required" }, { "year", "required" }, { "months", "required" } };
    struct str number = feed_number(a, text, false), code = feed_meant(a, text, list, LENGTH(list));
    bool       is_from_none = number.len && str_eq(number, STR("0")) && !str_eq(code, STR("wished")); // "0 à 2 ans"
    return is_from_none ? STR("none") : code.len || !number.len ? code : STR("required");
}

// By which unit a text tells how long (JO, MO, AN: France Travail's), or by none.
struct span {
    bool by_day, by_month, by_year;
};

static struct span span_of(struct arena *a, struct str text)
{
    static const struct feed_meaning units[] = { { "mois", "month" }, { "months", "month" }, { "month", "month" }, { "mo", "month" }, { "jo", "day" }, { "an", "year" }, { "ans", "year" },
                                            { "annees", "year" }, { "annee", "year" }, { "years", "year" }, { "year", "year" } };
    struct str unit = feed_meant(a, text, units, LENGTH(units));
    return (struct span){ str_eq(unit, STR("day")), str_eq(unit, STR("month")), str_eq(unit, STR("year")) };
}

// Months, or years or days when the text says so.
static struct str experience_months_of(struct arena *a, struct str text)
{
    int64_t n = 0;
    if (!str_int(feed_number(a, text, false), &n) || n > 480) {
        return (struct str){ 0 };
    }
    struct span span = span_of(a, text);
    n = span.by_year ? n * 12 : span.by_day ? n / 30 : n;
    return n >= 1 && n <= 480 ? arena_printf(a, "%d", (int)n) : (struct str){ 0 };
}

// What is asked for: without the words by which a cell says that it must be there, or need not, and with our mark when it must;
// a code in brackets stays behind it.
static struct str asked(struct arena *a, struct str item)
{
    static const struct feed_meaning marks[] = { { "souhaite", "wished" }, { "souhaitee", "wished" }, { "apprecie", "wished" }, { "appreciee", "wished" } };
    size_t                      bracket = str_ends(item, STR("]")) ? str_index(item, '[') : item.len;
    struct str                  code = str_sub(item, bracket, item.len), label = str_trim(str_sub(item, 0, bracket));
    bool                        must = false;
    for (bool is_mark = true; is_mark;) {
        size_t end = label.len;
        while (end && label.at[end - 1] != ' ') {
            end--;
        }
        struct str last    = str_sub(label, end, label.len);
        bool       is_long = end && str_utf8_count(last) > 4; // E, O and 1 are no marks in running text
        bool       is_must = is_long && feed_is_required(a, last);
        is_mark            = is_must || (is_long && feed_meant(a, last, marks, LENGTH(marks)).len);
        must               = must || is_must;
        label              = is_mark ? str_trim(str_sub(label, 0, end)) : label;
        while (is_mark && label.len && strchr("-,:", label.at[label.len - 1])) {
            label = str_trim(str_sub(label, 0, label.len - 1));
        }
    }
    label = feed_cut(a, label, ITEM_MOST);
    return code.len ? arena_printf(a, "%.*s%s %.*s", STR_ARG(label), must ? FEED_REQUIRED : "", STR_ARG(code))
                    : arena_printf(a, "%.*s%s", STR_ARG(label), must ? FEED_REQUIRED : "");
}

static struct str plain(struct arena *a, struct str item)
{
    return feed_cut(a, item, ITEM_MOST);
}

// Items one a line: split where the feed does.
static struct str items_of(struct arena *a, struct str text, size_t most, struct str (*item_of)(struct arena *a, struct str item))
{
    struct str plain = feed_text(a, text), line;
    struct buf out   = buf_init(KIB(64));
    bool       by_line = str_index(plain, '\n') < plain.len, by_bar = str_index(plain, '|') < plain.len, by_semicolon = str_index(plain, ';') < plain.len;
    char       mark  = by_line ? '\n' : by_bar ? '|' : by_semicolon ? ';' : ',';
    size_t     count = 0;
    while (count < most && str_cut(&plain, mark, &line)) {
        line = str_trim(line);
        while (line.len && strchr("-*,;", line.at[0])) {
            line = str_trim(str_sub(line, 1, line.len));
        }
        if (line.len) {
            buf_add(&out, count++ ? STR("\n") : STR(""));
            buf_add(&out, item_of(a, line));
        }
    }
    struct str list = out.len ? arena_str(a, buf_str(&out)) : (struct str){ 0 };
    buf_done(&out);
    return list;
}

static struct str asked_of(struct arena *a, struct str text)
{
    enum { ASKED = 40 };
    return items_of(a, text, ASKED, asked);
}

static struct str list_of(struct arena *a, struct str text)
{
    enum { ITEMS = 10 };
    return items_of(a, text, ITEMS, plain);
}

static struct str schedule_of(struct arena *a, struct str text)
{
    return feed_cut(a, feed_line(a, feed_text(a, text)), SCHEDULE_MOST);
}

static struct str note_of(struct arena *a, struct str text)
{
    return feed_cut(a, feed_text(a, text), NOTE_MOST);
}

static struct str person_of(struct arena *a, struct str text)
{
    struct str name = name_of(a, text);
    return str_utf8_count(name) >= 2 ? name : (struct str){ 0 };
}

static struct str phone_of(struct arena *a, struct str text)
{
    struct str phone  = feed_line(a, text);
    size_t     digits = 0;
    for (size_t i = 0; i < phone.len; i++) {
        digits += feed_is_digit(phone.at[i]);
    }
    return digits >= PHONE_LEAST && phone.len <= PHONE_MOST ? phone : (struct str){ 0 };
}

// The code of a nomenclature of France Travail, from 1 to `most`: itself, or before its words.
static struct str code_of(struct arena *a, struct str text, int64_t most)
{
    int64_t    n;
    struct str number = feed_number(a, text, false);
    bool       leads  = number.len && str_starts(text, number);
    return leads && str_int(number, &n) && n >= 1 && n <= most ? arena_printf(a, "%d", (int)n) : (struct str){ 0 };
}

static struct str qualification_of(struct arena *a, struct str text)
{
    static const struct feed_meaning list[] = { { "manoeuvre", "1" }, { "ouvrier specialise", "2" }, { "ohq", "4" }, { "ouvrier hautement qualifie", "4" }, { "ouvrier qualifie", "3" },
                                           { "employe non qualifie", "5" }, { "employe qualifie", "6" }, { "technicien", "7" }, { "agent de maitrise", "8" }, { "cadre", "9" } };
    struct str code = code_of(a, text, 9);
    return code.len ? code : feed_meant(a, text, list, LENGTH(list));
}

static struct str travel_of(struct arena *a, struct str text)
{
    static const struct feed_meaning list[] = { { "jamais", "1" }, { "aucun", "1" }, { "never", "1" }, { "pas de", "1" }, { "sans", "1" }, { "non", "1" }, { "none", "1" }, { "ponctuels", "2" }, { "ponctuel", "2" }, { "occasionnels", "2" }, { "occasional", "2" },
                                           { "frequents", "3" }, { "frequent", "3" }, { "quotidiens", "4" }, { "quotidien", "4" }, { "daily", "4" } };
    struct str code = code_of(a, text, 4);
    return code.len ? code : first_meant(feed_fold(a, text), list, LENGTH(list)); // « fréquents, sans découcher » are frequent
}

// How far, which does not say how often.
static bool is_zone(struct arena *a, struct str text)
{
    static const struct feed_meaning zones[] = { { "departementale", "" }, { "regionale", "" }, { "nationale", "" }, { "internationale", "" }, { "departemental", "" }, { "regional", "" },
                                            { "national", "" },       { "international", "" } };
    return feed_meant(a, text, zones, LENGTH(zones)).at != NULL;
}

static struct str yes_of(struct arena *a, struct str text)
{
    static const struct feed_meaning list[] = { { "true", "true" }, { "oui", "true" }, { "o", "true" }, { "yes", "true" }, { "y", "true" }, { "1", "true" },
                                           { "false", "false" }, { "non", "false" }, { "n", "false" }, { "no", "false" }, { "0", "false" } };
    return feed_meant(a, text, list, LENGTH(list));
}

// Who receives the candidates.
static struct str apply_by_of(struct arena *a, struct str text)
{
    static const struct feed_meaning list[] = { { "employeur", "employer" }, { "employer", "employer" }, { "entreprise", "employer" }, { "direct", "employer" },
                                           { "structure", "collector" }, { "collector", "collector" }, { "conseiller", "collector" } };
    return feed_meant(a, text, list, LENGTH(list));
}

static struct str email_of(struct arena *a, struct str text)
{
    struct str at = str_starts(text, STR("mailto:")) ? str_sub(text, 7, text.len) : text;
    size_t     in = str_index(at, '@');
    bool       is_one = in > 0 && in + 3 < at.len && str_index(str_sub(at, in + 1, at.len), '.') + 2 < at.len - in && str_index(at, ' ') == at.len && at.len <= NAME_MOST &&
                  str_index(str_sub(at, in + 1, at.len), '@') == at.len - in - 1;
    return is_one ? arena_str(a, at) : (struct str){ 0 };
}

// --- an offer ---------------------------------------------------------------------------------------

static const struct {
    struct str (*read)(struct arena *a, struct str text);
    const char *glue, *wrong;
} ways[FEED_FIELDS] = {
    [FEED_REFERENCE]   = { reference_of, NULL, "La référence ne se lit pas" },
    [FEED_TITLE]       = { title_of, NULL, "L’intitulé est trop court" },
    [FEED_DESCRIPTION] = { description_of, "\n\n", "La description ne se lit pas" },
    [FEED_ROME]        = { rome_of, NULL, "Ce n’est pas un code ROME" },
    [FEED_APPELLATION] = { name_of, NULL, "L’appellation ne se lit pas" },
    [FEED_POSTS]       = { posts_of, NULL, "Ce n’est pas un nombre de postes de 1 à 500" },
    [FEED_SALARY]      = { salary_of, " ", "Le salaire ne se lit pas" },
    [FEED_HOURS]       = { hours_of, NULL, "Ce ne sont pas des heures par semaine" },
    [FEED_START]       = { day_of, NULL, "Ce n’est pas une date" },
    [FEED_END]         = { day_of, NULL, "Ce n’est pas une date" },
    [FEED_SIRET]       = { siret_of, NULL, "Ce n’est pas un SIRET" },
    [FEED_SIREN]       = { siren_of, NULL, "Ce n’est pas un SIREN" },
    [FEED_COMPANY]     = { name_of, NULL, "Le nom ne se lit pas" },
    [FEED_POSTCODE]    = { feed_postcode, NULL, "Ce n’est pas un code postal" },
    [FEED_CITY]        = { feed_city, NULL, "La ville ne se lit pas" },
    [FEED_COMMUNE]     = { feed_commune, NULL, "Ce n’est pas un code de commune" },
    [FEED_DEPARTMENT]  = { name_of, NULL, "Le département ne se lit pas" },
    [FEED_LATITUDE]    = { feed_latitude, NULL, "Ce n’est pas une latitude" },
    [FEED_LONGITUDE]   = { feed_longitude, NULL, "Ce n’est pas une longitude" },
    [FEED_URL]         = { url_of, NULL, "Ce n’est pas une adresse du web" },
    [FEED_SALARY_MIN]  = { amount_of, NULL, "Ce n’est pas un montant" },
    [FEED_SALARY_MAX]  = { amount_of, NULL, "Ce n’est pas un montant" },
    [FEED_SALARY_PERIOD] = { period_of, NULL, "Cette période de salaire n’est pas connue" },
    [FEED_WORK_TIME]   = { work_time_of, " ", "Ce n’est ni temps plein ni temps partiel" },
    [FEED_DURATION]    = { duration_of, " ", "Ce n’est pas une durée" },
    [FEED_EXPERIENCE]  = { experience_of, " ", "Cette expérience ne se lit pas" },
    [FEED_EXPERIENCE_MONTHS] = { experience_months_of, NULL, "Ce n’est pas une durée d’expérience" },
    [FEED_SKILLS]      = { asked_of, "\n", "Les compétences ne se lisent pas" },
    [FEED_TRAINING]    = { asked_of, "\n", "La formation ne se lit pas" },
    [FEED_LANGUAGES]   = { asked_of, "\n", "Les langues ne se lisent pas" },
    [FEED_LICENCES]    = { asked_of, "\n", "Le permis ne se lit pas" },
    [FEED_QUALITIES]   = { asked_of, "\n", "Les qualités ne se lisent pas" },
    [FEED_CONDITIONS]  = { list_of, "\n", "Les conditions d’exercice ne se lisent pas" },
    [FEED_BENEFITS]    = { list_of, "\n", "Les avantages ne se lisent pas" },
    [FEED_SCHEDULE]    = { schedule_of, " ", "Les horaires ne se lisent pas" },
    [FEED_SALARY_MONTHS] = { salary_months_of, NULL, "Ce n’est pas un nombre de mois de 1 à 18" },
    [FEED_QUALIFICATION] = { qualification_of, " ", "Cette qualification n’est pas connue" },
    [FEED_TRAVEL]      = { travel_of, " ", "Ces déplacements ne sont pas connus" },
    [FEED_ACCESSIBLE]  = { yes_of, NULL, "Ce n’est ni oui ni non" },
    [FEED_ADAPTED]     = { yes_of, NULL, "Ce n’est ni oui ni non" },
    [FEED_APPLY_BY]    = { apply_by_of, " ", "Ce n’est ni l’employeur ni la structure" },
    [FEED_APPLY_NAME]  = { person_of, " ", "Le nom du contact ne se lit pas" },
    [FEED_APPLY_PHONE] = { phone_of, NULL, "Ce n’est pas un téléphone" },
    [FEED_APPLY_URL]   = { url_of, NULL, "Ce n’est pas une adresse du web" },
    [FEED_APPLY_NOTE]  = { note_of, " ", "La consigne ne se lit pas" },
    [FEED_APPLY_EMAIL] = { email_of, NULL, "Ce n’est pas une adresse électronique" },
    [FEED_STATE]       = { feed_state_of, " ", "Cet état n’est pas connu\u202f: l’offre compte comme ouverte tant que la table [etat] ne dit pas ce qu’il veut dire" },
};

// What a title says of the contract when nothing else does: only words that mean nothing else there.
static struct str contract_in_title(struct arena *a, struct str title)
{
    static const char *const plain[] = { "apprentissage", "apprenti", "alternance", "alternant", "professionnalisation", "stage", "stagiaire", "interim", "interimaire", "saisonnier", "cdi", "cdd" };
    struct str               folded  = feed_fold(a, title);
    for (size_t i = 0; i < LENGTH(plain); i++) {
        if (feed_has_words(folded, str_of(plain[i]))) {
            return feed_contract(a, NULL, str_of(plain[i]));
        }
    }
    return (struct str){ 0 };
}

// What programs write where they have nothing to say.
static bool says_nothing(struct arena *a, enum feed_field field, struct str text)
{
    static const char *const nothing[] = { "n a", "nc", "n c", "null", "undefined", "nan", "non renseigne", "non renseignee", "non communique", "non precise", "non precisee",
                                           "non defini", "sans objet", "neant", "not specified", "not applicable", "non applicable" };
    static const char *const amounts[] = { "brut", "bruts", "brute", "net", "nets", "nette", "eur", "euro", "euros", "gross" };
    static const char *const nobody[]  = { "anonyme", "entreprise anonyme", "annonceur anonyme", "anonymous", "confidentiel", "confidentielle", "confidential" };
    struct str               folded    = text.len <= 60 ? feed_fold(a, text) : STR("x");
    bool                     is_it     = folded.len == 0 && text.len <= 3;
    for (size_t i = 0; i < LENGTH(nothing) && !is_it; i++) {
        is_it = str_eq(folded, str_of(nothing[i]));
    }
    for (struct str rest = folded, word; field == FEED_SALARY_PERIOD && rest.len && str_cut(&rest, ' ', &word);) { // « EUR brut »: of no time
        size_t i = 0;
        while (i < LENGTH(amounts) && !str_eq(word, str_of(amounts[i]))) {
            i++;
        }
        is_it = i < LENGTH(amounts);
        rest  = is_it ? rest : (struct str){ 0 };
    }
    for (size_t i = 0; field == FEED_COMPANY && i < LENGTH(nobody) && !is_it; i++) {
        struct str word = str_of(nobody[i]);
        is_it           = str_eq(folded, word) || (str_starts(word, STR("confi")) && str_ends(folded, word));
    }
    return is_it;
}

// What the feed says of a field, in our words where the layout has them; absent when that is nothing.
static struct str said(struct arena *a, const struct feed_layout *l, const struct feed_item *item, enum feed_field field)
{
    struct str glue   = str_of(field == FEED_CONTRACT ? "\n" : ways[field].glue);
    struct str theirs = l->fields[field].len ? feed_value(a, item, l->fields[field], glue) : (struct str){ 0 };
    struct str ours   = theirs.len && field != FEED_CONTRACT ? feed_word_for(a, l, field, theirs) : (struct str){ 0 };
    theirs            = str_is_absent(ours) ? theirs : ours;
    bool is_beside = field == FEED_POSTCODE || field == FEED_COMMUNE || (item->list && (field == FEED_LATITUDE || field == FEED_LONGITUDE));
    if (theirs.len && is_beside && !feed_is_below(item, l->fields[field])) {
        theirs = item->list ? (struct str){ 0 } : feed_piece(a, l, item, theirs); // of the town that this offer is of
    }
    return theirs.len && !says_nothing(a, field, theirs) ? theirs : (struct str){ 0 };
}

// Of several offers that one element makes, those behind the first are told apart, unless the layout does it.
static struct str numbered(struct arena *a, const struct feed_layout *l, const struct feed_item *item, struct str reference)
{
    bool is_told = item->rank == 0 || str_find(l->fields[FEED_REFERENCE], item->path) < l->fields[FEED_REFERENCE].len;
    return is_told || !reference.len ? reference : arena_printf(a, "%.*s-%u", STR_ARG(feed_cut(a, reference, REFERENCE_MOST - 11)), item->rank + 1);
}

// Posts that are said of all offers of one element are shared out among them, one at least for each.
static struct str share_of(struct arena *a, const struct feed_layout *l, const struct feed_item *item, struct str posts)
{
    int64_t n;
    if (item->of < 2 || feed_is_below(item, l->fields[FEED_POSTS]) || !str_int(posts, &n)) {
        return posts;
    }
    int64_t share = n / item->of + (item->rank < n % item->of);
    return arena_printf(a, "%lld", (long long)(share > 1 ? share : 1));
}

// One part may hold either of two: an address of the web or of mail.
static bool is_of_the_other_kind(struct arena *a, const struct feed_layout *l, enum feed_field field, struct str theirs)
{
    enum feed_field other = field == FEED_APPLY_EMAIL ? FEED_APPLY_URL : field == FEED_APPLY_URL ? FEED_APPLY_EMAIL : FEED_FIELDS;
    return other < FEED_FIELDS && str_eq(l->fields[field], l->fields[other]) && ways[other].read(a, theirs).len;
}

static const char *missing(enum feed_field field)
{
    return field == FEED_REFERENCE ? "La référence manque" : field == FEED_TITLE ? "L’intitulé manque" : field == FEED_CONTRACT ? "Le contrat manque" : NULL;
}

static void read_field(struct arena *a, const struct feed_layout *l, const struct feed_item *item, enum feed_field field, struct feed_offer *o)
{
    struct str theirs = said(a, l, item, field);
    struct str ours   = theirs.len && field == FEED_CONTRACT ? feed_contract(a, l, theirs) : (struct str){ 0 };
    // What only tells the working time tells no contract.
    bool is_other = field == FEED_CONTRACT && theirs.len && str_is_absent(ours) && feed_is_self_employed(a, theirs);
    bool is_time  = field == FEED_CONTRACT && theirs.len && str_is_absent(ours) && !is_other && work_time_of(a, theirs).len;
    if (field == FEED_CONTRACT && (str_is_absent(theirs) || is_time || (ours.at && !ours.len))) {
        o->values[field] = contract_in_title(a, o->values[FEED_TITLE]);
        theirs           = (struct str){ 0 };
    }
    if (str_is_absent(theirs)) {
        if (missing(field) && o->values[field].len == 0) {
            blame(a, o, field, "required", missing(field), STR(""));
        }
        return;
    }
    ours = field != FEED_CONTRACT ? ways[field].read(a, theirs) : ours.len || is_other ? ours : contract_in_title(a, o->values[FEED_TITLE]);
    ours = field == FEED_REFERENCE ? numbered(a, l, item, ours) : ours;
    if (ours.len == 0 && field == FEED_EXPERIENCE_MONTHS && str_eq(feed_number(a, theirs, false), STR("0"))) {
        o->values[FEED_EXPERIENCE] = o->values[FEED_EXPERIENCE].len ? o->values[FEED_EXPERIENCE] : STR("none");
        return;
    }
    bool is_day = ways[field].read == day_of;
    ours        = is_day ? feed_day(a, theirs, l->days) : ours;
    if (ours.len == 0 && is_day && feed_day_is_soon(a, theirs)) {
        return;
    }
    bool counts = field == FEED_DURATION || field == FEED_EXPERIENCE_MONTHS;
    struct str number = counts ? feed_number(a, theirs, false) : (struct str){ 0 };
    if (ours.len == 0 && counts && (!number.len || str_eq(number, STR("0")))) {
        return; // « Contrat à durée indéterminée », « Débutant accepté », 0: it tells none
    }
    if (ours.len == 0 && field == FEED_SIRET && (o->values[FEED_SIREN] = siren_of(a, theirs)).len) {
        return; // it says which company, not which of its establishments
    }
    bool is_time_only = field == FEED_HOURS && (is_share(a, theirs) || (!feed_number(a, theirs, false).len && work_time_of(a, theirs).len));
    if (ours.len == 0 && (is_time_only || (field == FEED_WORK_TIME && has_hours(a, theirs)))) {
        return; // « 24 h », « 1 ETP », « Temps plein »: complete_work
    }
    if (ours.len == 0 && (is_of_the_other_kind(a, l, field, theirs) || (field == FEED_TRAVEL && is_zone(a, theirs)))) {
        return;
    }
    if (ours.len == 0) {
        blame(a, o, field, field == FEED_CONTRACT ? "unknown" : "format",
              is_other ? "Ce n’est pas un contrat de travail" : field == FEED_CONTRACT ? "Ce contrat n’est pas connu" : ways[field].wrong, theirs);
        return;
    }
    o->values[field] = field == FEED_POSTS ? share_of(a, l, item, ours) : ours;
    struct str all   = field == FEED_CITY ? feed_value(a, item, l->fields[field], STR(", ")) : theirs;
    if (all.len > theirs.len && field == FEED_CITY) {
        blame(a, o, field, "several", "Plusieurs lieux\u202f: le premier compte, «\u202fchaque\u202f» fait une offre de chacun", all);
    } else if (field == FEED_CITY && feed_towns(a, theirs, &all) > 1) {
        blame(a, o, field, "several", "Plusieurs lieux dans une case\u202f: le premier compte, «\u202fseparateur\u202f» fait une offre de chacun", theirs);
    }
}

// Where the first number begins that is no number of hours: "35h, 12,50 €/h".
static size_t amount_at(struct str text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && feed_is_digit(text.at[end])) {
            end++;
        }
        struct str unit = str_trim(str_sub(text, end, text.len));
        if (end > at && !(unit.len && (unit.at[0] | 32) == 'h')) {
            return at;
        }
        while (end > at && end < text.len && (feed_is_digit(text.at[end]) || strchr(" hH", text.at[end]))) { // 35h30
            end++;
        }
        at = end > at ? end : at + 1;
    }
    return at;
}

static bool is_in_thousands(struct str text)
{
    size_t at = amount_at(text);
    while (at < text.len && (feed_is_digit(text.at[at]) || strchr(" ,.", text.at[at]))) {
        at++;
    }
    return at < text.len && (text.at[at] | 32) == 'k';
}

// By what time an amount alone is paid, by its size; absent where that may be a day or a week.
static struct str period_by_size(struct str amount)
{
    double value;
    if (!str_double(amount, &value) || (value >= 100 && value < 400)) {
        return (struct str){ 0 };
    }
    return value < 100 ? STR("hour") : value < 9000 ? STR("month") : STR("year");
}

// How much of a text, from its beginning, tells of something else than the salary: a prime with how often it is paid, up to the next
// comma, or the hours of a week; 0 when it tells none.
static size_t aside(struct arena *a, struct str text)
{
    static const char *const more[] = { "+", "prime", "primes", "bonus", "variable", "variables" }, *const weeks[] = { "semaine", "sem", "jour", "hebdo", "hebdomadaire", "hebdomadaires", "week", "day" };
    size_t                   end    = 0;
    struct str               first  = feed_fold(a, str_sub(text, 0, strcspn(arena_text(a, str_sub(text, 0, 24)), " ,;()/")));
    for (size_t i = 0; i < LENGTH(more); i++) {
        if (text.at[0] == '+' || str_eq(first, str_of(more[i]))) {
            return strcspn(arena_text(a, text), ",;()");
        }
    }
    while (end < text.len && feed_is_digit(text.at[end])) {
        end++;
    }
    struct str rest = str_sub(text, end, text.len), folded = feed_fold(a, str_sub(rest, 0, 40)), word;
    if (!end || !str_cut(&folded, ' ', &word) || (word.at[0] | 32) != 'h') {
        return 0;
    }
    for (int k = 0; k < 2 && str_cut(&folded, ' ', &word); k++) { // « h/semaine », « heures par semaine »
        for (size_t i = 0; i < LENGTH(weeks); i++) {
            size_t at = str_eq(word, str_of(weeks[i])) ? str_find(rest, word) : rest.len;
            if (at < rest.len) {
                return end + at + word.len;
            }
        }
    }
    return 0;
}

static struct str without_asides(struct arena *a, struct str text)
{
    struct buf out = buf_init(KIB(64));
    for (size_t at = 0; at < text.len;) {
        bool   begins = at == 0 || !(is_letter(text.at[at - 1]) || feed_is_digit(text.at[at - 1]) || (text.at[at - 1] & 0x80));
        size_t size   = begins ? aside(a, str_sub(text, at, text.len)) : 0;
        buf_add(&out, size ? STR(" ") : str_sub(text, at, 1));
        at += size ? size : 1;
    }
    struct str rest = arena_str(a, buf_str(&out));
    buf_done(&out);
    return rest;
}

// By what time a salary in words is paid: "12,31 €/h", "25-30 K€", "Annuel de 25 000 €". What its label says comes first, then what
// follows the amount. The time of a prime, or of the hours, is not the one: without another it goes by the size of the amount.
static struct str paid_by(struct arena *a, struct str text)
{
    size_t     at     = amount_at(text);
    struct str head   = without_asides(a, str_sub(text, 0, at)), tail = without_asides(a, str_sub(text, at, text.len));
    struct str before = feed_fold(a, head), after = feed_fold(a, tail);
    struct str period = first_meant(before, period_adjectives, LENGTH(period_adjectives));
    period            = period.len ? period : first_meant(after, periods, LENGTH(periods));
    period            = period.len ? period : first_meant(before, periods, LENGTH(periods));
    bool has_k        = str_find(text, STR("K€")) < text.len || str_find(text, STR("k€")) < text.len || feed_has_words(after, STR("ke"));
    period            = period.len ? period : feed_has_words(after, STR("h")) ? STR("hour") : has_k ? STR("year") : period;
    bool has_aside    = head.len + tail.len < text.len;
    return period.len || !has_aside ? period : period_by_size(amount_of(a, tail));
}

// Where two amounts are parted: "28-32 K€", "De 1 850 à 2 000 €".
static size_t range_at(struct str text, size_t *ret_width)
{
    static const char *const marks[] = { "-", "–", " à ", " et " };
    size_t                   cut     = text.len;
    *ret_width                       = 0;
    for (size_t i = 0; i < LENGTH(marks); i++) {
        size_t at = str_find(text, str_of(marks[i]));
        if (at < cut) {
            cut = at, *ret_width = strlen(marks[i]);
        }
    }
    return cut;
}

// "De 1 850 à 2 000 € brut par mois", "28K-34K € par an", "30-35K€", "25 000 € sur 12 mois": amounts, when the period is said too.
static void salary_in_words(struct arena *a, struct feed_offer *o)
{
    struct str months = { 0 }, text = o->values[FEED_SALARY].len ? without_terms(a, o->values[FEED_SALARY], &months) : (struct str){ 0 };
    double     value;
    o->values[FEED_SALARY_MONTHS] = o->values[FEED_SALARY_MONTHS].len ? o->values[FEED_SALARY_MONTHS] : months;
    if (str_double(text, &value) && !o->values[FEED_SALARY_MIN].len) { // an amount and nothing else
        o->values[FEED_SALARY_MIN] = amount_of(a, text);
        return;
    }
    if (!text.len || o->values[FEED_SALARY_MIN].len || o->values[FEED_SALARY_MAX].len) {
        return;
    }
    struct str period = o->values[FEED_SALARY_PERIOD].len ? o->values[FEED_SALARY_PERIOD] : paid_by(a, text);
    text              = str_sub(text, amount_at(text), text.len);
    size_t     width, cut = range_at(text, &width);
    struct str from = str_sub(text, 0, cut), to = str_sub(text, cut + width, text.len);
    struct str low = amount_of(a, from), high = amount_of(a, to);
    if (str_double(low, &value) && value < 1000 && is_in_thousands(to) && !is_in_thousands(from)) {
        low = arena_printf(a, "%.2f", value * 1000);
    }
    period      = period.len || !months.len ? period : period_by_size(low);
    bool   is_hour = str_eq(period, STR("hour"));
    double least = is_hour ? 8 : str_eq(period, STR("month")) ? 200 : 2000, most = is_hour ? 300 : 1000000;
    if (is_period(period) && str_double(low, &value) && value >= least && value <= most) {
        o->values[FEED_SALARY_MIN]    = low;
        o->values[FEED_SALARY_PERIOD] = period;
        o->values[FEED_SALARY_MAX]    = str_double(high, &value) && value >= least && value <= most ? high : (struct str){ 0 };
    }
}

// 150.00 as people write it: 150 €, 1 850,50 €.
static struct str euros(struct arena *a, struct str amount)
{
    int64_t    whole = 0;
    struct str cents = str_sub(amount, str_index(amount, '.') + 1, amount.len);
    bool       is_ok = str_int(str_sub(amount, 0, str_index(amount, '.')), &whole), is_round = str_eq(cents, STR("00"));
    struct str thousands = whole >= 1000000 ? arena_printf(a, "%d\u202f%03d\u202f%03d", (int)(whole / 1000000), (int)(whole / 1000 % 1000), (int)(whole % 1000))
                           : whole >= 1000  ? arena_printf(a, "%d\u202f%03d", (int)(whole / 1000), (int)(whole % 1000))
                                            : arena_printf(a, "%d", (int)whole);
    return is_ok ? arena_printf(a, "%.*s%s%.*s", STR_ARG(thousands), is_round ? "" : ",", STR_ARG(is_round ? STR("") : cents)) : amount;
}

// Paid by the day, the week or something that we do not hold: no amount of ours says that, so it stays in the words of the salary.
static void keep_in_words(struct arena *a, struct feed_offer *o, struct str theirs)
{
    static const struct feed_meaning said_as[] = { { "day", " par jour" }, { "week", " par semaine" }, { "fortnight", " par quinzaine" } };
    struct str period = o->values[FEED_SALARY_PERIOD], low = o->values[FEED_SALARY_MIN], high = o->values[FEED_SALARY_MAX], words = o->values[FEED_SALARY];
    struct str by = feed_meant(a, period, said_as, LENGTH(said_as)), amounts = { 0 };
    by            = by.len || !theirs.len ? by : arena_printf(a, " (%.*s)", STR_ARG(feed_cut(a, feed_line(a, theirs), 30)));
    if (low.len && high.len && !str_eq(low, high)) {
        amounts = arena_printf(a, "%.*s à %.*s\u00a0€%.*s", STR_ARG(euros(a, low)), STR_ARG(euros(a, high)), STR_ARG(by));
    } else if (low.len || high.len) {
        amounts = arena_printf(a, "%.*s\u00a0€%.*s", STR_ARG(euros(a, low.len ? low : high)), STR_ARG(by));
    }
    double bare;
    bool   has_number = feed_number(a, words, false).len > 0, is_bare = str_double(words, &bare);
    if (amounts.len && (!words.len || is_bare)) {
        words = amounts;
    } else if (amounts.len && !has_number) {
        words = arena_printf(a, "%.*s, %.*s", STR_ARG(words), STR_ARG(amounts));
    } else if (by.len && has_number && !paid_by(a, words).len) {
        words = arena_printf(a, "%.*s%.*s", STR_ARG(words), STR_ARG(by));
    }
    o->values[FEED_SALARY]     = words.len ? feed_cut(a, words, SALARY_MOST) : words;
    o->values[FEED_SALARY_MIN] = o->values[FEED_SALARY_MAX] = o->values[FEED_SALARY_PERIOD] = (struct str){ 0 };
}

// Amounts stand with a period that we hold, or in words.
static void complete_salary(struct arena *a, struct feed_offer *o, struct str theirs)
{
    double low, high;
    salary_in_words(a, o);
    if (str_double(o->values[FEED_SALARY_MIN], &low) && str_double(o->values[FEED_SALARY_MAX], &high) && low > high) {
        struct str swapped         = o->values[FEED_SALARY_MIN];
        o->values[FEED_SALARY_MIN] = o->values[FEED_SALARY_MAX], o->values[FEED_SALARY_MAX] = swapped;
    }
    struct str *period = &o->values[FEED_SALARY_PERIOD], amount = o->values[o->values[FEED_SALARY_MIN].len ? FEED_SALARY_MIN : FEED_SALARY_MAX];
    if (!theirs.len && !period->len && amount.len) {
        *period = period_by_size(amount);
    }
    if (!is_period(*period) && (amount.len || theirs.len)) {
        keep_in_words(a, o, theirs);
    }
}

// "24 h" in what should say full or part, "CDD 6 mois", "temps partiel 24 h" in what should say hours: each says what its neighbour does not.
static void complete_work(struct arena *a, const struct feed_layout *l, const struct feed_item *item, struct feed_offer *o)
{
    struct str contract = said(a, l, item, FEED_CONTRACT), time = said(a, l, item, FEED_WORK_TIME), hours = said(a, l, item, FEED_HOURS);
    bool       is_fixed = o->values[FEED_CONTRACT].len && !str_eq(o->values[FEED_CONTRACT], STR("cdi"));
    if (!o->values[FEED_WORK_TIME].len) {
        struct str by_hours           = work_time_of(a, hours);
        o->values[FEED_WORK_TIME] = by_hours.len ? by_hours : work_time_of(a, contract);
    }
    if (!o->values[FEED_HOURS].len && has_hours(a, time)) {
        o->values[FEED_HOURS] = hours_of(a, time);
    }
    bool       is_said  = feed_contract(a, l, contract).len > 0; // else the title says the contract: « Vendeur CDD 6 mois »
    bool       is_code  = is_said && feed_number(a, contract, false).len == contract.len; // that the layout has a word for
    struct str duration = !is_fixed || is_code ? (struct str){ 0 } : is_said ? duration_of(a, contract) : duration_in_title(a, o->values[FEED_TITLE]);
    if (!o->values[FEED_DURATION].len) {
        o->values[FEED_DURATION] = duration;
    }
}

// What one part says of another, when that one is silent.
static void complete(struct arena *a, const struct feed_layout *l, const struct feed_item *item, struct feed_offer *o)
{
    struct str city = said(a, l, item, FEED_CITY);
    struct str code = feed_digits(city.len ? feed_text(a, city) : city, 5);
    if (!o->values[FEED_POSTCODE].len && code.len == 5) {
        o->values[FEED_POSTCODE] = code;
    }
    if (!o->values[FEED_EXPERIENCE_MONTHS].len && l->fields[FEED_EXPERIENCE].len) {
        struct str text = said(a, l, item, FEED_EXPERIENCE);
        if (str_eq(o->values[FEED_EXPERIENCE], STR("required")) || str_eq(o->values[FEED_EXPERIENCE], STR("wished"))) {
            struct span span                  = span_of(a, text); // of « Sup_7 » nobody knows what seven are
            o->values[FEED_EXPERIENCE_MONTHS] = span.by_day || span.by_month || span.by_year ? experience_months_of(a, text) : (struct str){ 0 };
        }
    }
    if (o->values[FEED_EXPERIENCE_MONTHS].len && !o->values[FEED_EXPERIENCE].len) {
        o->values[FEED_EXPERIENCE] = STR("required");
    }
    complete_work(a, l, item, o);
    complete_salary(a, o, said(a, l, item, FEED_SALARY_PERIOD));
}

void feed_offer_read(struct arena *a, const struct feed_layout *layout, const struct feed_item *item, struct feed_offer *ret)
{
    const struct feed_node *element = item->element;
    *ret                            = (struct feed_offer){ .line = element->line };
    if (!element->first && !element->text.len) {
        blame(a, ret, FEED_REFERENCE, "required", "Cette offre est vide ou ne se lit pas", STR(""));
        return;
    }
    for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
        read_field(a, layout, item, field, ret);
    }
    if (item->pieces > FEED_PIECES && item->piece + 1 == FEED_PIECES) {
        blame(a, ret, FEED_CITY, "several", "Plus de 64 valeurs dans une case\u202f: celles qui suivent ne font pas d’offre", STR(""));
    }
    complete(a, layout, item, ret);
    if (str_eq(ret->values[FEED_STATE], STR("closed")) && ret->values[FEED_REFERENCE].len) {
        ret->fault_count = 0; // of what is over only the reference counts
    }
    ret->is_usable = ret->values[FEED_REFERENCE].len && ret->values[FEED_TITLE].len;
}

struct str feed_offer_print(struct arena *a, const struct feed_offer *o)
{
    struct str parts[2 * FEED_FIELDS];
    uint8_t    hash[SECRET_HASH];
    struct buf text = buf_init(64);
    for (size_t i = 0; i < FEED_FIELDS; i++) {
        parts[2 * i]     = o->values[i].at ? o->values[i] : STR("");
        parts[2 * i + 1] = STR("\x1f");
    }
    secret_hash_parts(parts, LENGTH(parts), hash);
    buf_add_hex(&text, (struct str){ (const char *)hash, 16 });
    struct str print = arena_str(a, buf_str(&text));
    buf_done(&text);
    return print;
}

void feed_offer_values(const struct feed_offer *o, struct buf *out)
{
    bool is_first = true;
    buf_add_char(out, '{');
    for (enum feed_field field = 0; field < FEED_FIELDS; field++) {
        if (o->values[field].len) {
            buf_add(out, is_first ? STR("\"") : STR(",\""));
            buf_add(out, feed_field_name(field));
            buf_add(out, STR("\":"));
            buf_add_json(out, o->values[field]);
            is_first = false;
        }
    }
    buf_add_char(out, '}');
}

void feed_offer_write(const struct feed_offer *o, struct buf *out)
{
    buf_printf(out, "{\"line\":%u,\"usable\":%s,\"offer\":", o->line, o->is_usable ? "true" : "false");
    feed_offer_values(o, out);
    buf_add(out, STR(",\"faults\":["));
    for (size_t i = 0; i < o->fault_count; i++) {
        buf_add(out, i ? STR(",{\"field\":") : STR("{\"field\":"));
        buf_add_json(out, feed_field_name(o->faults[i].field));
        buf_add(out, STR(",\"code\":"));
        buf_add_json(out, o->faults[i].code);
        buf_add(out, STR(",\"message\":"));
        buf_add_json(out, o->faults[i].sentence);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("]}"));
}
