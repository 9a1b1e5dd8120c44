#include "base/clock.h"

#include <errno.h>

static int64_t read_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_ms(void)
{
    return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_seconds(void)
{
    return read_us(CLOCK_REALTIME) / 1000000;
}

int64_t clock_wall_us(void)
{
    return read_us(CLOCK_REALTIME);
}

struct str clock_format(int64_t wall_us, char text[static 32])
{
    time_t    seconds = (time_t)(wall_us / 1000000);
    struct tm t;
    if (!gmtime_r(&seconds, &t)) {
        text[0] = 0;
        return (struct str){ text, 0 };
    }
    size_t n = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &t);
    int    m = snprintf(text + n, 32 - n, ".%06dZ", (int)(wall_us % 1000000));
    return (struct str){ text, n + (size_t)m };
}

// Reads exactly `digits` digits at *s and moves on; false when they are not there.
static bool read_digits(struct str *s, size_t digits, int64_t *ret_value)
{
    for (size_t i = 0; i < digits; i++) {
        if (i >= s->len || s->at[i] < '0' || s->at[i] > '9') {
            return false;
        }
    }
    bool ok = str_int(str_sub(*s, 0, digits), ret_value);
    *s      = str_sub(*s, digits, s->len);
    return ok;
}

static bool read_char(struct str *s, char c)
{
    if (s->len == 0 || s->at[0] != c) {
        return false;
    }
    *s = str_sub(*s, 1, s->len);
    return true;
}

static bool read_date(struct str *s)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t          year, month, day;
    if (!read_digits(s, 4, &year) || !read_char(s, '-') || !read_digits(s, 2, &month) ||
        !read_char(s, '-') || !read_digits(s, 2, &day)) {
        return false;
    }
    if (year < 1 || month < 1 || month > 12 || day < 1) {
        return false;
    }
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && is_leap);
}

// HH:MM, and :SS[.f] when with_seconds.
static bool read_hour(struct str *s, bool with_seconds)
{
    int64_t hour, minute, second;
    if (!read_digits(s, 2, &hour) || !read_char(s, ':') || !read_digits(s, 2, &minute) ||
        hour > 23 || minute > 59) {
        return false;
    }
    if (with_seconds && read_char(s, ':')) {
        if (!read_digits(s, 2, &second) || second > 59) {
            return false;
        }
        int64_t digit;
        if (read_char(s, '.')) {
            size_t count = 0;
            while (read_digits(s, 1, &digit)) {
                count++;
            }
            return count > 0 && count <= 9;
        }
    }
    return true;
}

bool clock_is_date(struct str s)
{
    return read_date(&s) && s.len == 0;
}

bool clock_is_time(struct str s)
{
    if (!read_date(&s) || !read_char(&s, 'T') || !read_hour(&s, true)) {
        return false;
    }
    if (read_char(&s, 'Z')) {
        return s.len == 0;
    }
    return (read_char(&s, '+') || read_char(&s, '-')) && read_hour(&s, false) && s.len == 0;
}

void clock_sleep_ms(int64_t ms)
{
    struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    nanosleep(&t, NULL);
}
