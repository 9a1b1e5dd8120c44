#include "feed/day.h"

#include "feed/text.h"
#include "feed/value.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static bool is_leap(int64_t y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int last_of(int64_t y, int64_t m)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return lengths[m - 1] + (m == 2 && is_leap(y));
}

static struct str written(struct arena *a, int64_t y, int64_t m, int64_t d)
{
    bool is_day = y >= 2000 && y < 2100 && m >= 1 && m <= 12 && d >= 1 && d <= last_of(y, m);
    return is_day ? arena_printf(a, "%04d-%02d-%02d", (int)y, (int)m, (int)d) : (struct str){ 0 };
}

// --- instants ---------------------------------------------------------------------------------------

// Days since 1970 of a day between 2000 and 2099, and the other way.
static int64_t days_from(int64_t y, int64_t m, int64_t d)
{
    int64_t days = 10957; // 1 January 2000
    for (int64_t year = 2000; year < y; year++) {
        days += 365 + is_leap(year);
    }
    for (int64_t month = 1; month < m; month++) {
        days += last_of(y, month);
    }
    return days + d - 1;
}

static struct str written_days(struct arena *a, int64_t days)
{
    int64_t y = 2000, m = 1;
    days -= days_from(2000, 1, 1);
    if (days < 0) {
        return (struct str){ 0 };
    }
    for (; y < 2100 && days >= 365 + is_leap(y); y++) {
        days -= 365 + is_leap(y);
    }
    for (; y < 2100 && m < 12 && days >= last_of(y, m); m++) {
        days -= last_of(y, m);
    }
    return written(a, y, m, days + 1);
}

// One in the morning, universal time, of the last Sunday of a month.
static int64_t last_sunday(int64_t y, int64_t m)
{
    int64_t days = days_from(y, m, last_of(y, m));
    return (days - (days + 4) % 7) * DAY + HOUR; // 1 January 1970 was a Thursday
}

// The day that an instant is in Paris, which follows the rule of the European Union.
static struct str in_paris(struct arena *a, int64_t seconds)
{
    if (seconds < days_from(2000, 1, 1) * DAY || seconds >= days_from(2099, 12, 31) * DAY) {
        return (struct str){ 0 };
    }
    int64_t y = 2000;
    while (seconds >= days_from(y + 1, 1, 1) * DAY) {
        y++;
    }
    bool is_summer = seconds >= last_sunday(y, 3) && seconds < last_sunday(y, 10);
    return written_days(a, (seconds + (is_summer ? 2 : 1) * HOUR) / DAY);
}

// Of so many digits one after the other; -1 when there are not as many.
static int64_t figures(struct str text, size_t at, size_t count)
{
    int64_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (at + i >= text.len || !feed_is_digit(text.at[at + i])) {
            return -1;
        }
        n = 10 * n + (text.at[at + i] - '0');
    }
    return n;
}

// "T22:00:00.000Z", " 22:00 +0000", " 00:00:00 GMT", "T220000Z": what stands behind a day. False when it says no hour, or no zone.
static bool hour_and_zone(struct str text, int64_t *ret_seconds, int64_t *ret_zone)
{
    static const char *const zones[] = { "Z", "UTC", "GMT", "UT", "z" };
    size_t at = 0, colon;
    while (at < text.len && strchr("Tt ", text.at[at])) {
        at++;
    }
    colon           = at + 2 < text.len && text.at[at + 2] == ':';
    int64_t hours   = figures(text, at, 2), minutes = figures(text, at + 2 + colon, 2), seconds;
    at += 4 + colon;
    bool has_seconds = at < text.len && (colon ? text.at[at] == ':' : feed_is_digit(text.at[at]));
    seconds          = has_seconds ? figures(text, at + colon, 2) : 0;
    at += has_seconds ? 2 + colon : 0;
    if (hours < 0 || hours > 24 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) {
        return false;
    }
    if (at < text.len && strchr(".,", text.at[at])) {
        for (at++; at < text.len && feed_is_digit(text.at[at]);) {
            at++;
        }
    }
    struct str zone = str_trim(str_sub(text, at, text.len));
    *ret_seconds    = hours * HOUR + minutes * 60 + seconds;
    for (size_t i = 0; i < LENGTH(zones); i++) {
        if (str_eq(zone, str_of(zones[i]))) {
            *ret_zone = 0;
            return true;
        }
    }
    int64_t zone_hours = zone.len && strchr("+-", zone.at[0]) ? figures(zone, 1, 2) : -1;
    int64_t zone_minutes = zone.len > 3 ? figures(zone, zone.at[3] == ':' ? 4 : 3, 2) : 0;
    if (zone_hours < 0 || zone_hours > 14 || zone_minutes < 0 || zone_minutes > 59) {
        return false;
    }
    *ret_zone = (zone.at[0] == '-' ? -1 : 1) * (zone_hours * HOUR + zone_minutes * 60);
    return true;
}

// A day with its hour and its zone is an instant; without them it is what it says.
static struct str placed(struct arena *a, int64_t y, int64_t m, int64_t d, struct str behind)
{
    int64_t    seconds, zone;
    struct str day = written(a, y, m, d);
    return day.len && hour_and_zone(behind, &seconds, &zone) ? in_paris(a, days_from(y, m, d) * DAY + seconds - zone) : day;
}

// Seconds or milliseconds since 1970, alone or as /Date(1775001600000+0200)/, whose offset only says where it was written.
static bool read_epoch(struct arena *a, struct str text, struct str *ret_day)
{
    bool    is_dotnet = str_starts(text, STR("/Date(")) || str_starts(text, STR("\\/Date("));
    size_t  at        = is_dotnet ? str_index(text, '(') + 1 : 0, end = at;
    int64_t n         = 0;
    while (end < text.len && feed_is_digit(text.at[end])) {
        end++;
    }
    bool is_one = (end - at == 10 || end - at == 13) && (is_dotnet || end == text.len || text.at[end] == '.') && str_int(str_sub(text, at, end - at), &n);
    if (is_one) {
        *ret_day = in_paris(a, end - at == 13 ? n / 1000 : n);
    }
    return is_one;
}

// A day as workbooks count them, from the end of 1899, where a column is not said to hold days: 46371.
static bool read_serial(struct arena *a, struct str text, struct str *ret_day)
{
    enum { FIRST = 40000, LAST = 60000, OF_1970 = 25569 };
    int64_t n      = 0;
    bool    is_one = text.len == 5 && str_int(text, &n) && n >= FIRST && n <= LAST;
    if (is_one) {
        *ret_day = written_days(a, n - OF_1970);
    }
    return is_one;
}

// --- words ------------------------------------------------------------------------------------------

static int month_named(struct str word)
{
    static const struct {
        const char *names[8];
    } months[] = {
        { { "janvier", "janv", "jan", "january" } },     { { "fevrier", "fevr", "fev", "february", "feb" } },  { { "mars", "march", "mar" } },
        { { "avril", "avr", "april", "apr" } },          { { "mai", "may" } },                                 { { "juin", "june", "jun" } },
        { { "juillet", "juil", "july", "jul" } },        { { "aout", "august", "aug", "aou" } },               { { "septembre", "sept", "sep", "september" } },
        { { "octobre", "oct", "october" } },             { { "novembre", "nov", "november" } },                { { "decembre", "dec", "december" } },
    };
    for (size_t m = 0; m < LENGTH(months); m++) {
        for (size_t i = 0; i < LENGTH(months[m].names) && months[m].names[i]; i++) {
            if (str_eq(word, str_of(months[m].names[i]))) {
                return (int)m + 1;
            }
        }
    }
    return 0;
}

enum { NUMBERS = 8, NOWHERE = 99 };

struct words {
    int64_t part[NUMBERS]; // numbers, in their order
    size_t  width[NUMBERS], place[NUMBERS], count; // place: of how many words it is behind
    bool    is_bare[NUMBERS];                      // nothing but digits: 26, not 1er
    int     month, until;                          // the month that is named first, and the last one
    size_t  month_place, last;                     // last: the last word that says anything
    bool    is_middle, is_end;
};

// Without hours of the day and of the week, which are no part of a day: "14h", "18 h 30", "12:00:00", "+02:00".
static struct str without_hours(struct arena *a, struct str text)
{
    char *copy = arena_alloc(a, text.len + 1);
    for (size_t at = 0, end; at < text.len; at = end) {
        for (end = at; end < text.len && feed_is_digit(text.at[end]);) {
            end++;
        }
        size_t digits = end - at, unit = end < text.len && text.at[end] == ' ' ? end + 1 : end, behind;
        bool   is_clock = digits && digits <= 2 && figures(text, end + 1, 2) >= 0 && text.at[end] == ':';
        for (behind = unit; behind < text.len && ((text.at[behind] | 32) >= 'a' && (text.at[behind] | 32) <= 'z');) {
            behind++;
        }
        struct str word  = str_sub(text, unit, behind - unit);
        bool       is_h  = digits && digits <= 2 && (str_eq_case(word, STR("h")) || str_eq_case(word, STR("heure")) || str_eq_case(word, STR("heures")));
        size_t     after = behind < text.len && text.at[behind] == ' ' ? behind + 1 : behind;
        bool       has_minutes = is_h && figures(text, after, 2) >= 0 && figures(text, after, 3) < 0;
        size_t     past  = is_h ? has_minutes ? after + 2 : behind : end;
        while (is_clock && past < text.len && (feed_is_digit(text.at[past]) || (strchr(":.", text.at[past]) && past + 1 < text.len && feed_is_digit(text.at[past + 1])))) {
            past++;
        }
        past = past > at ? past : at + 1;
        for (size_t i = at; i < past; i++) {
            copy[i] = is_clock || is_h ? ' ' : text.at[i];
        }
        end = past;
    }
    return (struct str){ copy, text.len };
}

// Words that may stand behind a year of two digits: they belong to an hour.
static bool is_of_hour(struct str word)
{
    static const char *const words[] = { "a", "t", "z", "utc", "gmt", "am", "pm" };
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (str_eq(word, str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

// The numbers and the months of a text. « mar. 1 sept. » is a Tuesday: it is no month where another is named behind it.
static void read_words(struct str folded, struct words *ret)
{
    bool is_weekday = false;
    *ret            = (struct words){ .month_place = NOWHERE };
    size_t place    = 0;
    for (struct str word; ret->count < NUMBERS && str_cut(&folded, ' ', &word); place++) {
        size_t digits = 0;
        while (digits < word.len && feed_is_digit(word.at[digits])) {
            digits++;
        }
        int month      = digits ? 0 : month_named(word);
        ret->is_middle = ret->is_middle || str_eq(word, STR("mi"));
        ret->is_end    = ret->is_end || str_eq(word, STR("fin"));
        ret->last      = is_of_hour(word) ? ret->last : place;
        if (month) {
            bool is_first    = !ret->month || is_weekday;
            ret->month_place = is_first ? place : ret->month_place;
            ret->month       = is_first ? month : ret->month;
            ret->until       = month;
            is_weekday       = is_first && str_eq(word, STR("mar"));
        } else if (str_eq(word, STR("mois")) && ret->count && ret->place[ret->count - 1] + 1 == place) {
            ret->count--; // « CDD 6 mois dès le 1er septembre 2026 »
        } else if (digits > 0 && digits <= 8 && str_int(str_sub(word, 0, digits), &ret->part[ret->count])) {
            ret->is_bare[ret->count] = digits == word.len;
            ret->place[ret->count]   = place;
            ret->width[ret->count++] = digits;
        }
    }
}

// The first number of four digits that is a year; NOWHERE when there is none.
static size_t year_in(const struct words *w)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->width[i] == 4 && w->part[i] >= 2000 && w->part[i] < 2100) {
            return i;
        }
    }
    return NOWHERE;
}

// "septembre 2026", "09/2026", "2026-09": the first of the month, unless it says its middle or its end.
static struct str month_alone(struct arena *a, const struct words *w, int64_t y, int64_t m)
{
    bool is_month = y >= 2000 && y < 2100 && m >= 1 && m <= 12;
    return is_month ? written(a, y, m, w->is_middle ? 15 : w->is_end ? last_of(y, m) : 1) : (struct str){ 0 };
}

// "du 15 décembre au 15 janvier 2027" begins the year before.
static int64_t begun(int64_t y, int64_t m, int64_t until)
{
    return until >= 1 && until < m ? y - 1 : y;
}

// A day whose month is named: its number is the first before it, or directly behind it (Sep 1, 2026). Its year has four digits, or two
// directly behind the month with nothing but an hour after them (1-sept-26); a day without a year is none.
static struct str day_named(struct arena *a, const struct words *w, struct str behind)
{
    size_t  at = year_in(w), day = NOWHERE;
    int64_t y = at < w->count ? w->part[at] : 0;
    for (size_t i = 0; i < w->count; i++) {
        bool is_behind = w->place[i] == w->month_place + 1;
        bool is_day    = day == NOWHERE && w->width[i] <= 2 && (w->place[i] < w->month_place || is_behind);
        if (!is_day && !y && is_behind && w->width[i] == 2 && w->is_bare[i] && w->last == w->place[i]) {
            y = 2000 + w->part[i];
        }
        day = is_day ? i : day;
    }
    bool is_others = at < w->count && w->place[at] > w->month_place + 1; // the year of where it ends
    y              = is_others ? begun(y, w->month, w->until) : y;
    return day < w->count ? placed(a, y, w->month, w->part[day], behind) : month_alone(a, w, y, w->month);
}

// 01/09/2026, 01/09/26, 2026-09-01, 09/2026, "du 01/09 au 31/12/2026".
static struct str day_in_figures(struct arena *a, const struct words *w, enum feed_days days, struct str behind)
{
    if (w->count == 2) {
        bool is_year_first = w->width[0] == 4;
        return month_alone(a, w, w->part[!is_year_first], w->part[is_year_first]);
    }
    if (w->count < 3) {
        return (struct str){ 0 };
    }
    if (w->width[0] > 2) {
        return placed(a, w->part[0], w->part[1], w->part[2], behind);
    }
    bool    is_month_first = days == FEED_DAYS_MONTH_FIRST || (days == FEED_DAYS_FOUND && w->part[1] > 12 && w->part[0] <= 12);
    int64_t m = w->part[is_month_first ? 0 : 1], d = w->part[is_month_first ? 1 : 0], y = w->width[2] == 2 ? 2000 + w->part[2] : w->part[2];
    size_t  at = year_in(w);
    if (w->place[1] != w->place[0] + 1) { // "5 au 30/09/2026"
        return (struct str){ 0 };
    }
    if (w->place[2] != w->place[1] + 1) {
        y = at == 4 ? begun(w->part[at], m, w->part[is_month_first ? 2 : 3]) : 0;
    }
    return placed(a, y, m, d, behind);
}

// « S50 2026 », « semaine 50/2026 », 2026-W50, 2026-W50-3: the Monday of that week, unless a day of it is said.
static struct str day_of_week(struct arena *a, struct str folded)
{
    static const char *const names[] = { "semaine", "sem", "s", "week", "w" };
    int64_t                  year = 0, week = 0, day = 0;
    bool                     is_named = false, is_year_first = false;
    for (struct str word; str_cut(&folded, ' ', &word);) {
        bool    is_name = false;
        int64_t n       = 0;
        for (size_t i = 0; i < LENGTH(names) && !is_name && !week; i++) {
            struct str name = str_of(names[i]);
            is_name         = str_starts(word, name) && (word.len == name.len || feed_is_digit(word.at[name.len]));
            word            = is_name ? str_sub(word, name.len, word.len) : word;
        }
        bool is_number = word.len > 0 && word.len <= 4 && str_int(word, &n);
        if (is_number && (is_name || is_named) && word.len <= 2) {
            week          = n;
            is_year_first = year > 0;
        } else if (is_number && word.len == 4 && !year) {
            year = n;
        } else if (is_number && week && is_year_first && word.len == 1 && !day) {
            day = n;
        } else if (word.len > 0 && feed_is_digit(word.at[0])) {
            return (struct str){ 0 }; // « 35 h par semaine, 01/09/2026 »
        } else if (year && week && str_eq(word, STR("au"))) {
            break;
        }
        is_named = is_name && word.len == 0;
    }
    if (year < 2000 || year > 2099 || week < 1 || week > 53 || day > 7) {
        return (struct str){ 0 };
    }
    int64_t fourth = days_from(year, 1, 4), monday = fourth - (fourth + 3) % 7 + (week - 1) * 7; // the fourth of January is in the first week
    return monday + 3 <= days_from(year, 12, 31) ? written_days(a, monday + (day ? day - 1 : 0)) : (struct str){ 0 };
}

struct str feed_day(struct arena *a, struct str text, enum feed_days days)
{
    struct words w;
    struct str   day = { 0 };
    text             = str_trim(text);
    if (read_epoch(a, text, &day) || read_serial(a, text, &day)) {
        return day;
    }
    read_words(feed_fold(a, without_hours(a, text)), &w);
    // The hour stands behind the first colon's two figures, or behind the T.
    size_t     colon = str_index(text, ':'), hour = colon >= 2 ? colon - 2 : colon;
    struct str behind = colon < text.len ? str_sub(text, hour, text.len) : (struct str){ 0 };
    if (w.width[0] == 8) { // 20260901, 20260901T220000Z
        struct str basic = str_sub(text, 8, text.len);
        return placed(a, w.part[0] / 10000, w.part[0] / 100 % 100, w.part[0] % 100, colon < text.len ? behind : basic);
    }
    if (!w.month && (day = day_of_week(a, feed_fold(a, text))).len) {
        return day;
    }
    return w.month ? day_named(a, &w, behind) : day_in_figures(a, &w, days, behind);
}

bool feed_day_is_soon(struct arena *a, struct str text)
{
    static const char *const soon[] = { "des que possible", "immediat", "asap", "as soon as possible", "au plus vite", "au plus tot", "tout de suite", "de suite", "rapidement", "urgent",
                                        "maintenant", "now", "right away", "a convenir", "a definir", "a determiner", "a preciser", "selon disponibilite", "selon vos disponibilites", "flexible" };
    struct str folded = feed_fold(a, text);
    for (size_t i = 0; i < LENGTH(soon); i++) {
        struct str words = str_of(soon[i]); // whatever follows: immediate, immédiatement
        size_t     at    = str_find(folded, words);
        if (at < folded.len && (at == 0 || folded.at[at - 1] == ' ')) {
            return true;
        }
    }
    return false;
}
