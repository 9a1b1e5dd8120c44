#include "base/clock.h"
#include "tap.h"

static void test_dates(void)
{
    CHECK(clock_is_date(STR("2024-02-29")) && !clock_is_date(STR("2026-02-29")));
    CHECK(!clock_is_date(STR("1900-02-29")) && clock_is_date(STR("2000-02-29")));
    CHECK(!clock_is_date(STR("2026-13-01")) && !clock_is_date(STR("2026-00-10")));
    CHECK(!clock_is_date(STR("2026-1-1")) && !clock_is_date(STR("2026-01-01 ")));
    CHECK(!clock_is_date(STR("0000-01-01")));
}

static void test_times(void)
{
    CHECK(clock_is_time(STR("2026-03-29T02:30:00+02:00")));
    CHECK(clock_is_time(STR("2026-03-29T02:30Z")));
    CHECK(clock_is_time(STR("2026-03-29T02:30:59.123456Z")));
    CHECK(!clock_is_time(STR("2026-03-29T02:30:00")));
    CHECK(!clock_is_time(STR("2026-03-29 02:30:00Z")));
    CHECK(!clock_is_time(STR("2026-03-29T24:00:00Z")));
    CHECK(!clock_is_time(STR("2026-03-29T02:30:00.Z")));
    CHECK(!clock_is_time(STR("2026-03-29T02:30:00+0200")));
}

static void test_format(void)
{
    char text[32];
    CHECK_STR(clock_format(1772357400123456, text), "2026-03-01T09:30:00.123456Z");
}

int main(void)
{
    RUN(test_dates);
    RUN(test_times);
    RUN(test_format);
    return tap_done();
}
