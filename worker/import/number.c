#include "import/number.h"

#include <math.h>
#include <string.h>

// Where a part of a format code that begins at `at` ends: what stands in quotes or brackets, or a
// character that is shown as it is.
static size_t past(struct str code, size_t at)
{
    char open = code.at[at];

    if (open == '"' || open == '[') {
        const char *rest = code.at + at + 1;
        const char *end  = memchr(rest, open == '"' ? '"' : ']', code.len - at - 1);
        return end ? (size_t)(end - code.at) : code.len - 1;
    }
    return at + 1 < code.len ? at + 1 : at;
}

static bool is_one_of(const char *set, char c)
{
    return c && strchr(set, c);
}

struct number_style number_style_of(struct str code)
{
    struct number_style style    = { 0 };
    bool                is_whole = true;
    unsigned            zeros    = 0;

    // Words for "as it comes", whose letters are none of a date.
    static const struct str plain[] = { STR_INIT("General"), STR_INIT("Standard") };

    struct str positive = str_sub(code, 0, str_index(code, ';'));
    for (size_t i = 0; i < LENGTH(plain); i++) {
        if (str_eq_case(positive, plain[i])) {
            return style;
        }
    }
    for (size_t i = 0; i < code.len && code.at[i] != ';'; i++) {
        char c = code.at[i];
        if (is_one_of("\"[\\_*", c)) {
            // [h]:mm counts hours.
            style.is_date |= c == '[' && i + 2 < code.len && is_one_of("hmsHMS", code.at[i + 1]) &&
                             code.at[i + 2] == ']';
            i = past(code, i);
        } else if (is_one_of("ymdhsYMDHS", c)) {
            style.is_date = true;
        } else if (c == '0') {
            zeros++;
        } else if (!is_one_of("# -()", c)) {
            is_whole = false;
        }
    }
    style.zeros = is_whole && zeros <= 20 ? (uint8_t)zeros : 0;
    return style;
}

struct number_style number_style_built_in(unsigned id)
{
    bool is_date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
                   (id >= 50 && id <= 58);

    return (struct number_style){ .is_date = is_date };
}

// Civil date of a day counted from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date
// algorithms").
static void civil(int64_t day, int *ret_year, int *ret_month, int *ret_day)
{
    day += 719468;
    int64_t  era     = (day >= 0 ? day : day - 146096) / 146097;
    unsigned of_era  = (unsigned)(day - era * 146097);
    unsigned year    = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
    unsigned month   = (5 * of_year + 2) / 153;

    *ret_day   = (int)(of_year - (153 * month + 2) / 5 + 1);
    *ret_month = (int)(month < 10 ? month + 3 : month - 9);
    *ret_year  = (int)(year + (unsigned)(era * 400) + (*ret_month <= 2));
}

// A serial date: days since the end of 1899, where Lotus made 1900 a leap year, or since 1904.
static void put_date(struct buf *ret, double serial, bool is_1904)
{
    double  days    = floor(serial);
    int     minutes = (int)floor((serial - days) * 1440 + 0.5);
    int64_t day     = (int64_t)days;
    int     year, month, of_month;

    if (minutes == 1440) {
        minutes = 0;
        day++;
    }
    if (day == 0 && !is_1904) {
        buf_printf(ret, "%02d:%02d", minutes / 60, minutes % 60);
        return;
    }
    // 1970-01-01 is day 25569 of the first count, 24107 of the second.
    civil(is_1904 ? day - 24107 : day - 25569 + (day < 60), &year, &month, &of_month);
    buf_printf(ret, "%04d-%02d-%02d", year, month, of_month);
    if (minutes) {
        buf_printf(ret, " %02d:%02d", minutes / 60, minutes % 60);
    }
}

struct str number_date(struct str text, char room[20])
{
    bool has_hour = text.len >= 16 && text.at[10] == 'T';

    if (text.len < 10 || (text.len >= 16 && !has_hour)) {
        return text;
    }
    memcpy(room, text.at, 10);
    if (!has_hour || memcmp(text.at + 11, "00:00", 5) == 0) {
        return (struct str){ room, 10 };
    }
    room[10] = ' ';
    memcpy(room + 11, text.at + 11, 5);
    bool is_hour = memcmp(room, "1899-12-3", 9) == 0;
    return (struct str){ room + (is_hour ? 11 : 0), is_hour ? 5 : 16 };
}

void number_put(struct buf *ret, double value, struct number_style style, bool is_1904)
{
    // The last day is the 31 December 9999.
    if (style.is_date && value >= 0 && value < 2958466) {
        put_date(ret, value, is_1904);
    } else if (fabs(value) < 1e15 && value == floor(value)) {
        buf_printf(ret, "%0*.0f", (int)style.zeros, value == 0 ? 0.0 : value);
    } else {
        buf_printf(ret, "%.15g", value);
    }
}
