// Clocks of the machine: durations and stamps of log lines.
//
// Business time (today, the 15 days) never comes from here but from SQL `app_now()`, which tests
// can set. Pure and thread-safe.
#pragma once

#include "base/str.h"

// Monotonic time, for durations and deadlines.
int64_t clock_ms(void);
int64_t clock_us(void);

// Seconds and microseconds since 1970 of the wall clock.
int64_t clock_wall_seconds(void);
int64_t clock_wall_us(void);

// "2026-03-01T09:30:00.123456Z" (27 characters) in text, which must hold 32.
struct str clock_format(int64_t wall_us, char text[static 32]);

// True for a YYYY-MM-DD that exists in the calendar.
bool clock_is_date(struct str s);
// True for YYYY-MM-DDTHH:MM[:SS[.f]] followed by Z or +HH:MM.
bool clock_is_time(struct str s);

// Sleeps; returns early only on a signal.
void clock_sleep_ms(int64_t ms);
