// TAP for unit tests: check() says one result, done() the plan and the exit status. One file per program, one thread.
#pragma once

#include "base/base.h"

static int tap_count;
static int tap_failures;

// check(condition, "what holds, printf-like", ...): one line; a failure also says where.
#define check(condition, ...) tap_check((condition), __FILE__, __LINE__, __VA_ARGS__)

PRINTF(4, 5)
static void tap_check(bool is_right, const char *file, int line, const char *format, ...)
{
    va_list args;

    tap_count++;
    tap_failures += !is_right;
    printf("%sok %d - ", is_right ? "" : "not ", tap_count);
    va_start(args, format);
    char text[2048];
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    // A result is one line.
    for (char *c = text; *c; c++) {
        if (*c == '\n' || *c == '\r') {
            *c = ' ';
        }
    }
    puts(text);
    if (!is_right) {
        printf("# at %s:%d\n", file, line);
    }
}

// return done(); ends main.
static inline int done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failures ? 1 : 0;
}
